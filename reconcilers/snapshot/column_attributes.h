#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reconcilers/core/error.h"
#include "reconcilers/snapshot/model.h"
#include "reconcilers/snapshot/one_of.h"

namespace reconcile::snapshot {

/// What the `schema` part of a field says about its column, by key.

inline std::string_view text(const Attributes& schema, std::string_view key) {
  return text_of(schema.find(Key(key)));
}

inline bool truth(const Attributes& schema, std::string_view key) {
  return truth_of(schema.find(Key(key)));
}

inline std::optional<std::int64_t> number(const Attributes& schema, std::string_view key) {
  const Value* value = schema.find(Key(key));
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

inline std::string_view data_type(const Attributes& schema) { return text(schema, "data_type"); }

inline bool is_text_type(std::string_view type) {
  return one_of(type, {"character varying", "character", "text", "citext"});
}

/// What a snapshot says and PostgreSQL cannot be told.
Error unusable(const Field& field, std::string what, std::string next);

}  // namespace reconcile::snapshot
