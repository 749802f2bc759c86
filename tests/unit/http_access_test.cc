#include <gtest/gtest.h>

#include "controller/http/access.h"
#include "controller/http/duration.h"
#include "controller/http/router.h"
#include "reconcilers/core/digest.h"
#include "reconcilers/core/pattern.h"

namespace reconcile::http {
namespace {

using namespace std::chrono_literals;

struct Time {
  std::chrono::steady_clock::time_point now{};
};

Request request_of(std::vector<Header> headers, std::string method = "GET",
                   std::string address = "127.0.0.1") {
  Request request;
  request.method = std::move(method);
  request.headers = std::move(headers);
  request.headers.push_back({"Host", "localhost:8484"});
  request.address = std::move(address);
  return request;
}

std::vector<Token> tokens() {
  return {{"rita", Role::Read, sha256("r")}, {"anna", Role::Approve, sha256("a")}};
}

unsigned status_of(const Access& access, const Request& request, Role needed = Role::Read) {
  const auto decision = access.admit(request, needed);
  return decision.refusal ? decision.refusal->status : 200;
}

TEST(HttpTokens, AreReadFromLines) {
  const auto read = parse_tokens("# who\n\nrita read " + sha256("r") + "\nanna approve " +
                                     sha256("a") + " acme-* globex # two\n",
                                 "tokens");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[1].role, Role::Approve);
  EXPECT_EQ((*read)[1].targets, (std::vector<std::string>{"acme-*", "globex"}));
}

TEST(HttpTokens, MistakesNameTheirLine) {
  const std::string hash = sha256("r");
  const std::vector<std::string> lines{"rita",
                                       "rita read",
                                       "rita reed " + hash,
                                       "rita anyone " + hash,
                                       "rita read token-itself",
                                       "rita read " + hash + "\nrita read " + hash};
  for (const std::string& line : lines) {
    const auto read = parse_tokens("# x\n" + line, "tokens");
    ASSERT_FALSE(read) << line;
    EXPECT_TRUE(read.error().where.starts_with("tokens:")) << line;
    EXPECT_EQ(read.error().what.find("token-itself"), std::string::npos);
  }
}

TEST(HttpAccess, RolesGrow) {
  const Access access(tokens());
  const auto as = [](const char* token) {
    return request_of({{"authorization", std::string("bearer ") + token}});
  };
  EXPECT_EQ(status_of(access, as("r")), 200U);
  EXPECT_EQ(status_of(access, as("r"), Role::Operate), 403U);
  EXPECT_EQ(status_of(access, as("a"), Role::Operate), 200U);
  EXPECT_EQ(status_of(access, as("a"), Role::Approve), 200U);
  EXPECT_EQ(status_of(access, as(""), Role::Read), 401U);
  EXPECT_EQ(status_of(access, request_of({{"Authorization", "Basic r"}})), 401U);
  EXPECT_EQ(status_of(access, request_of({})), 401U);
  EXPECT_EQ(status_of(access, request_of({}), Role::Anyone), 200U);
}

TEST(HttpAccess, ATokenMayBeSentToAnyName) {
  const Access access(tokens(), {.hosts = {"reconcile.example.org"}});
  Request request = request_of({{"Authorization", "Bearer r"}});
  request.headers.back().value = "elsewhere";
  EXPECT_EQ(status_of(access, request), 200U);
  request.headers.erase(request.headers.begin());
  const std::pair<const char*, unsigned> hosts[] = {{"elsewhere", 421},
                                                    {"Reconcile.Example.org", 401},
                                                    {"reconcile.example.org:443", 401},
                                                    {"[::1]:8484", 401},
                                                    {"10.0.0.7:8484", 401},
                                                    {"localhost", 401},
                                                    {"localhost.evil", 421},
                                                    {"", 421},
                                                    {"127.0.0.1.evil", 421}};
  for (const auto& [host, status] : hosts) {
    request.headers.back().value = host;
    EXPECT_EQ(status_of(access, request), status) << host;
  }
}

// Whoever takes the last line out of the file has revoked every token, and opened nothing.
TEST(HttpAccess, AnEmptyFileOfTokensIsNobodys) {
  Access access(std::vector<Token>{});
  EXPECT_EQ(status_of(access, request_of({})), 401U);
  access.replace(std::nullopt);
  EXPECT_EQ(status_of(access, request_of({})), 200U) << "none are configured";
}

// A proxy on the same machine need not say that it is one.
TEST(HttpAccess, WhereOthersAreBroughtHereNobodyReadsWithoutAToken) {
  EXPECT_EQ(status_of(Access({}, {.tls_before = true}), request_of({})), 403U);
  EXPECT_EQ(status_of(Access({}, {.hosts = {"reconcile.example.org"}}), request_of({})), 403U);
  EXPECT_EQ(status_of(Access({}), request_of({})), 200U);
}

TEST(HttpAccess, SessionsEnd) {
  Time time;
  Access access(tokens(), {.session_life = 60s, .sessions = 2}, [&] { return time.now; });
  const auto begin = [&] {
    auto session = std::get<Access::Session>(access.log_in(request_of({}, "POST"), "a"));
    return request_of({{"Cookie", session.cookie.value.substr(0, session.cookie.value.find(';'))}});
  };
  const Request first = begin();
  EXPECT_EQ(status_of(access, first, Role::Approve), 200U);
  time.now += 1s;
  const Request second = begin();
  time.now += 1s;
  const Request third = begin();
  EXPECT_EQ(status_of(access, first), 401U) << "two at a time";
  EXPECT_EQ(status_of(access, second), 200U);
  time.now += 59s;
  EXPECT_EQ(status_of(access, second), 401U) << "its time is over";
  EXPECT_EQ(status_of(access, third), 200U);
  access.replace(std::vector<Token>{tokens().front()});
  EXPECT_EQ(status_of(access, third), 401U) << "its token is gone";
}

TEST(HttpAccess, FailedLoginsAreCounted) {
  Time time;
  Access access(tokens(), {.failed_logins = 3, .failure_window = 60s}, [&] { return time.now; });
  const auto try_from = [&](const char* address, const char* token) {
    auto result = access.log_in(request_of({}, "POST", address), token);
    const auto* refused = std::get_if<Reply>(&result);
    return refused != nullptr ? refused->status : 200;
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(try_from("2001:db8::1", "x"), 401U);
  EXPECT_EQ(try_from("2001:db8::2", "x"), 429U) << "of the same network";
  EXPECT_EQ(try_from("2001:db8::2", "a"), 200U) << "of everybody behind the same proxy";
  EXPECT_EQ(try_from("2001:db8:0:1::2", "x"), 401U);
  EXPECT_EQ(try_from("198.51.100.7", "x"), 401U);
  time.now += 60s;
  EXPECT_EQ(try_from("2001:db8::1", "x"), 401U);
}

TEST(HttpAccess, CookiesUnderTlsAreOnlyForTls) {
  Access access(tokens());
  Request request = request_of({}, "POST");
  request.secure = true;
  const auto session = std::get<Access::Session>(access.log_in(request, "a"));
  EXPECT_TRUE(session.cookie.value.starts_with("__Host-reconcile="));
  EXPECT_TRUE(
      session.cookie.value.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure"));
}

TEST(HttpAccess, AFormIsOfItsSession) {
  Access access(tokens());
  Request request = request_of({{"Content-Type", "application/x-www-form-urlencoded"}}, "POST");
  EXPECT_TRUE(access.meant(request)) << "a token needs none";
  request.caller.csrf = "secret";
  EXPECT_FALSE(access.meant(request));
  request.body = "csrf=wrong!";
  EXPECT_FALSE(access.meant(request));
  request.body = "a=b&csrf=secret";
  EXPECT_TRUE(access.meant(request));
  request.headers[0].value = "text/plain";
  EXPECT_FALSE(access.meant(request));
}

TEST(HttpRouter, FindsLiteralsBeforeParameters) {
  const auto handler = [](const Request&) { return Reply(); };
  const Router router({{.method = "GET", .pattern = "/a/{x}", .handler = handler},
                       {.method = "GET", .pattern = "/a/b", .handler = handler},
                       {.method = "POST", .pattern = "/a/{x}", .handler = handler},
                       {.method = "GET", .pattern = "/", .handler = handler}});
  EXPECT_EQ(router.find("GET", "/a/b").route->pattern, "/a/b");
  EXPECT_EQ(router.find("POST", "/a/b").route->pattern, "/a/{x}");
  EXPECT_EQ(router.find("HEAD", "/a/c").route->pattern, "/a/{x}");
  EXPECT_EQ(router.find("GET", "/a/%2Fb%25").parameters.at("x"), "/b%");
  EXPECT_EQ(router.find("GET", "/").route->pattern, "/");
  for (const char* path : {"", "a/b", "/a", "/a/", "/a/b/", "/a//b", "//a/b", "/a/%", "/a/%2",
                           "/a/%zz", "/a/%00", "/A/b"})
    EXPECT_EQ(router.find("GET", path).route, nullptr) << path;
  EXPECT_EQ(router.find("PUT", "/a/b").allowed, (std::vector<std::string>{"GET", "HEAD", "POST"}));
}

TEST(HttpRequest, PatternsHaveOneSign) {
  const std::tuple<const char*, const char*, bool> cases[] = {
      {"", "", true},        {"*", "", true},          {"*", "abc", true},  {"a*c", "abc", true},
      {"a*c", "abd", false}, {"a*b*c", "aXbYc", true}, {"a*", "ba", false}, {"*a", "ba", true},
      {"a", "ab", false},    {"a?c", "abc", false},    {"**", "x", true},   {"a*a", "a", false}};
  for (const auto& [pattern, text, expected] : cases)
    EXPECT_EQ(matches(pattern, text), expected) << pattern << " " << text;
}

TEST(HttpRequest, Durations) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"90s", 90}, {"30m", 1800}, {"2h", 7200}, {"7d", 604'800},
      {"", 0},     {"2", 0},      {"h", 0},     {"-2h", 0},
      {"0s", 0},   {"2H", 0},     {"4000d", 0}, {"99999999999999999999s", 0}};
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(duration_of(text).value_or(0s).count(), expected) << text;
}

}  // namespace
}  // namespace reconcile::http
