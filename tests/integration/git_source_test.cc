#include "controller/git/git_source.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/git_repo.h"

namespace reconcile::git {
namespace {

namespace fs = std::filesystem;
using test::GitRepo;
using test::run_git;
using test::TempFolder;

const std::vector<std::string> kFolders = {"migrations", "snapshots"};

std::vector<std::string> paths_in(const FileTree& tree) {
  std::vector<std::string> paths;
  for (const File& file : tree.files) paths.push_back(file.path);
  return paths;
}

std::vector<fs::path> files_below(const fs::path& folder, const std::string& extension = "") {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    if (extension.empty() || entry.path().extension() == extension) files.push_back(entry.path());
  }
  return files;
}

void overwrite(const fs::path& file, const std::string& text) {
  fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

// Stands where an error was expected.
Error success(std::string what) {
  Error none;
  none.what = std::move(what);
  return none;
}

class GitSource : public testing::Test {
 protected:
  std::unique_ptr<Source> open(const std::string& repository, Limits limits = {}) {
    auto opened = open_source({repository, state_.path(), limits});
    if (!opened) throw std::runtime_error(describe(opened.error()));
    return std::move(*opened);
  }
  std::unique_ptr<Source> open() { return open(repo_.path().string()); }

  static Revision fetched(Source& source, const std::string& branch = "",
                          const std::string& revision = "") {
    auto found = source.fetch(branch, revision);
    if (!found) throw std::runtime_error(describe(found.error()));
    return *found;
  }

  static Error fetch_error(Source& source, const std::string& branch = "",
                           const std::string& revision = "") {
    const auto found = source.fetch(branch, revision);
    return found ? success("fetched " + found->commit) : found.error();
  }

  FileTree read(const std::string& repository) {
    const auto source = open(repository);
    return source->read(fetched(*source), kFolders).value();
  }

  Error read_error(Limits limits = {}) {
    const auto source = open(repo_.path().string(), limits);
    const auto tree = source->read(fetched(*source), kFolders);
    return tree ? success("read") : tree.error();
  }

  Ancestry ancestry(Source& source, const std::string& base, const std::string& candidate) {
    return source.ancestry(base, Revision{.commit = candidate, .author = {}, .message = {}})
        .value();
  }

  fs::path only_mirror() const {
    std::vector<fs::path> mirrors;
    for (const auto& entry : fs::directory_iterator(state_.path() / "mirrors")) {
      if (entry.is_directory()) mirrors.push_back(entry.path());
    }
    EXPECT_EQ(mirrors.size(), 1U);
    return mirrors.at(0);
  }

  fs::path loose_object(const std::string& id) const {
    return repo_.path() / ".git" / "objects" / id.substr(0, 2) / id.substr(2);
  }

  std::string clone_bare(const std::string& name) {
    const fs::path bare = other_.path() / name;
    run_git(other_.path(), {"clone", "--quiet", "--bare", repo_.path().string(), bare.string()});
    return bare.string();
  }

  GitRepo repo_;
  TempFolder state_;
  TempFolder other_;
};

// ---- where a repository may be

TEST_F(GitSource, ReadsTheCommitOfTheHeadBranch) {
  const std::string id = repo_.write("migrations/pre/001.sql", "select 1;\n")
                             .write("README.md", "not asked for")
                             .commit("snapshots/schema.yaml", "version: 1\n", "First\n\nBody");
  const auto source = open();
  const Revision revision = fetched(*source);
  EXPECT_EQ(revision.commit, id);
  EXPECT_EQ(revision.author, "Ada Example");
  EXPECT_EQ(revision.time, 1'700'000'060);
  EXPECT_EQ(revision.subject(), "First");
  const FileTree tree = source->read(revision, kFolders).value();
  EXPECT_EQ(paths_in(tree),
            (std::vector<std::string>{"migrations/pre/001.sql", "snapshots/schema.yaml"}));
  EXPECT_EQ(tree.files[0].text, "select 1;\n");
  EXPECT_EQ(tree.files[0].blob, repo_.id_of("HEAD:migrations/pre/001.sql"));
}

// An older tool wrote "Grüße" in the encoding of its time, and another one lied: no database would
// take either as it is, so nothing of such a commit could be applied or even written down.
TEST_F(GitSource, TakesCommitMessagesOfAnyEncoding) {
  repo_.write("migrations/pre/1.sql", "select 1;\n").run({"add", "--all"});
  repo_.run({"-c", "i18n.commitEncoding=ISO-8859-1", "commit", "--message",
             "Gr\xFC\xDF"
             "e"});
  EXPECT_EQ(fetched(*open()).message,
            "Gr\xC3\xBC\xC3\x9F"
            "e\n");
  repo_.run({"-c", "i18n.commitEncoding=no-such", "commit", "--allow-empty", "--message",
             "Gr\xFC\xDF"
             "e"});
  EXPECT_EQ(fetched(*open()).message,
            "Gr\xEF\xBF\xBD\xEF\xBF\xBD"
            "e\n");
}

TEST_F(GitSource, FindsTheRepositoryAroundAFolder) {
  repo_.commit("migrations/pre/001.sql", "1", "one");
  EXPECT_EQ(read((repo_.path() / "migrations" / "pre").string()).files.size(), 1U);
  EXPECT_EQ(read((repo_.path() / ".git").string()).files.size(), 1U);
}

TEST_F(GitSource, ReadsBareRepositoriesAndFileUrls) {
  repo_.commit("migrations/1.sql", "1", "one");
  const std::string bare = clone_bare("b.git");
  EXPECT_EQ(read(bare).files.size(), 1U);
  EXPECT_EQ(read("file://" + bare).files.size(), 1U);
  EXPECT_EQ(read("file://localhost" + repo_.path().string()).files.size(), 1U);
}

TEST_F(GitSource, FileUrlNamesExactlyOneRepository) {
  repo_.commit("migrations/1.sql", "1", "one");
  const auto opened =
      open_source({"file://" + (repo_.path() / "migrations").string(), state_.path()});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().what, "is not a git repository");
}

TEST_F(GitSource, ReadsALinkedWorktreeWithItsOwnHead) {
  repo_.commit("migrations/1.sql", "1", "one");
  const std::string tree = (other_.path() / "tree").string();
  repo_.run({"worktree", "add", "--quiet", "-b", "side", tree});
  std::ofstream(fs::path(tree) / "migrations/2.sql") << "2";
  run_git(tree, {"add", "."});
  run_git(tree, {"commit", "--quiet", "-m", "two"});
  EXPECT_EQ(read(tree).files.size(), 2U);
  EXPECT_EQ(read(tree + "/migrations").files.size(), 2U);
  EXPECT_EQ(read(repo_.path().string()).files.size(), 1U);
}

TEST_F(GitSource, ReadsASubmodulesGitFile) {
  repo_.commit("migrations/1.sql", "1", "one");
  GitRepo outer;
  outer.run({"submodule", "--quiet", "add", repo_.path().string(), "inner"});
  EXPECT_EQ(read((outer.path() / "inner").string()).files.size(), 1U);
}

TEST_F(GitSource, TakesPathsWithSpacesUnicodeAndSigns) {
  GitRepo named(other_.path() / "a b:ü %41#?.d");
  named.commit("migrations/naïve – 1 %20.sql", "1", "one");
  EXPECT_EQ(paths_in(read(named.path().string())),
            (std::vector<std::string>{"migrations/naïve – 1 %20.sql"}));
  const std::string url = "file://" + other_.path().string() + "/a%20b:%C3%BC%20%2541%23%3f.d";
  EXPECT_EQ(read(url).files.size(), 1U);
}

TEST_F(GitSource, ReadsASparseCheckout) {
  repo_.write("docs/a", "a").commit("migrations/1.sql", "1", "one");
  repo_.run({"sparse-checkout", "set", "docs"});
  ASSERT_FALSE(fs::exists(repo_.path() / "migrations"));
  EXPECT_EQ(read(repo_.path().string()).files.size(), 1U);
}

TEST_F(GitSource, ReadsARepositoryOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to give a repository away";
  repo_.commit("migrations/1.sql", "1", "one");
  fs::path top = repo_.path();
  ASSERT_EQ(::chown(top.c_str(), 65534, 65534), 0);
  ASSERT_EQ(::chown((top / ".git").c_str(), 65534, 65534), 0);
  EXPECT_EQ(read(top.string()).files.size(), 1U);
}

TEST_F(GitSource, SaysWhatIsNotARepository) {
  for (const auto& [where, what] : std::vector<std::pair<std::string, std::string>>{
           {"/nonexistent/x", "does not exist"},
           {other_.path().string(),
            "is not in a git repository: neither it nor a folder above it is one"},
           {"ftp://ada:secret@example.org/x.git", "is not the address of a repository"},
           {"https://ada:secret@/x.git", "is not the address of a repository"},
           {"https://ada:secret@example.org/", "is not the address of a repository"},
           {"https://ada:secret@example.org:0/x.git", "is not the address of a repository"},
           {"https://ada:secret@exa mple.org/x.git", "is not the address of a repository"},
           {"ssh://-oProxyCommand=touch%20x/y.git", "is not the address of a repository"},
           {"ssh://-ada@example.org/y.git", "is not the address of a repository"},
           {"-oProxyCommand=touch:y.git", "is not the address of a repository"},
           {"git@example.org:", "is not the address of a repository"}}) {
    const auto opened = open_source({where, state_.path()});
    ASSERT_FALSE(opened) << where;
    EXPECT_EQ(opened.error().kind, ErrorKind::Terminal);
    EXPECT_EQ(opened.error().what, what);
    EXPECT_EQ(opened.error().where.find("secret"), std::string::npos);
    EXPECT_FALSE(opened.error().next.empty());
  }
}

TEST_F(GitSource, SaysThatTheStateFolderCannotBeWritten) {
  repo_.commit("migrations/1.sql", "1", "one");
  std::ofstream(other_.path() / "file") << "in the way";
  auto opened = open_source({repo_.path().string(), other_.path() / "file"});
  const Error error = fetch_error(**opened);
  EXPECT_EQ(error.kind, ErrorKind::Terminal);
  EXPECT_EQ(error.what, "cannot be written");
}

// ---- the working tree

TEST_F(GitSource, IgnoresAndNamesWhatIsNotCommitted) {
  repo_.write("snapshots/schema.yaml", "committed").write("migrations/3.sql", "3");
  repo_.write(".gitignore", "*.swp\n").commit("migrations/1.sql", "1", "one");
  repo_.write("migrations/1.sql", "changed").write("migrations/new/2.sql", "2");
  repo_.write("migrations/staged.sql", "s")
      .write("elsewhere.txt", "x")
      .write("migrations/a.swp", "");
  repo_.run({"add", "migrations/staged.sql"});
  repo_.remove("migrations/3.sql");
  const auto source = open((repo_.path() / "migrations").string());
  EXPECT_EQ(source->uncommitted(kFolders),
            (std::vector<std::string>{"migrations/1.sql", "migrations/3.sql",
                                      "migrations/new/2.sql", "migrations/staged.sql"}));
  const FileTree tree = source->read(fetched(*source), kFolders).value();
  EXPECT_EQ(paths_in(tree), (std::vector<std::string>{"migrations/1.sql", "migrations/3.sql",
                                                      "snapshots/schema.yaml"}));
  EXPECT_EQ(tree.find("migrations/1.sql")->text, "1");
}

TEST_F(GitSource, NamesWhatIsNotCommittedWhereverTheGitFolderIs) {
  repo_.commit("migrations/1.sql", "1", "one");
  const fs::path tree = other_.path() / "tree";
  const fs::path apart = other_.path() / "apart";
  run_git(other_.path(), {"clone", "--quiet", "--separate-git-dir", apart.string(),
                          repo_.path().string(), tree.string()});
  const fs::path linked = other_.path() / "linked";
  repo_.run({"worktree", "add", "--quiet", "-b", "side", linked.string()});
  for (const fs::path& folder : {tree, linked}) {
    const auto source = open((folder / "migrations").string());
    EXPECT_EQ(fetched(*source).commit, repo_.id_of("main"));
    EXPECT_TRUE(source->uncommitted(kFolders).empty()) << folder;
    std::ofstream(folder / "migrations" / "2.sql") << "2";
    EXPECT_EQ(source->uncommitted(kFolders), (std::vector<std::string>{"migrations/2.sql"}));
  }
}

TEST_F(GitSource, NothingIsUncommittedInABareOrVanishedRepository) {
  repo_.commit("migrations/1.sql", "1", "one");
  EXPECT_TRUE(open(clone_bare("b.git"))->uncommitted(kFolders).empty());
  const auto source = open();
  EXPECT_TRUE(source->uncommitted(kFolders).empty());
  fs::remove_all(repo_.path());
  EXPECT_TRUE(source->uncommitted(kFolders).empty());
}

TEST_F(GitSource, RunsNothingThatTheRepositoryConfigures) {
  repo_.commit("migrations/1.sql", "1", "one");
  const std::string proof = (other_.path() / "proof").string();
  repo_.run({"config", "core.fsmonitor", "touch " + proof});
  repo_.run({"config", "filter.evil.clean", "touch " + proof + "; cat"});
  repo_.run({"config", "filter.evil.smudge", "touch " + proof + "; cat"});
  repo_.run({"config", "uploadpack.packObjectsHook", "touch " + proof});
  repo_.write(".gitattributes", "* filter=evil\n").write("migrations/1.sql", "changed, longer");
  const auto source = open();
  EXPECT_EQ(source->read(fetched(*source), kFolders).value().files.size(), 1U);
  EXPECT_FALSE(source->uncommitted(kFolders).empty());
  EXPECT_FALSE(fs::exists(proof));
}

// ---- which revision

TEST_F(GitSource, FindsBranchesTagsAndAbbreviatedIds) {
  const std::string one = repo_.commit("migrations/1.sql", "1", "one");
  repo_.run({"tag", "--annotate", "v1", "--message", "first"});
  repo_.run({"tag", "--annotate", "v1-again", "--message", "a tag of a tag", "v1"});
  repo_.branch("team/side");
  const std::string two = repo_.commit("migrations/2.sql", "2", "two");
  repo_.checkout("main");
  const auto source = open();
  EXPECT_EQ(fetched(*source).commit, one);
  EXPECT_EQ(fetched(*source, "team/side").commit, two);
  EXPECT_EQ(fetched(*source, "refs/heads/team/side").commit, two);
  EXPECT_EQ(fetched(*source, "main", "team/side").commit, two);
  for (const std::string& name : {std::string("v1"), std::string("v1-again"), one.substr(0, 8),
                                  std::string("HEAD"), std::string("team/side~1"), one}) {
    EXPECT_EQ(fetched(*source, "", name).commit, one) << name;
  }
}

TEST_F(GitSource, TakesTheCommitOfADetachedHead) {
  const std::string one = repo_.commit("migrations/1.sql", "1", "one");
  repo_.checkout(one);
  const std::string two = repo_.commit("migrations/2.sql", "2", "on no branch");
  const auto source = open();
  EXPECT_EQ(fetched(*source).commit, two);
  EXPECT_EQ(fetched(*source, "main").commit, one);
  repo_.checkout("main");
  EXPECT_EQ(fetched(*source).commit, one);
}

TEST_F(GitSource, SaysThatTheRepositoryIsEmpty) {
  const auto source = open();
  for (const auto& [branch, revision] : std::vector<std::pair<std::string, std::string>>{
           {"", ""}, {"main", ""}, {"", "HEAD"}, {"", "v1"}}) {
    const Error error = fetch_error(*source, branch, revision);
    EXPECT_EQ(error.kind, ErrorKind::Terminal);
    EXPECT_EQ(error.what, "has no commit");
    EXPECT_EQ(error.why, "the repository is empty");
  }
}

TEST_F(GitSource, MissingBranchListsTheBranches) {
  repo_.commit("migrations/1.sql", "1", "one");
  repo_.branch("dev").branch("team/side");
  const Error error = fetch_error(*open(), "prod");
  EXPECT_EQ(error.kind, ErrorKind::Terminal);
  EXPECT_EQ(error.where, repo_.path().string());
  EXPECT_EQ(error.what, "has no branch prod");
  EXPECT_EQ(error.why, "its branches are: dev, main, team/side");
  repo_.run({"symbolic-ref", "HEAD", "refs/heads/gone"});
  EXPECT_EQ(fetch_error(*open()).what, "has no branch gone");
}

TEST_F(GitSource, SaysThatARevisionIsMissing) {
  repo_.commit("migrations/1.sql", "1", "one");
  const auto source = open();
  for (const std::string& name : {std::string("v9"), std::string(40, '1'), std::string("main~7")}) {
    const Error error = fetch_error(*source, "", name);
    EXPECT_EQ(error.kind, ErrorKind::Terminal) << name;
    EXPECT_EQ(error.what, "has no revision " + name);
  }
  EXPECT_EQ(fetch_error(*source, "", "..").kind, ErrorKind::Terminal);
  EXPECT_EQ(fetch_error(*source, "", "HEAD:migrations").what, "HEAD:migrations is not a commit");
}

TEST_F(GitSource, SaysThatAnAbbreviatedIdIsAmbiguous) {
  // Enough commits that two share their first four digits, made by one process.
  const fs::path script = other_.path() / "import";
  {
    std::ofstream out(script);
    for (int i = 1; i <= 1500; ++i) {
      out << "commit refs/heads/main\ncommitter A <a@b> " << 1'700'000'000 + i
          << " +0000\ndata 1\nx\n\n";
    }
  }
  run_git(repo_.path(), {"-c", "alias.feed=!git fast-import --quiet <" + script.string(), "feed"});
  std::vector<std::string> ids;
  std::istringstream lines(repo_.run({"rev-list", "main"}));
  for (std::string id; std::getline(lines, id);) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  const auto same = std::adjacent_find(ids.begin(), ids.end(), [](const auto& a, const auto& b) {
    return a.substr(0, 4) == b.substr(0, 4);
  });
  ASSERT_NE(same, ids.end());
  const Error error = fetch_error(*open(), "", same->substr(0, 4));
  EXPECT_EQ(error.what, "has several objects that begin with " + same->substr(0, 4));
  EXPECT_EQ(error.kind, ErrorKind::Terminal);
}

TEST_F(GitSource, FollowsNewCommitsAndPrunesBranches) {
  repo_.commit("migrations/1.sql", "1", "one");
  repo_.run({"branch", "a"});
  repo_.run({"tag", "t"});
  const auto source = open();
  fetched(*source, "a");
  repo_.run({"branch", "--delete", "a"});
  repo_.run({"tag", "--delete", "t"});
  repo_.run({"branch", "a/b"});
  const std::string two = repo_.commit("migrations/2.sql", "2", "two");
  EXPECT_EQ(fetched(*source).commit, two);
  EXPECT_EQ(fetch_error(*source, "a").why, "its branches are: a/b, main");
  EXPECT_EQ(fetch_error(*source, "", "t").what, "has no revision t");
  EXPECT_EQ(run_git(only_mirror(), {"for-each-ref", "--format=%(refname)"}),
            "refs/heads/a/b\nrefs/heads/main");
}

TEST_F(GitSource, AFetchWithNothingNewWritesNothing) {
  repo_.commit("migrations/1.sql", "1", "one");
  repo_.run({"tag", "--annotate", "v1", "--message", "first"});
  repo_.commit("migrations/2.sql", "2", "two");
  const auto source = open();
  fetched(*source);
  EXPECT_EQ(run_git(only_mirror(), {"fsck", "--full", "--strict"}).find("error"),
            std::string::npos);
  const auto before = files_below(only_mirror()).size();
  fetched(*source);
  repo_.run({"branch", "same-commits"});
  fetched(*source);
  EXPECT_EQ(files_below(only_mirror()).size(), before + 1);  // the branch
  // A commit copies its own four objects and nothing else.
  repo_.commit("migrations/3.sql", "3", "three");
  fetched(*source);
  EXPECT_EQ(files_below(only_mirror(), ".pack").size(), 2U);
  EXPECT_NE(run_git(only_mirror(), {"count-objects", "-v"}).find("in-pack: 13"), std::string::npos)
      << run_git(only_mirror(), {"count-objects", "-v"});
}

// A day of passes with a fault in each hour found it: each fetch that brought something left a pack
// behind, which a controller that runs for months would have held open.
TEST_F(GitSource, TheMirrorOfManyFetchesStaysTidy) {
  const std::string first = repo_.commit("migrations/1.sql", "1", "one");
  const auto source = open();
  auto other =
      open_source({.repository = repo_.path().string(), .state = state_.path(), .offline = true});
  ASSERT_TRUE(other);
  fetched(*source);
  const std::string lost = repo_.commit("migrations/1.sql", "lost", "Pushed away by force");
  fetched(*source);
  repo_.reset(first);
  std::string newest;
  for (int i = 0; i < 60; ++i) {
    newest = repo_.commit("migrations/2.sql", std::to_string(i), "more");
    EXPECT_EQ(fetched(*source).commit, newest);
    EXPECT_EQ(fetched(**other).commit, newest);
    EXPECT_EQ((*other)->read(fetched(**other), kFolders).value().files.at(1).text,
              std::to_string(i));
  }
  EXPECT_LE(files_below(only_mirror(), ".pack").size(), 21U);
  EXPECT_EQ(run_git(only_mirror(), {"fsck", "--full", "--strict"}).find("error"),
            std::string::npos);
  for (Source* each : {source.get(), other->get()}) {
    EXPECT_TRUE(each->find(lost).value()) << "nothing leads to it in the repository any more";
    EXPECT_TRUE(each->find(first).value());
  }
}

TEST_F(GitSource, TheMirrorHasNoWorkingTree) {
  repo_.commit("migrations/1.sql", "1", "one");
  fetched(*open());
  EXPECT_EQ(run_git(only_mirror(), {"rev-parse", "--is-bare-repository"}), "true");
  EXPECT_TRUE(files_below(only_mirror(), ".sql").empty());
}

// ---- history

TEST_F(GitSource, KnowsOlderDescendantAndDiverged) {
  const std::string one = repo_.commit("migrations/1.sql", "1", "one");
  const std::string two = repo_.commit("migrations/2.sql", "2", "two");
  repo_.branch("side").reset(one);
  const std::string side = repo_.commit("migrations/3.sql", "3", "side");
  repo_.run({"checkout", "--quiet", "--orphan", "unrelated"});
  const std::string other = repo_.commit("unrelated");
  const auto source = open();
  fetched(*source, "main");
  EXPECT_EQ(ancestry(*source, one, one), Ancestry::Same);
  EXPECT_EQ(ancestry(*source, one, two), Ancestry::Descendant);
  EXPECT_EQ(ancestry(*source, two, one), Ancestry::Older);
  EXPECT_EQ(ancestry(*source, two, side), Ancestry::Diverged);
  EXPECT_EQ(ancestry(*source, two, other), Ancestry::Diverged);
  EXPECT_EQ(ancestry(*source, std::string(40, '1'), two), Ancestry::Unproven);
  EXPECT_EQ(ancestry(*source, "not an id", two), Ancestry::Unproven);
  EXPECT_EQ(ancestry(*source, repo_.id_of("main^{tree}"), two), Ancestry::Unproven);
}

TEST_F(GitSource, AForcePushIsDivergedWhileTheMirrorRemembersAndUnprovenAfterwards) {
  const std::string one = repo_.commit("migrations/1.sql", "1", "one");
  const std::string two = repo_.commit("migrations/2.sql", "2", "two");
  const auto source = open();
  fetched(*source);
  repo_.reset(one);
  const std::string rewritten = repo_.commit("migrations/2.sql", "other", "rewritten");
  repo_.run({"reflog", "expire", "--expire=now", "--all"});
  repo_.run({"gc", "--quiet", "--prune=now"});
  EXPECT_EQ(fetched(*source).commit, rewritten);
  EXPECT_EQ(ancestry(*source, two, rewritten), Ancestry::Diverged);
  EXPECT_EQ(source->find(two).value()->subject(), "two");
  fs::remove_all(state_.path() / "mirrors");
  const auto fresh = open();
  fetched(*fresh);
  EXPECT_EQ(ancestry(*fresh, two, rewritten), Ancestry::Unproven);
  EXPECT_FALSE(fresh->find(two).value());
}

TEST_F(GitSource, AShallowCloneProvesWhatItHoldsAndNothingElse) {
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    ids.push_back(repo_.commit("migrations/" + std::to_string(i) + ".sql", "x", "commit"));
  }
  repo_.checkout(ids[1]).branch("old-side");
  const std::string side = repo_.commit("side");
  repo_.checkout("main");
  const std::string clone = (other_.path() / "clone").string();
  run_git(other_.path(), {"clone", "--quiet", "--depth", "2", "--no-single-branch",
                          "file://" + repo_.path().string(), clone});
  run_git(clone, {"branch", "old-side", "origin/old-side"});
  const auto source = open(clone);
  EXPECT_EQ(fetched(*source).commit, ids[3]);
  EXPECT_EQ(ancestry(*source, ids[2], ids[3]), Ancestry::Descendant);
  EXPECT_EQ(ancestry(*source, ids[3], ids[2]), Ancestry::Older);
  EXPECT_EQ(ancestry(*source, ids[0], ids[3]), Ancestry::Unproven);
  EXPECT_EQ(ancestry(*source, side, ids[3]), Ancestry::Unproven);
  const Revision newest = fetched(*source);
  EXPECT_EQ(source->read(newest, kFolders).value().files.size(), 4U);
  EXPECT_EQ(source->roots(newest).value(), std::vector<std::string>{});
  EXPECT_EQ(source->between(ids[2], newest, 9).value().size(), 1U);
  run_git(clone, {"fetch", "--quiet", "--unshallow"});
  EXPECT_EQ(fetched(*source).commit, ids[3]);
  EXPECT_EQ(ancestry(*source, ids[0], ids[3]), Ancestry::Descendant);
  EXPECT_EQ(ancestry(*source, side, ids[3]), Ancestry::Diverged);
  EXPECT_EQ(source->roots(newest).value(), std::vector<std::string>{ids[0]});
}

TEST_F(GitSource, ListsCommitsBetweenAndRoots) {
  const std::string one = repo_.commit("one");
  repo_.branch("side");
  const std::string side = repo_.commit("side.txt", "x", "side");
  repo_.checkout("main");
  const std::string two = repo_.commit("two");
  repo_.run({"checkout", "--quiet", "--orphan", "second-root"});
  const std::string other = repo_.commit("other.txt", "x", "other root");
  repo_.checkout("main");
  repo_.run({"merge", "--quiet", "--no-edit", "side"});
  repo_.run({"merge", "--quiet", "--no-edit", "--allow-unrelated-histories", "second-root"});
  const auto source = open();
  const Revision newest = fetched(*source);
  std::vector<std::string> commits;
  const auto listed = source->between(two, newest, 100).value();
  for (const Revision& revision : listed) commits.push_back(revision.commit);
  EXPECT_EQ(commits.size(), 4U);
  EXPECT_EQ(commits.front(), newest.commit);
  EXPECT_TRUE(std::find(commits.begin(), commits.end(), side) != commits.end());
  EXPECT_TRUE(std::find(commits.begin(), commits.end(), one) == commits.end());
  EXPECT_EQ(source->between("", newest, 100).value().size(), 6U);
  EXPECT_EQ(source->between("", newest, 2).value().size(), 2U);
  EXPECT_TRUE(source->between(newest.commit, newest, 2).value().empty());
  std::vector<std::string> both = {one, other};
  std::sort(both.begin(), both.end());
  EXPECT_EQ(source->roots(newest).value(), both);
}

TEST_F(GitSource, FindsBlobsAndCommitsByFullId) {
  const std::string one = repo_.commit("migrations/1.sql", std::string("a\0b", 3), "one");
  const auto source = open();
  fetched(*source);
  EXPECT_EQ(source->blob(repo_.id_of("HEAD:migrations/1.sql")).value(), std::string("a\0b", 3));
  EXPECT_FALSE(source->blob(one).value());
  EXPECT_FALSE(source->blob(std::string(40, 'a')).value());
  EXPECT_FALSE(source->blob("x").value());
  EXPECT_EQ(source->find(one).value()->commit, one);
  EXPECT_FALSE(source->find(one.substr(0, 10)).value());
  EXPECT_FALSE(source->find(repo_.id_of("HEAD^{tree}")).value());
}

// ---- what a tree may hold

TEST_F(GitSource, ASubmoduleBelowTheFoldersIsAnError) {
  const std::string one = repo_.commit("migrations/1.sql", "1", "one");
  repo_.run({"update-index", "--add", "--cacheinfo", "160000," + one + ",vendor/lib"});
  repo_.run({"commit", "--quiet", "--message", "elsewhere"});
  EXPECT_EQ(read_error().what, "read");
  repo_.run({"update-index", "--add", "--cacheinfo", "160000," + one + ",migrations/lib"});
  repo_.run({"commit", "--quiet", "--message", "below"});
  const Error error = read_error();
  EXPECT_EQ(error.kind, ErrorKind::Terminal);
  EXPECT_EQ(error.what, "is a submodule");
  EXPECT_EQ(error.where, repo_.id_of("HEAD").substr(0, 10) + ":migrations/lib");
}

TEST_F(GitSource, FollowsLinksInsideTheTree) {
  repo_.write("shared/sql/base.sql", "base").write("shared/sql/more/x.sql", "x");
  repo_.link("shared/sql/again.sql", "./more/../base.sql");
  repo_.link("migrations/file.sql", "../shared/sql/base.sql");
  repo_.link("migrations/chain.sql", "file.sql");
  repo_.link("migrations/folder", "../shared/sql");
  repo_.link("snapshots", "shared//sql/more/");
  repo_.commit("links");
  const FileTree tree = read(repo_.path().string());
  EXPECT_EQ(paths_in(tree),
            (std::vector<std::string>{"migrations/chain.sql", "migrations/file.sql",
                                      "migrations/folder/again.sql", "migrations/folder/base.sql",
                                      "migrations/folder/more/x.sql", "snapshots/x.sql"}));
  EXPECT_EQ(tree.find("migrations/chain.sql")->text, "base");
  EXPECT_EQ(tree.find("migrations/folder/again.sql")->text, "base");
}

TEST_F(GitSource, RefusesLinksThatLeaveDangleOrNeverEnd) {
  for (const auto& [target, what] : std::vector<std::pair<std::string, std::string>>{
           {"/etc/passwd", "leaves the repository"},
           {"../../etc/passwd", "leaves the repository"},
           {"../migrations/../../repo/migrations/1.sql", "leaves the repository"},
           {"gone.sql", "is a symbolic link to nothing"},
           {"1.sql/below", "is a symbolic link to nothing"},
           {"bad.sql", "is a symbolic link that leads nowhere"},
           {".", "is a symbolic link to a folder above it"},
           {"..", "is a symbolic link to a folder above it"}}) {
    repo_.write("migrations/1.sql", "1").link("migrations/bad.sql", target).commit(target);
    const Error error = read_error();
    EXPECT_EQ(error.what, what) << target;
    EXPECT_EQ(error.kind, ErrorKind::Terminal);
    EXPECT_NE(error.where.find(":migrations/bad.sql"), std::string::npos) << error.where;
  }
}

TEST_F(GitSource, LinksThatMultiplyEndAtTheLimit) {
  repo_.write("d0/empty", "");
  for (int i = 1; i <= 12; ++i) {
    for (int j = 0; j < 5; ++j) {
      repo_.link("d" + std::to_string(i) + "/" + std::to_string(j), "../d" + std::to_string(i - 1));
    }
  }
  repo_.link("migrations", "d12").commit("a billion laughs");
  EXPECT_EQ(read_error({.max_files = 2000}).what, "is one entry more than the limit of 2000");
}

TEST_F(GitSource, KeepsToTheLimits) {
  repo_.write("migrations/a.sql", std::string(600, 'a')).write("dump.sql", std::string(9000, 'd'));
  repo_.commit("migrations/b.sql", std::string(1001, 'b'), "b");
  const Error file = read_error({.max_file_bytes = 1000});
  EXPECT_EQ(file.what, "has 1001 bytes");
  EXPECT_EQ(file.why, "the limit for one file is 1000");
  EXPECT_NE(file.where.find("migrations/b.sql"), std::string::npos);
  EXPECT_EQ(read_error({.max_total_bytes = 1600}).what, "brings the files to 1601 bytes");
  EXPECT_EQ(read_error({.max_files = 2}).what, "is one entry more than the limit of 2");
  EXPECT_EQ(read_error({.max_file_bytes = 1001, .max_total_bytes = 1601, .max_files = 3}).what,
            "read");
  const auto source = open(repo_.path().string(), {.max_file_bytes = 1000});
  fetched(*source);
  EXPECT_FALSE(source->blob(repo_.id_of("HEAD:dump.sql")));
}

TEST_F(GitSource, FoldersMayBeMissingOverlapOrBeFiles) {
  repo_.write("a/b/1.sql", "1").commit("c.sql", "c", "one");
  const auto source = open();
  const Revision revision = fetched(*source);
  EXPECT_EQ(
      paths_in(source->read(revision, {"c.sql", "a/", "./a/b", "gone", "a/b/1.sql/x"}).value()),
      (std::vector<std::string>{"a/b/1.sql", "c.sql"}));
  EXPECT_EQ(source->read(revision, {"."}).value().files.size(), 2U);
  EXPECT_TRUE(source->read(revision, {}).value().files.empty());
  EXPECT_FALSE(source->read(revision, {"../x"}));
}

// ---- what breaks

TEST_F(GitSource, ACorruptOrMissingObjectOfTheSourceIsNamed) {
  for (const char* spec : {"HEAD:migrations/1.sql", "HEAD:migrations", "HEAD^{tree}", "HEAD"}) {
    for (const bool missing : {false, true}) {
      fs::remove_all(state_.path() / "mirrors");
      GitRepo broken;
      broken.commit("migrations/1.sql", "1", "one");
      const std::string id = broken.id_of(spec);
      const fs::path file = broken.path() / ".git" / "objects" / id.substr(0, 2) / id.substr(2);
      if (missing) {
        fs::remove(file);
      } else {
        overwrite(file, "garbage");
      }
      const Error error = fetch_error(*open(broken.path().string()));
      EXPECT_EQ(error.kind, ErrorKind::Terminal) << spec;
      EXPECT_EQ(error.what, "object " + id + " is missing or corrupt") << spec << missing;
      EXPECT_EQ(error.where, broken.path().string());
      EXPECT_NE(error.next.find("git fsck"), std::string::npos);
    }
  }
}

TEST_F(GitSource, AnObjectWithOtherContentThanItsIdIsCorrupt) {
  repo_.write("migrations/2.sql", "drop table users").commit("migrations/1.sql", "1", "one");
  const std::string honest = repo_.id_of("HEAD:migrations/1.sql");
  const fs::path file = loose_object(honest);
  fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
  fs::copy_file(loose_object(repo_.id_of("HEAD:migrations/2.sql")), file,
                fs::copy_options::overwrite_existing);
  const Error error = fetch_error(*open());
  EXPECT_EQ(error.what, "object " + honest + " is missing or corrupt");
}

TEST_F(GitSource, KeepsTheMirrorWhenTheSourceBreaks) {
  const std::string one = repo_.commit("migrations/1.sql", "1", "one");
  const auto source = open();
  const Revision revision = fetched(*source);
  repo_.commit("migrations/2.sql", "2", "two");
  fs::remove(loose_object(repo_.id_of("HEAD^{tree}")));
  EXPECT_EQ(fetch_error(*source).kind, ErrorKind::Terminal);
  EXPECT_EQ(source->read(revision, kFolders).value().files.size(), 1U);
  fs::remove_all(repo_.path());
  EXPECT_EQ(fetch_error(*source).what, "does not exist");
  EXPECT_EQ(source->read(revision, kFolders).value().files.size(), 1U);
}

// What a killed fetch, a full disk or a power cut may leave behind.
TEST_F(GitSource, MakesABrokenMirrorAnew) {
  const std::string one = repo_.commit("migrations/1.sql", "1", "one");
  const auto truncate = [](const fs::path& file, std::uintmax_t size) {
    fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
    fs::resize_file(file, size);
  };
  const std::vector<std::pair<std::string, std::function<void(const fs::path&)>>> damages = {
      {"empty ref", [&](const fs::path& at) { truncate(at / "refs/heads/main", 0); }},
      {"garbage ref", [&](const fs::path& at) { overwrite(at / "refs/heads/main", "garbage"); }},
      {"ref to nothing",
       [&](const fs::path& at) { overwrite(at / "refs/heads/main", std::string(40, '7')); }},
      {"stale lock",
       [&](const fs::path& at) {
         overwrite(at / "refs/heads/main", std::string(40, '7'));
         std::ofstream(at / "refs/heads/main.lock") << "";
       }},
      {"empty HEAD", [&](const fs::path& at) { truncate(at / "HEAD", 0); }},
      {"no HEAD", [&](const fs::path& at) { fs::remove(at / "HEAD"); }},
      {"garbage config", [&](const fs::path& at) { overwrite(at / "config", "[[["); }},
      {"short pack", [&](const fs::path& at) { truncate(files_below(at, ".pack").at(0), 40); }},
      {"empty pack", [&](const fs::path& at) { truncate(files_below(at, ".pack").at(0), 0); }},
      {"short index", [&](const fs::path& at) { truncate(files_below(at, ".idx").at(0), 100); }},
      {"no index", [&](const fs::path& at) { fs::remove(files_below(at, ".idx").at(0)); }},
      {"no pack", [&](const fs::path& at) { fs::remove(files_below(at, ".pack").at(0)); }},
      {"garbage in pack",
       [&](const fs::path& at) {
         const fs::path pack = files_below(at, ".pack").at(0);
         fs::permissions(pack, fs::perms::owner_write, fs::perm_options::add);
         std::fstream file(pack, std::ios::in | std::ios::out | std::ios::binary);
         file.seekp(13);
         file << std::string(fs::file_size(pack) - 33, '\x33');
       }},
      {"no objects", [&](const fs::path& at) { fs::remove_all(at / "objects"); }},
      {"a file",
       [&](const fs::path& at) {
         fs::remove_all(at);
         std::ofstream(at) << "x";
       }},
  };
  fetched(*open());
  for (const auto& [name, damage] : damages) {
    SCOPED_TRACE(name);
    damage(only_mirror());
    const auto fresh = open();
    auto revision = fresh->fetch("", "");
    ASSERT_TRUE(revision) << describe(revision.error());
    EXPECT_EQ(revision->commit, one);
    const auto tree = fresh->read(*revision, kFolders);
    ASSERT_TRUE(tree) << describe(tree.error());
    EXPECT_EQ(tree->files.at(0).text, "1");
  }
}

TEST_F(GitSource, ReadsWithoutAFetchAndAfterTheMirrorVanished) {
  const std::string one = repo_.commit("migrations/1.sql", "1", "one");
  const auto source = open();
  EXPECT_EQ(source->find(one).value()->commit, one);
  fs::remove_all(state_.path() / "mirrors");
  const std::string two = repo_.commit("migrations/2.sql", "2", "two");
  EXPECT_EQ(fetched(*source).commit, two);
  EXPECT_EQ(source->read(fetched(*source), kFolders).value().files.size(), 2U);
}

// ---- several at once

TEST_F(GitSource, TwoProcessesFetchIntoOneMirror) {
  for (int i = 0; i < 30; ++i) {
    repo_.commit("migrations/" + std::to_string(i) + ".sql", std::string(2000, 'x'), "commit");
  }
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      bool good = true;
      for (int round = 0; round < 15 && good; ++round) {
        auto opened = open_source({repo_.path().string(), state_.path()});
        auto revision = (*opened)->fetch("", "");
        good = revision && (*opened)->read(*revision, kFolders).has_value();
        if (i == 0 && round % 5 == 4) {  // one of them damages what all of them use
          std::ofstream(only_mirror() / "HEAD", std::ios::trunc) << "";
        }
      }
      ::_exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  for (int i = 30; i < 45; ++i) {
    repo_.commit("migrations/" + std::to_string(i) + ".sql", std::string(2000, 'y'), "commit");
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(read(repo_.path().string()).files.size(), 45U);
  EXPECT_EQ(run_git(only_mirror(), {"fsck", "--full"}).find("error"), std::string::npos);
}

TEST_F(GitSource, AKilledFetchLeavesAMirrorThatWorks) {
  for (int i = 0; i < 20; ++i) {
    repo_.commit("migrations/" + std::to_string(i) + ".sql", std::string(50'000, 'x'), "commit");
  }
  for (int delay = 0; delay < 12; ++delay) {
    fs::remove_all(state_.path() / "mirrors");
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto opened = open_source({repo_.path().string(), state_.path()});
      (void)(*opened)->fetch("", "");
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(delay * 1500));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    EXPECT_EQ(read(repo_.path().string()).files.size(), 20U);
  }
}

TEST_F(GitSource, ASecondSourceSeesWhatTheFirstFetched) {
  repo_.commit("migrations/1.sql", "1", "one");
  const auto first = open();
  const auto second = open();
  fetched(*first);
  fetched(*second);
  const std::string two = repo_.commit("migrations/2.sql", "2", "two");
  fetched(*first);
  EXPECT_EQ(second->find(two).value()->commit, two);
  EXPECT_EQ(fetched(*second).commit, two);
}

// ---- memory

TEST_F(GitSource, APassWithNothingNewStaysSmall) {
  for (const char* sanitizer : {"__asan_init", "__tsan_init"}) {
    if (::dlsym(RTLD_DEFAULT, sanitizer) != nullptr) GTEST_SKIP() << "a sanitizer keeps memory";
  }
  for (int i = 0; i < 400; ++i) {
    repo_.write("migrations/pre/" + std::to_string(1000 + i) + ".sql",
                std::string(2000, static_cast<char>('a' + i % 26)));
  }
  std::string noise(std::size_t{40} << 20, ' ');
  unsigned int seed = 1;
  for (char& c : noise) c = static_cast<char>((seed = seed * 1'664'525U + 1'013'904'223U) >> 24);
  repo_.write("assets/big.bin", noise).commit("files");
  noise = {};
  fetched(*open());
  const fs::path report = other_.path() / "rss";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  const auto resident = [] {
    std::ifstream statm("/proc/self/statm");
    long total = 0;
    long pages = 0;
    statm >> total >> pages;
    return pages * (::sysconf(_SC_PAGESIZE) / 1024);
  };
  if (child == 0) {
    const long before = resident();
    long most = before;
    for (int pass = 0; pass < 20; ++pass) {
      auto opened = open_source({repo_.path().string(), state_.path()});
      auto revision = (*opened)->fetch("", "");
      const auto tree = (*opened)->read(*revision, kFolders);
      most = std::max(most, resident());
    }
    std::ofstream(report) << most - before;
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  long grown = -1;
  std::ifstream(report) >> grown;
  RecordProperty("kilobytes", std::to_string(grown));
  EXPECT_GE(grown, 0);
  EXPECT_LT(grown, 12'000) << "kB more than before";
}

}  // namespace
}  // namespace reconcile::git
