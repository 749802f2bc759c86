#include "controller/loop/loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace reconcile::loop {
namespace {

using namespace std::chrono_literals;

/// What the passes and the sessions of a test have in common. Any thread.
struct World {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, int> passes;  ///< by target
  int looks = 0;                      ///< at the home "shared"
  std::vector<Notice> said;           ///< and not heard yet
  int socket = -1;                    ///< of its session, the server's end
  std::chrono::milliseconds pass_takes{0};
  bool discovers = false;   ///< a look-up has begun, and waits
  bool discovered = false;  ///< it may end

  int passes_over(const std::string& target) {
    const std::scoped_lock lock(mutex);
    return passes[target];
  }
  int looks_taken() {
    const std::scoped_lock lock(mutex);
    return looks;
  }
  void say(const std::string& text) {
    const std::scoped_lock lock(mutex);
    said.push_back({"reconcile", text});
    static_cast<void>(::write(socket, "n", 1));
  }
};

/// Leads everything. The answers to its questions come through its socket, as a server's do.
class FakeSession : public Leadership {
 public:
  FakeSession(World& world, bool shared) : world_(world), shared_(shared) {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()) != 0)
      throw std::runtime_error("no sockets");
    if (shared_) world_.socket = ends_[1];
  }
  ~FakeSession() override {
    for (const int end : ends_) ::close(end);
  }
  Result<Leaders> look(std::span<const std::string> targets) override {
    static_cast<void>(::write(ends_[1], "answer", 6));
    std::this_thread::sleep_for(20ms);
    drain();
    const std::scoped_lock lock(world_.mutex);
    if (shared_) ++world_.looks;
    Leaders leaders;
    leaders.replicas = 1;
    for (const std::string& target : targets) leaders.mine.emplace(target, Fence{});
    return leaders;
  }
  Result<std::vector<std::string>> take(std::span<const std::string>) override {
    return std::vector<std::string>();
  }
  Result<void> give_up(std::span<const std::string>) override { return {}; }
  Result<std::vector<Notice>> notices() override {
    const std::scoped_lock lock(world_.mutex);
    drain();
    return shared_ ? std::exchange(world_.said, {}) : std::vector<Notice>();
  }
  int socket() const override { return ends_[0]; }

 private:
  void drain() const {
    std::array<char, 256> bytes{};
    while (::read(ends_[0], bytes.data(), bytes.size()) > 0) {
    }
  }

  World& world_;
  bool shared_;
  std::array<int, 2> ends_{};
};

class FakeWork : public Work {
 public:
  explicit FakeWork(World& world) : world_(world) {}

  PassReport make_pass(const std::string& target, const PassOrder&) override {
    std::unique_lock lock(world_.mutex);
    world_.changed.wait_for(lock, world_.pass_takes, [] { return false; });
    ++world_.passes[target];
    PassReport report;
    report.target = target;
    report.revision.commit = "newest";
    report.outcome = InSync{};
    return report;
  }
  Result<std::string> poll(const std::string&) override { return std::string("newest"); }
  Result<std::unique_ptr<Leadership>> open_home(const std::string& home) override {
    return std::unique_ptr<Leadership>(std::make_unique<FakeSession>(world_, home == "shared"));
  }
  Result<std::vector<LoopTarget>> discover(const std::string& fleet) override {
    std::unique_lock lock(world_.mutex);
    world_.discovers = true;
    world_.changed.wait(lock, [&] { return world_.discovered; });
    return std::vector{
        LoopTarget{.name = "tenant_1", .fleet = fleet, .repository = "", .home = "shared"}};
  }

 private:
  World& world_;
};

class Nobody : public Audience {
 public:
  void passed(const TargetStatus&, const TargetStatus&, const PassReport&) override {}
  void undiscovered(const std::string&, const Error&) override {}
  void changed(const TargetStatus& status) override { next_looks.push_back(status.next_look); }
  void polled(const std::string&, const Result<std::string>&, std::chrono::milliseconds) override {}
  void answered(const std::string&, const std::string&, const std::optional<Standing>&,
                WallTime) override {}
  void led(const std::string&, const std::optional<Fence>&, const std::string&) override {}
  void removed(const std::string&) override {}
  void heard(const std::string&, const Notice&) override {}

  std::vector<WallTime> next_looks;  ///< as they were told
};

/// Nothing is due by itself after the start.
class LoopTest : public testing::Test {
 protected:
  static LoopTarget target(const std::string& name, const std::string& home) {
    return {.name = name, .repository = "", .home = home, .rhythm = hourly};
  }
  std::shared_ptr<loop::Setup> setup(std::vector<LoopTarget> targets) {
    auto made = std::make_shared<loop::Setup>();
    made->targets = std::move(targets);
    made->polls = made->leases = hourly;
    made->work = std::make_shared<FakeWork>(world);
    return made;
  }
  bool runs_until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!done() && std::chrono::steady_clock::now() < deadline) io.run_for(5ms);
    return done();
  }
  void run_for(std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    runs_until([&] { return std::chrono::steady_clock::now() >= end; });
  }
  void begin(std::vector<LoopTarget> targets) {
    loop.use(setup(std::move(targets)));
    ASSERT_TRUE(runs_until([&] { return loop.has_looked_at_all(); }));
    run_for(100ms);
  }

  static constexpr Rhythm hourly{.interval = 1h, .jitter = 0};
  World world;
  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard =
      boost::asio::make_work_guard(io);
  Board board;
  Nobody nobody;
  Loop loop{io, {.workers = 2, .replica = "one", .random = [] { return 0.5; }}, board, nobody};
};

