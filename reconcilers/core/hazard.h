#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reconcile {

/// What kind of harm a statement may do to a database that is in use.
enum class HazardCategory {
  DataLoss,    ///< rows or values are gone
  Rewrite,     ///< the whole table is written anew under ACCESS EXCLUSIVE
  Scan,        ///< the whole table is read under a lock that blocks writers
  IndexBuild,  ///< an index is built under a lock that blocks writers
  ParentLock,  ///< writers of another table, the one referred to, wait as well
  Lock,        ///< a lock for a moment; who queues behind it waits as long as it waits
  Opaque,      ///< what it does cannot be seen in the statement
  Breaking,    ///< programs that use the old name or the old promise fail
  Missing,     ///< something that belongs to it is not there
};

/// What a target does about a hazard.
enum class HazardLevel {
  Allow,  ///< mention it where somebody asks
  Warn,   ///< show it in every plan
  Hold,   ///< wait for a person
};

std::string_view name_of(HazardCategory category);  ///< "data-loss"
std::string_view name_of(HazardLevel level);        ///< "warn"
std::optional<HazardCategory> hazard_category(std::string_view name);
std::optional<HazardLevel> hazard_level(std::string_view name);

/// What is known of a hazard before any statement is read. `lock`, `reason` and `safer` are format
/// strings: {0} is the object, {1} another one that is concerned.
struct HazardRule {
  std::string_view code;  ///< stable: configurations and files name it
  HazardCategory category;
  HazardLevel level;  ///< where nobody has said otherwise
  std::string_view lock;
  std::string_view reason;
  std::string_view safer;  ///< the way to the same end without the hazard
};

std::span<const HazardRule> hazard_rules();
/// Null where there is no such code.
const HazardRule* hazard_rule(std::string_view code);

/// What a target wants done, by code or by category; a code counts before its category.
using HazardLevels = std::map<std::string, HazardLevel, std::less<>>;

/// One hazard of one statement.
struct Hazard {
  std::string code;
  HazardCategory category = HazardCategory::Opaque;
  HazardLevel level = HazardLevel::Warn;
  std::string object;     ///< "table public.entries", as a commit message may name it
  std::string lock;       ///< "ACCESS EXCLUSIVE on public.entries"; empty where none is known
  std::string reason;     ///< one sentence
  std::string safer;      ///< one sentence; empty where there is no other way
  int line = 0;           ///< in the owner's file; 0 for generated SQL
  std::string count_sql;  ///< counts the rows at stake; empty where none can be
};

/// Whether it is held as a loss of rows or values; other hazards are held as such.
bool loses_data(const Hazard& hazard);

}  // namespace reconcile
