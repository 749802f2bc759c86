#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>

#include "controller/cli/serve_alerts.h"
#include "controller/cli/serve_audience.h"
#include "controller/cli/serve_fleet.h"
#include "controller/cli/serve_work.h"
#include "controller/http/api.h"
#include "controller/http/server.h"
#include "controller/http/webhook.h"
#include "controller/loop/loop.h"

namespace reconcile::cli {

/// The controller that stays: the loop, and all that looks at it or is told of it. Members are made
/// in this order and end in the other one, threads first.
class Service {
 public:
  Service(Invocation invocation, ParseAgain again,
          std::shared_ptr<postgres::EmbeddedServer> embedded, http::Tokens tokens);
  ~Service();

  /// Until it is asked to end. An error where it could not begin.
  Result<void> run();

 private:
  std::shared_ptr<ServeWork> work() const;
  std::shared_ptr<const loop::Setup> setup() const;
  double random();
  Result<void> start_http();
  http::Hooks hooks();
  bool pushed(const http::Push& push);
  std::string not_ready() const;
  void await_end();
  void await_look();
  void await_pulse();
  void await_change();
  void reload();
  Result<void> use(Invocation invocation);
  void stop_rest();
  std::vector<std::string> stamps() const;

  Invocation invocation_;  ///< on the I/O thread, once it runs
  const ParseAgain again_;
  std::shared_ptr<postgres::EmbeddedServer> embedded_;
  const std::string replica_;
  std::mt19937_64 random_;  ///< on the I/O thread
  boost::asio::io_context io_{1};
  loop::Board board_;
  http::Access access_;
  http::ControllerMetrics metrics_;
  http::EventHub events_;
  ServeAlerts alerts_;
  ServeAudience audience_;
  mutable std::mutex mutex_;  ///< of the next one
  std::shared_ptr<ServeWork> work_;
  ServeFleet fleet_;
  loop::Loop loop_;
  std::optional<http::Site> site_;
  std::optional<http::Server> server_;
  boost::asio::signal_set ends_, looks_;
  boost::asio::steady_timer pulse_, change_;
  std::vector<std::string> stamps_;  ///< of the files as they were read last
  bool ending_ = false;
  boost::asio::thread_pool http_threads_;
};

}  // namespace reconcile::cli
