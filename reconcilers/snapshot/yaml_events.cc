#include "reconcilers/snapshot/yaml_events.h"

#include "reconcilers/snapshot/yaml_scalar.h"

namespace reconcile::snapshot {
namespace {

constexpr int max_depth = 64;

}  // namespace

YamlEvents::YamlEvents(std::string_view text, std::string_view file) : file_(file) {
  yaml_parser_initialize(&parser_);
  yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size());
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
      error(static_cast<int>(parser_.problem_mark.line) + 1, "this is not YAML",
            "write the file again with `directus schema snapshot` or `reconcile snapshot`");
  failure.why = parser_.problem != nullptr ? parser_.problem : "unreadable";
  return failure;
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
    const std::string key(scalar());
    if (members.contains(key)) {
      return error(line(), "the key \"" + key + "\" stands twice", "keep one of the two");
    }
    if (auto moved = next(); !moved) return moved.error();
    auto value = node(depth + 1);
    if (!value) return value;
    members.emplace(key, std::move(*value));
  }
}

}  // namespace reconcile::snapshot
