#include <gmock/gmock.h>

#include <fstream>
#include <functional>

#include "tests/support/pass_fixture.h"

// What a pass removes is out of the way for everybody, and comes back as it was.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Quarantined : public PassTest {
 protected:
  void SetUp() override {
    all_.collection("clubs")
        .text("clubs.name")
        .collection("members")
        .field("members.email", "character varying", "max_length: 255, is_nullable: true",
               "note: Where to write")
        .relation("members.club", "clubs");
    apply(kSnapshot, all_);
    database.execute(
        "insert into clubs (id, name) values ('00000000-0000-0000-0000-000000000001', 'c');"
        "insert into members (id, email, club) select gen_random_uuid(), n::text, "
        "'00000000-0000-0000-0000-000000000001' from generate_series(1, 3) n;"
        "insert into directus_permissions (collection, action, policy, fields) "
        "select 'members', 'read', id, '*' from directus_policies;"
        "insert into directus_presets (collection, bookmark) values ('members', 'Mine');"
        "update directus_fields set options = '{\"z\": 1,   \"a\": [2, 1]}' where field = 'email'");
  }

  static SnapshotText without_members() {
    return SnapshotText().collection("clubs").text("clubs.name");
  }
  static SnapshotText without_email() {
    return SnapshotText()
        .collection("clubs")
        .text("clubs.name")
        .collection("members")
        .relation("members.club", "clubs");
  }
  /// Lets git remove something.
  void remove(const SnapshotText& desired, const std::string& object) {
    repo.commit(kSnapshot, desired, "Remove\n\nAllow-Destructive: " + object + "\n");
    const Ran ran = once();
    ASSERT_EQ(ran.exit_code, 0) << ran;
    EXPECT_THAT(once().out, HasSubstr("in sync"));
  }
  Ran restore(const std::string& what) const { return run({"restore", what}); }
  void expect_restored(const std::string& what) const {
    const Ran ran = restore(what);
    EXPECT_EQ(ran.exit_code, 0) << ran;
    EXPECT_THAT(ran.out, HasSubstr("is back"));
  }
  std::string fingerprint() const {
    const auto report = boost::json::parse(run({"plan", "--output", "json"}).out).as_object();
    return std::string(report.at("fingerprint").as_string());
  }
  /// Rows of the tables and of Directus, whatever order the columns are in.
  std::string rows() const {
    std::string text;
    Connection connection = database.connect();
    for (const char* table : {"clubs", "members", "directus_collections", "directus_fields",
                              "directus_relations", "directus_permissions", "directus_presets"}) {
      const auto there =
          connection.value("select to_regclass('" + std::string(table) + "') is not null");
      if (there != "t") continue;
      text += connection.value(
                  "select coalesce(string_agg(to_jsonb(t)::text, E'\\n' order by "
                  "to_jsonb(t)::text), '') from " +
                  std::string(table) + " t") +
              "\n--\n";
    }
    return text + connection.value(
                      "select coalesce(string_agg(options::text, ''), '') from "
                      "directus_fields");
  }
  /// What the catalog says of members, its columns by name.
  std::string shape() const {
    return database.value(
        "select string_agg(line, E'\\n' order by line) from ("
        "select pg_get_constraintdef(oid) || conname || convalidated from pg_constraint where "
        "'members'::regclass in (conrelid, confrelid) union all "
        "select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'members'::regclass "
        "union all select concat_ws('|', attname, format_type(atttypid, atttypmod), attnotnull, "
        "attidentity, attgenerated, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum),"
        "pg_get_serial_sequence('members', attname)) from pg_attribute left join pg_attrdef on "
        "adrelid = attrelid and adnum = attnum where attrelid = 'members'::regclass and attnum > 0 "
        "and not attisdropped union all select tgname || tgenabled::text from pg_trigger where "
        "tgrelid = "
        "'members'::regclass and not tgisinternal union all select pg_get_statisticsobjdef(oid) "
        "from pg_statistic_ext where stxrelid = 'members'::regclass) lines(line)");
  }
  std::string entry(const std::string& column) const {
    return database.value("select coalesce(" + column +
                          "::text, '') from reconcile.quarantine order by id desc limit 1");
  }

  SnapshotText all_;
};

// ---- collections

