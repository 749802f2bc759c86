#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "controller/http/request.h"
#include "reconcilers/core/result.h"

namespace reconcile::http {

/// Something that has changed, for who looks on.
struct Event {
  std::string name;    ///< "target"; letters and dashes only
  std::string target;  ///< that it is about; empty: for everybody
  std::string data;    ///< one line, JSON
};

struct EventLimits {
  std::chrono::milliseconds pause{250};       ///< between two flushes: four a second
  std::size_t events = 4096;                  ///< that are kept for who comes back
  std::size_t bytes = 2 * 1024 * 1024;        ///< of them
  std::size_t subscriptions_per_caller = 16;  ///< a caller is a token, or an address without one
  std::size_t subscriptions = 256;
};

class EventHub;

/// One reader of the events. All of it on the I/O thread.
class Subscription {
 public:
  Subscription(EventHub& hub, std::string caller_key, Caller caller, std::uint64_t after);
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  /// The text of what is new for this reader, as much as fits into a write. Empty where nothing
  /// is.
  std::string take();
  /// The reader was so slow that events it has not seen are gone: it is to be cut.
  bool lost() const;
  /// Called whenever something may be new.
  void on_news(std::function<void()> call) { news_ = std::move(call); }

 private:
  friend class EventHub;
  EventHub& hub_;
  std::string caller_key_;
  Caller caller_;
  std::uint64_t seen_;  ///< id of the last event that was taken
  std::string greeting_;
  std::function<void()> news_;
};

/// Takes events from any thread, joins those that follow each other closely, and hands them to
/// subscriptions. What a reader has not read is not kept for it: there is one ring for all, and
/// whoever falls behind it starts anew. Outlives its subscriptions.
class EventHub {
 public:
  explicit EventHub(boost::asio::io_context& io, EventLimits limits = {});
  ~EventHub();
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  /// From any thread. Of events of one name and target that come within a pause, the last one
  /// counts.
  void publish(Event event);

  /// On the I/O thread. `last_id` is the Last-Event-ID of a reader that comes back: it gets what it
  /// has missed, or `event: reset` where that is not there any more. Conflict where the caller has
  /// too many already.
  Result<std::shared_ptr<Subscription>> subscribe(const Request& request, std::string_view last_id);
  std::size_t subscriptions() const { return subscriptions_.size(); }

 private:
  friend class Subscription;
  struct Kept {
    std::uint64_t id;
    std::string target;
    std::string text;  ///< as it is sent
  };

  void arm();
  void flush();
  void leave(Subscription& subscription);
  std::uint64_t newest() const { return next_id_ - 1; }
  std::uint64_t oldest() const { return next_id_ - ring_.size(); }

  boost::asio::io_context& io_;
  boost::asio::steady_timer timer_;
  const EventLimits limits_;
  /// Ids of another process mean nothing here.
  const std::string epoch_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);

  std::mutex mutex_;  ///< of these three
  std::vector<Event> pending_;
  std::map<std::pair<std::string, std::string>, std::size_t> place_;  ///< in pending_
  bool armed_ = false;

  std::uint64_t next_id_ = 1;
  std::deque<Kept> ring_;
  std::size_t ring_bytes_ = 0;
  std::chrono::steady_clock::time_point last_flush_{};
  std::set<Subscription*> subscriptions_;
  std::map<std::string, std::size_t> by_caller_;
};

}  // namespace reconcile::http
