#include "controller/config/directus_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "controller/config/failure.h"
#include "controller/config/http_address.h"

namespace reconcile::config {
namespace {

constexpr const char* url_variable = "RECONCILE_DIRECTUS_URL";
constexpr const char* token_variable = "RECONCILE_DIRECTUS_TOKEN";
constexpr const char* token_file_variable = "RECONCILE_DIRECTUS_TOKEN_FILE";

constexpr const char* keys =
    "instances, token_file, ca_file, version, licensed_collections, bootstrap, bootstrap_timeout";

/// A token goes into a line of a request: one word, or it would become other lines. Never shown.
Result<std::string> checked_token(const std::string& where, std::string token) {
  token = trimmed(std::move(token));
  const bool word = !token.empty() && token.size() <= 4096 &&
                    std::ranges::all_of(token, [](char c) { return c > ' ' && c <= '~'; });
  if (word) return token;
  return wrong(where, "the token of Directus is not one word of printable characters",
               "give the static token of an admin, and nothing else");
}

Result<std::string> token_from(const std::string& path) {
  auto content = read_file(path, "the file with the token of Directus");
  if (!content) return content.error();
  return checked_token(path, std::move(*content));
}

Result<void> add_address(Directus& directus, const std::string& where, std::string_view text) {
  auto address = parse_address(where, text);
  if (!address) return address.error();
  const auto same = [&](const HttpAddress& other) { return other.text == address->text; };
  if (std::ranges::any_of(directus.instances, same))
    return wrong(where, fmt::format("{} stands twice", address->text), "keep one of the two");
  directus.instances.push_back(std::move(*address));
  return {};
}

/// "11.17.4"
bool is_version(std::string_view text) {
  int dots = 0;
  char before = '.';
  for (const char c : text) {
    if (c == '.' ? before == '.' : (c < '0' || c > '9')) return false;
    dots += c == '.' ? 1 : 0;
    before = c;
  }
  return dots == 2 && before != '.';
}

/// Walks one `directus:` mapping.
class DirectusReader {
 public:
  explicit DirectusReader(const YamlSection& section) : section_(section) {}

  Result<Directus> read(const YAML::Node& node) {
    std::set<std::string> seen;
    for (const auto& item : node) {
      if (!seen.insert(item.first.Scalar()).second) return section_.twice(item.first);
      if (auto taken = take(item.first, item.second); !taken) return taken.error();
    }
    return std::move(directus_);
  }

 private:
  Result<void> take(const YAML::Node& key, const YAML::Node& node) {
    const std::string& name = key.Scalar();
    if (name == "instances") return instances(key, node);
    if (name == "bootstrap") return bootstrap(key, node);
    if (name == "token") {
      return wrong(section_.at(key), "a token does not belong into the configuration",
                   fmt::format("configurations are committed and passed around: put it into a file "
                               "and name that as token_file, or set {}",
                               token_variable));
    }
    if (auto checked = section_.check_key(key, keys); !checked) return checked;
    auto text = section_.word(key, node);
    if (!text) return text.error();
    if (name == "token_file") return set(directus_.token, token_from(*text));
    if (name == "ca_file") return set(directus_.certificate_authorities, certificates_in(*text));
    if (name == "version") return version(key, *text);
    if (name == "licensed_collections") return licence(key, *text);
    return set(directus_.bootstrap_timeout, duration(section_.at(key), *text));
  }

  template <class T>
  static Result<void> set(T& place, Result<T> value) {
    if (!value) return value.error();
    place = std::move(*value);
    return {};
  }

  /// One address, or a list of them.
  Result<void> instances(const YAML::Node& key, const YAML::Node& node) {
    if (!node.IsSequence()) {
      auto text = section_.word(key, node);
      if (!text) return text.error();
      return add_address(directus_, section_.at(key), *text);
    }
    for (const YAML::Node& entry : node) {
      if (!entry.IsScalar())
        return wrong(section_.at(entry), "an instance has to be an address",
                     "write http://host:port or https://host, one for each instance");
      if (auto added = add_address(directus_, section_.at(entry), entry.Scalar()); !added)
        return added;
    }
    return {};
  }

  Result<void> bootstrap(const YAML::Node& key, const YAML::Node& node) {
    const bool words = node.IsSequence() && node.size() > 0 &&
                       std::all_of(node.begin(), node.end(),
                                   [](const YAML::Node& word) { return word.IsScalar(); });
    if (!words || node[0].Scalar().empty())
      return wrong(section_.at(key), "\"bootstrap\" has to be a list: a program and its arguments",
                   "no shell reads it; write [npx, directus, bootstrap]");
    for (const YAML::Node& word : node) directus_.bootstrap.push_back(word.Scalar());
    return {};
  }

  Result<void> version(const YAML::Node& key, const std::string& text) {
    if (!is_version(text))
      return wrong(section_.at(key), fmt::format("\"{}\" is not a version of Directus", text),
                   "write all three numbers, 11.17.4");
    directus_.version = text;
    return {};
  }

  Result<void> licence(const YAML::Node& key, const std::string& text) {
    if (text == "unlimited") {
      directus_.licensed_collections = unlimited_collections;
      return {};
    }
    std::uint64_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || rest != text.data() + text.size() || number == 0)
      return wrong(section_.at(key), fmt::format("\"{}\" is not a number of collections", text),
                   "write how many active collections the licence covers, or unlimited");
    directus_.licensed_collections = number;
    return {};
  }

  const YamlSection& section_;
  Directus directus_;
};

}  // namespace

Result<Directus> read_directus(const YamlSection& section, const YAML::Node& key,
                               const YAML::Node& node) {
  if (!node.IsMap())
    return wrong(section.at(key), "\"directus\" has to be a mapping",
                 "see README.md, Configuration");
  return DirectusReader(section).read(node);
}

Result<bool> overlay_directus(Directus& directus, const Environment& environment) {
  bool any = false;
  if (const auto addresses = environment(url_variable)) {
    any = true;
    directus.instances.clear();
    std::string_view rest = *addresses;
    for (std::size_t comma = 0; comma != std::string_view::npos;) {
      comma = rest.find(',');
      if (auto added = add_address(directus, url_variable, rest.substr(0, comma)); !added)
        return added.error();
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
  }
  const auto token = environment(token_variable);
  const auto file = environment(token_file_variable);
  if (token && file)
    return wrong(token_file_variable, fmt::format("it and {} exclude each other", token_variable),
                 "unset one of the two");
  if (token || file) {
    any = true;
    auto checked = token ? checked_token(token_variable, *token) : token_from(*file);
    if (!checked) return checked.error();
    directus.token = std::move(*checked);
  }
  return any;
}

Result<void> check_directus(const Config& config) {
  constexpr const char* what = "there are Directus instances, and no token for them";
  const auto lacks_token = [](const Target& target) {
    return !target.directus.instances.empty() && target.directus.token.empty();
  };
  const auto target = std::ranges::find_if(config.targets, lacks_token);
  if (target != config.targets.end())
    return wrong(target->name.empty() ? url_variable : "target " + target->name, what,
                 fmt::format("clearing their caches takes the static token of an admin: name its "
                             "file as token_file or {}, or set {}",
                             token_file_variable, token_variable));
  // The environment is about one target, and says nothing for a fleet.
  const auto fleet = std::ranges::find_if(config.fleets, lacks_token, &Fleet::pattern);
  if (fleet == config.fleets.end()) return {};
  return wrong("fleet " + fleet->name, what,
               "clearing their caches takes the static token of an admin: name its file as "
               "token_file");
}

}  // namespace reconcile::config
