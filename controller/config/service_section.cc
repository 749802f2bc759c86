#include "controller/config/service_section.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "controller/config/failure.h"

namespace reconcile::config {
namespace {

constexpr std::size_t most_workers = 64;
/// What PostgreSQL keeps of an application's name, less what we put before it.
constexpr std::size_t longest_name = 40;

Result<std::size_t> workers(const std::string& where, const std::string& text) {
  std::size_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && rest == end && number > 0 && number <= most_workers) return number;
  return wrong(where, fmt::format("\"{}\" is no number of workers", text),
               fmt::format("write a number from 1 to {}", most_workers));
}

Result<std::string> replica(const std::string& where, const std::string& text) {
  if (text.size() <= longest_name) return text;
  return wrong(where, "the name of this replica is too long",
               fmt::format("write at most {} bytes", longest_name));
}

template <class T>
Result<void> put(T& place, Result<T> value) {
  if (!value) return value.error();
  place = std::move(*value);
  return {};
}

}  // namespace

bool is_of_service(const std::string& key) {
  constexpr std::array<std::string_view, 4> keys{"workers", "poll", "lease", "replica"};
  return std::ranges::find(keys, key) != keys.end();
}

Result<void> read_service(const YamlSection& section, const YAML::Node& key, const YAML::Node& node,
                          Service& service) {
  auto text = section.word(key, node);
  if (!text) return text.error();
  const std::string where = section.at(node);
  const std::string& name = key.Scalar();
  if (name == "workers") return put(service.workers, workers(where, *text));
  if (name == "poll") return put(service.poll, any_duration(where, *text));
  if (name == "lease") return put(service.lease, any_duration(where, *text));
  return put(service.replica, replica(where, *text));
}

}  // namespace reconcile::config
