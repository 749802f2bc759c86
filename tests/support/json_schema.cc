#include "tests/support/json_schema.h"

#include <algorithm>
#include <stdexcept>

namespace reconcile::test {
namespace {

using boost::json::value;

bool has_type(const value& instance, std::string_view type) {
  if (type == "object") return instance.is_object();
  if (type == "array") return instance.is_array();
  if (type == "string") return instance.is_string();
  if (type == "boolean") return instance.is_bool();
  if (type == "integer") return instance.is_int64() || instance.is_uint64();
  if (type == "null") return instance.is_null();
  throw std::logic_error("no such type: " + std::string(type));
}

bool has_one_type(const value& instance, const value& types) {
  if (types.is_string()) return has_type(instance, types.as_string());
  return std::ranges::any_of(
      types.as_array(), [&](const value& type) { return has_type(instance, type.as_string()); });
}

void add(std::vector<std::string>& all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

std::vector<std::string> object_violations(const boost::json::object& instance,
                                           const boost::json::object& schema, const value& root,
                                           const std::string& where) {
  std::vector<std::string> found;
  if (const value* required = schema.if_contains("required")) {
    for (const value& key : required->as_array()) {
      if (!instance.contains(key.as_string()))
        found.push_back(where + " lacks " + std::string(key.as_string()));
    }
  }
  const value* properties = schema.if_contains("properties");
  const value* others = schema.if_contains("additionalProperties");
  for (const auto& member : instance) {
    const std::string place = where + "." + std::string(member.key());
    const value* known =
        properties != nullptr ? properties->as_object().if_contains(member.key()) : nullptr;
    if (known != nullptr)
      add(found, violations(member.value(), *known, root, place));
    else if (others != nullptr && others->is_object())
      add(found, violations(member.value(), *others, root, place));
    else if (others != nullptr && !others->as_bool())
      found.push_back(place + " is not in the schema");
  }
  return found;
}

}  // namespace

const value& resolved(const value& schema, const value& root) {
  const value* reference = schema.as_object().if_contains("$ref");
  if (reference == nullptr) return schema;
  const std::string_view pointer = reference->as_string();
  return root.at_pointer(pointer.substr(1));  // behind the #
}

std::vector<std::string> violations(const value& instance, const value& given, const value& root,
                                    const std::string& where) {
  const boost::json::object& schema = resolved(given, root).as_object();
  std::vector<std::string> found;
  if (const value* choices = schema.if_contains("oneOf")) {
    const auto fitting = std::ranges::count_if(choices->as_array(), [&](const value& choice) {
      return violations(instance, choice, root, where).empty();
    });
    if (fitting != 1) found.push_back(where + " fits not exactly one of its schemas");
  }
  if (const value* types = schema.if_contains("type"); types && !has_one_type(instance, *types)) {
    found.push_back(where + " is not of its type");
    return found;
  }
  if (const value* allowed = schema.if_contains("enum");
      allowed && std::ranges::count(allowed->as_array(), instance) == 0)
    found.push_back(where + " is none of the values that there are");
  if (const auto* object = instance.if_object())
    add(found, object_violations(*object, schema, root, where));
  if (const value* items = schema.if_contains("items"); items && instance.is_array()) {
    for (std::size_t i = 0; i < instance.as_array().size(); ++i)
      add(found,
          violations(instance.as_array()[i], *items, root, where + "[" + std::to_string(i) + "]"));
  }
  return found;
}

}  // namespace reconcile::test
