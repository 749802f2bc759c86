#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reconcilers/alerts/alert.h"
#include "reconcilers/alerts/delivery.h"
#include "reconcilers/alerts/receiver.h"

namespace reconcile::alerts {

struct Settings {
  std::vector<Receiver> receivers;
  /// How long a target may be unknown before anybody hears of it.
  std::chrono::seconds unknown_grace{120};
  /// How long something has to be gone before it counts as resolved; where an apply ended it: 0.
  std::chrono::seconds resolve_after{120};
  /// Between two sentences for the same alert.
  std::chrono::seconds change_interval{900};
  /// After that nobody wants to hear of what is over.
  std::chrono::seconds give_up{86'400};
  /// Objects of one target that get an alert each; the others share one.
  std::size_t most_drifted = 20;
};

/// What one receiver was told of one alert.
struct Told {
  bool resolved = false;   ///< that it is over; otherwise that it is there
  bool delivered = false;  ///< it has arrived; otherwise it is on its way, or lost with a process
  WallTime at{};           ///< of the arrival
  std::string sentence;

  bool operator==(const Told&) const = default;
};

struct Entry {
  Alert alert;
  std::optional<WallTime> gone;  ///< since when it was not seen, while it may come back unnoticed
  std::optional<WallTime> over;  ///< since when it is resolved, while somebody has to be told
  std::map<std::string, Told> told;  ///< by receiver

  bool operator==(const Entry&) const = default;
};

/// The last thing that a git server was told of a target.
struct ToldCommit {
  std::string commit;
  std::string state;  ///< see state_text()
  bool delivered = false;

  bool operator==(const ToldCommit&) const = default;
};

/// What is known of the alerts of one target, and who was told. A value: whoever takes a target
/// over goes on with its book, and tells nobody anything twice.
struct Book {
  std::string live;  ///< the commit the database had at the last look
  std::optional<WallTime> unknown_since;
  std::map<std::string, Entry> entries;       ///< by key
  std::map<std::string, ToldCommit> commits;  ///< by receiver

  bool operator==(const Book&) const = default;
};

struct Update {
  Book book;
  /// What has to be told; the same once more at each update until delivered() has been called
  /// for it, or it has lost its reason.
  std::vector<Delivery> deliveries;
};

/// What there is to learn from a status.
enum class News {
  PassEnded,   ///< it is what status_after() made of a pass; said once for each pass
  TimePassed,  ///< nothing new; to be said every half minute or so
};

/// Brings the book up to date with what is known of its target now.
Update update(Book book, const TargetStatus& status, News news, WallTime now,
              const Settings& settings);

/// The same for a target that nobody looks at any more: all of it is resolved.
Update close(Book book, WallTime now, const Settings& settings);

/// Something that many targets depend on: one alert for them all.
struct Repository {
  std::string name;              ///< "git main"
  std::optional<Standing> away;  ///< while it has not answered for long
  WallTime since{};
};

/// The same for a repository, which has a book of its own. It is everybody's business, whatever
/// targets they watch.
Update update(Book book, const Repository& repository, WallTime now, const Settings& settings);

/// The book of whoever begins to lead a target: the one that lies in its database, and of `own`
/// what was noted while that could not be read.
Book take_over(Book stored, const Book& own);

/// For a target that another replica leads from now on, which goes on with `stored`. What only
/// `own` has is resolved: the database was away, and is there again.
Update hand_over(Book own, const Book& stored, WallTime now, const Settings& settings);

/// Whether `book` says anything that a process which begins with `stored` would miss.
bool is_worth_keeping(const Book& book, const Book& stored);

/// Notes that `delivery` has arrived, or that its receiver will never take it.
Book delivered(Book book, const Delivery& delivery, WallTime now);

}  // namespace reconcile::alerts
