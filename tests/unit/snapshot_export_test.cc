#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/snapshot/export.h"
#include "reconcilers/snapshot/export_diff.h"
#include "reconcilers/snapshot/js_json.h"
#include "reconcilers/snapshot/key_order.h"
#include "reconcilers/snapshot/planner.h"
#include "reconcilers/snapshot/read.h"
#include "tests/unit/support/files.h"
#include "tests/unit/support/snapshot_model.h"

namespace reconcile::snapshot {
namespace {

using test::add_row;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

DirectusVersion directus(std::string_view text) { return parse_directus_version(text).value(); }

/// What test::live_of() leaves out: every table has a primary key of one column.
LiveState keyed(LiveState live) {
  live.keyed_tables = TextTable({{"relname", 19}});
  for (std::size_t row = 0; row < live.columns.rows(); ++row)
    live.keyed_tables.add(live.columns.text(row, 0));
  return live;
}

void add_column(LiveState& live, std::string_view table, std::string_view name,
                std::string_view index = {}) {
  const auto index_name = index.empty() ? std::nullopt : std::optional(index);
  add_row(live.columns,
          {table, name, "integer", {}, "32", "0", {}, "t", {}, index_name, "f", "f", "f"});
}

void add_field(LiveState& live, std::string_view id, std::string_view collection,
               std::string_view field, std::optional<std::string_view> special = {}) {
  add_row(live.fields, {id, collection, field, special});
}

LiveState database() {
  LiveState live = test::empty_database();
  live.keyed_tables = TextTable({{"relname", 19}});
  live.migrations = TextTable({{"version", 1043}});
  live.collections = TextTable({{"collection", 1043}, {"note", 25}});
  live.fields = TextTable({{"id", 23}, {"collection", 1043}, {"field", 1043}, {"special", 1043}});
  live.relations = TextTable(
      {{"id", 23}, {"many_collection", 1043}, {"many_field", 1043}, {"one_collection", 1043}});
  return live;
}

void add_table(LiveState& live, std::string_view name) {
  live.tables.add(name);
  live.keyed_tables.add(name);
}

std::vector<std::string> fields_of(const Snapshot& snapshot) {
  std::vector<std::string> found;
  for (const Field& field : snapshot.fields) found.push_back(name_of(field) + ":" + field.type);
  return found;
}

std::vector<std::string> relations_of(const Snapshot& snapshot) {
  std::vector<std::string> found;
  for (const Relation& relation : snapshot.relations) {
    found.push_back(name_of(relation) + ">" + relation.related + (relation.meta ? " meta" : "") +
                    (relation.schema ? " schema" : ""));
  }
  return found;
}

TEST(SnapshotExport, TheCommittedSnapshotByteForByte) {
  const std::string text = reconcile::test::contents(RECONCILE_SOURCE_DIR "/snapshots/schema.yaml");
  const Snapshot file = read(text, "schema.yaml").value();
  const DirectusVersion version = directus(version_line(text));
  const Snapshot live = exported(keyed(test::live_of(file)), version);
  const std::string yaml = to_yaml(live, traits_of(version).yaml_numbers);
  EXPECT_TRUE(yaml == text) << export_differences(text, yaml).front().entry;
  const Snapshot from_json = read(to_json(live), "schema.json").value();
  EXPECT_EQ(to_yaml(from_json, YamlNumbers::Underscored), yaml);
}

TEST(SnapshotExport, AnEmptyDatabase) {
  EXPECT_EQ(to_yaml(exported(database(), directus("11.6.1")), YamlNumbers::Underscored),
            "version: 1\ndirectus: 11.6.1\nvendor: postgres\ncollections: []\nfields: "
            "[]\nrelations: []\n");
  EXPECT_EQ(to_json(exported(database(), directus("12.4.0"))),
            R"({"version":1,"directus":"12.4.0","vendor":"postgres","collections":[],"fields":[],)"
            R"("systemFields":[],"relations":[]})");
}

TEST(SnapshotExport, WhatIsNotTrackedIsListedBefore1110) {
  LiveState live = database();
  add_table(live, "stray");
  add_table(live, "directus_own");
  add_table(live, "directus_users");
  add_column(live, "stray", "b");
  add_column(live, "stray", "a");
  add_column(live, "directus_users", "email");
  add_column(live, "directus_users", "custom");
  add_row(live.foreign_keys, {"stray", "a", "other", "id", "fk", "NO ACTION", "SET NULL", "t"});
  add_row(live.foreign_keys,
          {"directus_users", "role", "directus_roles", "id", "x", "NO ACTION", "SET NULL", "t"});
  const Snapshot before = exported(live, directus("11.9.2"));
  ASSERT_EQ(before.collections.size(), 2U);
  EXPECT_EQ(before.collections[0].name, "directus_own");
  EXPECT_EQ(before.collections[1].name, "stray");
  EXPECT_THAT(fields_of(before),
              ElementsAre("directus_users.custom:integer", "stray.b:integer", "stray.a:integer"));
  EXPECT_THAT(relations_of(before), ElementsAre("stray.a>other schema"));
  const Snapshot since = exported(live, directus("11.10.0"));
  EXPECT_THAT(since.collections, IsEmpty());
  EXPECT_THAT(since.fields, IsEmpty());
  EXPECT_THAT(since.relations, IsEmpty());
}

TEST(SnapshotExport, IndexedSystemFieldsAreListedSince1113) {
  LiveState live = database();
  add_table(live, "directus_users");
  add_table(live, "directus_activity");
  add_column(live, "directus_users", "title", "i");
  add_column(live, "directus_users", "email", "i");
  add_column(live, "directus_users", "role");
  add_column(live, "directus_users", "custom", "i");
  add_column(live, "directus_activity", "timestamp", "i");
  add_field(live, "1", "directus_users", "title");
  EXPECT_FALSE(exported(live, directus("11.12.0")).system_fields);
  const Snapshot snapshot = exported(live, directus("11.13.0"));
  EXPECT_THAT(to_yaml(snapshot, YamlNumbers::Underscored),
              HasSubstr("systemFields:\n"
                        "  - collection: directus_activity\n    field: timestamp\n"
                        "    schema:\n      is_indexed: true\n"
                        "  - collection: directus_users\n    field: email\n"
                        "    schema:\n      is_indexed: true\nrelations: []\n"));
  EXPECT_THAT(fields_of(snapshot), ElementsAre("directus_users.title:integer"));
}

TEST(SnapshotExport, FieldsByIdAndOnlyOfKeyedTables) {
  LiveState live = database();
  add_table(live, "clubs");
  live.tables.add("keyless");
  add_table(live, "with space");
  add_table(live, "spatial_ref_sys");
  for (const char* table : {"clubs", "keyless", "with space", "spatial_ref_sys"}) {
    add_column(live, table, "id");
    add_column(live, table, "late");
    add_row(live.collections, {table, {}});
  }
  add_field(live, "3", "clubs", "alias", "alias,no-data");
  add_field(live, "4", "clubs", "alias", "o2m");
  add_field(live, "5", "clubs", "id", "m2m");
  add_field(live, "6", "clubs", "id");
  add_field(live, "7", "clubs", "gone", "uuid");
  add_field(live, "8", "nowhere", "x", "alias");
  add_field(live, "9", "keyless", "id");
  const Snapshot snapshot = exported(live, directus("11.6.1"));
  EXPECT_THAT(fields_of(snapshot),
              ElementsAre("clubs.alias:alias", "clubs.alias:alias", "clubs.id:integer",
                          "clubs.id:alias", "clubs.late:integer"));
  ASSERT_EQ(snapshot.collections.size(), 3U);
  EXPECT_EQ(snapshot.collections[1].name, "keyless");
  EXPECT_EQ(snapshot.collections[2].name, "with space");
}

TEST(SnapshotExport, RelationsFindTheirRowByTarget) {
  LiveState live = database();
  add_row(live.foreign_keys, {"a", "two", "x", "id", "fk1", "NO ACTION", "SET NULL", "t"});
  add_row(live.foreign_keys, {"a", "two", "y", "id", "fk2", "NO ACTION", "SET NULL", "t"});
  add_row(live.foreign_keys, {"a", "any", "x", "id", "fk3", "NO ACTION", "SET NULL", "t"});
  add_row(live.relations, {"4", "gone", "f", "x"});
  add_row(live.relations, {"5", "a", "two", "z"});
  add_row(live.relations, {"6", "a", "two", "y"});
  add_row(live.relations, {"7", "a", "any", {}});
  EXPECT_THAT(relations_of(exported(live, directus("11.6.1"))),
              ElementsAre("a.two>z meta", "a.two>y meta schema", "a.any>x meta schema",
                          "a.two>x schema", "gone.f>x meta"));
  EXPECT_THAT(
      relations_of(exported(live, directus("12.4.0"))),
      ElementsAre("a.two>z meta", "a.two>y meta schema", "a.any>x meta schema", "gone.f>x meta"));
}

// Measured on Directus 11.6.1: keys are sorted with a comma behind them, and numbers come first.
TEST(SnapshotExport, KeysOfValuesInTheOrderOfTheirText) {
  const auto value = parse_js_json(
      R"({"aa":1,"a_b":1,"a.b":1,"a-b":1,"a":"z","a+":1,"a'":1,"a b":1,"B":1,"10":1,"9":1,"01":1,)"
      R"("a,b":1,"__proto__":{},"list":[{"b":1,"a":2},3,1]})");
  std::string text;
  append_js_json(text, with_ordered_keys(*value));
  EXPECT_EQ(text,
            R"({"9":1,"10":1,"01":1,"B":1,"a b":1,"a'":1,"a+":1,"a,b":1,"a":"z","a-b":1,"a.b":1,)"
            R"("a_b":1,"aa":1,"list":[{"a":2,"b":1},3,1]})");
}

TEST(DirectusVersions, AreReadOutOfTheFile) {
  EXPECT_EQ(version_line("version: 1\ndirectus: 11.6.1\nvendor: postgres\n"), "11.6.1");
  EXPECT_EQ(version_line("version: 1\r\ndirectus: '12.0.0-rc.1'\r\n"), "12.0.0-rc.1");
  EXPECT_EQ(version_line(R"({"version":1,"directus":"11.17.4","vendor":"postgres")"), "11.17.4");
  EXPECT_EQ(version_line("{\n  \"directus\" : \"11.1.0\"\n}"), "11.1.0");
  EXPECT_EQ(version_line("collections: []\n"), "");
  EXPECT_EQ(directus("12.0.0-rc.1"), directus("12.0.0"));
  EXPECT_LT(directus("11.9.2"), directus("11.10.0"));
  for (const char* bad : {"", "11", "11.6", "a.b.c", "11.6.1x", "-1.2.3", "11..1"})
    EXPECT_FALSE(parse_directus_version(bad)) << bad;
}

TEST(DirectusVersions, TheClaimIsBelievedWhereTheMigrationsBearItOut) {
  LiveState live = database();
  const auto taken = [&](std::string_view claim) {
    const InstalledDirectus installed = installed_directus(live, claim);
    return installed.version.text + (installed.doubt.empty() ? "" : "?");
  };
  EXPECT_EQ(taken("11.6.1"), "11.6.1");  // no migrations to ask
  for (const char* version : {"20240909B", "20240924B", "20250224A", "20991231A"})
    live.migrations.add(version);
  EXPECT_EQ(taken("11.6.1"), "11.6.1");
  EXPECT_EQ(taken("11.5.0"), "11.5.0");  // between two that are known
  EXPECT_EQ(taken("11.8.1"), "11.8.1");
  EXPECT_EQ(taken("11.4.1"), "11.8.0?");
  EXPECT_EQ(taken("11.9.2"), "11.8.0?");
  EXPECT_EQ(taken("12.4.0"), "11.8.0?");
  EXPECT_EQ(taken(""), "11.8.0?");
  for (const char* version : {"20250613A", "20250718A", "20251028A", "20260113A", "20260211A",
                              "20260512B", "20260727A", "20260909A"})
    live.migrations.add(version);
  EXPECT_EQ(taken("11.6.1"), "12.4.1?");
  EXPECT_EQ(taken("12.4.0"), "12.4.0");
  EXPECT_EQ(taken("12.9.0"), "12.9.0");  // newer than what is known
}

std::string snapshot_text(std::string_view entries) {
  return "version: 1\ndirectus: 11.6.1\nfields:\n" + std::string(entries) + "relations: []\n";
}

TEST(ExportDifferences, EntryByEntry) {
  const std::string a =
      "  - collection: c\n    field: a\n    meta:\n      note: x\n      sort: 1\n";
  const std::string a_changed =
      "  - collection: c\n    field: a\n    meta:\n      note: y\n      sort: 1\n";
  const std::string b = "  - collection: c\n    field: b\n";
  const std::string d = "  - collection: 'd'\n    field: 'no'\n";
  EXPECT_THAT(export_differences(snapshot_text(a), snapshot_text(a)), IsEmpty());
  const auto found = export_differences(snapshot_text(a + b), snapshot_text(d + b + a_changed));
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].entry, "field c.a");
  EXPECT_THAT(found[0].lines, ElementsAre("-   note: x", "+   note: y"));
  EXPECT_EQ(found[1].entry, "field d.no");
  EXPECT_EQ(found[1].kind, ExportDifference::Kind::OnlyInDatabase);
  EXPECT_EQ(found[2].entry, "fields of c");
  EXPECT_EQ(found[2].kind, ExportDifference::Kind::Order);
  const auto removed = export_differences(snapshot_text(a + b + b), snapshot_text(a + b));
  ASSERT_EQ(removed.size(), 1U);
  EXPECT_EQ(removed[0].entry, "field c.b (2)");
  EXPECT_EQ(removed[0].kind, ExportDifference::Kind::OnlyInFile);
}

TEST(ExportDifferences, HeaderAndBytesAround) {
  const auto header = export_differences("version: 1\ndirectus: 1.0.0\nfields: []\n",
                                         "version: 1\ndirectus: 2.0.0\nfields: []\n");
  ASSERT_EQ(header.size(), 1U);
  EXPECT_EQ(header[0].entry, "header");
  EXPECT_THAT(header[0].lines, ElementsAre("- directus: 1.0.0", "+ directus: 2.0.0"));
  const auto writing = export_differences("version: 1", "version: 1\n");
  ASSERT_EQ(writing.size(), 1U);
  EXPECT_EQ(writing[0].kind, ExportDifference::Kind::Writing);
}

}  // namespace
}  // namespace reconcile::snapshot
