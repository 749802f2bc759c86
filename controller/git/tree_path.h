#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/git/objects.h"

namespace reconcile::git {

/// Something in the tree of a commit, at its own path: not a link any more.
struct Place {
  std::string path;
  git_oid id{};
  git_filemode_t mode = GIT_FILEMODE_TREE;
};

/// "folder/name"; the root has no name.
std::string joined(const std::string& folder, const std::string& name);

/// Follows paths in the tree of one commit like a file system does, and never leaves it.
class TreePaths {
 public:
  /// `shown` names the commit in errors.
  TreePaths(const Objects& objects, const git_oid& root, std::string shown);

  /// What `path` leads to from the root; nothing where it does not exist.
  std::optional<Place> find(std::string_view path) const;

  /// What the symbolic link at `link` leads to. It is an error for it to dangle or to leave the
  /// tree.
  Place follow(const Place& link) const;

  /// "commit:path", the way git names it.
  std::string where(std::string_view path) const;

 private:
  struct Walk;

  void step(Walk& walk, const std::string& name) const;
  std::string target_of(const Place& link) const;

  const Objects& objects_;
  git_oid root_;
  std::string shown_;
};

}  // namespace reconcile::git
