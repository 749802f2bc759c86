#include "reconcilers/pass/adoption_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reconcilers/catalog/definition.h"
#include "reconcilers/catalog/drift.h"
#include "reconcilers/migrations/directives.h"
#include "reconcilers/migrations/file_name.h"
#include "reconcilers/migrations/load.h"

namespace reconcile {
namespace {

using catalog::Adoption;

/// Whether `text` stands on the object, by its name.
bool names(std::string_view text, const Difference& entry) {
  const std::string& name = entry.object.name;
  if (entry.object.kind == "schema") return text.find(name + ".") != std::string_view::npos;
  const bool called = entry.object.kind == "function" || entry.object.kind == "aggregate";
  return text.find(called ? name.substr(0, name.find('(') + 1) : name) != std::string_view::npos;
}

/// The pieces that the snapshot's new tables and columns stand on: they have to be there before it.
std::set<ObjectIdentity> before_snapshot(const std::vector<Adoption>& pieces,
                                         const std::vector<Difference>& with_snapshot) {
  std::set<ObjectIdentity> result;
  std::set<std::string> tables;
  std::vector<const Difference*> standing;
  for (const Difference& entry : with_snapshot) {
    if (entry.live) standing.push_back(&entry);
  }
  const bool any = !standing.empty();
  while (!standing.empty()) {
    const Difference* upper = standing.back();
    standing.pop_back();
    for (const Adoption& piece : pieces) {
      const Difference& entry = piece.entry;
      const bool part = tables.contains(std::string(catalog::table_of(entry.about))) ||
                        (tables.contains(entry.about) && entry.object.kind != "trigger");
      const bool key = entry.object.kind == "constraint" &&
                       definition(entry).find(" FOREIGN KEY ") != std::string::npos;
      const bool needed =
          names(definition(*upper), entry) || (part && !key) || entry.object.kind == "extension";
      if (!entry.live || !needed || !result.insert(entry.object).second) continue;
      if (entry.object.kind == "table") tables.insert(entry.about);
      standing.push_back(&entry);
    }
  }
  return any ? result : std::set<ObjectIdentity>();
}

/// The path of a new file of a phase, numbered as its neighbours are.
std::string new_path(const AdoptionInputs& inputs, const std::vector<migrations::Migration>& files,
                     Stage phase, std::string_view slug) {
  const bool older = std::ranges::any_of(
      files, [](const migrations::Migration& file) { return file.file.starts_with("db-init"); });
  std::string folder = phase == Stage::Pre ? "migrations/pre/" : "migrations/post/";
  if (older) folder = phase == Stage::Pre ? "db-init/" : "db-init-post/";
  std::string highest = "0";
  std::size_t width = 3;
  const auto see = [&](std::string_view path) {
    const std::string_view name = migrations::base_name(path);
    const std::string number = migrations::number_of(name);
    if (!path.starts_with(folder) || number.empty()) return;
    if (std::is_lt(migrations::compare_numbers(number, highest))) return;
    highest = number;
    width = std::min(name.find_first_not_of("0123456789"), name.size());
  };
  for (const FileTree* tree : {&inputs.base, &inputs.parent}) {
    for (const File& file : tree->files) see(file.path);
  }
  const std::string number = migrations::next_number(highest);
  const std::string zeros(width > number.size() ? width - number.size() : 0, '0');
  return fmt::format("{}{}{}_adopt{}{}.sql", folder, zeros, number, slug.empty() ? "" : "_", slug);
}

std::string sql_text(const AdoptionInputs& inputs, const std::vector<const Adoption*>& pieces) {
  std::string text = fmt::format(
      "-- What somebody changed by hand in the database of target {}, written by `reconcile "
      "adopt`.\n"
      "-- Where all of it is as the lines below say, nothing of this file is run: what else there "
      "is to do\n"
      "-- belongs into another one.\n",
      in_one_line(inputs.target));
  for (const Adoption* piece : pieces) {
    text += migrations::adopts_line(
                {piece->entry.object.text(), catalog::digest_of(piece->entry.live)}) +
            "\n";
  }
  for (const Adoption* piece : pieces) {
    if (piece->statements.empty()) continue;
    const Drift drift = catalog::described(piece->entry);
    text += fmt::format("\n-- {} {}: {}\n", name_of(drift.kind), in_one_line(drift.object.text()),
                        in_one_line(drift.detail));
    for (const std::string& statement : piece->statements) text += statement + ";\n";
  }
  return text;
}

}  // namespace

Result<std::vector<File>> adoption_files(const AdoptionInputs& inputs,
                                         const std::vector<Adoption>& pieces,
                                         const std::vector<Difference>& with_snapshot) {
  auto files = migrations::load(inputs.parent);
  if (!files) return files.error();
  const std::set<ObjectIdentity> before = before_snapshot(pieces, with_snapshot);
  std::vector<File> result;
  for (const Stage phase : {Stage::Pre, Stage::Post}) {
    std::vector<const Adoption*> those;
    for (const Adoption& piece : pieces) {
      if (before.contains(piece.entry.object) == (phase == Stage::Pre)) those.push_back(&piece);
    }
    if (those.empty()) continue;
    const std::string slug = slug_of(those.front()->entry.object.name);
    result.push_back({new_path(inputs, *files, phase, slug), "", sql_text(inputs, those)});
  }
  return result;
}

std::string in_one_line(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return line;
}

std::string slug_of(std::string_view name) {
  constexpr std::size_t longest = 40;
  name = name.substr(0, name.find('('));
  std::string slug;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) slug += static_cast<char>(upper ? c - 'A' + 'a' : c);
    if (!plain && !slug.empty() && slug.back() != '_') slug += '_';
    if (slug.size() == longest) break;
  }
  while (slug.ends_with('_')) slug.pop_back();
  return slug.starts_with("public_") ? slug.substr(7) : slug;
}

}  // namespace reconcile
