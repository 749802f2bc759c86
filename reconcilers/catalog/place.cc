#include "reconcilers/catalog/place.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace reconcile::catalog {
namespace {

/// Calls `see(line, number)` for each line until it returns true; returns that number, or 0.
template <class See>
int first_line(std::string_view text, See see) {
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    if (see(text.substr(0, end))) return number;
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return 0;
}

std::string_view trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" -");
  if (begin == std::string_view::npos) return {};
  line.remove_prefix(begin);
  return line.substr(0, line.find_last_not_of(" \r") + 1);
}

int in_snapshot(std::string_view about, std::string_view text) {
  const std::size_t dot = about.find('.');
  const std::string collection = "collection: " + std::string(about.substr(0, dot));
  const std::string field =
      dot == std::string_view::npos ? "" : "field: " + std::string(about.substr(dot + 1));
  bool within = false;
  return first_line(text, [&](std::string_view line) {
    const std::string_view entry = trimmed(line);
    if (entry.starts_with("collection: ")) {
      within = entry == collection;
      return within && field.empty();
    }
    return within && !field.empty() && entry == field;
  });
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool mentions(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string_view::npos;
       at = line.find(word, at + 1)) {
    const bool begins = at == 0 || !is_word(line[at - 1]);
    const std::size_t end = at + word.size();
    if (begins && (end == line.size() || !is_word(line[end]))) return true;
  }
  return false;
}

/// "public.f(integer)" → "f", "public.clubs.name" → "name".
std::string own_name(const Difference& object) {
  std::string name = object.object.name.substr(0, object.object.name.find('('));
  name.erase(0, name.rfind('.') + 1);
  std::erase(name, '"');
  return name;
}

int in_sql(const Difference& object, std::string_view text) {
  const std::string word = own_name(object);
  return first_line(
      text, [&](std::string_view line) { return mentions(line.substr(0, line.find("--")), word); });
}

}  // namespace

int line_of(const Difference& object, std::string_view text) {
  if (object.origin.file.ends_with(".sql")) {
    const int line = in_sql(object, text);
    if (line > 0 || object.about.empty()) return line;
    // A constraint or sequence that PostgreSQL has named itself stands where its table does.
    Difference owner = object;
    owner.object.name = object.about;
    return in_sql(owner, text);
  }
  return in_snapshot(object.about, text);
}

}  // namespace reconcile::catalog
