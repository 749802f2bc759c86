#include "controller/git/proposal.h"

#include <fmt/format.h>
#include <git2.h>

#include <algorithm>

#include "controller/git/failure.h"
#include "controller/git/handle.h"
#include "controller/git/library.h"
#include "controller/git/location.h"
#include "controller/git/objects.h"
#include "controller/git/remote_address.h"

namespace reconcile::git {
namespace {

using SignatureHandle = Handle<git_signature, git_signature_free>;

Failure refused(std::string where, std::string what, std::string next) {
  return Failure(Blame::Input, Error{.kind = ErrorKind::Terminal,
                                     .where = std::move(where),
                                     .what = std::move(what),
                                     .why = "",
                                     .next = std::move(next)});
}

class Writer {
 public:
  Writer(const Location& location, const Proposal& proposal)
      : shown_(location.shown),
        proposal_(proposal),
        repository_(open(location)),
        objects_(repository_.get(), Blame::Source, location.shown) {}

  std::string write() {
    const std::string reference = "refs/heads/" + proposal_.branch;
    check_name(reference);
    const auto parent_id = full_id(proposal_.parent);
    if (!parent_id || !objects_.has_commit(*parent_id)) {
      throw refused(shown_, "it no longer has the commit " + proposal_.parent,
                    "fetch it into the repository again, or reconcile --once first");
    }
    const CommitHandle parent = objects_.commit(*parent_id);
    const TreeHandle tree =
        objects_.tree(changed_tree(objects_.tree(*git_commit_tree_id(parent.get()))));
    const git_oid commit = commit_of(tree, parent);
    git_reference* raw = nullptr;
    const int code = git_reference_create(&raw, repository_.get(), reference.c_str(), &commit, 0,
                                          "reconcile adopt");
    const ReferenceHandle made(raw);
    if (code == GIT_EEXISTS) throw exists();
    check(code, "branch " + proposal_.branch + " cannot be made");
    return text_of(commit);
  }

 private:
  Failure exists() const {
    return refused("branch " + proposal_.branch, "it exists already, and is left as it is",
                   fmt::format("name another one with --new-branch, or remove it: git branch -D {}",
                               proposal_.branch));
  }

  void check(int code, std::string what) const {
    if (code < 0)
      throw failed_call(Blame::Input, code, shown_, std::move(what),
                        "look whether this user may write to the repository");
  }

  void check_name(const std::string& reference) const {
    int valid = 0;
    if (git_reference_name_is_valid(&valid, reference.c_str()) < 0 || valid == 0)
      throw refused("branch " + proposal_.branch, "git does not allow such a name",
                    "name another one with --new-branch");
    git_oid there;
    if (git_reference_name_to_id(&there, repository_.get(), reference.c_str()) == 0) throw exists();
  }

  /// A link or an executable in the file's place is not what was read as one.
  void check_place(const TreeHandle& tree, const File& file) const {
    git_tree_entry* raw = nullptr;
    const int code = git_tree_entry_bypath(&raw, tree.get(), file.path.c_str());
    const TreeEntryHandle entry(raw);
    if (code == GIT_ENOTFOUND) return;
    check(code, file.path + " cannot be looked up");
    const git_filemode_t mode = git_tree_entry_filemode(entry.get());
    if (mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE) return;
    throw refused(file.path, "it is a link, and what it leads to is not changed behind its back",
                  "commit the change by hand: --mode dry-run shows it");
  }

  git_oid changed_tree(const TreeHandle& tree) const {
    std::vector<git_tree_update> updates;
    for (const File& file : proposal_.files) {
      check_place(tree, file);
      git_tree_update update{GIT_TREE_UPDATE_UPSERT, {}, GIT_FILEMODE_BLOB, file.path.c_str()};
      check(git_blob_create_from_buffer(&update.id, repository_.get(), file.text.data(),
                                        file.text.size()),
            "cannot be written to");
      updates.push_back(update);
    }
    git_oid id;
    check(
        git_tree_create_updated(&id, repository_.get(), tree.get(), updates.size(), updates.data()),
        "the files cannot be put into the tree of " + proposal_.parent);
    return id;
  }

  SignatureHandle signature() const {
    git_signature* raw = nullptr;
    if (git_signature_default(&raw, repository_.get()) < 0)
      check(git_signature_now(&raw, "reconcile", "reconcile@localhost"), "cannot be signed");
    return SignatureHandle(raw);
  }

  git_oid commit_of(const TreeHandle& tree, const CommitHandle& parent) const {
    const SignatureHandle author = signature();
    const git_commit* parents[] = {parent.get()};
    git_oid id;
    check(git_commit_create(&id, repository_.get(), nullptr, author.get(), author.get(), "UTF-8",
                            proposal_.message.c_str(), tree.get(), 1, parents),
          "the commit cannot be written");
    return id;
  }

  std::string shown_;
  const Proposal& proposal_;
  RepositoryHandle repository_;
  Objects objects_;
};

}  // namespace

Result<std::string> propose(const std::string& repository, const Proposal& proposal) {
  return as_result(repository, "cannot be written to", [&] {
    start_library();
    if (const auto remote = remote_address(repository))
      throw refused(remote->shown, "is on another machine, where no branch can be made",
                    "clone it, name the clone with --repo, and push the branch from there");
    return Writer(locate(repository), proposal).write();
  });
}

}  // namespace reconcile::git
