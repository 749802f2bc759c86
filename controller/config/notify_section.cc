#include "controller/config/notify_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "controller/config/failure.h"
#include "controller/config/http_address.h"
#include "reconcilers/alerts/receiver.h"

namespace reconcile::config {
namespace {

constexpr const char* keys =
    "type, url, url_file, token_file, secret_file, ca_file, targets, environments, events, remind";

/// What goes into a line of a request: one word, or it would become other lines. Never shown.
Result<std::string> secret_in(const std::string& path, const char* what) {
  auto content = read_file(path, what);
  if (!content) return content.error();
  std::string word = trimmed(std::move(*content));
  const bool printable = !word.empty() && word.size() <= 4096 &&
                         std::ranges::all_of(word, [](char c) { return c > ' ' && c <= '~'; });
  if (printable) return word;
  return wrong(path, fmt::format("{} does not hold one word of printable characters", what),
               "write the secret into it, and nothing else");
}

/// Unlike that of a Directus, it may have a query.
Result<HttpAddress> address_of(const std::string& where, const std::string& text) {
  const std::size_t end = std::min(text.find('?'), text.size());
  auto address = parse_address(where, std::string_view(text).substr(0, end), "a receiver");
  if (!address || end == text.size()) return address;
  constexpr std::string_view marks = "?&=-._~%+/:,;";
  const bool plain = std::all_of(
      text.begin() + static_cast<std::ptrdiff_t>(end), text.end(), [&](unsigned char c) {
        return std::isalnum(c) != 0 || marks.find(static_cast<char>(c)) != std::string_view::npos;
      });
  if (!plain)
    return wrong(where, "not the address of a receiver: its query has characters that none has",
                 "percent-encode them");
  address->path += (address->path.empty() ? "/" : "") + text.substr(end);
  return address;
}

/// Walks the mapping of one receiver.
class ReceiverReader {
 public:
  ReceiverReader(const YamlSection& section, const YAML::Node& name)
      : section_(section), name_(name) {
    receiver_.name = name.Scalar();
  }

  Result<Receiver> read(const YAML::Node& node) {
    if (!node.IsMap()) return complain("has to be a mapping", "give it at least type and url");
    std::set<std::string> seen;
    for (const auto& item : node) {
      if (!seen.insert(item.first.Scalar()).second) return section_.twice(item.first);
      if (auto taken = take(item.first, item.second); !taken) return taken.error();
    }
    if (auto checked = check(seen); !checked) return checked.error();
    return std::move(receiver_);
  }

 private:
  Error complain(std::string_view what, std::string next) const {
    return wrong(section_.at(name_), fmt::format("receiver {} {}", receiver_.name, what),
                 std::move(next));
  }

  Result<void> take(const YAML::Node& key, const YAML::Node& node) {
    const std::string& name = key.Scalar();
    if (name == "targets") return set(receiver_.targets, words(key, node));
    if (name == "environments") return set(receiver_.environments, words(key, node));
    if (name == "events") return events(key, node);
    if (name == "token" || name == "secret")
      return wrong(section_.at(key),
                   fmt::format("a {} does not belong into the configuration", name),
                   fmt::format("configurations are committed and passed around: put it into a file "
                               "and name that as {}_file",
                               name));
    if (auto checked = section_.check_key(key, keys); !checked) return checked;
    auto text = section_.word(key, node);
    if (!text) return text.error();
    if (name == "type") return type(node, *text);
    if (name == "url") return set(receiver_.address, address_of(section_.at(node), *text));
    if (name == "url_file") return url_file(*text);
    if (name == "token_file")
      return set(receiver_.token, secret_in(*text, "the file with the token of a receiver"));
    if (name == "secret_file")
      return set(receiver_.secret, secret_in(*text, "the file with the secret of a webhook"));
    if (name == "ca_file") return set(receiver_.certificate_authorities, certificates_in(*text));
    return remind(node, *text);
  }

  template <class T>
  static Result<void> set(T& place, Result<T> value) {
    if (!value) return value.error();
    place = std::move(*value);
    return {};
  }

