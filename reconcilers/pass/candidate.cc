#include <fmt/format.h>

#include "reconcilers/pass/stages.h"

// Which revision is it about, and who answers for it.
namespace reconcile {

Result<Revision> Pass::newest_revision() {
  const bool by_tag = options_.revision.empty() && !options_.tag_pattern.empty();
  return by_tag ? ports_.source.fetch_tag(options_.tag_pattern)
                : ports_.source.fetch(options_.branch, options_.revision);
}

/// Of the candidate alone: who signs a commit answers for what it builds on. What the database has
/// already is not asked about again, nor what goes nowhere but into a throwaway database.
Pass::Ended Pass::prove_signature() {
  if (ledger_.base == report_.revision.commit || options_.throwaway) return {};
  auto problem = ports_.source.signature_problem(report_.revision);
  if (!problem) return failed(Stage::Fetch, problem.error());
  if (!*problem) return {};
  if (ledger_.base) report_drift_from_base();
  return held({ReasonCode::BadSignature,
               {"revision", report_.revision.short_commit()},
               fmt::format("{} {}", report_.revision.short_commit(), **problem),
               "push a commit on top of it with a signature that counts (git commit -S), or add "
               "the signer to those that may"});
}

}  // namespace reconcile
