#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reconcilers/alerts/delivery.h"
#include "reconcilers/alerts/receipt.h"

namespace reconcile::alerts {

struct OutboxLimits {
  std::size_t waiting = 500;  ///< deliveries for each receiver
  std::chrono::milliseconds first_wait{1'000};
  std::chrono::milliseconds longest_wait{300'000};
  std::chrono::milliseconds longest_asked{3'600'000};  ///< of what a receiver asks for
  /// After that nobody wants to hear of what is over, or of a commit.
  std::chrono::milliseconds give_up{86'400'000};
};

/// What waits to be delivered. Each receiver has a queue and a pace of its own, and gets one
/// delivery at a time, so that what has the same key arrives in order. Not thread-safe.
class Outbox {
 public:
  explicit Outbox(OutboxLimits limits = {}) : limits_(limits) {}

  enum class Put { Taken, Known, Full };
  /// Takes the place of a waiting one with the same key; what is known is not taken twice. Where
  /// the queue is full, something less severe gives way, or it is not taken: whoever keeps a Book
  /// puts it again at the next update.
  Put put(Delivery delivery);

  /// What has to be delivered now, at most one for each receiver; each is under way until it is
  /// settled.
  std::vector<Delivery> take(WallTime now);

  enum class End {
    Arrived,
    Refused,  ///< it will never be taken; the next one may
    Later,    ///< it is tried again, unless something newer has taken its place
  };
  /// Notes what came of a delivery that was taken. `random` is from 0 to below 1.
  End settle(const Delivery& delivery, const Receipt& receipt, WallTime now, double random);

  /// When take() has something the next time; nothing where nothing waits.
  std::optional<WallTime> next() const;

  std::size_t waiting() const;
  /// Deliveries that gave way, or became too old.
  std::size_t dropped() const { return dropped_; }

  /// Forgets what waits for others than these.
  void keep_only(const std::vector<std::string>& receivers);
  /// Forgets what waits about this target.
  void forget(const std::string& target);

 private:
  struct Queue {
    std::deque<Delivery> waiting;
    std::optional<Delivery> under_way;
    int failures = 0;  ///< in a row
    WallTime not_before{};
  };

  bool make_room(Queue& queue, const Delivery& delivery);
  std::chrono::milliseconds pause(int failures, const Receipt& receipt, double random) const;

  OutboxLimits limits_;
  std::map<std::string, Queue> queues_;
  std::size_t dropped_ = 0;
};

}  // namespace reconcile::alerts
