#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "controller/git/git_source.h"
#include "tests/support/git_repo.h"
#include "tests/support/git_server.h"

namespace reconcile::git {
namespace {

namespace fs = std::filesystem;
using test::GitRepo;
using test::HttpsGitServer;
using test::run_git;
using test::SshGitServer;
using test::TempFolder;

const std::vector<std::string> kFolders = {"migrations", "snapshots"};

// Both transports have to do the same: what differs is how they are reached.
class Reached {
 public:
  virtual ~Reached() = default;
  virtual fs::path bare() const = 0;  // the repository that is served
  virtual std::string url() const = 0;
  virtual Access access() const = 0;
  virtual void stop() = 0;  // the server
};

class OverSsh final : public Reached {
 public:
  fs::path bare() const override { return folder_.path() / "it's a repo!.git"; }
  std::string url() const override {
    std::string url = server_.url(bare());
    for (std::size_t at = 0; (at = url.find(' ', at)) != std::string::npos;)
      url.replace(at, 1, "%20");
    return url;
  }
  Access access() const override {
    Access access;
    access.key = server_.key();
    access.known_hosts = server_.known_hosts();
    return access;
  }
  void stop() override { server_.stop(); }

 private:
  TempFolder folder_;
  SshGitServer server_;
};

class OverHttps final : public Reached {
 public:
  fs::path bare() const override { return server_.root() / "repo.git"; }
  std::string url() const override { return server_.url("/git/repo.git"); }
  Access access() const override {
    Access access;
    access.certificate_authorities = server_.authority();
    return access;
  }
  void stop() override { server_.stop(); }

 private:
  HttpsGitServer server_;
};

Error success(std::string what) {
  Error none;
  none.what = std::move(what);
  return none;
}

Error fetch_error(const Options& options, const std::string& revision = "") {
  auto source = open_source(options);
  if (!source) return source.error();
  const auto found = (*source)->fetch("", revision);
  return found ? success("fetched " + found->commit) : found.error();
}

Revision fetched(Source& source, const std::string& branch = "", const std::string& revision = "") {
  auto found = source.fetch(branch, revision);
  if (!found) throw std::runtime_error(describe(found.error()));
  return *found;
}

std::unique_ptr<Source> opened(const Options& options) {
  auto source = open_source(options);
  if (!source) throw std::runtime_error(describe(source.error()));
  return std::move(*source);
}

std::vector<std::string> names_below(const fs::path& folder) {
  std::vector<std::string> names;
  if (!fs::exists(folder)) return names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    names.push_back(fs::relative(entry.path(), folder).string());
  std::sort(names.begin(), names.end());
  return names;
}

class GitRemote : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const bool ssh = std::string(GetParam()) == "ssh";
    const std::string missing = ssh ? SshGitServer::missing() : HttpsGitServer::missing();
    if (!missing.empty()) GTEST_SKIP() << missing;
    if (ssh) {
      reached_ = std::make_unique<OverSsh>();
    } else {
      reached_ = std::make_unique<OverHttps>();
    }
    run_git(work_.path(),
            {"init", "--quiet", "--bare", "--initial-branch=main", reached_->bare().string()});
  }

  void push(const std::vector<std::string>& more = {"--all"}) {
    std::vector<std::string> command = {"push", "--quiet", "--force", reached_->bare().string()};
    command.insert(command.end(), more.begin(), more.end());
    work_.run(command);
  }

  Options options() const {
    Options options{.repository = reached_->url(), .state = state_.path()};
    options.access = reached_->access();
    return options;
  }

  GitRepo work_;
  TempFolder state_;
  std::unique_ptr<Reached> reached_;
};

INSTANTIATE_TEST_SUITE_P(Transports, GitRemote, testing::Values("ssh", "https"));

TEST_P(GitRemote, ReadsWhatWasPushed) {
  const std::string first = work_.commit("migrations/pre/001.sql", "select 1;\n", "First");
  push();
  const auto source = opened(options());
  const Revision revision = fetched(*source);
  EXPECT_EQ(revision.commit, first);
  EXPECT_EQ(revision.author, "Ada Example");
  const FileTree tree = source->read(revision, kFolders).value();
  ASSERT_EQ(tree.files.size(), 1U);
  EXPECT_EQ(tree.files[0].text, "select 1;\n");
  EXPECT_TRUE(source->uncommitted(kFolders).empty());
}

