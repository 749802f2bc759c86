#include "reconcilers/snapshot/field_type.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <string>

namespace reconcile::snapshot {
namespace {

using Named = std::pair<std::string_view, std::string_view>;

/// Directus' localTypeMap, in the order of its keys, without those that are no name of a type in
/// PostgreSQL. It knows the types of other databases, and so a domain that somebody called `year`
/// is an integer to Directus.
constexpr std::array<Named, 53> types{{{"bigint", "bigInteger"},
                                       {"bit", "boolean"},
                                       {"blob", "binary"},
                                       {"boolean", "boolean"},
                                       {"character", "string"},
                                       {"character varying", "string"},
                                       {"citext", "text"},
                                       {"clob", "text"},
                                       {"date", "date"},
                                       {"datetime", "dateTime"},
                                       {"datetime2", "dateTime"},
                                       {"datetimeoffset", "timestamp"},
                                       {"double", "float"},
                                       {"double precision", "float"},
                                       {"geometry", "geometry"},
                                       {"image", "binary"},
                                       {"integer", "integer"},
                                       {"interval", "string"},
                                       {"json", "json"},
                                       {"jsonb", "json"},
                                       {"linestring", "geometry.LineString"},
                                       {"longtext", "text"},
                                       {"longvarchar", "string"},
                                       {"mediumblob", "binary"},
                                       {"mediumint", "integer"},
                                       {"mediumtext", "text"},
                                       {"money", "float"},
                                       {"multilinestring", "geometry.MultiLineString"},
                                       {"multipoint", "geometry.MultiPoint"},
                                       {"multipolygon", "geometry.MultiPolygon"},
                                       {"ntext", "text"},
                                       {"number", "integer"},
                                       {"numeric", "integer"},
                                       {"point", "geometry.Point"},
                                       {"polygon", "geometry.Polygon"},
                                       {"real", "float"},
                                       {"sdo_geometry", "geometry"},
                                       {"smalldatetime", "dateTime"},
                                       {"smallint", "integer"},
                                       {"smallmoney", "float"},
                                       {"string", "text"},
                                       {"text", "text"},
                                       {"time with time zone", "time"},
                                       {"time without time zone", "time"},
                                       {"timestamp with time zone", "timestamp"},
                                       {"timestamp without time zone", "dateTime"},
                                       {"tinyint", "integer"},
                                       {"tinytext", "text"},
                                       {"uniqueidentifier", "uuid"},
                                       {"uuid", "uuid"},
                                       {"varbinary", "binary"},
                                       {"varchar2", "string"},
                                       {"year", "integer"}}};

std::string_view mapped(std::string_view data_type) {
  std::string name(data_type.substr(0, data_type.find('(')));
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const auto found = std::ranges::lower_bound(types, std::string_view(name), {}, &Named::first);
  return found != types.end() && found->first == name ? found->second : std::string_view();
}

std::string_view date_type(const Value* special) {
  if (lists(special, "cast-timestamp")) return "timestamp";
  if (lists(special, "cast-datetime")) return "dateTime";
  return {};
}

std::string_view special_type(std::string_view type, const Value* special) {
  if (lists(special, "cast-json")) return "json";
  if (lists(special, "hash")) return "hash";
  if (lists(special, "cast-csv")) return "csv";
  if (lists(special, "uuid") || lists(special, "file")) return "uuid";
  if (const std::string_view date = date_type(special); !date.empty()) return date;
  const bool list = special != nullptr && special->is_array();
  if (!type.starts_with("geometry") || !list) return {};
  const boost::json::array& words = special->get_array();
  const std::string_view first = words.empty() ? std::string_view() : text_of(&words.front());
  return first.empty() ? "geometry" : first;
}

}  // namespace

bool lists(const Value* list, std::string_view word) {
  const boost::json::array* words = list == nullptr ? nullptr : list->if_array();
  return words != nullptr && std::ranges::any_of(*words, [&](const Value& item) {
           return item.is_string() && text_of(&item) == word;
         });
}

bool is_alias(const Value* special) {
  constexpr std::array<std::string_view, 7> words{"alias", "o2m",   "m2m",         "m2a",
                                                  "o2a",   "files", "translations"};
  return std::ranges::any_of(words, [&](std::string_view word) { return lists(special, word); });
}

std::string_view field_type(std::string_view data_type, bool has_precision_and_scale,
                            const Value* special, bool dates_win) {
  if (const std::string_view date = date_type(special); dates_win && !date.empty()) return date;
  const std::string_view type = mapped(data_type);
  if (const std::string_view named = special_type(type, special); !named.empty()) return named;
  if (data_type == "numeric" && has_precision_and_scale) return "decimal";
  return type.empty() ? "unknown" : type;
}

std::string_view alias_type(const Value* special, bool dates_win) {
  const std::string_view date = date_type(special);
  return dates_win && !date.empty() ? date : "alias";
}

}  // namespace reconcile::snapshot
