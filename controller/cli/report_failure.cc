#include <fmt/format.h>

#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/terminal.h"

namespace reconcile::cli {

int report_failure(const Error& error) {
  std::cerr << fmt::format("{} {}\n", paint("error:", Paint::Red, look_of(2)),
                           printable(describe(error)));
  if (!error.next.empty()) std::cerr << fmt::format("  next: {}\n", printable(error.next));
  return exit_code(Failed{Stage::Configure, error});
}

}  // namespace reconcile::cli
