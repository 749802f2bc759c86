#include "controller/loop/loop.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>

namespace reconcile::loop {
namespace {

namespace asio = boost::asio;

using namespace std::chrono_literals;

constexpr std::size_t helpers = 2;

/// How long a home is left alone after somebody has said something there, and a target after a pass
/// was asked for in this way: who talks without a pause keeps nobody else waiting. Two changes by
/// hand, one right after the other, are both told within a second.
constexpr std::chrono::milliseconds between_looks = 250ms;
constexpr std::chrono::milliseconds between_words = 250ms;

Schedule make_schedule(const LoopOptions& options) { return Schedule(options.random); }

}  // namespace

Loop::Loop(asio::io_context& io, LoopOptions options, Board& board, Audience& audience)
    : io_(io),
      options_(std::move(options)),
      board_(board),
      audience_(audience),
      timer_(io),
      passes_(make_schedule(options_)),
      polls_(make_schedule(options_)),
      looks_(make_schedule(options_)),
      finds_(make_schedule(options_)),
      workers_(options_.workers),
      helpers_(helpers) {}

Loop::~Loop() {
  workers_.join();
  helpers_.join();
}

// ---- what there is to look at

void Loop::use(std::shared_ptr<const Setup> setup) {
  setup_ = std::move(setup);
  for (const auto& [name, target] : targets_) passes_.hurry(name, options_.now());
  const Time now = options_.now();
  arrange_fleets(now);
  arrange_targets(now);
  tick();
}

void Loop::arrange_fleets(Time now) {
  std::set<std::string> wanted;
  for (const LoopFleet& fleet : setup_->fleets) wanted.insert(fleet.name);
  for (const std::string& known : finds_.items()) {
    if (!wanted.contains(known)) finds_.remove(known);
  }
  std::erase_if(found_, [&](const auto& known) { return !wanted.contains(known.first); });
  for (const std::string& fleet : wanted) {
    finds_.put(fleet, setup_->polls, now);
    finds_.hurry(fleet, now);
  }
}

void Loop::arrange_targets(Time now) {
  std::map<std::string, LoopTarget> wanted;
  for (const LoopTarget& target : setup_->targets) wanted.emplace(target.name, target);
  for (const auto& [fleet, found] : found_) {
    for (const LoopTarget& target : found) wanted.emplace(target.name, target);
  }
  for (const auto& [name, target] : targets_) {
    if (wanted.contains(name)) continue;
    passes_.remove(name);
    board_.remove(name);
    unseen_.erase(name);
    words_.erase(name);
    audience_.removed(name);
  }
  for (const auto& [name, target] : wanted) {
    passes_.put(name, target.rhythm, now);
    if (!targets_.contains(name)) {
      unseen_.insert(name);
      TargetStatus status;
      status.target = name;
      status.environment = target.environment;
      status.fleet = target.fleet;
      status.standing.cause = "not looked at yet";
      status.since = options_.wall();
      board_.put(std::move(status));
    }
  }
  targets_ = std::move(wanted);
  gates_.arrange(targets_, setup_->fleets);
  arrange_polls(now);
  arrange_homes(now);
}

void Loop::arrange_polls(Time now) {
  std::set<std::string> wanted;
  for (const auto& [name, target] : targets_) wanted.insert(target.repository);
  for (const std::string& known : polls_.items()) {
    if (wanted.contains(known)) continue;
    polls_.remove(known);
    polled_.erase(known);
    absences_.erase(known);
    audience_.answered(known, "", std::nullopt, {});
  }
  for (const std::string& repository : wanted) polls_.put(repository, setup_->polls, now);
}

void Loop::arrange_homes(Time now) {
  std::set<std::string> wanted;
  for (const auto& [name, target] : targets_) wanted.insert(target.home);
  for (const std::string& known : looks_.items()) {
    if (wanted.contains(known)) continue;
    looks_.remove(known);
    homes_.erase(known);
  }
  for (const std::string& name : wanted) {
    if (!homes_.contains(name)) homes_.emplace(name, std::make_shared<Home>(io_, name));
    looks_.put(name, setup_->leases, now);
  }
}

std::vector<std::string> Loop::targets_of(const std::string& home) const {
  std::vector<std::string> names;
  for (const auto& [name, target] : targets_) {
    if (target.home == home) names.push_back(name);
  }
  return names;
}

// ---- what is done when

void Loop::look_again(const std::string& target) {
  asio::post(io_, [this, target] {
    const Time now = options_.now();
    if (target.empty()) {
      for (const auto& [name, known] : targets_) passes_.hurry(name, now);
    } else {
      passes_.hurry(target, now);
    }
    tick();
  });
}

void Loop::poll_again() {
  asio::post(io_, [this] {
    const Time now = options_.now();
    for (const std::string& repository : polls_.items()) polls_.hurry(repository, now);
    tick();
  });
}

void Loop::tick() {
  if (stopping_) return finish_stop();
  if (!setup_) return;
  const Time now = options_.now();
  while (busy_helpers() < helpers && (begin_discovery(now) || begin_poll(now) || begin_home(now))) {
  }
  while (passes_.running() < options_.workers && begin_pass(now)) {
  }
  wait_for_next();
}

void Loop::wait_for_next() {
  std::optional<Time> next;
  const auto consider = [&](const std::optional<Time>& time) {
    if (time && (!next || *time < *next)) next = time;
  };
  if (passes_.running() < options_.workers) consider(passes_.next());
  if (busy_helpers() < helpers) {
    consider(finds_.next());
    consider(polls_.next());
    consider(looks_.next());
  }
  if (!next) return;
  timer_.expires_at(*next);
  timer_.async_wait([this](const boost::system::error_code& code) {
    if (!code) tick();
  });
}

std::size_t Loop::busy_helpers() const {
  return polls_.running() + looks_.running() + finds_.running();
}

bool Loop::begin_discovery(Time now) {
  const auto fleet = finds_.take(now);
  if (!fleet) return false;
  asio::post(helpers_, [this, name = *fleet, asked = setup_] {
    auto found = asked->work->discover(name);
    asio::post(io_, [this, name, asked, found = std::move(found)]() mutable {
      end_discovery(name, *asked, std::move(found));
    });
  });
  return true;
}

/// A server that cannot be asked has not lost its databases. What another setup has found is
/// nothing that this one's work knows; the fleet is looked up once more, if there still is one.
void Loop::end_discovery(const std::string& fleet, const Setup& asked,
                         Result<std::vector<LoopTarget>> found) {
  const Time now = options_.now();
  finds_.ended(fleet, found.has_value(), now);
  if (&asked != setup_.get()) return tick();
  if (!found) {
    audience_.undiscovered(fleet, found.error());
  } else {
    found_[fleet] = std::move(*found);
    arrange_targets(now);
  }
  tick();
}

bool Loop::begin_poll(Time now) {
  const auto repository = polls_.take(now);
  if (!repository) return false;
  asio::post(helpers_, [this, name = *repository, work = setup_->work] {
    const auto begun = std::chrono::steady_clock::now();
    auto result = work->poll(name);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begun);
    asio::post(io_, [this, name, took, result = std::move(result)]() mutable {
      end_poll(name, std::move(result), took);
    });
  });
  return true;
}

