#include <algorithm>

#include "reconcilers/catalog/culprit.h"
#include "reconcilers/pass/stages.h"

namespace reconcile {

/// Under the lease, and where there is a ledger. Without the watch drift is found at the next look,
/// so whatever goes wrong here is no reason for a pass to fail. A command without the configuration
/// does not know what somebody wants, and may not be able to make again what it takes away.
void Pass::keep_watch() {
  const bool live = std::holds_alternative<InSync>(report_.outcome) ||
                    std::holds_alternative<Applied>(report_.outcome);
  if (options_.mode != Mode::Auto || options_.throwaway || !connection_ || !live) return;
  if (!options_.watch) return;
  if (!*options_.watch) {
    if (!ledger_.watched) return;
    if (auto gone = connection_->watch().remove(); !gone)
      report_.notes.push_back("the watch could not be taken away, a later pass tries again: " +
                              describe(gone.error()));
    return;
  }
  auto kept = connection_->watch().keep();
  if (!kept) {
    report_.notes.push_back("who changes the schema cannot be watched, a later pass tries again: " +
                            describe(kept.error()));
  } else if (!kept->empty()) {
    report_.notes.push_back(*kept);
  }
}

void Pass::name_culprits() {
  std::vector<Drift>& drift = report_.plan.drift;
  if (!ledger_.watched || !connection_ || drift.empty()) return;
  const auto changes = connection_->watch().changes();
  if (!changes) return;
  for (Drift& entry : drift) {
    if (const Witness* witness = catalog::culprit(entry, *changes)) entry.by = *witness;
  }
}

}  // namespace reconcile
