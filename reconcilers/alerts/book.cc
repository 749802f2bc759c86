#include "reconcilers/alerts/book.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reconcilers/alerts/commit_status.h"
#include "reconcilers/alerts/findings.h"

namespace reconcile::alerts {
namespace {

/// Beyond so many objects, those that nobody has heard of yet share an alert. Who has one of its
/// own keeps it, so that a new one does not resolve it.
std::vector<Alert> with_few_drifted(const Book& book, std::vector<Alert> present,
                                    const TargetStatus& status, std::size_t most) {
  const auto own = [&](const Alert& alert) {
    const auto found = book.entries.find(alert.key);
    return found != book.entries.end() && !found->second.over;
  };
  const auto drifted = [](const Alert& alert) { return alert.condition == Condition::Drifted; };
  std::size_t left = most;
  for (const Alert& alert : present) {
    if (drifted(alert) && own(alert) && left > 0) --left;
  }
  std::optional<Alert> others;
  std::size_t shared = 0;
  std::vector<Alert> kept;
  for (Alert& alert : present) {
    if (!drifted(alert) || own(alert)) {
      kept.push_back(std::move(alert));
    } else if (left > 0) {
      --left;
      kept.push_back(std::move(alert));
    } else {
      if (!others) others = std::move(alert);
      ++shared;
    }
  }
  if (!others) return kept;
  others->key = key_of(status.target, Condition::Drifted, "", "others");
  others->sentence =
      sentence({.headline = Headline::Drifted,
                .reason = "",
                .cause = shared == 1 ? others->object + " as well"
                                     : fmt::format("{} as well, and more like it", others->object),
                .next = fmt::format("reconcile drift --target {} lists them", status.target)});
  others->object = "others";
  kept.push_back(std::move(*others));
  return kept;
}

/// What is there now, as it is now; it goes on being the same alert.
void see(Book& book, Alert alert) {
  Entry& entry = book.entries[alert.key];
  if (!entry.alert.key.empty() && !entry.over) alert.started = entry.alert.started;
  entry.alert = std::move(alert);
  entry.gone.reset();
  entry.over.reset();
}

void note_unknown(Book& book, const TargetStatus& status, WallTime now, const Settings& settings) {
  // That git is away is told once for all who depend on it.
  if (status.standing.headline != Headline::Unknown || status.without_git) {
    book.unknown_since.reset();
    return;
  }
  if (!book.unknown_since) book.unknown_since = now;
  if (now - *book.unknown_since < settings.unknown_grace) return;
  Alert alert = unknown_alert(status, *book.unknown_since);
  see(book, std::move(alert));
}

void note_pass(Book& book, const TargetStatus& status, const PassReport& report, WallTime now,
               const Settings& settings) {
  Findings found = findings(status, report, book.live, now);
  found.present = with_few_drifted(book, std::move(found.present), status, settings.most_drifted);
  std::set<std::string> seen;
  for (Alert& alert : found.present) {
    seen.insert(alert.key);
    see(book, std::move(alert));
  }
  for (auto& [key, entry] : book.entries) {
    if (entry.over || is_event(entry.alert.condition) || seen.contains(key)) continue;
    if (!rules_out(report, entry.alert)) continue;
    if (!entry.gone) entry.gone = now;
    if (found.settled) entry.over = now;
  }
  for (Alert& alert : found.events) {
    // One that is on its way already is the same event.
    if (!book.entries.contains(alert.key)) see(book, std::move(alert));
  }
  if (const std::string live = live_after(report); !live.empty()) book.live = live;
}

void let_go(Book& book, WallTime now, const Settings& settings) {
  for (auto& [key, entry] : book.entries) {
    if (entry.gone && !entry.over && now - *entry.gone >= settings.resolve_after) entry.over = now;
  }
}

/// A pass that found everything as it should be leaves no report.
std::optional<PassReport> nothing_to_say(const TargetStatus& status) {
  if (status.report) return std::nullopt;
  if (status.standing.headline != Headline::InSync && !status.without_git) return std::nullopt;
  PassReport report;
  report.target = status.target;
  report.revision = status.git;
  report.base = status.database;
  report.outcome = InSync{};
  return report;
}

Delivery delivery(const Receiver& receiver, Occasion occasion, const Alert& alert, WallTime now) {
  return {.receiver = receiver.name,
          .target = alert.target,
          .key = alert.key,
          .at = now,
          .what = Notice{occasion, alert}};
}

/// What the receiver has to be told of a thing that is there.
std::optional<Occasion> due(const Told& told, const Alert& alert, const Receiver& receiver,
                            WallTime now, const Settings& settings) {
  if (is_event(alert.condition))
    return told.delivered ? std::nullopt : std::optional(Occasion::Event);
  if (!told.delivered) return Occasion::Firing;
  const auto since = now - told.at;
  if (told.sentence != alert.sentence && since >= settings.change_interval)
    return Occasion::Changed;
  if (receiver.remind && since >= *receiver.remind) return Occasion::Reminder;
  return std::nullopt;
}

/// Brings what one receiver was told closer to what is. Nobody hears that a thing is there again
/// before having heard that it was over.
std::optional<Occasion> tell(Entry& entry, const Receiver& receiver, WallTime now,
                             const Settings& settings) {
  const bool wanted = !entry.over && hears(receiver, entry.alert);
  auto told = entry.told.find(receiver.name);
  if (told == entry.told.end()) {
    if (!wanted) return std::nullopt;
    told = entry.told.emplace(receiver.name, Told()).first;
  }
  if (!wanted && is_event(entry.alert.condition)) {
    entry.told.erase(told);
    return std::nullopt;
  }
  if (!wanted && !told->second.resolved) told->second = {.resolved = true, .sentence = {}};
  if (told->second.resolved) return Occasion::Resolved;
  return due(told->second, entry.alert, receiver, now, settings);
}

bool finished(const Entry& entry, WallTime now, const Settings& settings) {
  if (is_event(entry.alert.condition)) {
    return std::ranges::all_of(entry.told,
                               [](const auto& told) { return told.second.delivered; }) ||
           now - entry.alert.started >= settings.give_up;
  }
  return entry.over && (entry.told.empty() || now - *entry.over >= settings.give_up);
}

/// Where things come and go and a receiver takes nothing for hours, the oldest that is over is
/// forgotten.
void keep_small(Book& book) {
  constexpr std::size_t most = 500;
  const auto ended = [](const Entry& entry) {
    return is_event(entry.alert.condition) ? std::optional(entry.alert.started) : entry.over;
  };
  while (book.entries.size() > most) {
    auto oldest = book.entries.end();
    for (auto entry = book.entries.begin(); entry != book.entries.end(); ++entry) {
      const auto end = ended(entry->second);
      if (end && (oldest == book.entries.end() || *end < *ended(oldest->second))) oldest = entry;
    }
    if (oldest == book.entries.end()) return;
    book.entries.erase(oldest);
  }
}

std::vector<Delivery> tell_alerts(Book& book, WallTime now, const Settings& settings) {
  std::vector<Delivery> deliveries;
  for (auto& [key, entry] : book.entries) {
    std::erase_if(entry.told, [&](const auto& told) {
      return std::ranges::count(settings.receivers, told.first, &Receiver::name) == 0;
    });
    for (const Receiver& receiver : settings.receivers) {
      if (const auto occasion = tell(entry, receiver, now, settings))
        deliveries.push_back(delivery(receiver, *occasion, entry.alert, now));
    }
  }
  std::erase_if(book.entries,
                [&](const auto& entry) { return finished(entry.second, now, settings); });
  keep_small(book);
  return deliveries;
}

/// What can be seen of a database that is away, and therefore be in no book there.
bool is_of_an_absence(const Entry& entry) {
  return entry.alert.condition == Condition::Unknown ||
         (entry.alert.condition == Condition::Failed &&
          entry.alert.reason == name_of(Stage::Connect));
}

void tell_commit(Book& book, const TargetStatus& status, WallTime now, const Settings& settings,
                 std::vector<Delivery>& deliveries) {
  const auto commit = commit_status(status);
  if (!commit || status.without_git) return;
  const std::string state = state_text(*commit);
  for (const Receiver& receiver : settings.receivers) {
    if (!receiver.commits_only || !watches(receiver, status.target, status.environment)) continue;
    ToldCommit& told = book.commits[receiver.name];
    // A pass over what is told already is at work: how it ends will be said.
    if (status.standing.headline == Headline::Applying && told.commit == commit->commit) continue;
    if (told.commit != commit->commit || told.state != state)
      told = {.commit = commit->commit, .state = state, .delivered = false};
    if (told.delivered) continue;
    deliveries.push_back({.receiver = receiver.name,
                          .target = status.target,
                          .key = fmt::format("{}/commit/{}", commit->path, commit->commit),
                          .at = now,
                          .what = *commit});
  }
}

}  // namespace

Update update(Book book, const TargetStatus& status, News news, WallTime now,
              const Settings& settings) {
  if (news == News::PassEnded) {
    const std::optional<PassReport> nothing = nothing_to_say(status);
    const PassReport* report = nothing ? &*nothing : status.report.get();
    if (report != nullptr && std::holds_alternative<Skipped>(report->outcome))
      return close(std::move(book), now, settings);
    if (report != nullptr) note_pass(book, status, *report, now, settings);
  }
  note_unknown(book, status, now, settings);
  let_go(book, now, settings);
  Update result;
  result.deliveries = tell_alerts(book, now, settings);
  tell_commit(book, status, now, settings, result.deliveries);
  result.book = std::move(book);
  return result;
}

Update close(Book book, WallTime now, const Settings& settings) {
  for (auto& [key, entry] : book.entries) {
    if (!is_event(entry.alert.condition) && !entry.over) entry.over = now;
  }
  book.unknown_since.reset();
  Update result;
  result.deliveries = tell_alerts(book, now, settings);
  result.book = std::move(book);
  return result;
}

Update update(Book book, const Repository& repository, WallTime now, const Settings& settings) {
  Settings all = settings;
  for (Receiver& receiver : all.receivers) {
    receiver.targets.clear();
    receiver.environments.clear();
  }
  if (!repository.away) return close(std::move(book), now, all);
  see(book, {.key = key_of(repository.name, Condition::Unknown, "", ""),
             .condition = Condition::Unknown,
             .severity = Severity::Critical,
             .target = repository.name,
             .environment = {},
             .reason = repository.away->reason,
             .object = {},
             .sentence = sentence(*repository.away),
             .commit = {},
             .subject = {},
             .started = repository.since,
             .path = "/"});
  Update result;
  result.deliveries = tell_alerts(book, now, all);
  result.book = std::move(book);
  return result;
}

Book take_over(Book stored, const Book& own) {
  for (const auto& [key, entry] : own.entries) {
    if (is_of_an_absence(entry)) stored.entries.emplace(key, entry);
  }
  if (own.unknown_since) stored.unknown_since = own.unknown_since;
  return stored;
}

Update hand_over(Book own, const Book& stored, WallTime now, const Settings& settings) {
  std::erase_if(own.entries, [&](const auto& entry) {
    return !is_of_an_absence(entry.second) || stored.entries.contains(entry.first);
  });
  own.commits.clear();
  return close(std::move(own), now, settings);
}

bool is_worth_keeping(const Book& book, const Book& stored) {
  // Since when a target is unknown comes and goes with each short outage, and then starts anew.
  return book.live != stored.live || book.entries != stored.entries ||
         book.commits != stored.commits;
}

Book delivered(Book book, const Delivery& delivery, WallTime now) {
  if (const auto* commit = std::get_if<CommitStatus>(&delivery.what)) {
    const auto told = book.commits.find(delivery.receiver);
    if (told != book.commits.end() && told->second.commit == commit->commit &&
        told->second.state == state_text(*commit))
      told->second.delivered = true;
    return book;
  }
  const Notice& notice = std::get<Notice>(delivery.what);
  const auto entry = book.entries.find(delivery.key);
  if (entry == book.entries.end()) return book;
  const auto told = entry->second.told.find(delivery.receiver);
  if (told == entry->second.told.end()) return book;
  const bool resolved = notice.occasion == Occasion::Resolved;
  // What was under way when it ended has arrived; that it has ended is still to be said.
  if (told->second.resolved != resolved) return book;
  if (resolved) {
    entry->second.told.erase(told);
  } else {
    told->second = {.delivered = true, .at = now, .sentence = notice.alert.sentence};
  }
  return book;
}

}  // namespace reconcile::alerts
