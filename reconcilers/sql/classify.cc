#include "reconcilers/sql/classify.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <string_view>

#include "reconcilers/sql/parse_tree.h"

namespace reconcile::sql {
namespace {

namespace json = boost::json;

Classification transactional() { return {}; }
Classification non_transactional(std::string command) {
  return {StatementClass::NonTransactional, std::move(command)};
}

/// The DefElem `name` among the options of a statement.
const json::object* option(const json::object& node, std::string_view list, std::string_view name) {
  const json::value* options = node.if_contains(list);
  if (options == nullptr || !options->is_array()) return nullptr;
  for (const json::value& each : options->as_array()) {
    const json::object* definition = inner(each);
    if (definition != nullptr && text_of(*definition, "defname") == name) return definition;
  }
  return nullptr;
}

/// A boolean option as the server reads it: without a value it is on.
bool option_is(const json::object& node, std::string_view list, std::string_view name,
               bool by_default) {
  const json::object* definition = option(node, list, name);
  if (definition == nullptr) return by_default;
  const json::value* argument = definition->if_contains("arg");
  const json::object* value = argument == nullptr ? nullptr : inner(*argument);
  if (value == nullptr) return true;
  if (argument->as_object().contains("Integer")) return value->contains("ival");
  if (argument->as_object().contains("Boolean")) return flag(*value, "boolval");
  const std::string word = lower(text_of(*value, "sval"));
  return word != "false" && word != "off" && word != "0" && word != "no";
}

/// "CREATE DATABASE": the words in front, at most two.
std::string command_of(std::span<const Token> tokens) {
  std::string command;
  for (const Token& token : tokens.first(std::min<std::size_t>(tokens.size(), 2))) {
    if (token.kind != Token::Kind::Word) break;
    if (!command.empty()) command += ' ';
    for (const char c : token.text) {
      command += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return command;
}

Classification transaction_control(std::span<const Token> tokens) {
  return {StatementClass::TransactionControl, command_of(tokens)};
}

Classification of_variable_set(const json::object& node, std::span<const Token> tokens) {
  constexpr std::array<std::string_view, 5> names{"TRANSACTION", "TRANSACTION SNAPSHOT",
                                                  "transaction_isolation", "transaction_read_only",
                                                  "transaction_deferrable"};
  const bool ours = std::find(names.begin(), names.end(), text_of(node, "name")) != names.end();
  return ours ? transaction_control(tokens) : transactional();
}

Classification of_reindex(const json::object& node) {
  if (option_is(node, "params", "concurrently", false)) {
    return non_transactional("REINDEX CONCURRENTLY");
  }
  const std::string_view kind = text_of(node, "kind");
  if (kind == "REINDEX_OBJECT_SCHEMA") return non_transactional("REINDEX SCHEMA");
  if (kind == "REINDEX_OBJECT_SYSTEM") return non_transactional("REINDEX SYSTEM");
  if (kind == "REINDEX_OBJECT_DATABASE") return non_transactional("REINDEX DATABASE");
  return transactional();
}

Classification of_create_subscription(const json::object& node) {
  const bool connects = option_is(node, "options", "connect", true);
  return connects && option_is(node, "options", "create_slot", true)
             ? non_transactional("CREATE SUBSCRIPTION with a slot")
             : transactional();
}

Classification of_alter_subscription(const json::object& node) {
  const std::string_view kind = text_of(node, "kind");
  if (kind == "ALTER_SUBSCRIPTION_REFRESH") {
    return non_transactional("ALTER SUBSCRIPTION REFRESH PUBLICATION");
  }
  const bool publication = kind.ends_with("_PUBLICATION");
  return publication && option_is(node, "options", "refresh", true)
             ? non_transactional("ALTER SUBSCRIPTION with refresh")
             : transactional();
}

Classification of_alter_table(const json::object& node) {
  const json::value* commands = node.if_contains("cmds");
  if (commands == nullptr || !commands->is_array()) return transactional();
  for (const json::value& each : commands->as_array()) {
    const json::object* command = inner(each);
    if (command == nullptr || text_of(*command, "subtype") != "AT_DetachPartition") continue;
    const json::value* definition = command->if_contains("def");
    const json::object* partition = definition == nullptr ? nullptr : inner(*definition);
    if (partition != nullptr && flag(*partition, "concurrent")) {
      return non_transactional("ALTER TABLE DETACH PARTITION CONCURRENTLY");
    }
  }
  return transactional();
}

/// Commands that are non-transactional in every form.
std::string_view always_non_transactional(std::string_view type) {
  struct Entry {
    std::string_view type, command;
  };
  constexpr std::array<Entry, 6> table{{{"CreatedbStmt", "CREATE DATABASE"},
                                        {"DropdbStmt", "DROP DATABASE"},
                                        {"CreateTableSpaceStmt", "CREATE TABLESPACE"},
                                        {"DropTableSpaceStmt", "DROP TABLESPACE"},
                                        {"AlterSystemStmt", "ALTER SYSTEM"},
                                        {"DropSubscriptionStmt", "DROP SUBSCRIPTION"}}};
  const auto* found = std::find_if(table.begin(), table.end(),
                                   [&](const Entry& entry) { return entry.type == type; });
  return found == table.end() ? std::string_view() : found->command;
}

Classification of_tree(std::string_view type, const json::object& node,
                       std::span<const Token> tokens) {
  if (type == "TransactionStmt") return transaction_control(tokens);
  if (type == "VariableSetStmt") return of_variable_set(node, tokens);
  if (type == "ReindexStmt") return of_reindex(node);
  if (type == "CreateSubscriptionStmt") return of_create_subscription(node);
  if (type == "AlterSubscriptionStmt") return of_alter_subscription(node);
  if (type == "AlterTableStmt") return of_alter_table(node);
  if (const auto command = always_non_transactional(type); !command.empty()) {
    return non_transactional(std::string(command));
  }
  if (type == "IndexStmt" && flag(node, "concurrent")) {
    return non_transactional("CREATE INDEX CONCURRENTLY");
  }
  if (type == "DropStmt" && flag(node, "concurrent")) {
    return non_transactional("DROP INDEX CONCURRENTLY");
  }
  if (type == "VacuumStmt" && flag(node, "is_vacuumcmd")) return non_transactional("VACUUM");
  if (type == "ClusterStmt" && !node.contains("relation")) return non_transactional("CLUSTER");
  if (type == "DiscardStmt" && text_of(node, "target") == "DISCARD_ALL") {
    return non_transactional("DISCARD ALL");
  }
  if (type == "AlterDatabaseStmt" && option(node, "options", "tablespace") != nullptr) {
    return non_transactional("ALTER DATABASE SET TABLESPACE");
  }
  return transactional();
}

bool any_word(std::span<const Token> tokens, std::string_view word) {
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](const Token& token) { return token.is_word(word); });
}

template <std::size_t size>
bool is_one_of(const Token& token, const std::array<std::string_view, size>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return token.is_word(word); });
}

