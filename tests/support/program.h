#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace reconcile::test {

/// How a program ended, and what it said.
struct Ran {
  int exit_code = -1;  ///< 128 and the signal's number where a signal ended it
  std::string out;
  std::string err;
  std::chrono::milliseconds duration{0};

  bool says(std::string_view text) const { return out.find(text) != std::string::npos; }
  bool complains(std::string_view text) const { return err.find(text) != std::string::npos; }
};

/// For GoogleTest: a failed assertion shows all that the program said.
std::ostream& operator<<(std::ostream& stream, const Ran& ran);

/// A program that runs beside the test. Nothing of the test's own environment reaches it but what
/// every program needs. Killed when it is still running at the end.
class Program {
 public:
  /// `command` is the program's path and its arguments; no shell comes between.
  explicit Program(const std::vector<std::string>& command,
                   const std::vector<std::string>& environment = {},
                   const std::filesystem::path& folder = "/");
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  /// Waits until it ends; after `deadline` it is killed, and that is an exception.
  Ran wait(std::chrono::milliseconds deadline = std::chrono::minutes(2));
  /// Polls until `reached` is true. An exception where the program ends before that, or where it
  /// takes longer than `deadline`.
  void wait_until(const std::function<bool()>& reached, std::string_view what,
                  std::chrono::milliseconds deadline = std::chrono::minutes(1));
  void kill(int signal);
  /// What it has printed until now.
  std::string said() const;
  /// The same of its standard error, where a program that stays writes its log.
  std::string logged() const;

 private:
  bool ended_within(std::chrono::milliseconds time) const;
  Ran reaped();

  pid_t pid_ = 0;
  int watch_ = -1;  // becomes readable when the process ends
  int out_ = -1;    // files in memory, so that no pipe can be full
  int err_ = -1;
  bool reaped_ = false;
  std::chrono::steady_clock::time_point started_;
};

Ran run_program(const std::vector<std::string>& command,
                const std::vector<std::string>& environment = {},
                const std::filesystem::path& folder = "/");

}  // namespace reconcile::test
