#include "controller/http/events.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <charconv>

#include "controller/http/secret.h"

namespace reconcile::http {
namespace {

using Clock = std::chrono::steady_clock;

/// Of one write to one reader.
constexpr std::size_t write_bytes = 64 * 1024;

Error too_many(std::string what) {
  return {.kind = ErrorKind::Transient,
          .where = "/api/v1/events",
          .what = std::move(what),
          .why = "",
          .next = "close other windows of the dashboard, or ask for /api/v1/targets now and then"};
}

}  // namespace

Subscription::Subscription(EventHub& hub, std::string caller_key, Caller caller,
                           std::uint64_t after)
    : hub_(hub), caller_key_(std::move(caller_key)), caller_(std::move(caller)), seen_(after) {}

Subscription::~Subscription() { hub_.leave(*this); }

bool Subscription::lost() const { return seen_ + 1 < hub_.oldest(); }

std::string Subscription::take() {
  std::string text = std::move(greeting_);
  greeting_.clear();
  if (lost()) return text;
  while (seen_ < hub_.newest() && text.size() < write_bytes) {
    const EventHub::Kept& event = hub_.ring_[seen_ + 1 - hub_.oldest()];
    if (event.target.empty() || caller_.sees(event.target)) text += event.text;
    ++seen_;
  }
  return text;
}

EventHub::EventHub(boost::asio::io_context& io, EventLimits limits)
    : io_(io), timer_(io), limits_(limits), epoch_(random_hex(4)) {}

EventHub::~EventHub() = default;

void EventHub::publish(Event event) {
  const std::lock_guard lock(mutex_);
  const auto [place, added] = place_.try_emplace({event.name, event.target}, pending_.size());
  if (added)
    pending_.push_back(std::move(event));
  else
    pending_[place->second] = std::move(event);
  if (armed_) return;
  armed_ = true;
  boost::asio::post(io_, [this, alive = std::weak_ptr<const bool>(alive_)] {
    if (!alive.expired()) arm();
  });
}

void EventHub::arm() {
  timer_.expires_at(std::max(Clock::now(), last_flush_ + limits_.pause));
  timer_.async_wait([this, alive = std::weak_ptr<const bool>(alive_)](const auto& code) {
    if (!code && !alive.expired()) flush();
  });
}

void EventHub::flush() {
  std::vector<Event> events;
  {
    const std::lock_guard lock(mutex_);
    events.swap(pending_);
    place_.clear();
    armed_ = false;
  }
  last_flush_ = Clock::now();
  for (Event& event : events) {
    const std::uint64_t id = next_id_++;
    ring_.push_back(
        {id, std::move(event.target),
         fmt::format("id: {}-{}\nevent: {}\ndata: {}\n\n", epoch_, id, event.name, event.data)});
    ring_bytes_ += ring_.back().text.size();
    while (ring_.size() > limits_.events || (ring_bytes_ > limits_.bytes && ring_.size() > 1)) {
      ring_bytes_ -= ring_.front().text.size();
      ring_.pop_front();
    }
  }
  // A call may end a subscription, so this goes over a copy.
  std::vector<std::function<void()>> calls;
  for (const Subscription* subscription : subscriptions_) calls.push_back(subscription->news_);
  for (const auto& call : calls) {
    if (call) call();
  }
}

Result<std::shared_ptr<Subscription>> EventHub::subscribe(const Request& request,
                                                          std::string_view last_id) {
  const std::string key = request.caller.name.empty() ? request.address : request.caller.name;
  if (subscriptions_.size() >= limits_.subscriptions)
    return too_many("too many readers follow the events already");
  if (const auto found = by_caller_.find(key);
      found != by_caller_.end() && found->second >= limits_.subscriptions_per_caller)
    return too_many("this caller follows the events too often already");
  std::uint64_t after = newest();
  std::string greeting = "retry: 2000\n\n";
  if (!last_id.empty()) {
    std::uint64_t id = 0;
    const std::size_t dash = last_id.find('-');
    const bool ours =
        last_id.substr(0, dash) == epoch_ && dash != std::string_view::npos &&
        std::from_chars(last_id.data() + dash + 1, last_id.data() + last_id.size(), id).ec ==
            std::errc() &&
        id + 1 >= oldest() && id <= newest();
    if (ours)
      after = id;
    else
      greeting += fmt::format("id: {}-{}\nevent: reset\ndata: {{}}\n\n", epoch_, after);
  }
  auto subscription = std::make_shared<Subscription>(*this, key, request.caller, after);
  subscription->greeting_ = std::move(greeting);
  subscriptions_.insert(subscription.get());
  ++by_caller_[key];
  return subscription;
}

void EventHub::leave(Subscription& subscription) {
  subscriptions_.erase(&subscription);
  const auto found = by_caller_.find(subscription.caller_key_);
  if (found != by_caller_.end() && --found->second == 0) by_caller_.erase(found);
}

}  // namespace reconcile::http
