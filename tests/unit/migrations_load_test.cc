#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/core/digest.h"
#include "reconcilers/migrations/file_name.h"
#include "reconcilers/migrations/load.h"

namespace reconcile::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

FileTree tree(std::vector<std::pair<std::string, std::string>> files) {
  FileTree made;
  for (auto& [path, text] : files) made.files.push_back({path, "blob of " + path, text});
  return made;
}

std::vector<std::string> files_of(const FileTree& from) {
  std::vector<std::string> files;
  for (const Migration& migration : load(from).value()) {
    files.push_back(std::string(name_of(migration.phase)) + "/" + migration.name);
  }
  return files;
}

Error error_of(const FileTree& from) {
  const auto result = load(from);
  EXPECT_TRUE(result.has_error());
  return result ? Error{} : result.error();
}

Error error_of(std::string text) {
  return error_of(tree({{"migrations/pre/001_a.sql", std::move(text)}}));
}

TEST(Load, PhasesInOrderAndNumbersAsNumbers) {
  EXPECT_THAT(
      files_of(tree({{"migrations/post/001_x.sql", ""},
                     {"migrations/pre/10_b.sql", ""},
                     {"migrations/pre/100_c.sql", ""},
                     {"migrations/pre/9_a.sql", ""},
                     {"migrations/pre/0001_z.sql", ""},
                     {"migrations/pre/20260101120000000000000000_long.sql", ""},
                     {"migrations/seed/000_s.sql", ""}})),
      ElementsAre("pre/0001_z.sql", "pre/9_a.sql", "pre/10_b.sql", "pre/100_c.sql",
                  "pre/20260101120000000000000000_long.sql", "post/001_x.sql", "seed/000_s.sql"));
}

TEST(Load, TheOlderLayout) {
  EXPECT_THAT(files_of(tree({{"db-init-post/001_b.sql", ""},
                             {"db-init/001_a.sql", ""},
                             {"migrations/README.md", ""},
                             {"snapshots/schema.yaml", ""}})),
              ElementsAre("pre/001_a.sql", "post/001_b.sql"));
}

TEST(Load, NothingToLoad) {
  EXPECT_THAT(files_of({}), IsEmpty());
  EXPECT_THAT(files_of(tree({{"migrations/pre/.gitkeep", ""},
                             {"migrations/pre/README.md", "not sql"},
                             {"migrations/pre/docs/notes.md", ""},
                             {"migrations/pre/001_a.sql.bak", "not sql"},
                             {"src/001_a.sql", "not sql"}})),
              IsEmpty());
}

TEST(Load, AMigrationKnowsItsFile) {
  const std::string text = "-- why\ncreate table t (a int);\n\ninsert into t values (1);\n";
  const auto migrations = load(tree({{"migrations/seed/007_t.sql", text}})).value();
  ASSERT_EQ(migrations.size(), 1U);
  const Migration& migration = migrations.front();
  EXPECT_EQ(migration.phase, Stage::Seed);
  EXPECT_EQ(migration.file, "migrations/seed/007_t.sql");
  EXPECT_EQ(migration.name, "007_t.sql");
  EXPECT_EQ(migration.number, "7");
  EXPECT_EQ(migration.blob, "blob of migrations/seed/007_t.sql");
  EXPECT_EQ(migration.raw_hash, sha256(text));
  EXPECT_EQ(migration.token_hash.size(), 64U);
  ASSERT_EQ(migration.statements.size(), 2U);
  EXPECT_EQ(migration.statements[0].text, "create table t (a int)");
  EXPECT_EQ(migration.statements[1].line, 4);
  EXPECT_FALSE(migration.out_of_order_allowed);
}

TEST(Load, FilesWithoutStatements) {
  for (const std::string text : {"", "\n\n", "-- later\n", "/* later */", ";", "\xEF\xBB\xBF"}) {
    const auto migrations = load(tree({{"migrations/pre/001_a.sql", text}}));
    ASSERT_TRUE(migrations) << describe(migrations.error());
    EXPECT_THAT(migrations->front().statements, IsEmpty());
  }
}

