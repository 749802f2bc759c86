#include "tests/support/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "tests/support/snapshot_text.h"

namespace reconcile::test {
namespace {

// Tables, columns, indexes, views, and what Directus knows of them.
constexpr const char* kObjects = R"sql(
select relname || '/table', relkind::text from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') and relname !~ '^directus_'
union all
select relname || '/column ' || attname,
       concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid))
  from pg_class c join pg_attribute a on attrelid = c.oid and attnum > 0 and not attisdropped
  left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where relnamespace = 'public'::regnamespace and relkind = 'r' and relname !~ '^directus_'
union all
select tablename || '/index ' || indexname, indexdef from pg_indexes
  where schemaname = 'public' and tablename !~ '^directus_'
union all
select collection || '/collection', coalesce(note, '') from directus_collections
union all
select collection || '/note ' || field, coalesce(note, '-') from directus_fields
)sql";

std::map<std::string, boost::json::object> rows_of(Connection& connection,
                                                   const std::string& table) {
  std::map<std::string, boost::json::object> rows;
  for (const auto& row : connection.query(
           "select coalesce(to_jsonb(t) ->> 'id', to_jsonb(t)::text), to_jsonb(t) from " + table +
           " t"))
    rows[row[0]] = boost::json::parse(row[1]).as_object();
  return rows;
}

std::string table_of(const std::string& name) { return name.substr(0, name.find('/')); }

void read_ledger(Connection& connection, World& world) {
  if (connection.value("select to_regclass('reconcile.revision') is null") == "t") return;
  const Rows base = connection.query(
      "select commit from reconcile.revision where applied order by id desc limit 1");
  if (!base.empty()) world.base = base[0][0];
  const Rows begun = connection.query(
      "select commit from reconcile.revision where outcome = 'begun' and id > coalesce((select "
      "max(id) from reconcile.revision where applied), 0) order by id desc limit 1");
  if (!begun.empty()) world.begun = begun[0][0];
  for (const auto& row : connection.query(
           "select id, kind || ' ' || collection || case kind when 'field' then '.' || field else "
           "'' end, ended is null, coalesce(place, '') from reconcile.quarantine")) {
    Stored stored{.object = row[1], .open = row[2] == "t", .rows = {}};
    if (stored.open && !row[3].empty())
      stored.rows = rows_of(connection, "reconcile_quarantine." + row[3]);
    world.quarantine.emplace(row[0], std::move(stored));
  }
}

/// The index that Directus calls a field's, as it names it.
std::string index_of(const std::string& field) {
  const std::size_t dot = field.find('.');
  const std::string table = field.substr(0, dot);
  return fmt::format("{0}/index {0}_{1}_index", table, field.substr(dot + 1));
}

/// Whether quarantine has this row of a table, or this value of a column.
bool is_stored(const World& world, const std::string& object, const std::string& id,
               const boost::json::object& expected) {
  return std::ranges::any_of(world.quarantine, [&](const auto& entry) {
    const Stored& stored = entry.second;
    const auto row = stored.rows.find(id);
    if (!stored.open || stored.object != object || row == stored.rows.end()) return false;
    return std::ranges::all_of(expected, [&](const auto& value) {
      const auto* there = row->second.if_contains(value.key());
      return there != nullptr && *there == value.value();
    });
  });
}

/// What has become of one row of a table that is still there.
void check_row(const World& after, const std::string& table, const std::string& id,
               const boost::json::object& before, std::vector<std::string>& broken) {
  const auto& rows = after.rows.at(table);
  const auto row = rows.find(id);
  if (row == rows.end()) {
    broken.push_back(fmt::format("row {} of {} is lost", id, table));
    return;
  }
  for (const auto& [column, value] : before) {
    const auto* now = row->second.if_contains(column);
    if (now != nullptr && *now != value)
      broken.push_back(
          fmt::format("{}.{} of row {} is another value", table, std::string_view(column), id));
    if (now == nullptr && !value.is_null() &&
        !is_stored(after, fmt::format("field {}.{}", table, std::string_view(column)), id,
                   {{column, value}}))
      broken.push_back(fmt::format("{}.{} of row {} is lost", table, std::string_view(column), id));
  }
}

}  // namespace

std::string Tree::snapshot() const {
  SnapshotText text;
  for (const auto& [collection, fields] : collections) {
    text.collection(collection);
    for (const auto& [field, note] : fields) {
      const std::string name = collection + "." + field;
      text.field(
          name, "character varying",
          fmt::format("max_length: 255, is_nullable: true, is_indexed: {}", indexed.contains(name)),
          "note: " + note);
    }
  }
  return text.str();
}

bool Tree::has(const std::string& field) const {
  const auto collection = collections.find(field.substr(0, field.find('.')));
  return collection != collections.end() &&
         collection->second.contains(field.substr(field.find('.') + 1));
}

void Tree::remove_field(const std::string& collection, const std::string& field) {
  collections.at(collection).erase(field);
  indexed.erase(collection + "." + field);
}

void Tree::remove_collection(const std::string& collection) {
  collections.erase(collection);
  std::erase_if(indexed,
                [&](const std::string& field) { return field.starts_with(collection + "."); });
}

bool Intent::covers(const std::string& name) const {
  return changed.contains(name) || changed.contains(table_of(name) + "/");
}

