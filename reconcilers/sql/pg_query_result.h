#pragma once

#include <pg_query.h>

// What every call into libpg_query has in common. Only the .cc files of reconcilers/sql include
// this.
//
// Threads: the library keeps its memory contexts and its parser state in thread-local storage, sets
// them up on a thread's first call and frees them when the thread ends. pg_query_init() is
// deprecated and does nothing more, so nobody calls it; all functions of this folder may run on
// several threads.
namespace reconcile::sql {

/// Owns a result of libpg_query, which hands out plain structs with a free function for each.
template <class Raw, void (*release)(Raw)>
class PgQueryResult {
 public:
  explicit PgQueryResult(Raw raw) : raw_(raw) {}
  ~PgQueryResult() { release(raw_); }
  PgQueryResult(const PgQueryResult&) = delete;
  PgQueryResult& operator=(const PgQueryResult&) = delete;

  const Raw* operator->() const { return &raw_; }

 private:
  Raw raw_;
};

using ScanResult = PgQueryResult<PgQueryScanResult, pg_query_free_scan_result>;
using SplitResult = PgQueryResult<PgQuerySplitResult, pg_query_free_split_result>;
using ParseResult = PgQueryResult<PgQueryParseResult, pg_query_free_parse_result>;

}  // namespace reconcile::sql
