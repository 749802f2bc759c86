#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "controller/config/config.h"
#include "reconcilers/core/hazard.h"
#include "tests/unit/support/files.h"

// The schema that editors read, held against the parser.
namespace reconcile::config {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Names = std::set<std::string>;

/// A mapping of the configuration: where the schema describes it, and the lines that lead to it. A
/// key comes below them.
struct Place {
  const char* name;
  std::string pointer;
  std::string above;
  int depth;
};

const Place places[] = {
    {"Root", "", "", 0},
    {"Git", "/properties/git", "git:\n", 1},
    {"Http", "/properties/http", "http:\n", 1},
    {"Receiver", "/$defs/receiver", "notify:\n  x:\n", 2},
    {"Target", "/$defs/target", "targets:\n  x:\n", 2},
    {"Fleet", "/$defs/fleet", "fleets:\n  x:\n", 2},
    {"Windows", "/$defs/target/properties/windows", "targets:\n  x:\n    windows:\n", 3},
    {"Drift", "/$defs/target/properties/drift/oneOf/1", "targets:\n  x:\n    drift:\n", 3},
    {"Budget", "/$defs/target/properties/deletion_budget", "targets:\n  x:\n    deletion_budget:\n",
     3},
    {"Quarantine", "/$defs/target/properties/quarantine", "targets:\n  x:\n    quarantine:\n", 3},
    {"Directus", "/$defs/target/properties/directus", "targets:\n  x:\n    directus:\n", 3}};

const boost::json::value& schema() {
  static const boost::json::value parsed = [] {
    std::ifstream file(RECONCILE_SOURCE_DIR "/deploy/reconcile.schema.json");
    std::ostringstream text;
    text << file.rdbuf();
    return boost::json::parse(text.str());
  }();
  return parsed;
}

const boost::json::object& at(const std::string& pointer) {
  return schema().at_pointer(pointer).as_object();
}

/// What a `$ref` stands for, with the same key's own description where it has one.
const boost::json::object& resolved(const boost::json::object& one) {
  const auto* ref = one.if_contains("$ref");
  return ref == nullptr ? one : resolved(at(std::string(ref->as_string()).substr(1)));
}

Names keys_in_schema(const Place& place) {
  Names names;
  for (const auto& [key, value] : at(place.pointer).at("properties").as_object())
    names.insert(std::string(key));
  return names;
}

class Schema : public ::testing::TestWithParam<Place> {
 protected:
  /// What the parser says of `KEY: VALUE` at that place; nothing where it takes it.
  Error said(const std::string& key, const std::string& value) {
    const Place& place = GetParam();
    const std::string indent(2 * static_cast<std::size_t>(place.depth), ' ');
    const auto read =
        load(folder_.write("reconcile.yaml", place.above + indent + key + ": " + value + "\n"),
             test::environment({}));
    return read ? Error{} : read.error();
  }

