#include "controller/git/git_source.h"

#include <fmt/format.h>
#include <git2.h>

#include <optional>
#include <utility>

#include "controller/git/failure.h"
#include "controller/git/history.h"
#include "controller/git/library.h"
#include "controller/git/mirror.h"
#include "controller/git/origin.h"
#include "controller/git/selection.h"
#include "controller/git/signature.h"
#include "controller/git/tree_reader.h"

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
  explicit GitSource(const Options& options)
      : limits_(options.limits),
        signatures_(options.signatures),
        mirror_(origin_of(options.repository, options.access), options.state, options.offline) {}

  Result<void> update() {
    auto done = guarded([&] {
      const auto held = mirror_.refresh();
      return true;
    });
    if (!done) return done.error();
    return {};
  }

  Result<Revision> fetch(std::string_view branch, std::string_view revision) override {
    return guarded([&] {
      const auto held = mirror_.refresh();
      const git_oid id =
          revision.empty() ? tip_of_branch(mirror_, branch) : commit_named(mirror_, revision);
      return revision_of(mirror_.objects(), id);
    });
  }

  Result<Revision> fetch_tag(std::string_view pattern) override {
    return guarded([&] {
      const auto held = mirror_.refresh();
      return revision_of(mirror_.objects(), highest_tag(mirror_, pattern));
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

  Result<std::optional<std::string>> signature_problem(const Revision& revision) override {
    return guarded(
        [&] { return git::signature_problem(mirror_.objects(), id_of(revision), signatures_); });
  }

  std::vector<std::string> uncommitted(const std::vector<std::string>& folders) override {
    return mirror_.origin().uncommitted(folders);
  }

 private:
  // A mirror that cannot be read (its process was killed, its disk was full) is made anew, once for
  // each call: when that does not help, the source is to blame, and the second error names it.
  template <class Work>
  auto guarded(Work&& work) -> Result<decltype(work())> {
    return as_result(mirror_.origin().shown(), "cannot be read", [&] {
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
  Signatures signatures_;
  Mirror mirror_;
};

Result<std::unique_ptr<GitSource>> open_git(const Options& options) {
  // Not the address itself: it may hold a password.
  return as_result("the repository", "cannot be read", [&] {
    start_library();
    return std::make_unique<GitSource>(options);
  });
}

}  // namespace

Result<std::unique_ptr<Source>> open_source(const Options& options) {
  auto source = open_git(options);
  if (!source) return source.error();
  return std::unique_ptr<Source>(std::move(*source));
}

Result<void> update_mirror(Options options) {
  options.offline = false;
  const auto source = open_git(options);
  return source ? (*source)->update() : source.error();
}

}  // namespace reconcile::git
