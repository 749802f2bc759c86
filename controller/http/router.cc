#include "controller/http/router.h"

#include <algorithm>

namespace reconcile::http {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

/// The parameters, where the path is of that pattern.
std::optional<std::map<std::string, std::string, std::less<>>> parameters_of(
    std::string_view pattern, const std::vector<std::string_view>& path) {
  const std::vector<std::string_view> wanted = segments_of(pattern);
  if (wanted.size() != path.size()) return std::nullopt;
  std::map<std::string, std::string, std::less<>> parameters;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (!is_parameter(wanted[i])) {
      if (wanted[i] != path[i]) return std::nullopt;
      continue;
    }
    auto value = percent_decoded(path[i], false);
    if (!value || value->empty()) return std::nullopt;
    parameters.emplace(wanted[i].substr(1, wanted[i].size() - 2), std::move(*value));
  }
  return parameters;
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  // '{' comes after every letter, so literals are found first.
  std::ranges::stable_sort(routes_, {}, &Route::pattern);
}

Router::Found Router::find(std::string_view method, std::string_view path) const {
  Found found;
  if (!path.starts_with('/')) return found;
  const std::vector<std::string_view> segments = segments_of(path);
  for (const Route& route : routes_) {
    auto parameters = parameters_of(route.pattern, segments);
    if (!parameters) continue;
    if (std::ranges::count(found.allowed, route.method) == 0) {
      found.allowed.push_back(route.method);
      if (route.method == "GET") found.allowed.emplace_back("HEAD");
    }
    if (found.route != nullptr) continue;
    if (route.method == method || (method == "HEAD" && route.method == "GET")) {
      found.route = &route;
      found.parameters = std::move(*parameters);
    }
  }
  return found;
}

}  // namespace reconcile::http