TEST(Load, AByteOrderMarkIsNotRunButCounts) {
  const std::string text = "\xEF\xBB\xBFselect 1;";
  const auto with = load(tree({{"migrations/pre/001_a.sql", text}})).value();
  const auto without = load(tree({{"migrations/pre/001_a.sql", "select 1;"}})).value();
  EXPECT_EQ(with[0].statements[0].text, "select 1");
  EXPECT_EQ(with[0].token_hash, without[0].token_hash);
  EXPECT_NE(with[0].raw_hash, without[0].raw_hash);
}

struct Misplaced {
  std::vector<std::string> paths;
  std::string_view where, text;
};

TEST(Load, FilesThatNoPhaseWouldRunAreErrors) {
  const std::vector<Misplaced> cases{
      {{"migrations/001_a.sql"}, "migrations/001_a.sql", "no phase"},
      {{"migrations/prepare/001_a.sql"}, "migrations/prepare/001_a.sql", "no phase"},
      {{"migrations/pre/old/001_a.sql"}, "migrations/pre/old/001_a.sql", "sub folder"},
      {{"db-init/old/001_a.sql"}, "db-init/old/001_a.sql", "sub folder"},
      {{"migrations/pre/a.sql"}, "migrations/pre/a.sql", "number"},
      {{"migrations/pre/v1_a.SQL"}, "migrations/pre/v1_a.SQL", "number"},
      {{"migrations/pre/001_a.sql", "migrations/pre/1_b.sql"},
       "migrations/pre/1_b.sql",
       "number 1 is used twice"},
      {{"db-init/001_a.sql", "migrations/post/001_b.sql"}, "db-init/001_a.sql", "two layouts"},
  };
  for (const Misplaced& each : cases) {
    FileTree files;
    for (const std::string& path : each.paths) files.files.push_back({path, "b", ""});
    const Error error = error_of(files);
    EXPECT_EQ(error.where, each.where);
    EXPECT_THAT(describe(error), HasSubstr(std::string(each.text)));
    for (const std::string& path : each.paths) EXPECT_THAT(describe(error), HasSubstr(path));
    EXPECT_FALSE(error.next.empty());
  }
}

TEST(Load, TheSameNumberInTwoPhases) {
  EXPECT_THAT(files_of(tree({{"migrations/pre/001_a.sql", ""}, {"migrations/post/001_a.sql", ""}})),
              ElementsAre("pre/001_a.sql", "post/001_a.sql"));
}

TEST(Load, StatementsThatDoNotBelongInAMigration) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases{
      {"select 1;\nCOMMIT;", "migrations/pre/001_a.sql:2", "COMMIT in a migration"},
      {"begin;\nselect 1;\ncommit;", "migrations/pre/001_a.sql:1", "BEGIN in a migration"},
      {"savepoint x;", "migrations/pre/001_a.sql:1", "SAVEPOINT X in a migration"},
      {"select 1;\n\ncreate index concurrently i on t(a);", "migrations/pre/001_a.sql:3",
       "CREATE INDEX CONCURRENTLY beside other statements"},
      {"reindex schema concurrently s;", "migrations/pre/001_a.sql:1",
       "REINDEX CONCURRENTLY in a migration"},
      {"vacuum;", "migrations/pre/001_a.sql:1", "VACUUM in a migration"},
  };
  for (const auto& [text, where, what] : cases) {
    const Error error = error_of(text);
    EXPECT_EQ(error.where, where);
    EXPECT_EQ(error.what, what);
    EXPECT_FALSE(error.why.empty());
    EXPECT_FALSE(error.next.empty());
  }
}

TEST(Load, ErrorsOfTheSqlNameTheFile) {
  EXPECT_EQ(error_of("select 1;\nselect 'x;").where, "migrations/pre/001_a.sql:2");
  EXPECT_EQ(error_of("\\i x.sql").where, "migrations/pre/001_a.sql:1");
  EXPECT_EQ(error_of("select 1;\n-- \xff").where, "migrations/pre/001_a.sql:2");
}

TEST(Load, WhatTheGrammarCannotReadKeepsTheReason) {
  const auto loaded = load(tree({{"migrations/pre/001_a.sql", "select 1;\nselect fro m x y;"}}));
  const std::vector<Statement>& statements = loaded.value().front().statements;
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_FALSE(statements[0].unread);
  EXPECT_EQ(statements[1].text, "select fro m x y");
  ASSERT_TRUE(statements[1].unread);
  EXPECT_EQ(statements[1].unread->where, "migrations/pre/001_a.sql:2");
}

