#pragma once

#include <string>
#include <string_view>

#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// The versions of js-yaml differ in what they take for a number, and so in what they quote.
enum class YamlNumbers {
  Underscored,  ///< before 4.2: 1_000 and 1e999 are numbers
  Finite,       ///< since 4.2
};

/// Appends YAML to a text, byte for byte as js-yaml 4's `dump` with its defaults: block style,
/// indentation 2, 80 columns. Values are UTF-8 text and JavaScript numbers; objects keep their
/// order. `level` is js-yaml's: the depth of the mapping or sequence, 0 for the document's.
class YamlWriter {
 public:
  explicit YamlWriter(std::string& out, YamlNumbers numbers = YamlNumbers::Finite)
      : out_(out), numbers_(numbers) {}

  /// A whole document.
  void document(const Value& value);

  // Or piece by piece, so that no value has to hold it all:

  /// One entry of a mapping at `level`. The first of the document or of a list item goes on in its
  /// line.
  void member(int level, std::string_view key, const Value& value, bool first = false);
  /// The key of a mapping or sequence whose entries come next.
  void open(int level, std::string_view key, bool first = false);
  /// Begins an entry of a sequence at `level`: what it holds goes on in its line.
  void item(int level);
  /// Ends the document.
  void end() { out_ += '\n'; }

 private:
  enum class Style { Plain, Single, Literal, Folded, Double };

  void next_line(int level);
  bool key(int level, std::string_view name, bool first);
  void node(int level, const Value& value, bool compact);
  void scalar(int level, std::string_view text, bool is_key);
  Style style_of(std::string_view text, bool single_line, std::size_t width) const;
  bool ambiguous(std::string_view text) const;
  void block(std::string_view text, std::string_view body, int indent, char mark);

  std::string& out_;
  YamlNumbers numbers_;
};

}  // namespace reconcile::snapshot
