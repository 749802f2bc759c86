#include "controller/git/mirror.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <git2.h>
#include <sys/stat.h>

#include <cstdio>
#include <utility>

#include "controller/git/failure.h"
#include "controller/git/tidy.h"
#include "reconcilers/core/digest.h"

namespace reconcile::git {
namespace {

constexpr std::chrono::seconds kPatience{120};
constexpr std::size_t kNameLength = 16;

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

/// Both at once; false where the file system cannot.
bool exchange_folders(const std::filesystem::path& one, const std::filesystem::path& other) {
  return ::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0;
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

Failure not_there(const std::string& shown, const std::filesystem::path& folder) {
  return Failure(Blame::Input,
                 Error{.kind = ErrorKind::Transient,
                       .where = shown,
                       .what = "has not been fetched yet, or its mirror cannot be read",
                       .why = fmt::format("the mirror is {}", folder.string()),
                       .next = "it is fetched again with the next look at the repository"});
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

Mirror::Mirror(std::unique_ptr<Origin> origin, const std::filesystem::path& state, bool offline)
    : origin_(std::move(origin)), offline_(offline) {
  const std::string key = sha256(origin_->identity()).substr(0, kNameLength);
  folder_ = state / "mirrors" / (key + ".git");
}

std::optional<FileLock> Mirror::refresh() {
  std::optional<FileLock> held;
  if (!offline_) held.emplace(lock());
  if (identity_of(folder_) != identity_) opened_.reset();  // another process made it anew
  if (offline_) {
    objects().refresh();
  } else {
    origin_->copy_into(objects(), false);
    tidy();
  }
  return held;
}

/// Who reads the mirror meanwhile finds another folder at its place, and opens that one.
void Mirror::tidy() {
  if (!is_untidy(folder_)) return;
  try {
    const std::filesystem::path made = beside(folder_, ".new");
    remove_folder(made);
    make_tidy(folder_, objects(), made);
    opened_.reset();
    take_place(made);
  } catch (const Failure&) {
    // It is good as it is; the next fetch tries again.
  }
}

void Mirror::take_place(const std::filesystem::path& made) {
  if (identity_ && exchange_folders(made, folder_)) return remove_folder(made);
  const std::filesystem::path old = beside(folder_, ".old");
  // Who dies between the two renames leaves no mirror, which the next fetch makes anew.
  remove_folder(old);
  if (identity_) move_folder(folder_, old);
  move_folder(made, folder_);
  remove_folder(old);
}

void Mirror::remake() {
  const FileLock held = lock();
  opened_.reset();
  // Several processes that found it broken, or not there yet, waited for this lock: one copy will
  // do.
  if (identity_of(folder_) != identity_) return;
  if (offline_) throw not_there(origin_->shown(), folder_);
  const std::filesystem::path made = beside(folder_, ".new");
  remove_folder(made);
  make_beside(made);
  take_place(made);
}

const Objects& Mirror::objects() {
  if (!opened_) {
    identity_ = identity_of(folder_);
    opened_.emplace(open_at(folder_));
  }
  return opened_->objects;
}

bool Mirror::shallow() { return !shallow_of(objects()).empty(); }

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

void Mirror::make_beside(const std::filesystem::path& folder) const {
  const RepositoryHandle repository = make_empty(folder, origin_->identity());
  try {
    origin_->copy_into(Objects(repository.get(), Blame::Mirror, folder.string()), true);
  } catch (const Failure&) {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    throw;
  }
}

}  // namespace reconcile::git
