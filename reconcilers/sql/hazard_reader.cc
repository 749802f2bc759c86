#include "reconcilers/sql/hazard_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "reconcilers/sql/block_statements.h"
#include "reconcilers/sql/parse_tree.h"
#include "reconcilers/sql/quote.h"
#include "reconcilers/sql/source_text.h"

namespace reconcile::sql {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_name = 63;
constexpr std::string_view exclusive = "ACCESS EXCLUSIVE on ";

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// In lower case; empty where the statement begins with a parenthesis.
std::string first_word(std::string_view statement) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto end = std::ranges::find_if_not(statement, is_letter);
  return lower(statement.substr(0, static_cast<std::size_t>(end - statement.begin())));
}

/// Whether the statement can be one with hazards, told without reading it: an INSERT that deletes
/// nothing cannot, and is what there are ten thousand of.
bool deserves_a_tree(const PlannedStatement& planned) {
  constexpr std::array<std::string_view, 3> ddl{"alter", "create", "drop"};
  constexpr std::array<std::string_view, 18> others{
      "",        "call",    "cluster",  "copy",    "delete",  "do",
      "execute", "explain", "lock",     "refresh", "reindex", "reset",
      "select",  "set",     "truncate", "update",  "values",  "with"};
  if (planned.statement->insert_head) return false;
  const std::string& text = planned.statement->text;
  const std::string first = first_word(text);
  if (planned.generated || is_one_of(first, ddl)) return is_one_of(first, ddl);
  if (first != "insert") return is_one_of(first, others);
  const std::string all = lower(text);
  return all.find("delete") != std::string::npos || all.find("update") != std::string::npos;
}

std::vector<Token> tokens_of(std::string_view statement) {
  auto tokens = scan(statement, {});
  if (!tokens) return {};
  std::erase_if(*tokens, [](const Token& token) { return token.is_comment(); });
  return std::move(*tokens);
}

/// An identifier as PostgreSQL reads it. Escapes of U&"…" are left as they are.
std::string identifier(const Token& token) {
  if (token.kind == Token::Kind::Word) return lower(token.text);
  std::string name;
  const std::size_t begin = token.text.find('"') + 1;
  for (std::size_t i = begin; i + 1 < token.text.size(); ++i) {
    if (token.text[i] == '"') ++i;
    name += token.text[i];
  }
  return name;
}

/// PostgreSQL cuts a long name, and never inside a character.
std::string as_stored(std::string name) {
  if (name.size() <= longest_name) return name;
  std::size_t end = longest_name;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  name.resize(end);
  return name;
}

bool is_identifier(const Token& token) {
  return token.kind == Token::Kind::Word || token.kind == Token::Kind::QuotedIdentifier;
}

/// The names in a statement, and in the block of a DO.
void mention(std::string_view statement, MentionedNames& mentioned) {
  const std::vector<Token> tokens = tokens_of(statement);
  bool schemas = false;
  for (const Token& token : tokens) {
    const bool name = is_identifier(token);
    schemas = (schemas || token.is_word("schema")) && (name || token.text == ",");
    if (name) mentioned.names.insert(as_stored(identifier(token)));
    if (name && schemas) mentioned.schemas.insert(as_stored(identifier(token)));
    if (tokens.front().is_word("do") && token.text.starts_with('$'))
      mention(without_dollars(token.text), mentioned);
  }
}

/// What of a statement the size of its tree depends on.
std::size_t substance(std::span<const Token> tokens) {
  std::size_t bytes = 0;
  for (const Token& token : tokens) {
    if (token.kind != Token::Kind::String) bytes += token.text.size();
  }
  return bytes;
}

bool is_slow(const HazardRule& rule) {
  using enum HazardCategory;
  return rule.category == Rewrite || rule.category == Scan || rule.category == IndexBuild ||
         rule.code == "update-all-rows" || rule.code == "delete-all-rows";
}

/// The table that nobody can read while the hazard lasts; empty where it can be read.
std::string locked_by(const Hazard& hazard) {
  const std::string_view lock = hazard.lock;
  if (!lock.starts_with(exclusive)) return {};
  std::string_view table = lock.substr(exclusive.size());
  if (table.starts_with("every ")) return {};
  table = table.substr(0, table.find(", SHARE "));
  return std::string(table.substr(0, table.find(" and ")));
}