TEST_F(Quarantined, ACollectionComesBackAsItWas) {
  database.execute(
      "create function stamp() returns trigger language plpgsql as 'begin return new; end';"
      "create trigger stamped before update on members for each row execute function stamp();"
      "create index on members (lower(email)); create statistics pairs on email, club from members;"
      "alter table members add column number serial, add check (number > 0);"
      "comment on table members is 'People'; comment on column members.number is 'Counts'");
  repo.commit(kSnapshot,
              SnapshotText(all_).field("members.number", "integer", "is_nullable: false"),
              "Number");
  const Ran adopted = once();
  ASSERT_EQ(adopted.exit_code, 0) << adopted;
  const std::string print = fingerprint();
  const std::string before = rows() + shape();
  const std::string file = database.value("select pg_relation_filenode('members')");

  remove(without_members(), "collection members");
  EXPECT_EQ(database.value("select to_regclass('members') is null and "
                           "to_regclass('members_number_seq') is null and not exists (select from "
                           "directus_fields where collection = 'members') and not exists (select "
                           "from directus_permissions where collection = 'members')"),
            "t");
  EXPECT_EQ(entry("kind || ' ' || collection || ' ' || rows || ' ' || (removed_by = '" +
                  repo.id_of("HEAD") + "')"),
            "collection members 3 true");
  EXPECT_EQ(database.value("select count(*) from reconcile_quarantine.q1_members"), "3");
  const Ran listed = run({"restore"});
  EXPECT_THAT(listed.out, AllOf(HasSubstr("   1  "), HasSubstr("collection members  3 rows"),
                                HasSubstr("reconcile_quarantine.q1_members")));

  expect_restored("members");
  EXPECT_EQ(rows() + shape(), before);
  EXPECT_EQ(fingerprint(), print);
  EXPECT_EQ(database.value("select pg_relation_filenode('members')"), file) << "not rewritten";
  EXPECT_EQ(database.value("select obj_description('members'::regclass)"), "People");
  EXPECT_EQ(entry("ended"), "restored");
  EXPECT_THAT(run({"restore"}).out, HasSubstr("nothing is in quarantine"));
}

TEST_F(Quarantined, WhatIsRestoredIsUnmanagedUntilGitHasIt) {
  remove(without_members(), "collection members");
  expect_restored("1");
  for (int i = 0; i < 2; ++i) {
    const Ran ran = once();
    EXPECT_EQ(ran.exit_code, 0) << ran;
    EXPECT_THAT(ran.out, AllOf(HasSubstr("in sync"), HasSubstr("unmanaged"),
                               HasSubstr("collection members"), HasSubstr("3 rows")));
  }
  const std::string before = rows();
  repo.commit(kSnapshot, all_, "Put it back");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.out, Not(HasSubstr("unmanaged")));
  EXPECT_EQ(rows(), before);
  // And from there git can remove it again, under names that nothing else has.
  remove(without_members(), "collection members");
  expect_restored("collection members");
}

TEST_F(Quarantined, ADirectusThatRunsIsToldByTheNextPass) {
  remove(without_members(), "collection members");
  const Ran ran = run({"restore", "1"},
                      {"RECONCILE_DIRECTUS_URL=http://127.0.0.1:1", "RECONCILE_DIRECTUS_TOKEN=t"});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select name || ' ' || (revision = '" + repo.id_of("HEAD") +
                           "') from reconcile.stale_instance"),
            "http://127.0.0.1:1 true");
}

TEST_F(Quarantined, GitBringsItBackWhileItsRowsAreThere) {
  remove(without_members(), "collection members");
  repo.commit(kSnapshot, all_, "Put it back");
  const Ran planned = run({"plan"});
  EXPECT_THAT(planned.err, AllOf(HasSubstr("collection members is made anew and empty"),
                                 HasSubstr("3 rows"), HasSubstr("`reconcile restore 1`")));
  expect_restored("1");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(count("members"), "3");
  EXPECT_THAT(once().out, AllOf(HasSubstr("in sync"), Not(HasSubstr("unmanaged"))));
}

TEST_F(Quarantined, ANewTableIsInTheWay) {
  remove(without_members(), "collection members");
  apply(kSnapshot, all_, "Made anew");
  const std::string before = database.dump();
  const Ran ran = restore("members");
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("there is a table public.members already"),
                             HasSubstr("reconcile_quarantine.q1_members"), HasSubstr("next:")));
  EXPECT_EQ(database.dump(), before);
  EXPECT_EQ(database.value("select count(*) from reconcile_quarantine.q1_members"), "3");
}

