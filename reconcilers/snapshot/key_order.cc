#include "reconcilers/snapshot/key_order.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <limits>
#include <string>
#include <vector>

#include "reconcilers/snapshot/js_text.h"

namespace reconcile::snapshot {
namespace {

struct Member {
  std::string_view key;
  Value* value;
};

/// `String(value)` as it comes out of an array's `toString`.
void append_js_string(std::string& out, const Value& value) {
  if (value.is_string()) {
    out += text_of(&value);
  } else if (value.is_bool()) {
    out += value.get_bool() ? "true" : "false";
  } else if (value.is_number()) {
    append_js_number(out, value.to_number<double>());
  } else if (value.is_object()) {
    out += "[object Object]";
  } else if (value.is_array()) {
    const char* separator = "";
    for (const Value& item : value.get_array()) {
      out += separator;
      append_js_string(out, item);
      separator = ",";
    }
  }
}

std::string pair_text(const Member& member) {
  std::string text(member.key);
  text += ',';
  append_js_string(text, *member.value);
  return text;
}

/// Order of "left," and "right,"; 0 where one goes on with a comma behind the other.
int compare_keys(std::string_view left, std::string_view right) {
  const bool swapped = left.size() > right.size();
  if (swapped) std::swap(left, right);
  int order = 0;
  if (!right.starts_with(left)) {
    order = compare_utf16(left, right);
  } else if (left.size() < right.size()) {
    const auto next = static_cast<unsigned char>(right[left.size()]);
    order = next == ',' ? 0 : next > ',' ? -1 : 1;
  }
  return swapped ? -order : order;
}

bool member_before(const Member& left, const Member& right) {
  const int order = compare_keys(left.key, right.key);
  if (order != 0) return order < 0;
  return compare_utf16(pair_text(left), pair_text(right)) < 0;
}

/// The place of a property that JavaScript keeps among the numbered ones, in front of all others.
std::uint32_t place_of(std::string_view key) {
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  if (key.empty() || key.front() < '0' || key.front() > '9') return none;
  if (key.front() == '0' && key.size() > 1) return none;
  std::uint32_t index = 0;
  const auto read = std::from_chars(key.data(), key.data() + key.size(), index);
  return read.ec == std::errc() && read.ptr == key.data() + key.size() ? index : none;
}

}  // namespace

bool key_before(std::string_view left, std::string_view right) {
  return compare_keys(left, right) < 0;
}

Value with_ordered_keys(Value value) {
  if (boost::json::array* items = value.if_array()) {
    for (Value& item : *items) item = with_ordered_keys(std::move(item));
    return value;
  }
  boost::json::object* object = value.if_object();
  if (object == nullptr) return value;
  std::vector<Member> members;
  for (auto& entry : *object) {
    // Setting it means something else to JavaScript than adding a key.
    if (entry.key() == "__proto__") continue;
    entry.value() = with_ordered_keys(std::move(entry.value()));
    members.push_back({std::string_view(entry.key().data(), entry.key().size()), &entry.value()});
  }
  std::ranges::stable_sort(members, member_before);
  std::ranges::stable_sort(members, {}, [](const Member& member) { return place_of(member.key); });
  boost::json::object ordered;
  ordered.reserve(members.size());
  for (const Member& member : members) ordered.emplace(member.key, std::move(*member.value));
  return ordered;
}

}  // namespace reconcile::snapshot
