#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "tests/support/pass_fixture.h"

// What SQL may do besides what it is for: judged by the database as it is, shown in every plan,
// held where it loses data or the target says so.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kFile = "migrations/pre/001_change.sql";

class Hazards : public PassTest {
 protected:
  /// A table with three rows, and an empty one that refers to it.
  void make_tables() const {
    database.execute(
        "create table riders (id int primary key, name text, licence varchar(10), points "
        "numeric(6,2),"
        " born timestamp, grade text check (grade is not null));"
        "create table results (id int primary key, rider int references riders (id));"
        "insert into riders select n, 'r' || n, n::text, n, now(), 'a' from generate_series(1, 3) "
        "n");
  }

  boost::json::object plan_json(const Words& more = {}) const {
    Words command = {"plan", "--output", "json"};
    command.insert(command.end(), more.begin(), more.end());
    return boost::json::parse(run(command).out).as_object();
  }

  /// "code:level" of the first step's hazards.
  static std::set<std::string> hazards_in(const boost::json::object& plan) {
    std::set<std::string> found;
    for (const auto& hazard : plan.at("steps").at(0).at("hazards").as_array())
      found.insert(std::string(hazard.at("code").as_string()) + ":" +
                   std::string(hazard.at("level").as_string()));
    return found;
  }

  std::string configure(const std::string& hazards) const {
    const std::string file = (folder_.path() / "reconcile.yaml").string();
    std::ofstream(file) << "targets:\n  t:\n    database: " << database.conninfo()
                        << "\n    hazards: " << hazards << "\n";
    return file;
  }

  TempFolder folder_;
};

// ---- losses of data

struct Loss {
  std::string name, sql, code, message;
  std::string object;  ///< that a commit may name
};

class HazardousLosses : public Hazards, public testing::WithParamInterface<Loss> {
 protected:
  void SetUp() override {
    make_tables();
    database.execute(
        "create schema archive; create table archive.old (id int); insert into archive.old values "
        "(1);"
        "create sequence numbers; select nextval('numbers');"
        "create type place as (x int, y int); create table spots (id int, at place[]);"
        "insert into spots values (1, array[(1, 2)::place]);"
        "create type mood as enum ('good'); create domain state as mood;"
        "create table moods (s state); insert into moods values ('good');"
        "create type colour as enum ('red'); create table boats (id int, c colour);"
        "insert into boats values (1, 'red')");
  }
};

TEST_P(HazardousLosses, AreHeldWithTheRowsAtStake) {
  repo.commit(kFile, GetParam().sql, "Change");
  const std::string before = database.dump();
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("held DestructiveChange: "), HasSubstr(GetParam().message),
                             HasSubstr("Allow-Destructive: migration pre/001_change.sql"),
                             HasSubstr("-- reconcile: allow " + GetParam().code)));
  EXPECT_EQ(database.dump(), before);
}

TEST_P(HazardousLosses, AreDoneWhereTheirFileSaysSo) {
  repo.commit(kFile, "-- reconcile: allow " + GetParam().code + "\n" + GetParam().sql, "Change");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(once().exit_code, 0);
}

TEST_P(HazardousLosses, AreDoneWhereACommitNamesFileOrObject) {
  repo.commit(kFile, GetParam().sql, "Change");
  repo.commit("Meant\n\nAllow-Destructive: something else\n");
  EXPECT_EQ(once().exit_code, 3);
  repo.commit("Meant\n\nAllow-Destructive: " + GetParam().object + "\n");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
}

INSTANTIATE_TEST_SUITE_P(
    EachKind, HazardousLosses,
    testing::Values(
        Loss{"table", "drop table results;\ndrop table riders;", "drop-table",
             "line 2 drops public.riders with its rows (3 rows at stake)", "table public.riders"},
        Loss{"table_by_file", "drop table riders cascade;", "drop-table", "(3 rows at stake)",
             "migration pre/001_change.sql"},
        Loss{"column", "alter table riders drop column name;", "drop-column",
             "drops public.riders.name with its values (3 rows at stake)", "column riders.name"},
        Loss{"truncate", "truncate riders cascade;", "truncate", "empties public.riders",
             "table riders"},
        Loss{"delete_all", "delete from riders;", "delete-all-rows",
             "deletes every row of public.riders (3 rows at stake)", "table riders"},
        Loss{"schema", "drop schema archive cascade;", "drop-schema",
             "drops archive with every table in it (1 row at stake)", "schema archive"},
        Loss{"sequence", "drop sequence numbers;", "drop-sequence", "drops public.numbers",
             "sequence numbers"},
        Loss{"type", "drop type colour cascade;", "drop-type",
             "CASCADE drops what is made of colour", "type colour"},
        Loss{"composite", "drop type place cascade;", "drop-type", "what is made of place",
             "type place"},
        Loss{"type_of_a_domain", "drop type mood cascade;", "drop-type", "what is made of mood",
             "type mood"},
        Loss{"rounding", "alter table riders alter points type numeric(6,0);", "lossy-type-change",
             "digits behind the point are rounded away (3 rows at stake)",
             "column public.riders.points"}),
    case_name);

