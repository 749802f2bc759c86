#include "controller/postgres/session_leadership.h"

#include <fmt/format.h>

#include <charconv>

#include "controller/postgres/pooler.h"
#include "controller/postgres/session.h"
#include "postgres_sql.h"
#include "reconcilers/core/digest.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::postgres {
namespace {

using reconcile::sql::quote_literal;

/// 64 bits of a name: advisory locks have numbers.
std::int64_t key_of(std::string_view name) {
  const std::string digest = sha256("reconcile leader " + std::string(name));
  std::uint64_t number = 0;
  std::from_chars(digest.data(), digest.data() + 16, number, 16);
  return static_cast<std::int64_t>(number);
}

/// Each replica's session shares this one, so that they can be counted.
std::int64_t member_key() { return key_of(""); }

class SessionLeadership : public Leadership {
 public:
  explicit SessionLeadership(std::unique_ptr<Session> session) : session_(std::move(session)) {}

  Result<void> join(const std::string& replica) {
    // A host that goes away without a word is noticed by the server after half a minute at most.
    if (auto listening = session_->listen("reconcile"); !listening) return listening;
    // Where somebody else has the lock for himself this replica is not counted, and works.
    return session_->execute(fmt::format(
        "set application_name = {}; set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; "
        "set tcp_keepalives_count = 3; "
        "select pg_catalog.pg_try_advisory_lock_shared({})",
        quote_literal("reconcile leader " + replica), member_key()));
  }

  Result<Leaders> look(std::span<const std::string> targets) override {
    auto rows = session_->query(sql::leadership_look, {std::to_string(member_key())});
    if (!rows) return rows.error();
    std::map<std::int64_t, std::string> names;
    for (const std::string& target : targets) names.emplace(key_of(target), target);
    Leaders leaders;
    for (std::size_t row = 0; row < rows->rows(); ++row) {
      const std::int64_t key = rows->number(row, 0);
      if (rows->truth(row, 2)) {
        ++leaders.replicas;
        continue;
      }
      // Led by us and no target any more: known by its key, so that it can be given up.
      const auto named = names.find(key);
      const auto held = held_.find(key);
      if (rows->truth(row, 4)) {
        const std::string& name = named != names.end() ? named->second : held->second;
        leaders.mine.emplace(name, Fence{static_cast<int>(rows->number(row, 1)), key});
      } else if (named != names.end()) {
        leaders.others.emplace(named->second, rows->text(row, 3));
      }
    }
    return leaders;
  }

  Result<std::vector<std::string>> take(std::span<const std::string> targets) override {
    std::vector<std::string> taken;
    auto rows = over(targets, "pg_try_advisory_lock");
    if (!rows) return rows.error();
    for (std::size_t row = 0; row < rows->rows(); ++row) {
      if (!rows->truth(row, 0)) continue;
      taken.push_back(targets[row]);
      held_.emplace(key_of(targets[row]), targets[row]);
    }
    return taken;
  }

  Result<void> give_up(std::span<const std::string> targets) override {
    if (auto rows = over(targets, "pg_advisory_unlock"); !rows) return rows.error();
    for (const std::string& target : targets) held_.erase(key_of(target));
    return {};
  }

  Result<std::vector<Notice>> notices() override { return session_->notices(); }

  int socket() const override { return session_->socket(); }

 private:
  /// One row for each target, in their order.
  Result<TextTable> over(std::span<const std::string> targets, std::string_view function) {
    std::string keys;
    for (const std::string& target : targets)
      keys += fmt::format("{}{}", keys.empty() ? "" : ",", key_of(target));
    return session_->query(
        fmt::format("select pg_catalog.{}(key) from pg_catalog.unnest('{{{}}}'::bigint[]) with "
                    "ordinality as keys(key, place) order by place",
                    function, keys));
  }

  std::unique_ptr<Session> session_;
  std::map<std::int64_t, std::string> held_;
};

}  // namespace

Result<std::unique_ptr<Leadership>> open_leadership(const std::string& conninfo,
                                                    const std::string& replica) {
  auto session = Session::connect(conninfo);
  if (!session) return session.error();
  if (auto direct = refuse_pooler(**session, conninfo); !direct) return direct.error();
  auto leadership = std::make_unique<SessionLeadership>(std::move(*session));
  if (auto joined = leadership->join(replica); !joined) return joined.error();
  return std::unique_ptr<Leadership>(std::move(leadership));
}

Result<void> tell_replicas(const std::string& conninfo, const std::string& text) {
  auto session = Session::connect(conninfo);
  if (!session) return session.error();
  auto told = (*session)->query("select pg_catalog.pg_notify('reconcile', $1)", {text});
  if (!told) return told.error();
  return {};
}

}  // namespace reconcile::postgres