TEST_P(GitRemote, FollowsNewCommitsTagsAndBranchesThatGo) {
  const std::string first = work_.commit("a", "1", "First");
  work_.branch("side").commit("b", "1", "Side");
  work_.checkout("main");
  push();
  const auto source = opened(options());
  EXPECT_EQ(fetched(*source).commit, first);
  for (int i = 0; i < 300; ++i) work_.commit("a", std::to_string(i), "More");
  work_.run({"tag", "--annotate", "--message", "Release", "v1"});
  const std::string newest = work_.id_of("HEAD");
  push({"--all"});
  push({"--tags"});
  push({":side"});
  EXPECT_EQ(fetched(*source).commit, newest);
  EXPECT_EQ(fetched(*source, "", "v1").commit, newest);
  EXPECT_EQ(source->ancestry(first, fetched(*source)).value(), Ancestry::Descendant);
  EXPECT_FALSE(source->fetch("side", ""));
  EXPECT_EQ(source->between(first, fetched(*source), 1000).value().size(), 300U);
}

TEST_P(GitRemote, ALargeRepositoryComesWhole) {
  std::string noise;
  unsigned int state = 1;
  for (int i = 0; i < 3'000'000; ++i) {
    state = state * 1664525U + 1013904223U;
    noise += static_cast<char>(state >> 24);
  }
  for (int i = 0; i < 200; ++i)
    work_.write("migrations/pre/" + std::to_string(1000 + i) + ".sql",
                "select " + std::to_string(i));
  const std::string id = work_.write("snapshots/noise", noise).commit("Large");
  push();
  const auto source = opened(options());
  const FileTree tree = source->read(fetched(*source), kFolders).value();
  ASSERT_EQ(tree.files.size(), 201U);
  EXPECT_EQ(tree.files.back().text, noise);
}

TEST_P(GitRemote, AForcePushIsDivergedAndTheMirrorRemembers) {
  const std::string first = work_.commit("a", "1", "First");
  const std::string gone = work_.commit("a", "2", "Gone");
  push();
  const auto source = opened(options());
  EXPECT_EQ(fetched(*source).commit, gone);
  work_.reset(first);
  const std::string other = work_.commit("a", "3", "Other");
  push();
  const Revision now = fetched(*source);
  EXPECT_EQ(now.commit, other);
  EXPECT_EQ(source->ancestry(gone, now).value(), Ancestry::Diverged);
  EXPECT_TRUE(source->find(gone).value().has_value());
}

TEST_P(GitRemote, AFetchWithNothingNewWritesNothing) {
  work_.commit("a", "1", "First");
  push();
  const auto source = opened(options());
  fetched(*source);
  const auto before = names_below(state_.path());
  const auto changed = fs::last_write_time(state_.path() / "mirrors");
  fetched(*source);
  EXPECT_EQ(names_below(state_.path()), before);
  EXPECT_EQ(fs::last_write_time(state_.path() / "mirrors"), changed) << "nothing came and went";
}

TEST_P(GitRemote, SaysThatARepositoryIsEmptyOrMissing) {
  EXPECT_NE(describe(fetch_error(options())).find("has no commit"), std::string::npos)
      << describe(fetch_error(options()));
  work_.commit("a", "1", "First");
  push();
  Options wrong = options();
  wrong.repository += "-not-there";
  const Error error = fetch_error(wrong);
  EXPECT_EQ(error.kind, ErrorKind::Terminal) << describe(error);
  EXPECT_NE(error.where.find("-not-there"), std::string::npos) << describe(error);
  EXPECT_TRUE(names_below(state_.path() / "mirrors").size() > 0);
}

