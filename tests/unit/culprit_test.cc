#include "reconcilers/catalog/culprit.h"

#include <gmock/gmock.h>

namespace reconcile::catalog {
namespace {

struct CulpritCase {
  std::string name;
  ObjectIdentity drifted;
  std::vector<Witness> changes;  ///< newest first
  std::string role;              ///< whom it names; empty: nobody
};

std::ostream& operator<<(std::ostream& stream, const CulpritCase& test) {
  return stream << test.name;
}

Witness change(std::string role, std::string command, std::vector<std::string> objects) {
  return {.at = "2026-11-22T09:00:00Z",
          .role = std::move(role),
          .application = "psql",
          .address = "10.0.0.7",
          .command = std::move(command),
          .objects = std::move(objects),
          .statement = ""};
}

class Culprit : public testing::TestWithParam<CulpritCase> {};

TEST_P(Culprit, IsTheNewestWhoTouchedIt) {
  const CulpritCase& test = GetParam();
  Drift drift;
  drift.object = test.drifted;
  const Witness* found = culprit(drift, test.changes);
  EXPECT_EQ(found == nullptr ? "" : found->role, test.role);
}

INSTANTIATE_TEST_SUITE_P(
    All, Culprit,
    testing::Values(CulpritCase{"Nobody", {"table", "public.clubs"}, {}, ""},
                    CulpritCase{"AnotherTable",
                                {"table", "public.clubs"},
                                {change("mia", "ALTER TABLE", {"public.clubs_log"})},
                                ""},
                    CulpritCase{"TheObjectItself",
                                {"index", "public.clubs_name"},
                                {change("tom", "ALTER TABLE", {"public.clubs"}),
                                 change("mia", "DROP INDEX", {"public.clubs_name"})},
                                "mia"},
                    CulpritCase{"ItsTable",
                                {"column", "public.clubs.name"},
                                {change("mia", "ALTER TABLE", {"public.clubs"}),
                                 change("tom", "ALTER TABLE", {"public.clubs"})},
                                "mia"},
                    CulpritCase{"TheTableOfAField",
                                {"field", "clubs.name"},
                                {change("mia", "ALTER TABLE", {"public.clubs"})},
                                "mia"},
                    CulpritCase{"TheRowOfAField",
                                {"field", "clubs.name"},
                                {change("tom", "ALTER TABLE", {"public.clubs"}),
                                 change("mia", "UPDATE directus_fields", {"clubs.name"})},
                                "mia"},
                    CulpritCase{"QuotedNames",
                                {"table", "public.\"Clubs\""},
                                {change("mia", "CREATE TABLE", {"public.\"Clubs\""})},
                                "mia"},
                    CulpritCase{"AnotherSchema",
                                {"table", "club.clubs"},
                                {change("mia", "CREATE TABLE", {"public.clubs"})},
                                ""},
                    CulpritCase{"AGrant",
                                {"grant", "on table public.clubs to tom"},
                                {change("tom", "ALTER TABLE", {"public.clubs_log"}),
                                 change("mia", "GRANT", {})},
                                "mia"},
                    CulpritCase{"AComment",
                                {"comment", "on table public.clubs"},
                                {change("mia", "COMMENT", {"public.clubs"})},
                                "mia"}),
    [](const auto& test) { return test.param.name; });

TEST(Witnesses, AreDescribedOnOneLine) {
  Witness witness = change("mia", "ALTER TABLE", {"public.clubs"});
  witness.statement = "alter table clubs\n  add column x int;\n";
  EXPECT_EQ(describe(witness),
            "by mia with psql from 10.0.0.7, 2026-11-22T09:00:00Z: alter table clubs add column x "
            "int");
  witness.address = witness.application = witness.statement = "";
  EXPECT_EQ(describe(witness), "by mia, 2026-11-22T09:00:00Z: ALTER TABLE");
}

}  // namespace
}  // namespace reconcile::catalog
