#include "reconcilers/sql/surroundings.h"

#include <algorithm>
#include <array>

#include "reconcilers/sql/parse_tree.h"

namespace reconcile::sql {
namespace {

namespace json = boost::json;

constexpr std::string_view temporary_schema = "pg_temp";

template <std::size_t size>
bool is_one_of(std::string_view name, const std::array<std::string_view, size>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Any constraint, where nobody knows what it says.
constexpr std::string_view any_column = "*";

}  // namespace

QualifiedName name_of_range(const json::object& range) {
  return {std::string(text_of(range, "schemaname")), std::string(text_of(range, "relname"))};
}

QualifiedName name_of_parts(const json::array& parts) {
  std::vector<std::string> words;
  for (const json::value& part : parts) {
    const json::object* text = inner(part);
    if (text != nullptr) words.emplace_back(text_of(*text, "sval"));
  }
  if (words.empty()) return {};
  return {words.size() > 1 ? words[words.size() - 2] : std::string(), words.back()};
}

Surroundings::Surroundings(const CatalogFacts* facts) : facts_(facts) {
  if (facts == nullptr) return;
  for (const auto& relation : facts->relations) relations_.emplace(relation.name, &relation);
}

void Surroundings::begin_file() {
  search_path_.reset();
  path_is_set_ = false;
  own_time_zone_ = false;
}

const CatalogFacts::Relation* Surroundings::fact(const QualifiedName& name) const {
  const auto [first, last] = relations_.equal_range(name.name);
  for (auto found = first; found != last; ++found) {
    if (found->second->schema == name.schema) return found->second;
  }
  return nullptr;
}

/// Where a table of that name may be, the likeliest first. Never empty.
std::vector<QualifiedName> Surroundings::candidates(const QualifiedName& written) const {
  if (!written.schema.empty()) return {written};
  std::vector<QualifiedName> found{{std::string(temporary_schema), written.name}};
  if (search_path_) {
    for (const std::string& schema : *search_path_) found.push_back({schema, written.name});
    return found;
  }
  const std::string home = facts_ == nullptr ? "public" : facts_->default_schema;
  const auto [first, last] = relations_.equal_range(written.name);
  for (auto relation = first; relation != last; ++relation) {
    // A path that nobody can tell may lead to any of them.
    if (relation->second->visible || path_is_set_)
      found.push_back({relation->second->schema, written.name});
  }
  found.push_back({home, written.name});
  return found;
}

Table Surroundings::table(const QualifiedName& written) const {
  const auto names = candidates(written);
  for (const QualifiedName& name : names) {
    if (made_.contains(name)) return {name, Standing::Made};
    const auto renamed = renamed_.find(name);
    const QualifiedName& before = renamed == renamed_.end() ? name : renamed->second;
    if (renamed == renamed_.end() && dropped_.contains(name)) continue;
    if (const auto* facts = fact(before))
      return {name, facts->populated ? Standing::Populated : Standing::Empty, facts};
  }
  // Not there, as far as one can see: nothing that the statement meets can be at stake.
  const bool unknown = facts_ == nullptr || opaque_;
  return {names.back(), unknown ? Standing::Populated : Standing::Made};
}

const CatalogFacts::Type* Surroundings::type(const QualifiedName& written) const {
  if (facts_ == nullptr) return nullptr;
  const auto found = std::ranges::find_if(facts_->types, [&](const auto& type) {
    return type.name == written.name && (written.schema.empty() || type.schema == written.schema);
  });
  return found == facts_->types.end() ? nullptr : &*found;
}

bool Surroundings::is_volatile(std::string_view function) const {
  constexpr std::array<std::string_view, 8> stable{"now",
                                                   "transaction_timestamp",
                                                   "statement_timestamp",
                                                   "current_setting",
                                                   "to_tsvector",
                                                   "concat",
                                                   "format",
                                                   "current_database"};
  constexpr std::array<std::string_view, 6> changing{
      "clock_timestamp", "random", "gen_random_uuid", "nextval", "timeofday", "uuid_generate_v4"};
  if (is_one_of(function, changing)) return true;
  if (facts_ != nullptr) {
    for (const auto& known : facts_->functions) {
      if (known.name == function) return known.is_volatile;
    }
  }
  return !is_one_of(function, stable);
}

bool Surroundings::is_built_in(std::string_view function) const {
  if (facts_ == nullptr) return false;
  const auto found = std::ranges::find(facts_->functions, function, &CatalogFacts::Function::name);
  return found != facts_->functions.end() && found->built_in;
}

QualifiedName Surroundings::created_name(const QualifiedName& written, bool temporary) const {
  if (temporary) return {std::string(temporary_schema), written.name};
  if (!written.schema.empty()) return written;
  if (search_path_ && !search_path_->empty()) return {search_path_->front(), written.name};
  return {facts_ == nullptr ? "public" : facts_->default_schema, written.name};
}

void Surroundings::made_table(const QualifiedName& written, bool unless_there, bool temporary) {
  const QualifiedName name = created_name(written, temporary);
  if (unless_there && !temporary) {
    const bool gone = dropped_.contains(name);
    if (facts_ == nullptr || (fact(name) != nullptr && !gone)) return;
  }
  made_.insert(name);
}

void Surroundings::renamed_table(const QualifiedName& written, const QualifiedName& now) {
  const Table before = table(written);
  const QualifiedName after{now.schema.empty() ? before.name.schema : now.schema,
                            now.name.empty() ? before.name.name : now.name};
  if (before.standing == Standing::Made) {
    made_.erase(before.name);
    made_.insert(after);
    return;
  }
  const auto former = renamed_.find(before.name);
  const QualifiedName origin = former == renamed_.end() ? before.name : former->second;
  renamed_.erase(before.name);
  renamed_.insert_or_assign(after, origin);
  dropped_.insert(before.name);
}

void Surroundings::dropped_table(const QualifiedName& written) {
  const Table gone = table(written);
  made_.erase(gone.name);
  renamed_.erase(gone.name);
  dropped_.insert(gone.name);
}

void Surroundings::made_column(const Table& table, std::string_view column) {
  former_columns_.insert_or_assign({table.name, std::string(column)}, std::string());
}

void Surroundings::renamed_column(const Table& table, std::string_view column,
                                  std::string_view now) {
  former_columns_.insert_or_assign({table.name, std::string(now)}, column_before(table, column));
}

std::string Surroundings::column_before(const Table& table, std::string_view column) const {
  const auto found = former_columns_.find({table.name, std::string(column)});
  return found == former_columns_.end() ? std::string(column) : found->second;
}

const CatalogFacts::Column* Surroundings::column_facts(const Table& table,
                                                       std::string_view column) const {
  if (table.facts == nullptr) return nullptr;
  const std::string name = column_before(table, column);
  const auto& columns = table.facts->columns;
  const auto found = std::ranges::find(columns, name, &CatalogFacts::Column::name);
  return found == columns.end() ? nullptr : &*found;
}

void Surroundings::added_constraint(const Table& table, std::string_view constraint,
                                    std::string_view not_null, bool valid) {
  constraints_.insert_or_assign({table.name, std::string(constraint)},
                                Constraint{std::string(not_null), valid});
  if (valid && !not_null.empty()) proven_.emplace(table.name, not_null);
}

bool Surroundings::validated_constraint(const Table& table, std::string_view constraint) {
  const auto own = constraints_.find({table.name, std::string(constraint)});
  if (own != constraints_.end()) {
    const bool waited = !own->second.validated;
    own->second.validated = true;
    if (!own->second.not_null.empty()) proven_.emplace(table.name, own->second.not_null);
    return waited;
  }
  if (table.facts == nullptr) proven_.emplace(table.name, any_column);
  if (table.facts != nullptr) {
    for (const auto& check : table.facts->not_null_checks) {
      if (check.name == constraint) proven_.emplace(table.name, check.column);
    }
  }
  return false;
}

bool Surroundings::is_proven_not_null(const Table& table, std::string_view column) const {
  if (proven_.contains({table.name, std::string(column)})) return true;
  if (table.facts == nullptr) return proven_.contains({table.name, std::string(any_column)});
  const auto* facts = column_facts(table, column);
  const bool already = facts != nullptr && facts->not_null;
  return already || std::ranges::any_of(table.facts->not_null_checks, [&](const auto& check) {
           return check.column == column && check.validated;
         });
}

}  // namespace reconcile::sql
