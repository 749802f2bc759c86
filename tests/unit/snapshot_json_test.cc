#include <fmt/format.h>
#include <gtest/gtest.h>

#include "reconcilers/snapshot/json_reader.h"
#include "reconcilers/snapshot/read.h"

namespace reconcile::snapshot {
namespace {

/// A snapshot with these entries of `collections` and these further keys.
std::string file(std::string_view collections, std::string_view more = "") {
  return fmt::format(
      R"({{"version": 1, "directus": "11.6.1", "vendor": "postgres", {}"collections": [{}], "fields": [], "relations": []}})",
      more, collections);
}

TEST(ReadJson, EntriesAreThoseOfTheSameFileAsYaml) {
  const std::string text = file(
      R"({"collection": "a", "meta": {"note": "1:30", "sort": 1.0}, "schema": {"name": "a"}})");
  const Snapshot json = read(text, "snapshots/schema.json").value();
  const Snapshot yaml = read(text, "snapshots/schema.yaml").value();
  for (const Snapshot* snapshot : {&json, &yaml}) {
    EXPECT_EQ(snapshot->directus, "11.6.1");
    ASSERT_EQ(snapshot->collections.size(), 1U);
    EXPECT_EQ(*snapshot->collections[0].meta->find(Key("note")), Value("1:30"));
    EXPECT_EQ(*snapshot->collections[0].meta->find(Key("sort")), Value(1));
  }
}

// Tools that write JSON as ASCII spell what lies beyond the first 65,536 characters as two escapes,
// which YAML refuses.
TEST(ReadJson, SurrogatePairsAreOneCharacter) {
  const auto snapshot =
      read_json(file(R"({"collection": "a", "meta": {"note": "\ud83d\ude00"}})"), "s.json");
  ASSERT_TRUE(snapshot) << describe(snapshot.error());
  EXPECT_EQ(text_of(snapshot->collections[0].meta->find(Key("note"))), "\xF0\x9F\x98\x80");
}

TEST(ReadJson, SystemFieldsAreKeptApart) {
  EXPECT_FALSE(read_json(file(""), "s.json")->system_fields);
  const auto empty = read_json(file("", R"("systemFields": [], )"), "s.json");
  ASSERT_TRUE(empty->system_fields);
  EXPECT_TRUE(empty->system_fields->empty());
  const auto one = read_json(
      file(
          "",
          R"("systemFields": [{"collection": "directus_users", "field": "email", "schema": {"is_indexed": true}}], )"),
      "s.json");
  ASSERT_EQ(one->system_fields->size(), 1U);
  EXPECT_EQ(one->system_fields->front().name, "email");
}

struct Refused {
  std::string text;
  std::string says;  ///< part of the error, place included
};

TEST(ReadJson, WhatIsWrongIsNamedWithItsPlace) {
  const Refused cases[] = {
      {"", "s.json:1: this is not JSON"},
      {"[]", "s.json:1: this is not JSON: a snapshot is an object"},
      {"{\n\"version\": 1,,\n}", "s.json:2: this is not JSON"},
      {file("") + "{}", "more follows its end"},
      {file("1"), "s.json: collections[0]: an entry of collections has to be a mapping"},
      {file(R"({"collection": "a"}, {"collection": "a"})"),
       "s.json: collections[1]: collection a stands twice"},
      {file(R"({"collection": "a", "extra": 1})"), "unknown key \"extra\""},
      {file("", R"("extra": 1, )"), "s.json: unknown key \"extra\""},
      {R"({"version": 2, "collections": [], "fields": [], "relations": []})",
       "only snapshot version 1"},
      {R"({"version": 1, "collections": [], "fields": []})", "\"relations\" is missing"},
      {R"({"version": 1, "collections": {}, "fields": [], "relations": []})",
       "\"collections\" has to be a list"},
      {file(std::string(2000, '[') + std::string(2000, ']')), "this is not JSON"},
  };
  for (const Refused& refused : cases) {
    const auto snapshot = read_json(refused.text, "s.json");
    ASSERT_FALSE(snapshot) << refused.text;
    EXPECT_NE(describe(snapshot.error()).find(refused.says), std::string::npos)
        << "got:  " << describe(snapshot.error()) << "\nwant: " << refused.says;
  }
}

}  // namespace
}  // namespace reconcile::snapshot
