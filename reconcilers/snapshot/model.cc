#include "reconcilers/snapshot/model.h"

#include <cmath>
#include <mutex>
#include <unordered_set>
#include <utility>

namespace reconcile::snapshot {
namespace {

struct Hash : std::hash<std::string_view> {
  using is_transparent = void;
};

const std::string* intern(std::string_view name) {
  static std::mutex mutex;
  static std::unordered_set<std::string, Hash, std::equal_to<>> names;
  const std::scoped_lock lock(mutex);
  const auto known = names.find(name);
  return known != names.end() ? &*known : &*names.emplace(name).first;
}

}  // namespace

Key::Key(std::string_view name) : name_(intern(name)) {}

const Value* Attributes::find(Key key) const {
  for (const auto& [name, value] : items_) {
    if (name == key) return &value;
  }
  return nullptr;
}

Value* Attributes::find(Key key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

std::string name_of(const Collection& entity) { return entity.name; }
std::string name_of(const Field& entity) { return entity.collection + "." + entity.name; }
std::string name_of(const Relation& entity) { return entity.collection + "." + entity.field; }

Value normalised(Value value) {
  // JavaScript's largest integer that a double holds exactly.
  constexpr double exact = 9007199254740992.0;
  if (const double* number = value.if_double()) {
    const bool minus_zero = *number == 0 && std::signbit(*number);
    if (std::trunc(*number) == *number && std::abs(*number) <= exact && !minus_zero) {
      return static_cast<std::int64_t>(*number);
    }
  } else if (const std::int64_t* whole = value.if_int64()) {
    constexpr auto largest = static_cast<std::int64_t>(exact);
    if (*whole > largest || *whole < -largest) return normalised(static_cast<double>(*whole));
  } else if (const std::uint64_t* large = value.if_uint64()) {
    return static_cast<double>(*large);
  } else if (boost::json::array* array = value.if_array()) {
    for (Value& item : *array) item = normalised(std::move(item));
  } else if (boost::json::object* object = value.if_object()) {
    for (auto& item : *object) item.value() = normalised(std::move(item.value()));
  }
  return value;
}

std::string_view text_of(const Value* value) {
  const boost::json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

bool truth_of(const Value* value) {
  const bool* truth = value == nullptr ? nullptr : value->if_bool();
  return truth != nullptr && *truth;
}

}  // namespace reconcile::snapshot
