#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "tests/support/history_walk.h"

// What a walk does to the repository, and by hand to the database.

namespace reconcile::test {

bool Walk::descends(const std::string& commit, const std::string& ancestor) const {
  Names seen;
  Words pending{commit};
  while (!pending.empty()) {
    const std::string next = pending.back();
    pending.pop_back();
    if (next == ancestor) return true;
    if (!seen.insert(next).second) continue;
    for (const std::string& parent : parents_.at(next)) pending.push_back(parent);
  }
  return false;
}

void Walk::commit(const Tree& tree, const std::string& what, const Names& allowed) {
  repo_.write(kSnapshot, tree.snapshot());
  if (!head_.empty()) {
    for (const auto& [file, made] : head_tree().files) {
      if (!tree.files.contains(file)) repo_.remove(file);
    }
  }
  std::string message = what + "\n\n";
  for (const std::string& object : allowed) message += "Allow-Destructive: " + object + "\n";
  if (!allowed.empty()) {
    for (const std::string& object : by_hand_) {
      const std::size_t slash = object.find('/');
      if (object.find("/note ") != std::string::npos)
        message +=
            "Take-Git: field " + object.substr(0, slash) + "." + object.substr(slash + 6) + "\n";
    }
  }
  const std::string id = repo_.commit(message);
  parents_[id] = head_.empty() ? Words{} : Words{head_};
  trees_[id] = tree;
  allowed_[id] = allowed;
  head_ = id;
  note(fmt::format("commit {} {}", id.substr(0, 8), what));
}

void Walk::add_file(Tree& tree) {
  constexpr std::array folders{"pre", "post", "seed"};
  const std::string folder = folders.at(below(folders.size()));
  const std::string file = fmt::format("migrations/{}/{:03}_walk.sql", folder, ++number_);
  std::string sql = fmt::format("insert into marks values ('{}');\n", file);
  Made made;
  if (folder == "pre") {
    sql += fmt::format("create table s_{0} (n integer); insert into s_{0} values ({0});", number_);
    made.name = fmt::format("s_{}/", number_);
  } else if (folder == "post") {
    const auto& [collection, fields] = any(tree.collections);
    if (!fields.empty()) {
      const std::string& field = any(fields).first;
      // Of two columns: Directus calls none of them indexed for it.
      sql += fmt::format("create index i_{} on {} ({}, id);", number_, collection, field);
      made = {fmt::format("{}/index i_{}", collection, number_), collection + "." + field};
    }
  }
  if (maybe(10)) {
    sql += "select 1 / 0;";
    tree.broken.insert(file);
  }
  repo_.write(file, sql);
  tree.files[file] = made;
}

void Walk::more_schema() {
  Tree tree = head_tree();
  if (tree.collections.size() < 2 || maybe(40)) {
    tree.collections[fmt::format("c_{}", ++number_)] = {{"name", "null"}};
  } else {
    const auto collection = any(tree.collections).first;
    const std::string field = fmt::format("f_{}", ++number_);
    tree.collections.at(collection)[field] = "null";
    if (maybe(40)) tree.indexed.insert(collection + "." + field);
  }
  for (auto& [collection, fields] : tree.collections) {
    for (auto& [field, text] : fields) {
      if (text == "null") text = fmt::format("n{}", ++number_);
    }
  }
  if (maybe(30)) add_file(tree);
  commit(tree, "more schema");
}

void Walk::more_sql() {
  Tree tree = head_tree();
  add_file(tree);
  commit(tree, "more SQL");
}

void Walk::another_note() {
  Tree tree = head_tree();
  auto& fields = tree.collections.at(any(tree.collections).first);
  if (fields.empty()) return;
  fields.at(any(fields).first) = fmt::format("n{}", ++number_);
  commit(tree, "another note");
}

void Walk::another_index() {
  Tree tree = head_tree();
  const auto& [collection, fields] = any(tree.collections);
  if (fields.empty()) return;
  const std::string field = collection + "." + any(fields).first;
  const bool there = tree.indexed.erase(field) > 0;
  if (!there) tree.indexed.insert(field);
  commit(tree, (there ? "no index on " : "an index on ") + field);
}

void Walk::less_schema() {
  Tree tree = head_tree();
  const std::string collection = any(tree.collections).first;
  auto& fields = tree.collections.at(collection);
  std::string object = "collection " + collection;
  if (fields.size() > 1 && maybe(60)) {
    const std::string field = any(fields).first;
    tree.remove_field(collection, field);
    object = "field " + collection + "." + field;
  } else if (tree.collections.size() > 1) {
    tree.remove_collection(collection);
  } else {
    return;
  }
  const bool said = maybe(40);
  commit(tree, (said ? "less schema, allowed: " : "less schema: ") + object,
         said ? Names{object} : Names{});
  if (said || maybe(30)) return;
  approve();
  if (maybe(30)) insert_rows();
  if (maybe(20)) unmanaged_table();
}

/// The way out of whatever holds: what is broken goes, what is removed is allowed by name.
void Walk::mend() {
  Tree tree = head_tree();
  for (const std::string& file : tree.broken) tree.files.erase(file);
  std::erase_if(tree.files, [&](const auto& file) {
    return !file.second.field.empty() && !tree.has(file.second.field);
  });
  tree.broken.clear();
  Names allowed;
  if (!base_.empty()) allowed = intent_between(trees_.at(base_), tree).removed;
  commit(tree, "mend", allowed.empty() ? Names{"nothing"} : allowed);
}

void Walk::force() {
  if (!lost_.empty() || parents_.at(head_).empty()) return;
  lost_ = head_;
  repo_.run({"tag", fmt::format("lost_{}", ++number_)});
  head_ = parents_.at(head_).front();
  repo_.reset(head_);
  note("force " + head_.substr(0, 8));
  another_note();
}

void Walk::unforce() {
  if (lost_.empty()) return;
  if (maybe(50)) {
    repo_.reset(lost_);
    head_ = lost_;
    note("the lost commit is back");
  } else {
    const Tree tree = head_tree();
    const Words parents{head_, lost_};
    repo_.run({"merge", "--quiet", "--strategy=ours", "--message", "Instead", lost_});
    head_ = repo_.id_of("HEAD");
    parents_[head_] = parents;
    trees_[head_] = tree;
    note("the lost commit is merged, as " + head_.substr(0, 8));
  }
  lost_.clear();
}

// ---- by hand

void Walk::insert_rows() {
  const World world = look_at(eyes_);
  const std::string collection = any(head_tree().collections).first;
  if (!world.rows.contains(collection)) return;
  std::string columns, values;
  for (const auto& [name, type] : world.objects) {
    const std::string prefix = collection + "/column ";
    if (!name.starts_with(prefix) || !type.starts_with("character varying")) continue;
    const std::string value = fmt::format("v{}", ++number_);
    written_.insert(value);
    columns += ", " + name.substr(prefix.size());
    values += ", '" + value + "'";
  }
  eyes_.execute(fmt::format("insert into {} (id{}) values (gen_random_uuid(){})", collection,
                            columns, values));
  note("a row in " + collection);
}

void Walk::unmanaged_table() {
  const std::string name = fmt::format("hand_{}", ++number_);
  eyes_.execute(fmt::format("create table {0} (n integer); insert into {0} values (1), (2)", name));
  by_hand_.insert(name + "/");
  note("table " + name + " by hand");
}

void Walk::unmanaged_column() {
  const World world = look_at(eyes_);
  const std::string collection = any(head_tree().collections).first;
  if (!world.rows.contains(collection)) return;
  const std::string name = fmt::format("hand_{}", ++number_);
  eyes_.execute(fmt::format("alter table {} add column {} integer default 7", collection, name));
  by_hand_.insert(collection + "/column " + name);
  note("column " + collection + "." + name + " by hand");
}

void Walk::note_by_hand() {
  if (base_.empty()) return;
  const auto& [collection, fields] = any(trees_.at(base_).collections);
  if (fields.empty() || by_hand_.contains(collection + "/")) return;
  const std::string& field = any(fields).first;
  eyes_.execute(fmt::format(
      "update directus_fields set note = 'h{}' where collection = '{}' and field = '{}'", ++number_,
      collection, field));
  by_hand_.insert(collection + "/note " + field);
  note("note of " + collection + "." + field + " by hand");
}

void Walk::drop_index() {
  for (const auto& [name, definition] : look_at(eyes_).objects) {
    const std::size_t at = name.find("/index i_");
    const std::string table = name.substr(0, name.find('/'));
    if (at == std::string::npos || by_hand_.contains(table + "/")) continue;
    eyes_.execute("drop index " + name.substr(at + 7));
    by_hand_.insert(name);
    note("index " + name + " dropped by hand");
    return;
  }
}

}  // namespace reconcile::test
