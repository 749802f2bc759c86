#include "reconcilers/snapshot/live_values.h"

#include <boost/json/parse.hpp>
#include <charconv>
#include <limits>

#include "reconcilers/snapshot/yaml_scalar.h"

namespace reconcile::snapshot {

Value string_value(std::string_view text) { return boost::json::string(text); }

std::int64_t integer_of(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

namespace {

Value parsed_json(std::string_view text) {
  boost::system::error_code failed;
  Value value = boost::json::parse(text, failed);
  return failed ? string_value(text) : normalised(std::move(value));
}

Value csv_list(std::string_view text) {
  boost::json::array items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    items.push_back(string_value(text.substr(0, comma)));
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return items;
}

}  // namespace

Value cell_value(std::optional<std::string_view> cell, CellType type) {
  if (!cell) return nullptr;
  switch (type) {
    case CellType::Boolean:
      return *cell == "t";
    case CellType::Integer:
      return integer_of(*cell);
    case CellType::Json:
      return parsed_json(*cell);
    case CellType::Csv:
      return csv_list(*cell);
    case CellType::Text:
      break;
  }
  return string_value(*cell);
}

CellType cell_type(const TextTable::Column& column) {
  if (column.name == "special" || column.name == "one_allowed_collections") return CellType::Csv;
  switch (column.type) {
    case 16:
      return CellType::Boolean;
    case 20:
    case 21:
    case 23:
      return CellType::Integer;
    case 114:
    case 3802:
      return CellType::Json;
    default:
      return CellType::Text;
  }
}

Value projected_default(std::optional<std::string_view> expression, std::string_view data_type,
                        bool json) {
  if (!expression) return nullptr;
  std::string_view text = *expression;
  if (text.starts_with("nextval(")) return string_value(text);
  text = text.substr(0, text.find("::"));
  std::string_view trimmed = text;
  while (!trimmed.empty() && trimmed.front() == ' ') trimmed.remove_prefix(1);
  while (!trimmed.empty() && trimmed.back() == ' ') trimmed.remove_suffix(1);
  if (trimmed == "NULL" || trimmed == "null") return nullptr;
  if (trimmed.size() >= 2 && trimmed.front() == trimmed.back() &&
      (trimmed.front() == '\'' || trimmed.front() == '"')) {
    text = trimmed.substr(1, trimmed.size() - 2);
  }
  if (json) return parsed_json(text);
  if (data_type == "boolean" || data_type == "bit") return text != "false";
  const bool numeric = data_type == "integer" || data_type == "bigint" || data_type == "smallint" ||
                       data_type == "real" || data_type == "double precision" ||
                       data_type == "numeric" || data_type == "money";
  if (numeric) {
    if (text.empty()) return 0;
    if (text == "Infinity") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
    Value number = resolve_plain(text);
    if (number.is_number()) return number;
  }
  return string_value(text);
}

}  // namespace reconcile::snapshot
