#include "controller/http/controller_metrics.h"

#include <array>

#include "reconcilers/render/report_json.h"

namespace reconcile::http {
namespace {

const std::vector<double> pass_bounds{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

/// With more targets than these, a series for each headline of each would be too many.
constexpr std::size_t targets_in_full = 100;

double seconds(WallTime time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

double seconds(std::chrono::milliseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

std::vector<Headline> all_headlines() {
  std::vector<Headline> all;
  for (std::size_t i = 0; i < headlines; ++i) all.push_back(static_cast<Headline>(i));
  return all;
}

Samples by_headline(const std::vector<TargetStatus>& targets) {
  std::array<double, headlines> counts{};
  for (const TargetStatus& status : targets)
    counts.at(static_cast<std::size_t>(status.standing.headline)) += 1;
  Samples samples;
  for (const Headline headline : all_headlines())
    samples.push_back(
        {{std::string(key_of(headline))}, counts.at(static_cast<std::size_t>(headline))});
  return samples;
}

Samples states(const std::vector<TargetStatus>& targets) {
  Samples samples;
  for (const TargetStatus& status : targets) {
    for (const Headline headline : all_headlines()) {
      const bool current = status.standing.headline == headline;
      if (current || targets.size() <= targets_in_full)
        samples.push_back({{status.target, status.environment, std::string(key_of(headline))},
                           current ? 1.0 : 0.0});
    }
  }
  return samples;
}

}  // namespace

ControllerMetrics::ControllerMetrics(std::function<std::vector<TargetStatus>()> targets)
    : last_pass_(registry_
                     .gauges("reconcile_last_pass_timestamp_seconds",
                             "When a pass has last come to an end; 0 before the first")
                     .with({})),
      passes_(
          registry_.counters("reconcile_passes_total", "Passes by what they came to", {"outcome"})),
      pass_seconds_(
          registry_.histograms("reconcile_pass_seconds", "How long passes took", pass_bounds)
              .with({})),
      applied_(
          registry_.counters("reconcile_applied_revisions_total", "Revisions that were applied")
              .with({})),
      healed_(registry_.counters("reconcile_healed_total", "Drift that was healed").with({})),
      approvals_(
          registry_.counters("reconcile_approvals_total", "Approvals that were given").with({})),
      fetches_(registry_.counters("reconcile_fetches_total", "Fetches from git by their result",
                                  {"result"})),
      fetch_seconds_(
          registry_.histograms("reconcile_fetch_seconds", "How long fetches took", pass_bounds)
              .with({})),
      notifications_(registry_.counters("reconcile_notifications_total",
                                        "Notifications by receiver and result",
                                        {"receiver", "result"})),
      webhooks_(registry_.counters("reconcile_webhooks_total",
                                   "Webhook deliveries by kind and result", {"kind", "result"})),
      requests_(registry_.counters("reconcile_http_requests_total",
                                   "HTTP requests by route and status", {"route", "code"})),
      reloads_(registry_.counters("reconcile_config_reloads_total",
                                  "Loads of the configuration by their result", {"result"})),
      loaded_(registry_
                  .gauges("reconcile_config_loaded_timestamp_seconds",
                          "When the configuration in use was loaded")
                  .with({})) {
  for (const char* outcome : {"in-sync", "applied", "pending", "skipped", "held", "failed"})
    passes_.with({outcome});
  for (const char* result : {"ok", "failed"}) fetches_.with({result});
  for (const char* result : {"ok", "refused"}) reloads_.with({result});
  for (const char* kind : {"gitea", "github", "generic"}) {
    for (const char* result : {"accepted", "refused", "ignored"}) webhooks_.with({kind, result});
  }
  describe_targets(std::move(targets));
  describe_process();
}

void ControllerMetrics::describe_targets(std::function<std::vector<TargetStatus>()> targets) {
  registry_.computed("reconcile_build_info", "1, with the version of the program", {"version"}, [] {
    return Samples{{{RECONCILE_VERSION}, 1.0}};
  });
  registry_.computed("reconcile_targets", "Targets by their headline", {"headline"},
                     [targets] { return by_headline(targets()); });
  registry_.computed("reconcile_target_state", "1 for the headline that a target has",
                     {"target", "environment", "headline"},
                     [targets] { return states(targets()); });
  const auto each = [this, targets](const char* name, const char* help, auto value) {
    registry_.computed(name, help, {"target"}, [targets, value] {
      Samples samples;
      for (const TargetStatus& status : targets())
        samples.push_back({{status.target}, value(status)});
      return samples;
    });
  };
  each("reconcile_target_drifted_objects", "Objects that are not as git made them",
       [](const TargetStatus& status) { return static_cast<double>(status.drifted); });
  each("reconcile_target_checked_timestamp_seconds",
       "When the target's last pass ended; 0 before the first",
       [](const TargetStatus& status) { return seconds(status.checked); });
  each("reconcile_target_next_look_timestamp_seconds",
       "When the target's next pass is due; 0 before the first",
       [](const TargetStatus& status) { return seconds(status.next_look); });
  each("reconcile_target_leader", "1 where this replica leads the target",
       [](const TargetStatus& status) { return status.led_here ? 1.0 : 0.0; });
}

void ControllerMetrics::pass_ended(const PassReport& report, WallTime now) {
  passes_.with({std::string(render::word_for(report.outcome))}).add();
  pass_seconds_.observe(seconds(report.duration));
  last_pass_.set(seconds(now));
  if (std::holds_alternative<Applied>(report.outcome)) applied_.add();
}

void ControllerMetrics::fetched(bool ok, std::chrono::milliseconds duration) {
  fetches_.with({ok ? "ok" : "failed"}).add();
  fetch_seconds_.observe(seconds(duration));
}

void ControllerMetrics::notified(std::string_view receiver, std::string_view result) {
  notifications_.with({std::string(receiver), std::string(result)}).add();
}

void ControllerMetrics::hooked(std::string_view kind, std::string_view result) {
  webhooks_.with({std::string(kind), std::string(result)}).add();
}

void ControllerMetrics::requested(const AccessLine& line) {
  requests_.with({line.route, std::to_string(line.status)}).add();
}

void ControllerMetrics::configuration_loaded(WallTime now) {
  reloads_.with({"ok"}).add();
  loaded_.set(seconds(now));
}

void ControllerMetrics::configuration_refused() { reloads_.with({"refused"}).add(); }

void ControllerMetrics::watch_server(std::function<std::size_t()> connections,
                                     std::function<std::size_t()> readers) {
  const auto one = [](std::function<std::size_t()> ask) {
    return [ask = std::move(ask)] { return Samples{{{}, static_cast<double>(ask())}}; };
  };
  registry_.computed("reconcile_http_connections", "Open HTTP connections", {},
                     one(std::move(connections)));
  registry_.computed("reconcile_events_clients", "Readers that follow the events", {},
                     one(std::move(readers)));
}

Route metrics_route(ControllerMetrics& metrics, bool open) {
  return {.method = "GET",
          .pattern = "/metrics",
          .role = open ? Role::Anyone : Role::Read,
          .handler = [&metrics](const Request&) {
            return Reply{.type = "text/plain; version=0.0.4; charset=utf-8",
                         .body = metrics.registry().text()};
          }};
}

}  // namespace reconcile::http
