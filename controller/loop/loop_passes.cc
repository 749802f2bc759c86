#include <algorithm>
#include <boost/asio/post.hpp>

#include "controller/loop/loop.h"

namespace reconcile::loop {
namespace {

namespace asio = boost::asio;

/// Where another replica leads, the report has its failure as well: a plan shows that the look
/// itself went well.
bool has_failed(const PassReport& report, bool led) {
  return std::holds_alternative<Failed>(report.outcome) && (led || report.plan.empty());
}

}  // namespace

Turn Loop::turn_of(const LoopTarget& target) {
  const auto status = board_.find(target.name);
  return gates_.turn(target, polled_[target.repository], status ? status->database : std::string(),
                     options_.wall());
}

PassOrder Loop::order_for(const LoopTarget& target, const Home& home) {
  PassOrder order;
  Turn turn = turn_of(target);
  order.gates = std::move(turn.gates);
  if (target.goes_in_turn) order.revision = std::move(turn.revision);
  order.promoted = turn.promoted;
  order.followed = gates_.is_followed(target);
  const auto lease = home.leaders.mine.find(target.name);
  if (lease == home.leaders.mine.end()) return order;
  order.leads = true;
  order.fence = lease->second;
  order.tells_others = home.leaders.replicas > 1 && gates_.is_waited_for(target);
  return order;
}

bool Loop::begin_pass(Time now) {
  const auto name = passes_.take(now);
  if (!name) return false;
  const LoopTarget& target = targets_.at(*name);
  const std::shared_ptr<Home> home = homes_.at(target.home);
  const auto polled = polled_.find(target.repository);
  const bool unknown = polled == polled_.end() || (target.goes_in_turn && polled->second.empty());
  if (!home->looked || unknown) {
    // Whether this replica leads it, and what git has, will be known in a moment; then it is
    // looked at.
    passes_.ended(*name, true, now);
    return true;
  }
  if (home->error) {
    asio::post(io_, [this, name = *name, error = *home->error] {
      end_pass(name, ended_early(name, Stage::Connect, error), false);
    });
    return true;
  }
  asio::post(workers_, [this, name = *name, work = setup_->work, order = order_for(target, *home)] {
    auto report = std::make_shared<PassReport>(work->make_pass(name, order));
    asio::post(io_, [this, name, report, order] {
      end_pass(name, std::move(*report), order.leads);
      look_at_next(name, order.revision);
    });
  });
  return true;
}

void Loop::end_pass(const std::string& target, PassReport report, bool led) {
  passes_.ended(target, !has_failed(report, led), options_.now());
  unseen_.erase(target);
  take_report(target, std::move(report), led);
  tick();
}

/// What comes from the target that this one follows may be another revision by now, now that it is
/// known what it has; or it will be at some time.
void Loop::look_at_next(const std::string& name, const std::string& ordered) {
  const auto target = targets_.find(name);
  if (target == targets_.end() || target->second.follows.name.empty()) return;
  const Turn turn = turn_of(target->second);
  if (turn.revision != ordered) passes_.hurry(name, options_.now());
  look_at(name, turn.next);
  tick();
}

/// Those who follow it may get something else now, or know by now when they will.
void Loop::tell_followers(const LoopTarget& followed, Time now) {
  for (const auto& [name, target] : targets_) {
    const std::string& whom = target.follows.name;
    if (whom.empty() || (whom != followed.name && whom != followed.fleet)) continue;
    const Turn turn = turn_of(target);
    const auto status = board_.find(name);
    if (turn.promoted && status && status->git.commit != turn.revision) passes_.hurry(name, now);
    look_at(name, turn.next);
  }
}

void Loop::look_at(const std::string& name, const std::optional<WallTime>& time) {
  if (!time) return;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*time - options_.wall());
  passes_.not_after(name, options_.now() + wait);
}

void Loop::report(PassReport report) {
  asio::post(io_, [this, report = std::make_shared<PassReport>(std::move(report))] {
    const std::string target = report->target;
    take_report(target, std::move(*report), true);
  });
}

void Loop::take_report(const std::string& target, PassReport report, bool led) {
  const auto before = board_.find(target);
  if (!before) return;
  const Time now = options_.now();
  const bool failed = has_failed(report, led);
  TargetStatus after = status_after(*before, report, options_.wall());
  if (const auto due = passes_.due(target))
    after.next_look =
        options_.wall() + std::chrono::duration_cast<WallTime::duration>(std::max(*due, now) - now);
  // What others wait for is that it has the commit, not that git can be asked for the next one.
  const bool lets_go_on = gates_.saw(after);
  after = as_git_allows(std::move(after), *before);
  board_.put(after);
  if (after.standing.reason == name_of(ReasonCode::WaitingForTarget)) waiting_.insert(target);
  if (lets_go_on) {
    let_go_on(now);
    if (gates_.is_followed(targets_.at(target))) tell_followers(targets_.at(target), now);
  }
  if (led || failed) audience_.passed(*before, after, report);
  audience_.changed(after);
}

/// Whoever follows a repository hears of its newest commit. Those whose turn has not come wait
/// without a pass: a thousand of them would only keep those from theirs whose turn it is.
void Loop::announce(const std::string& repository, Time now) {
  for (const auto& [name, target] : targets_) {
    if (target.repository != repository) continue;
    if (!target.goes_in_turn || !waits(target, turn_of(target))) passes_.hurry(name, now);
  }
}

/// Whether it has to wait for its turn. Then it says so.
bool Loop::waits(const LoopTarget& target, const Turn& turn) {
  const auto hold = std::ranges::find(turn.gates, ReasonCode::WaitingForTarget, &Hold::code);
  if (hold == turn.gates.end()) return false;
  waiting_.insert(target.name);
  look_at(target.name, turn.next);
  const auto before = board_.find(target.name);
  if (!before || before->database == polled_[target.repository]) return true;
  PassReport report;
  report.target = target.name;
  report.outcome = Held{{*hold}};
  Standing standing = standing_of(report);
  if (before->standing == standing) return true;
  board_.change(target.name, [&](TargetStatus& status) {
    status.standing = std::move(standing);
    status.without_git = false;
    status.since = options_.wall();
  });
  audience_.changed(*board_.find(target.name));
  return true;
}

/// Those whose turn has come need not wait for their rhythm as well.
void Loop::let_go_on(Time now) {
  std::erase_if(waiting_, [&](const std::string& name) {
    const auto target = targets_.find(name);
    if (target == targets_.end()) return true;
    const Turn turn = turn_of(target->second);
    if (!turn.gates.empty()) {
      if (!target->second.follows.name.empty()) waits(target->second, turn);
      return false;
    }
    passes_.rush(name, now);
    return true;
  });
}

}  // namespace reconcile::loop
