#include "controller/config/git_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "controller/config/failure.h"

namespace reconcile::config {
namespace {

constexpr const char* kTokenVariable = "RECONCILE_GIT_TOKEN";
constexpr const char* kTokenFileVariable = "RECONCILE_GIT_TOKEN_FILE";
constexpr const char* kKnown =
    "user, token_file, ca_file, ssh_key, known_hosts, allowed_signers, gpg_keyring, proxy, "
    "connect_timeout, idle_timeout, timeout";

Result<std::string> checked_token(const std::string& where, std::string token) {
  token = trimmed(std::move(token));
  const bool word = !token.empty() && token.size() <= 4096 &&
                    std::ranges::all_of(token, [](char c) { return c > ' ' && c <= '~'; });
  if (word) return token;
  return wrong(where, "the token for git is not one word of printable characters",
               "give one with the right to read the repository, and nothing else");
}

Result<std::string> token_from(const std::string& path) {
  auto content = read_file(path, "the file with the token for git");
  if (!content) return content.error();
  return checked_token(path, std::move(*content));
}

template <class T>
Result<void> set(T& place, Result<T> value) {
  if (!value) return value.error();
  place = std::move(*value);
  return {};
}

Result<void> take(Git& git, const YamlSection& section, const YAML::Node& key,
                  const YAML::Node& node) {
  const std::string& name = key.Scalar();
  if (name == "token")
    return wrong(section.at(key), "a token does not belong into the configuration",
                 fmt::format("configurations are committed and passed around: put it into a file "
                             "and name that as token_file, or set {}",
                             kTokenVariable));
  if (auto checked = section.check_key(key, kKnown); !checked) return checked;
  auto text = section.word(key, node);
  if (!text) return text.error();
  if (name == "token_file") return set(git.token, token_from(*text));
  if (name == "ca_file") return set(git.certificate_authorities, certificates_in(*text));
  const std::array<std::pair<const char*, std::string Git::*>, 6> words{
      {{"user", &Git::user},
       {"ssh_key", &Git::ssh_key},
       {"known_hosts", &Git::known_hosts},
       {"allowed_signers", &Git::allowed_signers},
       {"gpg_keyring", &Git::gpg_keyring},
       {"proxy", &Git::proxy}}};
  for (const auto& [word, place] : words) {
    if (name == word) return set(git.*place, std::move(text));
  }
  std::chrono::milliseconds& place = name == "connect_timeout" ? git.connect_timeout
                                     : name == "idle_timeout"  ? git.idle_timeout
                                                               : git.timeout;
  return set(place, any_duration(section.at(node), *text));
}

}  // namespace

Result<Git> read_git(const YamlSection& section, const YAML::Node& key, const YAML::Node& node) {
  if (!node.IsMap())
    return wrong(section.at(key), "\"git\" has to be a mapping",
                 fmt::format("the keys here are {}", kKnown));
  Git git;
  std::set<std::string> seen;
  for (const auto& item : node) {
    if (!seen.insert(item.first.Scalar()).second) return section.twice(item.first);
    if (auto taken = take(git, section, item.first, item.second); !taken) return taken.error();
  }
  return git;
}

Result<void> overlay_git(Git& git, const Environment& environment) {
  const auto token = environment(kTokenVariable);
  const auto token_file = environment(kTokenFileVariable);
  if (token && token_file)
    return wrong(kTokenFileVariable, fmt::format("it and {} exclude each other", kTokenVariable),
                 "unset one of the two");
  if (token) {
    if (auto done = set(git.token, checked_token(kTokenVariable, *token)); !done) return done;
  } else if (token_file) {
    if (auto done = set(git.token, token_from(*token_file)); !done) return done;
  }
  if (const auto file = environment("RECONCILE_GIT_CA_FILE")) {
    if (auto done = set(git.certificate_authorities, certificates_in(*file)); !done) return done;
  }
  if (const auto key = environment("RECONCILE_GIT_SSH_KEY")) git.ssh_key = *key;
  if (const auto hosts = environment("RECONCILE_GIT_KNOWN_HOSTS")) git.known_hosts = *hosts;
  if (const auto signers = environment("RECONCILE_GIT_ALLOWED_SIGNERS"))
    git.allowed_signers = *signers;
  if (const auto keyring = environment("RECONCILE_GIT_KEYRING")) git.gpg_keyring = *keyring;
  if (git.proxy == "none") return {};
  if (!git.proxy.empty()) {
    git.http_proxy = git.https_proxy = git.proxy;
    return {};
  }
  // HTTP_PROXY is left out: to a CGI program that is a header of the request.
  const auto either = [&](const char* lower, const char* upper) {
    const auto value = environment(lower);
    return value ? *value : environment(upper).value_or("");
  };
  git.http_proxy = environment("http_proxy").value_or("");
  git.https_proxy = either("https_proxy", "HTTPS_PROXY");
  git.no_proxy = either("no_proxy", "NO_PROXY");
  return {};
}

}  // namespace reconcile::config
