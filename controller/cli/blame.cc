#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/render.h"
#include "controller/cli/wiring.h"
#include "controller/git/git_source.h"
#include "reconcilers/catalog/place.h"

namespace reconcile::cli {
namespace {

/// What the repository says of the file that made the object, as it was then.
Result<Blamed> looked_up(Source& source, ObjectRecord record) {
  Blamed result{std::move(record), 0, ""};
  const Difference& state = result.record.state;
  if (state.origin.commit.empty()) return result;
  auto revision = source.find(state.origin.commit);
  if (!revision) return revision.error();
  if (!*revision) return result;
  result.subject = (*revision)->subject();
  const std::string folder = state.origin.file.substr(0, state.origin.file.find('/'));
  auto tree = source.read(**revision, {folder});
  if (!tree) return tree.error();
  if (const File* file = tree->find(state.origin.file))
    result.line = catalog::line_of(state, file->text);
  return result;
}

Result<std::vector<Blamed>> read_blame(const Invocation& invocation, const config::Target& target) {
  auto source = git::open_source({.repository = invocation.repository, .state = invocation.state});
  if (!source) return source.error();
  // The mirror knows what the repository had at the last pass; the newest commits may have been
  // made since.
  if (auto fetched = (*source)->fetch(invocation.branch, ""); !fetched) return fetched.error();
  auto database = open_database(invocation, target);
  if (!database) return database.error();
  auto connection = database->connector->connect();
  if (!connection) return connection.error();
  auto records = (*connection)->inventory().find(invocation.object);
  if (!records) return records.error();
  std::vector<Blamed> result;
  for (ObjectRecord& record : *records) {
    auto blamed = looked_up(**source, std::move(record));
    if (!blamed) return blamed.error();
    result.push_back(std::move(*blamed));
  }
  return result;
}

}  // namespace

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
