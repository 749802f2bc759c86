#include "controller/cli/deferred_signals.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace reconcile::cli {
namespace {

constexpr std::array requests{SIGINT, SIGTERM, SIGHUP};
/// How often is looked whether one has arrived. It is not taken: it has to be there at the end.
constexpr std::chrono::milliseconds slice{50};

}  // namespace

DeferredSignals::DeferredSignals() {
  sigset_t block;
  sigemptyset(&block);
  for (const int signal : requests) sigaddset(&block, signal);
  pthread_sigmask(SIG_BLOCK, &block, &before_);
}

DeferredSignals::~DeferredSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

bool DeferredSignals::arrived() const {
  sigset_t pending;
  sigemptyset(&pending);
  sigpending(&pending);
  return std::ranges::any_of(requests,
                             [&](int signal) { return sigismember(&pending, signal) == 1; });
}

SignalWatch::SignalWatch(const DeferredSignals& signals, std::function<void()> hurry)
    : thread_([&signals, hurry = std::move(hurry)](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          if (signals.arrived()) return hurry();
          std::this_thread::sleep_for(slice);
        }
      }) {}

}  // namespace reconcile::cli
