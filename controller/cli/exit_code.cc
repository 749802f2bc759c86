#include <algorithm>
#include <array>

#include "controller/cli/commands.h"

namespace reconcile::cli {
namespace {

struct CodeOf {
  int operator()(const InSync&) const { return 0; }
  int operator()(const Applied&) const { return 0; }
  int operator()(const Skipped&) const { return 0; }
  int operator()(const Pending&) const { return 2; }
  int operator()(const Held&) const { return 3; }
  int operator()(const Failed& failure) const {
    return failure.error.kind == ErrorKind::Usage ? 64 : 1;
  }
};

}  // namespace

int exit_code(const Outcome& outcome) { return std::visit(CodeOf{}, outcome); }

int most_urgent(int left, int right) {
  constexpr std::array<int, 5> order{0, 2, 3, 1, 64};
  return std::ranges::find(order, left) > std::ranges::find(order, right) ? left : right;
}

}  // namespace reconcile::cli
