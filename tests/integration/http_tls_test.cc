#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "controller/net/http_client.h"
#include "tests/support/git_repo.h"
#include "tests/support/program.h"
#include "tests/support/running_server.h"

namespace reconcile::test {
namespace {

/// A certificate for 127.0.0.1 that is its own authority, and its key.
void make_certificate(const std::filesystem::path& folder) {
  const Ran made = run_program(
      {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
       "-nodes", "-days", "2", "-subj", "/CN=reconcile", "-addext", "subjectAltName=IP:127.0.0.1",
       "-keyout", (folder / "key.pem").string(), "-out", (folder / "certificate.pem").string()});
  ASSERT_EQ(made.exit_code, 0) << made;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class HttpTls : public ::testing::Test {
 protected:
  Result<net::HttpResponse> ask(RunningServer& server, const std::string& trusted) {
    return net::send({.name = "server", .tls = true, .host = "127.0.0.1", .port = server.port()},
                     {.target = "/healthz"}, {}, trusted);
  }
  ServerSetup setup() const {
    return {.server = {.certificate_file = (folder_.path() / "certificate.pem").string(),
                       .key_file = (folder_.path() / "key.pem").string()}};
  }

  TempFolder folder_;
};

TEST_F(HttpTls, ServesWithItsCertificateAndWithANewOne) {
  make_certificate(folder_.path());
  const std::string first = text_of(folder_.path() / "certificate.pem");
  RunningServer server(setup());
  ASSERT_TRUE(server.started) << describe(server.started.error());
  const auto answer = ask(server, first);
  ASSERT_TRUE(answer) << describe(answer.error());
  EXPECT_EQ(answer->body, "ok\n");
  EXPECT_FALSE(ask(server, "")) << "nobody vouches for it";

  make_certificate(folder_.path());
  const std::string second = text_of(folder_.path() / "certificate.pem");
  EXPECT_TRUE(ask(server, first)) << "not read again yet";
  ASSERT_TRUE(server.reload_certificate());
  EXPECT_TRUE(ask(server, second));
  EXPECT_FALSE(ask(server, first));

  std::ofstream(folder_.path() / "key.pem") << "nonsense";
  const auto refused = server.reload_certificate();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().where.ends_with("key.pem"));
  EXPECT_TRUE(ask(server, second)) << "the old one stays";
}

TEST_F(HttpTls, PlainTextIsCut) {
  make_certificate(folder_.path());
  RunningServer server(setup());
  Talk talk = server.talk();
  talk.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(talk.rest().find("HTTP"), std::string::npos);
}

TEST_F(HttpTls, WithoutAKeyItDoesNotStart) {
  make_certificate(folder_.path());
  std::filesystem::remove(folder_.path() / "key.pem");
  boost::asio::io_context io;
  boost::asio::thread_pool pool(1);
  http::Access access({});
  const http::Site site(http::Router(), access, {});
  http::ServerOptions options = setup().server;
  options.listeners = {{"127.0.0.1", 0}};
  http::Server broken(io, pool, options, site);
  const auto started = broken.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, ErrorKind::Usage);
  pool.join();
}

}  // namespace
}  // namespace reconcile::test