TEST_F(Quarantined, WhatDependsOnItRefusesAsForADrop) {
  const std::pair<const char*, const char*> cases[] = {
      {"create view mail as select email from members", "view public.mail"},
      {"create function one(members) returns int language sql return 1",
       "function public.one(public.members)"},
      {"create schema other; create table other.passes (member uuid constraint passes_fk "
       "references members)",
       "passes_fk"},
      {"create table juniors () inherits (members)", "inherit"}};
  repo.commit(kSnapshot, without_members(), "Remove\n\nAllow-Destructive: collection members\n");
  for (const auto& [sql, name] : cases) {
    database.execute(sql);
    const std::string before = database.dump();
    const Ran ran = once();
    EXPECT_EQ(ran.exit_code, 1) << ran;
    EXPECT_THAT(ran.err, AllOf(HasSubstr(name), HasSubstr("next:"), Not(HasSubstr("CASCADE"))));
    EXPECT_EQ(database.dump(), before);
    database.execute(
        "drop view if exists mail; drop function if exists one(members); drop schema if "
        "exists other cascade; drop table if exists juniors");
  }
  EXPECT_EQ(once().exit_code, 0);
}

TEST_F(Quarantined, NobodyElseReadsIt) {
  database.execute(
      "do $$ begin if to_regrole('reader') is null then create role reader; end if; end $$;"
      "grant select on members to reader; grant usage on schema reconcile_quarantine to reader;"
      "comment on schema reconcile is 'layout 1'");  // as if default privileges had opened it
  remove(without_members(), "collection members");
  Connection reader = database.connect();
  reader.execute("set role reader");
  EXPECT_THROW(reader.query("select * from reconcile_quarantine.q1_members"), std::runtime_error);
  EXPECT_THROW(reader.query("select * from reconcile.quarantine"), std::runtime_error);
  expect_restored("members");
  EXPECT_EQ(reader.value("select count(*) from members"), "3");
  database.execute("drop owned by reader");
}

TEST_F(Quarantined, ATypeThatItStillNeeds) {
  database.execute("create type mood as enum ('good'); alter table members add column m mood");
  repo.commit(kSnapshot, SnapshotText(all_).field("members.m", "mood", ""), "Mood");
  const Ran adopted = once();
  ASSERT_EQ(adopted.exit_code, 0) << adopted;
  remove(without_members(), "collection members");
  repo.commit("migrations/post/001_mood.sql", "drop type mood;", "Drop the type");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("reconcile_quarantine.q1_members"), HasSubstr("`reconcile purge`")));
  EXPECT_EQ(run({"purge", "1"}).exit_code, 0);
  EXPECT_EQ(once().exit_code, 0);
}

TEST_F(Quarantined, BothSidesOfARelation) {
  const std::string print = fingerprint();
  const std::string before = rows();
  repo.commit(kSnapshot, SnapshotText(),
              "Remove\n\nAllow-Destructive: collection members\nAllow-Destructive: collection "
              "clubs\n");
  ASSERT_EQ(once().exit_code, 0);
  for (const char* name : {"collection clubs", "collection members"}) {
    const Ran ran = restore(name);
    EXPECT_EQ(ran.exit_code, 0) << ran;
    EXPECT_EQ(ran.err.find("members_club_foreign is not made") != std::string::npos,
              std::string(name) == "collection clubs")
        << ran;
  }
  EXPECT_EQ(rows(), before);
  EXPECT_EQ(fingerprint(), print);
}

TEST_F(Quarantined, RowsThatDoNotFitAnyMoreAreSaid) {
  remove(without_members(), "collection members");
  database.execute("delete from clubs");
  const std::string before = database.dump();
  const Ran ran = restore("members");
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("members_club_foreign"), HasSubstr("is not present in"),
                             HasSubstr("next:")));
  EXPECT_EQ(database.dump(), before);
  database.execute("update reconcile_quarantine.q1_members set club = null");
  expect_restored("members");
}

// ---- fields

struct Column {
  std::string name;
  std::string sql;     ///< made by hand, as `members.extra`
  std::string type;    ///< of the snapshot
  std::string schema;  ///< further keys of it
};

std::ostream& operator<<(std::ostream& stream, const Column& column) {
  return stream << column.name;
}

class QuarantinedColumns : public Quarantined, public testing::WithParamInterface<Column> {};

