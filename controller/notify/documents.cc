#include "controller/notify/documents.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "controller/notify/text.h"
#include "reconcilers/core/unicode.h"

namespace reconcile::notify {
namespace {

namespace json = boost::json;
using alerts::Alert;
using alerts::Condition;
using alerts::Notice;
using alerts::Occasion;
using alerts::Severity;

/// An empty address would be none at all.
void add_link(json::object& object, std::string_view name, const std::string& dashboard,
              const std::string& path) {
  if (!dashboard.empty()) object[name] = dashboard + path;
}

json::object json_of(const Notice& notice, const std::string& dashboard) {
  const Alert& alert = notice.alert;
  json::object object{{"kind", name_of(notice.occasion)},
                      {"condition", name_of(alert.condition)},
                      {"severity", name_of(alert.severity)},
                      {"target", utf8(alert.target)},
                      {"environment", utf8(alert.environment)},
                      {"reason", utf8(alert.reason)},
                      {"object", utf8(alert.object)},
                      {"sentence", utf8(alert.sentence)},
                      {"revision", alert.commit},
                      {"subject", utf8(alert.subject)},
                      {"started", iso_time(alert.started)}};
  add_link(object, "link", dashboard, alert.path);
  return object;
}

json::object json_of(const alerts::CommitStatus& status, const std::string& dashboard) {
  json::object object{{"kind", "commit"},
                      {"state", name_of(status.state)},
                      {"target", utf8(status.target)},
                      {"sentence", utf8(status.sentence)},
                      {"revision", status.commit}};
  add_link(object, "link", dashboard, status.path);
  return object;
}

std::string colour(const Notice& notice) {
  if (notice.occasion == Occasion::Resolved) return "#2e7d32";
  switch (notice.alert.severity) {
    case Severity::Critical:
      return "#c62828";
    case Severity::Warning:
      return "#ef6c00";
    case Severity::Info:
      break;
  }
  return "#455a64";
}

std::string words_of(Condition condition) {
  std::string words(name_of(condition));
  std::ranges::replace(words, '-', ' ');
  return words;
}

/// A message for people, each part on one line, nothing escaped.
struct Message {
  std::string title;  ///< "prod (production): drifted: index public.x"
  std::string text;
  std::string about;  ///< commit and time; may be empty
};

Message message_of(const Notice& notice) {
  const Alert& alert = notice.alert;
  std::string title = alert.target;
  if (!alert.environment.empty() && alert.environment != alert.target)
    title += fmt::format(" ({})", alert.environment);
  const bool resolved = notice.occasion == Occasion::Resolved;
  title += resolved ? ": resolved: " : notice.occasion == Occasion::Reminder ? ": still " : ": ";
  title += words_of(alert.condition);
  if (!alert.object.empty()) title += ": " + alert.object;
  std::string about;
  if (!alert.commit.empty() && !is_event(alert.condition))
    about = fmt::format("{} {}, ", alert.commit.substr(0, 10), alert.subject);
  about += (is_event(alert.condition) ? "" : "since ") + iso_time(alert.started);
  return {one_line(title), one_line((resolved ? "it was " : "") + alert.sentence), one_line(about)};
}

}  // namespace

std::string webhook_document(const alerts::Delivery& delivery, const std::string& dashboard) {
  json::object object{{"version", 1}, {"key", delivery.key}, {"at", iso_time(delivery.at)}};
  const json::object more =
      std::visit([&](const auto& what) { return json_of(what, dashboard); }, delivery.what);
  object.insert(more.begin(), more.end());
  return json::serialize(object);
}

// Of its texts, Slack reads only <, > and & in those it calls plain; blocks have at most 150
// (header) and 3,000 characters.
std::string slack_message(const Notice& notice, const std::string& dashboard) {
  const Message message = message_of(notice);
  const auto plain = [](const std::string& text, std::size_t most) {
    return json::object{
        {"type", "plain_text"}, {"text", slack_escaped(shortened(text, most))}, {"emoji", false}};
  };
  json::array elements{plain(message.about, 500)};
  if (!dashboard.empty()) {
    const std::string address = slack_escaped(dashboard + notice.alert.path);
    elements.push_back(
        json::object{{"type", "mrkdwn"}, {"text", fmt::format("<{}|Dashboard>", address)}});
  }
  // Escapes count: five characters for one.
  json::array blocks{json::object{{"type", "header"}, {"text", plain(message.title, 120)}},
                     json::object{{"type", "section"}, {"text", plain(message.text, 2'000)}},
                     json::object{{"type", "context"}, {"elements", std::move(elements)}}};
  return json::serialize(json::object{
      {"text", slack_escaped(shortened(message.title, 300))},
      {"mrkdwn", false},
      {"unfurl_links", false},
      {"attachments",
       json::array{json::object{{"color", colour(notice)}, {"blocks", std::move(blocks)}}}}});
}

std::string mattermost_message(const Notice& notice, const std::string& dashboard) {
  const Message message = message_of(notice);
  json::object attachment{{"fallback", markdown_escaped(shortened(message.title, 300))},
                          {"color", colour(notice)},
                          {"title", markdown_escaped(shortened(message.title, 300))},
                          {"text", markdown_escaped(shortened(message.text, 3'000))},
                          {"footer", shortened(message.about, 300)}};
  add_link(attachment, "title_link", dashboard, notice.alert.path);
  return json::serialize(json::object{{"attachments", json::array{std::move(attachment)}}});
}

std::string commit_status(const alerts::CommitStatus& status, const std::string& dashboard) {
  json::object object{{"state", name_of(status.state)},
                      {"context", shortened("reconcile/" + one_line(status.target), 255)},
                      // GitHub refuses a longer one.
                      {"description", shortened(one_line(status.sentence), 140)}};
  add_link(object, "target_url", dashboard, status.path);
  return json::serialize(object);
}

std::string alertmanager_alerts(const Notice& notice, WallTime at, const std::string& dashboard) {
  const Alert& alert = notice.alert;
  std::string name = "Reconcile";
  bool begins = true;
  for (const char c : name_of(alert.condition)) {
    if (c != '-') name += begins ? static_cast<char>(c - 'a' + 'A') : c;
    begins = c == '-';
  }
  json::object labels{
      {"alertname", name}, {"severity", name_of(alert.severity)}, {"target", utf8(alert.target)}};
  if (!alert.environment.empty()) labels["environment"] = utf8(alert.environment);
  // Of these two alone, the reason is a part of the key.
  const bool reason = alert.condition == Condition::Failed || alert.condition == Condition::Held;
  if (reason && !alert.reason.empty()) labels["reason"] = utf8(alert.reason);
  if (!alert.object.empty()) labels["object"] = utf8(alert.object);
  json::object annotations{{"summary", one_line(alert.sentence)}};
  if (!alert.commit.empty()) annotations["revision"] = one_line(alert.commit + " " + alert.subject);
  json::object object{{"labels", std::move(labels)},
                      {"annotations", std::move(annotations)},
                      {"startsAt", iso_time(alert.started)}};
  if (notice.occasion == Occasion::Resolved) object["endsAt"] = iso_time(at);
  add_link(object, "generatorURL", dashboard, alert.path);
  return json::serialize(json::array{std::move(object)});
}

}  // namespace reconcile::notify