TEST_P(GitRemote, OneLookAtTheRemoteServesManySources) {
  const std::string first = work_.commit("migrations/pre/001.sql", "select 1;\n", "First");
  push();
  Options offline = options();
  offline.offline = true;
  const auto source = opened(offline);
  const auto early = source->fetch("", "");
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().kind, ErrorKind::Transient);
  EXPECT_NE(early.error().what.find("has not been fetched yet"), std::string::npos);
  ASSERT_TRUE(update_mirror(offline));
  EXPECT_EQ(fetched(*source).commit, first);
  const std::string second = work_.commit("a", "2", "Second");
  push();
  EXPECT_EQ(fetched(*source).commit, first) << "it does not look";
  ASSERT_TRUE(update_mirror(offline));
  EXPECT_EQ(fetched(*source).commit, second);
  EXPECT_EQ(fetched(*opened(offline)).commit, second);
  // Nobody answers any more: the mirror is all it takes.
  reached_->stop();
  EXPECT_EQ(source->read(fetched(*source), kFolders).value().files.size(), 1U);
  EXPECT_FALSE(update_mirror(offline));
}

TEST_P(GitRemote, FollowsTheHighestVersionAmongTags) {
  work_.commit("a", "0", "None");
  push();
  const auto source = opened(options());
  const auto none = source->fetch_tag("v*");
  ASSERT_FALSE(none);
  EXPECT_NE(describe(none.error()).find("has no tag with a version that matches v*"),
            std::string::npos);
  std::string expected;
  for (const char* tag : {"v1.9.0", "v1.10.0", "v1.10.1-rc.1", "v1.2.0", "w3.0.0", "latest"}) {
    const std::string id = work_.commit("a", tag, tag);
    work_.run({"tag", "--annotate", "--message", tag, tag});
    if (std::string(tag) == "v1.10.0") expected = id;
  }
  push({"--all"});
  push({"--tags"});
  EXPECT_EQ(source->fetch_tag("v1.*.0").value().commit, expected);
  EXPECT_EQ(source->fetch_tag("v*").value().commit, work_.id_of("v1.10.1-rc.1^{}"));
  EXPECT_EQ(source->fetch_tag("w*").value().commit, work_.id_of("w3.0.0^{}"));
}

TEST_P(GitRemote, AShallowRemoteProvesWhatItHoldsAndNothingElse) {
  const std::string first = work_.commit("a", "1", "First");
  const std::string second = work_.commit("a", "2", "Second");
  const std::string third = work_.commit("migrations/pre/001.sql", "select 1;\n", "Third");
  fs::remove_all(reached_->bare());
  run_git(work_.path(), {"clone", "--quiet", "--bare", "--depth=2",
                         "file://" + work_.path().string(), reached_->bare().string()});
  const auto source = opened(options());
  const Revision revision = fetched(*source);
  EXPECT_EQ(revision.commit, third);
  EXPECT_EQ(source->read(revision, kFolders).value().files.size(), 1U);
  EXPECT_EQ(source->ancestry(second, revision).value(), Ancestry::Descendant);
  EXPECT_EQ(source->ancestry(first, revision).value(), Ancestry::Unproven);
  const std::string fourth = work_.commit("a", "4", "Fourth");
  push();
  EXPECT_EQ(fetched(*source).commit, fourth);
  EXPECT_EQ(source->ancestry(third, fetched(*source)).value(), Ancestry::Descendant);
  run_git(reached_->bare(), {"fetch", "--quiet", "--unshallow", "file://" + work_.path().string()});
  EXPECT_EQ(source->ancestry(first, fetched(*source)).value(), Ancestry::Descendant);
}

TEST_P(GitRemote, ABrokenMirrorIsMadeAnew) {
  work_.commit("migrations/pre/001.sql", "select 1;\n", "First");
  push();
  fetched(*opened(options()));
  for (const auto& entry : fs::directory_iterator(state_.path() / "mirrors"))
    if (entry.is_directory()) fs::remove_all(entry.path() / "objects");
  const auto source = opened(options());
  EXPECT_EQ(source->read(fetched(*source), kFolders).value().files.size(), 1U);
}

TEST_P(GitRemote, AnUnreachableHostIsTransientAndKeepsTheMirror) {
  const std::string first = work_.commit("a", "1", "First");
  push();
  const Options reachable = options();
  fetched(*opened(reachable));
  reached_->stop();
  const Error error = fetch_error(reachable);
  EXPECT_EQ(error.kind, ErrorKind::Transient) << describe(error);
  Options offline = reachable;
  offline.offline = true;
  EXPECT_EQ(fetched(*opened(offline)).commit, first);
}

}  // namespace
}  // namespace reconcile::git
