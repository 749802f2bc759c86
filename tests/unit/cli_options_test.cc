#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "controller/cli/commands.h"
#include "controller/cli/options.h"
#include "controller/cli/secrets.h"
#include "tests/unit/support/files.h"

namespace reconcile::cli {
namespace {

using test::environment;
using test::Folder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using Words = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

class Options : public ::testing::Test {
 protected:
  /// Parses with a configuration of its own, so that no reconcile.yaml around the test counts.
  std::variant<Invocation, Farewell> run(Words words, Variables variables = {},
                                         const std::string& yaml = "") {
    words.insert(words.begin(), "reconcile");
    words.insert(words.end(), {"--config", folder_.write("reconcile.yaml", yaml)});
    std::vector<const char*> arguments;
    for (const std::string& word : words) arguments.push_back(word.c_str());
    return parse(static_cast<int>(arguments.size()), arguments.data(),
                 environment(std::move(variables)));
  }
  Invocation parsed(Words words, Variables variables = {}, const std::string& yaml = "") {
    auto result = run(std::move(words), std::move(variables), yaml);
    if (const auto* farewell = std::get_if<Farewell>(&result))
      throw std::logic_error(farewell->text);
    return std::get<Invocation>(std::move(result));
  }
  Farewell refused(Words words, Variables variables = {}, const std::string& yaml = "") {
    auto result = run(std::move(words), std::move(variables), yaml);
    const auto* farewell = std::get_if<Farewell>(&result);
    return farewell == nullptr ? Farewell{-1, "accepted"} : *farewell;
  }
  Folder folder_;
};

TEST_F(Options, EachCommand) {
  const Variables database{{"RECONCILE_DATABASE", "host=db"}};
  EXPECT_EQ(parsed({"--once"}, database).command, Command::Once);
  EXPECT_EQ(parsed({"plan"}, database).command, Command::Plan);
  EXPECT_EQ(parsed({"status"}, database).command, Command::Status);
  EXPECT_EQ(parsed({"history"}, database).command, Command::History);
  EXPECT_EQ(parsed({"history"}, database).limit, 20U);
  EXPECT_EQ(parsed({"history", "--limit", "3"}, database).limit, 3U);
}

TEST_F(Options, AdoptMakesABranchAndFollowsAnother) {
  const Variables database{{"RECONCILE_DATABASE", "host=db"}};
  const Invocation all = parsed({"adopt"}, database);
  EXPECT_EQ(all.command, Command::Adopt);
  EXPECT_TRUE(all.adopt.objects.empty());
  const Invocation some = parsed({"adopt", "view public.a", "b.c", "--branch", "main",
                                  "--new-branch", "mine", "--message", "Why"},
                                 database);
  EXPECT_EQ(some.adopt.objects, (std::vector<std::string>{"view public.a", "b.c"}));
  EXPECT_EQ(some.branch, "main");
  EXPECT_EQ(some.adopt.branch, "mine");
  EXPECT_EQ(some.adopt.message, "Why");
  const std::string two = "targets: {a: {database: host=a}, b: {database: host=b}}";
  EXPECT_THAT(refused({"adopt"}, {}, two).text, HasSubstr("add --target NAME"));
}

TEST_F(Options, ABranchOrTagsForAllTargets) {
  const std::string two =
      "tag: 'v*'\ntargets: {a: {database: host=a, branch: x}, b: {database: host=b}}";
  const auto selections = [](const Invocation& invocation) {
    Words words;
    for (const config::Target& target : invocation.targets)
      words.push_back(target.branch + "/" + target.tag);
    return words;
  };
  EXPECT_THAT(selections(parsed({"plan"}, {}, two)), ElementsAre("x/", "/v*"));
  EXPECT_THAT(selections(parsed({"plan", "--branch", "y"}, {}, two)), ElementsAre("y/", "y/"));
  EXPECT_THAT(selections(parsed({"plan", "--tag", "w*"}, {}, two)), ElementsAre("/w*", "/w*"));
  const Variables database{{"RECONCILE_DATABASE", "host=db"}};
  EXPECT_THAT(selections(parsed({"plan", "--tag", "w*"}, database)), ElementsAre("/w*"));
  EXPECT_THAT(selections(parsed({"plan", "--database", "host=db", "--tag", "w*"})),
              ElementsAre("/w*"));
  const std::string fleet = "fleets: {t: {server: host=db, databases: t_%}}";
  EXPECT_EQ(parsed({"plan", "--tag", "w*"}, {}, fleet).fleets.at(0).pattern.tag, "w*");
  EXPECT_EQ(refused({"plan", "--tag", "w*", "--branch", "y"}, database).exit_code, 64);
  EXPECT_EQ(refused({"plan", "--tag", "w*", "--revision", "y"}, database).exit_code, 64);
}

TEST_F(Options, RollbackIsOfOneDatabaseToOneRevision) {
  const Variables database{{"RECONCILE_DATABASE", "host=db"}};
  const Invocation shown = parsed({"rollback", "--to", "v1"}, database);
  EXPECT_EQ(shown.command, Command::Rollback);
  EXPECT_EQ(shown.revision, "v1");
  EXPECT_FALSE(shown.rollback.meant);
  EXPECT_TRUE(parsed({"rollback", "--to", "v1", "--yes"}, database).rollback.meant);
  EXPECT_EQ(refused({"rollback"}, database).exit_code, 64);
  EXPECT_THAT(refused({"rollback", "--to", "v1", "--revision", "v2"}, database).text,
              HasSubstr("leave out --revision"));
  const std::string two = "targets: {a: {database: host=a}, b: {database: host=b}}";
  EXPECT_THAT(refused({"rollback", "--to", "v1"}, {}, two).text, HasSubstr("add --target NAME"));
  EXPECT_EQ(parsed({"rollback", "--to", "v1", "--target", "b"}, {}, two).targets.front().name, "b");
}

TEST_F(Options, VerifyNeedsNoDatabase) {
  const Invocation plain = parsed({"verify", "--from", "v1"});
  EXPECT_EQ(plain.command, Command::Verify);
  EXPECT_EQ(plain.verify.from, "v1");
  EXPECT_FALSE(plain.verify.target_named);
  EXPECT_FALSE(parsed({"verify"}, {{"RECONCILE_DATABASE", "host=db"}}).verify.target_named)
      << "only the command line makes it look at a database";
  EXPECT_TRUE(parsed({"verify", "--database", "host=db"}).verify.target_named);
  const std::string two = "targets: {a: {database: host=a}, b: {database: host=b}}";
  EXPECT_EQ(parsed({"verify"}, {}, two).targets.size(), 2U);
  EXPECT_TRUE(parsed({"verify", "--target", "a"}, {}, two).verify.target_named);
  for (const Words& needs :
       {Words{"verify", "--on-server"}, Words{"verify", "--write-directus-tables", "x"}}) {
    EXPECT_THAT(refused(needs).text, HasSubstr("needs a database"));
    EXPECT_THAT(refused(needs, {}, two).text, HasSubstr("add --target NAME"));
  }
}

TEST_F(Options, VerifyOnAServerThatIsNone) {
  EXPECT_THAT(refused({"verify", "--on-server", "--database", "embedded"}).text,
              HasSubstr("leave out --on-server"));
}

TEST_F(Options, SnapshotWritesOneDatabaseAndChecksMany) {
  const Variables database{{"RECONCILE_DATABASE", "host=db"}};
  const Invocation plain = parsed({"snapshot"}, database);
  EXPECT_EQ(plain.command, Command::Snapshot);
  EXPECT_FALSE(plain.snapshot.check);
  EXPECT_EQ(plain.snapshot.write, "");
  EXPECT_EQ(parsed({"snapshot", "-o", "x.yaml"}, database).snapshot.write, "x.yaml");
  EXPECT_EQ(parsed({"snapshot", "--directus-version=11.6.1"}, database).snapshot.directus_version,
            "11.6.1");
  EXPECT_EQ(refused({"snapshot", "--check", "--write", "x"}, database).exit_code, 64);
  EXPECT_EQ(refused({"plan", "--check"}, database).exit_code, 64);
  const std::string two = "targets: {a: {database: host=a}, b: {database: host=b}}";
  EXPECT_EQ(parsed({"snapshot", "--check"}, {}, two).targets.size(), 2U);
  EXPECT_THAT(refused({"snapshot"}, {}, two).text, HasSubstr("add --target NAME"));
}

TEST_F(Options, WhatIsLostAndComesBack) {
  const Variables database{{"RECONCILE_DATABASE", "host=db"}};
  const Invocation approve =
      parsed({"approve", "--plan", "ab12cd34", "--reason", "moved"}, database);
  EXPECT_EQ(approve.command, Command::Approve);
  EXPECT_EQ(approve.guard.plan, "ab12cd34");
  EXPECT_EQ(approve.guard.reason, "moved");
  EXPECT_EQ(parsed({"restore"}, database).command, Command::Restore);
  EXPECT_THAT(parsed({"restore", "field a.b", "7"}, database).guard.objects,
              ElementsAre("field a.b", "7"));
  EXPECT_THAT(parsed({"purge", "7"}, database).guard.objects, ElementsAre("7"));
  EXPECT_TRUE(parsed({"purge", "--expired"}, database).guard.expired);
  EXPECT_EQ(parsed({"purge", "--older-than", "2d"}, database).guard.older_than,
            std::chrono::hours(48));
  for (const Words& words :
       {Words{"purge"}, Words{"purge", "7", "--expired"}, Words{"approve", "--plan", "ab"},
        Words{"purge", "--older-than", "2"}, Words{"purge", "--expired", "--older-than", "2d"}})
    EXPECT_EQ(refused(words, database).exit_code, 64) << ::testing::PrintToString(words);
  const std::string two = "targets: {a: {database: host=a}, b: {database: host=b}}";
  EXPECT_EQ(parsed({"restore"}, {}, two).targets.size(), 2U);
  EXPECT_EQ(parsed({"purge", "--expired"}, {}, two).targets.size(), 2U);
  EXPECT_THAT(refused({"restore", "7"}, {}, two).text, HasSubstr("add --target NAME"));
}

TEST_F(Options, OptionsStandBeforeOrBehindTheCommand) {
  for (const Words& words : {Words{"plan", "--database", "host=db", "-v", "--output", "json"},
                             Words{"-v", "--output=json", "--database=host=db", "plan"}}) {
    const Invocation invocation = parsed(words);
    EXPECT_EQ(invocation.command, Command::Plan);
    EXPECT_TRUE(invocation.json);
    EXPECT_TRUE(invocation.verbose);
    EXPECT_EQ(invocation.targets.at(0).database, "host=db");
    EXPECT_EQ(invocation.targets.at(0).name, "default");
    EXPECT_EQ(invocation.targets.at(0).mode, "auto");
  }
}

TEST_F(Options, CommandLineOverEnvironmentOverFileOverDefaults) {
  const std::string yaml =
      "repository: file\nbranch: file\nstate: file\ntargets:\n  file: {database: file, mode: "
      "skip}\n";
  const Variables variables{{"RECONCILE_REPO", "env"},     {"RECONCILE_BRANCH", "env"},
                            {"RECONCILE_STATE", "env"},    {"RECONCILE_DATABASE", "env"},
                            {"RECONCILE_MODE", "dry-run"}, {"HOME", "/home/x"}};
  const auto seen = [](const Invocation& i) {
    return Words{i.repository, i.branch, i.state, i.targets.at(0).database, i.targets.at(0).mode};
  };
  EXPECT_THAT(seen(parsed({"plan", "--repo", "arg", "--branch", "arg", "--state", "arg",
                           "--database", "arg", "--mode", "auto"},
                          variables, yaml)),
              ElementsAre("arg", "arg", "arg", "arg", "auto"));
  EXPECT_THAT(seen(parsed({"plan"}, variables, yaml)),
              ElementsAre("env", "env", "env", "env", "dry-run"));
  EXPECT_THAT(seen(parsed({"plan"}, {}, yaml)),
              ElementsAre("file", "file", "file", "file", "skip"));
  EXPECT_THAT(
      seen(parsed({"plan", "--database", "x"}, Variables{{"HOME", "/home/x"}})),
      ElementsAre("", "", geteuid() == 0 ? "/var/lib/reconcile" : "/home/x/.local/state/reconcile",
                  "x", "auto"));
  EXPECT_EQ(parsed({"plan", "--database", "x"}, {{"HOME", "/h"}, {"XDG_STATE_HOME", "/xdg"}}).state,
            "/xdg/reconcile");
  EXPECT_EQ(parsed({"plan", "--database", "x"}).state, "/var/lib/reconcile");
}

TEST_F(Options, TargetsAreChosenByName) {
  const std::string yaml =
      "targets:\n  stage: {database: s}\n  prod: {database: p}\n  test: {database: t}\n";
  const auto names = [&](const Words& words) {
    Words found;
    for (const config::Target& target : parsed(words, {}, yaml).targets)
      found.push_back(target.name);
    return found;
  };
  EXPECT_THAT(names({"plan"}), ElementsAre("stage", "prod", "test"));
  EXPECT_THAT(names({"plan", "--target", "prod"}), ElementsAre("prod"));
  EXPECT_THAT(names({"plan", "--target", "test", "--target", "stage"}),
              ElementsAre("stage", "test"));
  EXPECT_EQ(
      parsed({"plan", "--target", "prod", "--database", "x"}, {}, yaml).targets.at(0).database,
      "x");
}

TEST_F(Options, LibpqsOwnEnvironmentIsADatabase) {
  for (const char* name : {"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"}) {
    EXPECT_EQ(parsed({"plan"}, {{name, "x"}}).targets.at(0).database, "") << name;
  }
}

TEST_F(Options, WhatIsWrongIsSaidWithTheWayOut) {
  const std::string two = "targets:\n  a: {database: x}\n  b: {database: y}\n";
  struct Case {
    Words words;
    Variables variables;
    std::string yaml;
    const char* told;
  };
  const Case cases[] = {
      {{"plan"}, {}, "", "no database to reconcile"},
      {{"plan"}, {{"RECONCILE_MODE", "dry-run"}}, "", "no database to reconcile"},
      {{"plan"}, {}, "targets:\n  a: {mode: auto}\n", "no database to reconcile for target \"a\""},
      {{"destroy"}, {}, "", "destroy"},
      {{"plan", "--nonsense"}, {}, "", "--nonsense"},
      {{"plan", "status"}, {}, "", ""},
      {{"--once", "plan", "--database", "x"}, {}, "", "--once is a command of its own"},
      {{"plan", "--mode", "manual"}, {}, "", "manual"},
      {{"plan", "--output", "xml"}, {}, "", "xml"},
      {{"status", "--watch", "--output", "json", "--database", "x"}, {}, "", "has no JSON"},
      {{"plan", "--branch", "a", "--revision", "b"}, {}, "", "excludes"},
      {{"history", "--limit", "0", "--database", "x"}, {}, "", "--limit"},
      {{"history", "--limit", "many", "--database", "x"}, {}, "", "--limit"},
      {{"plan", "--target", "c"}, {}, two, "there is no target \"c\""},
      {{"plan", "--database", "z"}, {}, two, "there are several targets"},
      {{"plan", "--target", "a", "--target", "b", "--database", "x"},
       {},
       "",
       "several --target without a configuration"},
      {{"plan"}, {}, "nonsense: 1\n", "unknown key"}};
  for (const Case& c : cases) {
    const Farewell farewell = refused(c.words, c.variables, c.yaml);
    EXPECT_EQ(farewell.exit_code, 64) << c.told;
    EXPECT_THAT(farewell.text, HasSubstr(c.told));
    EXPECT_THAT(farewell.text, ::testing::MatchesRegex("error: [^\n]+\n  next: [^\n]+\n"))
        << farewell.text;
  }
}

TEST_F(Options, HelpAndVersionAreNoErrors) {
  const Farewell help = refused({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* word : {"plan", "status", "history", "--once", "--database",
                           "RECONCILE_DATABASE", "Exit codes", "NO_COLOR"})
    EXPECT_THAT(help.text, HasSubstr(word));
  const Farewell of_a_command = refused({"plan", "--help"});
  EXPECT_EQ(of_a_command.exit_code, 0);
  EXPECT_THAT(of_a_command.text, HasSubstr("--database CONNINFO"));
  EXPECT_THAT(refused({"--version"}).text, ::testing::StartsWith("reconcile "));
}

TEST_F(Options, AComplaintNeverRepeatsASecret) {
  const Words secrets[] = {{"plan", "postgresql://deploy:hunter2@db/trm"},
                           {"plan", "--mode", "host=db password=hunter2"},
                           {"plan", "--output", "password = 'hunter2 and hunter2'"}};
  for (const Words& words : secrets) {
    const Farewell farewell = refused(words);
    EXPECT_EQ(farewell.exit_code, 64);
    EXPECT_THAT(farewell.text, Not(HasSubstr("hunter2")));
  }
}

TEST(HideSecrets, OverwritesEachFormInPlace) {
  const std::pair<const char*, const char*> table[] = {
      {"postgresql://deploy:hunter2@db/trm", "postgresql://deploy:xxxxxxx@db/trm"},
      {"postgres://deploy:p%40ss%3A@db/trm?sslmode=require",
       "postgres://deploy:xxxxxxxxx@db/trm?sslmode=require"},
      {"--database=postgresql://deploy:hunter2@db/trm",
       "--database=postgresql://deploy:xxxxxxx@db/trm"},
      {"postgresql://deploy:a@b@db/trm", "postgresql://deploy:xxx@db/trm"},
      {"postgresql://:pw@db/trm", "postgresql://:xx@db/trm"},
      {"postgresql://db:5432/trm?user=a&password=hunter2&sslmode=require",
       "postgresql://db:5432/trm?user=a&password=xxxxxxx&sslmode=require"},
      {"postgresql://deploy@db:5432/trm", "postgresql://deploy@db:5432/trm"},
      {"postgresql://db:5432/trm?user=a@b", "postgresql://db:5432/trm?user=a@b"},
      {"host=db password=hunter2 dbname=trm", "host=db password=xxxxxxx dbname=trm"},
      {"host=db password = hunter2 dbname=trm", "host=db password = xxxxxxx dbname=trm"},
      {"password='hunter 2' host=db", "password=xxxxxxxxx' host=db"},
      {R"(password='hunt\'er 2' host=db)", "password=xxxxxxxxxxx' host=db"},
      {R"(password=hunt\ er host=db)", "password=xxxxxxxx host=db"},
      {"sslpassword=one password=two", "sslpassword=xxx password=xxx"},
      {"password=", "password="},
      {"password", "password"},
      {"passfile=/x password='", "passfile=/x password=x"},
      {"https://user:token@git.example/trm", "https://user:xxxxx@git.example/trm"},
      {"--repo", "--repo"},
      {"", ""}};
  for (const auto& [argument, hidden] : table) {
    std::string program = "reconcile";
    std::string first = argument;
    std::string second = argument;
    char* arguments[] = {program.data(), first.data(), second.data(), nullptr};
    hide_secrets(3, arguments);
    EXPECT_EQ(first, hidden);
    EXPECT_EQ(second, hidden);
    EXPECT_EQ(program, "reconcile");
  }
}

TEST(ExitCodes, OfEachOutcomeAndOfSeveral) {
  const Error usage{.kind = ErrorKind::Usage, .where = "", .what = "x", .why = "", .next = ""};
  const Error broken{.where = "", .what = "x", .why = "", .next = ""};
  const std::pair<Outcome, int> table[] = {{InSync{}, 0},
                                           {Applied{}, 0},
                                           {Skipped{}, 0},
                                           {Pending{}, 2},
                                           {Held{}, 3},
                                           {Failed{Stage::Read, broken}, 1},
                                           {Failed{Stage::Configure, usage}, 64}};
  for (const auto& [outcome, code] : table) EXPECT_EQ(exit_code(outcome), code);
  const int order[] = {0, 2, 3, 1, 64};
  for (std::size_t i = 0; i < std::size(order); ++i) {
    for (std::size_t j = 0; j < std::size(order); ++j)
      EXPECT_EQ(most_urgent(order[i], order[j]), order[std::max(i, j)]);
  }
}

}  // namespace
}  // namespace reconcile::cli
