#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/result.h"
#include "reconcilers/migrations/migration.h"

namespace reconcile::migrations {

/// What a migration file says about itself in the comments before its first statement:
///
///     -- reconcile: only stage, dev
///     -- reconcile: except prod
///     -- reconcile: allow out-of-order
///     -- reconcile: allow drop-table, truncate
///     -- reconcile: adopts view public.recent 0123456789abcdef
struct Directives {
  std::vector<std::string> only, except;
  bool out_of_order_allowed = false;
  std::vector<std::string> allowed_hazards;  ///< codes of hazards that are meant
  std::vector<AdoptedObject> adopts;
};

/// The directive that names an adopted object, without a newline.
std::string adopts_line(const AdoptedObject& adopted);

/// Anything that looks like a directive and is not one of these, or stands anywhere else, is an
/// error: a directive that is quietly ignored runs SQL where it must not run.
Result<Directives> read_directives(std::string_view text, std::string_view file);

}  // namespace reconcile::migrations
