#include "reconcilers/alerts/outbox.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace reconcile::alerts {
namespace {

bool lasts(const Delivery& delivery) {
  const auto* notice = std::get_if<Notice>(&delivery.what);
  return notice != nullptr && notice->occasion != Occasion::Event &&
         notice->occasion != Occasion::Resolved;
}

Severity severity(const Delivery& delivery) {
  const auto* notice = std::get_if<Notice>(&delivery.what);
  return notice == nullptr ? Severity::Info : notice->alert.severity;
}

/// Whether `other`, which is under way, says the same as far as anybody has to know now.
bool says_the_same(const Delivery& one, const Delivery& other) {
  if (one.key != other.key || one.what.index() != other.what.index()) return false;
  if (const auto* commit = std::get_if<CommitStatus>(&one.what)) {
    const auto& others = std::get<CommitStatus>(other.what);
    return commit->state == others.state && commit->waits == others.waits;
  }
  return std::get<Notice>(one.what).occasion == std::get<Notice>(other.what).occasion;
}

}  // namespace

Outbox::Put Outbox::put(Delivery delivery) {
  Queue& queue = queues_[delivery.receiver];
  if (queue.under_way && says_the_same(*queue.under_way, delivery)) {
    // What was to follow it has lost its reason.
    std::erase_if(queue.waiting, [&](const Delivery& other) { return other.key == delivery.key; });
    return Put::Known;
  }
  const auto same = std::ranges::find(queue.waiting, delivery.key, &Delivery::key);
  if (same != queue.waiting.end()) {
    const bool known = says_the_same(*same, delivery);
    delivery.at = known ? same->at : delivery.at;
    *same = std::move(delivery);
    return known ? Put::Known : Put::Taken;
  }
  if (!make_room(queue, delivery)) return Put::Full;
  queue.waiting.push_back(std::move(delivery));
  return Put::Taken;
}

bool Outbox::make_room(Queue& queue, const Delivery& delivery) {
  if (queue.waiting.size() < limits_.waiting) return true;
  ++dropped_;
  const auto least = std::ranges::min_element(queue.waiting, {}, severity);
  if (least == queue.waiting.end() || severity(*least) >= severity(delivery)) return false;
  queue.waiting.erase(least);
  return true;
}

std::vector<Delivery> Outbox::take(WallTime now) {
  std::vector<Delivery> due;
  for (auto& [receiver, queue] : queues_) {
    if (queue.under_way || now < queue.not_before) continue;
    dropped_ += std::erase_if(queue.waiting, [&](const Delivery& delivery) {
      return !lasts(delivery) && now - delivery.at >= limits_.give_up;
    });
    if (queue.waiting.empty()) continue;
    queue.under_way = std::move(queue.waiting.front());
    queue.waiting.pop_front();
    due.push_back(*queue.under_way);
  }
  return due;
}

std::chrono::milliseconds Outbox::pause(int failures, const Receipt& receipt, double random) const {
  const int doublings = std::min(failures - 1, 30);
  const auto longest = static_cast<double>(limits_.longest_wait.count());
  const double whole =
      std::min(longest, std::ldexp(static_cast<double>(limits_.first_wait.count()), doublings));
  // Many controllers that lost the same receiver do not come back to it at once.
  std::chrono::milliseconds wait(std::llround(whole * (0.5 + random / 2)));
  if (receipt.wait) {
    const std::chrono::milliseconds asked = std::min(
        *receipt.wait, std::chrono::duration_cast<std::chrono::seconds>(limits_.longest_asked));
    wait = std::max(wait, asked);
  }
  return wait;
}

Outbox::End Outbox::settle(const Delivery& delivery, const Receipt& receipt, WallTime now,
                           double random) {
  const auto found = queues_.find(delivery.receiver);
  const bool later = receipt.error && receipt.error->kind != ErrorKind::Terminal &&
                     receipt.error->kind != ErrorKind::Usage;
  const End end = !receipt.error ? End::Arrived : later ? End::Later : End::Refused;
  if (found == queues_.end() || !found->second.under_way) return end;
  Queue& queue = found->second;
  std::optional<Delivery> tried = std::exchange(queue.under_way, std::nullopt);
  if (!later) {
    queue.failures = 0;
    queue.not_before = now;
    return end;
  }
  ++queue.failures;
  queue.not_before = now + pause(queue.failures, receipt, random);
  const bool newer = std::ranges::count(queue.waiting, tried->key, &Delivery::key) > 0;
  // Behind the others: one that the receiver cannot digest does not keep the rest from it.
  if (!newer) queue.waiting.push_back(std::move(*tried));
  return end;
}

std::optional<WallTime> Outbox::next() const {
  std::optional<WallTime> soonest;
  for (const auto& [receiver, queue] : queues_) {
    if (queue.under_way || queue.waiting.empty()) continue;
    if (!soonest || queue.not_before < *soonest) soonest = queue.not_before;
  }
  return soonest;
}

std::size_t Outbox::waiting() const {
  std::size_t count = 0;
  for (const auto& [receiver, queue] : queues_)
    count += queue.waiting.size() + (queue.under_way ? 1 : 0);
  return count;
}

void Outbox::keep_only(const std::vector<std::string>& receivers) {
  std::erase_if(queues_,
                [&](const auto& queue) { return std::ranges::count(receivers, queue.first) == 0; });
}

void Outbox::forget(const std::string& target) {
  for (auto& [receiver, queue] : queues_)
    std::erase_if(queue.waiting,
                  [&](const Delivery& delivery) { return delivery.target == target; });
}

}  // namespace reconcile::alerts
