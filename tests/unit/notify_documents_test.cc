#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "controller/net/hmac.h"
#include "controller/notify/documents.h"
#include "controller/notify/notifier.h"
#include "controller/notify/text.h"
#include "reconcilers/core/unicode.h"
#include "tests/unit/support/alerts.h"
#include "tests/unit/support/golden.h"

// What is sent, compared with tests/cases/notify, and with names that want to be more than names.

namespace reconcile::notify {
namespace {

using namespace std::chrono_literals;
using alerts::Alert;
using alerts::Condition;
using alerts::Delivery;
using alerts::Notice;
using alerts::Occasion;
using alerts::Severity;

const std::string dashboard = "https://reconcile.example/ops";

Alert approval() {
  Alert alert;
  alert.key = "prod/needs-approval";
  alert.condition = Condition::NeedsApproval;
  alert.severity = Severity::Warning;
  alert.target = "prod";
  alert.environment = "production";
  alert.reason = "DestructiveChange";
  alert.sentence =
      "needs approval: field entries.notes goes, with 12 rows; next: reconcile approve --target "
      "prod";
  alert.commit = std::string(40, 'b');
  alert.subject = "Remove <notes> & more";
  alert.started = alerts::test::noon;
  alert.path = "/targets/prod";
  return alert;
}

Alert drift() {
  Alert alert = approval();
  alert.key = "prod/drifted/index%20public.x";
  alert.condition = Condition::Drifted;
  alert.reason.clear();
  alert.object = "index public.x_*y*_<!channel>";
  alert.sentence = "drifted: index public.x is missing @channel";
  return alert;
}

Delivery delivery(Occasion occasion, const Alert& alert) {
  return {.receiver = "chat",
          .target = alert.target,
          .key = alert.key,
          .at = alerts::test::noon + 5min,
          .what = Notice{occasion, alert}};
}

alerts::CommitStatus status() {
  return {.target = "prod",
          .commit = std::string(40, 'b'),
          .state = alerts::CommitState::Failure,
          .sentence = "failed: " + std::string(200, 'x'),
          .path = "/targets/prod"};
}

TEST(NotifyDocuments, AreThoseOnRecord) {
  const Delivery firing = delivery(Occasion::Firing, approval());
  const Delivery resolved = delivery(Occasion::Resolved, drift());
  Delivery commit = firing;
  commit.key = "/targets/prod/commit/b";
  commit.what = status();
  const std::pair<const char*, std::string> documents[] = {
      {"webhook_firing.json", webhook_document(firing, dashboard)},
      {"webhook_resolved.json", webhook_document(resolved, "")},
      {"webhook_commit.json", webhook_document(commit, dashboard)},
      {"slack_firing.json", slack_message(std::get<Notice>(firing.what), dashboard)},
      {"slack_resolved.json", slack_message(std::get<Notice>(resolved.what), "")},
      {"mattermost_firing.json", mattermost_message(std::get<Notice>(firing.what), dashboard)},
      {"mattermost_resolved.json", mattermost_message(std::get<Notice>(resolved.what), "")},
      {"commit_status.json", commit_status(status(), dashboard)},
      {"alertmanager_firing.json",
       alertmanager_alerts(std::get<Notice>(firing.what), firing.at, dashboard)},
      {"alertmanager_resolved.json",
       alertmanager_alerts(std::get<Notice>(resolved.what), resolved.at, "")}};
  for (const auto& [name, document] : documents)
    test::expect_golden(std::string("../../cases/notify/") + name, document + "\n");
}

/// Bytes that names of objects, and whoever writes messages, may come up with.
const std::string hostile[] = {
    "",
    "plain",
    "<!channel> <@U123> <https://evil.example|click>",
    "@channel @here @all @everyone",
    "*bold* _it_ ~no~ `code` ```block``` [a](http://evil.example) ![i](x) # h > q | t |",
    "a\nb\r\nc\td\x01\x1b[31m\x7f",
    std::string("null\0byte", 9),
    "\xff\xfe\xc0\xaf\xed\xa0\x80\xf8\x88",
    "\xe2\x80\xae txet \xe2\x80\xac\xe2\x81\xa6 x \xe2\x80\x8b\xef\xbb\xbf",
    "\"quoted\" \\ {json:1} ' ; DROP TABLE x; --",
    "\xf0\x9f\x94\xa5\xf0\x9f\x94\xa5 ünï"
    "cödé \xe4\xb8\xad\xe6\x96\x87",
    std::string(10'000, 'x'),
    std::string(5'000, '<'),
    "cut in the middle \xe2\x82",
};

/// Every text of a document, and none of its keys.
void collect(const boost::json::value& value, std::vector<std::string>& texts) {
  if (value.is_string()) texts.emplace_back(value.get_string());
  if (value.is_array()) {
    for (const auto& item : value.get_array()) collect(item, texts);
  }
  if (value.is_object()) {
    for (const auto& item : value.get_object()) collect(item.value(), texts);
  }
}

std::vector<std::string> texts_of(const std::string& document) {
  std::vector<std::string> texts;
  collect(boost::json::parse(document), texts);
  return texts;
}

Alert named(const std::string& name) {
  Alert alert = drift();
  alert.target = name;
  alert.environment = name;
  alert.object = name;
  alert.sentence = name;
  alert.subject = name;
  alert.path = alerts::path_of(name);
  return alert;
}

TEST(NotifyDocuments, TakeAnyName) {
  for (const std::string& name : hostile) {
    const Notice notice{Occasion::Firing, named(name)};
    for (const std::string& text : texts_of(slack_message(notice, dashboard))) {
      if (!text.ends_with("|Dashboard>")) {
        EXPECT_LE(text.size(), 12'000U);
      }
      EXPECT_EQ(text.find("<!"), std::string::npos) << text;
      EXPECT_EQ(text.find("<@"), std::string::npos) << text;
      EXPECT_EQ(text.find("<http"), text.ends_with("|Dashboard>") ? 0 : std::string::npos) << text;
      EXPECT_EQ(utf8(text), text);
      EXPECT_EQ(one_line(text), text);
    }
    for (const std::string& text : texts_of(mattermost_message(notice, dashboard))) {
      if (text.starts_with("2") || text.starts_with("b")) continue;  // the footer is plain
      EXPECT_EQ(text.find("@channel"), std::string::npos) << text;
      EXPECT_EQ(text.find("@all"), std::string::npos) << text;
      if (!text.starts_with(dashboard)) {
        EXPECT_EQ(text.find("]("), std::string::npos) << text;
        EXPECT_EQ(text.find(" *"), std::string::npos) << text;
      }
    }
    for (const std::string& text : texts_of(alertmanager_alerts(notice, alerts::test::noon, "")))
      EXPECT_EQ(utf8(text), text);
    EXPECT_NO_THROW(
        boost::json::parse(webhook_document(delivery(Occasion::Event, named(name)), "")));
    alerts::CommitStatus commit = status();
    commit.target = commit.sentence = name;
    commit.path = alerts::path_of(name);
    const boost::json::value document = boost::json::parse(commit_status(commit, dashboard));
    std::size_t characters = 0;
    for (const char c : document.at("description").get_string())
      characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80 ? 1 : 0;
    EXPECT_LE(characters, 140U);
    EXPECT_LE(document.at("context").get_string().size(), 1'024U);
  }
}

TEST(NotifyDocuments, SlackTakesTheLongestOnes) {
  Alert alert = named(std::string(9'000, '<'));
  const auto document = boost::json::parse(slack_message({Occasion::Reminder, alert}, dashboard));
  const auto& blocks = document.at("attachments").at(0).at("blocks").get_array();
  // As Slack counts: what an escape stands for is one character.
  const auto length = [](std::string text) {
    for (std::size_t at = 0; (at = text.find("&lt;", at)) != std::string::npos; ++at)
      text.replace(at, 4, "<");
    return utf8(text).size();
  };
  EXPECT_LE(length(std::string(blocks[0].at("text").at("text").get_string())), 150U);
  EXPECT_LE(length(std::string(blocks[1].at("text").at("text").get_string())), 3'000U);
}

TEST(NotifyText, IsUtf8OnOneLine) {
  EXPECT_EQ(one_line("a\nb\r\n\tc \x01 d"), "a b c d");
  EXPECT_EQ(one_line("\n a \n"), "a");
  EXPECT_EQ(one_line("x\xe2\x80\xaey"), "x y");
  EXPECT_EQ(utf8("a\xff"
                 "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(utf8("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(utf8("\xed\xa0\x80").size(), 9U);
  EXPECT_EQ(utf8("\xf4\x90\x80\x80").size(), 12U);
  EXPECT_EQ(shortened("abcd", 4), "abcd");
  EXPECT_EQ(shortened("abcde", 4), "abc\xe2\x80\xa6");
  EXPECT_EQ(shortened("\xc3\xa4\xc3\xa4\xc3\xa4", 2), "\xc3\xa4\xe2\x80\xa6");
  EXPECT_EQ(markdown_escaped("a*b@c"),
            "a\\*b@\xe2\x80\x8b"
            "c");
  EXPECT_EQ(iso_time(WallTime{} + 1ms), "1970-01-01T00:00:00Z");
}

TEST(NotifyText, SignaturesAreThoseOfRfc4231) {
  EXPECT_EQ(net::hmac_sha256("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(net::hmac_sha256(std::string(131, '\xaa'),
                             "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(NotifyAddress, TheApiOfARepositoryIsBesideIt) {
  const auto api = [](Type type, const std::string& host, const std::string& path) {
    const net::Server server =
        repository_api(type, {.name = "git", .tls = true, .host = host, .port = 443, .path = path});
    return server.host + server.path;
  };
  EXPECT_EQ(api(Type::Gitea, "git.example", "/ops/db"), "git.example/api/v1/repos/ops/db");
  EXPECT_EQ(api(Type::Gitea, "h", "/git/ops/db.git"), "h/git/api/v1/repos/ops/db");
  EXPECT_EQ(api(Type::Github, "github.com", "/ops/db"), "api.github.com/repos/ops/db");
  EXPECT_EQ(api(Type::Github, "ghe.example", "/ops/db"), "ghe.example/api/v3/repos/ops/db");
}

}  // namespace
}  // namespace reconcile::notify
