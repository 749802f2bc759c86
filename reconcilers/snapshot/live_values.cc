#include "reconcilers/snapshot/live_values.h"

#include <boost/json/array.hpp>
#include <charconv>

#include "reconcilers/snapshot/js_json.h"
#include "reconcilers/snapshot/js_text.h"

namespace reconcile::snapshot {

Value string_value(std::string_view text) { return boost::json::string(text); }

std::int64_t integer_of(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

namespace {

/// The driver parses the column, and Directus parses once more what comes out as text.
Value parsed_json(std::string_view text) {
  Value value = parse_js_json(text).value_or(string_value(text));
  if (!value.is_string()) return value;
  return parse_js_json(text_of(&value)).value_or(value);
}

Value csv_list(std::string_view text) {
  boost::json::array items;
  if (text.empty()) return items;
  for (;;) {
    const std::size_t comma = text.find(',');
    items.push_back(string_value(text.substr(0, comma)));
    if (comma == std::string_view::npos) return items;
    text.remove_prefix(comma + 1);
  }
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

Value projected_default(std::optional<std::string_view> expression, std::string_view type) {
  if (!expression) return nullptr;
  std::string_view text = *expression;
  if (!text.starts_with("nextval(")) {
    text = text.substr(0, text.find("::"));
    const std::string_view trimmed = js_trim(text);
    if (trimmed == "NULL" || trimmed == "null") return nullptr;
    for (const char quote : {'\'', '"'}) {
      if (!trimmed.starts_with(quote) || !trimmed.ends_with(quote)) continue;
      text = trimmed.substr(1, trimmed.size() < 2 ? 0 : trimmed.size() - 2);
      break;
    }
  }
  if (text == "0000-00-00 00:00:00") return nullptr;
  if (type == "integer" || type == "bigInteger" || type == "decimal" || type == "float") {
    const auto number = js_number(text);
    return number ? normalised(*number) : string_value(text);
  }
  if (type == "boolean") return !text.empty() && text != "0" && text != "false";
  if (type == "json" && !text.empty()) return parse_js_json(text).value_or(string_value(text));
  return string_value(text);
}

}  // namespace reconcile::snapshot