  Result<void> type(const YAML::Node& node, const std::string& text) {
    constexpr std::string_view known[] = {"webhook", "slack",  "mattermost",
                                          "gitea",   "github", "alertmanager"};
    if (std::ranges::count(known, text) == 0)
      return wrong(section_.at(node), fmt::format("unknown type \"{}\"", text),
                   "write webhook, slack, mattermost, gitea, github or alertmanager");
    receiver_.type = text;
    return {};
  }

  Result<void> url_file(const std::string& path) {
    auto text = secret_in(path, "the file with the address of a receiver");
    if (!text) return text.error();
    return set(receiver_.address, address_of(path, *text));
  }

  Result<void> remind(const YAML::Node& node, const std::string& text) {
    if (text == "never") {
      receiver_.remind = std::chrono::seconds(0);
      return {};
    }
    auto time = any_duration(section_.at(node), text);
    if (!time) return time.error();
    if (*time < std::chrono::seconds(30))
      return wrong(section_.at(node), fmt::format("\"{}\" is too short to remind anybody", text),
                   "write at least 30s, or never");
    receiver_.remind = std::chrono::duration_cast<std::chrono::seconds>(*time);
    return {};
  }

  /// One word, or a list of them.
  Result<std::vector<std::string>> words(const YAML::Node& key, const YAML::Node& node) const {
    if (!node.IsSequence()) {
      auto text = section_.word(key, node);
      if (!text) return text.error();
      return std::vector<std::string>{*text};
    }
    auto list = section_.words(key, node);
    if (list && list->empty())
      return wrong(section_.at(key), fmt::format("\"{}\" is an empty list", key.Scalar()),
                   "name something, or leave the key out for all of them");
    return list;
  }

  Result<void> events(const YAML::Node& key, const YAML::Node& node) {
    auto list = words(key, node);
    if (!list) return list.error();
    for (const std::string& word : *list) {
      if (!alerts::is_event_word(word))
        return wrong(section_.at(key), fmt::format("unknown event \"{}\"", word),
                     "write severities (critical, warning, info), conditions (failed, unknown, "
                     "needs-approval, held, drifted, stale-instance, applied, healed), stages or "
                     "reason codes");
    }
    receiver_.events = std::move(*list);
    return {};
  }

  Result<void> check(const std::set<std::string>& seen) const {
    if (!seen.contains("type"))
      return complain("has no type",
                      "write webhook, slack, mattermost, gitea, github or alertmanager");
    if (seen.contains("url") == seen.contains("url_file"))
      return complain("needs either url or url_file", "name its address in one of the two ways");
    const bool git = receiver_.type == "gitea" || receiver_.type == "github";
    if (git && receiver_.token.empty())
      return complain("has no token_file", "name a file with a token that may write statuses");
    const std::string& path = receiver_.address.path;
    if (git && std::ranges::count(path, '/') < 2)
      return complain("needs the address of a repository",
                      "write it as people open it, https://host/OWNER/NAME");
    if ((git || receiver_.type == "alertmanager") && path.find('?') != std::string::npos)
      return complain("has an address with a query", "leave out the part from the ? on");
    if (git && (seen.contains("events") || seen.contains("remind")))
      return complain("is told the state of commits, and knows neither events nor remind",
                      "leave them out");
    if (!receiver_.secret.empty() && receiver_.type != "webhook")
      return complain("has a secret_file, and only webhooks are signed", "leave it out");
    return {};
  }

  const YamlSection& section_;
  const YAML::Node name_;
  Receiver receiver_;
};

}  // namespace

Result<std::vector<Receiver>> read_notify(const YamlSection& section, const YAML::Node& key,
                                          const YAML::Node& node) {
  if (!node.IsMap())
    return wrong(section.at(key), "\"notify\" has to be a mapping from names to receivers",
                 "write a name for each, and below it at least type and url");
  std::vector<Receiver> receivers;
  std::set<std::string> seen;
  for (const auto& item : node) {
    if (!item.first.IsScalar() || item.first.Scalar().empty())
      return wrong(section.at(item.first), "a receiver has to have a name", "write a short one");
    if (!seen.insert(item.first.Scalar()).second) return section.twice(item.first);
    auto receiver = ReceiverReader(section, item.first).read(item.second);
    if (!receiver) return receiver.error();
    receivers.push_back(std::move(*receiver));
  }
  return receivers;
}

}  // namespace reconcile::config
