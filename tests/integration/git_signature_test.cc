#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "controller/git/git_source.h"
#include "tests/support/pass_fixture.h"

// Commits that somebody signed, somebody else did, nobody did, or that were altered afterwards.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

namespace fs = std::filesystem;

class GitSignatures : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"ada", "eve"}) {
      const Ran made =
          run_program({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key(name)});
      ASSERT_EQ(made.exit_code, 0) << made;
    }
    signers("");
  }

  std::string key(const std::string& name) const { return (keys_.path() / name).string(); }

  std::string public_key(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(key(name) + ".pub").rdbuf();
    return text.str();
  }

  void signers(const std::string& options) const {
    std::ofstream(keys_.path() / "signers")
        << "ada@example.org " << options << (options.empty() ? "" : " ") << public_key("ada");
  }

  // By the key of that name; the commit's time is in November 2023.
  std::string signed_commit(const std::string& name) {
    repo_.write("a", std::to_string(++writes_));
    repo_.run({"add", "--all"});
    repo_.run({"-c", "gpg.format=ssh", "-c", "user.signingkey=" + key(name), "commit", "--quiet",
               "--gpg-sign", "--message", "Signed by " + name});
    return repo_.id_of("HEAD");
  }

  // A commit with this text instead of HEAD's, under the same signature.
  std::string altered(const std::string& from, const std::string& to) {
    std::string text = repo_.run({"cat-file", "commit", "HEAD"}) + "\n";
    text.replace(text.find(from), from.size(), to);
    return written(text);
  }

  std::string written(const std::string& commit) {
    std::ofstream(keys_.path() / "commit", std::ios::binary) << commit;
    const std::string id =
        repo_.run({"hash-object", "-t", "commit", "-w", (keys_.path() / "commit").string()});
    repo_.reset(id);
    return id;
  }

  std::string problem_of(const std::string& commit, bool asked = true) {
    git::Options options{.repository = repo_.path().string(), .state = state_.path()};
    if (asked) options.signatures = signatures_;
    const auto source = git::open_source(options).value();
    const Revision revision = source->fetch("", commit).value();
    const auto problem = source->signature_problem(revision);
    if (!problem) return "error: " + describe(problem.error());
    return problem->value_or("good");
  }

  int writes_ = 0;
  GitRepo repo_;
  TempFolder keys_;
  TempFolder state_;
  git::Signatures signatures_{.allowed_signers = keys_.path() / "signers"};
};

TEST_F(GitSignatures, OfSsh) {
  EXPECT_EQ(problem_of(signed_commit("ada")), "good");
  const std::string altered_commit = altered("Signed by ada", "Signed by bob");
  EXPECT_THAT(problem_of(altered_commit), HasSubstr("does not fit it: it was altered"));
  EXPECT_THAT(problem_of(signed_commit("eve")), HasSubstr("is signed with a key that"));
  const std::string unsigned_commit = repo_.commit("a", "unsigned", "Unsigned");
  EXPECT_EQ(problem_of(unsigned_commit), "is not signed");
  EXPECT_EQ(problem_of(unsigned_commit, false), "good") << "nobody asks";
  for (const auto& entry : fs::recursive_directory_iterator(state_.path()))
    EXPECT_NE(entry.path().filename().string().substr(0, 10), "signature-") << entry.path();
}

TEST_F(GitSignatures, OfSshForAnotherPurposeIsNone) {
  repo_.commit("a", "1", "Unsigned");
  const std::string text = repo_.run({"cat-file", "commit", "HEAD"}) + "\n";
  std::ofstream(keys_.path() / "text", std::ios::binary) << text;
  ASSERT_EQ(run_program({"ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", key("ada"),
                         (keys_.path() / "text").string()})
                .exit_code,
            0);
  std::istringstream signature([&] {
    std::ostringstream all;
    all << std::ifstream(keys_.path() / "text.sig").rdbuf();
    return all.str();
  }());
  std::string header = "gpgsig";
  for (std::string line; std::getline(signature, line);) header += " " + line + "\n";
  std::string commit = text;
  commit.insert(commit.find("\n\n") + 1, header);
  EXPECT_THAT(problem_of(written(commit)), HasSubstr("signed for another purpose"));
}

TEST_F(GitSignatures, CountAtTheTimeOfTheCommit) {
  const std::string commit = signed_commit("ada");
  for (const auto& [options, good] :
       std::vector<std::pair<std::string, bool>>{{"valid-after=\"20240101\"", false},
                                                 {"valid-before=\"20231101\"", false},
                                                 {"valid-before=\"20231231\"", true},
                                                 {"namespaces=\"file\"", false},
                                                 {"namespaces=\"git\"", true}}) {
    signers(options);
    EXPECT_EQ(problem_of(commit) == "good", good) << options << ": " << problem_of(commit);
  }
}

