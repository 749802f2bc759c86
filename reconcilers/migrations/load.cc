#include "reconcilers/migrations/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "reconcilers/core/digest.h"
#include "reconcilers/migrations/directives.h"
#include "reconcilers/migrations/file_name.h"
#include "reconcilers/sql/parse.h"
#include "reconcilers/sql/source_text.h"

namespace reconcile::migrations {
namespace {

struct Folder {
  std::string_view prefix;
  Stage phase;
  bool older_layout;
};

constexpr std::array<Folder, 5> folders{{{"migrations/pre/", Stage::Pre, false},
                                         {"migrations/post/", Stage::Post, false},
                                         {"migrations/seed/", Stage::Seed, false},
                                         {"db-init/", Stage::Pre, true},
                                         {"db-init-post/", Stage::Post, true}}};

const Folder* folder_of(std::string_view path) {
  const auto* found = std::find_if(folders.begin(), folders.end(), [&](const Folder& folder) {
    return path.starts_with(folder.prefix);
  });
  return found == folders.end() ? nullptr : found;
}

bool is_sql(std::string_view path) {
  return path.size() >= 4 && sql::lower(path.substr(path.size() - 4)) == ".sql";
}

/// Where a .sql file stands, or why it stands wrong.
Result<const Folder*> place_of(const File& file) {
  const Folder* folder = folder_of(file.path);
  if (folder == nullptr) {
    return Error{.where = file.path,
                 .what = "the file belongs to no phase",
                 .why = "migrations/ is read as pre, post and seed",
                 .next = "move it to migrations/pre, migrations/post or migrations/seed"};
  }
  if (file.path.find('/', folder->prefix.size()) != std::string::npos) {
    return Error{.where = file.path,
                 .what = "the file is in a sub folder of a phase",
                 .why = "the order of files in sub folders is not defined",
                 .next = fmt::format("move it to {}", folder->prefix)};
  }
  if (number_of(base_name(file.path)).empty()) {
    return Error{.where = file.path,
                 .what = "the file name does not begin with a number",
                 .why = "migrations run in the order of their numbers",
                 .next = fmt::format("rename it to {}NNN_{}, or move it out of that folder",
                                     folder->prefix, base_name(file.path))};
  }
  return folder;
}

Error both_layouts(const File& older, const File& newer) {
  return {.where = older.path,
          .what = "two layouts of migrations in one revision",
          .why = fmt::format("{} is of the older one, {} of the newer", older.path, newer.path),
          .next =
              "move the files of db-init to migrations/pre and those of db-init-post to "
              "migrations/post"};
}

bool runs_alone(const sql::ParsedStatement& statement) {
  return statement.cls == sql::StatementClass::NonTransactional && statement.alone;
}

std::optional<Error> refused(const std::string& file, const sql::ParsedStatement& statement) {
  if (statement.cls == sql::StatementClass::Transactional || runs_alone(statement))
    return std::nullopt;
  const bool control = statement.cls == sql::StatementClass::TransactionControl;
  return Error{
      .where = sql::place(file, statement.line),
      .what = statement.command + " in a migration",
      .why = control ? "a revision is applied in one transaction, which is the controller's"
                     : "it cannot run inside a transaction, and a revision is applied in one",
      .next = control ? "remove the statement; the whole file commits or rolls back anyway"
                      : "use the form that runs in a transaction where there is one, or run it by "
                        "hand outside of a migration"};
}

/// Half of such a file could stay when the other half fails.
std::optional<Error> mixed(const std::string& file,
                           const std::vector<sql::ParsedStatement>& statements) {
  const auto alone = std::ranges::find_if(statements, runs_alone);
  if (alone == statements.end() || std::ranges::all_of(statements, runs_alone)) return std::nullopt;
  return Error{.where = sql::place(file, alone->line),
               .what = alone->command + " beside other statements",
               .why = "it cannot run inside a transaction, and the others of this file do",
               .next = "give it a file of its own"};
}

Result<std::vector<Statement>> statements_of(const std::string& file, std::string_view text) {
  Result<std::vector<sql::ParsedStatement>> parsed = sql::split(text, file);
  if (!parsed) return parsed.error();
  for (const sql::ParsedStatement& statement : *parsed) {
    if (auto error = refused(file, statement)) return std::move(*error);
  }
  if (auto error = mixed(file, *parsed)) return std::move(*error);
  std::vector<Statement> statements;
  statements.reserve(parsed->size());
  for (sql::ParsedStatement& statement : *parsed) {
    statements.push_back({.text = std::move(statement.text),
                          .line = statement.line,
                          .unread = std::move(statement.unread),
                          .alone = std::move(statement.alone)});
  }
  return statements;
}

/// Some Windows editors begin a UTF-8 file with a byte order mark. The server would take it for the
/// beginning of a word.
std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

Result<Migration> read(const File& file, Stage phase) {
  const std::string_view text = without_byte_order_mark(file.text);
  Result<std::vector<Statement>> statements = statements_of(file.path, text);
  if (!statements) return statements.error();
  Result<Directives> directives = read_directives(text, file.path);
  if (!directives) return directives.error();
  const Result<std::string> token_hash = sql::token_hash(text);
  if (!token_hash) return token_hash.error();
  const std::string_view name = base_name(file.path);
  return Migration{.phase = phase,
                   .file = file.path,
                   .name = std::string(name),
                   .number = number_of(name),
                   .blob = file.blob,
                   .raw_hash = sha256(file.text),
                   .token_hash = *token_hash,
                   .statements = std::move(*statements),
                   .only = std::move(directives->only),
                   .except = std::move(directives->except),
                   .out_of_order_allowed = directives->out_of_order_allowed,
                   .allowed_hazards = std::move(directives->allowed_hazards),
                   .adopts = std::move(directives->adopts)};
}

bool runs_before(const Migration& left, const Migration& right) {
  if (left.phase != right.phase) return left.phase < right.phase;
  const auto numbers = compare_numbers(left.number, right.number);
  return std::is_neq(numbers) ? std::is_lt(numbers) : left.name < right.name;
}

std::optional<Error> number_used_twice(const std::vector<Migration>& ordered) {
  const auto twice = std::adjacent_find(
      ordered.begin(), ordered.end(), [](const Migration& left, const Migration& right) {
        return left.phase == right.phase && left.number == right.number;
      });
  if (twice == ordered.end()) return std::nullopt;
  const Migration& second = *std::next(twice);
  return Error{.where = second.file,
               .what = fmt::format("number {} is used twice", second.number),
               .why = fmt::format("{} has it too", twice->file),
               .next = "give the newer file the next free number"};
}

}  // namespace

Result<std::vector<Migration>> load(const FileTree& tree) {
  std::vector<Migration> migrations;
  const File* older = nullptr;
  const File* newer = nullptr;
  for (const File& file : tree.files) {
    const bool ours = folder_of(file.path) != nullptr || file.path.starts_with("migrations/");
    if (!ours || !is_sql(file.path)) continue;
    const Result<const Folder*> folder = place_of(file);
    if (!folder) return folder.error();
    ((*folder)->older_layout ? older : newer) = &file;
    if (older != nullptr && newer != nullptr) return both_layouts(*older, *newer);
    Result<Migration> migration = read(file, (*folder)->phase);
    if (!migration) return migration.error();
    migrations.push_back(std::move(*migration));
  }
  std::sort(migrations.begin(), migrations.end(), runs_before);
  if (auto error = number_used_twice(migrations)) return std::move(*error);
  return migrations;
}

}  // namespace reconcile::migrations
