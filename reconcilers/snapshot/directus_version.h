#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "reconcilers/core/live_state.h"
#include "reconcilers/snapshot/yaml_writer.h"

namespace reconcile::snapshot {

/// A version of Directus: three numbers, and the text they were written as.
struct DirectusVersion {
  int major = 0;
  int minor = 0;
  int patch = 0;
  std::string text;

  auto operator<=>(const DirectusVersion& other) const {
    if (const auto order = major <=> other.major; order != 0) return order;
    if (const auto order = minor <=> other.minor; order != 0) return order;
    return patch <=> other.patch;
  }
  bool operator==(const DirectusVersion& other) const { return (*this <=> other) == 0; }
};

/// "11.6.1", or with something behind it as in "12.0.0-rc.1"; nothing for anything else.
std::optional<DirectusVersion> parse_directus_version(std::string_view text);

/// In what the versions' snapshots of one and the same database differ.
struct DirectusTraits {
  bool lists_untracked;      ///< tables, columns and foreign keys without a metadata row
  bool lists_system_fields;  ///< which fields of its own tables have an index
  bool dates_win;            ///< see field_type
  YamlNumbers yaml_numbers;  ///< of the js-yaml it comes with
};
DirectusTraits traits_of(const DirectusVersion& version);

/// The oldest version whose snapshots are known to the byte; older ones sorted differently.
const DirectusVersion& oldest_known_directus();

/// The version written in a snapshot, YAML or JSON, without parsing all of it; empty where it has
/// none.
std::string version_line(std::string_view snapshot);

/// The version of the Directus that works on a database, which does not tell it itself.
struct InstalledDirectus {
  DirectusVersion version;
  std::string doubt;  ///< for people: what was taken instead of `claimed`, and why; may be empty
};
/// `claimed` is what the committed snapshot says. It is believed where the migrations that Directus
/// has run are those of that version; otherwise the newest version with those migrations is taken.
InstalledDirectus installed_directus(const LiveState& live, std::string_view claimed);

}  // namespace reconcile::snapshot
