#include "controller/git/origin.h"

#include <git2.h>

#include <fstream>
#include <utility>

#include "controller/git/failure.h"
#include "controller/git/object_copy.h"
#include "controller/git/references.h"
#include "controller/git/remote_origin.h"
#include "controller/git/working_tree.h"

namespace reconcile::git {
namespace {

constexpr const char* kShallow = "shallow";

std::filesystem::path shallow_file(const Objects& mirror) {
  return std::filesystem::path(git_repository_path(mirror.repository())) / kShallow;
}

class LocalOrigin final : public Origin {
 public:
  explicit LocalOrigin(Location location) : location_(std::move(location)) {}

  const std::string& shown() const override { return location_.shown; }

  // A linked worktree has a HEAD of its own, hence a mirror of its own: the git folder is the key.
  std::string identity() const override { return location_.gitdir.string(); }

  void copy_into(const Objects& mirror, bool is_new) const override {
    const RepositoryHandle repository = open(location_);
    const Objects source(repository.get(), Blame::Source, location_.shown);
    const std::string shallow = shallow_text(location_.shallow);
    agree_on_shallow(mirror, shallow, is_new);
    const References wanted = references_of(source);
    copy_objects(source, mirror, wanted.ids(), shallow);
    write_references(mirror, wanted);
  }

  std::vector<std::string> uncommitted(const std::vector<std::string>& folders) const override {
    return git::uncommitted(location_, folders);
  }

 private:
  Location location_;
};

}  // namespace

std::unique_ptr<Origin> origin_of(const std::string& repository, const Access& access) {
  if (auto address = remote_address(repository))
    return std::make_unique<RemoteOrigin>(std::move(*address), access);
  return std::make_unique<LocalOrigin>(locate(repository));
}

std::string shallow_of(const Objects& mirror) { return shallow_text(shallow_file(mirror)); }

void agree_on_shallow(const Objects& mirror, const std::string& shallow, bool is_new) {
  if (is_new) {
    if (!shallow.empty()) std::ofstream(shallow_file(mirror), std::ios::binary) << shallow;
    return;
  }
  if (shallow == shallow_of(mirror)) return;
  throw Failure(Blame::Mirror, Error{.where = git_repository_path(mirror.repository()),
                                     .what = "is cut off elsewhere than its source",
                                     .why = "",
                                     .next = "fetch again"});
}

}  // namespace reconcile::git
