#include "reconcilers/snapshot/three_way.h"

#include <algorithm>

namespace reconcile::snapshot {
namespace {

bool contains(std::span<const Key> keys, Key key) {
  return std::ranges::find(keys, key) != keys.end();
}

/// Equal in every key that `desired` manages.
bool equal(const Attributes& base, const Attributes& desired, std::span<const Key> ignored) {
  return std::ranges::all_of(desired, [&](const auto& item) {
    if (contains(ignored, item.first)) return true;
    const Value* before = base.find(item.first);
    return before != nullptr && *before == item.second;
  });
}

PartDiff removed(const Attributes* base, const Attributes* live, std::span<const Key> ignored) {
  PartDiff diff;
  if (base == nullptr || live == nullptr) return diff;
  diff.intent = PartDiff::Intent::Remove;
  for (const auto& [key, before] : *base) {
    if (contains(ignored, key)) continue;
    const Value* now = live->find(key);
    if (now != nullptr && *now != before) diff.conflicts.push_back({key, &before, nullptr, now});
  }
  return diff;
}

}  // namespace

PartDiff three_way(const Attributes* base, const Attributes* desired, const Attributes* live,
                   std::span<const Key> ignored) {
  if (desired == nullptr) return removed(base, live, ignored);
  PartDiff diff;
  if (live == nullptr) {
    diff.missing = base != nullptr;
    diff.changed_while_missing = base != nullptr && !equal(*base, *desired, ignored);
    if (!diff.missing) diff.intent = PartDiff::Intent::Create;
    return diff;
  }
  for (const auto& [key, wanted] : *desired) {
    if (contains(ignored, key)) continue;
    const Value* now = live->find(key);
    if (now == nullptr) {
      diff.unknown.push_back(key);
      continue;
    }
    if (*now == wanted) continue;
    const Value* before = base == nullptr ? nullptr : base->find(key);
    const Difference difference{key, before, &wanted, now};
    if (before != nullptr && *before == wanted) {
      diff.drift.push_back(difference);
    } else if (before != nullptr && *before == *now) {
      diff.changes.push_back(difference);
    } else {
      diff.conflicts.push_back(difference);
    }
  }
  if (!diff.changes.empty()) diff.intent = PartDiff::Intent::Change;
  return diff;
}

}  // namespace reconcile::snapshot
