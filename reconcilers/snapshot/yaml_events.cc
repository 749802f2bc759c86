#include "reconcilers/snapshot/yaml_events.h"

#include <fmt/format.h>

#include <algorithm>

#include "reconcilers/snapshot/yaml_scalar.h"

namespace reconcile::snapshot {
namespace {

constexpr int max_depth = 64;

/// libyaml counts a byte order mark as the first column, and then the first key is indented.
std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

}  // namespace

YamlEvents::YamlEvents(std::string_view text, std::string_view file)
    : text_(without_byte_order_mark(text)), file_(file) {
  yaml_parser_initialize(&parser_);
  yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text_.data()),
                               text_.size());
}

YamlEvents::~YamlEvents() {
  yaml_event_delete(&event_);
  yaml_parser_delete(&parser_);
}

Error YamlEvents::error(int at_line, std::string what, std::string next) const {
  return {.where = file_ + ":" + std::to_string(at_line),
          .what = std::move(what),
          .why = "",
          .next = std::move(next)};
}

Result<void> YamlEvents::next() {
  yaml_event_delete(&event_);
  event_ = {};
  if (yaml_parser_parse(&parser_, &event_) != 0) return {};
  Error failure =
      error(line_of_problem(), "this is not YAML",
            "write the file again with `directus schema snapshot` or `reconcile snapshot`");
  failure.why = parser_.problem != nullptr ? parser_.problem : "unreadable";
  return failure;
}

/// libyaml marks what the grammar refuses, but gives only an offset for bytes that are no text.
int YamlEvents::line_of_problem() const {
  if (parser_.error != YAML_READER_ERROR) return static_cast<int>(parser_.problem_mark.line) + 1;
  const std::string_view before = text_.substr(0, parser_.problem_offset);
  return static_cast<int>(std::ranges::count(before, '\n')) + 1;
}

/// PostgreSQL has no NUL in text, and a tag would make a scalar something else than it looks like.
Result<void> YamlEvents::check_scalar() const {
  if (scalar().find('\0') != std::string_view::npos)
    return error(line(), "a NUL byte is not text", "take it out of the value");
  if (event_.data.scalar.tag != nullptr)
    return error(line(), "YAML tags are not accepted", "put the value in quotes if it is text");
  return {};
}

std::string_view YamlEvents::scalar() const {
  return {reinterpret_cast<const char*>(event_.data.scalar.value), event_.data.scalar.length};
}

Result<Value> YamlEvents::node(int depth) {
  if (depth > max_depth) {
    return error(line(), "nested deeper than 64 levels",
                 "a Directus snapshot never is: check the file");
  }
  switch (event_.type) {
    case YAML_SCALAR_EVENT:
      if (auto clean = check_scalar(); !clean) return clean.error();
      if (event_.data.scalar.style == YAML_PLAIN_SCALAR_STYLE) return resolve_plain(scalar());
      return Value(boost::json::string(scalar()));
    case YAML_SEQUENCE_START_EVENT:
      return sequence(depth);
    case YAML_MAPPING_START_EVENT:
      return mapping(depth);
    case YAML_ALIAS_EVENT:
      // Directus never writes aliases, and expanding them is how a small file fills the memory.
      return error(line(), "YAML aliases are not accepted", "write the value out where it is used");
    default:
      return error(line(), "a value is missing", "write the file again with Directus");
  }
}

Result<Value> YamlEvents::sequence(int depth) {
  boost::json::array items;
  for (;;) {
    if (auto moved = next(); !moved) return moved.error();
    if (event_.type == YAML_SEQUENCE_END_EVENT) return Value(std::move(items));
    auto item = node(depth + 1);
    if (!item) return item;
    items.push_back(std::move(*item));
  }
}

Result<Value> YamlEvents::mapping(int depth) {
  boost::json::object members;
  for (;;) {
    if (auto moved = next(); !moved) return moved.error();
    if (event_.type == YAML_MAPPING_END_EVENT) return Value(std::move(members));
    if (event_.type != YAML_SCALAR_EVENT) {
      return error(line(), "a key has to be a word", "check the indentation above");
    }
    if (auto clean = check_scalar(); !clean) return clean.error();
    // The place for the value first: the key's text goes with its event.
    const auto [member, is_new] = members.emplace(scalar(), nullptr);
    if (!is_new) {
      return error(line(), fmt::format("the key \"{}\" stands twice", scalar()),
                   "keep one of the two");
    }
    if (auto moved = next(); !moved) return moved.error();
    auto value = node(depth + 1);
    if (!value) return value;
    member->value() = std::move(*value);
  }
}

}  // namespace reconcile::snapshot
