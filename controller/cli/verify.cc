#include "controller/cli/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/deferred_signals.h"
#include "controller/cli/wiring.h"
#include "controller/git/git_source.h"
#include "controller/postgres/catalog_listing.h"

namespace reconcile::cli {
namespace {

using std::chrono::steady_clock;

/// The verification of one target, in databases whose names begin with `prefix`.
class Verifier {
 public:
  Verifier(const Invocation& invocation, const config::Target& target,
           postgres::ThrowawayDatabases& databases, std::string prefix)
      : invocation_(invocation),
        target_(target),
        databases_(databases),
        prefix_(std::move(prefix)) {}

  /// Errors are about what it takes to verify; what is wrong with the revision are findings.
  Result<Verification> run();

 private:
  Result<void> choose_revisions();
  Result<std::optional<std::string>> base_name();
  Result<std::optional<std::string>> base_of_database();
  Result<std::optional<std::string>> first_parent();
  Result<void> prepare_directus();
  Result<bool> has_snapshot(const Revision& revision);
  Result<std::string> go_from_nothing();
  Result<std::string> go_from_base();
  bool arrives(const std::string& conninfo, const std::string& way);
  Result<void> compare(const std::string& from_nothing, const std::string& from_base);
  PassReport pass(const std::string& conninfo, const Revision& revision, Mode mode);
  SnapshotFile desired_snapshot();
  void note(std::string text);
  std::string base_way() const { return "from " + found_.base->short_commit(); }

