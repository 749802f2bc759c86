#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "controller/loop/board.h"
#include "controller/loop/gates.h"
#include "controller/loop/home.h"
#include "controller/loop/schedule.h"
#include "controller/loop/work.h"

namespace reconcile::loop {

/// Hears what happens. Called on the I/O thread, so it must not block.
class Audience {
 public:
  virtual ~Audience() = default;
  /// A pass has ended; `report` is all that it said.
  virtual void passed(const TargetStatus& before, const TargetStatus& after,
                      const PassReport& report) = 0;
  /// A fleet could not be looked up; what it had before stays.
  virtual void undiscovered(const std::string& fleet, const Error& error) = 0;
  /// Something about a target has changed: its standing, who leads it.
  virtual void changed(const TargetStatus& status) = 0;
  virtual void polled(const std::string& repository, const Result<std::string>& result,
                      std::chrono::milliseconds took) = 0;
  /// After each poll: since when git has not answered, where that is long ago. `first` is the first
  /// by name of the targets that depend on the repository; empty where none does any more.
  virtual void answered(const std::string& repository, const std::string& first,
                        const std::optional<Standing>& away, WallTime since) = 0;
  /// Who leads a target, as of the last look: this replica, if it has a fence; `leader` names
  /// whoever it is, and is empty where nobody does. Said again at each look.
  virtual void led(const std::string& target, const std::optional<Fence>& fence,
                   const std::string& leader) = 0;
  /// It is no target any more.
  virtual void removed(const std::string& target) = 0;
  /// Somebody changed something in a target's database; the text is the database's word for it.
  virtual void heard(const std::string& home, const Notice& notice) = 0;
};

struct LoopOptions {
  std::size_t workers = 4;  ///< passes at once
  std::string replica;      ///< the name of this one, for the board
  std::function<double()> random;
  std::function<Schedule::Time()> now = [] { return std::chrono::steady_clock::now(); };
  std::function<WallTime()> wall = [] { return std::chrono::system_clock::now(); };
};

/// Keeps targets at what git says, for as long as it runs. It decides on the one thread of `io`;
/// what blocks runs on threads of its own: passes on as many as there are workers, polls and leases
/// on two more, so that a long pass keeps nobody from them. Everything but the constructor, unless
/// said otherwise, is for the I/O thread alone.
class Loop {
 public:
  Loop(boost::asio::io_context& io, LoopOptions options, Board& board, Audience& audience);
  ~Loop();

  /// Goes on with this one.
  void use(std::shared_ptr<const Setup> setup);

  /// A timer, a webhook and a person all mean: look again. Of an empty name: all. Any thread.
  void look_again(const std::string& target);
  /// A pass that somebody else has made. Any thread.
  void report(PassReport report);
  /// Polls repositories now. Any thread.
  void poll_again();

  /// Begins nothing any more; calls `done` once what was begun has ended and all leases are given
  /// up.
  void stop(std::function<void()> done);

  /// Whether each target has been looked at since the start, whatever came of it.
  bool has_looked_at_all() const;

 private:
  using Time = Schedule::Time;

  void arrange_fleets(Time now);
  void arrange_targets(Time now);
  void arrange_polls(Time now);
  void arrange_homes(Time now);
  std::vector<std::string> targets_of(const std::string& home) const;

  void tick();
  bool begin_discovery(Time now);
  bool begin_poll(Time now);
  bool begin_home(Time now);
  bool begin_pass(Time now);
  void wait_for_next();
  void end_discovery(const std::string& fleet, const Setup& asked,
                     Result<std::vector<LoopTarget>> found);
  void end_poll(const std::string& repository, Result<std::string> result,
                std::chrono::milliseconds took);
  void end_home(const std::shared_ptr<Home>& home, Result<HomeLook> result);
  void note_answer(const std::string& repository, const Result<std::string>& result, Time now);
  TargetStatus as_git_allows(TargetStatus after, const TargetStatus& before) const;
  std::optional<Standing> long_away(const std::string& repository) const;
  void take_word(const std::string& home, const std::vector<Notice>& notices, Time now);
  void take_leaders(Home& home, Leaders leaders, Time now);
  void end_pass(const std::string& target, PassReport report, bool led);
  void take_report(const std::string& target, PassReport report, bool led);
  PassOrder order_for(const LoopTarget& target, const Home& home);
  Turn turn_of(const LoopTarget& target);
  void look_at_next(const std::string& name, const std::string& ordered);
  void tell_followers(const LoopTarget& followed, Time now);
  void look_at(const std::string& name, const std::optional<WallTime>& time);
  bool waits(const LoopTarget& target, const Turn& turn);
  void let_go_on(Time now);
  void announce(const std::string& repository, Time now);
  std::size_t busy_helpers() const;
  void finish_stop();

  boost::asio::io_context& io_;
  LoopOptions options_;
  Board& board_;
  Audience& audience_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<const Setup> setup_;
  std::map<std::string, LoopTarget> targets_;
  std::map<std::string, std::shared_ptr<Home>> homes_;
  std::map<std::string, std::vector<LoopTarget>> found_;  ///< by fleet: its targets
  Gates gates_;
  std::map<std::string, Time> words_;          ///< by target: from when on words are heeded at once
  std::set<std::string> waiting_;              ///< targets that wait for others
  std::map<std::string, std::string> polled_;  ///< by repository: what the last poll returned
  /// While it does not answer: since when, and how it failed first.
  struct Absence {
    Time begun;
    WallTime since;
    Error error;
  };
  std::map<std::string, Absence> absences_;  ///< by repository
  std::set<std::string> unseen_;             ///< targets without a pass since the start
  Schedule passes_, polls_, looks_, finds_;
  std::function<void()> stopped_;
  bool stopping_ = false;
  /// Last, so that its threads end before anything they use.
  boost::asio::thread_pool workers_, helpers_;
};

}  // namespace reconcile::loop
