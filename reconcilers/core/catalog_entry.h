#pragma once

#include <string>

#include "reconcilers/core/plan.h"

namespace reconcile {

/// One object of a database, in words that are the same wherever it is the same.
struct CatalogEntry {
  ObjectIdentity object;
  std::string definition;

  auto operator<=>(const CatalogEntry&) const = default;
};

}  // namespace reconcile
