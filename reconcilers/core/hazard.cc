#include "reconcilers/core/hazard.h"

#include <algorithm>
#include <array>

namespace reconcile {
namespace {

using Category = HazardCategory;
using Level = HazardLevel;

constexpr std::string_view exclusive = "ACCESS EXCLUSIVE on {0}";
constexpr std::string_view both_tables = "SHARE ROW EXCLUSIVE on {0} and {1}";
constexpr std::string_view index_outside =
    "write it as CREATE INDEX CONCURRENTLY, in a file of its own";
constexpr std::string_view in_three_steps =
    "add the column without it, fill it in batches, and set it in a later revision";
constexpr std::string_view new_column =
    "add a column of the new type, copy the values in batches, and switch to it in a later "
    "revision";

// The facts are PostgreSQL's: chapter 13.3 of its manual for the locks, ALTER TABLE's page for what
// is scanned and written anew.
constexpr HazardRule rules[] = {
    // ---- rows or values are gone
    {"drop-table", Category::DataLoss, Level::Hold, exclusive, "drops {0} with its rows",
     "rename it now, and drop it in a later revision when nobody has missed it"},
    {"drop-column", Category::DataLoss, Level::Hold, exclusive, "drops {0} with its values",
     "let the programs stop using it first, and drop it in a later revision"},
    {"drop-schema", Category::DataLoss, Level::Hold, "ACCESS EXCLUSIVE on every table of {0}",
     "drops {0} with every table in it", "drop its tables one by one, by name"},
    {"drop-type", Category::DataLoss, Level::Hold, "ACCESS EXCLUSIVE on every table that uses {0}",
     "CASCADE drops what is made of {0}, columns with their values among it",
     "change those columns first, and leave out CASCADE"},
    {"drop-extension", Category::DataLoss, Level::Hold, "",
     "CASCADE drops every column, index and function that needs {0}",
     "drop what needs it by name, and leave out CASCADE"},
    {"drop-owned", Category::DataLoss, Level::Hold, "", "drops everything that {0} owns",
     "drop the objects by name"},
    {"drop-sequence", Category::DataLoss, Level::Hold, exclusive,
     "drops {0}, and where it was in its numbers", "change it with ALTER SEQUENCE"},
    {"drop-materialized-view", Category::DataLoss, Level::Warn, exclusive,
     "drops {0} with its rows, which have to be computed again to come back", ""},
    {"truncate", Category::DataLoss, Level::Hold, exclusive, "empties {0}{1}",
     "delete the rows that are meant, with a WHERE"},
    {"delete-all-rows", Category::DataLoss, Level::Hold,
     "ROW EXCLUSIVE on {0}, and every row of it", "has no WHERE: deletes every row of {0}",
     "delete the rows that are meant, with a WHERE"},
    {"lossy-type-change", Category::DataLoss, Level::Hold, exclusive,
     "changes the type of {0} so that {1}", new_column},
    {"update-all-rows", Category::DataLoss, Level::Warn,
     "ROW EXCLUSIVE on {0}, and every row of it",
     "has no WHERE: writes every row of {0}, which nobody else can write until the revision is "
     "live",
     "write the rows in batches, outside of a migration"},

    // ---- the table is written anew
    {"add-volatile-default", Category::Rewrite, Level::Warn, exclusive,
     "the default of {0} has another value for each row, so that the table is written anew",
     in_three_steps},
    {"add-serial-column", Category::Rewrite, Level::Warn, exclusive,
     "{0} counts by itself, so that the table is written anew to number its rows", in_three_steps},
    {"add-generated-column", Category::Rewrite, Level::Warn, exclusive,
     "{0} is computed for each row, so that the table is written anew",
     "use a view, or a trigger and a fill in batches"},
    {"add-domain-column", Category::Rewrite, Level::Warn, exclusive,
     "the domain of {0} has constraints, so that the table is written anew",
     "use the type below the domain, with a CHECK that is NOT VALID"},
    {"change-column-type", Category::Rewrite, Level::Warn, exclusive,
     "changing the type of {0} writes its table and every index anew", new_column},
    {"set-logged", Category::Rewrite, Level::Warn, exclusive,
     "switching between logged and unlogged writes {0} anew", ""},
    {"move-table", Category::Rewrite, Level::Warn, exclusive,
     "another tablespace or access method writes {0} anew", ""},
    {"cluster", Category::Rewrite, Level::Warn, exclusive, "CLUSTER writes {0} anew",
     "use pg_repack"},
    {"refresh-materialized-view", Category::Rewrite, Level::Warn, exclusive,
     "computes {0} anew while nobody can read it",
     "give it a unique index and use REFRESH MATERIALIZED VIEW CONCURRENTLY"},

    // ---- the table is read under a lock
    {"set-not-null", Category::Scan, Level::Warn, exclusive,
     "reads the whole table to see that {0} has no NULL",
     "add CHECK (… IS NOT NULL) NOT VALID, validate it in a later revision, then SET NOT NULL"},
    {"add-required-column", Category::Scan, Level::Warn, exclusive,
     "{0} is NOT NULL without a default, which fails on the first row",
     "give it a default, or add it without NOT NULL and fill it first"},
    {"add-check", Category::Scan, Level::Warn, exclusive,
     "reads the whole of {0} to see that every row fits the CHECK",
     "add it NOT VALID, and validate it in a later revision"},
    {"add-foreign-key", Category::Scan, Level::Warn, both_tables,
     "reads the whole of {0} to see that each row has its partner in {1}",
     "add it NOT VALID, and validate it in a later revision"},
    {"validate-same-transaction", Category::Scan, Level::Warn, exclusive,
     "a revision is one transaction: the lock of NOT VALID is held while the whole of {0} is read",
     "validate in a later revision"},
    {"primary-key-nullable", Category::Scan, Level::Warn, exclusive,
     "a column of the primary key may be NULL, so that the whole of {0} is read",
     "make its columns NOT NULL in an earlier revision"},
    {"attach-partition", Category::Scan, Level::Warn,
     "ACCESS EXCLUSIVE on {1}, SHARE UPDATE EXCLUSIVE on {0}",
     "reads the whole of {1} to see that every row belongs there",
     "give {1} a validated CHECK that says the same before"},
    {"create-partition", Category::Scan, Level::Warn, exclusive,
     "a partition made in place locks {0}, and reads its default partition",
     "create the table with LIKE, and attach it"},
    {"alter-domain", Category::Scan, Level::Warn, "SHARE on every table that uses {0}",
     "reads every table that uses {0}", "add the constraint NOT VALID"},

    // ---- an index is built under a lock
    {"create-index", Category::IndexBuild, Level::Warn, "SHARE on {0}",
     "nobody writes to {0} while the index is built", index_outside},
    {"add-unique", Category::IndexBuild, Level::Warn, exclusive,
     "nobody reads or writes {0} while the index of UNIQUE is built",
     "build it with CREATE UNIQUE INDEX CONCURRENTLY in a file of its own, then ADD CONSTRAINT … "
     "UNIQUE USING "
     "INDEX"},
    {"add-primary-key", Category::IndexBuild, Level::Warn, exclusive,
     "nobody reads or writes {0} while the index of the primary key is built",
     "build it with CREATE UNIQUE INDEX CONCURRENTLY in a file of its own, then ADD PRIMARY KEY "
     "USING INDEX"},
    {"add-exclusion", Category::IndexBuild, Level::Warn, exclusive,
     "nobody reads or writes {0} while the index of EXCLUDE is built", ""},
    {"reindex", Category::IndexBuild, Level::Warn, "SHARE on {1}",
     "nobody writes while {0} is built anew", "write it with CONCURRENTLY, in a file of its own"},

    // ---- another table waits as well
    {"foreign-key-lock", Category::ParentLock, Level::Warn, both_tables,
     "a foreign key also stops writers of {1} until the revision is live",
     "keep the revision that adds it short"},

    {"drop-foreign-key", Category::ParentLock, Level::Warn, "ACCESS EXCLUSIVE on {0} and {1}",
     "a foreign key goes with it, so that nobody reads or writes {1} until the revision is live",
     "keep the revision that drops it short"},

    // ---- locks that are short
    {"brief-lock", Category::Lock, Level::Allow, "{1} on {0}",
     "locks {0} until the revision is live", ""},
    {"drop-index", Category::Lock, Level::Warn, "ACCESS EXCLUSIVE on {0} and {1}",
     "drops {0}: queries that used it read the whole of {1}",
     "write it as DROP INDEX CONCURRENTLY, in a file of its own"},
    {"detach-partition", Category::Lock, Level::Warn, "ACCESS EXCLUSIVE on {0} and {1}",
     "nobody reads or writes {0} until the revision is live",
     "write it with CONCURRENTLY, in a file of its own"},
    {"long-lock", Category::Lock, Level::Warn, "ACCESS EXCLUSIVE on {0}",
     "{0} stays locked while {1} takes its time", "put one of the two into a revision of its own"},
    {"lock-timeout-off", Category::Lock, Level::Warn, "",
     "takes off the time limit for locks: while a statement waits, everybody queues behind it",
     "leave lock_timeout alone: it is set for every revision, and a wait is tried again"},

    // ---- what cannot be seen
    {"do-block", Category::Opaque, Level::Warn, "",
     "this DO block runs SQL that cannot be seen before it does",
     "write its statements as they are"},
    {"call", Category::Opaque, Level::Warn, "", "what the procedure {0} does cannot be seen", ""},
    {"call-function", Category::Opaque, Level::Warn, "",
     "what the function {0} does cannot be seen", ""},
    {"unread-statement", Category::Opaque, Level::Warn, "",
     "the built-in parser cannot read it, so that nothing is known of its hazards", ""},
    {"copy-program", Category::Opaque, Level::Warn, "",
     "runs a program on the server, which no ROLLBACK takes back", "copy the rows from the client"},

    // ---- programs that rely on it
    {"rename-table", Category::Breaking, Level::Warn, exclusive,
     "programs that know {0} by its name fail from then on",
     "leave a view with the old name until nobody uses it"},
    {"rename-column", Category::Breaking, Level::Warn, exclusive,
     "programs that know {0} by its name fail from then on",
     "add a column, keep both alike for a while, and drop the old one in a later revision"},
    {"rename-schema", Category::Breaking, Level::Warn, "",
     "programs that know {0} by its name fail from then on", ""},
    {"rename-enum-value", Category::Breaking, Level::Warn, "",
     "programs that write the old value of {0} fail from then on",
     "add the new value, move the rows, and leave the old one"},
    {"drop-not-null", Category::Breaking, Level::Warn, exclusive,
     "{0} may be NULL from then on, which programs may not expect", ""},
    {"drop-cascade", Category::Breaking, Level::Warn, "",
     "CASCADE also drops whatever depends on {0}: views, foreign keys, defaults",
     "drop what depends on it by name, and leave out CASCADE"},
    {"disable-row-security", Category::Breaking, Level::Warn, exclusive,
     "every row of {0} is visible from then on to whoever may read the table", ""},
    {"drop-policy", Category::Breaking, Level::Warn, "ACCESS EXCLUSIVE on {1}",
     "without {0} other rows of {1} are visible than before", ""},

    // ---- what belongs to it is not there
    {"foreign-key-without-index", Category::Missing, Level::Warn, "",
     "nothing indexes {0}: each delete in {1} reads the whole table",
     "add an index that begins with it"},
    {"name-too-long", Category::Missing, Level::Warn, "",
     "PostgreSQL cuts {0} to 63 bytes without an error", "use a shorter name"},
    {"enum-value-used", Category::Missing, Level::Warn, "",
     "the value {0} is added in this revision, and cannot be used before that is live",
     "add the value in a revision of its own"},
};

constexpr std::array<std::string_view, 9> categories{"data-loss",   "rewrite",     "scan",
                                                     "index-build", "parent-lock", "lock",
                                                     "opaque",      "breaking",    "missing"};
constexpr std::array<std::string_view, 3> levels{"allow", "warn", "hold"};

template <class Enum, std::size_t size>
std::optional<Enum> find(const std::array<std::string_view, size>& names, std::string_view name) {
  const auto* found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

bool loses_data(const Hazard& hazard) {
  return hazard.category == HazardCategory::DataLoss && hazard.level == HazardLevel::Hold;
}

std::string_view name_of(HazardCategory category) {
  return categories.at(static_cast<std::size_t>(category));
}
std::string_view name_of(HazardLevel level) { return levels.at(static_cast<std::size_t>(level)); }
std::optional<HazardCategory> hazard_category(std::string_view name) {
  return find<HazardCategory>(categories, name);
}
std::optional<HazardLevel> hazard_level(std::string_view name) {
  return find<HazardLevel>(levels, name);
}

std::span<const HazardRule> hazard_rules() { return rules; }

const HazardRule* hazard_rule(std::string_view code) {
  const auto* found = std::find_if(std::begin(rules), std::end(rules),
                                   [&](const HazardRule& rule) { return rule.code == code; });
  return found == std::end(rules) ? nullptr : found;
}

}  // namespace reconcile
