#include "controller/git/selection.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>
#include <git2.h>
#include <iconv.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controller/git/failure.h"
#include "controller/git/references.h"
#include "controller/git/tag_version.h"
#include "reconcilers/core/unicode.h"

namespace reconcile::git {
namespace {

constexpr std::string_view kHeads = "refs/heads/";
constexpr std::string_view kTags = "refs/tags/";
constexpr std::size_t kNamed = 20;

Failure refused(const Mirror& mirror, std::string what, std::string why, std::string next) {
  return Failure(Blame::Input, Error{.kind = ErrorKind::Terminal,
                                     .where = mirror.origin().shown(),
                                     .what = std::move(what),
                                     .why = std::move(why),
                                     .next = std::move(next)});
}

std::string branches_in(const References& references) {
  std::vector<std::string> names;
  std::size_t more = 0;
  for (const auto& [name, id] : references.tips) {
    if (!name.starts_with(kHeads)) continue;
    if (names.size() == kNamed) {
      ++more;
      continue;
    }
    names.push_back(name.substr(kHeads.size()));
  }
  std::string text = fmt::format("{}", fmt::join(names, ", "));
  if (more > 0) text += fmt::format(" and {} more", more);
  return text;
}

Failure missing_branch(const Mirror& mirror, const References& references,
                       std::string_view branch) {
  const std::string present = branches_in(references);
  if (references.tips.empty()) {
    return refused(mirror, "has no commit", "the repository is empty",
                   "commit the desired state and push it");
  }
  if (present.empty()) {
    return refused(mirror, fmt::format("has no branch {}", branch), "it has only tags",
                   "name a tag with --revision");
  }
  return refused(mirror, fmt::format("has no branch {}", branch),
                 fmt::format("its branches are: {}", present),
                 "name one of them with --branch, or push the missing one");
}

// An id that can be read as a commit, through annotated tags.
git_oid peeled(Mirror& mirror, const git_oid& id, std::string_view name) {
  git_oid at = id;
  for (;;) {
    const git_object_t type = mirror.objects().header(at).type;
    if (type == GIT_OBJECT_COMMIT) return at;
    if (type != GIT_OBJECT_TAG) {
      throw refused(mirror, fmt::format("{} is not a commit", name),
                    fmt::format("{} is a {}", text_of(at), git_object_type2string(type)),
                    "name a commit, a tag or a branch");
    }
    at = *git_tag_target_id(mirror.objects().tag(at).get());
  }
}

Failure unresolved(Mirror& mirror, const std::string& revision, int code) {
  if (code == GIT_EAMBIGUOUS) {
    return refused(mirror, fmt::format("has several objects that begin with {}", revision),
                   "the abbreviated id is ambiguous", "write more digits of it");
  }
  if (code == GIT_ENOTFOUND) {
    const References present = references_of(mirror.objects());
    if (present.ids().empty()) return missing_branch(mirror, present, revision);
    return refused(mirror, fmt::format("has no revision {}", revision),
                   "no branch or tag has that name, and none leads to a commit with that id",
                   "push it, or write the id, tag or branch of another commit");
  }
  if (code == GIT_EINVALIDSPEC) {
    return refused(mirror, fmt::format("{} does not name a revision", revision), reason_of(code),
                   "write the id, tag or branch of a commit");
  }
  return mirror.objects().failed(code, fmt::format("cannot look up {}", revision));
}

}  // namespace

git_oid tip_of_branch(Mirror& mirror, std::string_view branch) {
  const References present = references_of(mirror.objects());
  if (branch.empty() && present.detached) return *present.detached;
  std::string name(branch.empty() ? present.head : branch);
  if (!name.starts_with(kHeads)) name.insert(0, kHeads);
  const auto tip = present.tips.find(name);
  if (tip == present.tips.end()) {
    throw missing_branch(mirror, present, name.substr(kHeads.size()));
  }
  return peeled(mirror, tip->second, branch);
}

git_oid commit_named(Mirror& mirror, std::string_view revision) {
  const std::string name(revision);
  const auto found = acquire<ObjectHandle>(
      [&](git_object** out) { return git_revparse_single(out, mirror.repository(), name.c_str()); },
      [&](int code) { return unresolved(mirror, name, code); });
  return peeled(mirror, *git_object_id(found.get()), revision);
}

git_oid highest_tag(Mirror& mirror, std::string_view pattern) {
  const References present = references_of(mirror.objects());
  const std::string glob(pattern);
  std::optional<TagVersion> highest;
  std::string_view chosen;
  for (const auto& [name, id] : present.tips) {
    if (!name.starts_with(kTags)) continue;
    const std::string_view tag = std::string_view(name).substr(kTags.size());
    if (::fnmatch(glob.c_str(), tag.data(), 0) != 0) continue;
    auto version = TagVersion::parse(version_in(tag, pattern));
    // Of equal versions, which differ in their build data, the last by name: always the same one.
    if (!version || (highest && *version < *highest)) continue;
    highest = std::move(version);
    chosen = name;
  }
  if (!highest)
    throw refused(mirror, fmt::format("has no tag with a version that matches {}", pattern),
                  fmt::format("it has {} branches and tags", present.tips.size()),
                  "push a tag such as v1.2.3 that matches, or follow another pattern");
  return peeled(mirror, present.tips.at(std::string(chosen)), chosen.substr(kTags.size()));
}

namespace {

/// A commit says in which encoding its texts are; where it does not, or lies, they are taken for
/// UTF-8 with marks for what is none. A database would take nothing else.
std::string text_in(const char* bytes, const char* encoding) {
  if (bytes == nullptr) return {};
  std::string text(bytes);
  if (encoding == nullptr) return utf8(text);
  const auto closes = [](void* converter) { ::iconv_close(converter); };
  const iconv_t opened = ::iconv_open("UTF-8", encoding);
  // The value that says failure, by its own standard.
  if (opened == reinterpret_cast<iconv_t>(-1)) return utf8(text);
  const std::unique_ptr<void, decltype(closes)> converter(opened, closes);
  std::string converted(4 * text.size(), '\0');
  char* from = text.data();
  char* to = converted.data();
  std::size_t left = text.size();
  std::size_t room = converted.size();
  if (::iconv(converter.get(), &from, &left, &to, &room) == static_cast<std::size_t>(-1))
    return utf8(text);
  converted.resize(converted.size() - room);
  return utf8(converted);
}

}  // namespace

Revision revision_of(const Objects& objects, const git_oid& id) {
  const CommitHandle commit = objects.commit(id);
  const git_signature* author = git_commit_author(commit.get());
  const char* encoding = git_commit_message_encoding(commit.get());
  return Revision{.commit = text_of(id),
                  .author = author != nullptr ? text_in(author->name, encoding) : "",
                  .time = git_commit_time(commit.get()),
                  .message = text_in(git_commit_message(commit.get()), encoding)};
}

}  // namespace reconcile::git
