#include "controller/http/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reconcilers/core/pattern.h"

namespace reconcile::http {
namespace {

constexpr std::array<std::string_view, 4> role_names{"anyone", "read", "operate", "approve"};

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

int hex_digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  const char small = lower(letter);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

std::optional<std::string> first_of(const std::vector<Header>& pairs, std::string_view name) {
  const auto found = std::ranges::find(pairs, name, &Header::name);
  if (found == pairs.end()) return std::nullopt;
  return found->value;
}

/// What comes before the first of that letter, and what after it.
std::pair<std::string_view, std::string_view> halves_of(std::string_view text, char letter) {
  const std::size_t place = text.find(letter);
  if (place == std::string_view::npos) return {text, {}};
  return {text.substr(0, place), text.substr(place + 1)};
}

}  // namespace

std::string_view name_of(Role role) { return role_names.at(static_cast<std::size_t>(role)); }

std::optional<Role> role_named(std::string_view name) {
  const auto found = std::ranges::find(role_names, name);
  if (found == role_names.end() || found == role_names.begin()) return std::nullopt;
  return static_cast<Role>(found - role_names.begin());
}

bool Caller::sees(std::string_view target) const { return matches_any(targets, target); }

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

std::string_view Request::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (equal_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

std::string_view Request::parameter(std::string_view name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<std::string> Request::asked(std::string_view name) const {
  return first_of(query, name);
}

std::vector<Header> Request::form() const {
  if (media_type(header("Content-Type")) != "application/x-www-form-urlencoded") return {};
  return pairs_of(body);
}

std::optional<std::string> Request::field(std::string_view name) const {
  return first_of(form(), name);
}

std::optional<std::string> percent_decoded(std::string_view text, bool form) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && form) {
      plain += ' ';
    } else if (text[i] != '%') {
      plain += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
      plain += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return plain;
}

std::vector<Header> pairs_of(std::string_view text) {
  std::vector<Header> pairs;
  while (!text.empty()) {
    const auto [pair, rest] = halves_of(text, '&');
    text = rest;
    if (pair.empty()) continue;
    const auto [escaped_name, escaped_value] = halves_of(pair, '=');
    auto name = percent_decoded(escaped_name, true);
    auto value = percent_decoded(escaped_value, true);
    if (name && value) pairs.push_back({std::move(*name), std::move(*value)});
  }
  return pairs;
}

std::string media_type(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  std::string result(type);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

std::string percent_encoded(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= '0' && letter <= '9') ||
                       std::string_view("-._~").find(letter) != std::string_view::npos;
    result +=
        plain ? std::string(1, letter) : fmt::format("%{:02X}", static_cast<unsigned char>(letter));
  }
  return result;
}

}  // namespace reconcile::http