TEST_F(LoopTest, ForgetsAFleetThatGoesWhileItIsLookedUp) {
  auto before = setup({target("stage", "shared")});
  before->fleets.push_back({.name = "tenants", .rollout = {}});
  loop.use(before);
  ASSERT_TRUE(runs_until([&] {
    const std::scoped_lock lock(world.mutex);
    return world.discovers;
  }));
  loop.use(setup({target("stage", "shared")}));
  {
    const std::scoped_lock lock(world.mutex);
    world.discovered = true;
  }
  world.changed.notify_all();
  run_for(200ms);
  EXPECT_FALSE(board.find("tenant_1"));
  EXPECT_EQ(world.passes_over("tenant_1"), 0);
  EXPECT_TRUE(loop.has_looked_at_all());
}

TEST_F(LoopTest, LooksUpAgainWhatAnEarlierConfigurationHasFound) {
  auto before = setup({});
  before->fleets.push_back({.name = "tenants", .rollout = {}});
  auto after = setup({});
  after->fleets = before->fleets;
  loop.use(before);
  ASSERT_TRUE(runs_until([&] {
    const std::scoped_lock lock(world.mutex);
    return world.discovers;
  }));
  loop.use(after);
  {
    const std::scoped_lock lock(world.mutex);
    world.discovered = true;
  }
  world.changed.notify_all();
  EXPECT_TRUE(runs_until([&] { return board.find("tenant_1").has_value(); }));
  EXPECT_TRUE(runs_until([&] { return loop.has_looked_at_all(); }));
}

TEST_F(LoopTest, IsNotWokenByTheAnswersToItsOwnQuestions) {
  auto often = setup({target("stage", "shared")});
  often->leases.interval = 100ms;
  loop.use(often);
  ASSERT_TRUE(runs_until([&] { return loop.has_looked_at_all(); }));
  const int looks = world.looks_taken();
  run_for(1s);
  EXPECT_GE(world.looks_taken(), looks + 2);
  EXPECT_LE(world.looks_taken(), looks + 10) << "it takes 20 ms, and never rests";
}

TEST_F(LoopTest, HearsWhatIsSaidWhileItLooks) {
  begin({target("stage", "shared")});
  for (int i = 0; i < 3; ++i) {
    const int passes = world.passes_over("stage");
    world.say("stage");
    io.run_for(10ms);  // the look at it has begun, and takes longer
    world.say("stage");
    EXPECT_TRUE(runs_until([&] { return world.passes_over("stage") > passes; }));
    run_for(1200ms);
    const std::scoped_lock lock(world.mutex);
    EXPECT_TRUE(world.said.empty());
  }
}

// Before all others means at the beginning of time, which is too long ago to be told.
TEST_F(LoopTest, TellsWhenItLooksNextAtWhatIsRushedWhileItRuns) {
  LoopTarget prod = target("prod", "shared");
  prod.depends_on = {"stage"};
  begin({target("stage", "shared"), prod});
  nobody.next_looks.clear();
  {
    const std::scoped_lock lock(world.mutex);
    world.pass_takes = 1500ms;
  }
  const int passes = world.passes_over("stage");
  world.say("stage");
  run_for(1200ms);
  world.say("stage");
  EXPECT_TRUE(runs_until([&] { return world.passes_over("stage") == passes + 2; }));
  const WallTime now = std::chrono::system_clock::now();
  for (const WallTime time : nobody.next_looks) {
    EXPECT_GT(time, now - 1h);
    EXPECT_LT(time, now + 2h);
  }
  EXPECT_FALSE(nobody.next_looks.empty());
}

// A tenant may connect to the database where the replicas of its fleet meet.
TEST_F(LoopTest, HeedsOnlyWhatIsSaidOfTargetsAtHomeThere) {
  begin({target("here", "shared"), target("elsewhere", "other")});
  const int here = world.passes_over("here");
  const int elsewhere = world.passes_over("elsewhere");
  world.say("elsewhere");
  EXPECT_TRUE(runs_until([&] { return world.passes_over("here") > here; }));
  run_for(100ms);
  EXPECT_EQ(world.passes_over("elsewhere"), elsewhere);
}

TEST_F(LoopTest, IsNotKeptBusyByWhoNeverStopsTalking) {
  begin({target("stage", "shared"), target("prod", "shared")});
  const int passes = world.passes_over("stage");
  const int looks = world.looks_taken();
  const auto end = std::chrono::steady_clock::now() + 1500ms;
  runs_until([&] {
    world.say("stage");
    return std::chrono::steady_clock::now() >= end;
  });
  EXPECT_GE(world.passes_over("stage"), passes + 2);
  EXPECT_LE(world.passes_over("stage"), passes + 8) << "four in a second";
  EXPECT_LE(world.looks_taken(), looks + 8);
}

}  // namespace
}  // namespace reconcile::loop