/// Whether the statement can be anything but Transactional, told from its first words: only then is
/// its tree built, which keeps ten thousand INSERTs cheap and deep expressions away from it.
bool deserves_a_tree(std::span<const Token> tokens) {
  constexpr std::array<std::string_view, 14> first_words{
      "abort",   "begin", "cluster",  "commit",    "discard", "end",   "reindex",
      "release", "reset", "rollback", "savepoint", "set",     "start", "vacuum"};
  constexpr std::array<std::string_view, 4> global_objects{"database", "subscription", "system",
                                                           "tablespace"};
  const Token& first = tokens.front();
  if (is_one_of(first, first_words)) return true;
  if (tokens.size() < 2) return false;
  if (first.is_word("prepare")) return tokens[1].is_word("transaction");
  if (!first.is_word("create") && !first.is_word("alter") && !first.is_word("drop")) return false;
  return is_one_of(tokens[1], global_objects) || any_word(tokens, "concurrently");
}

bool has_extension_option(std::span<const Token> tokens, std::string_view name) {
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (tokens[i].is_word("timescaledb") && tokens[i + 1].text == "." &&
        tokens[i + 2].is_word(name)) {
      return true;
    }
  }
  return false;
}

/// The word before the first parenthesis of CALL f(…) or SELECT s.f(…).
std::string called_function(std::span<const Token> tokens) {
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    if (tokens[i + 1].text == "(") return lower(tokens[i].text);
    if (tokens[i + 1].text != "." && tokens[i].text != ".") break;
  }
  return {};
}

