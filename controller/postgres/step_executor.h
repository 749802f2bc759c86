#pragma once

#include "controller/postgres/session.h"
#include "reconcilers/ports/database.h"

namespace reconcile::postgres {

/// Runs steps inside one transaction. Generated statements go out by rank, in large messages; the
/// statements of a file one by one, so that a failure names its line.
class StepExecutor : public Executor {
 public:
  explicit StepExecutor(Session& session) : session_(session) {}
  Result<void> begin(std::chrono::milliseconds lock_timeout) override;
  Result<void> lock(std::span<const std::string> tables) override;
  Result<void> check_syntax(const Step& step, const Statement& statement) override;
  Result<void> run(std::span<const Step> steps) override;
  Result<void> commit() override;
  void rollback() noexcept override;

 private:
  struct Call {
    std::string sql;
    const Step* step;
    int line;
  };
  Result<void> run_file(const Step& step);
  Result<void> forget_settings(std::string_view search_path);
  Result<void> run_generated(std::span<const Step> steps);
  Result<void> send(std::span<const Call> calls);
  Result<void> send_one_by_one(std::span<const Call> calls, const Error& first);
  Result<void> execute_alone(std::string_view statement);
  static Error failed(Error error, const Call& call);
  static void point_out(Error& error, const Call& call);

  Session& session_;
  std::string settings_;
};

}  // namespace reconcile::postgres
