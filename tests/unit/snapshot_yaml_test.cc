#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iostream>
#include <limits>
#include <random>
#include <sstream>

#include "reconcilers/snapshot/yaml_reader.h"
#include "reconcilers/snapshot/yaml_scalar.h"
#include "tests/support/random_seed.h"

namespace reconcile::snapshot {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string committed() {
  std::ifstream stream(RECONCILE_SOURCE_DIR "/snapshots/schema.yaml");
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// A snapshot of one collection whose note is written like this.
std::string with_note(const std::string& yaml) {
  return "version: 1\nfields: []\nrelations: []\ncollections:\n  - collection: clubs\n    meta:\n  "
         "    note: " +
         yaml + "\n";
}

Value note_of(const std::string& yaml) {
  const auto snapshot = read_yaml(with_note(yaml), "schema.yaml");
  if (!snapshot) return boost::json::string("error: " + describe(snapshot.error()));
  return *snapshot->collections.at(0).meta->find(Key("note"));
}

Error error_of(const std::string& text) {
  const auto snapshot = read_yaml(text, "schema.yaml");
  return snapshot ? Error{.where = "", .what = "no error", .why = "", .next = ""}
                  : snapshot.error();
}

TEST(SnapshotYaml, ReadsTheCommittedSnapshot) {
  const auto snapshot = read_yaml(committed(), "snapshots/schema.yaml");
  ASSERT_TRUE(snapshot) << describe(snapshot.error());
  EXPECT_EQ(snapshot->directus, "11.6.1");
  EXPECT_EQ(snapshot->vendor, "postgres");
  EXPECT_EQ(snapshot->collections.size(), 11U);
  EXPECT_EQ(snapshot->fields.size(), 75U);
  EXPECT_EQ(snapshot->relations.size(), 16U);

  const Field& id = snapshot->fields.front();
  EXPECT_EQ(id.collection + "." + id.name, "classes.id");
  EXPECT_EQ(id.type, "uuid");
  EXPECT_EQ(id.schema->size(), 16U);
  EXPECT_EQ(id.meta->size(), 18U);
  EXPECT_TRUE(truth_of(id.schema->find(Key("is_primary_key"))));
  EXPECT_EQ(*id.meta->find(Key("special")), Value({"uuid"}));
  EXPECT_TRUE(id.schema->find(Key("default_value"))->is_null());
  EXPECT_EQ(id.schema->find(Key("comment")), nullptr);
  EXPECT_EQ(snapshot->relations.front().related, "events");
}

// What js-yaml 4.1.0, which wrote the file, makes of each.
TEST(SnapshotYaml, PlainScalarsResolveAsInJsYaml) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::pair<const char*, Value> cases[] = {
      {"", nullptr},
      {"~", nullptr},
      {"null", nullptr},
      {"Null", nullptr},
      {"NULL", nullptr},
      {"nUll", "nUll"},
      {"true", true},
      {"True", true},
      {"TRUE", true},
      {"tRue", "tRue"},
      {"false", false},
      {"False", false},
      {"FALSE", false},
      {"yes", "yes"},
      {"No", "No"},
      {"on", "on"},
      {"y", "y"},
      {"0", 0},
      {"-0", 0},
      {"+0", 0},
      {"00", 0},
      {"010", 10},
      {"08", 8},
      {"-1", -1},
      {"+1", 1},
      {"0o17", 15},
      {"0O17", "0O17"},
      {"0o8", "0o8"},
      {"0o", "0o"},
      {"0x1F", 31},
      {"0X1F", "0X1F"},
      {"0xFg", "0xFg"},
      {"0x", "0x"},
      {"0x_", "0x_"},
      {"-0x10", -16},
      {"0b101", 5},
      {"0b2", "0b2"},
      {"0b", "0b"},
      {"0b_1", "0b_1"},
      {"1_000", "1_000"},
      {"1_", "1_"},
      {"_1", "_1"},
      {"0_1", "0_1"},
      {"1__0", "1__0"},
      {"+", "+"},
      {"-", "-"},
      {"9007199254740991", 9007199254740991},
      {"9007199254740993", 9007199254740992},
      {"9223372036854775807", 9223372036854775807.0},
      {"9223372036854776000", 9223372036854775807.0},
      {"99999999999999999999", 1e20},
      {"1.0", 1},
      {"1.", 1},
      {"0.0", 0},
      {"1.5", 1.5},
      {"-1.5", -1.5},
      {"1_0.5_0", "1_0.5_0"},
      {"1e3", 1000},
      {"1E5", 100000},
      {"1.e3", 1000},
      {"1e+3", 1000},
      {"1e-7", 1e-7},
      {"1_e3", "1_e3"},
      {"1e", "1e"},
      {"12e", "12e"},
      {"1e_3", "1e_3"},
      {"1.5e3_", "1.5e3_"},
      {"1e5.0", "1e5.0"},
      {".5", 0.5},
      {"-.5", "-.5"},
      {"+.5", "+.5"},
      {"._5", "._5"},
      {"._", "._"},
      {".", "."},
      {"..", ".."},
      {".e3", ".e3"},
      {"1.2.3", "1.2.3"},
      {".inf", infinity},
      {"-.inf", -infinity},
      {"+.Inf", infinity},
      {".INF", infinity},
      {".iNf", ".iNf"},
      {"-.nan", "-.nan"},
      {"nan", "nan"},
      {"inf", "inf"},
      {"1:30", "1:30"},
      {"1:30:00", "1:30:00"},
      {"12abc", "12abc"},
      {"1 2", "1 2"},
      {"<<", "<<"},
      {"=", "="},
      // js-yaml has dates; Directus quotes them, so that a bare one is a hand's and means its text.
      {"2020-01-01", "2020-01-01"}};
  for (const auto& [text, expected] : cases) EXPECT_EQ(resolve_plain(text), expected) << text;
  for (const char* text : {".nan", ".NaN", ".NAN"}) {
    const Value value = resolve_plain(text);
    EXPECT_TRUE(value.is_double() && std::isnan(value.get_double())) << text;
  }
}

TEST(SnapshotYaml, QuotedBlockAndFoldedText) {
  const std::pair<const char*, Value> cases[] = {
      {"plain text", "plain text"},
      {"'123'", "123"},
      {"\"null\"", "null"},
      {"''", ""},
      {"'it''s'", "it's"},
      {R"("tab\t\u0161\x41\"")", "tab\tšA\""},
      {"|\n        one\n        two", "one\ntwo\n"},
      {"|-\n        one\n          two", "one\n  two"},
      {"|+\n        one\n", "one\n\n"},
      {">\n        one\n        two\n\n        three", "one two\nthree\n"},
      {">-\n        nextval('clubs_id_seq'::regclass)", "nextval('clubs_id_seq'::regclass)"},
      {"|2-\n          indented", "  indented"},
      {"one\n        two", "one two"},
      {"a # comment", "a"},
      {"a#b", "a#b"},
      {"'{{code}} {{name}}'", "{{code}} {{name}}"},
      {"Jarní rally ŠKODA 🏁", "Jarní rally ŠKODA 🏁"},
      {"[]", boost::json::array()},
      {"{}", boost::json::object()},
      {"[1, two, null, [x]]", Value({1, "two", nullptr, boost::json::array{"x"}})},
      {"\n        a: 1.0\n        b: [1e0]", Value({{"a", 1}, {"b", boost::json::array{1}}})}};
  for (const auto& [yaml, expected] : cases) EXPECT_EQ(note_of(yaml), expected) << yaml;
}