TEST_F(Hazards, NothingIsHeldWhereNothingIsLost) {
  make_tables();
  repo.commit(kFile,
              "drop table results; truncate results_of_nobody; delete from riders where id > 7;"
              "create table mine (id int); insert into mine values (1); drop table mine;",
              "Change");
  database.execute("create table results_of_nobody (id int)");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(count("riders"), "3");
}

TEST_F(Hazards, AnEarlierFileOfThePlanMakesATableNew) {
  repo.write("migrations/pre/001_a.sql", "create table boats (id int, name text);")
      .write("migrations/post/001_b.sql",
             "insert into boats values (1, 'a'); create index on boats (name);"
             "alter table boats alter name set not null; alter table boats drop column id;");
  repo.commit("Boats");
  const Ran ran = run({"plan"});
  EXPECT_EQ(ran.exit_code, 2) << ran;
  EXPECT_THAT(ran.out, Not(HasSubstr("▲")));
  EXPECT_EQ(once().exit_code, 0);
}

TEST_F(Hazards, PartitionsAndChildrenHoldTheRowsOfTheirParent) {
  database.execute(
      "create table spots (id int) partition by range (id);"
      "create table spots_1 partition of spots for values from (0) to (10);"
      "insert into spots values (1), (2)");
  repo.commit(kFile, "drop table spots;", "Change");
  EXPECT_THAT(once().err, HasSubstr("drops public.spots with its rows (2 rows at stake)"));
}

TEST_F(Hazards, TheSearchPathOfTheRoleAndOfTheFileDecideWhichTableIsMeant) {
  database.execute(
      "create schema app; create table app.t (id int); insert into app.t values (1);"
      "create table t (id int)");
  repo.commit(kFile, "drop table t;", "Public");
  EXPECT_EQ(once().exit_code, 0);
  EXPECT_EQ(database.value("select to_regclass('app.t')"), "app.t");
  repo.commit("migrations/pre/002_app.sql", "set search_path to app; drop table t;", "App");
  EXPECT_THAT(once().err, HasSubstr("line 1 drops app.t with its rows (1 row at stake)"));
}

// ---- the rest warns

TEST_F(Hazards, AreShownAndDoNotHold) {
  make_tables();
  repo.commit(kFile,
              "alter table riders\n  alter column name set not null;\n"
              "create index on riders (name);",
              "Change");
  EXPECT_EQ(hazards_in(plan_json()),
            (std::set<std::string>{"set-not-null:warn", "create-index:warn", "long-lock:warn"}));
  const Ran plan = run({"plan", "-v"});
  EXPECT_EQ(plan.exit_code, 2) << plan;
  EXPECT_THAT(plan.out,
              AllOf(HasSubstr("set-not-null, line 1: reads the whole table"),
                    HasSubstr("lock:  ACCESS EXCLUSIVE on public.riders"), HasSubstr("safer: ")));
  EXPECT_EQ(once().exit_code, 0);
}

struct Seen {
  std::string name, sql;
  std::set<std::string> codes;
};

class HazardFacts : public Hazards, public testing::WithParamInterface<Seen> {};

/// The same change is one thing on this table and another on that; the catalog says which.
TEST_P(HazardFacts, ComeFromTheCatalog) {
  make_tables();
  database.execute(
      "create domain grade as text check (value <> ''); create domain plain as text;"
      "create function steady() returns text stable language sql as 'select ''a''::text';"
      "create function moody() returns text volatile language sql as 'select ''a''::text';"
      "create unique index riders_licence on riders (licence);"
      "create table marks (m grade); insert into marks values ('a')");
  repo.commit(kFile, GetParam().sql, "Change");
  EXPECT_EQ(hazards_in(plan_json()), GetParam().codes) << run({"plan"});
}

const std::string lock = "brief-lock:allow";

INSTANTIATE_TEST_SUITE_P(
    Each, HazardFacts,
    testing::Values(
        Seen{"wider", "alter table riders alter licence type varchar(20)", {lock}},
        Seen{"narrower",
             "alter table riders alter licence type varchar(5)",
             {"change-column-type:warn"}},
        Seen{"zone", "alter table riders alter born type timestamptz", {lock}},
        Seen{"empty_table", "alter table results alter rider type bigint", {}},
        Seen{"parent",
             "create table laps (id int primary key references riders (id))",
             {"foreign-key-lock:warn"}},
        Seen{"proven", "alter table riders alter grade set not null", {lock}},
        Seen{"key", "alter table riders alter id set not null", {lock}},
        Seen{"stable", "alter table riders add a text default steady()", {lock}},
        Seen{"volatile",
             "alter table riders add a text default moody()",
             {"add-volatile-default:warn"}},
        Seen{"domain", "alter table riders add a grade", {"add-domain-column:warn"}},
        Seen{"plain_domain", "alter table riders add a plain", {lock}},
        Seen{"domain_in_use", "alter domain grade set not null", {"alter-domain:warn"}},
        Seen{"type_unused",
             "create type idle as (a int); drop type idle cascade",
             {"drop-cascade:warn"}},
        Seen{"domain_unused", "alter domain plain set not null", {}},
        Seen{"using_index", "alter table riders add unique using index riders_licence", {lock}},
        Seen{
            "index_there", "create index if not exists riders_licence on riders (licence)", {lock}},
        Seen{"drop_index", "drop index riders_licence", {"drop-index:warn"}},
        Seen{"built_in", "select setval(pg_get_serial_sequence('riders', 'id'), 1)", {}},
        Seen{"function", "select moody()", {"call-function:warn"}}),
    case_name);

