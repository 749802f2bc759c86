#include "reconcilers/sql/parse_tree.h"

#include <string>

#include "reconcilers/sql/pg_query_result.h"

namespace reconcile::sql {
namespace {

namespace json = boost::json;

Error unreadable(std::string why) {
  return {.where = {}, .what = "cannot classify", .why = std::move(why), .next = {}};
}

}  // namespace

Result<json::value> tree_of(std::string_view statement) {
  const ParseResult result(pg_query_parse(std::string(statement).c_str()));
  if (result->error != nullptr) return unreadable(result->error->message);
  json::parse_options options;
  options.max_depth = 512;
  boost::system::error_code failed;
  json::value tree = json::parse(result->parse_tree, failed, {}, options);
  if (failed) return unreadable(failed.message());
  return tree;
}

Node node_in(const json::value& value) {
  if (!value.is_object() || value.as_object().empty()) return {};
  const auto* member = value.as_object().begin();
  return {member->key(), member->value().if_object()};
}

Node statement_in(const json::value& tree) {
  boost::system::error_code absent;
  const json::value* node = tree.find_pointer("/stmts/0/stmt", absent);
  return node == nullptr ? Node() : node_in(*node);
}

const json::object* inner(const json::value& value) { return node_in(value).members; }

const json::object* object_in(const json::object& node, std::string_view key) {
  const json::value* value = node.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

const json::array& array_in(const json::object& node, std::string_view key) {
  static const json::array none;
  const json::value* value = node.if_contains(key);
  return value != nullptr && value->is_array() ? value->as_array() : none;
}

std::string_view text_of(const json::object& node, std::string_view key) {
  const json::value* value = node.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->as_string())
                                                : std::string_view();
}

bool flag(const json::object& node, std::string_view key) {
  const json::value* value = node.if_contains(key);
  return value != nullptr && value->is_bool() && value->as_bool();
}

}  // namespace reconcile::sql
