#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "controller/git/git_source.h"
#include "tests/support/git_repo.h"
#include "tests/support/git_server.h"
#include "tests/support/http_server.h"
#include "tests/support/program.h"

// Remotes that refuse, lie, break off or hang.

namespace reconcile::git {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using test::GitRepo;
using test::HttpAnswer;
using test::HttpAsked;
using test::HttpServer;
using test::HttpsGitServer;
using test::run_git;
using test::run_program;
using test::SshGitServer;
using test::TempFolder;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kAdvertisement = "application/x-git-upload-pack-advertisement";
constexpr const char* kResult = "application/x-git-upload-pack-result";

Error fetch_error(const Options& options) {
  auto source = open_source(options);
  if (!source) return source.error();
  const auto found = (*source)->fetch("", "");
  if (!found) return found.error();
  Error none;
  none.what = "fetched " + found->commit;
  return none;
}

std::string text_of(const Error& error) { return describe(error) + " | " + error.next; }

std::string all_below(const fs::path& folder) {
  std::ostringstream text;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
  return text.str();
}

// ---- https

class GitOverHttps : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string missing = HttpsGitServer::missing(); !missing.empty())
      GTEST_SKIP() << missing;
    server_ = std::make_unique<HttpsGitServer>();
    commit_ = repo_.commit("migrations/pre/001.sql", "select 1;\n", "First");
    publish(*server_);
  }

  void publish(const HttpsGitServer& server) {
    run_git(repo_.path(), {"clone", "--quiet", "--bare", repo_.path().string(),
                           (server.root() / "repo.git").string()});
  }

  Options options(const std::string& path) const {
    Options options{.repository = server_->url(path), .state = state_.path()};
    options.access.certificate_authorities = server_->authority();
    return options;
  }

  std::string came() const { return "fetched " + commit_; }

  GitRepo repo_;
  std::string commit_;
  TempFolder state_;
  std::unique_ptr<HttpsGitServer> server_;
};

TEST_F(GitOverHttps, TrustsOnlyTheAuthorityThatIsNamed) {
  Options unknown = options("/git/repo.git");
  unknown.access.certificate_authorities.clear();
  const Error error = fetch_error(unknown);
  EXPECT_EQ(error.kind, ErrorKind::Terminal);
  EXPECT_THAT(text_of(error), AllOf(HasSubstr("certificate"), HasSubstr("ca_file")));
  EXPECT_EQ(fetch_error(options("/git/repo.git")).what, came());
}

TEST_F(GitOverHttps, ATokenOpensAPrivateRepositoryAndIsNeverShown) {
  const Error without = fetch_error(options("/private/repo.git"));
  EXPECT_EQ(without.kind, ErrorKind::Terminal);
  EXPECT_THAT(text_of(without),
              AllOf(HasSubstr("wants a token"), HasSubstr("RECONCILE_GIT_TOKEN_FILE")));
  Options wrong = options("/private/repo.git");
  wrong.access.token = "not-the-token";
  EXPECT_THAT(text_of(fetch_error(wrong)),
              AllOf(HasSubstr("refuses the token"), Not(HasSubstr("not-the-token"))));
  for (const char* user : {"", "robot"}) {
    Options right = options("/private/repo.git");
    right.access.token = HttpsGitServer::kToken;
    right.access.user = user;
    EXPECT_EQ(fetch_error(right).what, came()) << user;
  }
}

TEST_F(GitOverHttps, APasswordInTheAddressIsTakenAndNeverShown) {
  const auto with = [&](const std::string& password) {
    Options given = options("/private/repo.git");
    given.repository.insert(std::string("https://").size(), "robot:" + password + "@");
    return given;
  };
  EXPECT_EQ(fetch_error(with(HttpsGitServer::kToken)).what, came());
  EXPECT_THAT(all_below(state_.path()), Not(HasSubstr(HttpsGitServer::kToken)));
  const Error refused = fetch_error(with("hunter2"));
  EXPECT_THAT(text_of(refused), AllOf(HasSubstr("refuses the token"), Not(HasSubstr("hunter2"))));
}

TEST_F(GitOverHttps, FollowsRedirectsOfTheSameHost) {
  EXPECT_EQ(fetch_error(options("/moved/repo.git")).what, came());
  const Error login = fetch_error(options("/login/repo.git"));
  EXPECT_EQ(login.kind, ErrorKind::Terminal);
  EXPECT_THAT(text_of(login), HasSubstr("redirects to something that is no repository"));
}