  test::Folder folder_;
};

TEST_P(Schema, NamesKeysThatTheParserKnows) {
  for (const std::string& key : keys_in_schema(GetParam()))
    EXPECT_THAT(said(key, "value").what, Not(HasSubstr("unknown key"))) << key;
}

TEST_P(Schema, NamesEveryKeyThatTheParserNames) {
  const Error error = said("no-such-key", "value");
  ASSERT_THAT(error.what, HasSubstr("unknown key"));
  constexpr std::string_view before = "the keys here are ";
  ASSERT_TRUE(error.next.starts_with(before)) << error.next;
  Names named;
  std::istringstream words(error.next.substr(before.size()));
  for (std::string word; words >> word;) named.insert(word.substr(0, word.find(',')));
  EXPECT_EQ(named, keys_in_schema(GetParam()));
}

// Of a key that nobody knows, its value is not what is wrong.
TEST_P(Schema, HasKeysThatAreNamedWhateverTheValue) {
  for (const char* value : {"{a: b}", "[a, b]", "''", ""}) {
    const Error error = said("no-such-key", value);
    EXPECT_THAT(error.what, HasSubstr("unknown key \"no-such-key\"")) << value;
  }
}

TEST_P(Schema, HasNoOtherKeysAndDescribesEach) {
  const boost::json::object& mapping = at(GetParam().pointer);
  ASSERT_TRUE(mapping.contains("additionalProperties"));
  EXPECT_EQ(mapping.at("additionalProperties"), boost::json::value(false));
  for (const auto& [key, value] : mapping.at("properties").as_object()) {
    const boost::json::object& property = value.as_object();
    EXPECT_TRUE(property.contains("description") || resolved(property).contains("description"))
        << key;
  }
}

// A value that the schema lists is one that the parser takes.
TEST_P(Schema, ListsValuesThatTheParserTakes) {
  for (const auto& [key, value] : at(GetParam().pointer).at("properties").as_object()) {
    const boost::json::object& property = resolved(value.as_object());
    if (!property.contains("enum")) continue;
    for (const auto& listed : property.at("enum").as_array()) {
      EXPECT_THAT(said(std::string(key), std::string(listed.as_string())).what,
                  Not(HasSubstr("unknown")))
          << key;
    }
    EXPECT_THAT(said(std::string(key), "nonsense").what, HasSubstr("unknown")) << key;
  }
}

// An editor must not mark what the parser takes, nor leave unmarked a unit that it does not know.
TEST_P(Schema, HasThePatternsOfItsTimes) {
  for (const auto& [key, value] : at(GetParam().pointer).at("properties").as_object()) {
    const auto* ref = value.as_object().if_contains("$ref");
    if (ref == nullptr || !ref->as_string().ends_with("ime")) continue;
    const std::regex pattern(resolved(value.as_object()).at("pattern").as_string().c_str());
    for (const char* text : {"500ms", "5s", "05s", "30m", "2h", "7d", "0s", "0h", "5", "s", "-1s",
                             "5 s", "1.5s", "1w", "5S", "30min"}) {
      const Error error = said(std::string(key), text);
      const bool taken = error.next.find("a number with its unit") == std::string::npos;
      // Which times are too long a pattern cannot say.
      EXPECT_EQ(std::regex_match(text, pattern), taken) << key << ": " << text << describe(error);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Places, Schema, ::testing::ValuesIn(places),
                         [](const auto& test) { return test.param.name; });

/// Every place below `value` that has keys.
void add_mappings(const boost::json::value& value, const std::string& pointer, Names& found) {
  if (const auto* list = value.if_array()) {
    for (std::size_t i = 0; i < list->size(); ++i)
      add_mappings((*list)[i], pointer + "/" + std::to_string(i), found);
  }
  const auto* object = value.if_object();
  if (object == nullptr) return;
  const auto* properties = object->if_contains("properties");
  if (properties != nullptr && properties->is_object() && object->contains("type"))
    found.insert(pointer);
  for (const auto& [key, below] : *object)
    add_mappings(below, pointer + "/" + std::string(key), found);
}

TEST(SchemaAsAWhole, HasNoPlaceThatIsNotTried) {
  Names found;
  add_mappings(schema(), "", found);
  Names tried;
  for (const Place& place : places) tried.insert(place.pointer);
  EXPECT_EQ(found, tried);
}

/// Whether the parser takes `yaml`.
bool is_taken(const std::string& yaml) {
  test::Folder folder;
  return static_cast<bool>(load(folder.write("reconcile.yaml", yaml), test::environment({})));
}

// Where a time has to be longer than nothing, an editor marks what is too short.
TEST(SchemaAsAWhole, KnowsWhichTimesAreTooShort) {
  const std::regex window(at("/$defs/window").at("pattern").as_string().c_str());
  const std::regex remind(
      at("/$defs/receiver/properties/remind/oneOf/0").at("pattern").as_string().c_str());
  for (const char* text :
       {"1ms",      "9999ms", "29999ms", "30000ms", "59999ms", "60000ms", "100000ms", "1s",
        "5s",       "29s",    "30s",     "59s",     "60s",     "99s",     "100s",     "0030s",
        "1m",       "2h",     "7d",      "0s",      "0m",      "30",      "-60s",     "60 s",
        "600000s ", "1w",     "1m30s",   "0060s",   "3600s"}) {
    const std::string begins = fmt::format("0 22 * * * for {}", text);
    EXPECT_EQ(std::regex_match(begins, window),
              is_taken(fmt::format("targets: {{x: {{windows: {{allow: [\"{}\"]}}}}}}", begins)))
        << text;
    EXPECT_EQ(std::regex_match(text, remind),
              is_taken(fmt::format(
                  "notify: {{x: {{type: slack, url: 'https://a', remind: \"{}\"}}}}", text)))
        << text;
  }
}

// Two ways to say one thing: whichever counted, somebody would mean the other.
TEST(SchemaAsAWhole, NamesThePairsThatTheParserRefuses) {
  EXPECT_EQ(at("/$defs/target").at("allOf").as_array().back(),
            boost::json::parse(R"({"not": {"required": ["database", "database_file"]}})"));
  EXPECT_EQ(at("/$defs/fleet").at("oneOf"),
            boost::json::parse(R"([{"required": ["server"]}, {"required": ["server_file"]}])"));
}

TEST(SchemaAsAWhole, NamesEveryHazard) {
  Names named;
  for (const auto& name :
       at("/$defs/target/properties/hazards/propertyNames").at("enum").as_array())
    named.insert(std::string(name.as_string()));
  Names known;
  for (const HazardRule& rule : hazard_rules()) known.insert(std::string(rule.code));
  for (const HazardRule& rule : hazard_rules()) known.insert(std::string(name_of(rule.category)));
  EXPECT_EQ(named, known);
}

}  // namespace
}  // namespace reconcile::config
