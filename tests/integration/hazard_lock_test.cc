#include <gmock/gmock.h>

#include <algorithm>
#include <regex>

#include "controller/postgres/target_database.h"
#include "reconcilers/sql/hazards.h"
#include "tests/support/pass_fixture.h"

// Whether what the rules say of locks and rewrites is what the server does: each statement is run
// in a transaction, and the server's own books are read before it is rolled back.

namespace reconcile::test {
namespace {

/// From weak to strong, as pg_locks calls them and as hazards do.
const std::vector<std::pair<std::string, std::string>> kModes = {
    {"AccessShareLock", ""},        {"RowShareLock", ""},
    {"RowExclusiveLock", ""},       {"ShareUpdateExclusiveLock", ""},
    {"ShareLock", "SHARE"},         {"ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"},
    {"ExclusiveLock", "EXCLUSIVE"}, {"AccessExclusiveLock", "ACCESS EXCLUSIVE"}};

struct Change {
  std::string name, sql;
};

class HazardLocks : public testing::TestWithParam<Change> {
 protected:
  static constexpr const char* kTables = R"(
    create table teams (id int primary key, name text);
    create domain grade as text check (value <> '');
    create function moody() returns text volatile language plpgsql as 'begin return ''a''; end';
    create function steady() returns text stable language sql as 'select ''a''::text';
    create table riders (id int not null, team int, name text, short varchar(10), points numeric(6,2),
      born timestamp, moment timestamp(3), address cidr, tags int[], code char(4), checked text);
    alter table riders add constraint there check (checked is not null);
    create index riders_name on riders (name);
    create unique index riders_short on riders (short);
    create trigger nothing before update on riders for each row execute function suppress_redundant_updates_trigger();
    create policy mine on riders using (true);
    create table results (team int constraint results_team references teams (id));
    insert into teams values (1, 'a');
    insert into results values (1);
    insert into riders values (1, 1, 'a', 'a', 1, now(), now(), '10.0.0.0/8', '{1}', 'a', 'a');
    set timezone = 'UTC')";

  /// The strongest lock that stops writers, in the words of hazards; empty where none does.
  static std::string held_on(Connection& session, const std::string& table) {
    std::string strongest;
    const Rows rows = session.query(
        "select mode from pg_locks where pid = pg_backend_pid() and relation = " + table);
    for (const auto& [mode, words] : kModes) {
      for (const auto& row : rows) {
        if (row.front() == mode) strongest = words;
      }
    }
    return strongest;
  }

  /// The same as the hazards say it.
  static std::string said_of(const std::vector<sql::FoundHazard>& found, const std::string& table) {
    const std::regex one("(.*) on public\\.(\\w+)(?: and public\\.(\\w+))?");
    std::string strongest;
    for (const auto& [mode, words] : kModes) {
      for (const auto& [number, hazard] : found) {
        std::smatch match;
        if (!std::regex_match(hazard.lock, match, one) || match[1] != words) continue;
        if (match[2] == table || match[3] == table) strongest = words;
      }
    }
    return strongest;
  }

