#include "reconcilers/core/error.h"

#include <array>

namespace reconcile {

std::string_view name_of(Stage stage) {
  constexpr std::array<std::string_view, 14> names{
      "configure", "fetch",    "load", "connect", "read",   "bootstrap", "plan",
      "pre",       "snapshot", "post", "seed",    "verify", "commit",    "settle"};
  return names.at(static_cast<std::size_t>(stage));
}

std::string describe(const Error& error) {
  std::string text = error.where;
  for (const std::string* part : {&error.what, &error.why}) {
    if (part->empty()) continue;
    if (!text.empty()) text += ": ";
    text += *part;
  }
  return text;
}

ErrorKind kind_of_sqlstate(std::string_view sqlstate) {
  if (sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03") return ErrorKind::Conflict;
  // Classes from PostgreSQL 15 appendix A: connection, resources, operator intervention, system.
  for (std::string_view transient : {"08", "53", "57P", "58"}) {
    if (sqlstate.starts_with(transient)) return ErrorKind::Transient;
  }
  return ErrorKind::Terminal;
}

}  // namespace reconcile
