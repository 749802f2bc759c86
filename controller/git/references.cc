#include "controller/git/references.h"

#include <fmt/format.h>
#include <git2.h>

#include <string_view>

namespace reconcile::git {
namespace {

bool is_branch_or_tag(std::string_view name) {
  return name.starts_with("refs/heads/") || name.starts_with("refs/tags/");
}

std::map<std::string, git_oid> tips_of(const Objects& repository) {
  const auto unreadable = [&](int code) {
    return repository.failed(code, "has unreadable references");
  };
  const auto iterator = acquire<ReferenceIteratorHandle>(
      [&](git_reference_iterator** out) {
        return git_reference_iterator_new(out, repository.repository());
      },
      unreadable);
  std::map<std::string, git_oid> tips;
  const char* name = nullptr;
  int code = 0;
  while ((code = git_reference_next_name(&name, iterator.get())) == 0) {
    if (!is_branch_or_tag(name)) continue;
    git_oid id;
    const int found = git_reference_name_to_id(&id, repository.repository(), name);
    if (found == GIT_ENOTFOUND) continue;  // an alias of a branch that is gone
    if (found < 0) throw unreadable(found);
    tips.emplace(name, id);
  }
  if (code != GIT_ITEROVER) throw unreadable(code);
  return tips;
}

void check(const Objects& repository, int code, const std::string& name) {
  if (code < 0) throw repository.failed(code, fmt::format("cannot update {}", name));
}

void write_head(const Objects& repository, const References& wanted) {
  git_reference* raw = nullptr;
  const int code = wanted.detached
                       ? git_reference_create(&raw, repository.repository(), "HEAD",
                                              &*wanted.detached, 1, nullptr)
                       : git_reference_symbolic_create(&raw, repository.repository(), "HEAD",
                                                       wanted.head.c_str(), 1, nullptr);
  const ReferenceHandle written(raw);
  check(repository, code, "HEAD");
}

}  // namespace

std::vector<git_oid> References::ids() const {
  std::vector<git_oid> ids;
  for (const auto& [name, id] : tips) ids.push_back(id);
  if (detached) ids.push_back(*detached);
  return ids;
}

References references_of(const Objects& repository) {
  References found{.tips = tips_of(repository), .head = {}, .detached = {}};
  const auto head = acquire<ReferenceHandle>(
      [&](git_reference** out) {
        return git_reference_lookup(out, repository.repository(), "HEAD");
      },
      [&](int code) { return repository.failed(code, "has an unreadable HEAD"); });
  if (git_reference_type(head.get()) == GIT_REFERENCE_SYMBOLIC) {
    found.head = git_reference_symbolic_target(head.get());
  } else {
    found.detached = *git_reference_target(head.get());
  }
  return found;
}

void write_references(const Objects& repository, const References& wanted) {
  const References present = references_of(repository);
  // Removals first: a branch `a` that is gone would be in the way of a new `a/b`.
  for (const auto& [name, id] : present.tips) {
    if (wanted.tips.contains(name)) continue;
    check(repository, git_reference_remove(repository.repository(), name.c_str()), name);
  }
  for (const auto& [name, id] : wanted.tips) {
    const auto old = present.tips.find(name);
    if (old != present.tips.end() && git_oid_equal(&old->second, &id) != 0) continue;
    git_reference* raw = nullptr;
    const int code =
        git_reference_create(&raw, repository.repository(), name.c_str(), &id, 1, nullptr);
    const ReferenceHandle written(raw);
    check(repository, code, name);
  }
  const bool same_head = present.head == wanted.head &&
                         present.detached.has_value() == wanted.detached.has_value() &&
                         (!wanted.detached || SameId{}(*present.detached, *wanted.detached));
  if (!same_head) write_head(repository, wanted);
}

}  // namespace reconcile::git
