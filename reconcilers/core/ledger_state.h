#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reconcilers/core/error.h"
#include "reconcilers/core/live_state.h"
#include "reconcilers/core/suspension.h"

namespace reconcile {

/// A migration file this database has recorded as applied.
struct RecordedMigration {
  Stage phase = Stage::Pre;  ///< Pre, Post or Seed
  std::string file;          ///< path in the repository when it was applied
  std::string blob;          ///< git's object id of the applied bytes
  std::string raw_hash;      ///< SHA-256 of the bytes
  std::string
      token_hash;  ///< SHA-256 of the token stream: equal where only whitespace and comments differ
  std::string revision;  ///< commit it was applied from
};

/// A Directus that has not been told yet what a revision changed.
struct StaleInstance {
  std::string name;
  std::string revision;  ///< the first one it has not been told of
  std::string since;     ///< ISO 8601, UTC
  std::string error;     ///< why the last try failed; empty where none was made
};

/// What the schema `reconcile` of a database knows. All of it is empty where that schema does not
/// exist yet.
struct LedgerState {
  bool installed = false;
  std::optional<std::string> base;  ///< commit of the newest applied revision
  Seen seen;                        ///< the database right after that
  /// Whether it left no drift behind, so that an equal fingerprint proves that there is nothing to
  /// do and nothing to report.
  bool clean = false;
  /// How the inventory's definitions were written then; empty where there was none.
  std::string inventory_format;
  std::string current_format;  ///< how they would be written now
  /// Its row: a commit can be left and come back, and is then base once more but not the same one.
  std::int64_t base_row = 0;
  /// Where base is what a rollback went back to: the commit that was applied before, and stays away
  /// until a newer one comes. Empty otherwise.
  std::string rolled_back_from;
  std::string rolled_back_by;  ///< who and when, for people
  /// A newer commit that has come in part: what cannot run in a transaction cuts a pass in pieces.
  /// Empty where base is whole.
  std::string begun;
  /// Whose snapshot the database has since; empty where it is still that of base.
  std::string snapshot_of;
  /// That somebody wants nothing to be applied now.
  std::optional<Suspension> suspension;
  /// Digest of what else a later pass has to find unchanged, see reconcilers/pass/settled.h; empty
  /// where such a pass has to look at everything again.
  std::string settled;
  std::vector<std::string>
      roots;  ///< root commits of the repository this database belongs to, sorted
  std::vector<RecordedMigration> migrations;
  std::vector<StaleInstance> stale;
  bool watched = false;  ///< it keeps who changes it besides git
  /// File names in the old runner's public.migrations_applied; read once, when `installed` is
  /// false.
  std::vector<std::string> legacy;
};

}  // namespace reconcile