TEST_F(GitSignatures, AListThatIsNotThereIsAnError) {
  const std::string commit = signed_commit("ada");
  signatures_ = {.allowed_signers = "/nonexistent/signers"};
  EXPECT_THAT(problem_of(commit), HasSubstr("error: /nonexistent/signers: does not exist"));
  signatures_ = {.keyring = keys_.path() / "signers"};
  EXPECT_THAT(problem_of(commit), HasSubstr("only a keyring of OpenPGP says who may sign"));
}

// GnuPG starts an agent for the folder of its keys, which is stopped here.
class GnuPg {
 public:
  static bool here() { return fs::exists("/usr/bin/gpg") && fs::exists("/usr/bin/gpgv"); }
  ~GnuPg() { run_program({"gpgconf", "--homedir", home(), "--kill", "all"}); }

  std::string home() const { return folder_.path().string(); }
  Ran gpg(std::vector<std::string> words) const {
    words.insert(words.begin(), {"gpg", "--homedir", home(), "--batch", "--quiet"});
    return run_program(words);
  }
  void make(const std::string& user) const {
    const Ran made = gpg({"--passphrase", "", "--pinentry-mode", "loopback", "--quick-gen-key",
                          user, "ed25519", "sign", "never"});
    if (made.exit_code != 0) throw std::runtime_error("gpg made no key: " + made.err);
  }
  fs::path exported(const std::string& user) const {
    const fs::path file = folder_.path() / (user.substr(0, 3) + ".gpg");
    gpg({"--output", file.string(), "--export", user});
    return file;
  }

 private:
  TempFolder folder_;
};

TEST_F(GitSignatures, OfOpenPgp) {
  if (!GnuPg::here()) GTEST_SKIP() << "gpg or gpgv is not installed";
  const GnuPg pgp;
  for (const char* user : {"ada@example.org", "eve@example.org"}) pgp.make(user);
  const auto commit_by = [&](const std::string& user) {
    repo_.write("a", std::to_string(++writes_));
    repo_.run({"add", "--all"});
    run_git(repo_.path(), {"commit", "--quiet", "--gpg-sign=" + user, "--message", "Signed"},
            {fmt::format("GNUPGHOME={}", pgp.home())});
    return repo_.id_of("HEAD");
  };
  signatures_ = {.keyring = pgp.exported("ada@example.org")};
  EXPECT_EQ(problem_of(commit_by("ada@example.org")), "good");
  EXPECT_THAT(problem_of(altered("\n\nSigned", "\n\nForged")),
              HasSubstr("has a signature that is not good"));
  EXPECT_THAT(problem_of(commit_by("eve@example.org")), HasSubstr("is signed with a key that"));
  EXPECT_THAT(problem_of(signed_commit("ada")), HasSubstr("is signed with a key of SSH"));
  signatures_.allowed_signers = keys_.path() / "signers";
  EXPECT_EQ(problem_of(repo_.id_of("HEAD")), "good") << "either will do";
}

// ---- what the program makes of it

class PassSignatures : public PassTest {};

TEST_F(PassSignatures, HoldTheRevisionUntilASignedOneComes) {
  const TempFolder keys;
  const std::string key = (keys.path() / "ada").string();
  ASSERT_EQ(run_program({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key}).exit_code, 0);
  std::ofstream(keys.path() / "signers")
      << "ada@example.org " << std::ifstream(key + ".pub").rdbuf();
  const std::vector<std::string> asked = {
      fmt::format("RECONCILE_GIT_ALLOWED_SIGNERS={}", (keys.path() / "signers").string())};
  repo.commit("migrations/pre/001.sql", "create table public.one ();", "Before anybody asked");
  ASSERT_EQ(once().exit_code, 0);
  EXPECT_EQ(run({"--once"}, asked).exit_code, 0) << "what is applied is applied";
  repo.commit("migrations/pre/002.sql", "create table public.two ();", "Unsigned");
  const Ran held = run({"--once"}, asked);
  EXPECT_EQ(held.exit_code, 3) << held;
  EXPECT_THAT(held.err, AllOf(HasSubstr("BadSignature"), HasSubstr("is not signed")));
  EXPECT_EQ(database.value("select to_regclass('public.two') is null"), "t");
  EXPECT_EQ(run({"plan"}, asked).exit_code, 3);
  repo.run({"-c", "gpg.format=ssh", "-c", "user.signingkey=" + key, "commit", "--quiet",
            "--allow-empty", "--gpg-sign", "--message", "I answer for it"});
  const Ran applied = run({"--once"}, asked);
  EXPECT_EQ(applied.exit_code, 0) << applied;
  EXPECT_EQ(database.value("select to_regclass('public.two') is null"), "f");
}

}  // namespace
}  // namespace reconcile::test