/// TimescaleDB's own refusals (its process_utility.c), which no PostgreSQL tree tells.
Classification of_timescaledb(std::span<const Token> tokens) {
  constexpr std::array<std::string_view, 4> functions{
      "refresh_continuous_aggregate", "merge_chunks", "move_chunk", "reorder_chunk"};
  const Token& first = tokens.front();
  if (first.is_word("call") || first.is_word("select")) {
    const std::string name = called_function(tokens);
    const bool listed = std::find(functions.begin(), functions.end(), name) != functions.end();
    return listed ? non_transactional(name) : transactional();
  }
  if (!first.is_word("create") || !any_word(tokens, "timescaledb")) return transactional();
  if (has_extension_option(tokens, "transaction_per_chunk")) {
    return non_transactional("CREATE INDEX WITH (timescaledb.transaction_per_chunk)");
  }
  const bool without_data =
      tokens.size() > 3 && tokens[tokens.size() - 2].is_word("no") && tokens.back().is_word("data");
  return has_extension_option(tokens, "continuous") && !without_data
             ? non_transactional("CREATE MATERIALIZED VIEW WITH (timescaledb.continuous) WITH DATA")
             : transactional();
}

constexpr std::array<std::string_view, 4> changing_words{"create", "alter", "drop", "reindex"};

bool is_transaction_control(std::span<const Token> tokens) {
  constexpr std::array<std::string_view, 8> commands{"abort",    "begin",     "commit", "end",
                                                     "rollback", "savepoint", "start",  "release"};
  const Token& first = tokens.front();
  if (is_one_of(first, commands)) return true;
  if (first.is_word("prepare")) return tokens.size() > 1 && tokens[1].is_word("transaction");
  if (!first.is_word("set") && !first.is_word("reset")) return false;
  constexpr std::array<std::string_view, 4> settings{
      "transaction", "transaction_isolation", "transaction_read_only", "transaction_deferrable"};
  // set [session | local] transaction …
  const auto next = tokens.subspan(1, std::min<std::size_t>(tokens.size() - 1, 2));
  return std::any_of(next.begin(), next.end(),
                     [&](const Token& token) { return is_one_of(token, settings); });
}

}  // namespace

Result<Classification> classify(std::string_view statement, std::span<const Token> tokens) {
  if (tokens.empty()) return transactional();
  if (!deserves_a_tree(tokens)) return of_timescaledb(tokens);
  if (statement.size() > max_tree_size) {
    return Error{.where = {},
                 .what = "the statement is too long to be classified",
                 .why = "it may be one that cannot run inside a transaction",
                 .next = "split it into shorter statements"};
  }
  const Result<json::value> tree = tree_of(statement);
  if (!tree) return tree.error();
  const Node node = statement_in(*tree);
  if (node.members == nullptr) return transactional();
  return of_tree(node.type, *node.members, tokens);
}

Classification classify_by_words(std::span<const Token> tokens) {
  if (tokens.empty()) return transactional();
  if (is_transaction_control(tokens)) return transaction_control(tokens);
  const Token& first = tokens.front();
  if (first.is_word("vacuum")) return non_transactional("VACUUM");
  if (is_one_of(first, changing_words) && any_word(tokens, "concurrently"))
    return non_transactional(command_of(tokens.first(1)) + " … CONCURRENTLY");
  const std::string command = command_of(tokens);
  constexpr std::array<std::string_view, 7> alone{
      "ALTER SYSTEM",  "CREATE DATABASE",   "CREATE TABLESPACE", "DISCARD ALL",
      "DROP DATABASE", "DROP SUBSCRIPTION", "DROP TABLESPACE"};
  if (std::find(alone.begin(), alone.end(), command) != alone.end())
    return non_transactional(command);
  return of_timescaledb(tokens);
}

}  // namespace reconcile::sql
