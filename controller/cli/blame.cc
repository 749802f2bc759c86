#include "controller/cli/blame.h"

#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/render.h"
#include "controller/cli/wiring.h"
#include "controller/git/git_source.h"
#include "reconcilers/catalog/place.h"

namespace reconcile::cli {
namespace {

/// As its file was then.
Result<ObjectRecord> with_commit(Source& source, ObjectRecord record) {
  const Difference& state = record.state;
  if (state.origin.commit.empty()) return record;
  auto revision = source.find(state.origin.commit);
  if (!revision) return revision.error();
  if (!*revision) return record;
  record.subject = (*revision)->subject();
  record.author = (*revision)->author;
  const std::string folder = state.origin.file.substr(0, state.origin.file.find('/'));
  auto tree = source.read(**revision, {folder});
  if (!tree) return tree.error();
  if (const File* file = tree->find(state.origin.file))
    record.line = catalog::line_of(state, file->text);
  return record;
}

Result<std::vector<ObjectRecord>> read_blame(const Invocation& invocation,
                                             const config::Target& target) {
  auto source = git::open_source(git_options(invocation));
  if (!source) return source.error();
  // The mirror knows what the repository had at the last pass; the newest commits may have been
  // made since.
  if (auto fetched = newest_of(**source, invocation, target); !fetched) return fetched.error();
  auto database = open_database(invocation, target);
  if (!database) return database.error();
  auto connection = database->connector->connect();
  if (!connection) return connection.error();
  auto records = (*connection)->inventory().find(invocation.object);
  if (!records) return records.error();
  return with_commits(**source, std::move(*records));
}

}  // namespace

Result<std::vector<ObjectRecord>> with_commits(Source& source, std::vector<ObjectRecord> records) {
  for (ObjectRecord& record : records) {
    auto known = with_commit(source, std::move(record));
    if (!known) return known.error();
    record = std::move(*known);
  }
  return records;
}

int blame(const Invocation& invocation) {
  int code = 0;
  for (const config::Target& target : invocation.targets) {
    const auto objects = read_blame(invocation, target);
    PassReport report;
    report.target = target.name;
    if (objects && !objects->empty()) {
      std::cout << (invocation.json ? render_blame_json(target.name, *objects)
                                    : render_blame(*objects, look_of(1)));
      continue;
    }
    report.outcome = Failed{
        Stage::Read,
        objects ? Error{.kind = ErrorKind::Terminal,
                        .where = target.name,
                        .what = "nothing is known of an object called " + invocation.object,
                        .why = "",
                        .next = "name it as `reconcile drift` does, or by its table and its own "
                                "name, as events.slug"}
                : objects.error()};
    std::cerr << render_messages(report, look_of(2));
    code = most_urgent(code, exit_code(report.outcome));
  }
  return code;
}

}  // namespace reconcile::cli