TEST_F(GitOverHttps, SendsNoTokenToAnotherHost) {
  HttpServer other([](const HttpAsked&) { return HttpAnswer::status(401); });
  // Another port is another host.
  const HttpServer first([&](const HttpAsked& asked) {
    return HttpAnswer::status(302, "", "Location: " + other.address() + asked.target + "\r\n");
  });
  Options given{.repository = first.address() + "/repo.git", .state = state_.path()};
  given.access.token = "hunter2";
  const Error error = fetch_error(given);
  EXPECT_THAT(text_of(error), AllOf(HasSubstr("wants a token"), HasSubstr("another host"),
                                    HasSubstr(other.address())));
  ASSERT_EQ(first.asked().size(), 1U);
  ASSERT_EQ(other.asked().size(), 1U);
  EXPECT_THAT(first.asked()[0].head, HasSubstr("Authorization: Basic "));
  EXPECT_THAT(other.asked()[0].head, Not(HasSubstr("Authorization")));
}

TEST_F(GitOverHttps, GoesThroughAProxy) {
  // One that lets nothing through, and tells what it was asked.
  const HttpServer proxy([](const HttpAsked&) { return HttpAnswer::status(407); });
  Options through = options("/git/repo.git");
  through.access.proxies.https = proxy.address();
  through.access.proxies.https.insert(std::string("http://").size(), "robot:hunter2@");
  const Error error = fetch_error(through);
  EXPECT_THAT(text_of(error), AllOf(HasSubstr("the proxy does not let the connection through"),
                                    HasSubstr("status 407"), Not(HasSubstr("hunter2"))));
  const std::string server = "localhost:" + std::to_string(server_->port());
  EXPECT_EQ(proxy.lines(), (std::vector<std::string>{"CONNECT " + server}));
  EXPECT_THAT(proxy.asked()[0].head, HasSubstr("Proxy-Authorization: Basic "));
  through.access.proxies.none = "example.org, localhost";
  EXPECT_EQ(fetch_error(through).what, came());
  EXPECT_EQ(proxy.asked().size(), 1U);
}

TEST_F(GitOverHttps, PlainHttpGoesThroughAProxyToo) {
  const HttpServer proxy([](const HttpAsked&) { return HttpAnswer::status(404); });
  Options through{.repository = "http://git.example.org/repo.git", .state = state_.path()};
  through.access.proxies.http = proxy.address();
  EXPECT_THAT(text_of(fetch_error(through)), HasSubstr("has no such repository"));
  EXPECT_EQ(proxy.lines(),
            (std::vector<std::string>{"GET http://git.example.org:80/repo.git/info/refs?service="
                                      "git-upload-pack"}));
}

// ---- whatever may come over http

std::string packet(const std::string& text) {
  std::array<char, 5> length{};
  std::snprintf(length.data(), length.size(), "%04zx", text.size() + 4);
  return length.data() + text;
}

const std::string kOne(40, '1');

std::string advertising(const std::string& references, const std::string& capabilities) {
  return packet(kOne + " refs/heads/main" + std::string(1, '\0') + capabilities + "\n") +
         references + "0000";
}

HttpAnswer typed(const char* type, const std::string& body) {
  return {HttpAnswer::Way::Send, "HTTP/1.1 200 OK\r\nContent-Type: " + std::string(type) +
                                     "\r\nContent-Length: " + std::to_string(body.size()) +
                                     "\r\n\r\n" + body};
}

struct Lie {
  std::string name;
  std::function<HttpAnswer(const HttpAsked&)> answer;
  ErrorKind kind;
  std::string says;
};

std::ostream& operator<<(std::ostream& stream, const Lie& lie) { return stream << lie.name; }

std::function<HttpAnswer(const HttpAsked&)> advertises(const std::string& body) {
  return [body](const HttpAsked&) { return typed(kAdvertisement, body); };
}

// A sound advertisement, and this for an answer to the request.
std::function<HttpAnswer(const HttpAsked&)> sends(const std::string& body) {
  return [body](const HttpAsked& asked) {
    if (asked.method == "POST") return typed(kResult, body);
    return typed(kAdvertisement, advertising("", "side-band-64k ofs-delta"));
  };
}

std::function<HttpAnswer(const HttpAsked&)> answers(int status, const std::string& headers = "") {
  return [=](const HttpAsked&) { return HttpAnswer::status(status, "{}", headers); };
}

std::string flood() {
  std::string all;
  for (int i = 0; i < 100; ++i) all += packet(kOne + " refs/pull/" + std::to_string(i) + "\n");
  return all;
}

