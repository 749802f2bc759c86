#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/inventory.h"
#include "reconcilers/core/live_state.h"
#include "reconcilers/core/result.h"
#include "reconcilers/core/revision.h"

namespace reconcile {

/// What `reconcile adopt` starts from.
struct AdoptionInputs {
  std::string target;
  const Revision& applied;
  std::span<const Drift> chosen;            ///< what of the drift becomes git's
  std::span<const Difference> differences;  ///< of the inventory, ignored ones left out
  const FileTree& base;                     ///< the files of the revision that is applied
  const FileTree& parent;  ///< the files of the commit to build on; it descends from that one
  const LiveState& live;   ///< as for an export
};

struct LeftOut {
  ObjectIdentity object;
  std::string why;
};

/// What a commit would have to hold so that git says what the database has.
struct AdoptionProposal {
  std::vector<File> files;  ///< path and text
  std::vector<Drift> adopted;
  std::vector<LeftOut> left_out;  ///< of what was chosen
  std::string message;
};

/// Collections, fields and relations of Directus go into the snapshot, everything else into an SQL
/// file of its own behind it, or before it where the snapshot stands on it. Errors: the commit to
/// build on says something else about one of them.
Result<AdoptionProposal> propose_adoption(const AdoptionInputs& inputs);

/// What `wish` names of the drift: an object as "view public.recent", or only its name or the end
/// of that.
std::vector<Drift> drift_called(std::span<const Drift> drift, std::string_view wish);

/// Letters, digits and underscores that a name can be told by; may be empty.
std::string slug_of(std::string_view name);

}  // namespace reconcile
