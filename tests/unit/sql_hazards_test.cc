#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

#include "reconcilers/core/hazard.h"
#include "reconcilers/migrations/load.h"
#include "reconcilers/sql/hazards.h"
#include "reconcilers/sql/parse.h"
#include "tests/unit/support/files.h"

// tests/cases/hazards: the published rules of others as data, with statements of our own.

namespace reconcile::sql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Codes = std::set<std::string>;

const std::string folder = RECONCILE_SOURCE_DIR "/tests/cases/hazards/";

struct Case {
  bool bad = false;
  int line = 0;
  Codes expected;
  std::string sql;
};

/// One rule of a linter, and what we say to it.
struct Rule {
  std::string name;
  std::string verdict;  ///< agree, partly, disagree
  std::string why;
  std::vector<Case> cases;
};

Codes codes_in(const std::string& list) {
  Codes codes;
  std::istringstream words(std::regex_replace(list, std::regex(","), " "));
  for (std::string word; words >> word;) codes.insert(word);
  return codes;
}

/// "--# NAME", "--# agree: WHY", "--# bad: CODES" and the SQL below it.
std::vector<Rule> rules_of(const std::string& file) {
  std::vector<Rule> rules;
  std::istringstream text(test::contents(folder + file));
  const std::regex verdict("(agree|partly|disagree)(: (.*))?");
  const std::regex label("(bad|good):(.*)");
  int number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    if (!line.starts_with("--# ")) {
      if (!rules.empty() && !rules.back().cases.empty())
        rules.back().cases.back().sql += line + "\n";
      continue;
    }
    const std::string content = line.substr(4);
    std::smatch match;
    if (std::regex_match(content, match, verdict)) {
      rules.back().verdict = match[1];
      rules.back().why = match[3];
    } else if (std::regex_match(content, match, label)) {
      rules.back().cases.push_back({match[1] == "bad", number, codes_in(match[2]), {}});
    } else {
      rules.push_back({content, {}, {}, {}});
    }
  }
  return rules;
}

/// The hazards of one file on a database of which nothing is known, but for the short locks.
Codes codes_of(const std::string& sql, const CatalogFacts* facts = nullptr) {
  FileTree tree;
  tree.files.push_back({"migrations/pre/001_case.sql", "blob", sql});
  const auto migrations = migrations::load(tree);
  if (!migrations) return {"refused"};
  std::vector<PlannedStatement> statements;
  for (const Statement& statement : migrations->front().statements)
    statements.push_back({.statement = &statement, .begins_file = statements.empty()});
  Codes codes;
  for (const FoundHazard& found : hazards(statements, facts)) {
    if (found.hazard.level != HazardLevel::Allow) codes.insert(found.hazard.code);
  }
  return codes;
}

TEST(HazardRules, OfOthersAndOursAreAnsweredAsTheTableSays) {
  for (const std::string file : {"eugene.sql", "squawk.sql", "ours.sql"}) {
    for (const Rule& rule : rules_of(file)) {
      EXPECT_FALSE(rule.verdict.empty()) << file << ": " << rule.name;
      EXPECT_TRUE(rule.verdict == "agree" || !rule.why.empty()) << file << ": " << rule.name;
      EXPECT_FALSE(rule.cases.empty()) << file << ": " << rule.name;
      for (const Case& each : rule.cases) {
        EXPECT_EQ(codes_of(each.sql), each.expected)
            << file << ":" << each.line << ": " << rule.name << "\n"
            << each.sql;
      }
    }
  }
}

/// A rule we agree with fires on each bad case, whatever else it says of the good one.
TEST(HazardRules, AgreementIsAHazardOrARefusal) {
  for (const std::string file : {"eugene.sql", "squawk.sql"}) {
    for (const Rule& rule : rules_of(file)) {
      for (const Case& each : rule.cases) {
        if (rule.verdict == "agree" && each.bad) {
          EXPECT_THAT(each.expected, testing::Not(IsEmpty())) << file << ":" << each.line;
        }
      }
    }
  }
}

std::string row(const Rule& rule) {
  Codes codes;
  for (const Case& each : rule.cases) {
    if (each.bad) codes.insert(each.expected.begin(), each.expected.end());
  }
  std::string list;
  for (const std::string& code : codes) list += (list.empty() ? "" : ", ") + code;
  return "| " + rule.name + " | " + rule.verdict + " | " + list + " | " + rule.why + " |";
}

TEST(HazardRules, TheTableInTheReadmeIsThatOfTheCases) {
  const std::string readme = test::contents(folder + "README.md");
  for (const std::string file : {"eugene.sql", "squawk.sql"}) {
    for (const Rule& rule : rules_of(file)) EXPECT_THAT(readme, HasSubstr(row(rule)));
  }
}