Intent intent_between(const Tree& base, const Tree& desired) {
  Intent intent;
  const auto compare = [&](const Tree& one, const Tree& other, bool removed) {
    for (const auto& [collection, fields] : one.collections) {
      const auto same = other.collections.find(collection);
      if (same == other.collections.end()) {
        intent.changed.insert(collection + "/");
        if (removed) intent.removed.insert("collection " + collection);
        continue;
      }
      for (const auto& [field, note] : fields) {
        const auto there = same->second.find(field);
        const bool gone = there == same->second.end();
        if (gone || there->second != note) intent.changed.insert(collection + "/note " + field);
        if (gone) intent.changed.insert(collection + "/column " + field);
        if (gone && removed) intent.removed.insert("field " + collection + "." + field);
      }
    }
  };
  compare(base, desired, true);
  compare(desired, base, false);
  Names indexes;
  std::ranges::set_symmetric_difference(base.indexed, desired.indexed,
                                        std::inserter(indexes, indexes.end()));
  for (const std::string& field : indexes) intent.changed.insert(index_of(field));
  for (const auto& [file, makes] : desired.files) {
    if (!base.files.contains(file)) intent.changed.insert(makes.name);
  }
  return intent;
}

Intent both(Intent one, const Intent& other) {
  one.changed.insert(other.changed.begin(), other.changed.end());
  one.removed.insert(other.removed.begin(), other.removed.end());
  return one;
}

World look_at(Connection& connection) {
  World world;
  for (const auto& row : connection.query(kObjects)) world.objects[row[0]] = row[1];
  for (const auto& [name, kind] : world.objects) {
    const std::string table = table_of(name);
    if (name == table + "/table" && kind == "r") world.rows[table] = rows_of(connection, table);
  }
  if (const auto marks = world.rows.find("marks"); marks != world.rows.end()) {
    for (const auto& row : connection.query("select file, count(*) from marks group by file"))
      world.marks[row[0]] = std::stoi(row[1]);
  }
  read_ledger(connection, world);
  return world;
}

Names differences(const World& before, const World& after) {
  Names names;
  for (const auto* one : {&before, &after}) {
    const World& other = one == &before ? after : before;
    for (const auto& [name, value] : one->objects) {
      const auto there = other.objects.find(name);
      if (there == other.objects.end() || there->second != value) names.insert(name);
    }
  }
  return names;
}

Names removals(const World& before, const World& after) {
  Names names;
  for (const auto& [name, value] : before.objects) {
    if (after.objects.contains(name)) continue;
    const std::string table = table_of(name);
    const bool whole = !after.objects.contains(table + "/table");
    if (name.starts_with(table + "/column ") && !whole)
      names.insert("field " + table + "." + name.substr(table.size() + 8));
    if (name == table + "/table") names.insert("collection " + table);
  }
  return names;
}

std::vector<std::string> rows_lost(const World& before, const World& after,
                                   const std::string& restored) {
  std::vector<std::string> broken;
  for (const auto& [table, rows] : before.rows) {
    const bool there = after.rows.contains(table);
    for (const auto& [id, row] : rows) {
      if (there) {
        check_row(after, table, id, row, broken);
      } else if (!is_stored(after, "collection " + table, id, row)) {
        broken.push_back(fmt::format("row {} of {} is lost with its table", id, table));
      }
    }
  }
  for (const auto& [number, stored] : before.quarantine) {
    if (number == restored) continue;
    const auto now = after.quarantine.find(number);
    if (now == after.quarantine.end() || now->second != stored)
      broken.push_back(
          fmt::format("number {} in quarantine ({}) is not as it was", number, stored.object));
  }
  return broken;
}

std::vector<std::string> untouched(const World& before, const World& after) {
  std::vector<std::string> broken;
  for (const std::string& name : differences(before, after))
    broken.push_back(name + " is not as it was, although nothing was applied");
  if (before.rows != after.rows) broken.emplace_back("rows changed, although nothing was applied");
  if (before.quarantine != after.quarantine) broken.emplace_back("quarantine changed");
  if (before.base != after.base)
    broken.push_back(fmt::format("the ledger went from {} to {}", before.base, after.base));
  if (before.begun != after.begun)
    broken.push_back(fmt::format("{} has begun, although nothing was applied", after.begun));
  return broken;
}

std::vector<std::string> not_as_committed(const World& world, const Tree& tree,
                                          const Names& by_hand) {
  std::vector<std::string> broken;
  const auto expect = [&](const std::string& name, const std::string& value) {
    if (by_hand.contains(name) || by_hand.contains(table_of(name) + "/")) return;
    const auto there = world.objects.find(name);
    if (there == world.objects.end() || (!value.empty() && there->second != value))
      broken.push_back(name + " is not as committed");
  };
  for (const auto& [collection, fields] : tree.collections) {
    expect(collection + "/table", "r");
    expect(collection + "/collection", "");
    for (const auto& [field, note] : fields) {
      expect(collection + "/column " + field, "character varying(255) f");
      expect(collection + "/note " + field, note);
    }
  }
  for (const std::string& field : tree.indexed) expect(index_of(field), "");
  for (const auto& [file, makes] : tree.files) {
    const auto ran = world.marks.find(file);
    if (ran == world.marks.end()) broken.push_back(file + " has not run");
  }
  for (const auto& [file, times] : world.marks) {
    if (times != 1) broken.push_back(fmt::format("{} has run {} times", file, times));
  }
  return broken;
}

}  // namespace reconcile::test
