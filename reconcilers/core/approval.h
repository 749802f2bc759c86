#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace reconcile {

/// A person's word that the losses of one plan are meant. It counts for that commit, that plan and
/// that state of the database together, and for no more rows than were at stake then.
struct Approval {
  std::string revision;     ///< commit
  std::string plan_digest;  ///< Plan::digest
  std::string fingerprint;  ///< Plan::fingerprint
  /// Rows at stake by object ("field entries.notes"); uncounted where they could not be counted.
  std::map<std::string, std::int64_t> rows;
  std::string actor = {};   ///< filled in by the ledger
  std::string reason = {};  ///< may be empty
  std::string when = {};    ///< ISO 8601, UTC; filled in by the ledger

  static constexpr std::int64_t uncounted = -1;
};

}  // namespace reconcile
