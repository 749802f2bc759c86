#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "controller/http/api.h"
#include "controller/http/controller_metrics.h"
#include "controller/http/server.h"
#include "reconcilers/core/digest.h"
#include "tests/support/fake_fleet.h"
#include "tests/support/http_talk.h"

namespace reconcile::test {

inline std::vector<http::Token> tokens_of_all_roles() {
  return {{"rita", http::Role::Read, sha256("read-token")},
          {"otto", http::Role::Operate, sha256("operate-token")},
          {"anna", http::Role::Approve, sha256("approve-token")},
          {"tina", http::Role::Approve, sha256("tenant-token"), {"sta*"}}};
}

struct ServerSetup {
  http::Tokens tokens = tokens_of_all_roles();
  http::AccessOptions access = {};
  http::EventLimits events = {};
  http::ServerOptions server = {};
  std::vector<http::Route> more_routes = {};
};

/// The whole of controller/http over a fleet of values, on a port that the kernel chose.
class RunningServer {
 public:
  explicit RunningServer(ServerSetup setup = ServerSetup())
      : access(setup.tokens, setup.access), hub(io_, setup.events) {
    std::vector<http::Route> routes = http::api_routes(fleet, hub);
    for (auto& route : http::probe_routes([] { return std::string(); })) routes.push_back(route);
    for (auto& route : http::login_routes(access, [](std::string_view message, std::string_view) {
           return std::string(message);
         }))
      routes.push_back(route);
    routes.push_back(http::metrics_route(metrics, false));
    for (auto& route : setup.more_routes) routes.push_back(route);
    site_ = std::make_unique<http::Site>(
        http::Router(std::move(routes)), access,
        http::Witnesses{[this](const http::AccessLine& line) { metrics.requested(line); },
                        [this](const http::AuditEntry& entry) {
                          const std::lock_guard lock(mutex_);
                          audited_.push_back(entry);
                        }});
    setup.server.listeners = {{"127.0.0.1", 0}};
    server_.emplace(io_, pool_, setup.server, *site_);
    started = server_->start();
    thread_ = std::thread([this] { io_.run(); });
  }

  /// On the I/O thread, to its end.
  template <class Call>
  auto run(Call call) {
    std::packaged_task<decltype(call())()> task(std::move(call));
    auto result = task.get_future();
    boost::asio::post(io_, [&task] { task(); });
    return result.get();
  }

  ~RunningServer() {
    pool_.join();
    run([this] { server_.reset(); });
    guard_.reset();
    io_.stop();
    thread_.join();
  }

  std::uint16_t port() {
    const std::string address = server_->addresses().at(0);
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  Talk talk(const std::string& from = "127.0.0.1") { return Talk(port(), from); }

  std::future<void> stop(std::chrono::milliseconds grace) {
    auto stopped = std::make_shared<std::promise<void>>();
    run([&] { server_->stop(grace, [stopped] { stopped->set_value(); }); });
    return stopped->get_future();
  }
  Result<void> reload_certificate() {
    return run([this] { return server_->reload_certificate(); });
  }
  std::size_t connections() {
    return run([this] { return server_->connections(); });
  }
  std::vector<http::AuditEntry> audited() const {
    const std::lock_guard lock(mutex_);
    return audited_;
  }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_ =
      boost::asio::make_work_guard(io_);
  boost::asio::thread_pool pool_{4};
  mutable std::mutex mutex_;
  std::vector<http::AuditEntry> audited_;

 public:
  FakeFleet fleet;
  http::Access access;
  http::EventHub hub;
  http::ControllerMetrics metrics{[this] { return fleet.targets(); }};
  Result<void> started;

 private:
  std::unique_ptr<http::Site> site_;
  std::optional<http::Server> server_;
  std::thread thread_;
};

}  // namespace reconcile::test
