#include "controller/git/tree_path.h"

#include <fmt/format.h>
#include <git2.h>

#include <deque>
#include <utility>

#include "controller/git/failure.h"

namespace reconcile::git {
namespace {

constexpr std::size_t kLongestTarget = 4096;  // PATH_MAX
constexpr int kMostLinks = 16;

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (slash != 0) parts.emplace_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return parts;
}

Failure refused(std::string where, std::string what, std::string why) {
  return Failure(Blame::Input,
                 Error{.kind = ErrorKind::Terminal,
                       .where = std::move(where),
                       .what = std::move(what),
                       .why = std::move(why),
                       .next = "commit the file itself, or a relative link to a file of the same "
                               "repository"});
}

}  // namespace

std::string joined(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : fmt::format("{}/{}", folder, name);
}

// A path being followed. The trees from the root down are kept, so that ".." is a step back.
struct TreePaths::Walk {
  std::string asked;              // the path, for messages
  std::string target;             // what the last link on the way says, for messages
  std::vector<Place> places;      // the root first, where we stand last
  std::deque<std::string> ahead;  // names still to go
  int links = 0;
  bool missing = false;

  void go(std::string_view path) {
    const std::vector<std::string> parts = parts_of(path);
    ahead.insert(ahead.begin(), parts.begin(), parts.end());
  }
};

TreePaths::TreePaths(const Objects& objects, const git_oid& root, std::string shown)
    : objects_(objects), root_(root), shown_(std::move(shown)) {}

std::optional<Place> TreePaths::find(std::string_view path) const {
  Walk walk{.asked = std::string(path),
            .target = {},
            .places = {Place{.path = "", .id = root_}},
            .ahead = {}};
  walk.go(walk.asked);
  while (!walk.ahead.empty() && !walk.missing) {
    const std::string name = std::move(walk.ahead.front());
    walk.ahead.pop_front();
    step(walk, name);
  }
  if (walk.missing && walk.links > 0) {
    throw refused(where(path), "is a symbolic link to nothing",
                  fmt::format("the commit has no {}, where it leads to", walk.target));
  }
  if (walk.missing) return std::nullopt;
  return walk.places.back();
}

Place TreePaths::follow(const Place& link) const {
  // The path of the link itself leads through it: the same walk, which ends where it leads to.
  return find(link.path).value();
}

void TreePaths::step(Walk& walk, const std::string& name) const {
  if (name == ".") return;
  if (name == "..") {
    if (walk.places.size() == 1) {
      throw refused(where(walk.asked), "leaves the repository",
                    walk.links > 0 ? fmt::format("a symbolic link leads to {}", walk.target) : "");
    }
    walk.places.pop_back();
    return;
  }
  const Place& here = walk.places.back();
  walk.missing = here.mode != GIT_FILEMODE_TREE;
  if (walk.missing) return;
  const TreeHandle tree = objects_.tree(here.id);
  const git_tree_entry* entry = git_tree_entry_byname(tree.get(), name.c_str());
  walk.missing = entry == nullptr;
  if (walk.missing) return;
  Place next{.path = joined(here.path, name),
             .id = *git_tree_entry_id(entry),
             .mode = git_tree_entry_filemode(entry)};
  if (next.mode != GIT_FILEMODE_LINK) {
    walk.places.push_back(std::move(next));
    return;
  }
  if (++walk.links > kMostLinks) {
    throw refused(where(walk.asked), "is a symbolic link that leads nowhere",
                  fmt::format("more than {} links follow each other", kMostLinks));
  }
  walk.target = target_of(next);
  walk.go(walk.target);
}

std::string TreePaths::target_of(const Place& link) const {
  if (objects_.header(link.id).size > kLongestTarget) {
    throw refused(where(link.path), "is a symbolic link with too long a target", "");
  }
  const OdbObjectHandle bytes = objects_.bytes(link.id);
  std::string target(static_cast<const char*>(git_odb_object_data(bytes.get())),
                     git_odb_object_size(bytes.get()));
  if (target.starts_with('/')) {
    throw refused(where(link.path), "leaves the repository",
                  fmt::format("a symbolic link leads to {}", target));
  }
  return target;
}

std::string TreePaths::where(std::string_view path) const {
  return fmt::format("{}:{}", shown_, path);
}

}  // namespace reconcile::git
