#include "reconcilers/sql/source_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace reconcile::sql {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Length of the well-formed UTF-8 sequence at the front of `text`, 0 where there is none (Unicode
/// 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80U) return 1;
  const std::size_t length = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : 2;
  if (lead < 0xC2U || lead > 0xF4U || text.size() < length) return 0;
  const std::string_view tail = text.substr(1, length - 1);
  if (!std::all_of(tail.begin(), tail.end(), is_continuation)) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xE0U && second < 0xA0U) || (lead == 0xF0U && second < 0x90U);
  const bool beyond = (lead == 0xEDU && second > 0x9FU) || (lead == 0xF4U && second > 0x8FU);
  return overlong || beyond ? 0 : length;
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

std::size_t line_begin(std::string_view text, std::size_t offset) {
  const std::size_t newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

}  // namespace

std::string place(std::string_view file, int line) {
  return file.empty() ? fmt::format("line {}", line) : fmt::format("{}:{}", file, line);
}

int line_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  return 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
}

Result<void> check_text(std::string_view text, std::string_view file) {
  if (text.size() > max_text_size) {
    return Error{.where = std::string(file),
                 .what = fmt::format("the SQL is {} bytes long", text.size()),
                 .why = fmt::format("the limit is {} bytes", max_text_size),
                 .next = "split it into several files, or load bulk data outside of migrations"};
  }
  if (const std::size_t at = text.find('\0'); at != std::string_view::npos) {
    return Error{.where = place(file, line_at(text, at)),
                 .what = "the SQL holds a NUL byte",
                 .why = "PostgreSQL stops reading there",
                 .next = "remove the byte; a file saved as UTF-16 has to be saved as UTF-8"};
  }
  if (const auto at = first_invalid_utf8(text)) {
    return Error{.where = place(file, line_at(text, *at)),
                 .what = fmt::format("the SQL is not valid UTF-8 (byte 0x{:02x})",
                                     static_cast<unsigned char>(text[*at])),
                 .why = "",
                 .next = "save the file as UTF-8"};
  }
  return {};
}

std::string point_at(std::string_view text, std::size_t offset) {
  constexpr std::size_t reach = 60;
  const std::size_t line_start = line_begin(text, offset);
  const std::size_t line_end = std::min(text.find('\n', offset), text.size());
  std::size_t begin = std::max(line_start, offset - std::min(offset, reach));
  std::size_t end = std::min(line_end, offset + reach);
  while (begin < offset && is_continuation(text[begin])) ++begin;
  while (end < line_end && is_continuation(text[end])) ++end;
  std::string line(text.substr(begin, end - begin));
  if (line.ends_with('\r')) line.pop_back();
  std::string indent;
  for (const char c : text.substr(begin, offset - begin)) {
    if (!is_continuation(c)) indent += c == '\t' ? '\t' : ' ';
  }
  return fmt::format("    {}\n    {}^", line, indent);
}

std::size_t byte_offset(std::string_view text, int position) {
  std::size_t at = 0;
  for (int character = 1; position > 0 && character < position && at < text.size(); ++character) {
    at += std::max<std::size_t>(sequence_length(text.substr(at)), 1);
  }
  if (position > 0 && at < text.size()) return at;
  const std::size_t last = text.find_last_not_of(" \t\r\n\f\v");
  return last == std::string_view::npos ? 0 : last + 1;
}

}  // namespace reconcile::sql
