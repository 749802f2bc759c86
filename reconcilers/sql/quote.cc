#include "reconcilers/sql/quote.h"

namespace reconcile::sql {
namespace {

std::string doubled(std::string_view text, std::string_view doubles, char quote) {
  std::string quoted;
  quoted.reserve(text.size() + 2);
  quoted += quote;
  for (const char c : text) {
    if (doubles.find(c) != std::string_view::npos) quoted += c;
    quoted += c;
  }
  quoted += quote;
  return quoted;
}

}  // namespace

std::string quote_identifier(std::string_view name) { return doubled(name, "\"", '"'); }

std::string quote_literal(std::string_view value) {
  const bool escapes = value.find('\\') != std::string_view::npos;
  return escapes ? "E" + doubled(value, "'\\", '\'') : doubled(value, "'", '\'');
}

}  // namespace reconcile::sql
