#include "controller/config/http_section.h"

#include <fmt/format.h>

#include <charconv>
#include <set>

#include "controller/config/failure.h"
#include "controller/config/http_address.h"

namespace reconcile::config {
namespace {

constexpr const char* keys =
    "listen, certificate_file, key_file, tokens_file, hosts, public_address, tls_before, "
    "open_metrics, gitea_secret_file, github_secret_file, generic_secret_file";

/// "127.0.0.1:8484", "[::1]:8484".
Result<Listener> listener_of(const std::string& where, const std::string& text) {
  const std::size_t colon = text.rfind(':');
  Listener listener;
  if (colon != std::string::npos) {
    listener.address = text.substr(0, colon);
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, listener.port);
    if (listener.address.starts_with('[') && listener.address.ends_with(']'))
      listener.address = listener.address.substr(1, listener.address.size() - 2);
    if (error == std::errc() && rest == end && !listener.address.empty()) return listener;
  }
  return wrong(where, fmt::format("\"{}\" is not an address to listen on", text),
               "write address and port, as 127.0.0.1:8484 or [::1]:8484");
}

class HttpReader {
 public:
  explicit HttpReader(const YamlSection& section) : section_(section) {}

  Result<Http> read(const YAML::Node& node) {
    std::set<std::string> seen;
    for (const auto& item : node) {
      if (!seen.insert(item.first.Scalar()).second) return section_.twice(item.first);
      if (auto taken = take(item.first, item.second); !taken) return taken.error();
    }
    if (http_.certificate_file.empty() != http_.key_file.empty())
      return wrong(section_.at(node), "a certificate and its key go together",
                   "give certificate_file and key_file, or neither");
    return std::move(http_);
  }

 private:
  Result<void> take(const YAML::Node& key, const YAML::Node& node) {
    const std::string name = key.Scalar();
    if (auto checked = section_.check_key(key, keys); !checked) return checked;
    if (name == "listen" || name == "hosts") return take_list(key, node);
    auto text = section_.word(key, node);
    if (!text) return text.error();
    if (name == "tls_before" || name == "open_metrics") {
      auto truth = section_.flag(key, node);
      if (!truth) return truth.error();
      (name == "tls_before" ? http_.tls_before : http_.open_metrics) = *truth;
    } else if (name == "public_address") {
      auto address = parse_address(section_.at(node), *text, "the dashboard");
      if (!address) return address.error();
      http_.public_address = address->text;
    } else if (name == "certificate_file" || name == "key_file" || name == "tokens_file") {
      (name == "key_file"      ? http_.key_file
       : name == "tokens_file" ? http_.tokens_file
                               : http_.certificate_file) = *text;
    } else {
      return take_secret(key, *text);
    }
    return {};
  }

  Result<void> take_secret(const YAML::Node& key, const std::string& path) {
    const std::string name = key.Scalar();
    std::string& place = name == "gitea_secret_file"    ? http_.gitea_secret
                         : name == "github_secret_file" ? http_.github_secret
                                                        : http_.generic_secret;
    auto content = read_file(path, "the secret of a webhook");
    if (!content) return content.error();
    place = trimmed(std::move(*content));
    if (place.size() >= 16) return {};
    return wrong(path, "the secret of a webhook has less than 16 characters",
                 "make one: openssl rand -hex 32");
  }

  Result<void> take_list(const YAML::Node& key, const YAML::Node& node) {
    const bool listens = key.Scalar() == "listen";
    if (listens) http_.listeners.clear();
    const auto one = [&](const YAML::Node& item) -> Result<void> {
      auto text = section_.word(key, item);
      if (!text) return text.error();
      if (!listens) {
        http_.hosts.push_back(*text);
        return {};
      }
      auto listener = listener_of(section_.at(item), *text);
      if (!listener) return listener.error();
      http_.listeners.push_back(std::move(*listener));
      return {};
    };
    if (!node.IsSequence()) return one(node);
    for (const YAML::Node& item : node) {
      if (auto taken = one(item); !taken) return taken;
    }
    return {};
  }

  const YamlSection& section_;
  Http http_;
};

}  // namespace

Result<Http> read_http(const YamlSection& section, const YAML::Node& key, const YAML::Node& node) {
  if (!node.IsMap())
    return wrong(section.at(key), "\"http\" has to be a mapping",
                 fmt::format("the keys here are {}", keys));
  return HttpReader(section).read(node);
}

}  // namespace reconcile::config
