#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reconcilers/core/result.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// What stands behind DEFAULT in the definition of a column; nothing where the file does not say,
/// or the column counts by itself. The file shows a default as Directus reads it, without quotes
/// and casts, so what cannot be told from there is refused, not guessed. Errors: a value that
/// Directus shows cut or rounded, more than one SQL expression.
Result<std::optional<std::string>> default_sql(const Field& field);

/// The sequence that a default `nextval('…'::regclass)` names.
struct SequenceName {
  std::string schema;
  std::string name;

  std::string sql() const;  ///< quoted
};
std::optional<SequenceName> sequence_of(std::string_view default_text);

/// Whether PostgreSQL itself would call the sequence of a serial column so.
bool is_natural(const SequenceName& sequence, const Field& field);

}  // namespace reconcile::snapshot
