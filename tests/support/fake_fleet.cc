#include "tests/support/fake_fleet.h"

#include <fmt/format.h>

#include <algorithm>

namespace reconcile::test {

const std::string FakeFleet::hostile_name = "<b>a/b\"\n?#\xe2\x80\xae%2e";

PassReport sample_report(const std::string& target) {
  PassReport report;
  report.target = target;
  report.revision = {std::string(40, 'a'), "Ana", 1'790'000'000, "Larger totals\n\nbecause"};
  report.base = std::string(40, 'b');
  Step step;
  step.action = Action::Remove;
  step.object = {"field", "orders.legacy_ref"};
  step.destructive = true;
  step.rows_at_stake = 18'204;
  step.statements = {{"ALTER TABLE orders DROP COLUMN legacy_ref"}};
  step.hazards.emplace_back().code = "column-dropped";
  report.plan.steps = {step};
  report.plan.drift = {{Drift::Kind::Unmanaged, {"index", "public.tmp"}, "git does not have it"}};
  report.plan.digest = std::string(64, '7');
  report.outcome = Held{{{ReasonCode::DestructiveChange,
                          {"field", "orders.legacy_ref"},
                          "it is dropped with 18204 rows",
                          "approve it"}}};
  report.duration = std::chrono::milliseconds(812);
  return report;
}

TargetStatus sample_status(const std::string& target) {
  TargetStatus status;
  status.target = target;
  status.environment = "prod";
  status.standing = {Headline::NeedsApproval, "DestructiveChange", "a column is dropped",
                     "approve it"};
  status.git = {std::string(40, 'a'), "Ana", 1'790'000'000, "Larger totals"};
  status.database = std::string(40, 'b');
  status.plan_digest = std::string(64, '7');
  status.checked = status.compared = WallTime(std::chrono::seconds(1'790'000'100));
  status.report = std::make_shared<PassReport>(sample_report(target));
  return status;
}

FakeFleet::FakeFleet()
    : statuses{sample_status("prod"), sample_status("stage"), sample_status(hostile_name)} {}

template <class Value>
Result<Value> FakeFleet::unless_failed(std::string what, Value value) {
  const std::lock_guard lock(mutex_);
  if (error_) return *error_;
  if (!what.empty()) done_.push_back(std::move(what));
  return value;
}

std::vector<TargetStatus> FakeFleet::targets() const { return statuses; }

std::optional<TargetStatus> FakeFleet::target(std::string_view name) const {
  const auto found = std::ranges::find(statuses, name, &TargetStatus::target);
  if (found == statuses.end()) return std::nullopt;
  return *found;
}

Result<PassReport> FakeFleet::plan(std::string_view target) {
  std::shared_future<void> release;
  {
    const std::lock_guard lock(mutex_);
    if (holding_) release = release_;
  }
  if (release.valid()) {
    planning_.set_value();
    release.wait();
  }
  return unless_failed("", sample_report(std::string(target)));
}

Result<std::vector<Attempt>> FakeFleet::history(std::string_view, std::size_t limit) {
  Attempt attempt;
  attempt.id = 1;
  attempt.outcome = "applied";
  return unless_failed("", std::vector<Attempt>(std::min<std::size_t>(limit, 3), attempt));
}

Result<std::vector<Revision>> FakeFleet::commits(std::string_view, std::size_t) {
  return unless_failed("", std::vector<Revision>{statuses.front().git});
}

Result<std::vector<ObjectRecord>> FakeFleet::blame(std::string_view, std::string_view object) {
  ObjectRecord record;
  record.state.object = {"column", std::string(object)};
  record.state.owned = "numeric(12,2)";
  record.changes = {{"changed", {"snapshots/schema.yaml", std::string(40, 'b')}, "2026", "text"}};
  return unless_failed("", std::vector<ObjectRecord>{record});
}

Result<std::vector<QuarantineEntry>> FakeFleet::quarantine(std::string_view) {
  QuarantineEntry entry;
  entry.id = 7;
  entry.object = {"field", "orders.legacy_ref"};
  return unless_failed("", std::vector<QuarantineEntry>{entry});
}

Result<void> FakeFleet::look_again(std::string_view target) {
  if (auto done = unless_failed(fmt::format("look {}", target), 0); !done) return done.error();
  return {};
}

Result<Approval> FakeFleet::approve(std::string_view target, std::string_view plan_digest,
                                    std::string_view reason, std::string_view actor) {
  return unless_failed(
      fmt::format("approve {} {} {} by {}", target, plan_digest, reason, actor),
      Approval{.revision = std::string(40, 'a'),
               .plan_digest = std::string(plan_digest),
               .fingerprint = "f",
               .rows = {{"field orders.legacy_ref", 18'204}, {"x", Approval::uncounted}},
               .actor = std::string(actor)});
}

Result<Suspension> FakeFleet::suspend(std::string_view target, std::string_view reason,
                                      std::optional<std::chrono::seconds> length,
                                      std::string_view actor) {
  return unless_failed(
      fmt::format("suspend {} {} {} by {}", target, reason, length ? length->count() : 0, actor),
      Suspension{std::string(actor), std::string(reason), "2026-11-22T14:31:08Z"});
}

Result<void> FakeFleet::resume(std::string_view target, std::string_view actor) {
  if (auto done = unless_failed(fmt::format("resume {} by {}", target, actor), 0); !done)
    return done.error();
  return {};
}

Result<PassReport> FakeFleet::heal(std::string_view target, std::string_view actor) {
  return unless_failed(fmt::format("heal {} by {}", target, actor),
                       sample_report(std::string(target)));
}

Result<std::vector<std::string>> FakeFleet::restore(std::string_view target, std::int64_t entry,
                                                    std::string_view actor) {
  return unless_failed(fmt::format("restore {} {} by {}", target, entry, actor),
                       std::vector<std::string>{"its permissions are gone"});
}

std::vector<std::string> FakeFleet::done() const {
  const std::lock_guard lock(mutex_);
  return done_;
}

void FakeFleet::fail(Error error) {
  const std::lock_guard lock(mutex_);
  error_ = std::move(error);
}

void FakeFleet::hold_plans() {
  const std::lock_guard lock(mutex_);
  release_ = released_.get_future().share();
  holding_ = true;
}

void FakeFleet::wait_for_plan() { planning_.get_future().wait(); }
void FakeFleet::release_plans() { released_.set_value(); }

}  // namespace reconcile::test