TEST(SnapshotYaml, ListsMayBeEmptyOrLeftBlank) {
  for (const char* empty : {"[]", "", "[ ]"}) {
    const auto snapshot =
        read_yaml(fmt::format("version: 1\ncollections: {0}\nfields: {0}\nrelations: {0}\n", empty),
                  "schema.yaml");
    ASSERT_TRUE(snapshot) << empty << describe(snapshot.error());
    EXPECT_TRUE(snapshot->collections.empty());
  }
}

TEST(SnapshotYaml, JsonIsYaml) {
  const auto snapshot = read_yaml(
      "{\n\t\"version\": 1, \"directus\": \"11.1.0\", \"vendor\": \"postgres\",\n"
      "\t\"collections\": [{\"collection\": \"clubs\", \"meta\": {\"note\": \"a\\u00e9/\"}, "
      "\"schema\": {\"name\": \"clubs\"}}],\n"
      "\t\"fields\": [], \"relations\": []\n}\n",
      "schema.json");
  ASSERT_TRUE(snapshot) << describe(snapshot.error());
  EXPECT_EQ(*snapshot->collections.at(0).meta->find(Key("note")), Value("aé/"));
}

TEST(SnapshotYaml, LineEndsAndByteOrderMarkDoNotCount) {
  std::string text = "\xEF\xBB\xBF";
  for (const char c : committed()) {
    if (c == '\n') text += '\r';
    text += c;
  }
  const auto windows = read_yaml(text, "schema.yaml");
  ASSERT_TRUE(windows) << describe(windows.error());
  const auto unix = read_yaml(committed(), "schema.yaml");
  ASSERT_EQ(windows->fields.size(), unix->fields.size());
  for (std::size_t i = 0; i < unix->fields.size(); ++i) {
    EXPECT_TRUE(std::ranges::equal(*windows->fields[i].meta, *unix->fields[i].meta)) << i;
  }
}

