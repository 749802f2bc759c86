#include "reconcilers/core/suspension.h"

namespace reconcile {

std::string describe(const Suspension& suspension) {
  std::string text = "suspended by " + suspension.actor + " since " + suspension.since;
  if (suspension.until) text += ", until " + *suspension.until;
  if (!suspension.reason.empty()) text += ": " + suspension.reason;
  return text;
}

}  // namespace reconcile
