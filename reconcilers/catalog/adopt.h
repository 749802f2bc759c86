#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reconcilers/core/inventory.h"

namespace reconcile::catalog {

/// The SQL that git would need to say what the database has; empty where nobody can tell. What the
/// database has lost is dropped by it, with whatever data another database keeps there: that is for
/// those to judge who run it.
std::vector<std::string> adopt(const Difference& entry);

/// One difference and the SQL that adopts it.
struct Adoption {
  Difference entry;
  std::vector<std::string> statements;  ///< none where another one's do it as well
};

/// What adopts these, in an order in which it can run where git's state is what the database had:
/// what stands on others goes before they change and comes after them. `unknown` are those that
/// nobody can tell the SQL of.
struct Adoptions {
  std::vector<Adoption> pieces;
  std::vector<Difference> unknown;
};
/// `lost` are tables and columns, as Difference::about, that go otherwise, and what is theirs with
/// them.
Adoptions adoptions(std::vector<Difference> entries, std::set<std::string> lost);

/// What adopts an object names what it found by this: a digest of its definition, "gone" where it
/// had lost the object.
std::string digest_of(const std::optional<std::string>& definition);

}  // namespace reconcile::catalog