TEST(SnapshotYaml, AbsentMetaNullMetaAndAbsentSchema) {
  const auto snapshot = read_yaml(
      "version: 1\ncollections:\n  - collection: a\n    meta: null\n    schema:\n      name: a\n  "
      "- collection: b\n"
      "fields: []\nrelations:\n  - collection: a\n    field: item\n    related_collection: null\n",
      "schema.yaml");
  ASSERT_TRUE(snapshot) << describe(snapshot.error());
  EXPECT_FALSE(snapshot->collections[0].meta);
  EXPECT_TRUE(snapshot->collections[0].schema);
  EXPECT_FALSE(snapshot->collections[1].schema);
  EXPECT_EQ(snapshot->relations[0].related, "");
}

struct Refusal {
  const char* name;
  std::string text;
  int line;
  const char* what;
};

std::string entry(const std::string& collections, const std::string& fields = "",
                  const std::string& relations = "") {
  return "version: 1\ncollections:" + (collections.empty() ? " []\n" : "\n" + collections) +
         "fields:" + (fields.empty() ? " []\n" : "\n" + fields) +
         "relations:" + (relations.empty() ? " []\n" : "\n" + relations);
}

std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

std::vector<Refusal> refusals() {
  const std::string whole = entry("");
  std::string many_keys = "  - collection: a\n    meta:\n";
  for (int i = 0; i < 300; ++i) many_keys += fmt::format("      k{}: 1\n", i);
  return {
      {"empty", "", 1, "not a Directus snapshot"},
      {"comment only", "# nothing\n", 2, "not a Directus snapshot"},
      {"a list", "- 1\n", 1, "not a Directus snapshot"},
      {"a word", "hello\n", 1, "not a Directus snapshot"},
      {"html", "<!DOCTYPE html>\n<p>a: b: c</p>\n", 1, "not a Directus snapshot"},
      {"unclosed quote", entry("  - collection: 'a\n"), 6, "not YAML"},
      {"bad indentation", "version: 1\ncollections: []\n fields: []\n", 3, "not YAML"},
      {"tab as indentation", "version: 1\ncollections:\n\t- a\n", 3, "not YAML"},
      {"cut in a flow list", "version: 1\ncollections: [", 3, "not YAML"},
      {"cut in the lists", "version: 1\ncollections: []\nfields: []\n", 1,
       "\"relations\" is missing"},
      {"no version", "collections: []\nfields: []\nrelations: []\n", 1, "\"version\" is missing"},
      {"no collections", "version: 1\nfields: []\nrelations: []\n", 1,
       "\"collections\" is missing"},
      {"no fields", "version: 1\ncollections: []\nrelations: []\n", 1, "\"fields\" is missing"},
      {"version 2", "version: 2\n" + whole.substr(11), 1, "version 1"},
      {"version as text", "version: '1'\n" + whole.substr(11), 1, "version 1"},
      {"unknown top key", whole + "extra: 1\n", 5, "unknown key \"extra\""},
      {"list twice", whole + "fields: []\n", 5, "\"fields\" stands twice"},
      {"list is a word", "version: 1\ncollections: clubs\n", 2, "\"collections\" has to be a list"},
      {"list is null", "version: 1\ncollections: null\n", 2, "\"collections\" has to be a list"},
      {"list is a mapping", "version: 1\ncollections:\n  a: 1\n", 3,
       "\"collections\" has to be a list"},
      {"entry is a word", entry("  - clubs\n"), 3, "has to be a mapping"},
      {"entry is null", entry("  -\n"), 3, "has to be a mapping"},
      {"unknown entry key", entry("  - collection: a\n    metadata: {}\n"), 3,
       "unknown key \"metadata\""},
      {"field key in a collection", entry("  - collection: a\n    field: b\n"), 3,
       "unknown key \"field\""},
      {"no name", entry("  - meta: null\n"), 3, "\"collection\" has to be a name"},
      {"name is a number", entry("  - collection: 12\n"), 3, "\"collection\" has to be a name"},
      {"name is empty", entry("  - collection: ''\n"), 3, "\"collection\" has to be a name"},
      {"field without name", entry("", "  - collection: a\n"), 4, "\"field\" has to be a name"},
      {"type is a list", entry("", "  - {collection: a, field: b, type: [x]}\n"), 4,
       "\"type\" has to be a name"},
      {"meta is a list", entry("  - collection: a\n    meta: []\n"), 3,
       "\"meta\" has to be a mapping"},
      {"schema is a word", entry("  - collection: a\n    schema: a\n"), 3,
       "\"schema\" has to be a mapping"},
      {"collection twice", entry("  - collection: a\n  - collection: a\n"), 4,
       "collection a stands twice"},
      {"field twice", entry("", "  - {collection: a, field: b}\n  - {collection: a, field: b}\n"),
       5, "field a.b stands twice"},
      {"relation twice",
       entry("", "", "  - {collection: a, field: b}\n  - {collection: a, field: b}\n"), 6,
       "relation a.b stands twice"},
      {"key twice", entry("  - collection: a\n    meta:\n      note: 1\n      note: 2\n"), 6,
       "\"note\" stands twice"},
      {"alias", entry("  - &x {collection: a}\n  - *x\n"), 4, "aliases are not accepted"},
      {"bomb", entry("  - collection: a\n    meta:\n      a: &a [1]\n      b: &b [*a, *a]\n"), 6,
       "aliases are not accepted"},
      {"tag", entry("  - collection: !!str 12\n"), 3, "tags are not accepted"},
      {"alias as a key", entry("  - collection: a\n    meta:\n      ? *x\n      : 1\n"), 5,
       "a key has to be a word"},
      {"list as a key", entry("  - collection: a\n    meta:\n      [1]: 2\n"), 5,
       "a key has to be a word"},
      {"too deep",
       entry("  - collection: a\n    meta:\n      note: " + repeated("[", 80) + repeated("]", 80) +
             "\n"),
       5, "deeper than 64"},
      {"very deep", entry("  - collection: a\n    meta:\n      note: " + repeated("[", 100000)), 5,
       "deeper than 64"},
      {"too many names", entry(many_keys), 3, "more than 256"},
      {"second document", whole + "---\nversion: 1\n", 5, "second document"},
      {"second empty document", whole + "---\n", 5, "second document"},
      {"control character", entry("  - collection: \"a\x07\"\n"), 3, "not YAML"},
      {"raw NUL", entry(std::string("  - collection: a\0b\n", 20)), 3, "not YAML"},
      {"escaped NUL in a name", entry("  - collection: \"a\\0b\"\n"), 3, "NUL"},
      {"escaped NUL in a value", entry("  - collection: a\n    meta:\n      note: \"a\\0b\"\n"), 5,
       "NUL"},
      {"escaped NUL in a key", entry("  - collection: a\n    meta:\n      \"a\\0b\": 1\n"), 5,
       "NUL"},
      {"invalid UTF-8", entry("  - collection: a\n    meta:\n      note: \xC3\x28\n"), 5,
       "not YAML"},
      {"overlong UTF-8", entry("  - collection: a\n    meta:\n      note: \xC0\xAF\n"), 5,
       "not YAML"},
      {"UTF-8 surrogate", entry("  - collection: a\n    meta:\n      note: \xED\xA0\x80\n"), 5,
       "not YAML"},
      {"UTF-16", std::string("\xFF\xFEv\0e\0", 6), 1, "not YAML"},
  };
}