// ---- generated SQL

TEST_F(Hazards, OfGeneratedSqlAreSaidOfTablesWithRows) {
  const auto number = [](const std::string& type) {
    SnapshotText snapshot;
    return snapshot.collection("clubs").field("clubs.number", type, "is_nullable: true").str();
  };
  apply(kSnapshot, number("integer"), "Clubs");
  repo.commit(kSnapshot, number("bigint"), "Number");
  const std::string empty = run({"plan"}).out;
  EXPECT_THAT(empty, Not(HasSubstr("change-column-type")));
  database.execute("insert into clubs (id, number) values (gen_random_uuid(), 1)");
  EXPECT_THAT(run({"plan"}).out, HasSubstr("change-column-type"));
  const Ran held = run({"plan", "--config", configure("{rewrite: hold}")});
  EXPECT_EQ(held.exit_code, 3) << held;
  EXPECT_THAT(held.err, AllOf(HasSubstr("held HazardousChange: field clubs.number"),
                              HasSubstr("set it to warn under hazards")));
  EXPECT_EQ(once().exit_code, 0);
}

// ---- levels

TEST_F(Hazards, ATargetSetsItsOwnLevels) {
  make_tables();
  repo.commit(kFile,
              "do $$ begin execute format('select 1'); end $$;\nalter table riders alter name set "
              "not null;",
              "Change");
  const std::string strict = configure("{opaque: hold, do-block: warn, set-not-null: hold}");
  const Ran held = run({"--once", "--config", strict});
  EXPECT_EQ(held.exit_code, 3) << held;
  EXPECT_THAT(held.err, AllOf(HasSubstr("held HazardousChange: migration pre/001_change.sql"),
                              HasSubstr("set-not-null (line 2)"), Not(HasSubstr("do-block")),
                              HasSubstr("-- reconcile: allow set-not-null")));
  repo.commit(kFile,
              "-- reconcile: allow set-not-null\ndo $$ begin execute format('select 1'); end $$;\n"
              "alter table riders alter name set not null;",
              "Meant");
  EXPECT_EQ(run({"--once", "--config", strict}).exit_code, 0);
}

TEST_F(Hazards, ATargetMayLetLossesPass) {
  make_tables();
  repo.commit(kFile, "truncate riders cascade;", "Change");
  EXPECT_EQ(run({"--once", "--config", configure("{truncate: warn}")}).exit_code, 0);
  EXPECT_EQ(count("riders"), "0");
}

// ---- markdown

TEST_F(Hazards, MarkdownShowsWhatAReviewerAsksAndObeysNoName) {
  const std::string evil = "a|b`c``<script>x</script> @all #1 [x](http://evil.example)";
  database.execute("create table \"" + evil + "\" (id int); insert into \"" + evil +
                   "\" values (1); create table \"<img src=x>\" (id int); insert into "
                   "\"<img src=x>\" values (1)");
  repo.commit(kFile, "drop table \"" + evil + "\";\nalter table \"<img src=x>\" add unique (id);",
              "Fix <b>it</b> @someone");
  const Ran ran = run({"plan", "--output", "markdown"});
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("is held"), HasSubstr("> **held: DestructiveChange**"),
                             HasSubstr("**1 hazard to decide** · 2 warnings"),
                             HasSubstr("<details><summary>3 hazards</summary>"),
                             HasSubstr("| hold | `drop-table` |"), HasSubstr("**1**")));
  // Whatever is not between back quotes: only our own two elements, no mention, no link.
  std::string outside;
  std::size_t fence = 0;
  for (std::size_t i = 0; i < ran.out.size();) {
    const std::size_t end = std::min(ran.out.find_first_not_of('`', i), ran.out.size());
    const std::size_t run_length = end - i;
    if (run_length > 0 && fence == 0) {
      fence = run_length;
    } else if (run_length > 0 && run_length == fence) {
      fence = 0;
    } else if (fence == 0) {
      outside += ran.out[i];
    }
    i = run_length > 0 ? end : i + 1;
  }
  EXPECT_EQ(fence, 0U) << ran.out;
  for (const char* mark : {"<script", "<img", "<b>", "@", "http", "](", "#1"})
    EXPECT_THAT(outside, Not(HasSubstr(mark)));
}

TEST_F(Hazards, MarkdownIsForPlanOnly) {
  EXPECT_EQ(run({"--once", "--output", "markdown"}).exit_code, 64);
}

}  // namespace
}  // namespace reconcile::test
