#include "tests/unit/support/snapshot_model.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "reconcilers/snapshot/live.h"
#include "reconcilers/snapshot/names.h"
#include "reconcilers/snapshot/planner.h"

namespace reconcile::snapshot::test {
namespace {

constexpr std::uint32_t boolean = 16, integer = 23, text = 25, json = 114;

std::pair<std::string, std::string> split(std::string_view name) {
  const std::size_t dot = name.find('.');
  return {std::string(name.substr(0, dot)), std::string(name.substr(dot + 1))};
}

Value string(std::string_view value) { return boost::json::string(value); }

Attributes over(Attributes attributes, Items more) {
  for (const auto& [key, value] : more) attributes = with(attributes, key, value);
  return attributes;
}

template <class Entity>
Entity& find(std::vector<Entity>& entities, std::string_view name) {
  const auto found =
      std::ranges::find_if(entities, [&](const Entity& item) { return name_of(item) == name; });
  if (found == entities.end()) throw std::logic_error("no entity " + std::string(name));
  return *found;
}

std::optional<std::string> cell_of(const Value* value, CellType type) {
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (type == CellType::Json) return boost::json::serialize(*value);
  if (value->is_bool()) return value->get_bool() ? "t" : "f";
  if (value->is_string()) return std::string(text_of(value));
  if (!value->is_array()) return boost::json::serialize(*value);
  std::string list;
  for (const Value& item : value->get_array())
    list += (list.empty() ? "" : ",") + std::string(text_of(&item));
  return list;
}

/// The row of an entity's meta; `identity` fills in what meta leaves out.
void add_meta(TextTable& rows, const Attributes& meta, Items identity) {
  for (const TextTable::Column& column : rows.columns()) {
    const Value* value = meta.find(Key(column.name));
    for (const auto& [key, told] : identity) {
      if (key == column.name) value = &told;
    }
    rows.add(cell_of(value, cell_type(column)));
  }
}

/// A default as pg_get_expr shows it.
std::optional<std::string> expression_of(const Attributes& schema) {
  const Value* value = schema.find(Key("default_value"));
  if (value == nullptr || value->is_null()) return std::nullopt;
  const std::string type(text_of(schema.find(Key("data_type"))));
  if (type == "json" || type == "jsonb") return "'" + boost::json::serialize(*value) + "'::" + type;
  if (!value->is_string()) return boost::json::serialize(*value);
  const std::string shown(text_of(value));
  if (shown.starts_with("nextval(") || shown.find('(') != std::string::npos ||
      shown.starts_with("CURRENT_"))
    return shown;
  return "'" + shown + "'::" + type;
}

void add_column(LiveState& live, const Field& field) {
  const Attributes& schema = *field.schema;
  const auto truth = [&](std::string_view key) { return truth_of(schema.find(Key(key))); };
  const auto number = [&](std::string_view key) {
    return cell_of(schema.find(Key(key)), CellType::Integer);
  };
  const auto flag = [&](std::string_view key) { return truth(key) ? "t" : "f"; };
  const auto named = [&](bool there, std::string_view kind) {
    return there ? std::optional(generated_name(kind, field.collection, field.name)) : std::nullopt;
  };
  const std::optional<std::string> cells[] = {
      field.collection,
      field.name,
      std::string(text_of(schema.find(Key("data_type")))),
      number("max_length"),
      number("numeric_precision"),
      number("numeric_scale"),
      truth("is_generated") ? std::string(text_of(schema.find(Key("generation_expression"))))
                            : expression_of(schema),
      flag("is_nullable"),
      named(truth("is_unique") && !truth("is_primary_key"), "unique"),
      named(truth("is_indexed"), "index"),
      flag("is_primary_key"),
      flag("is_generated"),
      flag("has_auto_increment")};
  for (const auto& cell : cells) live.columns.add(cell);
}

TextTable plain_table(std::initializer_list<const char*> names) {
  std::vector<TextTable::Column> columns;
  for (const char* name : names) columns.push_back({name, text});
  return TextTable(std::move(columns));
}

}  // namespace

Attributes attributes(Items items) {
  Attributes result;
  for (const auto& [key, value] : items) result.add(Key(key), value);
  return result;
}

Attributes with(const Attributes& attributes, std::string_view key, Value value) {
  Attributes result;
  bool there = false;
  for (const auto& [name, old] : attributes) {
    const bool same = name == Key(key);
    there = there || same;
    result.add(name, same ? value : old);
  }
  if (!there) result.add(Key(key), std::move(value));
  return result;
}

Attributes without(const Attributes& attributes, std::string_view key) {
  Attributes result;
  for (const auto& [name, value] : attributes) {
    if (!(name == Key(key))) result.add(name, value);
  }
  return result;
}

Attributes column(std::string_view collection, std::string_view name, std::string_view data_type,
                  Items more) {
  const bool counted = data_type == "integer" || data_type == "bigint" || data_type == "smallint";
  const int bits = data_type == "bigint" ? 64 : data_type == "smallint" ? 16 : 32;
  return over(
      attributes({{"name", string(name)},
                  {"table", string(collection)},
                  {"data_type", string(data_type)},
                  {"default_value", nullptr},
                  {"max_length", data_type == "character varying" ? Value(255) : Value(nullptr)},
                  {"numeric_precision", counted ? Value(bits) : Value(nullptr)},
                  {"numeric_scale", counted ? Value(0) : Value(nullptr)},
                  {"is_nullable", true},
                  {"is_unique", false},
                  {"is_indexed", false},
                  {"is_primary_key", false},
                  {"is_generated", false},
                  {"generation_expression", nullptr},
                  {"has_auto_increment", false},
                  {"foreign_key_table", nullptr},
                  {"foreign_key_column", nullptr}}),
      more);
}

Collection table(std::string name, Items meta) {
  Collection result = folder(std::move(name), meta);
  result.schema = attributes({{"name", string(result.name)}});
  return result;
}

Collection folder(std::string name, Items meta) {
  const Attributes row = over(attributes({{"collection", string(name)},
                                          {"hidden", false},
                                          {"note", nullptr},
                                          {"singleton", false}}),
                              meta);
  return {.name = std::move(name), .meta = row, .schema = {}};
}

Field field(std::string_view name, std::string_view data_type, Items schema, Items meta) {
  Field result = alias(name, meta);
  result.type = "string";
  result.schema = column(result.collection, result.name, data_type, schema);
  return result;
}

Field primary_key(std::string_view collection) {
  return field(std::string(collection) + ".id", "uuid",
               {{"is_nullable", false}, {"is_unique", true}, {"is_primary_key", true}});
}

Field alias(std::string_view name, Items meta) {
  const auto [collection, own] = split(name);
  const Attributes row = over(attributes({{"collection", string(collection)},
                                          {"field", string(own)},
                                          {"note", nullptr},
                                          {"options", nullptr},
                                          {"special", nullptr}}),
                              meta);
  return {.collection = collection, .name = own, .type = "alias", .meta = row, .schema = {}};
}

Relation relation(std::string_view name, std::string related, Items schema, Items meta) {
  const auto [collection, own] = split(name);
  Relation result{.collection = collection,
                  .field = own,
                  .related = std::move(related),
                  .meta = {},
                  .schema = {}};
  result.meta = over(attributes({{"many_collection", string(collection)},
                                 {"many_field", string(own)},
                                 {"one_collection", string(result.related)},
                                 {"one_field", nullptr}}),
                     meta);
  result.schema =
      over(attributes({{"table", string(collection)},
                       {"column", string(own)},
                       {"foreign_key_table", string(result.related)},
                       {"foreign_key_column", "id"},
                       {"constraint_name", string(generated_name("foreign", collection, own))},
                       {"on_update", "NO ACTION"},
                       {"on_delete", "SET NULL"}}),
           schema);
  return result;
}

Collection& collection_of(Snapshot& snapshot, std::string_view name) {
  return find(snapshot.collections, name);
}
Field& field_of(Snapshot& snapshot, std::string_view name) { return find(snapshot.fields, name); }
Relation& relation_of(Snapshot& snapshot, std::string_view name) {
  return find(snapshot.relations, name);
}

void set(std::optional<Attributes>& part, std::string_view key, Value value) {
  part = with(part.value(), key, std::move(value));
}

template <class Entity>
void remove(std::vector<Entity>& entities, std::string_view name) {
  find(entities, name);
  std::erase_if(entities, [&](const Entity& item) { return name_of(item) == name; });
}
template void remove(std::vector<Collection>&, std::string_view);
template void remove(std::vector<Field>&, std::string_view);
template void remove(std::vector<Relation>&, std::string_view);

Snapshot clubs_and_drivers() {
  Snapshot snapshot;
  snapshot.directus = "11.6.1";
  snapshot.vendor = "postgres";
  snapshot.collections = {table("clubs"), table("drivers")};
  snapshot.fields = {primary_key("clubs"), field("clubs.name", "character varying"),
                     primary_key("drivers"), field("drivers.name", "character varying"),
                     field("drivers.club", "uuid",
                           {{"foreign_key_table", "clubs"}, {"foreign_key_column", "id"}})};
  snapshot.relations = {relation("drivers.club", "clubs")};
  return snapshot;
}

TextTable collection_rows() {
  return TextTable({{"collection", text},
                    {"icon", text},
                    {"note", text},
                    {"display_template", text},
                    {"hidden", boolean},
                    {"singleton", boolean},
                    {"translations", json},
                    {"archive_field", text},
                    {"archive_app_filter", boolean},
                    {"archive_value", text},
                    {"unarchive_value", text},
                    {"sort_field", text},
                    {"accountability", text},
                    {"color", text},
                    {"item_duplication_fields", json},
                    {"sort", integer},
                    {"group", text},
                    {"collapse", text},
                    {"preview_url", text},
                    {"versioning", boolean}});
}

TextTable field_rows() {
  return TextTable({{"id", integer},
                    {"collection", text},
                    {"field", text},
                    {"special", text},
                    {"interface", text},
                    {"options", json},
                    {"display", text},
                    {"display_options", json},
                    {"readonly", boolean},
                    {"hidden", boolean},
                    {"sort", integer},
                    {"width", text},
                    {"translations", json},
                    {"note", text},
                    {"conditions", json},
                    {"required", boolean},
                    {"group", text},
                    {"validation", json},
                    {"validation_message", text}});
}

TextTable relation_rows() {
  return TextTable({{"id", integer},
                    {"many_collection", text},
                    {"many_field", text},
                    {"one_collection", text},
                    {"one_field", text},
                    {"one_collection_field", text},
                    {"one_allowed_collections", text},
                    {"junction_field", text},
                    {"sort_field", text},
                    {"one_deselect_action", text}});
}

LiveState empty_database() {
  LiveState live;
  live.directus = true;
  live.tables = plain_table({"table"});
  live.columns =
      plain_table({"table", "column", "type", "max_length", "precision", "scale", "default",
                   "nullable", "unique", "index", "primary", "generated", "counter"});
  live.foreign_keys = plain_table(
      {"table", "column", "to_table", "to_column", "constraint", "update", "delete", "validated"});
  live.collections = collection_rows();
  live.fields = field_rows();
  live.relations = relation_rows();
  return live;
}

void add_row(TextTable& table, std::initializer_list<std::optional<std::string_view>> cells) {
  for (const auto& cell : cells) table.add(cell);
}

LiveState live_of(const Snapshot& snapshot) {
  LiveState live = empty_database();
  for (const Collection& entity : snapshot.collections) {
    if (entity.schema) live.tables.add(entity.name);
    if (entity.meta)
      add_meta(live.collections, *entity.meta, {{"collection", string(entity.name)}});
  }
  std::int64_t id = 0;
  for (const Field& entity : snapshot.fields) {
    if (entity.schema) add_column(live, entity);
    if (!entity.meta) continue;
    add_meta(
        live.fields, *entity.meta,
        {{"id", ++id}, {"collection", string(entity.collection)}, {"field", string(entity.name)}});
  }
  id = 0;
  for (const Relation& entity : snapshot.relations) {
    if (entity.schema) {
      for (const auto& [key, value] : *entity.schema) live.foreign_keys.add(text_of(&value));
      live.foreign_keys.add(entity.validated ? "t" : "f");
    }
    if (!entity.meta) continue;
    add_meta(live.relations, *entity.meta,
             {{"id", ++id},
              {"many_collection", string(entity.collection)},
              {"many_field", string(entity.field)}});
  }
  return live;
}

Plan Planning::plan() const {
  const Revision revision{.commit = std::string(40, 'c'), .author = "A", .message = "Change"};
  return snapshot::plan(
      {base, desired, live, allowances, revision, "snapshots/schema.yaml", collection_limit});
}

std::vector<std::string> steps_of(const Plan& plan) {
  std::vector<std::string> found;
  for (const Step& step : plan.steps)
    found.push_back(std::string(name_of(step.action)) + " " + step.object.text());
  return found;
}

std::vector<std::string> holds_of(const Plan& plan) {
  std::vector<std::string> found;
  for (const Hold& hold : plan.holds)
    found.push_back(std::string(name_of(hold.code)) + " " + hold.object.text());
  return found;
}

std::vector<std::string> drift_of(const Plan& plan) {
  std::vector<std::string> found;
  for (const Drift& drift : plan.drift)
    found.push_back(std::string(name_of(drift.kind)) + " " + drift.object.text());
  return found;
}

std::vector<std::string> sql_of(const Plan& plan) {
  std::vector<const Statement*> statements;
  for (const Step& step : plan.steps) {
    for (const Statement& statement : step.statements) statements.push_back(&statement);
  }
  std::ranges::stable_sort(statements, {},
                           [](const Statement* statement) { return statement->rank; });
  std::vector<std::string> sql;
  for (const Statement* statement : statements) {
    sql.push_back((statement->insert_head ? *statement->insert_head : std::string()) +
                  statement->text);
  }
  return sql;
}

}  // namespace reconcile::snapshot::test
