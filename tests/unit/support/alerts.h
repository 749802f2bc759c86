#pragma once

#include <string>
#include <vector>

#include "reconcilers/alerts/book.h"

namespace reconcile::alerts::test {

inline const WallTime noon = WallTime{} + std::chrono::hours(491'000);
inline const std::string instance = "instance%20http:%2F%2Fa:8055";

inline std::string commit(const std::string& letter) {
  return letter.size() == 1 ? std::string(40, letter.front()) : letter;
}

inline PassReport report(Outcome outcome, const std::string& letter) {
  PassReport made;
  made.target = "prod";
  made.revision = {.commit = commit(letter), .author = "Mia", .message = "Larger totals\n\nWhy."};
  made.base = commit("a");
  made.outcome = std::move(outcome);
  return made;
}

inline PassReport in_sync(const std::string& letter = "a") { return report(InSync{}, letter); }
inline PassReport applied(const std::string& letter) { return report(Applied{}, letter); }
inline PassReport skipped() { return report(Skipped{}, "a"); }

inline PassReport failed(Stage stage, const std::string& letter = "a") {
  return report(
      Failed{stage, {.where = "a.sql:3", .what = "no such table", .why = "", .next = "mend it"}},
      letter);
}

inline PassReport unreachable() {
  PassReport made = report(Failed{Stage::Connect,
                                  {.kind = ErrorKind::Transient,
                                   .where = "host db",
                                   .what = "cannot connect",
                                   .why = "refused",
                                   .next = "look whether it runs"}},
                           "a");
  made.base.reset();
  return made;
}

inline PassReport held(const std::vector<ReasonCode>& codes, const std::string& letter,
                       const std::string& seen = "field notes") {
  Held holds;
  for (const ReasonCode code : codes)
    holds.holds.push_back({code, {"field", "notes"}, seen + " was seen", "the way out"});
  return report(holds, letter);
}

inline PassReport drifted(const std::vector<std::string>& indexes) {
  PassReport made = in_sync();
  made.plan.digest = "of a plan";
  for (const std::string& name : indexes)
    made.plan.drift.push_back({Drift::Kind::Missing, {"index", name}, "git has it"});
  made.plan.drift.push_back({Drift::Kind::Unmanaged, {"table", "public.scratch"}, ""});
  return made;
}

inline PassReport warned(const std::string& warning) {
  PassReport made = in_sync();
  made.warnings = {warning};
  return made;
}

/// "receiver occasion key", or "receiver state c" of a commit ccc….
inline std::string line_of(const Delivery& delivery) {
  if (const auto* commit = std::get_if<CommitStatus>(&delivery.what))
    return delivery.receiver + " " + std::string(name_of(commit->state)) + " " +
           commit->commit.substr(0, 1);
  return delivery.receiver + " " + std::string(name_of(std::get<Notice>(delivery.what).occasion)) +
         " " + delivery.key;
}

/// A target, its book, and one receiver that gets everything at once.
struct OneTarget {
  Settings settings{.receivers = {{.name = "chat", .remind = std::chrono::hours(24)}}};
  TargetStatus status = [] {
    TargetStatus made;
    made.target = "prod";
    made.environment = "production";
    return made;
  }();
  Book book;
  WallTime now = noon;
  bool arrives = true;
  std::vector<Delivery> last = {};

  std::vector<std::string> look(const std::optional<PassReport>& ended) {
    if (!ended) return tick();
    status = status_after(status, *ended, now);
    return tell_pass();
  }
  /// `status` is what a pass has made of it.
  std::vector<std::string> tell_pass() {
    return tell(update(book, status, News::PassEnded, now, settings));
  }
  std::vector<std::string> tick() {
    return tell(update(book, status, News::TimePassed, now, settings));
  }

 private:
  std::vector<std::string> tell(Update update) {
    book = std::move(update.book);
    std::vector<std::string> lines;
    for (const Delivery& delivery : update.deliveries) {
      lines.push_back(line_of(delivery));
      if (arrives) book = delivered(std::move(book), delivery, now);
    }
    last = std::move(update.deliveries);
    return lines;
  }
};

}  // namespace reconcile::alerts::test
