#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace reconcile::loop {

/// How often something is looked at.
struct Rhythm {
  std::chrono::milliseconds interval{60'000};
  std::chrono::milliseconds backoff{5'000};    ///< after the first failure; doubled by each further
  std::chrono::milliseconds longest{600'000};  ///< that a backoff becomes
  double jitter = 0.1;  ///< by which part of itself each wait is shorter or longer at random

  bool operator==(const Rhythm&) const = default;
};

/// When which of many things is due. Nothing runs twice at once; what is asked for while it runs
/// runs once more afterwards. Decides only: the caller has the clock and does the work. Not
/// thread-safe.
class Schedule {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `random` returns numbers from 0 to 1.
  explicit Schedule(std::function<double()> random) : random_(std::move(random)) {}

  /// Adds it, due at `first`; of one that is there already only the rhythm changes.
  void put(const std::string& item, const Rhythm& rhythm, Time first);
  /// One that runs ends first.
  void remove(const std::string& item);

  /// Due now, and its failures are forgotten. An unknown one is ignored.
  void hurry(const std::string& item, Time now);

  /// The same before everything else: something waits for it. Whatever else is due comes in
  /// between, so that nobody waits for ever for those who are rushed again and again.
  void rush(const std::string& item, Time now);

  /// Due at that time at the latest; of one that runs, once more.
  void not_after(const std::string& item, Time time);

  /// Of what is due, the one that has been for the longest; it runs from now on.
  std::optional<std::string> take(Time now);
  /// It does not run any more. A failure is waited for longer and longer.
  void ended(const std::string& item, bool well, Time now);

  /// When the next one is due; nothing while all are running, or there is none.
  std::optional<Time> next() const;
  /// When this one is due; nothing while it runs, or where it is not known.
  std::optional<Time> due(const std::string& item) const;
  std::size_t running() const { return running_; }
  std::vector<std::string> items() const;

 private:
  struct Item {
    Rhythm rhythm;
    Time due;
    int failures = 0;
    bool running = false;
    std::optional<Time> again = {};  ///< when it was asked for while it ran
    bool leaving = false;            ///< removed while it ran
  };

  void ask(const std::string& name, Time now, Time due);
  void place(const std::string& name, Item& item, Time due);
  Time after(const Item& item, Time now);

  std::function<double()> random_;
  std::map<std::string, Item> items_;
  std::set<std::pair<Time, std::string>> queue_;  ///< all that do not run
  std::size_t running_ = 0;
  bool rushed_ = false;  ///< the one that was taken last
};

}  // namespace reconcile::loop
