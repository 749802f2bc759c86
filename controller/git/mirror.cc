#include "controller/git/mirror.h"

#include <fmt/format.h>
#include <git2.h>
#include <sys/stat.h>

#include <fstream>
#include <utility>

#include "controller/git/failure.h"
#include "controller/git/object_copy.h"
#include "controller/git/references.h"
#include "reconcilers/core/digest.h"

namespace reconcile::git {
namespace {

constexpr std::chrono::seconds kPatience{120};
constexpr std::size_t kNameLength = 16;
constexpr const char* kShallow = "shallow";

std::filesystem::path beside(const std::filesystem::path& folder, const char* suffix) {
  return folder.string() + suffix;
}

Failure unwritable(const std::filesystem::path& where, const std::error_code& code) {
  return Failure(Blame::Input,
                 Error{.kind = code == std::errc::no_space_on_device ? ErrorKind::Transient
                                                                     : ErrorKind::Terminal,
                       .where = where.string(),
                       .what = "cannot be written",
                       .why = code.message(),
                       .next = "pass --state with a folder this user may write to"});
}

void remove_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::remove_all(folder, failed);
  if (failed) throw unwritable(folder, failed);
}

void move_folder(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code failed;
  std::filesystem::rename(from, to, failed);
  if (failed) throw unwritable(from, failed);
}

// Tells a folder from another one made later under the same name; empty where there is none.
std::optional<ino_t> identity_of(const std::filesystem::path& folder) {
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0) return std::nullopt;
  return found.st_ino;
}

RepositoryHandle make_empty(const std::filesystem::path& folder, const std::string& source) {
  git_repository_init_options options;
  git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
  options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
  options.description = source.c_str();
  return acquire<RepositoryHandle>(
      [&](git_repository** out) { return git_repository_init_ext(out, folder.c_str(), &options); },
      [&](int code) {
        return failed_call(Blame::Mirror, code, folder.string(), "cannot be made",
                           "look whether the disk is full");
      });
}

}  // namespace

Mirror::Mirror(Location location, const std::filesystem::path& state)
    : location_(std::move(location)) {
  // A linked worktree has a HEAD of its own, hence a mirror of its own: the git folder is the key.
  const std::string key = sha256(location_.gitdir.string()).substr(0, kNameLength);
  folder_ = state / "mirrors" / (key + ".git");
}

FileLock Mirror::refresh() {
  FileLock held = lock();
  if (identity_of(folder_) != identity_) opened_.reset();  // another process made it anew
  update(objects());
  return held;
}

void Mirror::remake() {
  const FileLock held = lock();
  opened_.reset();
  // Several processes that found it broken, or not there yet, waited for this lock: one copy will
  // do.
  if (identity_of(folder_) != identity_) return;
  const std::filesystem::path made = beside(folder_, ".new");
  const std::filesystem::path old = beside(folder_, ".old");
  remove_folder(made);
  make_beside(made);
  // Who dies between the two renames leaves no mirror, which the next fetch makes anew.
  remove_folder(old);
  if (identity_) move_folder(folder_, old);
  move_folder(made, folder_);
  remove_folder(old);
}

const Objects& Mirror::objects() {
  if (!opened_) {
    identity_ = identity_of(folder_);
    opened_.emplace(open_at(folder_));
  }
  return opened_->objects;
}

bool Mirror::shallow() const { return !shallow_text(folder_ / kShallow).empty(); }

FileLock Mirror::lock() const {
  std::error_code failed;
  std::filesystem::create_directories(folder_.parent_path(), failed);
  if (failed) throw unwritable(folder_.parent_path(), failed);
  return FileLock(beside(folder_, ".lock"), kPatience);
}

Mirror::Opened Mirror::open_at(const std::filesystem::path& folder) const {
  auto repository = acquire<RepositoryHandle>(
      [&](git_repository** out) { return git_repository_open_bare(out, folder.c_str()); },
      [&](int code) {
        return failed_call(Blame::Mirror, code, folder.string(), "is not a readable mirror",
                           "remove it; it is made anew");
      });
  Objects objects(repository.get(), Blame::Mirror, folder.string());
  return Opened{std::move(repository), std::move(objects)};
}

void Mirror::update(const Objects& mirror) const {
  const RepositoryHandle repository = open(location_);
  const Objects source(repository.get(), Blame::Source, location_.shown);
  const std::string shallow = shallow_text(location_.shallow);
  if (shallow !=
      shallow_text(std::filesystem::path(git_repository_path(mirror.repository())) / kShallow)) {
    throw Failure(Blame::Mirror, Error{.where = folder_.string(),
                                       .what = "is cut off elsewhere than its source",
                                       .why = "",
                                       .next = "fetch again"});
  }
  const References wanted = references_of(source);
  copy_objects(source, mirror, wanted.ids(), shallow);
  write_references(mirror, wanted);
}

void Mirror::make_beside(const std::filesystem::path& folder) const {
  const RepositoryHandle repository = make_empty(folder, location_.gitdir.string());
  const std::string shallow = shallow_text(location_.shallow);
  if (!shallow.empty()) std::ofstream(folder / kShallow, std::ios::binary) << shallow;
  try {
    update(Objects(repository.get(), Blame::Mirror, folder.string()));
  } catch (const Failure&) {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    throw;
  }
}

}  // namespace reconcile::git
