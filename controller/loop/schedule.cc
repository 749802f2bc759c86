#include "controller/loop/schedule.h"

#include <algorithm>

namespace reconcile::loop {

void Schedule::place(const std::string& name, Item& item, Time due) {
  queue_.erase({item.due, name});
  item.due = due;
  queue_.emplace(due, name);
}

void Schedule::put(const std::string& item, const Rhythm& rhythm, Time first) {
  const auto [found, is_new] = items_.try_emplace(item, Item{.rhythm = rhythm, .due = first});
  if (is_new) {
    queue_.emplace(first, item);
    return;
  }
  Item& known = found->second;
  known.leaving = false;
  if (known.rhythm == rhythm) return;
  known.rhythm = rhythm;
  if (!known.running) place(item, known, std::min(known.due, first + rhythm.interval));
}

void Schedule::remove(const std::string& item) {
  const auto found = items_.find(item);
  if (found == items_.end()) return;
  if (found->second.running) {
    found->second.leaving = true;
    return;
  }
  queue_.erase({found->second.due, item});
  items_.erase(found);
}

void Schedule::hurry(const std::string& item, Time now) { ask(item, now, now); }

void Schedule::rush(const std::string& item, Time now) { ask(item, now, Time::min()); }

void Schedule::not_after(const std::string& item, Time time) {
  const auto found = items_.find(item);
  if (found == items_.end()) return;
  Item& known = found->second;
  if (known.running) {
    known.again = std::min(known.again.value_or(time), time);
  } else if (known.due > time) {
    place(item, known, time);
  }
}

void Schedule::ask(const std::string& name, Time now, Time due) {
  const auto found = items_.find(name);
  if (found == items_.end()) return;
  Item& item = found->second;
  item.failures = 0;
  if (item.running) {
    item.again = std::min(item.again.value_or(due), due);
  } else if (item.due > std::min(due, now)) {
    place(name, item, due);
  }
}

std::optional<std::string> Schedule::take(Time now) {
  if (queue_.empty() || queue_.begin()->first > now) return std::nullopt;
  auto first = queue_.begin();
  if (rushed_ && first->first == Time::min()) {
    const auto other = queue_.lower_bound({Time::min() + Time::duration(1), ""});
    if (other != queue_.end() && other->first <= now) first = other;
  }
  rushed_ = first->first == Time::min();
  std::string name = first->second;
  queue_.erase(first);
  Item& item = items_.at(name);
  item.running = true;
  item.again.reset();
  ++running_;
  return name;
}

void Schedule::ended(const std::string& item, bool well, Time now) {
  const auto found = items_.find(item);
  if (found == items_.end() || !found->second.running) return;
  Item& known = found->second;
  known.running = false;
  --running_;
  if (known.leaving) {
    items_.erase(found);
    return;
  }
  known.failures = well ? 0 : known.failures + 1;
  known.due = after(known, now);
  if (known.again) known.due = std::min(known.due, *known.again);
  queue_.emplace(known.due, item);
}

Schedule::Time Schedule::after(const Item& item, Time now) {
  std::chrono::milliseconds wait = item.rhythm.interval;
  if (item.failures > 0) {
    wait = item.rhythm.backoff;
    for (int i = 1; i < item.failures && wait < item.rhythm.longest; ++i) wait *= 2;
    wait = std::min(wait, item.rhythm.longest);
  }
  const double stretched =
      static_cast<double>(wait.count()) * (1 + item.rhythm.jitter * (2 * random_() - 1));
  return now + std::chrono::milliseconds(static_cast<std::int64_t>(stretched));
}

std::optional<Schedule::Time> Schedule::next() const {
  if (queue_.empty()) return std::nullopt;
  return queue_.begin()->first;
}

std::optional<Schedule::Time> Schedule::due(const std::string& item) const {
  const auto found = items_.find(item);
  if (found == items_.end() || found->second.running) return std::nullopt;
  return found->second.due;
}

std::vector<std::string> Schedule::items() const {
  std::vector<std::string> names;
  for (const auto& [name, item] : items_) {
    if (!item.leaving) names.push_back(name);
  }
  return names;
}

}  // namespace reconcile::loop
