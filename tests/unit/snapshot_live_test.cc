#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <sstream>

#include "reconcilers/snapshot/field_type.h"
#include "reconcilers/snapshot/js_json.h"
#include "reconcilers/snapshot/live.h"
#include "reconcilers/snapshot/live_values.h"
#include "reconcilers/snapshot/planner.h"
#include "reconcilers/snapshot/yaml_reader.h"
#include "tests/unit/support/snapshot_model.h"

namespace reconcile::snapshot {
namespace {

using test::add_row;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

template <class Entity>
std::vector<std::string> names(const std::vector<Entity>& entities) {
  std::vector<std::string> found;
  for (const Entity& entity : entities) found.push_back(name_of(entity));
  return found;
}

// research/directus.md §1.5: what Directus 11.6.1 shows for each expression, its corruptions
// included.
TEST(SnapshotLive, DefaultsAsDirectusShowsThem) {
  struct Case {
    std::optional<std::string_view> expression;
    const char* type;
    Value shown;
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Case cases[] = {
      {std::nullopt, "text", nullptr},
      {"NULL::character varying", "character varying", nullptr},
      {"null", "text", nullptr},
      {"'text'::text", "text", "text"},
      {"''::text", "text", ""},
      {"'null'::text", "text", "null"},
      {"'true'::text", "text", "true"},
      {"'12'::text", "text", "12"},
      {"'a::b'::text", "text", "'a"},
      {"'it''s'::text", "text", "it''s"},
      {"'::x'::text", "text", ""},
      {"\n'x'\u00a0", "text", "x"},
      {"0000-00-00 00:00:00", "text", nullptr},
      {"'  padded '::text", "text", "  padded "},
      {"\"current_user\"()", "text", "\"current_user\"()"},
      {"(CURRENT_USER)::text", "text", "(CURRENT_USER)"},
      {"nextval('clubs_id_seq'::regclass)", "integer", "nextval('clubs_id_seq'::regclass)"},
      {"CURRENT_TIMESTAMP", "timestamp with time zone", "CURRENT_TIMESTAMP"},
      {"CURRENT_TIMESTAMP(3)", "timestamp with time zone", "CURRENT_TIMESTAMP(3)"},
      {"now()", "timestamp with time zone", "now()"},
      {"'2020-01-01'::date", "date", "2020-01-01"},
      {"gen_random_uuid()", "uuid", "gen_random_uuid()"},
      {"true", "boolean", true},
      {"false", "boolean", false},
      {"(NOT true)", "boolean", true},
      {"B'0'::\"bit\"", "bit", true},
      {"''::text", "boolean", false},
      {"'0'::text", "boolean", false},
      {"5", "integer", 5},
      {"'0x1F'::text", "integer", 31},
      {"'-0'::double precision", "double precision", -0.0},
      {"nextval('a_seq'::regclass)", "bigint", "nextval('a_seq'::regclass)"},
      {"'-5'::integer", "integer", -5},
      {"(1 + 2)", "integer", "(1 + 2)"},
      {"'9223372036854775807'::bigint", "bigint", 9223372036854775807.0},
      {"1.50", "numeric", 1.5},
      {"2.0", "numeric", 2},
      {"'NaN'::numeric", "numeric", "NaN"},
      {"'Infinity'::double precision", "double precision", infinity},
      {"'-Infinity'::real", "real", -infinity},
      {"'{\"a\": 1.0}'::json", "json", Value({{"a", 1}})},
      {"'[]'::jsonb", "jsonb", boost::json::array()},
      {"'\"text\"'::jsonb", "jsonb", "text"},
      {"'{\"a\": \"x::y\"}'::json", "json", "'{\"a\": \"x"},
      {"'{a,b}'::text[]", "text[]", "{a,b}"}};
  for (const Case& c : cases) {
    const bool decimal = std::string_view(c.type) == "numeric";
    EXPECT_EQ(projected_default(c.expression, field_type(c.type, decimal, nullptr, false)), c.shown)
        << c.expression.value_or("nothing") << " " << c.type;
  }
}

TEST(SnapshotLive, TheCommittedSnapshotSurvivesTheWayThroughTheCatalog) {
  std::ifstream stream(RECONCILE_SOURCE_DIR "/snapshots/schema.yaml");
  std::ostringstream text;
  text << stream.rdbuf();
  const Snapshot file = read_yaml(text.str(), "schema.yaml").value();
  const Snapshot live = project(test::live_of(file));
  EXPECT_EQ(names(live.collections), names(file.collections));
  EXPECT_THAT(names(live.fields), ::testing::UnorderedElementsAreArray(names(file.fields)));
  EXPECT_THAT(names(live.relations), ::testing::UnorderedElementsAreArray(names(file.relations)));
  const auto there = by_name(live.fields);
  for (const Field& field : file.fields) {
    const Field& found = *there.at(name_of(field));
    for (const auto& [key, value] : *field.meta)
      EXPECT_EQ(*found.meta->find(key), value) << name_of(field);
    ASSERT_EQ(found.schema.has_value(), field.schema.has_value()) << name_of(field);
    if (!field.schema) continue;
    for (const auto& [key, value] : *field.schema)
      EXPECT_EQ(*found.schema->find(key), value) << name_of(field) << " " << key.name();
  }
}

TEST(SnapshotLive, AColumnInAllItsKeys) {
  LiveState live = test::empty_database();
  add_row(live.columns, {"clubs",
                         "id",
                         "integer",
                         {},
                         "32",
                         "0",
                         "nextval('clubs_id_seq'::regclass)",
                         "f",
                         {},
                         {},
                         "t",
                         "f",
                         "t"});
  add_row(live.columns, {"clubs",
                         "code",
                         "character varying",
                         "-5",
                         {},
                         {},
                         "'x'::character varying",
                         "t",
                         "clubs_code_unique",
                         "any_index",
                         "f",
                         "f",
                         "f"});
  add_row(live.columns,
          {"clubs", "twice", "integer", {}, "32", "0", "(id * 2)", "t", {}, {}, "f", "t", "f"});
  add_row(live.foreign_keys,
          {"clubs", "code", "codes", "code", "first_fk", "NO ACTION", "CASCADE", "t"});
  add_row(live.foreign_keys,
          {"clubs", "code", "others", "id", "second_fk", "NO ACTION", "CASCADE", "t"});
  const Snapshot snapshot = project(live);
  ASSERT_THAT(names(snapshot.fields), ElementsAre("clubs.id", "clubs.code", "clubs.twice"));
  const auto shown = [&](std::size_t field, std::string_view key) {
    return *snapshot.fields[field].schema->find(Key(key));
  };
  EXPECT_EQ(snapshot.fields[0].schema->size(), 16U);
  EXPECT_EQ(shown(0, "name"), "id");
  EXPECT_EQ(shown(0, "table"), "clubs");
  EXPECT_EQ(shown(0, "default_value"), "nextval('clubs_id_seq'::regclass)");
  EXPECT_EQ(shown(0, "numeric_precision"), 32);
  EXPECT_EQ(shown(0, "max_length"), nullptr);
  EXPECT_EQ(shown(0, "is_nullable"), false);
  EXPECT_EQ(shown(0, "is_unique"), true);
  EXPECT_EQ(shown(0, "is_primary_key"), true);
  EXPECT_EQ(shown(0, "has_auto_increment"), true);
  EXPECT_EQ(shown(1, "max_length"), -5);
  EXPECT_EQ(shown(1, "default_value"), "x");
  EXPECT_EQ(shown(1, "is_unique"), true);
  EXPECT_EQ(shown(1, "is_indexed"), true);
  EXPECT_EQ(shown(1, "foreign_key_table"), "codes");
  EXPECT_EQ(shown(1, "foreign_key_column"), "code");
  EXPECT_EQ(shown(2, "is_generated"), true);
  EXPECT_EQ(shown(2, "default_value"), nullptr);
  EXPECT_EQ(shown(2, "generation_expression"), "(id * 2)");
  EXPECT_EQ(column_names(live, "clubs", "code").unique_constraint, "clubs_code_unique");
  EXPECT_EQ(column_names(live, "clubs", "code").index, "any_index");
  EXPECT_EQ(column_names(live, "clubs", "id").index, "");
  EXPECT_EQ(column_names(live, "clubs", "gone").index, "");
}

TEST(SnapshotLive, MetadataCellsBecomeValues) {
  EXPECT_EQ(cell_type({"special", 1043}), CellType::Csv);
  EXPECT_EQ(cell_type({"one_allowed_collections", 25}), CellType::Csv);
  EXPECT_EQ(cell_type({"options", 114}), CellType::Json);
  EXPECT_EQ(cell_type({"options", 3802}), CellType::Json);
  EXPECT_EQ(cell_type({"hidden", 16}), CellType::Boolean);
  for (const std::uint32_t oid : {20U, 21U, 23U})
    EXPECT_EQ(cell_type({"sort", oid}), CellType::Integer);
  EXPECT_EQ(cell_type({"note", 1043}), CellType::Text);

  LiveState live = test::empty_database();
  live.fields = TextTable({{"id", 23},
                           {"collection", 25},
                           {"field", 25},
                           {"special", 25},
                           {"options", 114},
                           {"hidden", 16},
                           {"sort", 23},
                           {"note", 25},
                           {"xtra", 25}});
  add_row(live.fields,
          {"7", "clubs", "a", "m2o,uuid", R"({"b":1.0,"c":[]})", "t", "3", "it's", "own"});
  add_row(live.fields, {"8", "clubs", "b", "", "not json", "f", {}, "", {}});
  add_row(live.fields, {"10", "clubs", "d", "a,,b,", R"("[1.5]")", "f", {}, {}, {}});
  add_row(live.fields, {"9", "clubs", "c", {}, {}, {}, "-2", {}, {}});
  const Snapshot snapshot = project(live);
  ASSERT_THAT(names(snapshot.fields), ElementsAre("clubs.a", "clubs.b", "clubs.d", "clubs.c"));
  const auto shown = [&](std::size_t field, std::string_view key) {
    return *snapshot.fields[field].meta->find(Key(key));
  };
  EXPECT_EQ(snapshot.fields[0].id, 7);
  EXPECT_EQ(snapshot.fields[0].meta->find(Key("id")), nullptr);
  EXPECT_EQ(shown(0, "special"), Value({"m2o", "uuid"}));
  EXPECT_EQ(shown(0, "options"), Value({{"b", 1}, {"c", boost::json::array()}}));
  EXPECT_EQ(shown(0, "hidden"), true);
  EXPECT_EQ(shown(0, "sort"), 3);
  EXPECT_EQ(shown(0, "xtra"), "own");
  EXPECT_EQ(shown(1, "special"), boost::json::array());
  EXPECT_EQ(shown(1, "options"), "not json");
  EXPECT_EQ(shown(1, "hidden"), false);
  EXPECT_EQ(shown(1, "note"), "");
  EXPECT_EQ(shown(1, "sort"), nullptr);
  EXPECT_EQ(shown(2, "special"), Value({"a", "", "b", ""}));
  EXPECT_EQ(shown(2, "options"), parse_js_json("[1.5]").value());
  EXPECT_EQ(shown(3, "special"), nullptr);
  EXPECT_EQ(shown(3, "sort"), -2);
}

// A file may make any of them the project's business, so its planner has to find them; what
// `directus schema snapshot` shows of them is another matter.
TEST(SnapshotLive, SystemTablesAreThereAndListedWhereARowMakesThemTheProjects) {
  Snapshot rows;
  rows.collections = {test::table("directus_files"), test::table("clubs")};
  rows.fields = {test::field("directus_users.phone", "text")};
  LiveState live = test::live_of(rows);
  live.tables.add("directus_users");
  live.keyed_tables = TextTable({{"relname", 19}});
  live.keyed_tables.add("directus_users");
  add_row(live.columns,
          {"directus_users", "email", "text", {}, {}, {}, {}, "t", {}, "an_index", "f", "f", "f"});
  add_row(live.foreign_keys,
          {"directus_users", "role", "directus_roles", "id", "x", "NO ACTION", "SET NULL", "t"});
  const Snapshot all = project(live);
  EXPECT_THAT(names(all.collections), ElementsAre("clubs", "directus_files", "directus_users"));
  EXPECT_FALSE(all.collections.back().meta);
  EXPECT_THAT(names(all.fields), ElementsAre("directus_users.phone", "directus_users.email"));
  EXPECT_THAT(names(all.relations), ElementsAre("directus_users.role"));
  ASSERT_TRUE(all.system_fields);
  ASSERT_EQ(all.system_fields->size(), 1U);
  EXPECT_EQ(all.system_fields->front().name, "email");
  EXPECT_EQ(column_names(live, "directus_users", "email").index, "an_index");
  const DirectusTraits directus = traits_of(parse_directus_version("11.6.1").value());
  const Snapshot listed = project_as(directus, live);
  EXPECT_THAT(names(listed.collections), ElementsAre("clubs", "directus_files"));
  EXPECT_THAT(names(listed.fields), ElementsAre("directus_users.phone"));
  EXPECT_THAT(listed.relations, IsEmpty());
}

TEST(SnapshotLive, TypesAreThoseOfTheColumnUnlessTheMetadataSayOtherwise) {
  const auto type = [](std::string_view data_type, const std::vector<Value>& special,
                       bool dates_win = false) {
    const Value list = boost::json::array(special.begin(), special.end());
    return field_type(data_type, false, &list, dates_win);
  };
  EXPECT_EQ(type("character varying", {}), "string");
  EXPECT_EQ(type("numeric", {}), "integer");
  EXPECT_EQ(field_type("numeric", true, nullptr, false), "decimal");
  EXPECT_EQ(type("text[]", {}), "unknown");
  EXPECT_EQ(type("bytea", {}), "unknown");
  EXPECT_EQ(field_type("POINT", false, nullptr, false), "geometry.Point");
  EXPECT_EQ(type("POINT", {}), "geometry");
  EXPECT_EQ(type("MultiPolygonZ", {}), "unknown");
  EXPECT_EQ(type("POINT", {"geometry"}), "geometry");
  EXPECT_EQ(type("POINT", {""}), "geometry");
  EXPECT_EQ(type("year", {}), "integer");
  EXPECT_EQ(type("text", {"cast-csv"}), "csv");
  EXPECT_EQ(type("character varying", {"m2o", "uuid"}), "uuid");
  EXPECT_EQ(type("text", {"cast-timestamp", "cast-json"}), "json");
  EXPECT_EQ(type("text", {"cast-timestamp", "cast-json"}, true), "timestamp");
}

TEST(SnapshotLive, UntrackedTablesColumnsAndConstraintsHaveNoMeta) {
  Snapshot rows = test::clubs_and_drivers();
  test::collection_of(rows, "drivers").meta.reset();
  test::field_of(rows, "drivers.name").meta.reset();
  test::relation_of(rows, "drivers.club").meta.reset();
  Snapshot snapshot = project(test::live_of(rows));
  EXPECT_FALSE(test::collection_of(snapshot, "drivers").meta);
  EXPECT_FALSE(test::field_of(snapshot, "drivers.name").meta);
  EXPECT_EQ(test::field_of(snapshot, "drivers.name").id, 0);
  EXPECT_FALSE(test::relation_of(snapshot, "drivers.club").meta);
  EXPECT_EQ(test::relation_of(snapshot, "drivers.club").related, "clubs");
}

TEST(SnapshotLive, TheLowestIdWinsAmongDuplicates) {
  LiveState live = test::empty_database();
  live.fields = TextTable({{"id", 23}, {"collection", 25}, {"field", 25}, {"note", 25}});
  add_row(live.fields, {"1", "clubs", "name", "first"});
  add_row(live.fields, {"2", "clubs", "name", "second"});
  add_row(live.columns, {"clubs", "name", "text", {}, {}, {}, {}, "t", {}, {}, "f", "f", "f"});
  live.relations =
      TextTable({{"id", 23}, {"many_collection", 25}, {"many_field", 25}, {"one_collection", 25}});
  add_row(live.relations, {"5", "clubs", "name", "a"});
  add_row(live.relations, {"6", "clubs", "name", "b"});
  const Snapshot snapshot = project(live);
  ASSERT_THAT(names(snapshot.fields), ElementsAre("clubs.name"));
  EXPECT_EQ(snapshot.fields[0].id, 1);
  EXPECT_EQ(*snapshot.fields[0].meta->find(Key("note")), "first");
  ASSERT_THAT(names(snapshot.relations), ElementsAre("clubs.name"));
  EXPECT_EQ(snapshot.relations[0].related, "a");
}

TEST(SnapshotLive, RelationsWithAndWithoutAConstraint) {
  Snapshot rows = test::clubs_and_drivers();
  Relation any = test::relation(
      "drivers.item", "", {},
      {{"one_collection", nullptr}, {"one_allowed_collections", Value({"clubs", "drivers"})}});
  any.schema.reset();
  rows.relations.push_back(any);
  Snapshot snapshot = project(test::live_of(rows));
  EXPECT_THAT(names(snapshot.relations), UnorderedElementsAre("drivers.club", "drivers.item"));
  EXPECT_EQ(*test::relation_of(snapshot, "drivers.club").schema->find(Key("on_delete")),
            "SET NULL");
  const Relation& many = test::relation_of(snapshot, "drivers.item");
  EXPECT_FALSE(many.schema);
  EXPECT_EQ(many.related, "");
  EXPECT_EQ(*many.meta->find(Key("one_allowed_collections")), Value({"clubs", "drivers"}));
}

TEST(SnapshotLive, AnEmptyDatabaseIsAnEmptySnapshot) {
  const Snapshot snapshot = project(LiveState());
  EXPECT_THAT(snapshot.collections, IsEmpty());
  EXPECT_THAT(snapshot.fields, IsEmpty());
  EXPECT_THAT(snapshot.relations, IsEmpty());
}

}  // namespace
}  // namespace reconcile::snapshot