void collect_functions(const json::value& tree, std::vector<std::string>& names) {
  if (tree.is_array()) {
    for (const json::value& each : tree.as_array()) collect_functions(each, names);
  }
  if (!tree.is_object()) return;
  for (const auto& member : tree.as_object()) {
    const json::object* call = member.key() == "FuncCall" ? member.value().if_object() : nullptr;
    if (call != nullptr) names.push_back(name_of_parts(array_in(*call, "funcname")).name);
    collect_functions(member.value(), names);
  }
}

}  // namespace

std::vector<std::string> functions_called(const json::value& tree) {
  std::vector<std::string> names;
  collect_functions(tree, names);
  return names;
}

std::string count_of(const Table& table, std::string_view column) {
  if (table.facts == nullptr) return {};
  return fmt::format("select pg_catalog.count({}) from {}.{}",
                     column.empty() ? "*" : quote_identifier(column),
                     quote_identifier(table.facts->schema), quote_identifier(table.facts->name));
}

std::vector<FoundHazard> hazards(std::span<const PlannedStatement> statements,
                                 const CatalogFacts* facts) {
  HazardReader reader(facts);
  for (const PlannedStatement& planned : statements) reader.read(planned);
  return reader.finish();
}

std::vector<std::size_t> alone(std::span<const PlannedStatement> statements,
                               const CatalogFacts* facts) {
  HazardReader reader(facts);
  for (const PlannedStatement& planned : statements) reader.read(planned);
  return reader.alone();
}

MentionedNames mentioned_names(std::span<const PlannedStatement> statements) {
  MentionedNames mentioned;
  for (const PlannedStatement& planned : statements) {
    if (deserves_a_tree(planned)) mention(planned.statement->text, mentioned);
  }
  return mentioned;
}

void HazardReader::read(const PlannedStatement& planned) {
  const Statement& statement = *planned.statement;
  const std::size_t first = found_.size();
  line_ = statement.line;
  generated_ = planned.generated;
  if (planned.begins_file) around_.begin_file();
  may_run_alone_ = statement.alone != nullptr;
  may_be_begun_ = inherited_ = false;
  if (!statement.alone) look_for_values(statement.text);
  if (statement.unread) {
    opaque("unread-statement", {});
  } else if (deserves_a_tree(planned)) {
    read_text(statement.text);
  } else if (!new_values_.empty() && !generated_) {
    look_at_names(tokens_of(statement.text));
  }
  const bool slow = std::any_of(
      found_.begin() + static_cast<std::ptrdiff_t>(first), found_.end(),
      [](const FoundHazard& found) { return is_slow(*hazard_rule(found.hazard.code)); });
  if (statement.gentle && (slow || may_be_begun_) && !inherited_) alone_.push_back(number_);
  note_locks(first);
  ++number_;
}

void HazardReader::read_text(std::string_view text) {
  const std::vector<Token> tokens = tokens_of(text);
  look_at_names(tokens);
  const auto tree =
      substance(tokens) > max_tree_size ? Result<json::value>(Error{}) : tree_of(text);
  if (!tree) return opaque(in_block_ ? "do-block" : "unread-statement", {});
  const Node node = statement_in(*tree);
  if (node.members == nullptr) return;
  if (node.type == "DoStmt") return read_block(text, *node.members);
  read_tree(node.type, *node.members);
}

/// The statements of a DO block, as if each of them came to run.
void HazardReader::read_block(std::string_view text, const Members& statement) {
  const bool other_language = array_in(statement, "args").size() > 1;
  const std::vector<Token> tokens = tokens_of(text);
  const auto body = std::ranges::find(tokens, Token::Kind::String, &Token::kind);
  const bool in_dollars = body != tokens.end() && body->text.starts_with('$');
  if (in_block_ || other_language || !in_dollars) return opaque("do-block", {});
  const Block block = statements_in_block(without_dollars(body->text));
  const int own_line = line_;
  in_block_ = true;
  for (const BlockStatement& inside : block.statements) {
    line_ = own_line + line_at(text, body->offset) - 1 + inside.line;
    read_text(inside.text);
  }
  in_block_ = false;
  line_ = own_line;
  if (block.hides) opaque("do-block", {});
}

