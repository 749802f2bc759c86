#pragma once

#include <string>
#include <string_view>

namespace reconcile::postgres {

/// The query of catalog_inventory.sql; `directus`: with the rows of the Directus metadata tables.
std::string inventory_query(bool directus);

/// The query of catalog_pulse.sql.
std::string pulse_query(bool directus);

/// `text` with "live_inventory" in it replaced by the first query, in parentheses; where it asks
/// for "live_fingerprint, live_pulse", those are replaced by the digest over the rows and by the
/// second.
std::string over_inventory(std::string_view text, bool directus);

/// Needed around every use of it: names are qualified, and joins of thousands are not nested. They
/// have to be undone, since what is deferred to the commit runs with what is set then.
inline constexpr std::string_view inventory_settings =
    "reset role; set local search_path = ''; set local enable_nestloop = off; set local jit = off";
inline constexpr std::string_view inventory_settings_undone =
    "set local search_path to default; set local enable_nestloop to default; set local jit to "
    "default";

/// Changes whenever definitions are written in another way: with our query, or with the server.
std::string inventory_format(int major_version);

}  // namespace reconcile::postgres