class GitLies : public testing::TestWithParam<Lie> {
 protected:
  TempFolder state_;
};

TEST_P(GitLies, EndInAnErrorThatNamesTheRemote) {
  const HttpServer server(GetParam().answer);
  Options options{.repository = server.address() + "/repo.git", .state = state_.path()};
  options.access.idle = milliseconds(300);
  options.access.max_references = 20;
  options.access.max_pack_bytes = 4096;
  const Error error = fetch_error(options);
  EXPECT_EQ(error.kind, GetParam().kind) << text_of(error);
  EXPECT_THAT(text_of(error), HasSubstr(GetParam().says));
  EXPECT_EQ(error.where, options.repository);
  EXPECT_FALSE(error.next.empty());
  for (const auto& entry : fs::directory_iterator(state_.path() / "mirrors"))
    EXPECT_EQ(entry.path().extension(), ".lock") << "nothing half is left: " << entry.path();
}

INSTANTIATE_TEST_SUITE_P(
    All, GitLies,
    testing::Values(
        Lie{"Page", answers(200), ErrorKind::Terminal, "is not a git repository"},
        Lie{"Missing", answers(404), ErrorKind::Terminal, "has no such repository"},
        Lie{"Broken", answers(503), ErrorKind::Transient, "status 503"},
        Lie{"Throttled", answers(429), ErrorKind::Transient, "status 429"},
        Lie{"Loop",
            [](const HttpAsked& asked) {
              return HttpAnswer::status(302, "", "Location: " + asked.target + "\r\n");
            },
            ErrorKind::Terminal, "redirects without an end"},
        Lie{"Elsewhere", answers(302, "Location: file:///etc/passwd\r\n"), ErrorKind::Terminal,
            "redirects to something that is no repository"},
        Lie{"Drops", [](const HttpAsked&) { return HttpAnswer::drop(); }, ErrorKind::Transient,
            "closed the connection"},
        Lie{"Hangs", [](const HttpAsked&) { return HttpAnswer::hang(); }, ErrorKind::Transient,
            "no answer within 300 ms"},
        Lie{"NoPackets", advertises("<html>hello"), ErrorKind::Terminal,
            "does not speak git's protocol"},
        Lie{"ShortLength", advertises("0001"), ErrorKind::Terminal,
            "does not speak git's protocol"},
        Lie{"NoReference", advertises(packet("hello\n") + "0000"), ErrorKind::Terminal,
            "it sends: hello"},
        Lie{"Refuses", advertises(packet("ERR no\x1b[31m rights\n") + "0000"), ErrorKind::Terminal,
            "refuses to be read: no [31m rights"},
        Lie{"Climbs", advertises(advertising(packet(kOne + " refs/heads/../../x\n"), "")),
            ErrorKind::Terminal, "a name that git does not take"},
        Lie{"BranchInABranch", advertises(advertising(packet(kOne + " refs/heads/main/x\n"), "")),
            ErrorKind::Terminal, "a name that git does not take"},
        Lie{"Head", advertises(advertising("", "symref=HEAD:refs/heads/../x")), ErrorKind::Terminal,
            "does not speak git's protocol"},
        Lie{"TooMany", advertises(advertising(flood(), "")), ErrorKind::Terminal,
            "has too many references: the limit is 20"},
        Lie{"TooMuch", advertises(advertising(packet(std::string(60'000, 'x')), "")),
            ErrorKind::Terminal, "sends more than is taken"},
        Lie{"LongIds", advertises(advertising("", "object-format=sha256")), ErrorKind::Terminal,
            "uses ids of 64 digits"},
        Lie{"Old", advertises(advertising("", "multi_ack")), ErrorKind::Terminal, "side-band-64k"},
        Lie{"NoPack", sends(packet("NAK\n") + "0000"), ErrorKind::Terminal,
            "sends objects that cannot be read"},
        Lie{"Garbage", sends(packet("NAK\n") + packet("\x01PACKnotreally....") + "0000"),
            ErrorKind::Terminal, "sends objects that cannot be read"},
        Lie{"TellsWhy", sends(packet("NAK\n") + packet("\x03out of memory\n") + "0000"),
            ErrorKind::Terminal, "out of memory"},
        Lie{"LargePack", sends(packet("NAK\n") + packet("\x01" + std::string(5000, 'x')) + "0000"),
            ErrorKind::Terminal, "sends more than is taken"},
        Lie{"PackWithoutEnd", sends(packet("NAK\n") + packet("\x01PACK")), ErrorKind::Transient,
            "ends in the middle"}),
    [](const auto& tested) { return tested.param.name; });

// ---- a sound answer that ends or stops somewhere

class GitCuts : public testing::Test {
 protected:
  void SetUp() override {
    commit_ = repo_.commit("migrations/pre/001.sql", "select 1;\n", "First");
    advertisement_ = upload_pack("--http-backend-info-refs", "");
    pack_ = upload_pack("--stateless-rpc",
                        packet("want " + commit_ + " side-band-64k ofs-delta no-progress\n") +
                            "0000" + packet("done\n"));
  }

  std::string upload_pack(const std::string& how, const std::string& input) {
    std::ofstream(input_.path() / "input", std::ios::binary) << input;
    return run_program({"sh", "-c", "git upload-pack \"$1\" \"$2\" < \"$3\"", "sh", how,
                        repo_.path().string(), (input_.path() / "input").string()})
        .out;
  }

  Options options(const HttpServer& server) const {
    Options options{.repository = server.address() + "/repo.git", .state = state_.path()};
    options.access.idle = milliseconds(60);
    return options;
  }

  // Of an answer with this body, so many bytes; then the connection ends, or nothing comes.
  static HttpAnswer part(const char* type, const std::string& body, std::size_t bytes, bool hangs) {
    HttpAnswer answer = typed(type, body);
    answer.bytes.resize(std::min(bytes, answer.bytes.size()));
    return hangs ? HttpAnswer::hang(answer.bytes) : answer;
  }

  void cut(const char* type, const std::string& body, bool of_request, std::size_t step) {
    const std::size_t whole = typed(type, body).bytes.size();
    for (std::size_t bytes = 0; bytes < whole; bytes += step) {
      for (const bool hangs : {false, true}) {
        const HttpServer server([&](const HttpAsked& asked) {
          if ((asked.method == "POST") != of_request) return typed(kAdvertisement, advertisement_);
          return part(type, body, bytes, hangs);
        });
        const Error error = fetch_error(options(server));
        EXPECT_EQ(error.kind, ErrorKind::Transient)
            << bytes << (hangs ? " then silence: " : " then the end: ") << text_of(error);
        EXPECT_THAT(error.where, HasSubstr(server.address()));
      }
    }
  }

  GitRepo repo_;
  std::string commit_, advertisement_, pack_;
  TempFolder state_;
  TempFolder input_;
};

TEST_F(GitCuts, TheWholeAnswerIsFine) {
  const HttpServer server([&](const HttpAsked& asked) {
    return asked.method == "POST" ? typed(kResult, pack_) : typed(kAdvertisement, advertisement_);
  });
  EXPECT_EQ(fetch_error(options(server)).what, "fetched " + commit_);
  EXPECT_EQ(server.lines(),
            (std::vector<std::string>{"GET /repo.git/info/refs?service=git-upload-pack",
                                      "POST /repo.git/git-upload-pack",
                                      "GET /repo.git/info/refs?service=git-upload-pack"}));
  EXPECT_EQ(fetch_error(options(server)).what, "fetched " + commit_);
  EXPECT_EQ(server.asked().size(), 4U) << "nothing new takes one look";
}

TEST_F(GitCuts, AnAdvertisementThatEndsOrStopsAnywhereIsTransient) {
  cut(kAdvertisement, advertisement_, false, 23);
}

TEST_F(GitCuts, APackThatEndsOrStopsAnywhereIsTransient) { cut(kResult, pack_, true, 31); }

TEST_F(GitCuts, APackWithoutAllThatACommitReachesIsRefused) {
  std::ofstream(input_.path() / "input") << commit_ << '\n';
  const std::string pack =
      run_program({"sh", "-c", "git -C \"$1\" pack-objects --quiet --stdout < \"$2\"", "sh",
                   repo_.path().string(), (input_.path() / "input").string()})
          .out;
  ASSERT_THAT(pack, testing::StartsWith("PACK"));
  const HttpServer server([&](const HttpAsked& asked) {
    return asked.method == "POST" ? typed(kResult, packet("NAK\n") + packet("\x01" + pack) + "0000")
                                  : typed(kAdvertisement, advertisement_);
  });
  const Error error = fetch_error(options(server));
  EXPECT_THAT(text_of(error), HasSubstr("is missing or corrupt"));
  EXPECT_THAT(text_of(error), HasSubstr(repo_.id_of("HEAD^{tree}")));
  EXPECT_THAT(error.where, HasSubstr(server.address()));
}

TEST_F(GitCuts, ADropOfWaterNowAndThenEndsWithTheWholeTime) {
  const HttpServer server(
      [&](const HttpAsked&) { return HttpAnswer::hang("HTTP/1.1 200 OK\r\n"); });
  Options patient = options(server);
  patient.access.idle = milliseconds(60'000);
  patient.access.whole = milliseconds(200);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(fetch_error(patient).kind, ErrorKind::Transient);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

// ---- ssh

class GitOverSsh : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string missing = SshGitServer::missing(); !missing.empty())
      GTEST_SKIP() << missing;
    server_ = std::make_unique<SshGitServer>();
    commit_ = repo_.commit("migrations/pre/001.sql", "select 1;\n", "First");
  }

  Options options() const {
    Options options{.repository = server_->url(repo_.path()), .state = state_.path()};
    options.access.key = server_->key();
    options.access.known_hosts = server_->known_hosts();
    return options;
  }

  fs::path written(const std::string& name, const std::string& text) const {
    std::ofstream(server_->folder() / name) << text;
    return server_->folder() / name;
  }

  GitRepo repo_;
  std::string commit_;
  TempFolder state_;
  std::unique_ptr<SshGitServer> server_;
};

TEST_F(GitOverSsh, AnUnknownHostIsRefusedAndSaysHowToKnowIt) {
  Options unknown = options();
  unknown.access.known_hosts = written("empty", "");
  const Error error = fetch_error(unknown);
  EXPECT_EQ(error.kind, ErrorKind::Terminal);
  EXPECT_THAT(text_of(error), AllOf(HasSubstr("its host key is not the one that is known"),
                                    HasSubstr("ssh-keyscan -p " + std::to_string(server_->port())),
                                    HasSubstr(unknown.access.known_hosts.string())));
  EXPECT_EQ(fs::file_size(unknown.access.known_hosts), 0U) << "nothing is trusted in passing";
}

TEST_F(GitOverSsh, AChangedHostKeyIsRefused) {
  Options changed = options();
  changed.access.known_hosts =
      written("changed", server_->host_line(server_->other_key().string() + ".pub"));
  const Error error = fetch_error(changed);
  EXPECT_EQ(error.kind, ErrorKind::Terminal);
  EXPECT_THAT(text_of(error), HasSubstr("its host key is not the one that is known"));
}

TEST_F(GitOverSsh, AKeyThatIsNotAcceptedIsSaidSo) {
  Options wrong = options();
  wrong.access.key = server_->other_key();
  const Error error = fetch_error(wrong);
  EXPECT_EQ(error.kind, ErrorKind::Terminal);
  EXPECT_THAT(text_of(error), AllOf(HasSubstr("does not accept the key"),
                                    HasSubstr("Permission denied"), HasSubstr("ssh_key")));
  wrong.access.key = "/nonexistent/key";
  EXPECT_THAT(text_of(fetch_error(wrong)), HasSubstr("/nonexistent/key: does not exist"));
}

TEST_F(GitOverSsh, AServerThatSaysNothingIsGivenUp) {
  written(
      "authorized_keys", "command=\"exec sleep 60\" " + [&] {
        std::ostringstream key;
        key << std::ifstream(server_->key().string() + ".pub").rdbuf();
        return key.str();
      }());
  Options silent = options();
  silent.access.idle = milliseconds(1500);
  const auto begin = std::chrono::steady_clock::now();
  const Error error = fetch_error(silent);
  EXPECT_EQ(error.kind, ErrorKind::Transient);
  EXPECT_THAT(text_of(error), HasSubstr("no answer within 1500 ms"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST_F(GitOverSsh, AServerThatDoesNotSpeakSshIsGivenUp) {
  const HttpServer server([](const HttpAsked&) { return HttpAnswer::drop(); });
  Options other = options();
  other.repository = "ssh://git@127.0.0.1:" + std::to_string(server.port()) + "/repo.git";
  other.access.idle = milliseconds(500);
  EXPECT_EQ(fetch_error(other).kind, ErrorKind::Transient);
}

TEST_F(GitOverSsh, WhatTheOtherSideSaysReachesThePerson) {
  Options wrong = options();
  wrong.repository = server_->url("/nonexistent/x.git");
  EXPECT_THAT(text_of(fetch_error(wrong)),
              AllOf(HasSubstr("does not give the repository"),
                    HasSubstr("does not appear to be a git repository")));
}

}  // namespace
}  // namespace reconcile::git
