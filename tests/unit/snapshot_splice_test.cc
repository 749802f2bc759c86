#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/snapshot/splice.h"

namespace reconcile::snapshot {
namespace {

// Comments, flow style and spaces of its own: what a hand has written and nobody may touch.
const std::string file =
    "version: 1\n"
    "directus: 11.6.1\n"
    "collections:\n"
    "  - collection: a\n"
    "    meta: {note: null}   # the first\n"
    "  - collection: 'null'\n"
    "    meta: null\n"
    "fields:\n"
    "  - collection: a\n"
    "    field: id\n"
    "    type: integer\n"
    "  - collection: a\n"
    "    field: 'it''s'\n"
    "    type: string\n"
    "relations: []\n";
const std::string live =
    "version: 1\n"
    "directus: 12.0.0\n"
    "collections:\n"
    "  - collection: a\n"
    "    meta: null\n"
    "  - collection: b\n"
    "    meta: null\n"
    "  - collection: 'null'\n"
    "    meta: null\n"
    "fields:\n"
    "  - collection: a\n"
    "    field: id\n"
    "    type: uuid\n"
    "  - collection: a\n"
    "    field: new\n"
    "    type: string\n"
    "  - collection: a\n"
    "    field: 'it''s'\n"
    "    type: text\n"
    "systemFields: []\n"
    "relations:\n"
    "  - collection: a\n"
    "    field: new\n"
    "    related_collection: b\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Splice, NothingChangesNothing) {
  EXPECT_EQ(spliced(file, live, {}), file);
  EXPECT_EQ(spliced(file, live, {"field a.nowhere"}), file);
}

TEST(Splice, OneEntryIsChanged) {
  EXPECT_EQ(spliced(file, live, {"field a.it's"}),
            replaced(file, "type: string\n", "type: text\n"));
}

TEST(Splice, NewOnesStandWhereTheyStandThere) {
  EXPECT_EQ(spliced(file, live, {"field a.new", "collection b"}),
            replaced(replaced(file, "  - collection: 'null'",
                              "  - collection: b\n    meta: null\n  - collection: 'null'"),
                     "  - collection: a\n    field: 'it",
                     "  - collection: a\n    field: new\n    type: string\n"
                     "  - collection: a\n    field: 'it"));
}

TEST(Splice, ListsBeginAndEnd) {
  const std::string with = spliced(file, live, {"relation a.new"});
  EXPECT_EQ(with, replaced(file, "relations: []\n",
                           "relations:\n  - collection: a\n    field: new\n"
                           "    related_collection: b\n"));
  EXPECT_EQ(spliced(with, file, {"relation a.new"}), file);
  EXPECT_EQ(spliced("version: 1\n", live, {"collection b"}),
            "version: 1\ncollections:\n  - collection: b\n    meta: null\n");
}

TEST(Splice, AnEntryIsItsLines) {
  EXPECT_EQ(entry_text(file, "field a.id"),
            "  - collection: a\n    field: id\n    type: integer\n");
  EXPECT_EQ(entry_text(file, "collection null"), "  - collection: 'null'\n    meta: null\n");
  EXPECT_EQ(entry_text(file, "field a.new"), "");
}

}  // namespace
}  // namespace reconcile::snapshot
