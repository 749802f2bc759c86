#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>

#include "tests/support/history.h"
#include "tests/support/pass_fixture.h"

namespace reconcile::test {

struct Approved {
  std::string commit;
  std::map<std::string, std::string> schema;
  std::map<std::string, std::size_t> rows;
};

/// What the program said of a pass.
struct Said {
  int exit_code = 0;
  std::string outcome, reason, text;
  std::size_t steps = 0;

  bool live() const { return outcome == "applied" || outcome == "in-sync"; }
};

/// A random walk: commits, force pushes, changes by hand, approvals, kills, rollbacks, heals and
/// restores, each of them followed by a look at the whole database.
class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed), eyes_(database_.conninfo()) {}
  /// The first law that was broken, with the way there; empty when all of them held.
  std::string run(std::uint64_t steps);
  /// All that was done, a line each.
  std::string story() const;

 private:
  using Words = std::vector<std::string>;

  // chance
  std::size_t below(std::size_t end) { return end == 0 ? 0 : random_() % end; }
  bool maybe(unsigned percent) { return below(100) < percent; }
  template <typename Container>
  const auto& any(const Container& from) {
    return *std::next(from.begin(), static_cast<std::ptrdiff_t>(below(from.size())));
  }

  // git
  const Tree& head_tree() const { return trees_.at(head_); }
  bool descends(const std::string& commit, const std::string& ancestor) const;
  void commit(const Tree& tree, const std::string& what, const Names& allowed = {});
  void add_file(Tree& tree);
  void more_schema();
  void more_sql();
  void another_note();
  void another_index();
  void less_schema();
  void mend();
  void force();
  void unforce();

  // by hand
  void insert_rows();
  void unmanaged_table();
  void unmanaged_column();
  void note_by_hand();
  void drop_index();

  // the program
  Said say(const Words& command, const std::string& repository);
  void judge(const Said& said, const std::string& candidate, const World& before,
             bool back = false);
  void judge_live(const std::string& candidate, const World& before, bool back);
  void judge_held(const Said& said, const std::string& candidate, const World& before, bool back);
  void judge_begun(const std::string& candidate, const World& before, const World& after);
  void judge_changes(const std::string& candidate, const Intent& intent, const World& before,
                     const World& after);
  Intent intent_of(const std::string& candidate) const;
  bool may_go_live(const std::string& candidate, bool back) const;
  bool is_allowed(const Names& removed, const std::string& candidate, const World& before) const;
  void pass(const std::string& revision = "");
  void stale_pass();
  void second_clone();
  void killed_pass();
  void approve();
  void rollback();
  void heal();
  void restore();
  void look_for_drift();

  void note(const std::string& line) { story_.push_back(line); }
  void breaks(const std::string& line) { broken_.push_back(line); }
  void breaks(const std::vector<std::string>& lines) {
    broken_.insert(broken_.end(), lines.begin(), lines.end());
  }

  std::mt19937_64 random_;
  Checkout checkout_;
  GitRepo& repo_ = checkout_.repo;
  TestDatabase database_;
  Connection eyes_;
  std::map<std::string, Tree> trees_;
  std::map<std::string, Words> parents_;
  std::map<std::string, Names> allowed_;  ///< by the message of a commit
  std::string head_, lost_, base_, begun_, rolled_back_from_;
  std::unique_ptr<TempFolder> clone_;
  std::string clone_head_;
  std::optional<Approved> approved_;
  Names by_hand_;
  Names written_;  ///< values that people have written; none of them may ever be gone
  int number_ = 0;
  Words story_, broken_;
};

}  // namespace reconcile::test
