#include "controller/git/object_copy.h"

#include <git2.h>

#include <sstream>
#include <utility>

namespace reconcile::git {
namespace {

IdSet ids_in(const std::string& shallow) {
  IdSet ids;
  std::istringstream lines(shallow);
  for (std::string line; std::getline(lines, line);) {
    if (const auto id = full_id(line)) ids.insert(*id);
  }
  return ids;
}

// What some tips reach in one repository and another one lacks. The other never holds an object
// without all that it reaches, hence the walk stops at what it has.
class MissingObjects {
 public:
  MissingObjects(const Objects& from, const Objects& to, const std::string& shallow)
      : from_(from), to_(to), cut_off_(ids_in(shallow)) {}

  // Each of them once; one that cannot be found is a Failure.
  template <class Visit>
  void visit(const git_oid& tip, Visit&& visit) {
    want(tip);
    while (!pending_.empty()) {
      const git_oid id = pending_.back();
      pending_.pop_back();
      expand(id);
      visit(id);
    }
  }

 private:
  void want(const git_oid& id) {
    if (to_.has(id) || !seen_.insert(id).second) return;
    pending_.push_back(id);
  }

  void expand(const git_oid& id) {
    const git_object_t type = from_.header(id).type;
    if (type == GIT_OBJECT_COMMIT) expand_commit(id);
    if (type == GIT_OBJECT_TREE) expand_tree(id);
    if (type == GIT_OBJECT_TAG) want(*git_tag_target_id(from_.tag(id).get()));
  }

  void expand_commit(const git_oid& id) {
    const CommitHandle commit = from_.commit(id);
    want(*git_commit_tree_id(commit.get()));
    if (cut_off_.contains(id)) return;
    const unsigned int parents = git_commit_parentcount(commit.get());
    for (unsigned int i = 0; i < parents; ++i) want(*git_commit_parent_id(commit.get(), i));
  }

  void expand_tree(const git_oid& id) {
    const TreeHandle tree = from_.tree(id);
    const std::size_t entries = git_tree_entrycount(tree.get());
    for (std::size_t i = 0; i < entries; ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
      const bool submodule = git_tree_entry_type(entry) == GIT_OBJECT_COMMIT;
      if (!submodule) want(*git_tree_entry_id(entry));
    }
  }

  const Objects& from_;
  const Objects& to_;
  IdSet cut_off_;
  IdSet seen_;
  std::vector<git_oid> pending_;
};

// Collects the missing objects first and writes them last: a failure on the way leaves no trace.
class ObjectCopy {
 public:
  ObjectCopy(const Objects& from, const Objects& to) : from_(from), to_(to) {
    pack_ = acquire<PackbuilderHandle>(
        [&](git_packbuilder** out) { return git_packbuilder_new(out, from_.repository()); },
        [&](int code) { return from_.failed(code, "cannot be packed"); });
  }

  void add(const git_oid& id) {
    const int code = git_packbuilder_insert(pack_.get(), &id, nullptr);
    if (code < 0) throw from_.unreadable(id, code);
    packed_.push_back(id);
  }

  void write() {
    if (packed_.empty()) return;
    const std::string folder = std::string(git_repository_path(to_.repository())) + "objects/pack";
    const int code = git_packbuilder_write(pack_.get(), folder.c_str(), 0, nullptr, nullptr);
    if (code < 0) blame(code);
    to_.refresh();
  }

 private:
  // Only the contents of blobs were not read before; libgit2 does not say which one it stumbled
  // over, so read them all again. If none is at fault, the target is.
  [[noreturn]] void blame(int code) const {
    const Failure failure = to_.failed(code, "cannot be written");
    for (const git_oid& id : packed_) from_.bytes(id);
    throw failure;
  }

  const Objects& from_;
  const Objects& to_;
  std::vector<git_oid> packed_;
  PackbuilderHandle pack_;
};

}  // namespace

void copy_objects(const Objects& from, const Objects& to, const std::vector<git_oid>& tips,
                  const std::string& shallow) {
  to.refresh();
  MissingObjects missing(from, to, shallow);
  ObjectCopy copy(from, to);
  for (const git_oid& tip : tips) missing.visit(tip, [&](const git_oid& id) { copy.add(id); });
  copy.write();
}

void check_complete(const Objects& from, const Objects& to, const std::vector<git_oid>& tips,
                    const std::string& shallow) {
  MissingObjects missing(from, to, shallow);
  for (const git_oid& tip : tips) missing.visit(tip, [](const git_oid&) {});
}

}  // namespace reconcile::git
