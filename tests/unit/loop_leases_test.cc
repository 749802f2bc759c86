#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/loop/leases.h"

namespace reconcile::loop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> tenants(int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back("t" + std::to_string(i));
  return names;
}

TEST(Leases, OneReplicaLeadsAll) {
  const Moves moves = balance(tenants(3), {.replicas = 1, .others = {}, .mine = {}});
  EXPECT_THAT(moves.take, ElementsAre("t0", "t1", "t2"));
  EXPECT_THAT(moves.give_up, IsEmpty());
}

TEST(Leases, ALoneTargetStaysWithWhoHasIt) {
  EXPECT_THAT(balance(tenants(1), {.replicas = 3, .others = {{"t0", "b"}}, .mine = {}}).take,
              IsEmpty());
  EXPECT_THAT(balance(tenants(1), {.replicas = 3, .others = {}, .mine = {{"t0", {}}}}).give_up,
              IsEmpty());
}

TEST(Leases, GivesUpWhatIsNoTargetAnyMore) {
  const Moves moves =
      balance(tenants(1), {.replicas = 1, .others = {}, .mine = {{"gone", {}}, {"t0", {}}}});
  EXPECT_THAT(moves.give_up, ElementsAre("gone"));
  EXPECT_THAT(moves.take, IsEmpty());
}

/// Replicas that come and go, each of which looks and moves in turn.
class Replicas {
 public:
  explicit Replicas(std::vector<std::string> targets) : targets_(std::move(targets)) {}

  void join(const std::string& name) { all_.push_back(name); }
  void die(const std::string& name) {
    std::erase(all_, name);
    std::erase_if(led_, [&](const auto& led) { return led.second == name; });
  }
  /// How many leases changed hands.
  int turn() {
    int moved = 0;
    for (const std::string& name : all_) {
      Leaders leaders{.replicas = all_.size(), .others = {}, .mine = {}};
      for (const auto& [target, replica] : led_) {
        if (replica == name) {
          leaders.mine.emplace(target, Fence{});
        } else {
          leaders.others.emplace(target, replica);
        }
      }
      const Moves moves = balance(targets_, leaders);
      for (const std::string& target : moves.give_up) led_.erase(target);
      for (const std::string& target : moves.take) EXPECT_TRUE(led_.emplace(target, name).second);
      moved += static_cast<int>(moves.give_up.size() + moves.take.size());
    }
    return moved;
  }
  std::size_t of(const std::string& name) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(led_, [&](const auto& led) { return led.second == name; }));
  }
  std::size_t led() const { return led_.size(); }

 private:
  std::vector<std::string> targets_;
  std::vector<std::string> all_;
  std::map<std::string, std::string> led_;
};

TEST(Leases, SpreadEvenlyAndComeToRest) {
  Replicas replicas(tenants(1000));
  replicas.join("a");
  replicas.turn();
  EXPECT_EQ(replicas.of("a"), 1000U);
  replicas.join("b");
  replicas.join("c");
  replicas.turn();
  replicas.turn();
  EXPECT_EQ(replicas.led(), 1000U);
  EXPECT_EQ(replicas.of("a"), 334U);
  EXPECT_GE(replicas.of("b"), 332U);
  EXPECT_GE(replicas.of("c"), 332U);
  EXPECT_EQ(replicas.turn(), 0) << "what is spread stays as it is";
}

TEST(Leases, OfADeadReplicaAreTakenByTheOthersAtOnce) {
  Replicas replicas(tenants(100));
  for (const char* name : {"a", "b", "c"}) replicas.join(name);
  replicas.turn();
  replicas.turn();
  replicas.die("a");
  EXPECT_LT(replicas.led(), 100U);
  replicas.turn();
  EXPECT_EQ(replicas.led(), 100U);
  EXPECT_EQ(replicas.of("b"), 50U);
}

}  // namespace
}  // namespace reconcile::loop
