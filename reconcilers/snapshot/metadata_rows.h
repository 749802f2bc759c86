#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "reconcilers/core/plan.h"
#include "reconcilers/core/text_table.h"
#include "reconcilers/snapshot/live.h"
#include "reconcilers/snapshot/live_values.h"
#include "reconcilers/snapshot/model.h"
#include "reconcilers/snapshot/three_way.h"

namespace reconcile::snapshot {

/// Writes rows of one Directus metadata table, in the columns this installation has. A key without
/// a column is left out and remembered, so that the plan can say so once.
class MetadataTable {
 public:
  /// `columns` are those of the live table.
  MetadataTable(std::string name, const std::vector<TextTable::Column>& columns);

  /// A row tuple; consecutive ones with equal columns become one INSERT. `identity` fills in what
  /// meta leaves out.
  Statement insert(const Attributes& meta,
                   const std::vector<std::pair<std::string, std::string>>& identity);

  /// Sets the desired values of `changes` in the row that `where` picks.
  std::string update(const std::vector<Difference>& changes, const std::string& where);

  /// Attribute names that had no column, with how many entries brought them.
  const std::map<std::string, int>& unknown() const { return unknown_; }
  void note_unknown(Key key) { ++unknown_[std::string(key.name())]; }
  const std::string& name() const { return name_; }

 private:
  const CellType* type_of(std::string_view column) const;

  std::string name_;
  std::map<std::string, CellType, std::less<>> types_;
  std::map<std::string, std::shared_ptr<const std::string>> heads_;
  std::map<std::string, int> unknown_;
};

/// A value on one line for a person: short strings in quotes, long ones cut.
std::string render(const Value* value);

}  // namespace reconcile::snapshot
