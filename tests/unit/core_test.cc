#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/core/digest.h"
#include "reconcilers/core/error.h"
#include "reconcilers/core/plan.h"
#include "reconcilers/core/result.h"
#include "reconcilers/core/revision.h"
#include "reconcilers/core/text_table.h"

namespace reconcile {
namespace {

TEST(Core, SqlStates) {
  const std::pair<const char*, ErrorKind> table[] = {
      {"40001", ErrorKind::Conflict},  {"40P01", ErrorKind::Conflict},
      {"55P03", ErrorKind::Conflict},  {"08000", ErrorKind::Transient},
      {"08006", ErrorKind::Transient}, {"53100", ErrorKind::Transient},
      {"53300", ErrorKind::Transient}, {"57P01", ErrorKind::Transient},
      {"57P02", ErrorKind::Transient}, {"57P03", ErrorKind::Transient},
      {"58000", ErrorKind::Transient}, {"58030", ErrorKind::Transient},
      {"57014", ErrorKind::Terminal},  {"40002", ErrorKind::Terminal},
      {"55006", ErrorKind::Terminal},  {"42601", ErrorKind::Terminal},
      {"42501", ErrorKind::Terminal},  {"23505", ErrorKind::Terminal},
      {"28P01", ErrorKind::Terminal},  {"3D000", ErrorKind::Terminal},
      {"XX000", ErrorKind::Terminal},  {"P0001", ErrorKind::Terminal},
      {"", ErrorKind::Terminal},       {"08", ErrorKind::Transient}};
  for (const auto& [state, kind] : table) EXPECT_EQ(kind_of_sqlstate(state), kind) << state;
}

TEST(Core, AnErrorIsOneLine) {
  struct Case {
    const char *where, *what, *why, *text;
  };
  const Case cases[] = {{"a.sql:3", "failed", "no table", "a.sql:3: failed: no table"},
                        {"a.sql:3", "failed", "", "a.sql:3: failed"},
                        {"", "failed", "no table", "failed: no table"},
                        {"", "failed", "", "failed"},
                        {"a.sql:3", "", "", "a.sql:3"}};
  for (const Case& c : cases) {
    EXPECT_EQ(describe({.where = c.where, .what = c.what, .why = c.why, .next = "do this"}),
              c.text);
  }
}

TEST(Core, NamesOfEnumsAreInTheirOrder) {
  EXPECT_EQ(name_of(Stage::Configure), "configure");
  EXPECT_EQ(name_of(Stage::Bootstrap), "bootstrap");
  EXPECT_EQ(name_of(Stage::Snapshot), "snapshot");
  EXPECT_EQ(name_of(Stage::Settle), "settle");
  EXPECT_EQ(name_of(ReasonCode::StaleRevision), "StaleRevision");
  EXPECT_EQ(name_of(ReasonCode::DestructiveChange), "DestructiveChange");
  EXPECT_EQ(name_of(ReasonCode::WaitingForDirectus), "WaitingForDirectus");
  EXPECT_EQ(name_of(ReasonCode::UnsupportedSnapshot), "UnsupportedSnapshot");
  EXPECT_EQ(name_of(Action::Create), "create");
  EXPECT_EQ(name_of(Action::Adopt), "adopt");
  EXPECT_EQ(name_of(Drift::Kind::Missing), "missing");
  EXPECT_EQ(name_of(Drift::Kind::Unmanaged), "unmanaged");
}

TEST(Core, Sha256) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

Plan two_steps() {
  Plan plan;
  Step first;
  first.stage = Stage::Pre;
  first.action = Action::Run;
  first.object = {"migration", "001_a.sql"};
  first.statements = {{.text = "create table a ()"}, {.text = "create table b ()"}};
  Step second;
  second.object = {"field", "clubs.name"};
  second.statements = {
      {.text = "('x')",
       .line = 0,
       .insert_head = std::make_shared<const std::string>("insert into f values ")}};
  plan.steps = {first, second};
  return plan;
}

std::string sealed(Plan plan) {
  seal(plan);
  return plan.digest;
}

TEST(Seal, IsStable) {
  EXPECT_EQ(sealed(two_steps()), sealed(two_steps()));
  EXPECT_EQ(sealed(two_steps()).size(), 64U);
  EXPECT_EQ(sealed(Plan()), sealed(Plan()));
  Plan twice = two_steps();
  seal(twice);
  EXPECT_EQ(sealed(twice), sealed(two_steps()));
}

TEST(Seal, FeelsEachPartThatWouldBeExecuted) {
  using Change = void (*)(Plan&);
  const std::pair<const char*, Change> changes[] = {
      {"stage", [](Plan& p) { p.steps[0].stage = Stage::Post; }},
      {"action", [](Plan& p) { p.steps[0].action = Action::Create; }},
      {"kind", [](Plan& p) { p.steps[0].object.kind = "file"; }},
      {"name", [](Plan& p) { p.steps[0].object.name = "002_a.sql"; }},
      {"statement", [](Plan& p) { p.steps[0].statements[0].text += ";"; }},
      {"insert head",
       [](Plan& p) {
         p.steps[1].statements[0].insert_head =
             std::make_shared<const std::string>("insert into g values ");
       }},
      {"one statement less", [](Plan& p) { p.steps[0].statements.pop_back(); }},
      {"one step less", [](Plan& p) { p.steps.pop_back(); }},
      {"no step", [](Plan& p) { p.steps.clear(); }},
      {"order of statements",
       [](Plan& p) { std::swap(p.steps[0].statements[0], p.steps[0].statements[1]); }},
      {"order of steps", [](Plan& p) { std::swap(p.steps[0], p.steps[1]); }}};
  std::set<std::string> digests{sealed(two_steps())};
  for (const auto& [name, change] : changes) {
    Plan plan = two_steps();
    change(plan);
    EXPECT_TRUE(digests.insert(sealed(plan)).second) << name;
  }
}

TEST(Seal, IsBlindToWhatIsOnlyTold) {
  Plan plan = two_steps();
  plan.notes = {"a note"};
  plan.drift = {{Drift::Kind::Altered, {"field", "x"}, "y"}};
  plan.steps[0].detail = plan.steps[0].reason = plan.steps[0].group = "other words";
  plan.steps[0].rows_at_stake = 5;
  plan.fingerprint = "f";
  EXPECT_EQ(sealed(plan), sealed(two_steps()));
}

TEST(Core, TextTable) {
  EXPECT_EQ(TextTable().rows(), 0U);
  TextTable table({{"a", 25}, {"b", 16}});
  for (const std::optional<std::string_view> cell :
       {std::optional<std::string_view>("x"), {"t"}, {}, {"f"}, {""}, {}})
    table.add(cell);
  ASSERT_EQ(table.rows(), 3U);
  EXPECT_EQ(table.at(0, 0), "x");
  EXPECT_EQ(table.at(1, 0), std::nullopt);
  EXPECT_EQ(table.at(2, 0), "");
  EXPECT_EQ(table.text(1, 0), "");
  EXPECT_TRUE(table.truth(0, 1));
  EXPECT_FALSE(table.truth(1, 1));
  EXPECT_FALSE(table.truth(2, 1));
}

TEST(Core, RevisionsAndOwnersInShort) {
  const Revision revision{
      .commit = std::string(40, 'a'), .author = "A", .message = "Subject\n\nBody"};
  EXPECT_EQ(revision.short_commit(), "aaaaaaaaaa");
  EXPECT_EQ(revision.subject(), "Subject");
  EXPECT_EQ((Revision{.commit = "", .author = "", .message = "One line"}).subject(), "One line");
  EXPECT_EQ((Owner{"a.sql", 3}).text(), "a.sql:3");
  EXPECT_EQ((Owner{"a.sql", 0}).text(), "a.sql");
  FileTree tree{{{"a", "1", "x"}, {"b", "2", "y"}}};
  EXPECT_EQ(tree.find("b")->blob, "2");
  EXPECT_EQ(tree.find("c"), nullptr);
}

TEST(Core, TheValueOfAFailedResultThrowsItsError) {
  const Result<int> failed = Error{.where = "a", .what = "b", .why = "", .next = ""};
  EXPECT_THROW(static_cast<void>(failed.value()), std::logic_error);
}

}  // namespace
}  // namespace reconcile
