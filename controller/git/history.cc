#include "controller/git/history.h"

#include <git2.h>

#include <algorithm>
#include <optional>
#include <queue>
#include <utility>

#include "controller/git/selection.h"

namespace reconcile::git {
namespace {

// What a commit descends from, itself included, as far as it is there.
struct Past {
  IdSet commits;
  std::vector<git_oid> roots;
  bool cut_off = false;  // a parent is missing, which only a shallow clone may do
};

Past past_of(const Objects& objects, const git_oid& newest, bool shallow) {
  Past past;
  std::vector<git_oid> pending{newest};
  past.commits.insert(newest);
  while (!pending.empty()) {
    const CommitHandle commit = objects.commit(pending.back());
    if (git_commit_parentcount(commit.get()) == 0) past.roots.push_back(pending.back());
    pending.pop_back();
    for (unsigned int i = 0; i < git_commit_parentcount(commit.get()); ++i) {
      const git_oid& parent = *git_commit_parent_id(commit.get(), i);
      if (shallow && !objects.has(parent)) {
        past.cut_off = true;
      } else if (past.commits.insert(parent).second) {
        pending.push_back(parent);
      }
    }
  }
  return past;
}

// Walking by hand, because libgit2's walks end in an error where a parent is missing.
Ancestry shallow_ancestry(const Objects& objects, const git_oid& base, const git_oid& candidate) {
  const Past of_candidate = past_of(objects, candidate, true);
  if (of_candidate.commits.contains(base)) return Ancestry::Descendant;
  const Past of_base = past_of(objects, base, true);
  if (of_base.commits.contains(candidate)) return Ancestry::Older;
  return of_candidate.cut_off || of_base.cut_off ? Ancestry::Unproven : Ancestry::Diverged;
}

bool descends(const Objects& objects, const git_oid& commit, const git_oid& ancestor) {
  const int answer = git_graph_descendant_of(objects.repository(), &commit, &ancestor);
  if (answer < 0) throw objects.unreadable(commit, answer);
  return answer == 1;
}

// The order of commits by time: a child before its parents, whatever their clocks said, because a
// parent enters only when its child leaves.
std::vector<git_oid> newest_first(const Objects& objects, const std::vector<git_oid>& newest,
                                  const IdSet& hidden, std::size_t limit) {
  using Dated = std::pair<git_time_t, std::string>;
  std::priority_queue<Dated> pending;
  IdSet seen = hidden;
  const auto enter = [&](const git_oid& id) {
    if (!objects.has(id) || !seen.insert(id).second) return;
    pending.emplace(git_commit_time(objects.commit(id).get()), text_of(id));
  };
  std::vector<git_oid> found;
  for (const git_oid& id : newest) enter(id);
  while (!pending.empty() && found.size() < limit) {
    found.push_back(*full_id(pending.top().second));
    pending.pop();
    const CommitHandle commit = objects.commit(found.back());
    for (unsigned int i = 0; i < git_commit_parentcount(commit.get()); ++i) {
      enter(*git_commit_parent_id(commit.get(), i));
    }
  }
  return found;
}

RevwalkHandle walk_between(const Objects& objects, const std::optional<git_oid>& base,
                           const git_oid& candidate) {
  auto walk = acquire<RevwalkHandle>(
      [&](git_revwalk** out) { return git_revwalk_new(out, objects.repository()); },
      [&](int code) { return objects.failed(code, "cannot be walked"); });
  // Without an end, sorting by topology as well would read all of history for the first commit.
  git_revwalk_sorting(walk.get(), base ? GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME : GIT_SORT_TIME);
  int code = git_revwalk_push(walk.get(), &candidate);
  if (code == 0 && base) code = git_revwalk_hide(walk.get(), &*base);
  if (code < 0) throw objects.unreadable(candidate, code);
  return walk;
}

std::vector<git_oid> complete_between(const Objects& objects, const std::optional<git_oid>& base,
                                      const git_oid& candidate, std::size_t limit) {
  const RevwalkHandle walk = walk_between(objects, base, candidate);
  std::vector<git_oid> found;
  git_oid id;
  int code = 0;
  while (found.size() < limit && (code = git_revwalk_next(&id, walk.get())) == 0) {
    found.push_back(id);
  }
  if (code < 0 && code != GIT_ITEROVER) throw objects.unreadable(candidate, code);
  return found;
}

std::optional<git_oid> known_commit(const Objects& objects, std::string_view text) {
  const std::optional<git_oid> id = full_id(text);
  return id && objects.has_commit(*id) ? id : std::nullopt;
}

}  // namespace

Ancestry ancestry(Mirror& mirror, std::string_view base, const git_oid& candidate) {
  const Objects& objects = mirror.objects();
  const std::optional<git_oid> known = known_commit(objects, base);
  if (!known) return Ancestry::Unproven;
  if (SameId{}(*known, candidate)) return Ancestry::Same;
  if (mirror.shallow()) return shallow_ancestry(objects, *known, candidate);
  if (descends(objects, candidate, *known)) return Ancestry::Descendant;
  if (descends(objects, *known, candidate)) return Ancestry::Older;
  return Ancestry::Diverged;
}

std::vector<Revision> between(Mirror& mirror, std::string_view base, const git_oid& candidate,
                              std::size_t limit) {
  const Objects& objects = mirror.objects();
  const std::optional<git_oid> known = known_commit(objects, base);
  std::vector<git_oid> ids;
  if (mirror.shallow()) {
    const IdSet hidden = known ? past_of(objects, *known, true).commits : IdSet{};
    ids = newest_first(objects, {candidate}, hidden, limit);
  } else {
    ids = complete_between(objects, known, candidate, limit);
  }
  std::vector<Revision> revisions;
  revisions.reserve(ids.size());
  for (const git_oid& id : ids) revisions.push_back(revision_of(objects, id));
  return revisions;
}

std::vector<std::string> roots(Mirror& mirror, const git_oid& revision) {
  std::vector<std::string> names;
  for (const git_oid& id : past_of(mirror.objects(), revision, mirror.shallow()).roots) {
    names.push_back(text_of(id));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<git_oid> newest_commits(const Objects& objects, const References& references,
                                    std::size_t limit) {
  std::vector<git_oid> tips;
  for (const auto& [name, id] : references.tips) {
    const bool branch = name.starts_with("refs/heads/");
    if (branch && objects.header(id).type == GIT_OBJECT_COMMIT) tips.push_back(id);
  }
  return newest_first(objects, tips, {}, limit);
}

}  // namespace reconcile::git
