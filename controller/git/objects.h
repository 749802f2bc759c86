#pragma once

#include <git2.h>

#include <cstddef>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "controller/git/failure.h"
#include "controller/git/handle.h"

namespace reconcile::git {

std::string text_of(const git_oid& id);

/// Forty hexadecimal digits; empty for anything else.
std::optional<git_oid> full_id(std::string_view text);

struct IdHash {
  std::size_t operator()(const git_oid& id) const {
    std::size_t head = 0;  // an id is a hash already
    std::memcpy(&head, id.id, sizeof(head));
    return head;
  }
};

struct SameId {
  bool operator()(const git_oid& a, const git_oid& b) const { return git_oid_equal(&a, &b) != 0; }
};

using IdSet = std::unordered_set<git_oid, IdHash, SameId>;

/// The objects of one repository. An object that ought to be there and cannot be read is a Failure
/// that names its id; libgit2 itself often leaves it out.
class Objects {
 public:
  struct Header {
    std::size_t size;
    git_object_t type;
  };

  /// `shown` is the repository a person has to look into. `repository` must outlive this.
  Objects(git_repository* repository, Blame blame, std::string shown);

  git_repository* repository() const { return repository_; }

  /// Looks for packs and objects that another process may have added.
  void refresh() const;
  /// Without a new look at the disk for each miss: call refresh() before a run of these.
  bool has(const git_oid& id) const;
  bool has_after_refresh(const git_oid& id) const;
  bool has_commit(const git_oid& id) const;

  Header header(const git_oid& id) const;
  OdbObjectHandle bytes(const git_oid& id) const;
  CommitHandle commit(const git_oid& id) const;
  TreeHandle tree(const git_oid& id) const;
  TagHandle tag(const git_oid& id) const;

  Failure unreadable(const git_oid& id, int code) const;
  /// A failure of this repository as a whole.
  Failure failed(int code, std::string what) const;

 private:
  git_repository* repository_;
  Blame blame_;
  std::string shown_;
  OdbHandle odb_;
};

}  // namespace reconcile::git
