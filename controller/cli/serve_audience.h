#pragma once

#include "controller/cli/serve_alerts.h"
#include "controller/http/controller_metrics.h"
#include "controller/http/events.h"
#include "controller/loop/loop.h"

namespace reconcile::cli {

/// The one place that turns what happens into log, metrics, events and alerts.
class ServeAudience : public loop::Audience {
 public:
  ServeAudience(http::ControllerMetrics& metrics, http::EventHub& events, ServeAlerts& alerts)
      : metrics_(metrics), events_(events), alerts_(alerts) {}

  void passed(const TargetStatus& before, const TargetStatus& after,
              const PassReport& report) override;
  void changed(const TargetStatus& status) override;
  void undiscovered(const std::string& fleet, const Error& error) override;
  void polled(const std::string& repository, const Result<std::string>& result,
              std::chrono::milliseconds took) override;
  void answered(const std::string& repository, const std::string& first,
                const std::optional<Standing>& away, WallTime since) override;
  void led(const std::string& target, const std::optional<Fence>& fence,
           const std::string& leader) override;
  void removed(const std::string& target) override;
  void heard(const std::string& home, const Notice& notice) override;

 private:
  http::ControllerMetrics& metrics_;
  http::EventHub& events_;
  ServeAlerts& alerts_;
  bool git_fails_ = false;
};

}  // namespace reconcile::cli
