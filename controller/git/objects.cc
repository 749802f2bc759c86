#include "controller/git/objects.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace reconcile::git {

std::string text_of(const git_oid& id) {
  std::array<char, GIT_OID_HEXSZ + 1> text{};
  git_oid_tostr(text.data(), text.size(), &id);
  return text.data();
}

std::optional<git_oid> full_id(std::string_view text) {
  git_oid id;
  if (text.size() != GIT_OID_HEXSZ) return std::nullopt;
  if (git_oid_fromstrn(&id, text.data(), text.size()) < 0) return std::nullopt;
  return id;
}

Objects::Objects(git_repository* repository, Blame blame, std::string shown)
    : repository_(repository), blame_(blame), shown_(std::move(shown)) {
  odb_ = acquire<OdbHandle>([&](git_odb** out) { return git_repository_odb(out, repository_); },
                            [&](int code) { return failed(code, "has no readable objects"); });
}

void Objects::refresh() const {
  if (const int code = git_odb_refresh(odb_.get()); code < 0) {
    throw failed(code, "has no readable objects");
  }
}

bool Objects::has(const git_oid& id) const {
  return git_odb_exists_ext(odb_.get(), &id, GIT_ODB_LOOKUP_NO_REFRESH) == 1;
}

bool Objects::has_after_refresh(const git_oid& id) const {
  return git_odb_exists(odb_.get(), &id) == 1;
}

bool Objects::has_commit(const git_oid& id) const {
  if (!has_after_refresh(id)) return false;
  return header(id).type == GIT_OBJECT_COMMIT;
}

Objects::Header Objects::header(const git_oid& id) const {
  Header header{};
  const int code = git_odb_read_header(&header.size, &header.type, odb_.get(), &id);
  if (code < 0) throw unreadable(id, code);
  return header;
}

OdbObjectHandle Objects::bytes(const git_oid& id) const {
  return acquire<OdbObjectHandle>(
      [&](git_odb_object** out) { return git_odb_read(out, odb_.get(), &id); },
      [&](int code) { return unreadable(id, code); });
}

CommitHandle Objects::commit(const git_oid& id) const {
  return acquire<CommitHandle>(
      [&](git_commit** out) { return git_commit_lookup(out, repository_, &id); },
      [&](int code) { return unreadable(id, code); });
}

TreeHandle Objects::tree(const git_oid& id) const {
  return acquire<TreeHandle>([&](git_tree** out) { return git_tree_lookup(out, repository_, &id); },
                             [&](int code) { return unreadable(id, code); });
}

TagHandle Objects::tag(const git_oid& id) const {
  return acquire<TagHandle>([&](git_tag** out) { return git_tag_lookup(out, repository_, &id); },
                            [&](int code) { return unreadable(id, code); });
}

Failure Objects::unreadable(const git_oid& id, int code) const {
  return failed_call(blame_, code, shown_,
                     fmt::format("object {} is missing or corrupt", text_of(id)),
                     fmt::format("run `git fsck --full` in {}, and fetch the object again from a "
                                 "clone that has it",
                                 shown_));
}

Failure Objects::failed(int code, std::string what) const {
  return failed_call(blame_, code, shown_, std::move(what),
                     fmt::format("run `git fsck --full` in {}", shown_));
}

}  // namespace reconcile::git
