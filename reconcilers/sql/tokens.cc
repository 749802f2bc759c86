#include "reconcilers/sql/tokens.h"

#include <algorithm>
#include <cstdint>

#include "reconcilers/sql/pg_query_result.h"
#include "reconcilers/sql/source_text.h"

namespace reconcile::sql {
namespace {

/// Reads just what scan() needs from libpg_query's protobuf: the messages are flat and the field
/// numbers are fixed by pg_query.proto. Debian ships no header of the protobuf-c that is compiled
/// into the library.
class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; !rest_.empty() && shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if ((byte & 0x80U) == 0) break;
    }
    return value;
  }

  std::string_view bytes() {
    const std::string_view value = rest_.substr(0, varint_size());
    rest_.remove_prefix(value.size());
    return value;
  }

 private:
  std::size_t varint_size() { return static_cast<std::size_t>(varint()); }

  std::string_view rest_;
};

constexpr std::uint64_t wire_bytes = 2;

/// ScanToken.start; a field that is 0 is not on the wire.
std::size_t start_of(std::string_view scan_token) {
  ProtobufReader reader(scan_token);
  std::size_t start = 0;
  while (!reader.done()) {
    const std::uint64_t field = reader.varint() >> 3U;
    const std::uint64_t value = reader.varint();
    if (field == 1) start = static_cast<std::size_t>(value);
  }
  return start;
}

/// ScanResult.tokens, as the place where each begins.
std::vector<std::size_t> starts_of(std::string_view scan_result) {
  ProtobufReader reader(scan_result);
  std::vector<std::size_t> starts;
  while (!reader.done()) {
    const std::uint64_t tag = reader.varint();
    if ((tag & 7U) == wire_bytes) {
      starts.push_back(start_of(reader.bytes()));
    } else {
      reader.varint();
    }
  }
  return starts;
}

bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80U;
}

Token::Kind kind_of(std::string_view text) {
  if (text.starts_with("--") || text.starts_with("/*")) return Token::Kind::Comment;
  if (text.ends_with('\'')) return Token::Kind::String;
  if (text.ends_with('"')) return Token::Kind::QuotedIdentifier;
  if (text.starts_with('$') && text.ends_with('$')) return Token::Kind::String;
  return begins_word(text.front()) ? Token::Kind::Word : Token::Kind::Other;
}

struct Scanned {
  std::vector<std::size_t> starts;
  std::string complaint;  ///< empty where there is none
  int position = 0;       ///< of the complaint, in characters from 1
};

Scanned scan_once(const std::string& text) {
  const ScanResult result(pg_query_scan(text.c_str()));
  if (result->error != nullptr) return {{}, result->error->message, result->error->cursorpos};
  return {starts_of({result->pbuf.data, result->pbuf.len}), {}, 0};
}

bool continues_word(char c) { return begins_word(c) || (c >= '0' && c <= '9') || c == '$'; }

/// 1_000, 0xFF, 0o17 and 0b11, which PostgreSQL 16 knows and the scanner does not.
bool is_newer_number(std::string_view word) {
  const bool based = word.size() > 2 && word.front() == '0' &&
                     std::string_view("xXoObB").find(word[1]) != std::string_view::npos;
  return word.front() >= '0' && word.front() <= '9' &&
         (based || word.find('_') != std::string_view::npos) &&
         word.substr(based ? 2 : 1).find_first_not_of("0123456789abcdefABCDEF_") ==
             std::string_view::npos;
}

/// The text with such numbers spelled in plain digits, as long as before, so that every token keeps
/// its place. Inside strings and comments, where it may hit as well, digits end nothing.
std::string with_plain_numbers(std::string_view text) {
  std::string plain(text);
  for (std::size_t at = 0; at < text.size();) {
    if (!continues_word(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && continues_word(text[end])) ++end;
    if (is_newer_number(text.substr(at, end - at))) plain.replace(at, end - at, end - at, '1');
    at = end;
  }
  return plain;
}

std::string_view without_trailing_space(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n\f\v");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

bool Token::is_word(std::string_view word) const {
  return kind == Kind::Word && text.size() == word.size() && lower(text) == word;
}

std::string lower(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

Result<std::vector<Token>> scan(std::string_view text, std::string_view file) {
  if (const auto checked = check_text(text, file); !checked) return checked.error();
  Scanned scanned = scan_once(std::string(text));
  if (scanned.complaint.starts_with("trailing junk after numeric literal"))
    scanned = scan_once(with_plain_numbers(text));
  if (!scanned.complaint.empty()) {
    const std::size_t at = byte_offset(text, scanned.position);
    return Error{.where = place(file, line_at(text, at)),
                 .what = "this is not SQL",
                 .why = scanned.complaint + "\n" + point_at(text, at),
                 .next = "close the quote or the comment that begins there"};
  }
  // Ends are taken from the next token's start, because libpg_query 15-4.0.0 reports a wrong end
  // for U&'…'. Comments are tokens, so between two tokens there is nothing but white space.
  std::vector<std::size_t>& starts = scanned.starts;
  starts.push_back(text.size());
  std::vector<Token> tokens;
  tokens.reserve(starts.size());
  for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
    const auto spelled = without_trailing_space(text.substr(starts[i], starts[i + 1] - starts[i]));
    if (!spelled.empty()) tokens.push_back({kind_of(spelled), spelled, starts[i]});
  }
  return tokens;
}

}  // namespace reconcile::sql
