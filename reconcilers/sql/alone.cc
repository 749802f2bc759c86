#include "reconcilers/sql/alone.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "reconcilers/sql/parse_tree.h"
#include "reconcilers/sql/quote.h"
#include "reconcilers/sql/surroundings.h"

namespace reconcile::sql {
namespace {

namespace json = boost::json;
using Tokens = std::span<const Token>;

/// A part of a text that is written in another way.
struct Edit {
  std::size_t begin;
  std::size_t end;
  std::string text;
};

/// REQUIRES: edits in the order of the text, apart from each other.
std::string edited(std::string_view text, const std::vector<Edit>& edits) {
  std::string result;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    result += text.substr(at, edit.begin - at);
    result += edit.text;
    at = edit.end;
  }
  return result += text.substr(at);
}

/// What the tokens' offsets count from: they are of the whole file.
std::size_t base_of(Tokens tokens) { return tokens.front().offset; }

Edit without(const Token& token, std::size_t base) {
  return {token.offset - base, token.end() - base, ""};
}

const Token* find_word(Tokens tokens, std::string_view word) {
  const auto found = std::ranges::find_if(tokens, [&](const Token& t) { return t.is_word(word); });
  return found == tokens.end() ? nullptr : &*found;
}

std::string as_sql(const QualifiedName& name) {
  return (name.schema.empty() ? "" : quote_identifier(name.schema) + ".") +
         quote_identifier(name.name);
}

Error refusal(std::string what, std::string why, std::string next) {
  return {.where = {}, .what = std::move(what), .why = std::move(why), .next = std::move(next)};
}

/// The table's name in the text, replaced by the same in pg_temp.
std::optional<Edit> on_copy(std::string_view statement, Tokens tokens, const json::object& range) {
  const json::value* location = range.if_contains("location");
  if (location == nullptr || !location->is_int64()) return std::nullopt;
  const std::size_t base = base_of(tokens);
  const auto begin = static_cast<std::size_t>(location->as_int64());
  auto token = std::ranges::find(tokens, begin + base, &Token::offset);
  if (token == tokens.end()) return std::nullopt;
  while (token + 2 < tokens.end() && (token + 1)->text == ".") token += 2;
  if (token->end() - base > statement.size()) return std::nullopt;
  return Edit{begin, token->end() - base, "pg_temp." + quote_identifier(text_of(range, "relname"))};
}

Result<Alone> create_index(std::string_view statement, Tokens tokens, const json::object& node) {
  const json::object* range = object_in(node, "relation");
  const Token* word = find_word(tokens, "concurrently");
  const auto copy = range == nullptr ? std::nullopt : on_copy(statement, tokens, *range);
  if (!copy || word == nullptr)
    return refusal("CREATE INDEX CONCURRENTLY in a form that is not understood", "",
                   "write it as CREATE INDEX CONCURRENTLY name ON table (…)");
  if (text_of(node, "idxname").empty())
    return refusal("CREATE INDEX CONCURRENTLY without a name",
                   "a build that breaks off is found again by the name of its index",
                   "give the index a name");
  const Edit cut = without(*word, base_of(tokens));
  return Alone{.kind = Alone::Kind::CreateIndex,
               .command = "CREATE INDEX CONCURRENTLY",
               .relation = as_sql(name_of_range(*range)),
               .name = std::string(text_of(node, "idxname")),
               .inside = edited(statement, {cut}),
               .copy = copy->text,
               .on_copy = edited(statement, {cut, *copy})};
}

Result<Alone> drop_index(const json::object& node) {
  const json::array& objects = array_in(node, "objects");
  if (objects.size() != 1 || text_of(node, "behavior") == "DROP_CASCADE")
    return refusal("DROP INDEX CONCURRENTLY of several indexes, or with CASCADE",
                   "PostgreSQL drops one index at a time in this way, and nothing with it",
                   "write one statement for each index, without CASCADE");
  const json::object* list = inner(objects.front());
  const std::string index = list == nullptr ? "" : as_sql(name_of_parts(array_in(*list, "items")));
  return Alone{.kind = Alone::Kind::DropIndex,
               .command = "DROP INDEX CONCURRENTLY",
               .relation = index,
               .inside = "drop index if exists " + index};
}

/// Among the options in parentheses CONCURRENTLY may have a value of its own.
Edit not_concurrently(Tokens tokens, const Token& word) {
  const std::size_t base = base_of(tokens);
  if (tokens[1].text != "(") return without(word, base);
  const Token* next = &word + 1;
  const bool value = next->text != "," && next->text != ")";
  return {word.offset - base, (value ? next->end() : word.end()) - base, "concurrently off"};
}

Result<std::optional<Alone>> reindex(std::string_view statement, Tokens tokens,
                                     const json::object& node) {
  const std::string_view what = text_of(node, "kind");
  const json::object* range = object_in(node, "relation");
  const Token* word = find_word(tokens, "concurrently");
  const bool index = what == "REINDEX_OBJECT_INDEX";
  if (range == nullptr || word == nullptr || !(index || what == "REINDEX_OBJECT_TABLE"))
    return std::optional<Alone>();
  return std::optional(Alone{.kind = index ? Alone::Kind::ReindexIndex : Alone::Kind::ReindexTable,
                             .command = "REINDEX CONCURRENTLY",
                             .relation = as_sql(name_of_range(*range)),
                             .inside = edited(statement, {not_concurrently(tokens, *word)})});
}

Result<std::optional<Alone>> detach(std::string_view statement, Tokens tokens,
                                    const json::object& node) {
  const json::array& commands = array_in(node, "cmds");
  const json::object* range = object_in(node, "relation");
  const json::object* command = commands.size() == 1 ? inner(commands.front()) : nullptr;
  const json::value* definition = command == nullptr ? nullptr : command->if_contains("def");
  const json::object* part = definition == nullptr ? nullptr : inner(*definition);
  const json::object* child = part == nullptr ? nullptr : object_in(*part, "name");
  if (range == nullptr || child == nullptr) return std::optional<Alone>();
  const Token& last = tokens.back();
  if (!flag(*part, "concurrent") || !last.is_word("concurrently")) return std::optional<Alone>();
  return std::optional(Alone{.kind = Alone::Kind::DetachPartition,
                             .command = "DETACH PARTITION CONCURRENTLY",
                             .relation = as_sql(name_of_range(*range)),
                             .partition = as_sql(name_of_range(*child)),
                             .inside = edited(statement, {without(last, base_of(tokens))})});
}

/// That nobody else can add it meanwhile is no reason to fail where somebody has.
std::optional<Alone> add_value(std::string_view statement, Tokens tokens,
                               const json::object& node) {
  const auto word = std::ranges::adjacent_find(tokens, [](const Token& left, const Token& right) {
    return left.is_word("add") && right.is_word("value");
  });
  if (node.contains("oldVal") || word == tokens.end()) return std::nullopt;
  const std::size_t end = std::next(word)->end() - base_of(tokens);
  const bool already = flag(node, "skipIfNewValExists");
  return Alone{.kind = Alone::Kind::AddValue,
               .command = "ALTER TYPE ADD VALUE",
               .relation = as_sql(name_of_parts(array_in(node, "typeName"))),
               .name = std::string(text_of(node, "newVal")),
               .inside = already ? std::string(statement)
                                 : edited(statement, {{end, end, " if not exists"}})};
}

/// The only statements whose tree is worth building.
bool may_be_one(Tokens tokens) {
  if (tokens.size() < 3) return false;
  const Token& first = tokens.front();
  if (first.is_word("alter") && tokens[1].is_word("type"))
    return find_word(tokens, "add") != nullptr && find_word(tokens, "value") != nullptr;
  const bool ddl = first.is_word("create") || first.is_word("drop") || first.is_word("alter") ||
                   first.is_word("reindex");
  return ddl && find_word(tokens, "concurrently") != nullptr;
}

Result<std::optional<Alone>> of_tree(std::string_view statement, Tokens tokens, const Node& node) {
  const json::object& members = *node.members;
  if (node.type == "AlterEnumStmt") return add_value(statement, tokens, members);
  if (node.type == "AlterTableStmt") return detach(statement, tokens, members);
  if (node.type == "ReindexStmt") return reindex(statement, tokens, members);
  if (!flag(members, "concurrent")) return std::optional<Alone>();
  if (node.type != "IndexStmt" && node.type != "DropStmt") return std::optional<Alone>();
  auto index =
      node.type == "IndexStmt" ? create_index(statement, tokens, members) : drop_index(members);
  if (!index) return index.error();
  return std::optional(std::move(*index));
}

}  // namespace

Result<std::shared_ptr<const Alone>> read_alone(std::string_view statement, Tokens tokens) {
  const std::shared_ptr<const Alone> none;
  if (!may_be_one(tokens) || statement.size() > max_tree_size) return none;
  const Result<json::value> tree = tree_of(statement);
  if (!tree) return tree.error();
  const Node node = statement_in(*tree);
  if (node.members == nullptr) return none;
  auto alone = of_tree(statement, tokens, node);
  if (!alone) return alone.error();
  return *alone ? std::make_shared<const Alone>(std::move(**alone)) : none;
}

}  // namespace reconcile::sql
