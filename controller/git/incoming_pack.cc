#include "controller/git/incoming_pack.h"

#include <git2.h>

#include <fstream>
#include <utility>

#include "controller/git/failure.h"
#include "controller/git/object_copy.h"

namespace reconcile::git {
namespace {

namespace fs = std::filesystem;

const fs::path kPacks = fs::path("objects") / "pack";

fs::path folder_beside(const Objects& mirror) {
  fs::path folder = git_repository_path(mirror.repository());
  if (folder.filename().empty()) folder = folder.parent_path();  // it ends with a slash
  return folder.string() + ".incoming";
}

}  // namespace

IncomingPack::IncomingPack(const Objects& mirror, std::string shown)
    : mirror_(mirror), shown_(std::move(shown)), folder_(folder_beside(mirror)) {
  fs::remove_all(folder_);  // of a process that was killed
  // A repository that sees the mirror's objects besides its own.
  acquire<RepositoryHandle>(
      [&](git_repository** out) { return git_repository_init(out, folder_.c_str(), 1); },
      [&](int code) { return failed(code); });
  std::ofstream(folder_ / "objects" / "info" / "alternates", std::ios::binary)
      << git_repository_path(mirror.repository()) << "objects\n";
  git_indexer_options options;
  git_indexer_options_init(&options, GIT_INDEXER_OPTIONS_VERSION);
  indexer_ = acquire<IndexerHandle>(
      [&](git_indexer** out) {
        return git_indexer_new(out, (folder_ / kPacks).c_str(), 0, nullptr, &options);
      },
      [&](int code) { return failed(code); });
}

IncomingPack::~IncomingPack() {
  indexer_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

// Of a pack that is no pack the remote is guilty; of a full disk, this machine.
Failure IncomingPack::failed(int code) const {
  const git_error* last = git_error_last();
  const bool machine =
      last != nullptr && (last->klass == GIT_ERROR_OS || last->klass == GIT_ERROR_NOMEMORY);
  return Failure(Blame::Source,
                 Error{.kind = machine ? ErrorKind::Transient : ErrorKind::Terminal,
                       .where = machine ? folder_.string() : shown_,
                       .what = machine ? "cannot be written" : "sends objects that cannot be read",
                       .why = reason_of(code),
                       .next = machine ? "look at the memory and the disk of this machine"
                                       : "run `git fsck --full` there"});
}

void IncomingPack::append(std::string_view bytes) {
  git_indexer_progress progress{};
  const int code = git_indexer_append(indexer_.get(), bytes.data(), bytes.size(), &progress);
  if (code < 0) throw failed(code);
}

void IncomingPack::keep(const std::vector<git_oid>& tips, const std::string& shallow) {
  git_indexer_progress progress{};
  if (const int code = git_indexer_commit(indexer_.get(), &progress); code < 0) throw failed(code);
  const auto repository = acquire<RepositoryHandle>(
      [&](git_repository** out) { return git_repository_open_bare(out, folder_.c_str()); },
      [&](int code) { return failed(code); });
  check_complete(Objects(repository.get(), Blame::Source, shown_), mirror_, tips, shallow);
  // The index last: a pack without one is not seen.
  const fs::path to = fs::path(git_repository_path(mirror_.repository())) / kPacks;
  for (const char* extension : {".pack", ".idx"}) {
    for (const auto& entry : fs::directory_iterator(folder_ / kPacks)) {
      if (entry.path().extension() == extension)
        fs::rename(entry.path(), to / entry.path().filename());
    }
  }
  mirror_.refresh();
}

}  // namespace reconcile::git
