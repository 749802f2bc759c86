#pragma once

#include <signal.h>

#include <functional>
#include <stop_token>
#include <thread>

namespace reconcile::cli {

/// While it lives, requests to end (SIGINT, SIGTERM, SIGHUP) wait: what has to be cleaned up is
/// cleaned up first. They take effect at its end. Threads started meanwhile inherit that.
class DeferredSignals {
 public:
  DeferredSignals();
  ~DeferredSignals();
  DeferredSignals(const DeferredSignals&) = delete;
  DeferredSignals& operator=(const DeferredSignals&) = delete;

  bool arrived() const;

 private:
  sigset_t before_{};
};

/// Calls `hurry`, once and from a thread of its own, when such a request arrives: whatever works
/// then should come to its end. Until its destructor returns, `hurry` may run.
class SignalWatch {
 public:
  SignalWatch(const DeferredSignals& signals, std::function<void()> hurry);

 private:
  std::jthread thread_;
};

}  // namespace reconcile::cli