TEST_P(QuarantinedColumns, ComeBackWithEverything) {
  database.execute(GetParam().sql);
  repo.commit(kSnapshot,
              SnapshotText(all_).field("members.extra", GetParam().type, GetParam().schema),
              "Extra");
  const Ran adopted = once();
  ASSERT_EQ(adopted.exit_code, 0) << adopted;
  const std::string before = rows() + shape();
  remove(all_, "field members.extra");
  EXPECT_EQ(database.value("select exists (select from pg_attribute where attrelid = "
                           "'members'::regclass and attname = 'extra')"),
            "f");
  expect_restored("members.extra");
  EXPECT_EQ(rows() + shape(), before);
  EXPECT_EQ(database.value("select count(*) from pg_class where relnamespace = "
                           "'reconcile_quarantine'::regnamespace"),
            "0");
  EXPECT_THAT(once().out, AllOf(HasSubstr("in sync"), HasSubstr("field members.extra")));
}

INSTANTIATE_TEST_SUITE_P(
    All, QuarantinedColumns,
    testing::Values(
        Column{"Unique",
               "alter table members add column extra text unique; update members set "
               "extra = email where email <> '2'",
               "text", "is_unique: true"},
        Column{"NotNullWithDefaultAndCheck",
               "alter table members add column extra int not null default 5 check (extra > 0); "
               "comment on column members.extra is 'It''s'; update members set extra = 7",
               "integer", "is_nullable: false"},
        Column{"IndexedWithAnother",
               "alter table members add column extra text default 'x'; create index on members "
               "(email, extra) where extra > 'a'; create index on members (upper(extra)); alter "
               "table members add unique (extra, id)",
               "text", "max_length: null"},
        Column{"Serial", "alter table members add column extra serial", "integer",
               "is_nullable: false"},
        Column{"Identity",
               "alter table members add column extra int generated by default as identity",
               "integer", "is_nullable: false"},
        Column{
            "Generated",
            "alter table members add column extra int generated always as (length(email)) stored",
            "integer", "is_generated: true"},
        Column{"Reference",
               "alter table members add column extra uuid references members (id) on delete "
               "cascade; update members set extra = id",
               "uuid", "is_nullable: true"},
        Column{"BesideATrigger",
               "alter table members add column extra text; update members set extra = email;"
               "create function spoil() returns trigger language plpgsql as 'begin new.email := "
               "''spoilt''; return new; end'; create trigger spoilt before update on members for "
               "each row execute function spoil(); create trigger asleep before update on members "
               "for each row execute function spoil(); alter table members disable trigger asleep, "
               "enable always trigger spoilt",
               "text", "max_length: null"}),
    case_name);

TEST_F(Quarantined, AFieldWithItsMetadataAndRelation) {
  const std::string before = rows() + shape();
  const std::string print = fingerprint();
  SnapshotText desired;
  desired.collection("clubs")
      .text("clubs.name")
      .collection("members")
      .field("members.email", "character varying", "max_length: 255, is_nullable: true",
             "note: Where to write");
  remove(desired, "field members.club");
  expect_restored("field members.club");
  EXPECT_EQ(rows() + shape(), before);
  EXPECT_EQ(fingerprint(), print);
}

TEST_F(Quarantined, ValuesOfRowsThatAreGoneStay) {
  remove(without_email(), "field members.email");
  database.execute(
      "delete from members where id = (select id from reconcile_quarantine.q1_members_email where "
      "email = '2'); insert into members (id) values (gen_random_uuid())");
  const Ran ran = restore("members.email");
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("values whose rows are gone: 1;"), HasSubstr("`reconcile purge 1`")));
  EXPECT_EQ(database.value("select string_agg(coalesce(email, '-'), ',' order by email) from "
                           "members"),
            "1,3,-");
  EXPECT_EQ(database.value("select email from reconcile_quarantine.q1_members_email"), "2");
  EXPECT_EQ(entry("coalesce(ended, 'open') || rows"), "open1");
}

TEST_F(Quarantined, ANotNullColumnAndRowsThatCameSince) {
  database.execute(
      "alter table members add column extra int; update members set extra = 1; "
      "alter table members alter column extra set not null");
  repo.commit(kSnapshot, SnapshotText(all_).field("members.extra", "integer", "is_nullable: false"),
              "Extra");
  ASSERT_EQ(once().exit_code, 0);
  remove(all_, "field members.extra");
  database.execute("insert into members (id) values ('00000000-0000-0000-0000-000000000009')");
  const Ran ran = restore("members.extra");
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("rows came since that have no extra"),
                             HasSubstr("reconcile_quarantine.q1_members_extra")));
  database.execute(
      "insert into reconcile_quarantine.q1_members_extra values "
      "('00000000-0000-0000-0000-000000000009', 2)");
  expect_restored("members.extra");
  EXPECT_EQ(database.value("select sum(extra) from members"), "5");
}

