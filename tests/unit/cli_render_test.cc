#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "controller/cli/render.h"
#include "tests/unit/support/golden.h"

namespace reconcile::cli {
namespace {

using test::expect_golden;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Look pipe{.color = false, .unicode = true};
constexpr Look terminal{.color = true, .unicode = true};
constexpr Look ascii{.color = false, .unicode = false};

Step step(Stage stage, Action action, ObjectIdentity object, std::string group,
          std::string detail) {
  Step made;
  made.stage = stage;
  made.action = action;
  made.object = std::move(object);
  made.group = std::move(group);
  made.detail = std::move(detail);
  made.reason = action == Action::Remove ? "no longer in git" : "new in cccccccccc";
  made.owner = {"snapshots/schema.yaml", 0};
  return made;
}

/// A pass with everything a plan can show.
PassReport full_report() {
  PassReport report;
  report.target = "trm-stage";
  report.revision = {.commit = std::string(40, 'c'), .author = "A", .message = "Add clubs\n\nBody"};
  report.base = std::string(40, 'b');
  Step file = step(Stage::Pre, Action::Run, {"migration", "003_clubs.sql"}, "pre", "2 statements");
  file.owner = {"migrations/pre/003_clubs.sql", 0};
  file.statements = {{.text = "create extension x", .line = 1}, {.text = "select\n  1", .line = 2}};
  Step adopted = step(Stage::Pre, Action::Adopt, {"migration", "001_old.sql"}, "pre",
                      "as the old runner left it");
  adopted.owner = {"migrations/pre/001_old.sql", 0};
  Step created =
      step(Stage::Snapshot, Action::Create, {"collection", "clubs"}, "clubs", "table, 2 columns");
  created.statements = {
      {.text = "create table public.\"clubs\" ()"},
      {.text = "('clubs')",
       .line = 0,
       .insert_head = std::make_shared<const std::string>("insert into c values ")}};
  Step changed = step(Stage::Snapshot, Action::Change, {"field", "clubs.name"}, "clubs",
                      "note: null → \"Clubs\"");
  Step removed = step(Stage::Snapshot, Action::Remove, {"field", "entries.notes"}, "entries",
                      "column dropped: text");
  removed.destructive = true;
  removed.rows_at_stake = 42;
  Step one = step(Stage::Snapshot, Action::Remove, {"collection", "old"}, "old", "table dropped");
  one.destructive = true;
  one.rows_at_stake = 1;
  report.plan.steps = {file, adopted, created, changed, removed, one};
  report.plan.drift = {
      {Drift::Kind::Missing, {"relation", "a.b"}, "foreign key is in git, not in the database"},
      {Drift::Kind::Altered, {"field", "a.c"}, "note: git \"x\", database \"y\""},
      {Drift::Kind::Unmanaged, {"collection", "sponsors"}, "in the database, in no commit", "", 7}};
  report.plan.notes = {"a note of the plan"};
  report.notes = {"not committed, and so ignored: snapshots/schema.yaml"};
  report.plan.digest = "d1";
  report.plan.fingerprint = "f1";
  report.duration = std::chrono::milliseconds(12);
  report.outcome = Pending{};
  return report;
}

PassReport held_report() {
  PassReport report = full_report();
  report.outcome =
      Held{{{ReasonCode::DestructiveChange,
             {"field", "entries.notes"},
             "field entries.notes: column dropped (42 rows at stake); no longer in git",
             "put `Allow-Destructive: field entries.notes` in the message of a new commit"},
            {ReasonCode::Conflict,
             {"field", "a.c"},
             "field a.c: both changed it",
             "commit what the database has"}}};
  return report;
}

PassReport failed_report() {
  PassReport report = full_report();
  report.outcome = Failed{Stage::Post,
                          {.where = "migrations/post/001.sql:3",
                           .what = "statement failed",
                           .why = "relation \"x\" does not exist (SQLSTATE 42P01)",
                           .next = "mend it in a new commit",
                           .sqlstate = "42P01"}};
  return report;
}

std::string everything(const PassReport& report, const Look& look, bool sql) {
  return render_plan(report, look, sql) + "---- outcome\n" + render_outcome(report, look) +
         "---- stderr\n" + render_messages(report, look);
}

TEST(Render, PlanInAPipe) {
  expect_golden("plan_pipe.txt", everything(full_report(), pipe, false));
}
TEST(Render, PlanWithSql) { expect_golden("plan_sql.txt", everything(full_report(), pipe, true)); }
TEST(Render, PlanInColour) {
  expect_golden("plan_terminal.txt", everything(full_report(), terminal, false));
}
TEST(Render, PlanInAscii) {
  expect_golden("plan_ascii.txt", everything(full_report(), ascii, true));
}
TEST(Render, Held) { expect_golden("held.txt", everything(held_report(), pipe, false)); }
TEST(Render, HeldInColour) {
  expect_golden("held_terminal.txt", everything(held_report(), terminal, false));
}
TEST(Render, Failed) { expect_golden("failed.txt", everything(failed_report(), pipe, false)); }
TEST(Render, FailedInAscii) {
  expect_golden("failed_ascii.txt", everything(failed_report(), ascii, false));
}
TEST(Render, JsonOfAPlan) { expect_golden("plan.json", render_json(full_report())); }
TEST(Render, JsonOfAHold) { expect_golden("held.json", render_json(held_report())); }
TEST(Render, JsonOfAFailure) { expect_golden("failed.json", render_json(failed_report())); }

TEST(Render, Warnings) {
  PassReport report = full_report();
  report.plan = Plan();
  report.notes.clear();
  report.warnings = {"http://a: it cannot be reached\x1b[2J"};
  report.outcome = Applied{};
  EXPECT_EQ(render_messages(report, pipe), "warning: http://a: it cannot be reached\\x1b[2J\n");
  EXPECT_NE(render_json(report).find(R"("warnings":["http://a: it cannot)"), std::string::npos);
}

TEST(Render, NothingToDo) {
  PassReport report = full_report();
  report.plan = Plan();
  report.notes.clear();
  report.base.reset();
  std::string text;
  for (const Outcome& outcome :
       {Outcome(InSync{}), Outcome(Applied{}), Outcome(Skipped{}),
        Outcome(
            Failed{Stage::Fetch, {.where = "repo", .what = "no branch", .why = "", .next = ""}})}) {
    report.outcome = outcome;
    text += everything(report, pipe, false) + "====\n";
  }
  expect_golden("nothing.txt", text);
}

TEST(Render, Status) {
  PassReport synced = full_report();
  synced.target = "prod";
  synced.plan = Plan();
  synced.outcome = InSync{};
  PassReport skipped;
  skipped.target = "dev";
  skipped.outcome = Skipped{};
  const std::vector<PassReport> reports{full_report(), synced, skipped, held_report(),
                                        failed_report()};
  expect_golden("status.txt", render_status(reports, pipe) + render_status(reports, ascii) +
                                  render_status(reports, terminal));
}

std::vector<Attempt> attempts() {
  return {{.id = 3,
           .commit = std::string(40, 'c'),
           .base = std::string(40, 'b'),
           .outcome = "held",
           .reason = "DestructiveChange",
           .error = "field a.b: dropped",
           .actor = "ci@runner",
           .subject = "Drop a.b",
           .started = "2026-01-02T03:04:05Z",
           .duration_ms = 12,
           .steps = 1,
           .times = 5},
          {.id = 2,
           .commit = std::string(40, 'b'),
           .base = std::string(40, 'a'),
           .outcome = "failed",
           .reason = "post",
           .error = "001.sql:3: failed",
           .actor = "ci@runner",
           .subject = "Add x",
           .started = "2026-01-01T03:04:05Z",
           .duration_ms = 7,
           .steps = 2,
           .times = 1},
          {.id = 1,
           .commit = std::string(40, 'a'),
           .base = "",
           .outcome = "applied",
           .reason = "",
           .error = "",
           .actor = "me@host",
           .subject = "First",
           .started = "2026-01-01T00:00:00Z",
           .duration_ms = 1234,
           .steps = 99,
           .times = 1}};
}

TEST(Render, History) {
  expect_golden("history.txt", render_history("prod", attempts(), pipe) +
                                   render_history("prod", attempts(), terminal) +
                                   render_history("dev", {}, pipe));
}
TEST(Render, JsonOfHistory) {
  expect_golden("history.json", render_history_json("prod", attempts()));
}

TEST(Render, JsonIsOneLineWithTheContractsKeys) {
  PassReport skipped;
  skipped.outcome = Skipped{};
  for (const PassReport& report : {full_report(), held_report(), failed_report(), skipped}) {
    const std::string text = render_json(report);
    EXPECT_EQ(text.find('\n'), text.size() - 1);
    const boost::json::object document = boost::json::parse(text).as_object();
    for (const char* key :
         {"target", "revision", "base", "outcome", "reason", "steps", "drift", "duration_ms"})
      EXPECT_TRUE(document.contains(key)) << key;
  }
}

TEST(Render, WordsAndReasons) {
  EXPECT_EQ(word_for(Outcome(InSync{})), "in-sync");
  EXPECT_EQ(word_for(held_report().outcome), "held");
  EXPECT_EQ(reason_for(held_report().outcome), "DestructiveChange");
  EXPECT_EQ(reason_for(failed_report().outcome), "post");
  EXPECT_EQ(reason_for(Outcome(Pending{})), "");
}

/// Everything a commit, a database or a repository can name, named by an enemy.
PassReport hostile_report(const std::string& name) {
  PassReport report = full_report();
  report.target = name;
  report.revision.message = name;
  for (Step& step : report.plan.steps) {
    step.object.name = step.group = step.detail = step.reason = step.owner.file = name;
    step.statements = {{.text = name}};
  }
  for (Drift& drift : report.plan.drift) drift.object.name = drift.detail = name;
  report.notes = report.plan.notes = {name};
  report.outcome = Held{{{ReasonCode::Conflict, {"field", name}, name, name}}};
  return report;
}

TEST(Render, HostileTextIsShownNotObeyed) {
  const std::string enemies[] = {"\x1b[2J\x1b[31m",
                                 "\x1b]0;title\x07",
                                 "a\rb",
                                 "a\bb",
                                 "\x7f",
                                 "\xc2\x9b"
                                 "31m",
                                 "\xc2\x85",
                                 "\xe2\x80\xae"
                                 "evil",
                                 "\xe2\x81\xa6x",
                                 "\xff\xfe",
                                 "\xe2\x80"};
  for (const std::string& enemy : enemies) {
    PassReport report = hostile_report(enemy);
    Attempt attempt = attempts().front();
    attempt.actor = attempt.subject = attempt.error = attempt.reason = enemy;
    std::string text = everything(report, pipe, true) + render_status({report}, pipe) +
                       render_history(enemy, {attempt}, pipe);
    report.outcome = reconcile::Failed{
        Stage::Post, {.where = enemy, .what = enemy, .why = enemy, .next = enemy}};
    text += everything(report, pipe, true);
    EXPECT_THAT(text, Not(HasSubstr(enemy)));
    EXPECT_TRUE(std::ranges::all_of(
        text, [](char c) { return c == '\n' || static_cast<unsigned char>(c) >= 0x20; }));
  }
}

TEST(Render, ANameCannotForgeALine) {
  const PassReport report = hostile_report("x\nerror: forged");
  std::string text = render_plan(report, pipe, false) + render_outcome(report, pipe) +
                     render_status({report}, pipe);
  EXPECT_THAT(text, HasSubstr("x\\nerror: forged"));
}

TEST(Printable, ShowsWhatATerminalWouldObey) {
  const std::pair<std::string, std::string> table[] = {
      {"plain", "plain"},
      {"Žluťoučký kůň 🏁 → …", "Žluťoučký kůň 🏁 → …"},
      {"a\tb\nc", "a\tb\nc"},
      {"\x1b[31m", "\\x1b[31m"},
      {"\r", "\\x0d"},
      {std::string("\0", 1), "\\x00"},
      {"\x7f", "\\x7f"},
      {"\xc2\x80", "\\u0080"},
      {"\xc2\x9b", "\\u009b"},
      {"\xc2\x9f", "\\u009f"},
      {"\xc2\xa0", "\xc2\xa0"},
      {"\u202a", "\\u202a"},
      {"\u202e", "\\u202e"},
      {"\u2066", "\\u2066"},
      {"\u2069", "\\u2069"},
      {"\u200f", "\\u200f"},
      {"\u2028", "\\u2028"},
      {"\ufeff", "\\ufeff"},
      {"\u2065", "\u2065"},
      {"\u2027", "\u2027"},
      {"👨\u200d👩", "👨\u200d👩"},
      {"\xff", "\\xff"},
      {"\xc2", "\\xc2"},
      {"\xc0\xaf", "\\xc0\\xaf"},
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
      {"\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"},
      {"\xe2\x82", "\\xe2\\x82"},
      {"\xf0\x9f\x8f\x81", "🏁"}};
  for (const auto& [text, shown] : table) EXPECT_EQ(printable(text), shown);
  EXPECT_EQ(one_line("a\nb\tc\r"), "a\\nb\\tc\\x0d");
}

TEST(Paint, OnlyWithColour) {
  EXPECT_EQ(paint("x", Paint::Red, pipe), "x");
  EXPECT_EQ(paint("x", Paint::Plain, terminal), "x");
  EXPECT_EQ(paint("x", Paint::Red, terminal), "\x1b[31mx\x1b[0m");
}

/// Sets variables for one look, and puts them back.
Look look_with(const std::map<std::string, const char*>& variables) {
  constexpr const char* names[] = {"NO_COLOR", "CLICOLOR_FORCE", "LC_ALL", "LC_CTYPE", "LANG"};
  std::map<std::string, std::optional<std::string>> before;
  for (const char* name : names) {
    const char* value = std::getenv(name);
    before[name] = value == nullptr ? std::nullopt : std::optional<std::string>(value);
    unsetenv(name);
  }
  for (const auto& [name, value] : variables) setenv(name.c_str(), value, 1);
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const Look look = look_of(ends[1]);
  close(ends[0]);
  close(ends[1]);
  for (const auto& [name, value] : before) {
    unsetenv(name.c_str());
    if (value) setenv(name.c_str(), value->c_str(), 1);
  }
  return look;
}

TEST(Look, FollowsTheStreamAndTheEnvironment) {
  struct Case {
    std::map<std::string, const char*> variables;
    bool color, unicode;
  };
  const Case cases[] = {{{}, false, true},
                        {{{"CLICOLOR_FORCE", "1"}}, true, true},
                        {{{"CLICOLOR_FORCE", "0"}}, false, true},
                        {{{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}, false, true},
                        {{{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", ""}}, true, true},
                        {{{"LANG", "C"}}, false, false},
                        {{{"LANG", "en_GB.UTF-8"}}, false, true},
                        {{{"LANG", "C"}, {"LC_ALL", "C.utf8"}}, false, true},
                        {{{"LANG", "C.UTF-8"}, {"LC_ALL", "C"}}, false, false},
                        {{{"LANG", "C.UTF-8"}, {"LC_ALL", ""}}, false, true}};
  for (const Case& c : cases) {
    const Look look = look_with(c.variables);
    EXPECT_EQ(look.color, c.color);
    EXPECT_EQ(look.unicode, c.unicode);
  }
}

}  // namespace
}  // namespace reconcile::cli