void HazardReader::read_tree(std::string_view type, const Members& statement) {
  if (type == "AlterTableStmt") return alter_table(statement);
  if (type == "ExplainStmt") {
    const json::value* query = statement.if_contains("query");
    const Node explained = query == nullptr ? Node() : node_in(*query);
    // With ANALYZE it is run. Without, it harms nobody, and nobody leaves it in a migration.
    if (explained.members != nullptr) read_tree(explained.type, *explained.members);
    return;
  }
  if (!read_object(type, statement)) read_rows(type, statement);
}

/// What shows in the words alone: names that are cut, values that are not there yet.
void HazardReader::look_at_names(std::span<const Token> tokens) {
  for (const Token& token : tokens) {
    if (is_identifier(token) && token.text.size() > longest_name) {
      const std::string name = identifier(token);
      if (name.size() > longest_name) add("name-too-long", ObjectIdentity{"name", name});
    }
    if (new_values_.empty() || token.kind != Token::Kind::String) continue;
    const std::size_t begin = token.text.find('\'');
    if (begin == std::string_view::npos) continue;
    const std::string value(token.text.substr(begin + 1, token.text.size() - begin - 2));
    if (new_values_.contains(value)) add("enum-value-used", ObjectIdentity{"value", value});
  }
}

/// In functions and blocks as well: whether those come to run nobody knows.
void HazardReader::look_for_values(std::string_view text) {
  used_ = used_ || std::ranges::any_of(added_, [&](const std::string& literal) {
            return text.find(literal) != std::string_view::npos;
          });
}

/// A value may stand before or behind another new one, so all of them go, in their order.
std::vector<std::size_t> HazardReader::alone() {
  std::vector<std::size_t> numbers = std::move(alone_);
  if (used_) numbers.insert(numbers.end(), adding_.begin(), adding_.end());
  std::ranges::sort(numbers);
  return numbers;
}

Hazard& HazardReader::add(std::string_view code, const ObjectIdentity& object,
                          std::string_view other, std::string_view locked) {
  const HazardRule& rule = *hazard_rule(code);
  const auto say = [&](std::string_view text, std::string_view about) {
    return fmt::format(fmt::runtime(text), about, other);
  };
  Hazard hazard;
  hazard.code = code;
  hazard.category = rule.category;
  hazard.level = rule.level;
  hazard.object = object.text();
  hazard.lock = say(rule.lock, locked.empty() ? object.name : locked);
  hazard.reason = say(rule.reason, object.name);
  hazard.safer = say(rule.safer, object.name);
  hazard.line = line_;
  found_.push_back({number_, std::move(hazard)});
  return found_.back().hazard;
}

Hazard& HazardReader::add(std::string_view code, const Table& table, std::string_view other) {
  return add(code, ObjectIdentity{"table", table.text()}, other);
}

Hazard& HazardReader::add_column_hazard(std::string_view code, const Table& table,
                                        std::string_view column, std::string_view other) {
  const ObjectIdentity object{"column", fmt::format("{}.{}", table.text(), column)};
  return add(code, object, other, table.text());
}

/// The lock of a statement that has no other hazard on the table.
void HazardReader::add_brief_lock(const Table& table, std::string_view mode) {
  const std::string lock = fmt::format("{} on {}", mode, table.text());
  for (auto found = found_.rbegin(); found != found_.rend() && found->statement == number_;
       ++found) {
    if (found->hazard.lock.starts_with(lock)) return;
  }
  if (table.at_stake()) add("brief-lock", table, mode);
}

/// What is slow keeps what was locked before it locked for as long: all of it ends together.
void HazardReader::note_locks(std::size_t first) {
  const std::size_t end = found_.size();
  for (std::size_t i = first; i < end; ++i) {
    const Hazard hazard = found_[i].hazard;
    if (!is_slow(*hazard_rule(hazard.code))) continue;
    for (const std::string& table : locked_) {
      if (table == locked_by(hazard) || !told_of_.insert(table).second) continue;
      add("long-lock", ObjectIdentity{"table", table}, hazard.code);
    }
  }
  for (std::size_t i = first; i < end; ++i) {
    if (std::string table = locked_by(found_[i].hazard); !table.empty())
      locked_.insert(std::move(table));
  }
}

std::vector<FoundHazard> HazardReader::finish() {
  for (PendingForeignKey& pending : foreign_keys_) {
    if (!indexed_.contains({pending.table, pending.column}))
      found_.push_back({pending.statement, std::move(pending.hazard)});
  }
  std::ranges::stable_sort(found_, {}, &FoundHazard::statement);
  return std::move(found_);
}

}  // namespace reconcile::sql