TEST(SnapshotYaml, RefusesWithTheLine) {
  for (const Refusal& refusal : refusals()) {
    const Error error = error_of(refusal.text);
    EXPECT_EQ(error.where, fmt::format("schema.yaml:{}", refusal.line))
        << refusal.name << ": " << describe(error);
    EXPECT_THAT(describe(error), HasSubstr(refusal.what)) << refusal.name;
    EXPECT_NE(error.next, "") << refusal.name;
  }
}

TEST(SnapshotYaml, TheGoodPartsOfTheRefusedFilesAreFine) {
  EXPECT_TRUE(read_yaml(entry(""), "schema.yaml"));
  EXPECT_TRUE(
      read_yaml(entry("  - collection: a\n", "  - {collection: a, field: b}\n"), "schema.yaml"));
  EXPECT_EQ(note_of(repeated("[", 60) + repeated("]", 60)).is_array(), true);
}

std::string mutated(std::string text, const std::string& original, std::mt19937_64& random) {
  const auto place = [&](const std::string& of) {
    return static_cast<std::size_t>(random() % (of.size() + 1));
  };
  for (std::uint64_t change = random() % 4 + 1; change > 0; --change) {
    const std::size_t at = place(text);
    switch (random() % 5) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(random());
        break;
      case 1:
        text.resize(at);
        break;
      case 2:
        text.erase(at, random() % 200);
        break;
      case 3:
        text.insert(at, original.substr(place(original), random() % 400));
        break;
      default:
        constexpr std::string_view spice[] = {"[",  "{", "&a ", "*a", "- ", ": ",  "\n---\n",
                                              "\"", "'", "|",   "\t", "? ", "!!x "};
        text.insert(at, spice[random() % std::size(spice)]);
    }
  }
  return text;
}

TEST(SnapshotYaml, DamagedFilesAreReadOrRefusedNeverMore) {
  const std::uint64_t seed = reconcile::testing::random_seed();
  std::cout << "RECONCILE_SEED=" << seed << '\n';
  std::mt19937_64 random(seed);
  const std::string original = committed().substr(0, 12000) + "fields: []\nrelations: []\n";
  int refused = 0;
  for (int i = 0; i < 400; ++i) {
    const std::string text = mutated(original, original, random);
    const auto snapshot = read_yaml(text, "schema.yaml");
    if (snapshot) continue;
    ++refused;
    ASSERT_THAT(snapshot.error().where, StartsWith("schema.yaml:")) << "case " << i;
    ASSERT_NE(snapshot.error().what, "") << "case " << i;
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace reconcile::snapshot
