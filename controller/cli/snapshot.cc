#include <fmt/format.h>

#include <boost/json.hpp>
#include <iostream>
#include <optional>

#include "controller/cli/commands.h"
#include "controller/cli/file_writer.h"
#include "controller/cli/terminal.h"
#include "controller/cli/wiring.h"
#include "controller/git/git_source.h"
#include "reconcilers/pass/desired_state.h"
#include "reconcilers/snapshot/export.h"
#include "reconcilers/snapshot/export_diff.h"
#include "reconcilers/snapshot/read.h"

namespace reconcile::cli {
namespace {

using snapshot::DirectusVersion;
using snapshot::ExportDifference;

constexpr int differs = 2;

/// The snapshot that the newest commit has.
struct Committed {
  Revision revision;
  File file;  ///< without a path where the revision has none
};

Result<Committed> read_committed(const Invocation& invocation, const config::Target& target) {
  auto source = git::open_source(git_options(invocation));
  if (!source) return source.error();
  auto revision = newest_of(**source, invocation, target);
  if (!revision) return revision.error();
  auto tree = (*source)->read(*revision, {"snapshots"});
  if (!tree) return tree.error();
  auto file = find_snapshot(*tree);
  if (!file) return file.error();
  return Committed{std::move(*revision), *file == nullptr ? File() : **file};
}

/// What was read from the database, and what it is read as.
struct Export {
  snapshot::Snapshot snapshot;
  snapshot::YamlNumbers numbers;
  std::string note;  ///< for people; may be empty

