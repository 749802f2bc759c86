// passes COUNT [OPTION…]
//
// Runs COUNT passes in one process, one after the other, each by the way that `reconcile --once
// OPTION…` goes: it opens the repository, connects anew, and ends. A pass that does not find the
// database in sync ends it with exit status 1.

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "controller/cli/options.h"
#include "controller/cli/wiring.h"

namespace {

using reconcile::cli::Farewell;
using reconcile::cli::Invocation;

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

int run(int count, const Invocation& invocation) {
  const auto& target = invocation.targets.front();
  for (int i = 0; i < count; ++i) {
    const auto report =
        reconcile::cli::pass_over(invocation, target, reconcile::cli::mode_of(target));
    if (std::holds_alternative<reconcile::InSync>(report.outcome)) continue;
    std::fputs("passes: the database is not in sync\n", stderr);
    return 1;
  }
  return 0;
}

}  // namespace

// What comes after COUNT is parsed as the program's own arguments.
int main(int argc, char** argv) try {
  int count = 0;
  if (argc > 1) {
    const std::string_view word = argv[1];
    std::from_chars(word.data(), word.data() + word.size(), count);
  }
  if (count < 1) {
    std::fputs("usage: passes COUNT [OPTION...]\n", stderr);
    return 64;
  }
  const auto parsed = reconcile::cli::parse(argc - 1, argv + 1, environment);
  if (const auto* farewell = std::get_if<Farewell>(&parsed)) {
    std::fputs(farewell->text.c_str(), stderr);
    return 64;
  }
  return run(count, std::get<Invocation>(parsed));
} catch (const std::exception& fault) {
  std::fprintf(stderr, "passes: %s\n", fault.what());
  return 1;
}
