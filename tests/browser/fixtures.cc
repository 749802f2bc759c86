#include "tests/browser/fixtures.h"

#include <fmt/format.h>

namespace reconcile::test {

using namespace std::chrono_literals;

WallTime page_time() {
  return std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 14h + 31min + 8s;
}
WallTime ago(std::chrono::seconds age) { return page_time() - age; }

std::string commit_of(char digit) {
  std::string id;
  for (int i = 0; i < 40; ++i)
    id += "0123456789abcdef"[static_cast<std::size_t>(digit * 7 + i * i * 3 + i * digit) % 16];
  return id;
}

dashboard::Viewer nobody() { return {.now = page_time()}; }
dashboard::Viewer operator_mia() {
  return {.now = page_time(),
          .actor = "mia",
          .csrf = "c5f1",
          .may_operate = true,
          .may_approve = true,
          .may_sign_in = true};
}

std::string hostile(int number) {
  switch (number % 6) {
    case 0:
      return "<script>alert(1)</script>";
    case 1:
      return "\"><img src=x onerror=alert(1)>";
    case 2:
      return "user\u202egpj.exe";
    case 3:
      return "line\nbreak\r\x01";
    case 4:
      return "שלום-עולם-مرحبا";
    default:
      return "a123456789b123456789c123456789d123456789e123456789f123456789ggg";
  }
}

namespace {

std::int64_t epoch(std::chrono::seconds age) {
  return std::chrono::duration_cast<std::chrono::seconds>(ago(age).time_since_epoch()).count();
}

Step step(Stage stage, Action action, ObjectIdentity object, std::string group, std::string detail,
          std::vector<std::string> sql) {
  Step made;
  made.stage = stage;
  made.action = action;
  made.object = std::move(object);
  made.group = std::move(group);
  made.detail = std::move(detail);
  made.reason =
      action == Action::Remove ? "no longer in git" : "new in " + commit_of('a').substr(0, 10);
  made.owner = {"snapshots/schema.yaml", 0};
  for (std::string& text : sql) {
    Statement statement;
    statement.text = std::move(text);
    made.statements.push_back(std::move(statement));
  }
  return made;
}

Hazard hazard(std::string code, HazardCategory category, HazardLevel level, std::string object,
              std::string lock, std::string reason, std::string safer, int line) {
  Hazard made;
  made.code = std::move(code);
  made.category = category;
  made.level = level;
  made.object = std::move(object);
  made.lock = std::move(lock);
  made.reason = std::move(reason);
  made.safer = std::move(safer);
  made.line = line;
  return made;
}

PassReport report_of(Revision revision, std::optional<std::string> base) {
  PassReport report;
  report.revision = std::move(revision);
  report.base = std::move(base);
  report.duration = 184ms;
  report.plan.fingerprint = "e09a41d0aa7be3";
  return report;
}

Step dropped_column() {
  Step made = step(Stage::Snapshot, Action::Remove, {"field", "entries.legacy_ref"}, "entries",
                   "column to quarantine: text",
                   {"select reconcile.take_column('public', 'entries', 'legacy_ref')",
                    "delete from public.directus_fields where id = 214"});
  made.destructive = true;
  made.rows_at_stake = 18204;
  return made;
}

Step migration() {
  Step made = step(
      Stage::Post, Action::Run, {"migration", "014_entry_totals.sql"}, "post", "2 statements",
      {"alter table public.entries\n  add constraint entries_total_positive check (total >= 0)",
       "create view public.open_entries as\n  select id, event, total from public.entries where "
       "paid_at is null"});
  made.owner = {"migrations/post/014_entry_totals.sql", 0};
  made.hazards = {hazard("check-scan", HazardCategory::Scan, HazardLevel::Warn,
                         "table public.entries", "ACCESS EXCLUSIVE on public.entries",
                         "every row of public.entries is read while nobody can use it",
                         "add it NOT VALID, and validate it in a later file", 1)};
  return made;
}

}  // namespace

std::vector<Revision> usual_commits() {
  return {{commit_of('a'), "Mia Brandt", epoch(26min), "Move legacy references to the CRM\n\nBody"},
          {commit_of('b'), "Ana Costa", epoch(3h), "Wider totals for international events"},
          {commit_of('c'), "Jon Berg", epoch(51h), "Clubs have a home venue"},
          {commit_of('d'), "Ana Costa", epoch(80h), "Index entries by event"},
          {commit_of('e'), "Mia Brandt", epoch(170h), "Members can be archived"},
          {commit_of('f'), "Mia Brandt", epoch(400h), "First schema"}};
}

PassReport held_report() {
  PassReport report = report_of(usual_commits()[0], commit_of('c'));
  Step total = step(Stage::Snapshot, Action::Change, {"field", "entries.total"}, "entries",
                    "precision: 10 → 12",
                    {"alter table public.entries alter column total type numeric(12,2)"});
  total.hazards = {hazard("type-widened", HazardCategory::Lock, HazardLevel::Allow,
                          "table public.entries", "ACCESS EXCLUSIVE on public.entries",
                          "the catalog changes and no row is written anew", "", 0)};
  Step index =
      step(Stage::Snapshot, Action::Create, {"field", "entries.customer"}, "entries",
           "integer, null; indexed",
           {"alter table public.entries add column customer integer",
            "create index concurrently entries_customer_index on public.entries (customer)"});
  index.gentle = true;
  const Step invoices = step(
      Stage::Snapshot, Action::Create, {"collection", "invoices"}, "invoices", "table, 4 columns",
      {"create table public.invoices (\n  id uuid not null,\n  entry integer,\n  total "
       "numeric(12,2),\n  sent_at timestamp with time zone\n)"});
  const auto field = [](std::string name, std::string detail) {
    return step(Stage::Snapshot, Action::Create, {"field", "invoices." + name}, "invoices",
                std::move(detail), {});
  };
  Step relation = step(Stage::Snapshot, Action::Create, {"relation", "invoices.entry"}, "invoices",
                       "to entries.id, on delete SET NULL",
                       {"alter table public.invoices add constraint invoices_entry_foreign\n  "
                        "foreign key (entry) references public.entries (id) on delete set null"});
  Step customer =
      step(Stage::Snapshot, Action::Create, {"relation", "entries.customer"}, "entries",
           "to members.id, on delete SET NULL",
           {"alter table public.entries add constraint entries_customer_foreign\n  foreign key "
            "(customer) references public.members (id) on delete set null"});
  report.plan.steps = {invoices,
                       field("id", "uuid, not null, primary key"),
                       field("entry", "integer, null"),
                       field("total", "numeric(12,2), null"),
                       field("sent_at", "timestamp with time zone, null"),
                       total,
                       index,
                       dropped_column(),
                       relation,
                       customer,
                       migration()};
  report.plan.holds = {{ReasonCode::DestructiveChange,
                        {"field", "entries.legacy_ref"},
                        "field entries.legacy_ref: column to quarantine (18204 rows at stake); no "
                        "longer in git since " +
                            commit_of('a').substr(0, 10),
                        "approve the plan, or put `Allow-Destructive: field entries.legacy_ref` in "
                        "the message of a new commit"}};
  report.outcome = Held{report.plan.holds};
  report.plan.notes = {"the index entries_customer_index is built while entries stays in use"};
  seal(report.plan);
  return report;
}

PassReport in_sync_report() {
  PassReport report = report_of(usual_commits()[0], commit_of('a'));
  report.outcome = InSync{};
  return report;
}

PassReport drifted_report() {
  PassReport report = in_sync_report();
  report.plan.drift = {{Drift::Kind::Altered,
                        {"field", "members.note"},
                        "not null: git yes, database no",
                        "",
                        {},
                        {"alter table public.members alter column note set not null"},
                        {"alter table public.members alter column note drop not null"}},
                       {Drift::Kind::Missing,
                        {"index", "public.entries_event_index"},
                        "git made it, the database has lost it",
                        "",
                        {},
                        {"create index entries_event_index on public.entries using btree (event)"},
                        {"drop index public.entries_event_index"}},
                       {Drift::Kind::Unmanaged,
                        {"index", "public.tmp_fix_idx"},
                        "in the database, in no commit",
                        "",
                        {},
                        {},
                        {"create index tmp_fix_idx on public.entries using btree (reference)"}}};
  report.differences = {{{"field", "members.note"},
                         "members.note",
                         "alter table public.members add column note text not null",
                         "alter table public.members add column note text",
                         {"snapshots/schema.yaml", commit_of('e')}},
                        {{"index", "public.entries_event_index"},
                         "entries",
                         "create index entries_event_index on public.entries using btree (event)",
                         std::nullopt,
                         {"migrations/post/009_indexes.sql", commit_of('d')}}};
  return report;
}

PassReport failed_report() {
  PassReport report = held_report();
  report.plan.holds.clear();
  Error error;
  error.where = "migrations/post/014_entry_totals.sql:1";
  error.what = "the statement failed";
  error.why =
      "check constraint \"entries_total_positive\" of relation \"entries\" is violated by some row "
      "(SQLSTATE 23514)";
  error.next =
      "mend the 3 rows with a negative total in a file below migrations/pre, in a new commit";
  report.outcome = Failed{Stage::Post, error};
  return report;
}

PassReport worst_report() {
  PassReport report = held_report();
  report.revision.message = hostile(0) + hostile(2);
  for (int i = 0; i < 24; ++i) {
    Step made = step(Stage::Snapshot, static_cast<Action>(i % 5),
                     {"field", hostile(i) + "." + hostile(i + 1)}, hostile(i), hostile(i + 2),
                     {std::string(i == 7 ? 40000 : 40, 'x') + hostile(i)});
    made.destructive = i % 3 == 0;
    if (i % 6 == 0) made.rows_at_stake = 9007199254740993;
    made.likely_rename = i % 4 == 0 ? hostile(i + 3) : "";
    made.hazards = {hazard(hostile(i), HazardCategory::DataLoss, static_cast<HazardLevel>(i % 3),
                           hostile(i), hostile(i + 1), hostile(i + 2), hostile(i + 3), i)};
    report.plan.steps.push_back(std::move(made));
  }
  for (int i = 0; i < 12; ++i)
    report.plan.drift.push_back({static_cast<Drift::Kind>(i % 3),
                                 {hostile(i), hostile(i + 1)},
                                 hostile(i + 2),
                                 "",
                                 3,
                                 {hostile(i)},
                                 {hostile(i + 1)}});
  report.plan.holds.push_back(
      {ReasonCode::Conflict, {"field", hostile(1)}, hostile(1), hostile(0)});
  report.outcome = Held{report.plan.holds};
  report.warnings = {hostile(0), hostile(3)};
  seal(report.plan);
  return report;
}

}  // namespace reconcile::test