void Loop::end_poll(const std::string& repository, Result<std::string> result,
                    std::chrono::milliseconds took) {
  const Time now = options_.now();
  polls_.ended(repository, result.has_value(), now);
  if (!polls_.due(repository)) return tick();  // nobody follows it any more
  audience_.polled(repository, result, took);
  note_answer(repository, result, now);
  const bool first = !polled_.contains(repository);
  std::string& known = polled_[repository];
  if (first || (result && *result != known)) {
    if (result) known = *result;
    announce(repository, now);
  }
  tick();
}

bool Loop::begin_home(Time now) {
  const auto name = looks_.take(now);
  if (!name) return false;
  homes_.at(*name)->ignore();
  asio::post(helpers_,
             [this, home = homes_.at(*name), work = setup_->work, targets = targets_of(*name)] {
               auto result = home->look(*work, targets);
               asio::post(io_, [this, home, result = std::move(result)]() mutable {
                 end_home(home, std::move(result));
               });
             });
  return true;
}

void Loop::end_home(const std::shared_ptr<Home>& home, Result<HomeLook> result) {
  const Time now = options_.now();
  looks_.ended(home->name(), result.has_value(), now);
  const auto known = homes_.find(home->name());
  if (known == homes_.end() || known->second != home) return tick();  // it was removed meanwhile
  const bool first = !std::exchange(home->looked, true);
  const bool had_error = home->error.has_value();
  home->error = result ? std::nullopt : std::optional<Error>(result.error());
  take_leaders(*home, result ? std::move(result->leaders) : Leaders{}, now);
  if (first || had_error != home->error.has_value()) {
    for (const std::string& target : targets_of(home->name())) passes_.hurry(target, now);
  }
  const bool talked = result && !result->notices.empty();
  if (talked) take_word(home->name(), result->notices, now);
  if (!stopping_) {
    home->watch([this, name = home->name(), pause_ends = talked ? now + between_looks : now] {
      looks_.not_after(name, std::max(options_.now(), pause_ends));
      tick();
    });
  }
  tick();
}

