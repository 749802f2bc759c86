#include "controller/directus/instances.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "controller/directus/bootstrap_command.h"
#include "tests/support/git_repo.h"
#include "tests/support/http_server.h"
#include "tests/support/program.h"

// The adapters beside the database: what a Directus may answer, and what its installer may do.

namespace reconcile::test {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Lt;
using testing::Not;

constexpr const char* kToken = "very-secret-token";

struct Said {
  ErrorKind kind;
  std::string text;  ///< with the way out; empty where it went well
};

/// One instance at `address`, with limits that a test can wait for.
class AnInstance {
 public:
  explicit AnInstance(net::Server server, const std::string& authorities = {})
      : name_(server.name) {
    directus::InstancesOptions options;
    options.servers = {std::move(server)};
    options.token = kToken;
    options.certificate_authorities = authorities;
    options.limits = {.connect = milliseconds(300), .whole = milliseconds(600)};
    instances_ = directus::instances(std::move(options));
  }

  Said clear() const { return said(instances_->clear_caches(name_)); }
  Said check(const Probe& probe) const { return said(instances_->check(name_, probe)); }

 private:
  static Said said(const Result<void>& result) {
    if (result) return {ErrorKind::Terminal, ""};
    const std::string text = describe(result.error()) + "\n" + result.error().next;
    EXPECT_THAT(text, Not(HasSubstr(kToken)));
    return {result.error().kind, text};
  }