  const Invocation& invocation_;
  const config::Target& target_;
  postgres::ThrowawayDatabases& databases_;
  std::string prefix_;
  std::unique_ptr<Source> source_;
  std::string template_;  ///< empty where Directus is not needed
  Verification found_;
};

Result<Verification> Verifier::run() {
  const auto started = steady_clock::now();
  found_.target = target_.name;
  auto source = git::open_source(git_options(invocation_));
  if (!source) return source.error();
  source_ = std::move(*source);
  if (auto chosen = choose_revisions(); !chosen) return chosen.error();
  if (auto prepared = prepare_directus(); !prepared) return prepared.error();
  auto from_nothing = go_from_nothing();
  if (!from_nothing) return from_nothing.error();
  auto from_base = go_from_base();
  if (!from_base) return from_base.error();
  if (!from_nothing->empty() && !from_base->empty()) {
    if (auto compared = compare(*from_nothing, *from_base); !compared) return compared.error();
  }
  found_.duration =
      std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - started);
  return std::move(found_);
}

/// Commits, so that a branch that moves meanwhile does not matter.
Result<void> Verifier::choose_revisions() {
  auto candidate = newest_of(*source_, invocation_, target_);
  if (!candidate) return candidate.error();
  found_.revision = std::move(*candidate);
  auto name = base_name();
  if (!name) return name.error();
  if (!*name) return {};
  auto base = source_->fetch("", **name);
  if (!base) return base.error();
  if (base->commit == found_.revision.commit) {
    note("its base is the revision itself, so there is only the way from nothing");
  } else {
    found_.base = std::move(*base);
  }
  return {};
}

Result<std::optional<std::string>> Verifier::base_name() {
  if (!invocation_.verify.from.empty()) return std::optional<std::string>(invocation_.verify.from);
  return may_look_at(invocation_, target_) ? base_of_database() : first_parent();
}

Result<std::optional<std::string>> Verifier::base_of_database() {
  auto database = open_database(invocation_, target_);
  if (!database) return database.error();
  auto connection = database->connector->connect();
  if (!connection) return connection.error();
  auto ledger = (*connection)->ledger().read();
  if (!ledger) return ledger.error();
  if (ledger->base) return ledger->base;
  note("no revision was ever applied to that database, so the base is the first parent");
  return first_parent();
}

Result<std::optional<std::string>> Verifier::first_parent() {
  auto roots = source_->roots(found_.revision);
  if (!roots) return roots.error();
  if (std::ranges::count(*roots, found_.revision.commit) > 0) {
    note("it is the first commit: there is no base");
    return std::optional<std::string>();
  }
  const std::string parent = found_.revision.commit + "^";
  if (source_->fetch("", parent)) return std::optional<std::string>(parent);
  return Error{.where = found_.revision.short_commit(),
               .what = "its parent, the base, is not in this clone",
               .why = "history is cut off",
               .next =
                   "use a complete clone (actions/checkout: fetch-depth: 0), or name a base "
                   "with --from"};
}

Result<bool> Verifier::has_snapshot(const Revision& revision) {
  auto tree = source_->list(revision, desired_folders());
  if (!tree) return tree.error();
  auto file = find_snapshot(*tree);
  if (!file) return file.error();
  return *file != nullptr;
}

Result<void> Verifier::prepare_directus() {
  auto needed = has_snapshot(found_.revision);
  if (!needed) return needed.error();
  if (!*needed && found_.base) needed = has_snapshot(*found_.base);
  if (!needed) return needed.error();
  if (!*needed) return {};
  template_ = prefix_ + "directus";
  return make_directus_template(databases_, template_, invocation_, target_, *source_,
                                found_.revision);
}

/// The answer is the database that it was applied to; empty where it could not be.
Result<std::string> Verifier::go_from_nothing() {
  auto conninfo = databases_.make(prefix_ + "nothing", template_);
  if (!conninfo) return conninfo;
  if (!arrives(*conninfo, "from nothing")) return std::string();
  return conninfo;
}

Result<std::string> Verifier::go_from_base() {
  if (!found_.base) return std::string();
  auto conninfo = databases_.make(prefix_ + "base", template_);
  if (!conninfo) return conninfo;
  const PassReport base = pass(*conninfo, *found_.base, Mode::Auto);
  const auto problems = findings_of(base, base_way(), {});
  if (!problems.empty()) {
    // A revision that mends this must not fail for it.
    note(
        fmt::format("{} cannot be applied to a new database itself ({}{}), so there was only the "
                    "way from nothing; --from names an older base",
                    found_.base->short_commit(),
                    problems.front().where.empty() ? "" : problems.front().where + ": ",
                    problems.front().what));
    found_.base.reset();
    return std::string();
  }
  if (!arrives(*conninfo, base_way())) return std::string();
  return conninfo;
}

/// Applies the revision, and looks whether a second pass has anything left to do.
bool Verifier::arrives(const std::string& conninfo, const std::string& way) {
  const PassReport first = pass(conninfo, found_.revision, Mode::Auto);
  for (const auto* notes : {&first.notes, &first.plan.notes})
    std::ranges::for_each(*notes, [this](const std::string& text) { note(text); });
  std::ranges::move(losses_of(first), std::back_inserter(found_.losses));
  auto problems = findings_of(first, way, {});
  const bool applied = problems.empty();
  if (!applied) problems = findings_of(first, way, desired_snapshot());
  if (applied)
    problems = findings_of_second_pass(pass(conninfo, found_.revision, Mode::DryRun), way);
  std::ranges::move(problems, std::back_inserter(found_.findings));
  return applied;
}

Result<void> Verifier::compare(const std::string& from_nothing, const std::string& from_base) {
  const auto left = postgres::catalog_listing(from_nothing);
  if (!left) return left.error();
  const auto right = postgres::catalog_listing(from_base);
  if (!right) return right.error();
  std::ranges::move(differences(*left, *right, base_way()), std::back_inserter(found_.findings));
  return {};
}

/// As a real target would have it, but for the servers beside it.
PassReport Verifier::pass(const std::string& conninfo, const Revision& revision, Mode mode) {
  Invocation pinned = invocation_;
  pinned.revision = revision.commit;
  config::Target target = target_;
  target.database = conninfo;
  target.directus.instances.clear();
  target.directus.bootstrap.clear();
  return pass_over(pinned, target, mode);
}

/// For explanations; where it cannot be read, the pass has said so.
SnapshotFile Verifier::desired_snapshot() {
  auto tree = source_->read(found_.revision, {"snapshots"});
  if (!tree) return {};
  auto file = load_snapshot(*tree, {});
  return file ? std::move(*file) : SnapshotFile();
}

void Verifier::note(std::string text) {
  if (std::ranges::count(found_.notes, text) == 0) found_.notes.push_back(std::move(text));
}

int verify_targets(const Invocation& invocation, postgres::ThrowawayDatabases& databases,
                   const DeferredSignals& signals) {
  int code = 0;
  for (std::size_t i = 0; i < invocation.targets.size(); ++i) {
    auto found =
        Verifier(invocation, invocation.targets[i], databases, fmt::format("{}_", i)).run();
    if (signals.arrived()) return 1;  // and by what has arrived, once all is cleaned up
    if (!found) {
      if (invocation.json)
        std::cout << render_verification_json(invocation.targets[i].name, found.error());
      code = most_urgent(code, report_failure(found.error()));
      continue;
    }
    std::cout << (invocation.json ? render_verification_json(*found)
                                  : render_verification(*found, look_of(1)))
              << std::flush;
    std::cerr << render_verification_notes(*found, look_of(2));
    code = most_urgent(code, found->findings.empty() ? 0 : 1);
  }
  return code;
}

}  // namespace

int verify(const Invocation& invocation) {
  const config::Target& first = invocation.targets.front();
  if (!invocation.verify.write_tables.empty()) {
    auto written = write_directus_tables(invocation, first);
    if (!written) return report_failure(written.error());
    std::cout << *written;
    return 0;
  }
  const DeferredSignals signals;
  auto databases = invocation.verify.on_server
                       ? postgres::ThrowawayDatabases::beside(first.database)
                       : postgres::ThrowawayDatabases::on_own_server();
  if (!databases) return report_failure(databases.error());
  const SignalWatch watch(signals, [&databases] { databases->end_all_work(); });
  return verify_targets(invocation, *databases, signals);
}

}  // namespace reconcile::cli
