#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/json.hpp>
#include <ctime>
#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/render.h"
#include "controller/cli/wiring.h"
#include "controller/git/git_source.h"
#include "controller/git/proposal.h"
#include "reconcilers/migrations/line_diff.h"
#include "reconcilers/pass/adoption.h"
#include "reconcilers/pass/desired_state.h"

namespace reconcile::cli {
namespace {

constexpr int pending = 2;

/// The commit to build on, and what it changes.
struct Draft {
  Revision parent;
  FileTree parent_files;
  AdoptionProposal proposal;
  std::vector<std::string> notes;
};

Result<std::vector<Drift>> chosen(const Invocation& invocation, const std::vector<Drift>& drift) {
  if (invocation.adopt.objects.empty()) return drift;
  std::vector<Drift> result;
  for (const std::string& wish : invocation.adopt.objects) {
    auto found = drift_called(drift, wish);
    if (found.empty()) {
      std::string names;
      for (const Drift& entry : drift) names += (names.empty() ? "" : ", ") + entry.object.text();
      return Error{
          .kind = ErrorKind::Usage,
          .where = wish,
          .what = "it has not drifted",
          .why = drift.empty() ? "nothing has" : "what has: " + names,
          .next = "name it as `reconcile drift` does, or name none to adopt all that has drifted"};
    }
    for (Drift& entry : found) {
      const bool known = std::ranges::find(result, entry.object, &Drift::object) != result.end();
      if (!known) result.push_back(std::move(entry));
    }
  }
  return result;
}

Result<LiveState> read_live(const Invocation& invocation, const config::Target& target) {
  auto database = open_database(invocation, target);
  if (!database) return database.error();
  auto connection = database->connector->connect();
  if (!connection) return connection.error();
  return (*connection)->reader().read_schema();
}

/// The newest commit of the branch where it builds on what the database has: the change is to be
/// merged there.
Result<Revision> commit_to_build_on(Source& source, const Invocation& invocation,
                                    const config::Target& target, const Revision& applied,
                                    std::vector<std::string>& notes) {
  auto newest = newest_of(source, invocation, target);
  if (!newest) return newest.error();
  auto ancestry = source.ancestry(applied.commit, *newest);
  if (!ancestry) return ancestry.error();
  if (*ancestry == Ancestry::Same) return applied;
  if (*ancestry == Ancestry::Descendant) {
    notes.push_back(fmt::format("the database has {}, the branch has {} by now: built on that one",
                                applied.short_commit(), newest->short_commit()));
    return *newest;
  }
  notes.push_back(
      fmt::format("{} does not build on {}, which the database has: built on the latter",
                  newest->short_commit(), applied.short_commit()));
  return applied;
}

Result<Draft> draft(const Invocation& invocation, const config::Target& target,
                    const PassReport& report, const std::vector<Drift>& wanted) {
  Draft result;
  auto source = git::open_source(git_options(invocation));
  if (!source) return source.error();
  auto parent = commit_to_build_on(**source, invocation, target, report.revision, result.notes);
  if (!parent) return parent.error();
  result.parent = std::move(*parent);
  auto base = (*source)->read(report.revision, desired_folders());
  if (!base) return base.error();
  auto files = (*source)->read(result.parent, desired_folders());
  if (!files) return files.error();
  result.parent_files = std::move(*files);
  auto live = read_live(invocation, target);
  if (!live) return live.error();
  auto proposal = propose_adoption({target.name, report.revision, wanted, report.differences, *base,
                                    result.parent_files, *live});
  if (!proposal) return proposal.error();
  result.proposal = std::move(*proposal);
  for (const LeftOut& entry : result.proposal.left_out)
    result.notes.push_back(fmt::format("{} is left out: {}", entry.object.text(), entry.why));
  return result;
}

/// After the first object where some were named, after the day where all are meant.
std::string branch_of(const Invocation& invocation, const Draft& draft) {
  if (!invocation.adopt.branch.empty()) return invocation.adopt.branch;
  std::string slug;
  if (!invocation.adopt.objects.empty()) slug = slug_of(draft.proposal.adopted.front().object.name);
  if (slug.empty()) slug = fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
  return "reconcile/adopt-" + slug;
}

std::string message_of(const Invocation& invocation, const Draft& draft) {
  if (invocation.adopt.message.empty()) return draft.proposal.message;
  return invocation.adopt.message + "\n\n" + draft.proposal.message;
}

std::string render_files(const Draft& draft, const Look& look) {
  constexpr std::size_t most_lines = 2000;
  std::string text;
  for (const File& file : draft.proposal.files) {
    const File* before = draft.parent_files.find(file.path);
    text += fmt::format("\n{}{}\n", paint(one_line(file.path), Paint::Bold, look),
                        before == nullptr ? "  (new)" : "");
    text += before == nullptr
                ? printable(file.text)
                : printable(migrations::line_diff(before->text, file.text, most_lines));
    if (!text.ends_with('\n')) text += '\n';
  }
  return text;
}

std::string render(const PassReport& report, const Draft& draft, const std::string& branch,
                   const std::string& commit) {
  const Look look = look_of(1);
  const auto& adopted = draft.proposal.adopted;
  std::string text = fmt::format("{}: {} change{} made by hand {}\n", one_line(report.target),
                                 adopted.size(), adopted.size() == 1 ? "" : "s",
                                 commit.empty() ? "would be written into git" : "written into git");
  for (const Drift& drift : adopted)
    text +=
        fmt::format("  {} {}\n", columns(name_of(drift.kind), 9), one_line(drift.object.text()));
  if (commit.empty()) return text + render_files(draft, look);
  text += fmt::format("  branch    {}\n  commit    {}, on {}\n", one_line(branch),
                      commit.substr(0, 10), draft.parent.short_commit());
  for (const File& file : draft.proposal.files) {
    text += fmt::format("  file      {}{}\n", one_line(file.path),
                        draft.parent_files.find(file.path) == nullptr ? " (new)" : "");
  }
  return text + fmt::format(
                    "Next: review it (git show {}) and merge the branch; a pass then runs nothing "
                    "of it here, and makes the same elsewhere\n",
                    commit.substr(0, 10));
}

std::string render_json(const PassReport& report, const Draft& draft, const std::string& branch,
                        const std::string& commit) {
  boost::json::array objects;
  for (const Drift& drift : draft.proposal.adopted)
    objects.push_back({{"kind", name_of(drift.kind)}, {"object", drift.object.text()}});
  boost::json::array left_out;
  for (const LeftOut& entry : draft.proposal.left_out)
    left_out.push_back({{"object", entry.object.text()}, {"why", entry.why}});
  boost::json::array files;
  for (const File& file : draft.proposal.files)
    files.push_back({{"path", file.path}, {"text", file.text}});
  boost::json::array notes;
  for (const std::string& note : draft.notes) notes.push_back(boost::json::string(note));
  const auto text = [&](const std::string& value) {
    return commit.empty() ? boost::json::value(nullptr) : boost::json::value(value);
  };
  return boost::json::serialize(boost::json::object{{"target", report.target},
                                                    {"base", report.revision.commit},
                                                    {"parent", draft.parent.commit},
                                                    {"branch", text(branch)},
                                                    {"commit", text(commit)},
                                                    {"adopted", std::move(objects)},
                                                    {"left_out", std::move(left_out)},
                                                    {"files", std::move(files)},
                                                    {"notes", std::move(notes)}}) +
         "\n";
}

int write(const Invocation& invocation, const config::Target& target, const PassReport& report,
          const Draft& draft) {
  std::string branch;
  std::string commit;
  const bool empty = draft.proposal.files.empty();
  if (mode_of(target) == Mode::Auto && !empty) {
    branch = branch_of(invocation, draft);
    auto written = git::propose(
        invocation.repository,
        {branch, draft.parent.commit, message_of(invocation, draft), draft.proposal.files});
    if (!written) return report_failure(written.error());
    commit = std::move(*written);
  }
  if (invocation.json) {
    std::cout << render_json(report, draft, branch, commit);
  } else if (!empty) {
    std::cout << render(report, draft, branch, commit);
  }
  std::cout.flush();
  for (const std::string& note : draft.notes)
    std::cerr << fmt::format("note: {}\n", printable(note));
  if (empty) {
    return report_failure({.where = target.name,
                           .what = "nothing of it can be written into git",
                           .why = "",
                           .next =
                               "commit by hand what the database has, or bring back what git made: "
                               "reconcile heal"});
  }
  return commit.empty() ? pending : 0;
}

}  // namespace

int adopt(const Invocation& invocation) {
  const config::Target& target = invocation.targets.front();
  if (mode_of(target) == Mode::Skip) {
    std::cout << fmt::format("{}: its mode is skip, so it is left alone\n", one_line(target.name));
    return 0;
  }
  const PassReport report = pass_over(invocation, target, Mode::DryRun);
  if (std::holds_alternative<Failed>(report.outcome) ||
      (std::holds_alternative<Held>(report.outcome) && report.plan.drift.empty())) {
    std::cerr << render_messages(report, look_of(2));
    return exit_code(report.outcome);
  }
  if (report.plan.drift.empty() && invocation.adopt.objects.empty()) {
    std::cout << fmt::format("{}: nothing has drifted, so there is nothing to adopt\n",
                             one_line(target.name));
    return 0;
  }
  auto wanted = chosen(invocation, report.plan.drift);
  if (!wanted) return report_failure(wanted.error());
  auto drafted = draft(invocation, target, report, *wanted);
  if (!drafted) return report_failure(drafted.error());
  return write(invocation, target, report, *drafted);
}

}  // namespace reconcile::cli
