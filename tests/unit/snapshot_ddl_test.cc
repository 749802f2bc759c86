#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "reconcilers/snapshot/column_ddl.h"
#include "reconcilers/snapshot/names.h"
#include "tests/unit/support/snapshot_model.h"

namespace reconcile::snapshot {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> texts(const std::vector<Statement>& statements) {
  std::vector<std::string> texts;
  for (const Statement& statement : statements) texts.push_back(statement.text);
  return texts;
}

Field t_c(std::string_view type, Items schema = {}) { return field("t.c", type, schema); }

std::string ddl(const Field& field) {
  const auto sql = column_sql(field);
  return sql ? *sql : "error: " + describe(sql.error());
}

TEST(ColumnDdl, EachTypeWithItsLengths) {
  const Value null = nullptr;
  const std::pair<Field, const char*> cases[] = {
      {t_c("character varying"), "character varying(255)"},
      {t_c("character varying", {{"max_length", null}}), "character varying"},
      {t_c("character varying", {{"max_length", -5}}), "character varying"},
      {t_c("character", {{"max_length", 36}}), "character(36)"},
      {t_c("character", {{"max_length", -5}}), "bpchar"},
      {t_c("bit", {{"max_length", 3}}), "bit(3)"},
      {t_c("bit varying", {{"max_length", -1}}), "bit varying"},
      {t_c("text"), "text"},
      {t_c("uuid"), "uuid"},
      {t_c("integer"), "integer"},
      {t_c("bigint"), "bigint"},
      {t_c("smallint"), "smallint"},
      {t_c("real", {{"numeric_precision", 24}}), "real"},
      {t_c("double precision", {{"numeric_precision", 53}}), "double precision"},
      {t_c("numeric"), "numeric"},
      {t_c("numeric", {{"numeric_precision", 10}, {"numeric_scale", 5}}), "numeric(10,5)"},
      {t_c("numeric", {{"numeric_precision", 10}, {"numeric_scale", 0}}), "numeric(10,0)"},
      {t_c("numeric", {{"numeric_precision", 5}, {"numeric_scale", 2046}}), "numeric(5,-2)"},
      {t_c("boolean"), "boolean"},
      {t_c("date"), "date"},
      {t_c("time without time zone"), "time without time zone"},
      {t_c("time with time zone"), "time with time zone"},
      {t_c("timestamp without time zone"), "timestamp without time zone"},
      {t_c("timestamp with time zone"), "timestamp with time zone"},
      {t_c("json"), "json"},
      {t_c("jsonb"), "jsonb"},
      {t_c("bytea"), "bytea"},
      {t_c("inet"), "inet"},
      {t_c("interval"), "interval"},
      {t_c("text[]"), "text[]"},
      {t_c("\"Mood\""), "\"Mood\""},
      {t_c("other_schema.mood"), "other_schema.mood"}};
  for (const auto& [field, expected] : cases) {
    const auto type = type_sql(*field.schema);
    EXPECT_EQ(type ? *type : describe(type.error()), expected);
    EXPECT_EQ(ddl(field), fmt::format("\"c\" {} default null", expected));
  }
}

TEST(ColumnDdl, EachDefault) {
  struct Case {
    const char* type;
    Value value;
    const char* sql;
  };
  const std::string long_text(200, 'x');
  const Case cases[] = {
      {"text", nullptr, "null"},
      {"text", "", "''"},
      {"text", "plain", "'plain'"},
      {"text", "it''s", "'it''s'"},
      {"text", "?", "'?'"},
      {"text", "null", "'null'"},
      {"text", "x''; drop table t; --", "'x''; drop table t; --'"},
      {"text", "a\\b", R"(E'a\\b')"},
      {"text", "\\''; drop table t; --", R"(E'\\''; drop table t; --')"},
      {"text", "''''", "''''''"},
      {"character varying", "now()", "now()"},  // as Directus itself takes it
      {"text", "gen_random_uuid()", "gen_random_uuid()"},
      {"text", "CURRENT_TIMESTAMP(3)", "CURRENT_TIMESTAMP(3)"},
      {"text", "CURRENT_DATE", "'CURRENT_DATE'"},
      {"text", 12, "'12'"},
      {"integer", 5, "'5'"},
      {"integer", -5, "'-5'"},
      {"numeric", 1.5, "'1.5'"},
      {"integer", "(1 + 2)", "(1 + 2)"},
      {"numeric", "NaN", "'NaN'"},
      {"double precision", std::numeric_limits<double>::infinity(), "'Infinity'"},
      {"double precision", -std::numeric_limits<double>::infinity(), "'-Infinity'"},
      {"money", 5, "5"},
      {"bigint", 1e18, "'1000000000000000000'"},
      {"boolean", true, "true"},
      {"boolean", false, "false"},
      {"json", Value({{"a", "it''s"}}), R"('{"a":"it''s"}')"},
      {"jsonb", boost::json::array(), "'[]'"},
      {"json", nullptr, "null"},
      {"json", true, "'true'"},
      {"json", 1e21, "'1e+21'"},
      {"json", "a", "'\"a\"'"},
      {"uuid", "gen_random_uuid()", "gen_random_uuid()"},
      {"uuid", "8f0d1a3e-0000-4000-8000-000000000000", "'8f0d1a3e-0000-4000-8000-000000000000'"},
      {"timestamp with time zone", "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"},
      {"timestamp with time zone", "now()", "now()"},
      {"timestamp without time zone", "2020-01-01 00:00:00", "'2020-01-01 00:00:00'"},
      {"timestamp with time zone", "infinity", "'infinity'"},
      {"timestamp with time zone", "-infinity", "'-infinity'"},
      {"date", "CURRENT_DATE", "CURRENT_DATE"},
      {"date", "2020-01-01", "'2020-01-01'"},
      {"time without time zone", "10:00:00", "'10:00:00'"},
      {"inet", "127.0.0.1", "'127.0.0.1'"},
      {"text[]", "{a,b}", "'{a,b}'"}};
  for (const Case& c : cases) {
    const std::string sql = ddl(t_c(c.type, {{"default_value", c.value}, {"max_length", nullptr}}));
    // Parentheses around an expression are the writer's choice.
    const std::string expected = fmt::format("\"c\" {} default ", c.type);
    EXPECT_THAT(sql, ::testing::AnyOf(expected + c.sql, fmt::format("{}({})", expected, c.sql)))
        << c.value;
  }
}

TEST(ColumnDdl, DefaultsThatDirectusShowsCutOrRoundedAreRefused) {
  EXPECT_THAT(ddl(t_c("bigint", {{"default_value", 9223372036854775807.0}})),
              HasSubstr("beyond what Directus can read exactly"));
  EXPECT_THAT(ddl(t_c("text", {{"default_value", "'a"}})),  // of 'a::b'
              HasSubstr("holds a single quote"));
  EXPECT_THAT(ddl(t_c("json", {{"default_value", "'{\"a\":\"x"}})),  // of '{"a":"x::y"}'
              HasSubstr("holds a single quote"));
  EXPECT_THAT(ddl(t_c("bit", {{"default_value", true}})), HasSubstr("column of bits"));
}

struct Counter {
  const char* default_text;
  const char* before;  ///< statements that run before the column is made
  const char* column;
  const char* after;
};

// The name of a sequence is in the file: Directus shows the default it stands in.
TEST(ColumnDdl, SequencesAreCalledAsTheFileSays) {
  const Counter cases[] = {
      {"nextval('t_c_seq'::regclass)", "", "serial", ""},
      {"nextval('public.t_c_seq'::regclass)", "", "serial", ""},
      {"nextval('t_c_seq1'::regclass)", "create sequence \"public\".\"t_c_seq1\" as integer",
       "integer default nextval('\"public\".\"t_c_seq1\"')",
       "alter sequence \"public\".\"t_c_seq1\" owned by public.\"t\".\"c\""},
      {"nextval('\"S''x\"\"y\"'::regclass)", "create sequence \"public\".\"S'x\"\"y\" as integer",
       "integer default nextval('\"public\".\"S''x\"\"y\"')",
       "alter sequence \"public\".\"S'x\"\"y\" owned by public.\"t\".\"c\""}};
  for (const Counter& c : cases) {
    const Field counter =
        t_c("integer", {{"default_value", c.default_text}, {"has_auto_increment", true}});
    EXPECT_EQ(fmt::format("{}", fmt::join(column_prerequisites(counter), "; ")), c.before);
    EXPECT_EQ(ddl(counter), fmt::format("\"c\" {}", c.column));
    EXPECT_EQ(fmt::format("{}", fmt::join(texts(column_extras(counter)), "; ")), c.after);
  }
  // One that is only read may be somebody else's too.
  const Field reader = t_c("integer", {{"default_value", "nextval('shared'::regclass)"}});
  EXPECT_THAT(column_prerequisites(reader),
              ElementsAre("create sequence if not exists \"public\".\"shared\" as integer"));
  EXPECT_THAT(column_extras(reader), IsEmpty());
  // A serial column that is no key.
  const Field serial = t_c("integer", {{"default_value", "nextval('t_c_seq'::regclass)"}});
  EXPECT_THAT(column_prerequisites(serial),
              ElementsAre("create sequence if not exists \"public\".\"t_c_seq\" as integer"));
  EXPECT_THAT(texts(column_extras(serial)),
              ElementsAre("alter sequence \"public\".\"t_c_seq\" owned by public.\"t\".\"c\""));
  EXPECT_THAT(ddl(t_c("integer", {{"default_value", "f(1)"}, {"has_auto_increment", true}})),
              HasSubstr("does not name a sequence"));
}

TEST(ColumnDdl, WhatTheFormatLeavesOpenIsSaid) {
  EXPECT_EQ(assumption(t_c("integer")), "");
  EXPECT_THAT(assumption(t_c("integer", {{"has_auto_increment", true}})), HasSubstr("BY DEFAULT"));
  EXPECT_THAT(assumption(t_c("POINT")), HasSubstr("SRID 4326"));
}

TEST(ColumnDdl, ShapesOfPostgisAreItsTypes) {
  for (const auto& [type, sql] : {std::pair{"POINT", "geometry(POINT, 4326)"},
                                  {"GEOMETRY", "geometry(GEOMETRY, 4326)"},
                                  {"geometry", "geometry(Geometry, 4326)"},
                                  {"MULTIPOLYGONM", "geometry(MULTIPOLYGONM, 4326)"},
                                  {"Point", "geography(Point, 4326)"},
                                  {"MultiPolygonZ", "geography(MultiPolygonZ, 4326)"},
                                  {"geography", "geography(Geometry, 4326)"},
                                  {"point", "point"}}) {
    EXPECT_EQ(ddl(t_c(type)), fmt::format("\"c\" {} default null", sql));
  }
}

TEST(ColumnDdl, DefaultsAndTypesThatAreMoreThanOneExpressionAreRefused) {
  for (const char* text : {"1; drop table t", "1, 2", "1) --", "1 -- comment", "1 /* x */",
                           "(select 1", "select 1", ""}) {
    EXPECT_THAT(ddl(t_c("integer", {{"default_value", text}})),
                HasSubstr("is not one SQL expression"))
        << text;
  }
  EXPECT_THAT(ddl(t_c("timestamp with time zone", {{"default_value", "now(); drop table t"}})),
              HasSubstr("is not one SQL expression"));
  EXPECT_THAT(ddl(t_c("uuid", {{"default_value", "f(), add column x int"}})),
              HasSubstr("is not one SQL expression"));
  for (const char* type : {"", "integer); drop table t; --", "integer, b integer",
                           "text default 'x'", "integer not null", "int -- x"}) {
    EXPECT_THAT(ddl(t_c(type)), HasSubstr("is not a PostgreSQL type")) << type;
  }
  EXPECT_THAT(ddl(t_c("integer", {{"is_generated", true},
                                  {"generation_expression",
                                   "a) stored, add column b int generated always as (a"}})),
              HasSubstr("is not one SQL expression"));
}

TEST(ColumnDdl, ADefaultThatDirectusWouldReadBackDifferentlyIsRefused) {
  for (const char* text : {"it's", "'", "'''", "x'; drop table t; --"}) {
    EXPECT_THAT(ddl(t_c("text", {{"default_value", text}, {"max_length", nullptr}})),
                HasSubstr("holds a single quote"))
        << text;
  }
  EXPECT_THAT(ddl(t_c("json", {{"default_value", Value({{"a", "it's"}})}})),
              HasSubstr("holds a single quote"));
}

TEST(ColumnDdl, CountersGeneratedAndConstrainedColumns) {
  const Items counter{{"has_auto_increment", true},
                      {"is_primary_key", true},
                      {"is_unique", true},
                      {"is_nullable", false},
                      {"default_value", "nextval('t_c_seq'::regclass)"}};
  const Items identity{
      {"has_auto_increment", true}, {"is_primary_key", true}, {"is_nullable", false}};
  const std::pair<Field, const char*> cases[] = {
      {t_c("integer", counter), R"("c" serial not null constraint "t_pkey" primary key)"},
      {t_c("bigint", counter), R"("c" bigserial not null constraint "t_pkey" primary key)"},
      {t_c("smallint", counter), R"("c" smallserial not null constraint "t_pkey" primary key)"},
      {t_c("integer", identity),
       R"("c" integer generated by default as identity not null constraint "t_pkey" primary key)"},
      {t_c("text", {{"is_unique", true}, {"is_nullable", false}}),
       R"("c" text not null default null constraint "t_c_unique" unique)"},
      {t_c("text", {{"is_indexed", true}}), R"("c" text default null)"},
      {t_c("integer", {{"is_generated", true}, {"generation_expression", "(a * 2)"}}),
       R"("c" integer generated always as ((a * 2)) stored)"}};
  for (const auto& [field, expected] : cases) EXPECT_EQ(ddl(field), expected);
  EXPECT_THAT(ddl(t_c("text", counter)), HasSubstr("cannot count by itself"));
  EXPECT_THAT(texts(column_extras(t_c("text", {{"is_indexed", true}}))),
              ElementsAre(R"(create index "t_c_index" on public."t" ("c"))"));
  EXPECT_THAT(column_extras(t_c("text")), IsEmpty());
}

TEST(ColumnDdl, AnAbsentDefaultIsNotWritten) {
  Field field = t_c("text");
  field.schema = without(*field.schema, "default_value");
  EXPECT_EQ(ddl(field), R"("c" text)");
}

/// What brings `live` to `desired`, in all keys in which they differ.
std::vector<std::string> alter(const Field& live, const Field& desired) {
  std::vector<Difference> changes;
  for (const auto& [key, wanted] : *desired.schema) {
    const Value* now = live.schema->find(key);
    if (*now != wanted) changes.push_back({key, now, &wanted, now});
  }
  const auto sql = alter_sql(desired, changes, {"their_unique", "their_index"});
  if (!sql) return {"error: " + describe(sql.error())};
  return texts(*sql);
}

TEST(ColumnDdl, AlterChangesOnlyWhatDiffers) {
  const Field before = t_c("character varying", {{"default_value", "x"}});
  EXPECT_THAT(alter(before, before), IsEmpty());
  EXPECT_THAT(alter(before, t_c("character varying", {{"default_value", "y"}})),
              ElementsAre(R"(alter table public."t" alter column "c" set default 'y')"));
  EXPECT_THAT(alter(before, t_c("character varying")),
              ElementsAre(R"(alter table public."t" alter column "c" set default null)"));
  EXPECT_THAT(
      alter(before, t_c("character varying", {{"default_value", "x"}, {"is_nullable", false}})),
      ElementsAre(R"(alter table public."t" alter column "c" set not null)"));
  EXPECT_THAT(alter(t_c("text", {{"is_nullable", false}}), t_c("text")),
              ElementsAre(R"(alter table public."t" alter column "c" drop not null)"));
  EXPECT_THAT(
      alter(before, t_c("character varying", {{"default_value", "x"}, {"max_length", 500}})),
      ElementsAre(
          R"(alter table public."t" alter column "c" drop default)",
          R"(alter table public."t" alter column "c" type character varying(500) using "c"::character varying(500))",
          R"(alter table public."t" alter column "c" set default 'x')"));
  EXPECT_THAT(alter(t_c("text"), t_c("text", {{"is_unique", true}, {"is_indexed", true}})),
              ElementsAre(R"(alter table public."t" add constraint "t_c_unique" unique ("c"))",
                          R"(create index "t_c_index" on public."t" ("c"))"));
  EXPECT_THAT(alter(t_c("text", {{"is_unique", true}, {"is_indexed", true}}), t_c("text")),
              ElementsAre(R"(alter table public."t" drop constraint "their_unique")",
                          R"(drop index public."their_index")"));
}

TEST(ColumnDdl, AWiderCounterKeepsItsSequence) {
  const auto counter = [](std::string_view type) {
    return t_c(type,
               {{"has_auto_increment", true}, {"default_value", "nextval('t_c_seq'::regclass)"}});
  };
  EXPECT_THAT(
      alter(counter("integer"), counter("bigint")),
      ElementsAre(R"(alter table public."t" alter column "c" type bigint using "c"::bigint)"));
}

TEST(ColumnDdl, AnUnmanagedDefaultSurvivesATypeChange) {
  Field desired = t_c("text", {{"max_length", nullptr}});
  desired.schema = without(*desired.schema, "default_value");
  EXPECT_THAT(alter(t_c("character varying", {{"default_value", "x"}}), desired),
              ElementsAre(R"(alter table public."t" alter column "c" type text using "c"::text)"));
}

TEST(ColumnDdl, WhatCannotBeChangedInPlaceIsRefused) {
  for (const char* key : {"is_primary_key", "has_auto_increment", "is_generated"}) {
    EXPECT_THAT(alter(t_c("integer"), t_c("integer", {{key, true}})),
                ElementsAre(HasSubstr("cannot be changed in place")))
        << key;
  }
}

TEST(ColumnDdl, Narrowing) {
  const auto numeric = [](int precision, int scale) {
    return t_c("numeric", {{"numeric_precision", precision}, {"numeric_scale", scale}});
  };
  const auto varchar = [](int length) {
    return t_c("character varying", {{"max_length", length}});
  };
  struct Case {
    Field from, to;
    bool narrower;
  };
  const Case cases[] = {
      {varchar(10), varchar(10), false},
      {varchar(10), varchar(20), false},
      {varchar(20), varchar(10), true},
      {varchar(10), varchar(-5), false},
      {varchar(-5), varchar(10), true},
      {varchar(10), t_c("text"), false},
      {t_c("text"), varchar(10), true},
      {t_c("uuid"), t_c("text"), false},
      {t_c("integer"), t_c("integer"), false},
      {t_c("smallint"), t_c("integer"), false},
      {t_c("integer"), t_c("bigint"), false},
      {t_c("bigint"), t_c("integer"), true},
      {t_c("real"), t_c("double precision"), false},
      {t_c("double precision"), t_c("real"), true},
      {t_c("text"), t_c("integer"), true},
      {t_c("text"), t_c("uuid"), true},
      {t_c("json"), t_c("jsonb"), false},
      {t_c("jsonb"), t_c("json"), true},
      {t_c("date"), t_c("timestamp without time zone"), false},
      {t_c("timestamp without time zone"), t_c("date"), true},
      {t_c("numeric"), t_c("numeric"), false},
      {t_c("numeric"), numeric(10, 2), true},
      {numeric(10, 2), t_c("numeric"), false},
      {numeric(10, 2), numeric(12, 2), false},
      {numeric(12, 2), numeric(10, 2), true},
      {numeric(10, 2), numeric(10, 0), true},
      {numeric(10, 2), numeric(10, 4), true},
      {numeric(10, 2), numeric(12, 4), false},
      {numeric(5, 0), numeric(5, 2046), true},
      {numeric(5, 2046), numeric(7, 0), false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(narrows(*c.from.schema, *c.to.schema), c.narrower)
        << ddl(c.from) << " -> " << ddl(c.to);
  }
}

TEST(ColumnDdl, DescribesAColumnInOneLine) {
  EXPECT_EQ(describe_column(*t_c("text").schema), "text");
  EXPECT_EQ(
      describe_column(
          *t_c("text", {{"is_nullable", false}, {"is_unique", true}, {"is_indexed", true}}).schema),
      "text, not null, unique, indexed");
  EXPECT_EQ(describe_column(*primary_key("t").schema), "uuid, primary key");
  EXPECT_EQ(describe_column(*t_c("; drop").schema), "; drop");
}

TEST(GeneratedNames, AsDirectusMakesThem) {
  struct Case {
    const char *kind, *table, *column, *name;
  };
  const std::string sixty = "t" + std::string(50, 'x');
  const Case cases[] = {
      {"unique", "clubs", "name", "clubs_name_unique"},
      {"index", "clubs", "name", "clubs_name_index"},
      {"foreign", "drivers", "club", "drivers_club_foreign"},
      {"unique", "Clubs", "Name", "clubs_name_unique"},
      {"index", "a.b-c", "d", "a_b_c_d_index"},
      {"index", "a", "b.c-d", "a_b.c-d_index"},
      {"unique", "Größe", "ÄÖÜ", "größe_äöü_unique"},
      // JavaScript counts UTF-16 units, not bytes
      {"unique", "ŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽŽ", "ČČČČČČČČČČČČČČČČČČČČČČČČČČČČČČ",
       "žžžžžžžžžžžžžžžžžžžžžžžžžžžžžž_ččččččččččččččč__70b9282f_unique"}};
  for (const Case& c : cases) EXPECT_EQ(generated_name(c.kind, c.table, c.column), c.name);
}

// By 11.6.1's own getDefaultIndexName.
TEST(GeneratedNames, LongOnesAreCutAndHashed) {
  const std::string table = "a_very_long_collection_name_that_is_really_quite_long_indeed";
  const std::string field = "a_very_long_field_name";
  EXPECT_EQ(generated_name("foreign", table, field),
            "a_very_long_collection_name_that_is_really__6a192c89_foreign");
  EXPECT_EQ(generated_name("unique", table, field),
            "a_very_long_collection_name_that_is_really_qui__4625ea84_unique");
  // At the limit, and one beyond it.
  EXPECT_EQ(generated_name("index", std::string(53, 'x'), "abc"),
            std::string(53, 'x') + "_abc_index");
  EXPECT_EQ(generated_name("index", std::string(53, 'x'), "abcd"),
            std::string(47, 'x') + "__293706bc_index");
  EXPECT_EQ(generated_name("foreign", std::string(48, 'x'), "abc"),
            std::string(48, 'x') + "_abc_foreign");
  EXPECT_EQ(generated_name("foreign", std::string(48, 'x'), "abcd"),
            std::string(43, 'x') + "__2b4a44a_foreign");
}

}  // namespace
}  // namespace reconcile::snapshot