  TestDatabase database{TestServer::shared(), TestDatabase::Contents::Nothing};
};

TEST_P(HazardLocks, AreThoseOfTheServer) {
  Connection session = database.connect();
  session.execute(kTables);
  // By number, because some statements change the name.
  const std::string file = "select coalesce(max(relfilenode), 0) from pg_class where oid = " +
                           session.value("select 'riders'::regclass::oid");
  const std::string before = session.value(file);
  const std::map<std::string, std::string> tables = {
      {"riders", session.value("select 'riders'::regclass::oid")},
      {"teams", session.value("select 'teams'::regclass::oid")},
      {"results", session.value("select 'results'::regclass::oid")}};
  const Statement statement{.text = GetParam().sql, .line = 1};
  const sql::PlannedStatement planned[] = {{.statement = &statement, .begins_file = true}};
  const auto connection = postgres::connector(database.conninfo(), "test")->connect();
  ASSERT_TRUE(connection);
  const auto facts = (*connection)->reader().facts(sql::mentioned_names(planned));
  ASSERT_TRUE(facts) << describe(facts.error());
  const auto found = sql::hazards(planned, &*facts);
  session.execute("begin");
  session.execute(GetParam().sql);
  const bool rewritten = session.value(file) != before;
  for (const auto& [table, number] : tables)
    EXPECT_EQ(said_of(found, table), held_on(session, number)) << table;
  session.execute("rollback");
  const bool said = std::ranges::any_of(found, [](const sql::FoundHazard& each) {
    return each.hazard.category == HazardCategory::Rewrite;
  });
  EXPECT_EQ(said, rewritten && GetParam().name != "drop_table");
}

INSTANTIATE_TEST_SUITE_P(
    Each, HazardLocks,
    testing::Values(
        Change{"add_column", "alter table riders add a int"},
        Change{"add_stable", "alter table riders add a timestamptz default now()"},
        Change{"add_stable_function", "alter table riders add a text default steady()"},
        Change{"add_volatile", "alter table riders add a timestamptz default clock_timestamp()"},
        Change{"add_volatile_function", "alter table riders add a text default moody()"},
        Change{"add_random", "alter table riders add a uuid not null default gen_random_uuid()"},
        Change{"add_serial", "alter table riders add a serial"},
        Change{"add_identity", "alter table riders add a int generated always as identity"},
        Change{"add_generated", "alter table riders add a int generated always as (id + 1) stored"},
        Change{"add_domain", "alter table riders add a grade"},
        Change{"add_unique_column", "alter table riders add a text unique"},
        Change{"add_checked_column", "alter table riders add a int check (a > 0)"},
        Change{"add_reference", "alter table riders add a int references teams (id)"},
        Change{"drop_column", "alter table riders drop name"},
        Change{"integer_to_bigint", "alter table riders alter id type bigint"},
        Change{"varchar_wider", "alter table riders alter short type varchar(20)"},
        Change{"varchar_narrower", "alter table riders alter short type varchar(5)"},
        Change{"varchar_to_text", "alter table riders alter short type text"},
        Change{"varchar_unlimited", "alter table riders alter short type varchar"},
        Change{"text_to_varchar", "alter table riders alter name type varchar(50)"},
        Change{"text_to_unlimited", "alter table riders alter name type varchar"},
        Change{"char_wider", "alter table riders alter code type char(8)"},
        Change{"char_to_text", "alter table riders alter code type text"},
        Change{"numeric_wider", "alter table riders alter points type numeric(9,2)"},
        Change{"numeric_free", "alter table riders alter points type numeric"},
        Change{"numeric_scale_up", "alter table riders alter points type numeric(9,3)"},
        Change{"numeric_scale_down", "alter table riders alter points type numeric(6,1)"},
        Change{"numeric_to_integer", "alter table riders alter points type int"},
        Change{"timestamp_to_zone", "alter table riders alter born type timestamptz"},
        Change{"timestamp_coarser", "alter table riders alter born type timestamp(0)"},
        Change{"timestamp_finer", "alter table riders alter moment type timestamp(6)"},
        Change{"timestamp_to_date", "alter table riders alter born type date"},
        Change{"cidr_to_inet", "alter table riders alter address type inet"},
        Change{"array", "alter table riders alter tags type bigint[]"},
        Change{"same_type", "alter table riders alter short type varchar(10)"},
        Change{"using_cast",
               "alter table riders alter name type varchar(3) using name::varchar(3)"},
        Change{"using_other", "alter table riders alter name type text using upper(name)"},
        Change{"set_not_null", "alter table riders alter name set not null"},
        Change{"set_not_null_proven", "alter table riders alter checked set not null"},
        Change{"drop_not_null", "alter table riders alter checked drop not null"},
        Change{"set_default", "alter table riders alter name set default 'x'"},
        Change{"set_statistics", "alter table riders alter name set statistics 10"},
        Change{"set_storage", "alter table riders alter name set storage external"},
        Change{"add_check", "alter table riders add check (id > 0)"},
        Change{"add_check_not_valid", "alter table riders add check (id > 0) not valid"},
        Change{"add_foreign_key",
               "alter table riders add foreign key (team) references teams (id)"},
        Change{"add_foreign_key_later",
               "alter table riders add foreign key (team) references teams (id) not valid"},
        Change{"add_unique", "alter table riders add unique (name)"},
        Change{"add_primary_key", "alter table riders add primary key (id)"},
        Change{"unique_using_index", "alter table riders add unique using index riders_short"},
        Change{"key_using_index", "alter table riders add primary key using index riders_short"},
        Change{"add_exclusion", "alter table riders add exclude using btree (id with =)"},
        Change{"validate", "alter table riders validate constraint there"},
        Change{"drop_constraint", "alter table riders drop constraint there"},
        Change{"rename_constraint", "alter table riders rename constraint there to here"},
        Change{"set_unlogged", "alter table riders set unlogged"},
        Change{"fillfactor", "alter table riders set (fillfactor = 90)"},
        Change{"cluster_on", "alter table riders cluster on riders_short"},
        Change{"enable_trigger", "alter table riders disable trigger nothing"},
        Change{"row_security", "alter table riders enable row level security"},
        Change{"no_row_security", "alter table riders disable row level security"},
        Change{"owner", "alter table riders owner to current_user"},
        Change{"rename", "alter table riders rename to drivers_of_old"},
        Change{"rename_column", "alter table riders rename name to full_name"},
        Change{"create_index", "create index on riders (points)"},
        Change{"create_index_there", "create index if not exists riders_name on riders (name)"},
        Change{"drop_table", "drop table riders"},
        Change{"drop_referring_table", "drop table results"},
        Change{"drop_foreign_key", "alter table results drop constraint results_team"},
        Change{"drop_foreign_key_column", "alter table results drop team"},
        Change{"drop_index", "drop index riders_name"}, Change{"reindex", "reindex table riders"},
        Change{"cluster", "cluster riders using riders_short"},
        Change{"create_trigger",
               "create trigger more after insert on riders for each row execute function "
               "suppress_redundant_updates_trigger()"},
        Change{"create_policy", "create policy others on riders using (true)"},
        Change{"drop_policy", "drop policy mine on riders"},
        Change{"create_rule", "create rule nobody as on delete to riders do instead nothing"},
        Change{"new_child",
               "create table laps (id int primary key, team int references teams (id))"},
        Change{"update_all", "update riders set name = 'b'"},
        Change{"delete_all", "delete from riders"},
        Change{"lock", "lock table riders in share mode"},
        Change{"comment", "comment on table riders is 'All'"},
        Change{"grant", "grant select on riders to public"}, Change{"analyze", "analyze riders"},
        Change{"insert", "insert into riders (id, checked) values (2, 'a')"},
        Change{"block", "do $$ begin alter table riders add a int; end $$"}),
    case_name);

}  // namespace
}  // namespace reconcile::test
