#include "reconcilers/snapshot/default_value.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <utility>

#include "reconcilers/snapshot/column_attributes.h"
#include "reconcilers/snapshot/js_json.h"
#include "reconcilers/snapshot/js_text.h"
#include "reconcilers/snapshot/names.h"
#include "reconcilers/sql/parse.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::snapshot {
namespace {

using sql::quote_literal;
using Default = Result<std::optional<std::string>>;

bool is_uuid(std::string_view text) {
  return text.size() == 36 &&
         text.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos;
}

/// Directus reads a default with its inner quotes doubled, so that is how the file has them. One
/// that stands alone could be written, but would never be read back as the file says.
Default literal_as_read(const Field& field, std::string_view text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    value += text[i];
    if (text[i] != '\'') continue;
    if (i + 1 == text.size() || text[i + 1] != '\'') {
      return unusable(
          field,
          fmt::format("the default `{}` holds a single quote: Directus writes two, or it has cut "
                      "the default at `::`, and the rest is not in the file",
                      text),
          "double the quote, or set the default in a file below migrations/post and take "
          "default_value out of the snapshot");
    }
    ++i;
  }
  return std::optional<std::string>(quote_literal(value));
}

/// Directus makes these of a text in any column, and takes every other text of a text column for a
/// value.
bool is_known_function(std::string_view text) {
  return one_of(text, {"now()", "gen_random_uuid()", "(gen_random_uuid())"}) ||
         text.starts_with("CURRENT_TIMESTAMP");
}

/// Whether a text default of a column of this type is a value, not an expression: the file does not
/// say which.
bool is_literal(std::string_view text, std::string_view type) {
  if (is_text_type(type)) return !is_known_function(text);
  if (type == "uuid") return is_uuid(text);
  if (type.starts_with("timestamp") || type == "date" || type.starts_with("time")) {
    if (text == "infinity" || text == "-infinity") return true;
    return !text.empty() && text.front() >= '0' && text.front() <= '9';
  }
  if (one_of(type, {"smallint", "integer", "bigint", "real", "double precision", "numeric", "money",
                    "boolean"})) {
    return text == "NaN";
  }
  return text.find('(') == std::string_view::npos;
}

/// Every expression that is not `false` reads as true in a column of booleans.
Default boolean_default(const Field& field, bool value) {
  if (data_type(*field.schema) != "boolean") {
    return unusable(field, "Directus shows the default of a column of bits as true, whatever it is",
                    "set the default in a file below migrations/post, and take default_value out "
                    "of the snapshot");
  }
  return std::optional<std::string>(value ? "true" : "false");
}

Default number_default(const Field& field, const Value& value) {
  std::string text;
  append_js_number(text, value.to_number<double>());
  // A quoted amount of money reads back as "$5.00", a bare one as 5.
  if (data_type(*field.schema) == "money") return std::optional<std::string>(text);
  // Quoted, as Directus writes it: the type of the column reads it, not that of the number.
  const double* number = value.if_double();
  if (number == nullptr || !std::isfinite(*number))
    return std::optional<std::string>(quote_literal(text));
  if (one_of(data_type(*field.schema), {"smallint", "integer", "bigint"})) {
    constexpr double beyond = 9223372036854775808.0;  // 2^63
    if (std::trunc(*number) == *number && std::abs(*number) < beyond)
      return std::optional<std::string>(fmt::format("'{}'", static_cast<std::int64_t>(*number)));
    return unusable(field,
                    fmt::format("the default {} is beyond what Directus can read exactly", text),
                    "set the default in a file below migrations/post, and take default_value out "
                    "of the snapshot");
  }
  return std::optional<std::string>(quote_literal(text));
}

Default text_default(const Field& field, std::string_view text) {
  if (is_literal(text, data_type(*field.schema))) return literal_as_read(field, text);
  if (!sql::is_single_expression(text)) {
    return unusable(field, fmt::format("the default `{}` is not one SQL expression", text),
                    "set the default in a file below migrations/post instead");
  }
  return std::optional<std::string>(fmt::format("({})", text));
}

/// One part of a name, quoted or not, off the front of `text`; empty where none is there.
std::string take_identifier(std::string_view& text) {
  std::string name;
  const bool quoted = text.starts_with('"');
  if (quoted) text.remove_prefix(1);
  while (!text.empty()) {
    if (quoted && text.starts_with("\"\"")) {
      text.remove_prefix(1);
    } else if (quoted && text.front() == '"') {
      text.remove_prefix(1);
      break;
    } else if (!quoted && text.front() == '.') {
      break;
    }
    name += text.front();
    text.remove_prefix(1);
  }
  return name;
}

}  // namespace

Default default_sql(const Field& field) {
  const Attributes& schema = *field.schema;
  const Value* value = schema.find(Key("default_value"));
  if (value == nullptr || truth(schema, "has_auto_increment")) return std::optional<std::string>();
  if (value->is_null()) return std::optional<std::string>("null");
  if (one_of(data_type(schema), {"json", "jsonb"})) return literal_as_read(field, js_json(*value));
  if (value->is_bool()) return boolean_default(field, value->get_bool());
  if (value->is_string()) return text_default(field, text_of(value));
  if (is_text_type(data_type(schema))) return literal_as_read(field, js_json(*value));
  return number_default(field, *value);
}

std::optional<SequenceName> sequence_of(std::string_view default_text) {
  constexpr std::string_view head = "nextval('";
  constexpr std::string_view tail = "'::regclass)";
  if (!default_text.starts_with(head) || !default_text.ends_with(tail)) return std::nullopt;
  default_text.remove_prefix(head.size());
  if (default_text.size() < tail.size()) return std::nullopt;
  default_text.remove_suffix(tail.size());
  std::string name;
  for (std::size_t i = 0; i < default_text.size(); ++i) {
    name += default_text[i];
    if (default_text[i] == '\'') ++i;  // doubled, as in every literal
  }
  std::string_view rest = name;
  SequenceName sequence{.schema = "public", .name = take_identifier(rest)};
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    sequence.schema = std::exchange(sequence.name, take_identifier(rest));
  }
  if (sequence.name.empty() || !rest.empty()) return std::nullopt;
  return sequence;
}

std::string SequenceName::sql() const {
  return sql::quote_identifier(schema) + "." + sql::quote_identifier(name);
}

bool is_natural(const SequenceName& sequence, const Field& field) {
  const std::string name = fmt::format("{}_{}_seq", field.collection, field.name);
  return sequence.schema == "public" && sequence.name == name && name.size() <= longest_name;
}

}  // namespace reconcile::snapshot