TEST(Directives, AreReadFromTheCommentsInFront) {
  const auto migration = load(tree({{"migrations/pre/001_a.sql",
                                     "\xEF\xBB\xBF-- Why this is.\r\n"
                                     "-- reconcile: only stage, dev\r\n"
                                     "--reconcile:only eu-1.prod\r\n"
                                     "/* more */\r\n"
                                     "-- reconcile: except prod\r\n"
                                     "-- reconcile: allow out-of-order\r\n"
                                     "-- reconcile: allow drop-table, truncate\r\n"
                                     "select 1;"}}))
                             .value()
                             .front();
  EXPECT_THAT(migration.only, ElementsAre("stage", "dev", "eu-1.prod"));
  EXPECT_THAT(migration.except, ElementsAre("prod"));
  EXPECT_TRUE(migration.out_of_order_allowed);
  EXPECT_THAT(migration.allowed_hazards, ElementsAre("drop-table", "truncate"));
}

TEST(Directives, ProseAndStringsAreNot) {
  for (const std::string text :
       {"-- reconcile the balances\nselect 1;", "select '-- reconcile: nonsense';",
        "do $$\n-- reconcile: nonsense\nbegin end $$;", "-- see reconcile: it is documented\n",
        "-- reconciled: yesterday\n", "-- remember: only once\n", "-- We reconcile only once\n"}) {
    const auto migrations = load(tree({{"migrations/pre/001_a.sql", text}}));
    ASSERT_TRUE(migrations) << text << describe(migrations.error());
    EXPECT_THAT(migrations->front().only, IsEmpty());
  }
}

TEST(Directives, MisspeltOnesAreErrors) {
  for (const std::string line : {"-- reconcile: onyl prod",
                                 "-- reconcile: only",
                                 "-- reconcile: only stage dev",
                                 "-- reconcile: only stage,",
                                 "-- reconcile: allow",
                                 "-- reconcile: allow out of order",
                                 "-- reconcile: allow out-of-order please",
                                 "-- reconcile: allow drop-tabel",
                                 "-- reconcile: allow data-loss",
                                 "-- reconcile:",
                                 "-- Reconcile: only prod",
                                 "-- reconcile : only prod",
                                 "-- reconcile only prod",
                                 "-- RECONCILE except prod",
                                 "/* reconcile: only prod */",
                                 "--- reconcile: only: prod",
                                 "-- reconcile: only \"prod\"",
                                 "-- reconcile: except prod -- because",
                                 "-- reconcil: only prod",
                                 "-- recocnile: except prod",
                                 "-- reconciler allow out-of-order"}) {
    const Error error = error_of("-- first\n" + line + "\nselect 1;");
    EXPECT_EQ(error.where, "migrations/pre/001_a.sql:2") << line;
    EXPECT_THAT(error.next, HasSubstr("reconcile: only NAME")) << line;
  }
}

TEST(Directives, AfterTheFirstStatementIsTooLate) {
  const Error error = error_of("select 1;\n-- reconcile: only prod\nselect 2;");
  EXPECT_EQ(error.where, "migrations/pre/001_a.sql:2");
  EXPECT_THAT(error.next, HasSubstr("top of the file"));
}

TEST(FileName, NumbersAndNames) {
  EXPECT_EQ(base_name("a/b/c.sql"), "c.sql");
  EXPECT_EQ(base_name("c.sql"), "c.sql");
  EXPECT_EQ(number_of("007_a.sql"), "7");
  EXPECT_EQ(number_of("000.sql"), "0");
  EXPECT_EQ(number_of("a.sql"), "");
  EXPECT_EQ(without_number("004_unique-1.sql"), "unique-1.sql");
  EXPECT_EQ(without_number("004"), "");
  EXPECT_TRUE(std::is_lt(compare_numbers("9", "10")));
  EXPECT_TRUE(std::is_eq(compare_numbers("10", "10")));
  EXPECT_EQ(next_number("9"), "10");
  EXPECT_EQ(next_number("199"), "200");
  EXPECT_EQ(next_number(""), "1");
}

}  // namespace
}  // namespace reconcile::migrations
