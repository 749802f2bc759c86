#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <set>

#include "controller/cli/commands.h"
#include "controller/cli/render.h"
#include "controller/cli/render_quarantine.h"
#include "controller/cli/wiring.h"

namespace reconcile::cli {
namespace {

using Entries = std::vector<QuarantineEntry>;

/// One target's quarantine, for as long as a command works on it.
struct Opened {
  Database database;
  std::unique_ptr<Connection> connection;
  Entries entries;
};

Result<Opened> open(const Invocation& invocation, const config::Target& target) {
  Opened opened;
  auto database = open_database(invocation, target);
  if (!database) return database.error();
  opened.database = std::move(*database);
  auto connection = opened.database.connector->connect();
  if (!connection) return connection.error();
  opened.connection = std::move(*connection);
  auto entries = opened.connection->quarantine().list();
  if (!entries) return entries.error();
  opened.entries = std::move(*entries);
  return opened;
}

bool names(const std::string& word, const QuarantineEntry& entry) {
  return word == std::to_string(entry.id) || word == entry.object.text() ||
         word == entry.object.name;
}

/// The entries that the words name, each word exactly one.
Result<Entries> named(const std::vector<std::string>& words, const Entries& all) {
  Entries chosen;
  for (const std::string& word : words) {
    Entries found;
    std::ranges::copy_if(all, std::back_inserter(found),
                         [&](const QuarantineEntry& entry) { return names(word, entry); });
    if (found.size() == 1) {
      chosen.push_back(found.front());
      continue;
    }
    return Error{.where = word,
                 .what = found.empty() ? "nothing of that name or number is in quarantine"
                                       : fmt::format("{} entries have that name", found.size()),
                 .why = "",
                 .next = "`reconcile restore` lists what is there; give its number"};
  }
  return chosen;
}

int failed(const Error& error) {
  std::cerr << fmt::format("error: {}\n", printable(describe(error)));
  if (!error.next.empty()) std::cerr << fmt::format("  next:  {}\n", printable(error.next));
  return error.kind == ErrorKind::Usage ? 64 : 1;
}

/// `restore` and `purge` are about one database; a list may be about several.
int list(const Invocation& invocation, const config::Target& target, const Entries& entries) {
  std::cout << (invocation.json ? render_quarantine_json(target.name, entries)
                                : render_quarantine(target.name, entries, look_of(1)));
  return 0;
}

int restore_entries(const Invocation& invocation, const config::Target& target, Opened& opened,
                    const Entries& chosen) {
  std::vector<std::string> instances;
  for (const config::HttpAddress& address : target.directus.instances)
    instances.push_back(address.text);
  for (const QuarantineEntry& entry : chosen) {
    auto notes = opened.connection->quarantine().restore(entry.id, target.lock_timeout, instances);
    if (!notes) return failed(notes.error());
    std::cout << (invocation.json ? render_restored_json(target.name, entry, *notes)
                                  : render_restored(entry));
    std::cout.flush();
    for (const std::string& note : *notes) std::cerr << fmt::format("note: {}\n", printable(note));
  }
  if (!invocation.json) {
    std::cout << "No commit has it now: `reconcile snapshot` writes the schema to put it back "
                 "there\n";
  }
  return 0;
}

/// Which entries `purge` is about: those it was told, or those that are old enough.
Result<Entries> to_purge(const Invocation& invocation, Opened& opened) {
  if (!invocation.guard.objects.empty()) return named(invocation.guard.objects, opened.entries);
  Entries chosen;
  for (const QuarantineEntry& entry : opened.entries) {
    const bool old = invocation.guard.older_than
                         ? std::chrono::seconds(entry.age_seconds) >= *invocation.guard.older_than
                         : entry.expired;
    if (old) chosen.push_back(entry);
  }
  return chosen;
}

int purge_target(const Invocation& invocation, const config::Target& target) {
  auto opened = open(invocation, target);
  if (!opened) return failed(opened.error());
  auto chosen = to_purge(invocation, *opened);
  if (!chosen) return failed(chosen.error());
  list(invocation, target, *chosen);
  if (chosen->empty()) return 0;
  if (target.mode != "auto") {
    std::cerr << fmt::format("note: shown only, since the mode of {} is {}\n",
                             one_line(target.name), target.mode);
    return 0;
  }
  std::vector<std::int64_t> ids;
  for (const QuarantineEntry& entry : *chosen) ids.push_back(entry.id);
  if (auto done = opened->connection->quarantine().purge(ids, target.lock_timeout); !done)
    return failed(done.error());
  if (!invocation.json) std::cout << "purged: these are gone for good\n";
  return 0;
}

}  // namespace

int restore(const Invocation& invocation) {
  int code = 0;
  for (const config::Target& target : invocation.targets) {
    auto opened = open(invocation, target);
    if (!opened) {
      code = most_urgent(code, failed(opened.error()));
    } else if (invocation.guard.objects.empty()) {
      list(invocation, target, opened->entries);
    } else {
      auto chosen = named(invocation.guard.objects, opened->entries);
      return chosen ? restore_entries(invocation, target, *opened, *chosen)
                    : failed(chosen.error());
    }
  }
  return code;
}

int purge(const Invocation& invocation) {
  int code = 0;
  for (const config::Target& target : invocation.targets)
    code = most_urgent(code, purge_target(invocation, target));
  return code;
}

}  // namespace reconcile::cli
