#include "reconcilers/migrations/directives.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <utility>

#include "reconcilers/core/hazard.h"
#include "reconcilers/sql/source_text.h"
#include "reconcilers/sql/tokens.h"

namespace reconcile::migrations {
namespace {

constexpr std::string_view way_out =
    "write \"-- reconcile: only NAME, …\", \"-- reconcile: except NAME, …\", \"-- reconcile: "
    "allow out-of-order\", \"-- reconcile: allow CODE\" with the code of a hazard, or \"-- "
    "reconcile: "
    "adopts KIND NAME DIGEST\" as `reconcile adopt` does";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n\f\v";
  text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
  return text.substr(0, text.find_last_not_of(space) + 1);
}

/// Cuts the first word off `text`, at white space or a colon.
std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find_first_of(" \t\r\n\f\v:"));
  text = trimmed(text.substr(word.size()));
  return word;
}

/// What a comment says, without its marks.
std::string_view content(std::string_view comment) {
  if (comment.starts_with("/*")) comment = comment.substr(0, comment.size() - 2);
  comment.remove_prefix(std::min(comment.find_first_not_of("-/* \t\r\n"), comment.size()));
  return trimmed(comment);
}

/// How many letters have to be put in, taken out or replaced to make one word the other.
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

bool resembles_reconcile(std::string_view word) {
  constexpr std::string_view marker = "reconcile";
  return word.size() < 2 * marker.size() && edit_distance(sql::lower(word), marker) <= 2;
}

/// The text after "reconcile:" of a comment that is, or was meant to be, a directive. A missing
/// colon or a misspelt "reconcile" counts as meant where one of the four verbs follows;
/// "-- reconcile the balances" is prose.
struct Candidate {
  std::string_view rest;
  bool well_formed = false;
};

std::optional<Candidate> candidate(std::string_view comment) {
  constexpr std::array<std::string_view, 4> verbs{"only", "except", "allow", "adopts"};
  std::string_view rest = content(comment);
  const std::string_view word = take_word(rest);
  if (!resembles_reconcile(word)) return std::nullopt;
  const bool colon = rest.starts_with(':');
  if (colon) rest = trimmed(rest.substr(1));
  if (colon && sql::lower(word) == "reconcile") {
    const bool plain = comment.starts_with("--") && word == "reconcile" &&
                       comment.find("reconcile:") != std::string_view::npos;
    return Candidate{rest, plain};
  }
  std::string_view look_ahead = rest;
  const std::string verb = sql::lower(take_word(look_ahead));
  if (std::find(verbs.begin(), verbs.end(), verb) == verbs.end()) return std::nullopt;
  return Candidate{rest, false};
}

bool is_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), allowed);
}

/// "stage, dev"; nothing where the list is empty or holds something that is not a name.
std::optional<std::vector<std::string>> names(std::string_view list) {
  std::vector<std::string> found;
  while (true) {
    const std::size_t comma = list.find(',');
    const std::string_view name = trimmed(list.substr(0, comma));
    if (!is_name(name)) return std::nullopt;
    found.emplace_back(name);
    if (comma == std::string_view::npos) return found;
    list.remove_prefix(comma + 1);
  }
}

/// A name may hold a line break, which a comment cannot.
std::string escaped(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '\\') {
      text += "\\\\";
    } else if (c == '\n') {
      text += "\\n";
    } else if (c == '\r') {
      text += "\\r";
    } else {
      text += c;
    }
  }
  return text;
}

std::string unescaped(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pair = text[i] == '\\' && i + 1 < text.size();
    if (pair) ++i;
    name += !pair ? text[i] : text[i] == 'n' ? '\n' : text[i] == 'r' ? '\r' : text[i];
  }
  return name;
}

/// "view public.recent 0123456789abcdef"
std::optional<AdoptedObject> adopted(std::string_view text) {
  constexpr std::size_t length = 16;
  const std::size_t space = text.rfind(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view digest = text.substr(space + 1);
  const std::string_view object = trimmed(text.substr(0, space));
  const bool known =
      digest == "gone" || (digest.size() == length &&
                           digest.find_first_not_of("0123456789abcdef") == std::string_view::npos);
  if (!known || object.find(' ') == std::string_view::npos) return std::nullopt;
  return AdoptedObject{unescaped(object), std::string(digest)};
}

/// Adds one directive; false where it is none.
bool add(Directives& directives, std::string_view text) {
  const std::string_view verb = take_word(text);
  if (verb == "adopts") {
    auto object = adopted(text);
    if (object) directives.adopts.push_back(std::move(*object));
    return object.has_value();
  }
  if (verb != "only" && verb != "except" && verb != "allow") return false;
  const auto listed = names(text);
  if (!listed) return false;
  if (verb == "allow") {
    for (const std::string& name : *listed) {
      if (name == "out-of-order") {
        directives.out_of_order_allowed = true;
      } else if (hazard_rule(name) != nullptr) {
        directives.allowed_hazards.push_back(name);
      } else {
        return false;
      }
    }
    return true;
  }
  auto& list = verb == "only" ? directives.only : directives.except;
  list.insert(list.end(), listed->begin(), listed->end());
  return true;
}

Error refused(std::string_view text, std::string_view file, const sql::Token& token,
              std::string_view why, std::string_view next) {
  return {.where = sql::place(file, sql::line_at(text, token.offset)),
          .what = fmt::format("directive \"{}\"", content(token.text)),
          .why = std::string(why),
          .next = std::string(next)};
}

}  // namespace

std::string adopts_line(const AdoptedObject& adopted) {
  return fmt::format("-- reconcile: adopts {} {}", escaped(adopted.object), adopted.digest);
}

Result<Directives> read_directives(std::string_view text, std::string_view file) {
  const Result<std::vector<sql::Token>> tokens = sql::scan(text, file);
  if (!tokens) return tokens.error();
  Directives directives;
  bool in_front = true;
  for (const sql::Token& token : *tokens) {
    in_front = in_front && token.is_comment();
    if (!token.is_comment()) continue;
    const auto found = candidate(token.text);
    if (!found) continue;
    if (!in_front) {
      return refused(text, file, token, "a directive counts only before the first statement",
                     "move it to the top of the file");
    }
    if (!found->well_formed || !add(directives, found->rest)) {
      return refused(text, file, token, "it is not one of the directives", way_out);
    }
  }
  return directives;
}

}  // namespace reconcile::migrations
