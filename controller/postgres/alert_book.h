#pragma once

#include <cstdint>
#include <string>

#include "reconcilers/core/result.h"
#include "reconcilers/ports/database.h"

namespace reconcile::postgres {

/// The book of alerts of one target, as it lies in a database.
struct AlertBookRow {
  bool has_place = false;    ///< the ledger is there, and we may write books into it
  std::int64_t version = 0;  ///< grows with each writing; 0: nothing was written yet
  std::string text;
};

/// Each of these opens a session of its own. Where there is no place nothing is read or written,
/// and that is no error.
Result<AlertBookRow> read_alert_book(const std::string& conninfo, const std::string& target);

/// Writes it, if the session of `fence` still leads; otherwise the version returned is 0. The text
/// is not returned.
Result<AlertBookRow> write_alert_book(const std::string& conninfo, const std::string& target,
                                      const std::string& text, const Fence& fence);

/// Unless somebody has written another one than `version`.
Result<void> remove_alert_book(const std::string& conninfo, const std::string& target,
                               std::int64_t version);

}  // namespace reconcile::postgres