TEST(HazardRules, EveryCodeIsUsedAndKebabCase) {
  Codes seen;
  for (const std::string file : {"eugene.sql", "squawk.sql", "ours.sql"}) {
    for (const Rule& rule : rules_of(file)) {
      for (const Case& each : rule.cases) seen.insert(each.expected.begin(), each.expected.end());
    }
  }
  // These need facts of a database, or are only mentioned: see below.
  for (const std::string code :
       {"add-domain-column", "primary-key-nullable", "drop-foreign-key", "brief-lock"})
    seen.insert(code);
  for (const HazardRule& rule : hazard_rules()) {
    const std::string code(rule.code);
    EXPECT_TRUE(seen.contains(code)) << code << " is in no case";
    EXPECT_TRUE(std::regex_match(code, std::regex("[a-z]+(-[a-z]+)*"))) << code;
    EXPECT_EQ(hazard_category(name_of(rule.category)), rule.category);
    EXPECT_FALSE(hazard_category(code)) << "a code and a category must not be called the same";
  }
}

// ---- with facts

CatalogFacts::Relation table(const std::string& name, bool populated) {
  return {.schema = "public", .name = name, .kind = "r", .visible = true, .populated = populated};
}

CatalogFacts some_facts() {
  CatalogFacts facts;
  CatalogFacts::Relation full = table("filled", true);
  full.columns = {{"id", "integer", -1, true},     {"a", "character varying", 14, false},
                  {"n", "numeric", 655366, false}, {"at", "timestamp without time zone", -1, false},
                  {"checked", "text", -1, false},  {"list", "integer[]", -1, false}};
  full.not_null_checks = {{"there", "checked", true}};
  full.indexed = {"a"};
  CatalogFacts::Relation index = table("full_idx", true);
  index.kind = "i";
  index.table = "public.filled";
  index.columns = {{"a", "character varying", 14, false}};
  facts.relations = {full, table("bare", false), index, table("Other", true)};
  facts.relations.back().schema = "app";
  facts.relations.back().visible = false;
  facts.types = {{"public", "grade", true, true}, {"public", "plain", false, false}};
  facts.functions = {{"stamp", false, false}, {"changes", true, false}, {"setval", true, true}};
  return facts;
}

struct FactCase {
  std::string sql;
  Codes expected;
};

TEST(HazardFacts, DecideWhatTextCannot) {
  const CatalogFacts facts = some_facts();
  const FactCase cases[] = {
      {"drop table filled", {"drop-table"}},
      {"drop table bare", {}},
      {"drop table if exists absent", {}},
      {"select changes(); drop table absent", {"call-function", "drop-table"}},
      {"do $$ begin if true then create table filled (id int); end if; end $$; drop table filled",
       {"drop-table"}},
      {"do $$ begin select id into filled from bare; end $$; drop table filled", {"drop-table"}},
      {"drop table app.\"Other\"", {"drop-table"}},
      {"drop table \"Other\"", {}},
      {"set search_path = app; drop table \"Other\"", {"drop-table"}},
      {"select set_config('search_path', 'app', true); drop table \"Other\"", {"drop-table"}},
      {"truncate bare", {}},
      {"delete from bare", {}},
      {"alter table filled drop column a", {"drop-column"}},
      {"alter table filled drop column if exists gone", {}},
      {"alter table bare drop column a, add unique (b), alter b set not null", {}},
      {"drop schema app cascade", {"drop-schema"}},
      {"drop schema empty cascade", {}},
      {"alter table filled alter a type varchar(20)", {}},
      {"alter table filled alter a type text", {}},
      {"alter table filled alter a type varchar(5)", {"change-column-type"}},
      {"alter table filled alter a type varchar(5) using a::varchar(5)",
       {"change-column-type", "lossy-type-change"}},
      {"alter table filled alter n type numeric(12,2)", {}},
      {"alter table filled alter n type numeric", {}},
      {"alter table filled alter n type numeric(12,3)", {"change-column-type"}},
      {"alter table filled alter n type numeric(10,1)",
       {"change-column-type", "lossy-type-change"}},
      {"alter table filled alter n type int", {"change-column-type", "lossy-type-change"}},
      {"alter table filled alter at type timestamptz", {}},
      {"set timezone = 'Europe/Tirane'; alter table filled alter at type timestamptz",
       {"change-column-type"}},
      {"alter table filled alter at type timestamp(0)",
       {"change-column-type", "lossy-type-change"}},
      {"alter table filled alter at type date", {"change-column-type", "lossy-type-change"}},
      {"alter table filled alter list type bigint[]", {"change-column-type"}},
      {"alter table filled alter id type bigint", {"change-column-type"}},
      {"alter table filled alter checked set not null", {}},
      {"alter table filled alter id set not null", {}},
      {"alter table filled alter a set not null", {"set-not-null"}},
      {"alter table filled add column g grade", {"add-domain-column"}},
      {"alter table filled add column g plain", {}},
      {"alter table filled add column s text default stamp()", {}},
      {"alter table filled add column s text default changes()", {"add-volatile-default"}},
      {"alter table filled add primary key using index full_idx", {"primary-key-nullable"}},
      {"create index if not exists full_idx on filled (a)", {}},
      {"drop index full_idx", {"drop-index"}},
      {"select setval('s', 1)", {}},
      {"select changes()", {"call-function"}},
      {"alter domain plain set not null", {}},
      {"drop type plain cascade", {"drop-cascade"}},
      {"drop type grade cascade", {"drop-type"}},
      {"alter table filled add foreign key (a) references bare (id)", {"add-foreign-key"}},
      {"alter table bare add foreign key (a) references filled (id)",
       {"foreign-key-lock", "foreign-key-without-index"}},
      {"alter table filled rename to kept; drop table kept", {"rename-table", "drop-table"}},
  };
  for (const FactCase& each : cases)
    EXPECT_EQ(codes_of(each.sql, &facts), each.expected) << each.sql;
}

