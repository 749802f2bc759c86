#include "controller/dashboard/assets.h"

#include "dashboard_assets.h"

namespace reconcile::dashboard {
namespace {

constexpr std::string_view folder = "/assets/";

std::string_view type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "text/javascript; charset=utf-8";
}

}  // namespace

std::optional<Asset> asset(std::string_view path) {
  if (!path.starts_with(folder)) return std::nullopt;
  path.remove_prefix(folder.size());
  if (!path.starts_with(embedded::digest)) return std::nullopt;
  path.remove_prefix(embedded::digest.size());
  if (!path.starts_with('/')) return std::nullopt;
  path.remove_prefix(1);
  for (const auto& [name, body] : embedded::files) {
    if (name == path) return Asset{type_of(name), body};
  }
  return std::nullopt;
}

std::string asset_url(std::string_view name) {
  return std::string(folder) + std::string(embedded::digest) + "/" + std::string(name);
}

}  // namespace reconcile::dashboard
