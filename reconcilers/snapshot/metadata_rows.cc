#include "reconcilers/snapshot/metadata_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "reconcilers/snapshot/js_json.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::snapshot {
namespace {

std::string csv_of(const boost::json::array& items) {
  std::string text;
  for (const Value& item : items) {
    if (!text.empty()) text += ',';
    text += item.is_string() ? std::string(text_of(&item)) : js_json(item);
  }
  return text;
}

std::string literal(const Value& value, CellType type) {
  if (value.is_null()) return "null";
  if (type == CellType::Json) return sql::quote_literal(js_json(value));
  if (type == CellType::Csv && value.is_array())
    return sql::quote_literal(csv_of(value.get_array()));
  if (value.is_bool()) return value.get_bool() ? "true" : "false";
  if (value.is_string()) return sql::quote_literal(text_of(&value));
  return sql::quote_literal(js_json(value));
}

}  // namespace

MetadataTable::MetadataTable(std::string name, const std::vector<TextTable::Column>& columns)
    : name_(std::move(name)) {
  for (const TextTable::Column& column : columns) types_.emplace(column.name, cell_type(column));
}

const CellType* MetadataTable::type_of(std::string_view column) const {
  const auto found = types_.find(column);
  return found == types_.end() || column == "id" ? nullptr : &found->second;
}

Statement MetadataTable::insert(const Attributes& meta,
                                const std::vector<std::pair<std::string, std::string>>& identity) {
  std::string columns;
  std::string values = "(";
  const auto add = [&](std::string_view column, const std::string& value) {
    if (!columns.empty()) {
      columns += ", ";
      values += ", ";
    }
    columns += sql::quote_identifier(column);
    values += value;
  };
  for (const auto& [column, value] : identity) add(column, sql::quote_literal(value));
  const auto named = [&](std::string_view column) {
    return std::ranges::any_of(identity, [&](const auto& item) { return item.first == column; });
  };
  for (const auto& [key, value] : meta) {
    if (named(key.name())) continue;
    if (const CellType* type = type_of(key.name())) {
      add(key.name(), literal(value, *type));
    } else {
      note_unknown(key);
    }
  }
  auto& head = heads_[columns];
  if (!head)
    head = std::make_shared<const std::string>(
        fmt::format("insert into public.{} ({}) values ", name_, columns));
  return {.text = values + ")", .line = 0, .insert_head = head};
}

std::string MetadataTable::update(const std::vector<Difference>& changes,
                                  const std::string& where) {
  std::string assignments;
  for (const Difference& change : changes) {
    const CellType* type = type_of(change.key.name());
    if (type == nullptr) continue;
    if (!assignments.empty()) assignments += ", ";
    assignments += fmt::format("{} = {}", sql::quote_identifier(change.key.name()),
                               literal(*change.desired, *type));
  }
  return fmt::format("update public.{} set {} where {}", name_, assignments, where);
}

std::string render(const Value* value) {
  if (value == nullptr) return "nothing";
  constexpr std::size_t longest = 60;
  std::string text = js_json(*value);
  if (text.size() > longest) {
    std::size_t cut = longest;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
      --cut;  // not within a UTF-8 character
    text = text.substr(0, cut) + "…";
  }
  return text;
}

}  // namespace reconcile::snapshot
