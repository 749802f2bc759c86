#include <gmock/gmock.h>

#include <atomic>
#include <boost/json.hpp>

#include "controller/net/hmac.h"
#include "controller/notify/notifier.h"
#include "controller/notify/text.h"
#include "reconcilers/alerts/book.h"
#include "reconcilers/alerts/outbox.h"
#include "tests/support/http_server.h"
#include "tests/unit/support/alerts.h"

// Receivers as real servers: what reaches them, and what becomes of what does not.

namespace reconcile::test {
namespace {

using namespace std::chrono_literals;
using alerts::Occasion;
using alerts::Outbox;
using alerts::Receipt;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const WallTime noon = alerts::test::noon;
constexpr const char* kSecret = "very-secret-word";

notify::Options options(notify::Type type, std::uint16_t port, const std::string& path = "") {
  notify::Options made;
  made.name = "chat";
  made.type = type;
  made.server = {.name = "x", .tls = false, .host = "127.0.0.1", .port = port, .path = path};
  made.limits = {.connect = 300ms, .whole = 500ms};
  return made;
}

alerts::Delivery firing(const std::string& key = "prod/failed/post") {
  alerts::Alert alert;
  alert.key = key;
  alert.target = "prod";
  alert.sentence = "failed: the way it is";
  alert.started = noon;
  return {.receiver = "chat",
          .target = "prod",
          .key = key,
          .at = noon,
          .what = alerts::Notice{Occasion::Firing, alert}};
}

alerts::Delivery commit(alerts::CommitState state) {
  alerts::Delivery delivery = firing();
  delivery.what = alerts::CommitStatus{.target = "prod",
                                       .commit = std::string(40, 'b'),
                                       .state = state,
                                       .sentence = "in sync",
                                       .path = "/targets/prod"};
  return delivery;
}

struct Way {
  std::string name;
  notify::Type type;
  std::string path;
  alerts::Delivery delivery;
  std::string target;  ///< of the request
  std::string part;    ///< of its body
};

class NotifyWays : public testing::TestWithParam<Way> {};

TEST_P(NotifyWays, ReachTheirReceiver) {
  const Way& way = GetParam();
  const HttpServer server([](const HttpAsked&) { return HttpAnswer::status(200, "ok"); });
  notify::Options made = options(way.type, server.port(), way.path);
  made.token = kSecret;
  const Receipt receipt = notify::notifier(made)->deliver(way.delivery, noon);
  EXPECT_FALSE(receipt.error);
  ASSERT_EQ(server.asked().size(), 1U);
  const HttpAsked asked = server.asked().front();
  EXPECT_EQ(asked.method + " " + asked.target, "POST " + way.target);
  EXPECT_EQ(asked.header("Content-Type"), "application/json");
  EXPECT_EQ(asked.header("Authorization"), std::string("Bearer ") + kSecret);
  EXPECT_THAT(asked.body, HasSubstr(way.part));
}

INSTANTIATE_TEST_SUITE_P(
    Notify, NotifyWays,
    testing::Values(
        Way{"webhook", notify::Type::Webhook, "/in?a=b", firing(), "/in?a=b",
            "\"kind\":\"firing\""},
        Way{"slack", notify::Type::Slack, "/services/T/B/x", firing(), "/services/T/B/x",
            "\"blocks\""},
        Way{"mattermost", notify::Type::Mattermost, "/hooks/x", firing(), "/hooks/x",
            "\"fallback\""},
        Way{"gitea", notify::Type::Gitea, "/git/ops/db", commit(alerts::CommitState::Success),
            "/git/api/v1/repos/ops/db/statuses/" + std::string(40, 'b'),
            "\"context\":\"reconcile/prod\""},
        Way{"github", notify::Type::Github, "/ops/db", commit(alerts::CommitState::Pending),
            "/api/v3/repos/ops/db/statuses/" + std::string(40, 'b'), "\"state\":\"pending\""},
        Way{"alertmanager", notify::Type::Alertmanager, "/am", firing(), "/am/api/v2/alerts",
            "\"alertname\":\"ReconcileFailed\""}),
    [](const auto& way) { return way.param.name; });

TEST(Notify, AWebhookIsSignedWithTheTimeItIsSent) {
  const HttpServer server([](const HttpAsked&) { return HttpAnswer::status(204, ""); });
  notify::Options made = options(notify::Type::Webhook, server.port());
  made.secret = kSecret;
  ASSERT_FALSE(notify::notifier(made)->deliver(firing(), noon + 90s).error);
  const HttpAsked asked = server.asked().front();
  const std::string time = std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>((noon + 90s).time_since_epoch()).count());
  EXPECT_EQ(asked.header("X-Reconcile-Signature"),
            "t=" + time + ",v1=" + net::hmac_sha256(kSecret, time + "." + asked.body));
  EXPECT_THAT(asked.head, Not(HasSubstr(kSecret)));
}

struct Refusal {
  std::string name;
  HttpAnswer answer;
  ErrorKind kind;
  std::optional<std::chrono::seconds> wait;
  std::string text;
};

class NotifyRefusals : public testing::TestWithParam<Refusal> {};

TEST_P(NotifyRefusals, AreToldApart) {
  const Refusal& refusal = GetParam();
  const HttpServer server([&](const HttpAsked&) { return refusal.answer; });
  notify::Options made = options(notify::Type::Slack, server.port(), "/services/very-secret-path");
  made.token = kSecret;
  const Receipt receipt = notify::notifier(made)->deliver(firing(), noon);
  ASSERT_TRUE(receipt.error);
  EXPECT_EQ(receipt.error->kind, refusal.kind);
  EXPECT_EQ(receipt.wait, refusal.wait);
  const std::string text = describe(*receipt.error) + "; " + receipt.error->next;
  EXPECT_THAT(text, StartsWith("receiver chat: "));
  EXPECT_THAT(text, HasSubstr(refusal.text));
  EXPECT_THAT(text, Not(HasSubstr("very-secret")));
}

INSTANTIATE_TEST_SUITE_P(
    Notify, NotifyRefusals,
    testing::Values(
        Refusal{"busy", HttpAnswer::status(429, "", "Retry-After: 90\r\n"), ErrorKind::Transient,
                90s, "it answers 429"},
        Refusal{
            "until",
            HttpAnswer::status(503, "",
                               "Retry-After: " + std::string("Mon, 05 Jan 2026 08:02:00 GMT\r\n")),
            ErrorKind::Transient, 120s, "it answers 503"},
        Refusal{"oddwait", HttpAnswer::status(503, "", "Retry-After: soon\r\n"),
                ErrorKind::Transient, std::nullopt, "it answers 503"},
        Refusal{"broken", HttpAnswer::status(500), ErrorKind::Transient, std::nullopt, "500"},
        Refusal{"timeout", HttpAnswer::status(408), ErrorKind::Transient, std::nullopt, "408"},
        Refusal{"gone", HttpAnswer::status(404, "no_service"), ErrorKind::Terminal, std::nullopt,
                "it answers 404: no_service; give the address"},
        Refusal{"forbidden", HttpAnswer::status(403), ErrorKind::Terminal, std::nullopt, "token"},
        Refusal{"wrong", HttpAnswer::status(400, "invalid\npayload"), ErrorKind::Terminal,
                std::nullopt, "it answers 400: invalid payload"},
        Refusal{"moved", HttpAnswer::status(302, "", "Location: http://x/\r\n"),
                ErrorKind::Terminal, std::nullopt, "redirects are not followed"},
        Refusal{"echo", HttpAnswer::status(400, "Bearer very-secret-word"), ErrorKind::Terminal,
                std::nullopt, "it answers 400; look"},
        Refusal{"echo_path", HttpAnswer::status(400, "POST /services/very-secret-path"),
                ErrorKind::Terminal, std::nullopt, "it answers 400; look"},
        Refusal{"silent", HttpAnswer::hang(), ErrorKind::Transient, std::nullopt, "no answer"},
        Refusal{"dropped", HttpAnswer::drop(), ErrorKind::Transient, std::nullopt, "closed"}),
    [](const auto& refusal) { return refusal.param.name; });

TEST(Notify, AReceiverThatIsNotThereIsTriedAgain) {
  const Receipt receipt =
      notify::notifier(options(notify::Type::Webhook, free_port()))->deliver(firing(), noon);
  ASSERT_TRUE(receipt.error);
  EXPECT_EQ(receipt.error->kind, ErrorKind::Transient);
}

TEST(Notify, WhatAReceiverHasNoFormForHasArrived) {
  EXPECT_FALSE(notify::notifier(options(notify::Type::Gitea, free_port(), "/o/n"))
                   ->deliver(firing(), noon)
                   .error);
  EXPECT_FALSE(notify::notifier(options(notify::Type::Slack, free_port()))
                   ->deliver(commit(alerts::CommitState::Error), noon)
                   .error);
}

/// Two receivers and a target that fails and is mended every ten minutes, for `length`.
class Hours {
 public:
  explicit Hours(const std::map<std::string, std::uint16_t>& ports) {
    for (const auto& [name, port] : ports) {
      settings_.receivers.push_back({.name = name});
      notify::Options made = options(notify::Type::Webhook, port);
      made.name = name;
      notifiers_[name] = notify::notifier(made);
    }
    status_.target = "prod";
  }

