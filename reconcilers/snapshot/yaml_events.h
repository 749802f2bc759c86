#pragma once

#include <yaml.h>

#include <string>
#include <string_view>

#include "reconcilers/core/result.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// libyaml's events as values, one node at a time, so that a large file never stands in memory as a
/// tree. Private to the reader. The text has to outlive it.
class YamlEvents {
 public:
  YamlEvents(std::string_view text, std::string_view file);
  ~YamlEvents();
  YamlEvents(const YamlEvents&) = delete;
  YamlEvents& operator=(const YamlEvents&) = delete;

  /// Moves to the next event. Errors: not YAML.
  Result<void> next();
  yaml_event_type_t type() const { return event_.type; }
  int line() const { return static_cast<int>(event_.start_mark.line) + 1; }
  std::string_view scalar() const;

  /// The node that begins at the current event; afterwards the current event is its last one.
  /// Errors: aliases, tags, NUL bytes, duplicate keys, keys that are no scalars, nesting deeper
  /// than 64.
  Result<Value> node(int depth = 0);

  Error error(int at_line, std::string what, std::string next) const;

 private:
  Result<Value> sequence(int depth);
  Result<Value> mapping(int depth);
  Result<void> check_scalar() const;
  int line_of_problem() const;

  std::string_view text_;
  std::string file_;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

}  // namespace reconcile::snapshot
