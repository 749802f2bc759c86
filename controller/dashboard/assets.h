#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace reconcile::dashboard {

/// A file that pages refer to. It never changes at its address: cache it for good.
struct Asset {
  std::string_view type;  ///< media type
  std::string_view body;  ///< lives as long as the program
};

/// What is at this path ("/assets/9f2c1e41d0aa7be3/app.js"); empty where nothing is.
std::optional<Asset> asset(std::string_view path);

/// The path of a file below controller/dashboard/assets ("app.js"). All of them are in one folder,
/// whose name changes when any of them does, so that scripts find each other by relative paths.
std::string asset_url(std::string_view name);

}  // namespace reconcile::dashboard