  std::string name_;
  std::unique_ptr<Instances> instances_;
};

net::Server at(const HttpServer& server, const std::string& path = "") {
  return {.name = server.address() + path,
          .host = server.address().find('[') == std::string::npos ? "127.0.0.1" : "::1",
          .port = server.port(),
          .path = path};
}

TEST(DirectusInstances, TheCacheIsClearedWithTheTokenAndTheSystemFlag) {
  const HttpServer server([](const HttpAsked&) { return HttpAnswer::status(200, ""); });
  EXPECT_EQ(AnInstance(at(server, "/cms")).clear().text, "");
  ASSERT_EQ(server.asked().size(), 1U);
  const HttpAsked asked = server.asked().front();
  EXPECT_EQ(asked.method + ' ' + asked.target, "POST /cms/utils/cache/clear?system");
  EXPECT_TRUE(asked.has(std::string("Authorization: Bearer ") + kToken)) << asked.head;
  EXPECT_TRUE(asked.has("Content-Length: 0")) << asked.head;
  EXPECT_TRUE(asked.has("Host: 127.0.0.1:" + std::to_string(server.port()))) << asked.head;
}

TEST(DirectusInstances, Ipv6) {
  std::unique_ptr<HttpServer> server;
  try {
    server = std::make_unique<HttpServer>(
        [](const HttpAsked&) { return HttpAnswer::status(204, ""); }, std::uint16_t{0}, true);
  } catch (const std::exception&) {
    GTEST_SKIP() << "no IPv6 here";
  }
  EXPECT_EQ(AnInstance(at(*server)).clear().text, "");
  EXPECT_TRUE(server->asked().front().has("Host: [::1]:" + std::to_string(server->port())));
}

TEST(DirectusInstances, ANameWithSeveralAddressesIsTriedAtEach) {
  const HttpServer server([](const HttpAsked&) { return HttpAnswer::status(200, ""); });
  net::Server named = at(server);
  named.host = "localhost";  // often ::1 first, where nobody listens
  EXPECT_EQ(AnInstance(named).clear().text, "");
}

// ---- what it may answer

struct Odd {
  std::string name;
  HttpAnswer answer;
  ErrorKind kind;
  std::vector<std::string> words;
};

std::ostream& operator<<(std::ostream& stream, const Odd& odd) { return stream << odd.name; }

class DirectusAnswers : public testing::TestWithParam<Odd> {};

TEST_P(DirectusAnswers, AreErrorsThatSayWhatToDo) {
  const HttpServer server([](const HttpAsked&) { return GetParam().answer; });
  const auto begun = std::chrono::steady_clock::now();
  const Said said = AnInstance(at(server)).clear();
  EXPECT_THAT(std::chrono::steady_clock::now() - begun, Lt(std::chrono::seconds(3)));
  EXPECT_EQ(said.kind, GetParam().kind) << said.text;
  EXPECT_THAT(said.text, HasSubstr(server.address()));
  for (const std::string& word : GetParam().words) EXPECT_THAT(said.text, HasSubstr(word));
}

std::vector<Odd> odd_answers() {
  using enum ErrorKind;
  const std::string megabyte(1024 * 1024, 'x');
  return {
      {"NotAnAdmin",
       HttpAnswer::status(403, R"({"errors":[{"message":"You don't have permission"}]})"),
       Terminal,
       {"403: You don't have permission", "static token of an admin"}},
      {"WrongToken", HttpAnswer::status(401, "{}"), Terminal, {"401", "static token of an admin"}},
      {"NoDirectus", HttpAnswer::status(404, "<html>"), Terminal, {"404", "with its path"}},
      {"Redirect",
       HttpAnswer::status(302, "", "Location: https://elsewhere.example/\r\n"),
       Terminal,
       {"302", "https://elsewhere.example/", "redirects are not followed"}},
      {"LongRedirect",
       HttpAnswer::status(308, "", "Location: /" + std::string(3000, 'l') + "\r\n"),
       Terminal,
       {"lll…\""}},
      {"Busy", HttpAnswer::status(503, "{\"errors\":[]}"), Transient, {"503"}},
      {"TooManyRequests", HttpAnswer::status(429, "{\"errors\":[1]}"), Transient, {"429"}},
      {"Hangs", HttpAnswer::hang(), Transient, {"no answer within 600 ms"}},
      {"Drops", HttpAnswer::drop(), Transient, {"closed the connection"}},
      {"StopsInTheMiddle",
       {HttpAnswer::Way::Send, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"},
       Transient,
       {"closed the connection"}},
      {"HugeBody", HttpAnswer::status(200, megabyte), Transient, {"more than 65536 bytes"}},
      {"HugeChunks",
       {HttpAnswer::Way::Send,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n" + megabyte + "\r\n"},
       Transient,
       {"more than 65536 bytes"}},
      {"HugeHeader",
       HttpAnswer::status(200, "", "X: " + megabyte + "\r\n"),
       Transient,
       {"header of its answer has more than 16384 bytes"}},
      {"NoHttp",
       {HttpAnswer::Way::Send, "SSH-2.0-OpenSSH_9.2\r\n"},
       Transient,
       {"does not answer"}},
  };
}

INSTANTIATE_TEST_SUITE_P(All, DirectusAnswers, testing::ValuesIn(odd_answers()),
                         [](const auto& test) { return test.param.name; });

TEST(DirectusInstances, NobodyThere) {
  const Said refused =
      AnInstance({.name = "http://here", .host = "127.0.0.1", .port = free_port()}).clear();
  EXPECT_EQ(refused.kind, ErrorKind::Transient);
  EXPECT_THAT(refused.text, AllOf(HasSubstr("http://here: it cannot be reached"),
                                  HasSubstr("Connection refused"), HasSubstr("whether it runs")));
  const Said unknown =
      AnInstance({.name = "http://x", .host = "no-such-host.invalid", .port = 80}).clear();
  EXPECT_EQ(unknown.kind, ErrorKind::Transient);
  EXPECT_THAT(unknown.text, HasSubstr("its name cannot be resolved"));
}

// ---- what it serves

TEST(DirectusInstances, ProbesAskForNamesAndNotForRows) {
  const HttpServer server([](const HttpAsked& asked) {
    return HttpAnswer::status(asked.target.find("old") == std::string::npos ? 200 : 403);
  });
  const AnInstance instance(at(server));
  EXPECT_EQ(instance.check({"clubs", {"name", "note"}, true}).text, "");
  EXPECT_EQ(instance.check({"directus_users", {"birthday"}, true}).text, "");
  EXPECT_EQ(instance.check({"old", {}, false}).text, "");
  EXPECT_THAT(server.lines(),
              ElementsAre("GET /items/clubs?limit=0&fields=name,note",
                          "GET /users?limit=0&fields=birthday", "GET /items/old?limit=0"));
  for (const Probe& probe : {Probe{"old", {}, true}, Probe{"clubs", {}, false}}) {
    const Said stale = instance.check(probe);
    EXPECT_EQ(stale.kind, ErrorKind::Transient);
    EXPECT_THAT(stale.text, HasSubstr("still serves the old schema: GET /items/"));
  }
}

// ---- https

/// A server that speaks TLS with a certificate for `localhost` of an authority of its own.
class Secure : public testing::Test {
 protected:
  void SetUp() override {
    const Ran made = run_program(
        {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", file("key.pem"), "-out", file("cert.pem"), "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-days", "2"});
    ASSERT_EQ(made.exit_code, 0) << made;
    port_ = free_port();
    server_ = std::make_unique<Program>(std::vector<std::string>{
        "openssl", "s_server", "-accept", "127.0.0.1:" + std::to_string(port_), "-cert",
        file("cert.pem"), "-key", file("key.pem"), "-quiet", "-www"});
    server_->wait_until([&] { return reachable(); }, "the TLS server");
  }

  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string certificate() const {
    std::ifstream stream(file("cert.pem"));
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  net::Server server(const std::string& host) const {
    return {.name = "https://" + host, .tls = true, .host = host, .port = port_};
  }
  bool reachable() const {
    net::Server plain = server("127.0.0.1");
    plain.tls = false;
    const auto answer = net::send(plain, {.target = "/"},
                                       {.whole = milliseconds(200)}, "");
    return answer || describe(answer.error()).find("refused") == std::string::npos;
  }

  TempFolder folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Program> server_;
};

TEST_F(Secure, OnlyWithATrustedCertificateForTheHost) {
  const net::HttpRequest request{.target = "/"};
  const auto trusted = net::send(server("localhost"), request, {}, certificate());
  ASSERT_TRUE(trusted) << describe(trusted.error());
  EXPECT_EQ(trusted->status, 200U);
  for (const auto& [host, authorities] :
       {std::pair<std::string, std::string>{"localhost", ""}, {"127.0.0.1", certificate()}}) {
    const auto refused = net::send(server(host), request, {}, authorities);
    ASSERT_FALSE(refused) << host;
    EXPECT_EQ(refused.error().kind, ErrorKind::Terminal);
    EXPECT_THAT(describe(refused.error()),
                AllOf(HasSubstr("no secure connection can be made"), HasSubstr("certificate")));
    EXPECT_THAT(refused.error().next, HasSubstr("ca_file"));
  }
}

TEST_F(Secure, PlainTextIsNotSpokenToIt) {
  const HttpServer plain([](const HttpAsked&) { return HttpAnswer::status(200); });
  net::Server server = at(plain);
  server.tls = true;
  const auto refused =
      net::send(server, {.method = "POST", .target = "/", .token = kToken}, {}, "");
  ASSERT_FALSE(refused);
  for (const HttpAsked& asked : plain.asked()) EXPECT_THAT(asked.head, Not(HasSubstr(kToken)));
}

// ---- the command that installs Directus

Said install(const std::vector<std::string>& command, milliseconds limit = milliseconds(20'000)) {
  const auto done = directus::bootstrap_command(command, limit)->install();
  if (done) return {ErrorKind::Terminal, ""};
  return {done.error().kind, describe(done.error()) + "\n" + done.error().next};
}

TEST(BootstrapCommand, EndsWell) {
  EXPECT_EQ(directus::bootstrap_command({"npx", "directus", "bootstrap"}, {})->command(),
            "npx directus bootstrap");
  EXPECT_EQ(install({"true"}).text, "");
  EXPECT_EQ(install({"sh", "-c", "seq 1 200000"}).text, "");  // more than a pipe holds
}

TEST(BootstrapCommand, ItsLastWordsAreKept) {
  const Said said =
      install({"sh", "-c", "seq 1 5000; echo 'ADMIN_PASSWORD=x y'; echo Oh >&2; exit 3"});
  EXPECT_THAT(said.text, AllOf(HasSubstr("failed with exit status 3"), HasSubstr("5000\n"),
                               HasSubstr("\n(a line about a password)\nOh"),
                               Not(HasSubstr("\nADMIN")), Not(HasSubstr("\n4000\n"))));
}

TEST(BootstrapCommand, NoShellReadsItsWords) {
  const Said said = install({"printf", "%s\n", "$HOME; exit 1"});
  EXPECT_EQ(said.text, "");
  EXPECT_THAT(install({"/no/such/program"}).text, HasSubstr("cannot be executed"));
}

TEST(BootstrapCommand, OurDescriptorsAreNotForIt) {
  // 3 is what lists the folder.
  EXPECT_EQ(install({"sh", "-c", "test \"$(ls /proc/self/fd | tr '\\n' ' ')\" = '0 1 2 3 '"}).text,
            "");
}

TEST(BootstrapCommand, ItIsKilledWithAllItStartedWhenItTakesTooLong) {
  const TempFolder folder;
  const std::string file = (folder.path() / "pids").string();
  // Both refuse to end when they are asked to.
  const Said said = install(
      {"sh", "-c",
       "trap '' TERM; (trap '' TERM; exec sleep 300) & echo $$ $! > " + file + "; sleep 300; wait"},
      milliseconds(500));
  EXPECT_THAT(said.text, HasSubstr("not done within 500 ms, and is killed"));
  std::ifstream stream(file);
  for (int pid = 0; stream >> pid;) {
    // Until somebody collects it, what is killed is still listed.
    const auto gone = [&] {
      std::ifstream state("/proc/" + std::to_string(pid) + "/stat");
      std::string line;
      return !std::getline(state, line) || line.find(") Z") != std::string::npos;
    };
    Program clock({"/bin/sleep", "10"});
    clock.wait_until(gone, "the end of what it started");
  }
}

}  // namespace
}  // namespace reconcile::test
