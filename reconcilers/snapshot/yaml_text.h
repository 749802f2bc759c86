#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace reconcile::snapshot {

// The rules of js-yaml 4 for single scalars; yaml_writer puts them together.

/// Characters that need no escape.
bool is_printable(char32_t code);

/// Whether a reader would take the plain text for null, a boolean, a number, a date or a merge key.
/// `underscores`: digits may be grouped with them, and numbers may be infinitely large.
bool resolves_to_other_type(std::string_view text, bool underscores);

/// Words and times that YAML 1.1 reads as booleans and base 60 numbers: quoted for its readers.
bool is_deprecated_syntax(std::string_view text);

/// Text with its longest lines broken, for the folded style. Widths are in UTF-16 units.
std::string folded(std::string_view text, std::size_t width);

/// The inside of a double-quoted scalar.
void append_escaped(std::string& out, std::string_view text);

}  // namespace reconcile::snapshot