TEST(HazardFacts, EverythingIsSaidOfAHazard) {
  const CatalogFacts facts = some_facts();
  const Statement statement{.text = "alter table filled drop column a", .line = 7};
  const PlannedStatement planned[] = {{.statement = &statement, .begins_file = true}};
  const auto found = hazards(planned, &facts);
  ASSERT_EQ(found.size(), 1U);
  const Hazard& hazard = found.front().hazard;
  EXPECT_EQ(hazard.object, "column public.filled.a");
  EXPECT_EQ(hazard.lock, "ACCESS EXCLUSIVE on public.filled");
  EXPECT_EQ(hazard.reason, "drops public.filled.a with its values");
  EXPECT_EQ(hazard.line, 7);
  EXPECT_EQ(hazard.count_sql, R"(select pg_catalog.count("a") from "public"."filled")");
  EXPECT_FALSE(hazard.safer.empty());
}

TEST(HazardFacts, ABlockNamesTheLineOfItsStatement) {
  const Statement statement{.text = "do\n$$\nbegin\n  -- why\n  drop table filled;\nend $$",
                            .line = 4};
  const PlannedStatement planned[] = {{.statement = &statement, .begins_file = true}};
  const CatalogFacts facts = some_facts();
  const auto found = hazards(planned, &facts);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().hazard.code, "drop-table");
  EXPECT_EQ(found.front().hazard.line, 8);
  EXPECT_TRUE(mentioned_names(planned).names.contains("filled"));
}

TEST(HazardFacts, AreAskedForWhatIsMentioned) {
  const Statement statements[] = {{.text = "drop schema \"Old\"\"one\" cascade"},
                                  {.text = "alter table App.T add column x \"Grade\" default f()"},
                                  {.text = "insert into rows values (1)"}};
  std::vector<PlannedStatement> planned;
  for (const Statement& statement : statements) planned.push_back({.statement = &statement});
  const MentionedNames names = mentioned_names(planned);
  EXPECT_TRUE(names.schemas.contains("Old\"one"));
  for (const std::string name : {"app", "t", "Grade", "f"})
    EXPECT_TRUE(names.names.contains(name)) << name;
  EXPECT_FALSE(names.names.contains("rows"));
}

/// PostgreSQL knows a long name by its first 63 bytes, whole characters of them.
TEST(HazardFacts, AreAskedForLongNamesAsPostgresqlKeepsThem) {
  const std::string start(62, 'x');
  const Statement statement{.text = "drop table \"" + start + "é\""};
  const PlannedStatement planned[] = {{.statement = &statement}};
  EXPECT_TRUE(mentioned_names(planned).names.contains(start));
  CatalogFacts facts;
  facts.relations = {table(start, true)};
  EXPECT_THAT(codes_of(statement.text, &facts), testing::Contains("drop-table"));
}

/// The trees of long and deep statements are not looked into: they are told as what cannot be read.
TEST(HazardLimits, LongStatementsAreNotGuessedAt) {
  std::string deep = "update races set laps = 1";
  for (int i = 0; i < 20'000; ++i) deep += " + 1";
  EXPECT_EQ(codes_of(deep), Codes{"unread-statement"});
  const std::string body(1U << 20U, 'x');
  EXPECT_EQ(codes_of("create function f() returns text language sql as '" + body + "'"), Codes{});
}

}  // namespace
}  // namespace reconcile::sql
