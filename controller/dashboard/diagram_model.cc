#include "controller/dashboard/diagram_model.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace reconcile::dashboard {
namespace {

Mark mark_of(const Step& step) {
  if (!step.former_name.empty()) return Mark::Renamed;
  switch (step.action) {
    case Action::Create:
      return Mark::Added;
    case Action::Remove:
      return Mark::Removed;
    case Action::Change:
      return Mark::Changed;
    case Action::Run:
    case Action::Adopt:
      return Mark::Same;
  }
  return Mark::Same;
}

/// "clubs.name" of the group "clubs" → "name".
std::string column_of(const Step& step) {
  const std::string prefix = step.group + ".";
  return step.object.name.starts_with(prefix) ? step.object.name.substr(prefix.size())
                                              : step.object.name;
}

/// The planner's "to clubs.id, on delete SET NULL", or "to clubs"; nothing for "to any collection".
std::optional<std::string> referred(const Step& step) {
  std::string_view text = step.detail;
  if (!text.starts_with("to ") || text == "to any collection") return std::nullopt;
  text.remove_prefix(3);
  const std::size_t rule = text.rfind(", on delete ");
  if (rule == std::string_view::npos) return std::string(text);
  text = text.substr(0, rule);
  return std::string(text.substr(0, text.rfind('.')));
}

/// Of "numeric(12,2), not null, primary key" the type.
std::string type_of(const Step& step) {
  int depth = 0;
  for (std::size_t i = 0; i < step.detail.size(); ++i) {
    const char c = step.detail[i];
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (depth == 0 && (c == ',' || c == ';')) return step.detail.substr(0, i);
  }
  return step.detail;
}

struct Reference {
  std::string table, column, to;
  Mark mark = Mark::Same;
};

class Builder {
 public:
  explicit Builder(const Schema& schema) : schema_(schema) {}

  void change(const Step& step) {
    if (step.object.kind == "collection") {
      DiagramTable& table = named(step.object.name);
      table.mark = mark_of(step);
    } else if (step.object.kind == "field") {
      DiagramTable& table = named(step.group);
      if (table.mark == Mark::Same) table.mark = Mark::Changed;
      const bool key = step.detail.find("primary key") != std::string::npos;
      const bool made = step.action == Action::Create;
      put(table, {column_of(step), made ? type_of(step) : "", key, mark_of(step), step.detail});
    } else if (step.object.kind == "relation") {
      DiagramTable& table = named(step.group);
      if (table.mark == Mark::Same) table.mark = Mark::Changed;
      std::optional<std::string> to = referred(step);
      if (!to) to = live_reference(step.group, column_of(step));
      if (to && !to->empty())
        references_.push_back({step.group, column_of(step), *to, mark_of(step)});
    }
  }

  Diagram finish() {
    std::set<std::string> changed;
    for (const auto& [name, table] : tables_) changed.insert(name);
    for (const Reference& reference : references_) neighbour(reference.to);
    for (const Schema::Reference& known : schema_.references) {
      if (!changed.contains(known.table) && !changed.contains(known.to)) continue;
      const bool told = std::ranges::any_of(references_, [&](const Reference& one) {
        return one.table == known.table && one.column == known.column;
      });
      if (told) continue;
      neighbour(known.table);
      neighbour(known.to);
      references_.push_back({known.table, known.column, known.to, mark_with(known)});
    }
    fill();
    return assembled();
  }

 private:
  DiagramTable& named(const std::string& name) {
    DiagramTable& table = tables_[name];
    table.name = name;
    return table;
  }
  void neighbour(const std::string& name) {
    if (tables_.contains(name)) return;
    named(name).neighbour = true;
  }
  static void put(DiagramTable& table, DiagramColumn column) {
    const auto same = std::ranges::find(table.columns, column.name, &DiagramColumn::name);
    if (same == table.columns.end()) {
      table.columns.push_back(std::move(column));
    } else {
      *same = std::move(column);
    }
  }
  std::string live_reference(const std::string& table, const std::string& column) const {
    for (const Schema::Reference& known : schema_.references) {
      if (known.table == table && known.column == column) return known.to;
    }
    return {};
  }
  /// A reference goes with its table or its column.
  Mark mark_with(const Schema::Reference& known) const {
    const DiagramTable& table = tables_.at(known.table);
    if (table.mark == Mark::Removed || tables_.at(known.to).mark == Mark::Removed)
      return Mark::Removed;
    const auto column = std::ranges::find(table.columns, known.column, &DiagramColumn::name);
    return column != table.columns.end() && column->mark == Mark::Removed ? Mark::Removed
                                                                          : Mark::Same;
  }
  /// The rest of each table: keys and references are shown, what else it has is counted.
  void fill() {
    std::map<std::string, std::vector<DiagramColumn>> before;
    for (const Schema::Column& column : schema_.columns) {
      const auto at = tables_.find(column.table);
      if (at == tables_.end()) continue;
      DiagramTable& table = at->second;
      const auto known = std::ranges::find(table.columns, column.name, &DiagramColumn::name);
      if (known != table.columns.end()) {
        if (known->type.empty()) known->type = column.type;
        known->key = known->key || column.key;
        continue;
      }
      const bool refers = std::ranges::any_of(references_, [&](const Reference& one) {
        return one.table == column.table && one.column == column.name;
      });
      if (column.key || refers) {
        const Mark mark = table.mark == Mark::Removed ? Mark::Removed : Mark::Same;
        before[column.table].push_back({column.name, column.type, column.key, mark, ""});
      } else {
        ++table.others;
      }
    }
    for (auto& [name, columns] : before) {
      DiagramTable& table = tables_.at(name);
      table.columns.insert(table.columns.begin(), columns.begin(), columns.end());
    }
  }
  Diagram assembled() {
    Diagram made;
    std::map<std::string, std::size_t> index;
    for (auto& [name, table] : tables_) {
      index.emplace(name, made.tables.size());
      made.tables.push_back(std::move(table));
    }
    for (const Reference& one : references_)
      made.links.push_back({index.at(one.table), index.at(one.to), one.column, one.mark});
    std::ranges::sort(made.links, {}, [](const DiagramLink& link) {
      return std::tuple(link.from, link.to, std::string_view(link.column));
    });
    return made;
  }

  const Schema& schema_;
  std::map<std::string, DiagramTable> tables_;
  std::vector<Reference> references_;
};

}  // namespace

// The columns of these tables are told by controller/postgres/catalog_columns.sql and
// catalog_foreign_keys.sql.
Schema schema_of(const LiveState& live) {
  Schema schema;
  for (std::size_t row = 0; row < live.columns.rows(); ++row) {
    const auto text = [&](std::size_t column) {
      return std::string(live.columns.text(row, column));
    };
    schema.columns.push_back({text(0), text(1), text(2), live.columns.truth(row, 10)});
  }
  for (std::size_t row = 0; row < live.foreign_keys.rows(); ++row) {
    const auto text = [&](std::size_t column) {
      return std::string(live.foreign_keys.text(row, column));
    };
    schema.references.push_back({text(0), text(1), text(2)});
  }
  return schema;
}

Diagram diagram_of(const Plan& plan, const Schema& schema) {
  Builder builder(schema);
  for (const Step& step : plan.steps) builder.change(step);
  return builder.finish();
}

}  // namespace reconcile::dashboard
