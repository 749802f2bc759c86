#pragma once

#include <string>
#include <vector>

namespace reconcile {

/// A change that no pass has made, as the database's own triggers saw it. Whoever may change the
/// schema may also lie to them: good for finding somebody to ask, not as evidence.
struct Witness {
  std::string at;  ///< ISO 8601, UTC
  std::string role;
  std::string application;           ///< may be empty
  std::string address;               ///< empty: the local socket
  std::string command;               ///< "ALTER TABLE", "UPDATE directus_fields"
  std::vector<std::string> objects;  ///< "public.clubs", "clubs.name"
  std::string statement;             ///< as sent, without literals, shortened; may be empty

  bool operator==(const Witness&) const = default;
};

/// "by mia with psql from 10.0.0.7, 2026-01-03T14:02:00Z: alter table clubs add x int", on one
/// line.
std::string describe(const Witness& witness);

}  // namespace reconcile