/// What was said is the word of whoever may connect to this database: enough to look again, but
/// only at what is at home there, and not without a pause. Before all others come those that
/// somebody waits for: of them the replicas tell each other.
void Loop::take_word(const std::string& home, const std::vector<Notice>& notices, Time now) {
  std::set<std::string> named;
  bool all = false;
  for (const Notice& notice : notices) {
    audience_.heard(home, notice);
    const auto target = targets_.find(notice.text);
    const bool is_here = target != targets_.end() && target->second.home == home;
    all = all || !is_here;
    if (is_here) named.insert(notice.text);
  }
  for (const auto& [name, target] : targets_) {
    if (target.home != home || !(all || named.contains(name))) continue;
    Time& from = words_.try_emplace(name, now).first->second;
    if (now < from) {
      passes_.not_after(name, from);
      continue;
    }
    from = now + between_words;
    if (named.contains(name) && gates_.is_waited_for(target)) {
      passes_.rush(name, now);
    } else {
      passes_.hurry(name, now);
    }
  }
}

/// A target that is led from now on is looked at once more: until now nothing could be applied.
void Loop::take_leaders(Home& home, Leaders leaders, Time now) {
  home.leaders = std::move(leaders);
  for (const std::string& name : targets_of(home.name())) {
    const bool leads = home.leaders.mine.contains(name);
    const auto other = home.leaders.others.find(name);
    const std::string leader = leads                                ? options_.replica
                               : other != home.leaders.others.end() ? other->second
                                                                    : std::string();
    audience_.led(name, leads ? std::optional(home.leaders.mine.at(name)) : std::nullopt, leader);
    bool moved = false;
    board_.change(name, [&](TargetStatus& status) {
      moved = status.led_here != leads || status.leader != leader;
      status.led_here = leads;
      status.leader = leader;
    });
    if (!moved) continue;
    if (leads) passes_.hurry(name, now);
    spdlog::debug("{}: {}", name,
                  leads            ? "led by this replica"
                  : leader.empty() ? "led by nobody"
                                   : "led by " + leader);
    audience_.changed(*board_.find(name));
  }
}

bool Loop::has_looked_at_all() const {
  return setup_ != nullptr && unseen_.empty() && found_.size() == setup_->fleets.size();
}

// ---- the end

void Loop::stop(std::function<void()> done) {
  stopping_ = true;
  stopped_ = std::move(done);
  timer_.cancel();
  finish_stop();
}

void Loop::finish_stop() {
  if (!stopped_ || passes_.running() + busy_helpers() > 0) return;
  homes_.clear();
  std::exchange(stopped_, nullptr)();
}

}  // namespace reconcile::loop