TEST_F(Quarantined, TheKeyItself) {
  database.execute("alter table members drop constraint members_pkey");
  remove(without_email(), "field members.email");
  EXPECT_EQ(database.value("select count(id) || ' ' || count(email) || ' ' || count(club) from "
                           "reconcile_quarantine.q1_members_email"),
            "3 3 3")
      << "whole rows";
  const Ran ran = restore("members.email");
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("had no other key"), HasSubstr("q1_members_email")));
}

TEST_F(Quarantined, ItsTableIsGoneToo) {
  remove(without_email(), "field members.email");
  remove(without_members(), "collection members");
  const Ran ran = restore("members.email");
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("there is no table public.members"), HasSubstr("next:")));
  expect_restored("2");
  expect_restored("1");
  EXPECT_EQ(database.value("select count(email) from members"), "3");
}

// ---- purge

TEST_F(Quarantined, PurgeEndsItForGood) {
  remove(without_email(), "field members.email");
  remove(without_members(), "collection members");
  const Ran shown = run({"purge", "2", "--mode", "dry-run"});
  EXPECT_THAT(shown.out, HasSubstr("collection members"));
  EXPECT_EQ(database.value("select count(*) from reconcile_quarantine.q2_members"), "3");
  const Ran ran = run({"purge", "2"});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select to_regclass('reconcile_quarantine.q2_members') is null"), "t");
  EXPECT_EQ(database.value("select count(*) from reconcile_quarantine.q1_members_email"), "3");
  EXPECT_EQ(restore("2").exit_code, 1);
  EXPECT_EQ(run({"purge", "--older-than", "1d"}).exit_code, 0);
  EXPECT_EQ(database.value("select count(*) from reconcile_quarantine.q1_members_email"), "3");
  EXPECT_EQ(run({"purge", "--older-than", "0h"}).exit_code, 0);
  EXPECT_EQ(database.value("select count(*) from pg_class where relnamespace = "
                           "'reconcile_quarantine'::regnamespace"),
            "0");
}

TEST_F(Quarantined, RetentionIsTheTargetsAndNoPassPurges) {
  const std::string file = checkout.state.path() / "guard.yaml";
  std::ofstream(file) << "targets:\n  default:\n    database: unused\n    quarantine: "
                         "{retention: 0h}\n";
  repo.commit(kSnapshot, without_members(), "Remove\n\nAllow-Destructive: collection members\n");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(once({"--config", file}).exit_code, 0);
  EXPECT_EQ(database.value("select count(*) from reconcile_quarantine.q1_members"), "3");
  EXPECT_THAT(run({"restore"}).out, HasSubstr("may be purged since"));
  EXPECT_EQ(run({"purge", "--expired"}).exit_code, 0);
  EXPECT_EQ(database.value("select to_regclass('reconcile_quarantine.q1_members') is null"), "t");
}

TEST_F(Quarantined, ForPrograms) {
  remove(without_members(), "collection members");
  const auto listed = boost::json::parse(run({"restore", "--output", "json"}).out).as_object();
  const auto& entry = listed.at("quarantine").as_array().at(0).as_object();
  EXPECT_EQ(entry.at("object").as_string(), "collection members");
  EXPECT_EQ(entry.at("rows").as_int64(), 3);
  EXPECT_EQ(entry.at("place").as_string(), "reconcile_quarantine.q1_members");
  const auto back = boost::json::parse(run({"restore", "1", "--output", "json"}).out).as_object();
  EXPECT_EQ(back.at("restored").as_object().at("id").as_int64(), 1);
  EXPECT_TRUE(back.at("notes").as_array().empty());
}

TEST_F(Quarantined, NothingOfThatName) {
  EXPECT_THAT(run({"restore"}).out, HasSubstr("nothing is in quarantine"));
  for (const Words& command : {Words{"restore", "members"}, Words{"purge", "12"}}) {
    const Ran ran = run(command);
    EXPECT_EQ(ran.exit_code, 1) << ran;
    EXPECT_THAT(ran.err, AllOf(HasSubstr("is in quarantine"), HasSubstr("next:")));
  }
  EXPECT_EQ(run({"purge"}).exit_code, 64);
}

}  // namespace
}  // namespace reconcile::test
