#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/result.h"
#include "reconcilers/core/revision.h"

namespace reconcile {

/// Where desired state comes from: the commits of one git repository. Never a working tree.
/// Not thread-safe; one instance per worker.
class Source {
 public:
  virtual ~Source() = default;

  /// Brings the mirror up to date and returns the newest commit of `branch`, or the commit that
  /// `revision` names (id, abbreviated id, tag or branch) when it is not empty. An empty `branch`
  /// is the one that the repository's HEAD names, or HEAD's commit where it is detached. Errors:
  /// repository missing or empty, unknown branch or revision, a corrupt object.
  virtual Result<Revision> fetch(std::string_view branch, std::string_view revision) = 0;

  /// Brings the mirror up to date and returns the commit of the highest version among the tags
  /// whose names match `pattern`, such as "v*": by Semantic Versioning, pre-releases below their
  /// release. Errors: as fetch, and no such tag.
  virtual Result<Revision> fetch_tag(std::string_view pattern) = 0;

  /// The regular files below `folders` ("migrations", "snapshots") in that commit, sorted by path.
  /// Errors: submodule, symbolic link that leaves the tree, a file or a sum of files over the
  /// limit, a corrupt object.
  virtual Result<FileTree> read(const Revision& revision,
                                const std::vector<std::string>& folders) = 0;

  /// What read() returns, without the text of the files: their paths and object ids.
  virtual Result<FileTree> list(const Revision& revision,
                                const std::vector<std::string>& folders) = 0;

  /// How `candidate` stands to `base` (40 digits). A base this repository does not have is
  /// Ancestry::Unproven.
  virtual Result<Ancestry> ancestry(std::string_view base, const Revision& candidate) = 0;

  /// The commit with this full id; empty when the repository does not have it.
  virtual Result<std::optional<Revision>> find(std::string_view commit) = 0;

  /// Commits after `base` up to and including `candidate`, newest first; all of its history when
  /// `base` is empty or unknown here (at most `limit`).
  virtual Result<std::vector<Revision>> between(std::string_view base, const Revision& candidate,
                                                std::size_t limit) = 0;

  /// The root commits that `revision` descends from, sorted: they name the repository whatever its
  /// address. A root beyond the edge of a shallow clone is not among them, so there may be none.
  virtual Result<std::vector<std::string>> roots(const Revision& revision) = 0;

  /// A blob by its object id; empty when the repository does not have it.
  virtual Result<std::optional<std::string>> blob(std::string_view id) = 0;

  /// What is wrong with the signature of that commit, as the end of a sentence that begins with it;
  /// nothing where it is good, or where no signatures are asked for.
  virtual Result<std::optional<std::string>> signature_problem(const Revision& revision) = 0;

  /// Paths below `folders` that differ from HEAD in the local working tree: named in a note,
  /// otherwise ignored. Empty for a bare or remote repository.
  virtual std::vector<std::string> uncommitted(const std::vector<std::string>& folders) = 0;
};

}  // namespace reconcile
