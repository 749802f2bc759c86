#include "controller/git/git_source.h"

#include <fmt/format.h>
#include <git2.h>

#include <optional>
#include <utility>

#include "controller/git/failure.h"
#include "controller/git/history.h"
#include "controller/git/library.h"
#include "controller/git/location.h"
#include "controller/git/mirror.h"
#include "controller/git/selection.h"
#include "controller/git/tree_reader.h"
#include "controller/git/working_tree.h"

namespace reconcile::git {
namespace {

git_oid id_of(const Revision& revision) {
  if (const auto id = full_id(revision.commit)) return *id;
  throw Failure(Blame::Input, Error{.where = revision.commit,
                                    .what = "is not the full id of a commit",
                                    .why = "",
                                    .next = "write all forty digits"});
}

class GitSource final : public Source {
 public:
  GitSource(Location location, const std::filesystem::path& state, const Limits& limits)
      : limits_(limits), mirror_(std::move(location), state) {}

  Result<Revision> fetch(std::string_view branch, std::string_view revision) override {
    return guarded([&] {
      const FileLock held = mirror_.refresh();
      const git_oid id =
          revision.empty() ? tip_of_branch(mirror_, branch) : commit_named(mirror_, revision);
      return revision_of(mirror_.objects(), id);
    });
  }

  Result<FileTree> read(const Revision& revision,
                        const std::vector<std::string>& folders) override {
    return guarded([&] { return read_tree(mirror_.objects(), id_of(revision), folders, limits_); });
  }

  Result<FileTree> list(const Revision& revision,
                        const std::vector<std::string>& folders) override {
    return guarded([&] { return list_tree(mirror_.objects(), id_of(revision), folders, limits_); });
  }

  Result<Ancestry> ancestry(std::string_view base, const Revision& candidate) override {
    return guarded([&] { return git::ancestry(mirror_, base, id_of(candidate)); });
  }

  Result<std::optional<Revision>> find(std::string_view commit) override {
    return guarded([&]() -> std::optional<Revision> {
      const auto id = full_id(commit);
      if (!id || !mirror_.objects().has_commit(*id)) return std::nullopt;
      return revision_of(mirror_.objects(), *id);
    });
  }

  Result<std::vector<Revision>> between(std::string_view base, const Revision& candidate,
                                        std::size_t limit) override {
    return guarded([&] { return git::between(mirror_, base, id_of(candidate), limit); });
  }

  Result<std::vector<std::string>> roots(const Revision& revision) override {
    return guarded([&] { return git::roots(mirror_, id_of(revision)); });
  }

  Result<std::optional<std::string>> blob(std::string_view id) override {
    return guarded([&] { return read_blob(id); });
  }

  std::vector<std::string> uncommitted(const std::vector<std::string>& folders) override {
    return git::uncommitted(mirror_.location(), folders);
  }

 private:
  // A mirror that cannot be read (its process was killed, its disk was full) is made anew, once for
  // each call: when that does not help, the source is to blame, and the second error names it.
  template <class Work>
  auto guarded(Work&& work) -> Result<decltype(work())> {
    return as_result(mirror_.location().shown, "cannot be read", [&] {
      try {
        return work();
      } catch (const Failure& failure) {
        if (failure.blame() != Blame::Mirror) throw;
      }
      mirror_.remake();
      return work();
    });
  }

  std::optional<std::string> read_blob(std::string_view text) {
    const auto id = full_id(text);
    const Objects& objects = mirror_.objects();
    if (!id || !objects.has_after_refresh(*id)) return std::nullopt;
    const Objects::Header header = objects.header(*id);
    if (header.type != GIT_OBJECT_BLOB) return std::nullopt;
    if (header.size > limits_.max_file_bytes) {
      throw Failure(
          Blame::Input,
          Error{.where = fmt::format("object {}", text),
                .what = fmt::format("has {} bytes", header.size),
                .why = fmt::format("the limit for one file is {}", limits_.max_file_bytes),
                .next = "split the file, or keep bulk data outside the repository"});
    }
    const OdbObjectHandle bytes = objects.bytes(*id);
    return std::string(static_cast<const char*>(git_odb_object_data(bytes.get())),
                       git_odb_object_size(bytes.get()));
  }

  Limits limits_;
  Mirror mirror_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_source(const Options& options) {
  return as_result(options.repository, "cannot be read", [&]() -> std::unique_ptr<Source> {
    start_library();
    return std::make_unique<GitSource>(locate(options.repository), options.state, options.limits);
  });
}

}  // namespace reconcile::git