  void live(std::chrono::minutes length) {
    const WallTime end = now_ + length;
    for (; now_ < end; now_ += 1min, ++minute_) {
      const bool fails = minute_ / 10 % 2 == 0;
      pass(fails ? alerts::test::failed(Stage::Post) : alerts::test::applied("b"));
      deliver();
      EXPECT_LE(outbox_.waiting(), settings_.receivers.size()) << "one for each at most";
    }
  }
  void pass(const PassReport& report) {
    status_ = status_after(status_, report, now_);
    auto update = alerts::update(book_, status_, alerts::News::PassEnded, now_, settings_);
    book_ = std::move(update.book);
    for (auto& delivery : update.deliveries) outbox_.put(std::move(delivery));
  }
  void deliver() {
    for (const auto& delivery : outbox_.take(now_)) {
      const Receipt receipt = notifiers_.at(delivery.receiver)->deliver(delivery, now_);
      ++tries[delivery.receiver];
      if (outbox_.settle(delivery, receipt, now_, 0.5) != Outbox::End::Later)
        book_ = alerts::delivered(std::move(book_), delivery, now_);
    }
  }

  std::map<std::string, int> tries = {};

 private:
  alerts::Settings settings_;
  TargetStatus status_;
  alerts::Book book_;
  Outbox outbox_;
  std::map<std::string, std::unique_ptr<Notifier>> notifiers_;
  WallTime now_ = noon;
  int minute_ = 0;
};

/// "firing", "resolved", … of the documents that were taken.
std::vector<std::string> kinds(const HttpServer& server, std::size_t from = 0) {
  std::vector<std::string> all;
  const auto asked = server.asked();
  for (std::size_t i = from; i < asked.size(); ++i)
    all.emplace_back(boost::json::parse(asked[i].body).at("kind").get_string());
  return all;
}

TEST(Notify, AnHourOfFailuresOfOneReceiverIsNoneOfTheOther) {
  std::atomic<int> state = 500;
  const HttpServer good([](const HttpAsked&) { return HttpAnswer::status(200); });
  const HttpServer bad([&](const HttpAsked&) { return HttpAnswer::status(state); });
  Hours hours({{"good", good.port()}, {"bad", bad.port()}});
  hours.live(60min);
  EXPECT_THAT(kinds(good),
              ElementsAre("firing", "resolved", "firing", "resolved", "firing", "resolved"));
  EXPECT_GT(hours.tries["bad"], 10);
  EXPECT_LT(hours.tries["bad"], 25) << "it backs off";
  const std::size_t before = bad.asked().size();
  state = 200;
  hours.live(20min);
  // Of what came and went meanwhile it hears the end, and then what is new.
  EXPECT_THAT(kinds(bad, before), ElementsAre("resolved", "firing", "resolved"));
}

TEST(Notify, ADeadReceiverComesBack) {
  const std::uint16_t port = free_port();
  Hours hours({{"dead", port}});
  hours.live(65min);
  const HttpServer back([](const HttpAsked&) { return HttpAnswer::status(200); }, port);
  hours.live(15min);
  EXPECT_THAT(kinds(back), ElementsAre("resolved", "firing", "resolved"));
}

}  // namespace
}  // namespace reconcile::test
