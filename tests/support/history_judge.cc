#include <fmt/format.h>

#include <algorithm>

#include "tests/support/history_walk.h"

// What the laws say of a pass that a walk has made.

namespace reconcile::test {

Said Walk::say(const Words& command, const std::string& repository) {
  Words line = checkout_.line(database_.conninfo(), command);
  *std::next(std::ranges::find(line, "--repo")) = repository;
  line.insert(line.end(), {"--output", "json"});
  const Ran ran = run_program(line, {}, checkout_.state.path());
  Said said;
  said.exit_code = ran.exit_code;
  said.text = ran.out + ran.err;
  boost::system::error_code error;
  const auto parsed = boost::json::parse(ran.out, error);
  if (!error && parsed.is_object()) {
    const auto& report = parsed.as_object();
    if (const auto* outcome = report.if_contains("outcome")) said.outcome = outcome->as_string();
    if (const auto* reason = report.if_contains("reason")) said.reason = reason->as_string();
    if (const auto* steps = report.if_contains("steps")) said.steps = steps->as_array().size();
  }
  note(fmt::format("  {} → {} {} {}", fmt::join(command, " "), said.exit_code, said.outcome,
                   said.reason));
  return said;
}

bool Walk::may_go_live(const std::string& candidate, bool back) const {
  const std::string newest = rolled_back_from_.empty() ? base_ : rolled_back_from_;
  if (back) return descends(newest, candidate);
  if (!begun_.empty() && !descends(candidate, begun_)) return false;
  if (base_.empty() || candidate == base_) return true;
  return descends(candidate, newest) && (rolled_back_from_.empty() || candidate != newest);
}

bool Walk::is_allowed(const Names& removed, const std::string& candidate,
                      const World& before) const {
  if (approved_ && approved_->commit == candidate) {
    const auto schema = [](const World& world) {
      auto objects = world.objects;
      std::erase_if(objects, [](const auto& object) {
        return object.first.find("/note ") != std::string::npos;
      });
      return objects;
    };
    World then;
    then.objects = approved_->schema;
    bool counts = schema(then) == schema(before);
    for (const auto& [table, rows] : before.rows) {
      const auto known = approved_->rows.find(table);
      counts &= !removed.contains("collection " + table) ||
                (known != approved_->rows.end() && rows.size() <= known->second);
    }
    if (counts) return true;
  }
  if (removed.size() > 3) return false;
  Names said;
  for (const auto& [commit, objects] : allowed_) {
    if (descends(candidate, commit) && !descends(base_, commit))
      said.insert(objects.begin(), objects.end());
  }
  return std::ranges::includes(said, removed);
}

void Walk::judge_live(const std::string& candidate, const World& before, bool back) {
  const World after = look_at(eyes_);
  if (!may_go_live(candidate, back)) breaks("a revision went live that may not: " + candidate);
  if (after.base != candidate) breaks("the ledger has " + after.base + " instead of " + candidate);
  breaks(rows_lost(before, after));
  const Intent intent = intent_of(candidate);
  judge_changes(candidate, intent, before, after);
  std::erase_if(by_hand_, [&](const std::string& name) { return intent.covers(name); });
  breaks(not_as_committed(after, trees_.at(candidate), by_hand_));
  if (back) {
    const std::string newest = rolled_back_from_.empty() ? base_ : rolled_back_from_;
    rolled_back_from_ = candidate == newest ? "" : newest;
  } else if (candidate != base_) {
    rolled_back_from_.clear();
  }
  base_ = candidate;
  begun_.clear();
}

/// A part of it is live: nothing that git did not ask for, and nothing is lost.
void Walk::judge_begun(const std::string& candidate, const World& before, const World& after) {
  if (!may_go_live(candidate, false)) breaks("a part went live that may not: " + candidate);
  if (after.begun != candidate)
    breaks("the ledger says that " + after.begun + " has begun instead of " + candidate);
  breaks(rows_lost(before, after));
  judge_changes(candidate, intent_of(candidate), before, after);
  begun_ = candidate;
}

void Walk::judge_changes(const std::string& candidate, const Intent& intent, const World& before,
                         const World& after) {
  const Names removed = removals(before, after);
  for (const std::string& name : differences(before, after)) {
    const bool with_its_column =
        name.find("/index ") != std::string::npos &&
        std::ranges::any_of(removed, [&](const std::string& object) {
          return object.starts_with("field " + name.substr(0, name.find('/')) + ".");
        });
    if (!intent.covers(name) && !with_its_column) breaks(name + " changed, and git did not ask");
  }
  if (!removed.empty() && !is_allowed(removed, candidate, before))
    breaks(fmt::format("removed without a valid approval: {}", fmt::join(removed, ", ")));
}

/// What it asks of the database, whatever has begun to be live there.
Intent Walk::intent_of(const std::string& candidate) const {
  const Tree& tree = trees_.at(candidate);
  const Intent intent = intent_between(base_.empty() ? Tree{} : trees_.at(base_), tree);
  return begun_.empty() ? intent : both(intent, intent_between(trees_.at(begun_), tree));
}

/// A hold has to have a cause.
void Walk::judge_held(const Said& said, const std::string& candidate, const World& before,
                      bool back) {
  const World after = look_at(eyes_);
  if (said.outcome == "failed" && after.begun == candidate) {
    judge_begun(candidate, before, after);
  } else {
    breaks(untouched(before, after));
  }
  const bool blocked = said.reason == "StaleRevision" || said.reason == "DivergedRevision" ||
                       said.reason == "UnprovenRevision";
  if (blocked == may_go_live(candidate, back)) {
    breaks(fmt::format("held for {}, and it {} go live", said.reason, blocked ? "may" : "may not"));
    return;
  }
  if (blocked) return;
  const Tree& tree = trees_.at(candidate);
  const Intent intent = intent_of(candidate);
  const bool hand = std::ranges::any_of(by_hand_, [&](const std::string& name) {
    const std::string table = name.substr(0, name.find('/') + 1);
    return intent.covers(name) || intent.changed.contains(table) ||
           (name == table && std::ranges::any_of(intent.changed, [&](const std::string& changed) {
              return changed.starts_with(table);
            }));
  });
  bool broken = false;
  for (const auto& [file, made] : tree.files) {
    const bool fails = tree.broken.contains(file) || (!made.field.empty() && !tree.has(made.field));
    broken |= fails && !before.marks.contains(file);
  }
  if (said.outcome == "failed" && !broken && !hand) breaks("failed without a cause");
  if (said.outcome != "held") return;
  const bool lossy = said.reason == "DestructiveChange" || said.reason == "DeletionBudgetExceeded";
  if (lossy && intent.removed.empty()) breaks("held for a loss, and nothing is removed");
  // Back to a commit that never went live whole, below what has run since.
  const bool unrun = back && std::ranges::any_of(tree.files, [&](const auto& file) {
                       return !before.marks.contains(file.first);
                     });
  if (said.reason == "MigrationOutOfOrder" && unrun) return;
  if (!lossy && !(said.reason == "Conflict" && hand))
    breaks("held for " + said.reason + " without a cause");
}

void Walk::judge(const Said& said, const std::string& candidate, const World& before, bool back) {
  const std::map<std::string, int> codes{
      {"applied", 0}, {"in-sync", 0}, {"failed", 1}, {"pending", 2}, {"held", 3}};
  const auto code = codes.find(said.outcome);
  if (code == codes.end() || code->second != said.exit_code) {
    breaks(fmt::format("exit {} for \"{}\": {}", said.exit_code, said.outcome, said.text));
    return;
  }
  if (said.live()) {
    judge_live(candidate, before, back);
  } else {
    judge_held(said, candidate, before, back);
  }
}

}  // namespace reconcile::test