  std::string yaml() const { return to_yaml(snapshot, numbers); }
};

Result<LiveState> read_live(const Invocation& invocation, const config::Target& target) {
  auto database = open_database(invocation, target);
  if (!database) return database.error();
  auto connection = database->connector->connect();
  if (!connection) return connection.error();
  auto live = (*connection)->reader().read_schema();
  if (!live || live->directus) return live;
  return Error{.where = fmt::format("target {}", target.name),
               .what =
                   "Directus is not installed in this database: directus_collections, "
                   "directus_fields or directus_relations is missing",
               .why = "",
               .next = "run `directus bootstrap` against it once"};
}

/// The version that the command line or the configuration names; the one that is claimed by the
/// committed file otherwise, where the database bears it out.
Result<Export> export_target(const Invocation& invocation, const config::Target& target,
                             std::string_view claimed) {
  const std::string& named = invocation.snapshot.directus_version.empty()
                                 ? target.directus.version
                                 : invocation.snapshot.directus_version;
  std::optional<DirectusVersion> version;
  if (!named.empty()) {
    version = snapshot::parse_directus_version(named);
    if (!version) {
      return Error{.kind = ErrorKind::Usage,
                   .where = "--directus-version",
                   .what = fmt::format("\"{}\" is not a version of Directus", named),
                   .why = "",
                   .next = "write it as in 11.6.1"};
    }
  }
  auto live = read_live(invocation, target);
  if (!live) return live.error();
  Export result;
  if (!version) {
    snapshot::InstalledDirectus installed = snapshot::installed_directus(*live, claimed);
    version = std::move(installed.version);
    result.note = std::move(installed.doubt);
    if (!result.note.empty()) result.note += "; --directus-version says it exactly";
  }
  const DirectusVersion& oldest = snapshot::oldest_known_directus();
  if (*version < oldest) {
    result.note = fmt::format(
        "snapshots of Directus before {} are not known exactly: written as "
        "{} would, but for the version",
        oldest.text, oldest.text);
  }
  result.snapshot = snapshot::exported(*live, *version);
  result.numbers = traits_of(*version).yaml_numbers;
  return result;
}

void say(const std::string& note) {
  if (!note.empty()) std::cerr << paint("note:", Paint::Grey, look_of(2)) << " " << note << "\n";
}

std::string_view word_for(ExportDifference::Kind kind) {
  switch (kind) {
    case ExportDifference::Kind::Changed:
      return "changed";
    case ExportDifference::Kind::OnlyInFile:
      return "only in the file";
    case ExportDifference::Kind::OnlyInDatabase:
      return "only in the database";
    case ExportDifference::Kind::Order:
      return "in another order";
    case ExportDifference::Kind::Writing:
      break;
  }
  return "the same schema, written differently";
}

std::string render_differences(const Committed& committed,
                               const std::vector<ExportDifference>& found, bool all) {
  constexpr std::size_t most_entries = 40;
  constexpr std::size_t most_lines = 12;
  const Look look = look_of(1);
  std::string text = fmt::format("{} at {} is not what the database has (- file, + database)\n\n",
                                 committed.file.path, committed.revision.short_commit());
  for (std::size_t i = 0; i < found.size() && (all || i < most_entries); ++i) {
    const ExportDifference& entry = found[i];
    text += paint(one_line(entry.entry), Paint::Bold, look);
    if (entry.kind != ExportDifference::Kind::Changed)
      text += fmt::format("  {}", word_for(entry.kind));
    text += '\n';
    for (std::size_t k = 0; k < entry.lines.size() && (all || k < most_lines); ++k) {
      const Paint color = entry.lines[k].starts_with('-') ? Paint::Red : Paint::Green;
      text += "  " + paint(one_line(entry.lines[k]), color, look) + '\n';
    }
    if (!all && entry.lines.size() > most_lines)
      text += fmt::format("  and {} more lines\n", entry.lines.size() - most_lines);
  }
  if (!all && found.size() > most_entries)
    text += fmt::format("and {} more entries; -v shows them all\n", found.size() - most_entries);
  return text;
}

std::string render_differences_json(const config::Target& target, const Committed& committed,
                                    const std::vector<ExportDifference>& found) {
  const auto text = [](std::string_view value) { return boost::json::string(value); };
  boost::json::array differences;
  for (const ExportDifference& entry : found) {
    boost::json::array lines;
    for (const std::string& line : entry.lines) lines.push_back(text(line));
    differences.push_back({{"entry", text(entry.entry)},
                           {"kind", text(word_for(entry.kind))},
                           {"lines", std::move(lines)}});
  }
  return boost::json::serialize(boost::json::object{{"target", text(target.name)},
                                                    {"revision", text(committed.revision.commit)},
                                                    {"file", text(committed.file.path)},
                                                    {"same", found.empty()},
                                                    {"differences", std::move(differences)}}) +
         "\n";
}

/// The committed snapshot as Directus would write it in YAML. A file in JSON counts for what it
/// says: there are many ways to write it.
Result<std::string> committed_yaml(const File& file, snapshot::YamlNumbers numbers) {
  if (!file.path.ends_with(".json")) return file.text;
  auto parsed = snapshot::read(file.text, file.path);
  if (!parsed) return parsed.error();
  return to_yaml(*parsed, numbers);
}

int check(const Invocation& invocation, const config::Target& target) {
  auto committed = read_committed(invocation, target);
  if (!committed) return report_failure(committed.error());
  if (committed->file.path.empty()) {
    return report_failure(
        {.where = fmt::format("revision {}", committed->revision.short_commit()),
         .what = "it has no snapshot to compare with",
         .why = "",
         .next = "reconcile snapshot --write snapshots/schema.yaml, and commit it"});
  }
  auto live = export_target(invocation, target, snapshot::version_line(committed->file.text));
  if (!live) return report_failure(live.error());
  auto file = committed_yaml(committed->file, live->numbers);
  if (!file) return report_failure(file.error());
  say(live->note);
  const auto found = snapshot::export_differences(*file, live->yaml());
  if (invocation.json) {
    std::cout << render_differences_json(target, *committed, found);
  } else if (found.empty()) {
    std::cout << fmt::format("The database has exactly what {} says at {}\n", committed->file.path,
                             committed->revision.short_commit());
  } else {
    std::cout << render_differences(*committed, found, invocation.verbose);
  }
  return found.empty() ? 0 : differs;
}

/// Without a repository there is nothing to claim a version: that is no failure here.
std::string claimed_version(const Invocation& invocation, const config::Target& target) {
  const auto committed = read_committed(invocation, target);
  return committed ? snapshot::version_line(committed->file.text) : "";
}

int write(const Invocation& invocation, const config::Target& target) {
  const bool named =
      !invocation.snapshot.directus_version.empty() || !target.directus.version.empty();
  auto live = export_target(invocation, target, named ? "" : claimed_version(invocation, target));
  if (!live) return report_failure(live.error());
  say(live->note);
  const std::string& path = invocation.snapshot.write;
  const bool json = invocation.json || path.ends_with(".json");
  const std::string text = json ? to_json(live->snapshot) : live->yaml();
  if (path.empty()) {
    std::cout << text << std::flush;
    return std::cout ? 0 : 1;
  }
  auto written = write_file(path, text);
  if (!written) return report_failure(written.error());
  std::cout << fmt::format("{}: {}, {} collections and {} fields as Directus {} writes them\n",
                           path, *written ? "written" : "unchanged",
                           live->snapshot.collections.size(), live->snapshot.fields.size(),
                           live->snapshot.directus);
  return 0;
}

}  // namespace

int snapshot(const Invocation& invocation) {
  int code = 0;
  for (const config::Target& target : invocation.targets) {
    code = most_urgent(
        code, invocation.snapshot.check ? check(invocation, target) : write(invocation, target));
  }
  return code;
}

}  // namespace reconcile::cli
