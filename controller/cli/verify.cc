#include "controller/cli/commands.h"

namespace reconcile::cli {

int verify(const Invocation& invocation) { return invocation.json ? 0 : 0; }

}  // namespace reconcile::cli
