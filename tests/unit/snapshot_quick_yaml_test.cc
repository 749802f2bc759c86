#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

#include "reconcilers/snapshot/plain_entry.h"
#include "reconcilers/snapshot/yaml_reader.h"
#include "tests/support/random_seed.h"

// The quick way of reading has to find what libyaml finds, or nothing.

namespace reconcile::snapshot {
namespace {

std::string text_of_file(const std::string& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string show(const std::optional<Attributes>& part) {
  if (!part) return "none";
  std::string text;
  for (const auto& [key, value] : *part)
    text += fmt::format("{}={};", key.name(), boost::json::serialize(value));
  return text;
}

/// Everything a snapshot says, a line an entity.
std::vector<std::string> show(const Snapshot& snapshot) {
  std::vector<std::string> lines{snapshot.directus, snapshot.vendor};
  for (const Collection& entity : snapshot.collections)
    lines.push_back(fmt::format("{} {} {}", entity.name, show(entity.meta), show(entity.schema)));
  for (const Field& entity : snapshot.fields)
    lines.push_back(fmt::format("{}.{} {} {} {}", entity.collection, entity.name, entity.type,
                                show(entity.meta), show(entity.schema)));
  for (const Relation& entity : snapshot.relations)
    lines.push_back(fmt::format("{}.{} {} {} {}", entity.collection, entity.field, entity.related,
                                show(entity.meta), show(entity.schema)));
  if (snapshot.system_fields) {
    for (const SystemField& entity : *snapshot.system_fields)
      lines.push_back(fmt::format("{}.{} {}", entity.collection, entity.name, show(entity.schema)));
  }
  return lines;
}

void expect_same(const std::string& text) {
  const auto quick = read_yaml(text, "schema.yaml");
  const auto thorough = read_yaml_thoroughly(text, "schema.yaml");
  ASSERT_EQ(quick.has_value(), thorough.has_value()) << text;
  if (!quick) {
    EXPECT_EQ(describe(quick.error()), describe(thorough.error()));
  } else {
    EXPECT_EQ(show(*quick), show(*thorough)) << text;
  }
}

TEST(QuickYaml, TheCommittedSnapshot) {
  expect_same(text_of_file(RECONCILE_SOURCE_DIR "/snapshots/schema.yaml"));
}

std::string with(const std::string& note) {
  return "version: 1\ndirectus: 11.6.1\nvendor: postgres\ncollections:\n  - collection: clubs\n    "
         "meta:\n      note: " +
         note + "\n    schema:\n      name: clubs\nfields: []\nrelations: []\n";
}

TEST(QuickYaml, WordsOfEveryKind) {
  for (const char* note : {"plain",
                           "two words",
                           "12",
                           "-12",
                           "-1.5",
                           "- 12",
                           "-",
                           "--",
                           "1e3",
                           "null",
                           "~",
                           "true",
                           "'true'",
                           "'it''s'",
                           "\"a\\tb\"",
                           "a: b",
                           "a:b",
                           "a #b",
                           "a#b",
                           "#a",
                           "[]",
                           "[a]",
                           "{}",
                           "{a: 1}",
                           "|-\n        text\n\n        more",
                           ">-\n        folded\n        text",
                           "a\n      b: c",
                           "a\n        b",
                           "\n        - x\n        - y",
                           "\n      - x",
                           "\n        - - x",
                           "\n        a: 1",
                           "\n        a:\n          b: 1",
                           "&a x",
                           "*a",
                           "!!str 1",
                           "@a",
                           "`a",
                           "%a",
                           "a ",
                           " a",
                           "a\t",
                           "2020-01-01",
                           "0x1F",
                           "1_000",
                           ".5",
                           "...",
                           "---",
                           "nextval('a_id_seq'::regclass)",
                           "Straße",
                           "\x01",
                           "'a",
                           "a'b",
                           "a\"b",
                           "(a)",
                           "/a",
                           "a\n    schema: 1",
                           "x\n      note: y",
                           "x\n  - collection: other",
                           "'x\n  - collection: other'",
                           "''",
                           "x\r"}) {
    expect_same(with(note));
  }
}

TEST(QuickYaml, AnyLineChanged) {
  std::cout << "RECONCILE_SEED=" << testing::random_seed() << "\n";
  std::mt19937_64 random(testing::random_seed());
  const std::string text =
      text_of_file(RECONCILE_SOURCE_DIR "/snapshots/schema.yaml").substr(0, 6000) +
      "\nfields: []\nrelations: []\n";
  constexpr std::string_view alphabet = " \n:-'\"#[]{}|>&*!ab1.,\t%@?~_";
  for (int round = 0; round < 2000; ++round) {
    std::string changed = text;
    for (int i = 0; i < 3; ++i) {
      const std::size_t at = random() % changed.size();
      const char c = alphabet[random() % alphabet.size()];
      switch (random() % 3) {
        case 0:
          changed[at] = c;
          break;
        case 1:
          changed.insert(at, 1, c);
          break;
        default:
          changed.erase(at, 1 + random() % 8);
      }
    }
    expect_same(changed);
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
}

}  // namespace
}  // namespace reconcile::snapshot
