#include <fmt/format.h>

#include "tests/browser/fixtures.h"

namespace reconcile::test {

std::vector<Attempt> usual_history() {
  const auto attempt = [](std::int64_t id, char commit, std::string outcome, std::string reason,
                          std::string error, std::string actor, std::string subject,
                          std::string started, std::int64_t duration, std::int64_t steps,
                          std::int64_t times) {
    return Attempt{id,
                   commit_of(commit),
                   "",
                   std::move(outcome),
                   std::move(reason),
                   std::move(error),
                   std::move(actor),
                   std::move(subject),
                   std::move(started),
                   duration,
                   steps,
                   times};
  };
  return {
      attempt(6, 'a', "held", "DestructiveChange",
              "field entries.legacy_ref: column to quarantine (18204 rows at stake)", "reconcile-0",
              "Move legacy references to the CRM", "2026-11-22T14:05:02Z", 184, 0, 27),
      attempt(5, 'b', "failed", "post",
              "migrations/post/013_totals.sql:4: canceling statement due to lock timeout (SQLSTATE "
              "55P03)",
              "reconcile-0", "Wider totals for international events", "2026-11-22T11:31:44Z", 5210,
              0, 2),
      attempt(4, 'c', "applied", "", "", "reconcile-0", "Clubs have a home venue",
              "2026-11-20T11:30:09Z", 412, 6, 1),
      attempt(3, 'd', "applied", "", "", "reconcile-1", "Index entries by event",
              "2026-11-19T06:12:40Z", 2103, 1, 1),
      attempt(2, 'e', "applied", "", "", "reconcile-1", "Members can be archived",
              "2026-11-15T12:21:00Z", 236, 3, 1),
      attempt(1, 'f', "applied", "", "", "mia", "First schema", "2026-11-05T22:02:31Z", 1874, 61,
              1)};
}

std::vector<ObjectRecord> usual_blame() {
  ObjectRecord column;
  column.state = {{"column", "public.entries.total"},
                  "entries.total",
                  "alter table public.entries add column total numeric(10,2)",
                  "alter table public.entries add column total numeric(12,2)",
                  {"snapshots/schema.yaml", commit_of('c')}};
  column.since = "2026-11-20T11:30:09Z";
  column.line = 412;
  column.author = "Mia Falk";
  column.subject = "Totals with two more digits";
  column.changes = {{"changed",
                     {"snapshots/schema.yaml", commit_of('c')},
                     "2026-11-20T11:30:09Z",
                     "alter table public.entries add column total numeric(8,2)"},
                    {"changed",
                     {"snapshots/schema.yaml", commit_of('e')},
                     "2026-11-15T12:21:00Z",
                     "alter table public.entries add column total integer"}};
  ObjectRecord check;
  check.state = {
      {"constraint", "public.entries.entries_total_positive"},
      "entries",
      "alter table public.entries add constraint entries_total_positive check (total >= 0)",
      "alter table public.entries add constraint entries_total_positive check (total >= 0)",
      {"migrations/post/009_indexes.sql", commit_of('d')}};
  check.since = "2026-11-19T06:12:40Z";
  return {column, check};
}

std::vector<QuarantineEntry> usual_quarantine() {
  return {{4,
           {"field", "clubs.fax"},
           "reconcile_quarantine.clubs_fax_4",
           310,
           commit_of('c'),
           "2026-11-20T11:30:09Z",
           183659,
           "2026-12-20T11:30:09Z",
           false},
          {3,
           {"collection", "sponsors_old"},
           "reconcile_quarantine.sponsors_old_3",
           42,
           commit_of('e'),
           "2026-11-15T12:21:00Z",
           612608,
           "2026-11-22T12:21:00Z",
           true},
          {2,
           {"relation", "sponsors_old.club"},
           "",
           std::nullopt,
           commit_of('e'),
           "2026-11-15T12:21:00Z",
           612608,
           "",
           false}};
}

dashboard::Schema usual_schema() {
  const auto columns = [](std::string table,
                          std::vector<std::pair<std::string, std::string>> list) {
    std::vector<dashboard::Schema::Column> made;
    for (auto& [name, type] : list) made.push_back({table, name, type, name == "id"});
    return made;
  };
  dashboard::Schema schema;
  for (const auto& table :
       {columns("entries", {{"id", "integer"},
                            {"event", "integer"},
                            {"member", "integer"},
                            {"total", "numeric"},
                            {"legacy_ref", "text"},
                            {"paid_at", "timestamp with time zone"},
                            {"note", "text"},
                            {"reference", "text"}}),
        columns("events", {{"id", "integer"},
                           {"name", "character varying"},
                           {"starts_at", "timestamp with time zone"},
                           {"venue", "integer"}}),
        columns("members", {{"id", "integer"},
                            {"club", "integer"},
                            {"name", "character varying"},
                            {"note", "text"},
                            {"archived", "boolean"}}),
        columns("clubs", {{"id", "integer"}, {"name", "character varying"}, {"venue", "integer"}}),
        columns("payments", {{"id", "integer"}, {"entry", "integer"}, {"amount", "numeric"}})})
    schema.columns.insert(schema.columns.end(), table.begin(), table.end());
  schema.references = {{"entries", "event", "events"},
                       {"entries", "member", "members"},
                       {"members", "club", "clubs"},
                       {"payments", "entry", "entries"}};
  return schema;
}

std::vector<Revision> worst_commits() {
  std::vector<Revision> all;
  for (int i = 0; i < 12; ++i)
    all.push_back({commit_of(static_cast<char>('A' + i)), hostile(i), 1, hostile(i + 1)});
  return all;
}

std::vector<Attempt> worst_history() {
  std::vector<Attempt> all;
  for (int i = 0; i < 18; ++i)
    all.push_back({i, hostile(i), hostile(i), i % 2 == 0 ? "failed" : hostile(i), hostile(i + 1),
                   hostile(i + 2) + std::string(3000, 'y'), hostile(i + 3), hostile(i + 4),
                   i % 3 == 0 ? hostile(i) : "2026-11-22T14:05:02Z", 1000000000, i, i + 1});
  return all;
}

std::vector<ObjectRecord> worst_blame() {
  std::vector<ObjectRecord> all;
  for (int i = 0; i < 6; ++i) {
    ObjectRecord record;
    record.state = {{hostile(i), hostile(i + 1)},
                    hostile(i + 2),
                    std::nullopt,
                    std::nullopt,
                    {hostile(i + 3), hostile(i + 4)}};
    if (i % 2 == 0) record.state.owned = hostile(i) + std::string(20000, 'z');
    if (i % 3 == 0) record.state.live = hostile(i + 1);
    record.since = hostile(i);
    record.changes = {{hostile(i), {hostile(i), hostile(i)}, hostile(i), hostile(i)}};
    all.push_back(record);
  }
  return all;
}

std::vector<QuarantineEntry> worst_quarantine() {
  std::vector<QuarantineEntry> all;
  for (int i = 0; i < 12; ++i)
    all.push_back({i,
                   {hostile(i), hostile(i + 1)},
                   hostile(i + 2),
                   9007199254740993,
                   hostile(i + 3),
                   hostile(i + 4),
                   0,
                   i % 2 == 0 ? "" : hostile(i + 5),
                   i % 3 == 0});
  return all;
}

dashboard::Schema worst_schema() {
  dashboard::Schema schema;
  for (int i = 0; i < 12; ++i) {
    schema.columns.push_back({hostile(i), "id", hostile(i), true});
    schema.references.push_back({hostile(i), "id", hostile(i + 1)});
    schema.references.push_back({hostile(i), "self", hostile(i)});
  }
  return schema;
}

}  // namespace reconcile::test
