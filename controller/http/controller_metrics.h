#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include "controller/http/metrics.h"
#include "controller/http/site.h"
#include "reconcilers/core/outcome.h"
#include "reconcilers/status/target_status.h"

namespace reconcile::http {

/// What a controller counts, under the names that its alert rules and dashboards know; all of them
/// are there, at zero, from the start. Safe from any thread.
class ControllerMetrics {
 public:
  /// `targets` is asked at each look, and must not wait for a database.
  explicit ControllerMetrics(std::function<std::vector<TargetStatus>()> targets);

  void pass_ended(const PassReport& report, WallTime now);
  void healed() { healed_.add(); }
  void approved() { approvals_.add(); }
  void fetched(bool ok, std::chrono::milliseconds duration);
  /// `result`: delivered, failed or dropped.
  void notified(std::string_view receiver, std::string_view result);
  /// `kind`: gitea, github or generic; `result`: accepted, refused or ignored.
  void hooked(std::string_view kind, std::string_view result);
  void requested(const AccessLine& line);
  void configuration_loaded(WallTime now);
  void configuration_refused();
  /// Numbers that the server and its hub have; asked at each look.
  void watch_server(std::function<std::size_t()> connections, std::function<std::size_t()> readers);

  Registry& registry() { return registry_; }

 private:
  void describe_targets(std::function<std::vector<TargetStatus>()> targets);
  void describe_process();

  Registry registry_;
  Gauge& last_pass_;
  Family<Counter>& passes_;
  Histogram& pass_seconds_;
  Counter& applied_;
  Counter& healed_;
  Counter& approvals_;
  Family<Counter>& fetches_;
  Histogram& fetch_seconds_;
  Family<Counter>& notifications_;
  Family<Counter>& webhooks_;
  Family<Counter>& requests_;
  Family<Counter>& reloads_;
  Gauge& loaded_;
};

/// GET /metrics. Where `open` it is told to anybody, otherwise to readers.
Route metrics_route(ControllerMetrics& metrics, bool open);

}  // namespace reconcile::http
