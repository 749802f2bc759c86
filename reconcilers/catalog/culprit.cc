#include "reconcilers/catalog/culprit.h"

#include <algorithm>

namespace reconcile::catalog {
namespace {

/// Names as people write them: neither quotes nor the schema public.
std::string plain(std::string_view name) {
  std::string text;
  std::ranges::copy_if(name, std::back_inserter(text), [](char c) { return c != '"'; });
  constexpr std::string_view usual = "public.";
  return text.starts_with(usual) ? text.substr(usual.size()) : text;
}

/// "clubs" of "clubs.name" and of "public.clubs.name".
std::string table_of(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? name : name.substr(0, dot);
}

bool names(const Witness& change, const std::string& name) {
  return std::ranges::any_of(change.objects,
                             [&](const std::string& object) { return plain(object) == name; });
}

/// "on table public.clubs to mia": what it is about stands between the words.
bool is_about(const Drift& drift, const Witness& change) {
  const std::string words = drift.object.name + " ";
  return std::ranges::any_of(change.objects, [&](const std::string& object) {
    return !object.empty() && words.find(" " + object + " ") != std::string::npos;
  });
}

bool is_grant(const Witness& change) {
  return change.command == "GRANT" || change.command == "REVOKE";
}

}  // namespace

const Witness* culprit(const Drift& drift, std::span<const Witness> changes) {
  const std::string name = plain(drift.object.name);
  const std::string table = table_of(name);
  const bool granted = drift.object.kind == "grant";
  const bool said = granted || drift.object.kind == "comment";
  const Witness* nearby = nullptr;
  for (const Witness& change : changes) {
    if (names(change, name) || (said && is_about(drift, change))) return &change;
    // PostgreSQL does not say what a GRANT was about.
    const bool near = granted ? is_grant(change) : names(change, table);
    if (near && nearby == nullptr) nearby = &change;
  }
  return nearby;
}

}  // namespace reconcile::catalog
