#include "tests/support/history_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

// What a walk lets the program do.

namespace reconcile::test {

void Walk::pass(const std::string& revision) {
  Words command{"--once"};
  if (!revision.empty()) command.insert(command.end(), {"--revision", revision});
  const std::string candidate = revision.empty() ? head_ : revision;
  const World before = look_at(eyes_);
  const Said said = say(command, repo_.path());
  judge(said, candidate, before);
  if (!broken_.empty() || !said.live()) return;
  const World now = look_at(eyes_);
  const Said again = say(command, repo_.path());
  if (again.outcome != "in-sync" || again.steps != 0) breaks("the second pass is not empty");
  breaks(untouched(now, look_at(eyes_)));
}

void Walk::stale_pass() {
  Words known;
  for (const auto& [commit, parents] : parents_) {
    if (descends(head_, commit) || (!lost_.empty() && descends(lost_, commit)))
      known.push_back(commit);
  }
  pass(any(known));
}

/// Another clone, as old as it is.
void Walk::second_clone() {
  if (!clone_) {
    clone_ = std::make_unique<TempFolder>();
    clone_head_ = head_;
    run_git("/", {"clone", "--quiet", "--bare", repo_.path(), clone_->path() / "clone"});
    note("a second clone");
    return;
  }
  const World before = look_at(eyes_);
  judge(say({"--once"}, clone_->path() / "clone"), clone_head_, before);
}

void Walk::killed_pass() {
  const World before = look_at(eyes_);
  Program program(checkout_.line(database_.conninfo(), {"--once"}));
  const auto after = std::chrono::milliseconds(below(500));
  try {
    static_cast<void>(program.wait(after));  // killed when it takes longer
  } catch (const std::exception&) {
  }
  Program clock({"/bin/sleep", "60"});
  clock.wait_until(
      [&] {
        return eyes_.value(
                   "select count(*) from pg_stat_activity where datname = "
                   "current_database() and application_name = 'reconcile'") == "0";
      },
      "the end of the killed pass in the server");
  const World now = look_at(eyes_);
  note(fmt::format("  killed after {} ms → {}", after.count(),
                   now.base != before.base ? "live"
                   : now.begun.empty()     ? "nothing"
                                           : "begun"));
  if (now.base == before.base && !now.begun.empty()) {
    judge_begun(now.begun == before.begun ? now.begun : head_, before, now);
  } else if (now.base == before.base) {
    breaks(untouched(before, now));
  } else {
    judge_live(head_, before, false);
  }
}

void Walk::approve() {
  const World before = look_at(eyes_);
  const Said said = say({"approve"}, repo_.path());
  breaks(untouched(before, look_at(eyes_)));
  if (said.exit_code != 0) return;
  approved_ = Approved{.commit = head_, .schema = before.objects, .rows = {}};
  for (const auto& [table, rows] : before.rows) approved_->rows[table] = rows.size();
}

void Walk::rollback() {
  if (base_.empty()) return;
  Words known;
  for (const auto& [commit, parents] : parents_) {
    if (descends(base_, commit)) known.push_back(commit);
  }
  const std::string to = any(known);
  const World before = look_at(eyes_);
  judge(say({"rollback", "--to", to, "--yes"}, repo_.path()), to, before, true);
}

void Walk::heal() {
  const World before = look_at(eyes_);
  const Said said = say({"heal"}, repo_.path());
  const World after = look_at(eyes_);
  breaks(rows_lost(before, after));
  if (after.base != before.base) breaks("heal moved the ledger");
  for (const std::string& name : differences(before, after)) {
    if (!by_hand_.contains(name)) breaks(name + " was healed, and nobody had changed it");
  }
  if (said.exit_code != 0) return;
  std::erase_if(by_hand_, [](const std::string& name) {
    return name.find("/note ") != std::string::npos || name.find("/index ") != std::string::npos;
  });
  if (!base_.empty()) breaks(not_as_committed(after, trees_.at(base_), by_hand_));
}

void Walk::restore() {
  const World before = look_at(eyes_);
  Words open;
  for (const auto& [number, stored] : before.quarantine) {
    if (stored.open) open.push_back(number);
  }
  if (open.empty()) return;
  const std::string number = any(open);
  const Said said = say({"restore", number}, repo_.path());
  const World after = look_at(eyes_);
  if (said.exit_code != 0) {
    breaks(untouched(before, after));
    return;
  }
  breaks(rows_lost(before, after, number));
  const std::string object = before.quarantine.at(number).object;
  const std::string name = object.substr(object.find(' ') + 1);
  if (object.starts_with("collection ")) {
    by_hand_.insert(name + "/");
    for (const auto& [id, row] : before.quarantine.at(number).rows) {
      if (!after.rows.contains(name) || !after.rows.at(name).contains(id))
        breaks("row " + id + " of " + name + " did not come back");
    }
  } else {
    const std::string table = name.substr(0, name.find('.'));
    by_hand_.insert(table + "/column " + name.substr(table.size() + 1));
    by_hand_.insert(table + "/note " + name.substr(table.size() + 1));
  }
}

void Walk::look_for_drift() {
  if (base_.empty()) return;
  const World before = look_at(eyes_);
  const Said said = say({"drift"}, repo_.path());
  if (!begun_.empty()) {  // there is nothing whole to compare with
    breaks(untouched(before, look_at(eyes_)));
    return;
  }
  if (said.exit_code != (by_hand_.empty() ? 0 : 2))
    breaks(
        fmt::format("drift exits with {}, by hand: {}", said.exit_code, fmt::join(by_hand_, ", ")));
  for (const std::string& name : by_hand_) {
    const std::size_t slash = name.find('/');
    const std::string inner = name.substr(slash + 1);
    const std::string word =
        inner.empty() ? name.substr(0, slash) : inner.substr(inner.find(' ') + 1);
    if (said.text.find(word) == std::string::npos) breaks("drift does not name " + name);
  }
  breaks(untouched(before, look_at(eyes_)));
}

std::string Walk::run(std::uint64_t steps) {
  repo_.write("migrations/pre/000_marks.sql",
              "create table marks (file text); insert into marks values "
              "('migrations/pre/000_marks.sql');");
  Tree first;
  first.collections["c_0"] = {{"name", "a"}, {"size", "b"}};
  first.collections["c_1"] = {{"name", "c"}};
  first.files["migrations/pre/000_marks.sql"] = {"marks/", ""};
  commit(first, "first");
  pass();
  for (int rows = 0; rows < 4; ++rows) insert_rows();
  const std::vector<std::pair<unsigned, void (Walk::*)()>> actions{{10, &Walk::more_schema},
                                                                   {8, &Walk::more_sql},
                                                                   {6, &Walk::another_note},
                                                                   {8, &Walk::another_index},
                                                                   {12, &Walk::less_schema},
                                                                   {8, &Walk::mend},
                                                                   {3, &Walk::force},
                                                                   {4, &Walk::unforce},
                                                                   {16, &Walk::insert_rows},
                                                                   {3, &Walk::unmanaged_table},
                                                                   {3, &Walk::unmanaged_column},
                                                                   {4, &Walk::note_by_hand},
                                                                   {3, &Walk::drop_index},
                                                                   {4, &Walk::stale_pass},
                                                                   {3, &Walk::second_clone},
                                                                   {6, &Walk::killed_pass},
                                                                   {4, &Walk::approve},
                                                                   {4, &Walk::rollback},
                                                                   {4, &Walk::heal},
                                                                   {7, &Walk::restore},
                                                                   {4, &Walk::look_for_drift}};
  unsigned all = 0;
  for (const auto& [weight, action] : actions) all += weight;
  for (std::uint64_t step = 0; step < steps && broken_.empty(); ++step) {
    std::size_t chosen = below(all);
    for (const auto& [weight, action] : actions) {
      if (chosen < weight) {
        (this->*action)();
        break;
      }
      chosen -= weight;
    }
    if (broken_.empty() && maybe(50)) pass();
  }
  if (broken_.empty()) look_for_drift();
  return broken_.empty() ? "" : fmt::format("{}\n\n{}", story(), fmt::join(broken_, "\n"));
}

std::string Walk::story() const { return fmt::format("{}", fmt::join(story_, "\n")); }

}  // namespace reconcile::test
