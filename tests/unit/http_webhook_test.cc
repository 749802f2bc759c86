#include <gtest/gtest.h>

#include "controller/http/secret.h"
#include "controller/http/webhook.h"
#include "controller/net/hmac.h"

namespace reconcile::http {
namespace {

constexpr std::chrono::system_clock::time_point noon{std::chrono::seconds(1'790'000'000)};
const std::string body =
    R"({"ref":"refs/heads/main","after":"9f2c","repository":{"clone_url":"https://git/a.git","ssh_url":"git@git:a.git"}})";

struct Receivers {
  HookSecrets secrets{"tea", "hub", "any"};
  std::vector<Push> pushes;
  std::vector<std::string> counted;
  std::string followed = "refs/heads/main";
  std::vector<Route> routes =
      hook_routes({.secrets = [this] { return secrets; },
                   .pushed =
                       [this](const Push& push) {
                         pushes.push_back(push);
                         return push.ref == followed;
                       },
                   .count =
                       [this](std::string_view kind, std::string_view result) {
                         counted.push_back(std::string(kind) + " " + std::string(result));
                       },
                   .now = [] { return noon; }});

  Reply post(std::size_t kind, std::vector<Header> headers, const std::string& text = body) {
    Request request;
    request.method = "POST";
    request.headers = std::move(headers);
    request.body = text;
    return routes.at(kind).handler(request);
  }
};

std::vector<Header> gitea(const std::string& signature, const std::string& id = "1",
                          const std::string& event = "push") {
  return {{"x-gitea-signature", signature}, {"X-Gitea-Event", event}, {"X-Gitea-Delivery", id}};
}

std::vector<Header> generic(std::int64_t time, const std::string& secret = "any") {
  const std::string text = std::to_string(time);
  return {{"X-Reconcile-Signature",
           "t=" + text + ",v1=" + net::hmac_sha256(secret, text + "." + body)}};
}

// The example of RFC 4231, section 4.3.
TEST(Webhook, SignsAsOthersDo) {
  EXPECT_EQ(net::hmac_sha256("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Webhook, APushOnAFollowedRefIsALook) {
  Receivers hooks;
  EXPECT_EQ(hooks.post(0, gitea(net::hmac_sha256("tea", body))).status, 202U);
  EXPECT_EQ(hooks
                .post(1, {{"X-Hub-Signature-256", "sha256=" + net::hmac_sha256("hub", body)},
                          {"X-GitHub-Event", "push"}})
                .status,
            202U);
  const std::string own = R"({"ref":"refs/heads/main","repository":"https://git/a.git"})";
  EXPECT_EQ(hooks
                .post(2,
                      {{"X-Reconcile-Signature",
                        "t=1790000000,v1=" + net::hmac_sha256("any", "1790000000." + own)}},
                      own)
                .status,
            202U);
  ASSERT_EQ(hooks.pushes.size(), 3U);
  EXPECT_EQ(hooks.pushes[0].repositories,
            (std::vector<std::string>{"https://git/a.git", "git@git:a.git"}));
  EXPECT_EQ(hooks.pushes[0].commit, "9f2c");
  EXPECT_EQ(hooks.counted,
            (std::vector<std::string>{"gitea accepted", "github accepted", "generic accepted"}));
}

TEST(Webhook, WhatIsNotSignedIsNotRead) {
  Receivers hooks;
  const std::string right = net::hmac_sha256("tea", body);
  std::string wrong = right;
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  const std::vector<std::vector<Header>> cases{{},
                                               gitea(""),
                                               gitea(wrong),
                                               gitea(right.substr(1)),
                                               gitea("sha256=" + right),
                                               gitea(net::hmac_sha256("", body))};
  for (const auto& headers : cases) EXPECT_EQ(hooks.post(0, headers).status, 403U);
  EXPECT_EQ(hooks.post(1, {{"X-Hub-Signature-256", net::hmac_sha256("hub", body)}}).status, 403U);
  EXPECT_EQ(hooks.post(0, gitea(right), body + " ").status, 403U);
  EXPECT_TRUE(hooks.pushes.empty());
}

TEST(Webhook, AnOldSignatureDoesNotCount) {
  constexpr std::int64_t now = 1'790'000'000;
  const std::pair<std::int64_t, unsigned> cases[] = {
      {now - 301, 403}, {now + 301, 403}, {now - 300, 202}, {now + 300, 202}};
  for (const auto& [time, status] : cases)
    EXPECT_EQ(Receivers().post(2, generic(time)).status, status) << time;
  Receivers hooks;
  EXPECT_EQ(hooks.post(2, generic(now, "other")).status, 403U);
  for (const char* header : {"", "t=", "t=x,v1=", "t=1790000000", "t=1790000000,v1=",
                             "t=99999999999999999999,v1=00", "v1=00,t=1790000000", "t=-1,v1=0"})
    EXPECT_EQ(hooks.post(2, {{"X-Reconcile-Signature", header}}).status, 403U) << header;
}

TEST(Webhook, AReplayDoesNothing) {
  Receivers hooks;
  const std::string signature = net::hmac_sha256("tea", body);
  EXPECT_EQ(hooks.post(0, gitea(signature, "1")).status, 202U);
  EXPECT_EQ(hooks.post(0, gitea(signature, "1")).status, 200U);
  EXPECT_EQ(hooks.post(0, gitea(signature, "2")).status, 200U) << "its id is not signed";
  EXPECT_EQ(hooks.pushes.size(), 1U);
}

TEST(Webhook, OnlyAPushThatSomebodyFollowsMatters) {
  Receivers hooks;
  const std::string signature = net::hmac_sha256("tea", body);
  EXPECT_EQ(hooks.post(0, gitea(signature, "1", "issues")).status, 200U);
  hooks.followed = "refs/heads/other";
  EXPECT_EQ(hooks.post(0, gitea(signature)).status, 200U);
  hooks.followed = "refs/heads/main";
  EXPECT_EQ(hooks.post(0, gitea(signature)).status, 202U) << "delivered again after a reload";
}

TEST(Webhook, WithoutASecretItIsOff) {
  Receivers hooks;
  hooks.secrets = {};
  EXPECT_EQ(hooks.post(0, gitea(net::hmac_sha256("", body))).status, 404U);
  EXPECT_EQ(hooks.post(2, generic(1'790'000'000, "")).status, 404U);
  const char* keys[] = {"http.gitea_secret_file", "http.github_secret_file",
                        "http.generic_secret_file"};
  for (std::size_t kind = 0; kind < std::size(keys); ++kind)
    EXPECT_NE(hooks.post(kind, {}).body.find(keys[kind]), std::string::npos) << keys[kind];
  EXPECT_TRUE(hooks.counted.empty());
}

TEST(Webhook, ABodyThatIsNoPushIsRefused) {
  for (const std::string& text : std::vector<std::string>{
           "", "{", "[]", "{}", R"({"ref":7,"repository":"x"})", R"({"ref":"refs/heads/main"})",
           R"({"ref":"refs/heads/main","repository":{"clone_url":7}})",
           R"({"ref":"refs/heads/main","repository":[]})"}) {
    EXPECT_EQ(Receivers().post(0, gitea(net::hmac_sha256("tea", text)), text).status, 400U) << text;
  }
  EXPECT_FALSE(parse_push(HookKind::Gitea, std::string(100'000, '[')));
}

TEST(Webhook, MemoryOfDeliveriesIsBounded) {
  Deliveries deliveries;
  EXPECT_TRUE(deliveries.remember({"first"}));
  for (int i = 0; i < 3000; ++i) EXPECT_TRUE(deliveries.remember({std::to_string(i)}));
  EXPECT_FALSE(deliveries.remember({"2999"}));
  EXPECT_TRUE(deliveries.remember({"first"}));
}

}  // namespace
}  // namespace reconcile::http
