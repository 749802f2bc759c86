#include <fmt/format.h>

#include <algorithm>

#include "tests/browser/fixtures.h"

namespace reconcile::test {

using namespace std::chrono_literals;

TargetStatus status_of(std::string target, std::string environment, PassReport report) {
  TargetStatus status;
  status.target = std::move(target);
  status.environment = std::move(environment);
  report.target = status.target;
  status.standing = standing_of(report);
  status.git = report.revision;
  status.database = report.base.value_or("");
  status.plan = counts_of(report.plan);
  status.plan_digest = report.plan.digest;
  status.fingerprint = "9f2c1e41d0aa7be3";
  for (const Drift& entry : report.plan.drift) {
    (entry.kind == Drift::Kind::Unmanaged ? status.unmanaged : status.drifted) += 1;
  }
  status.leader = "reconcile-0";
  status.led_here = true;
  status.since = ago(26min);
  status.checked = ago(12s);
  status.compared = has_compared(report) ? status.checked : ago(9min);
  status.next_look = page_time() + 48s;
  status.report = std::make_shared<const PassReport>(std::move(report));
  return status;
}

std::vector<TargetStatus> usual_fleet() {
  std::vector<TargetStatus> all;
  TargetStatus prod = status_of("trm-prod", "prod", held_report());
  prod.fingerprint = "e09a41d0aa7be3";
  TargetStatus stage = status_of("trm-stage", "stage", in_sync_report());
  TargetStatus demo = status_of("trm-demo", "stage", drifted_report());
  demo.fingerprint = "77b0c2e1f9a35d";
  demo.since = ago(16h);
  demo.checked = demo.compared = ago(40s);
  TargetStatus broken = status_of("archive", "prod", failed_report());
  broken.fingerprint = "e09a41d0aa7be3";
  broken.failures = 3;
  TargetStatus paused = status_of("training", "dev", in_sync_report());
  paused.suspension = Suspension{"jon", "the workshop runs until Friday", "2026-11-20T08:00:00Z",
                                 "2026-11-27T18:00:00Z"};
  paused.standing = {Headline::Paused, "", "suspended by jon: the workshop runs until Friday", ""};
  all = {prod, stage, demo, broken, paused};
  for (int i = 1; i <= 38; ++i) {
    TargetStatus tenant = status_of(fmt::format("tenant-{:03}", i), "prod", in_sync_report());
    tenant.fleet = "tenants";
    tenant.checked = tenant.compared = ago(std::chrono::seconds(4 + i % 50));
    if (i > 33) {
      tenant.standing = {Headline::Pending, "", "1 step to apply, with the next wave", ""};
      tenant.database = commit_of('b');
      tenant.plan = {.create = 1};
      tenant.fingerprint = "41d0aa9f2c1e88";
    }
    if (i == 33) tenant.standing = {Headline::Applying, "", "", ""};
    all.push_back(tenant);
  }
  std::ranges::stable_sort(
      all, {}, [](const TargetStatus& t) { return std::pair(t.standing.headline, t.target); });
  return all;
}

std::vector<TargetStatus> worst_fleet() {
  std::vector<TargetStatus> all;
  for (int i = 0; i < 27; ++i) {
    TargetStatus status = status_of(hostile(i) + std::to_string(i), hostile(i + 1), worst_report());
    status.standing = {static_cast<Headline>(i % static_cast<int>(headlines)), hostile(i),
                       hostile(i + i), hostile(i + 2)};
    status.fleet = hostile(i + 2);
    status.fingerprint = fmt::format("{:x}aaaaaaaaaaaaaaaa", i);
    status.git = {hostile(0), hostile(1), 0, hostile(2)};
    if (i % 4 == 0) status.checked = status.compared = {};
    all.push_back(status);
  }
  return all;
}

std::vector<TargetStatus> tenants(std::size_t count) {
  std::vector<TargetStatus> all;
  for (std::size_t i = 0; i < count; ++i) {
    TargetStatus tenant = status_of(fmt::format("tenant_{:04}", i), "prod", in_sync_report());
    tenant.fleet = "tenants";
    if (i % 30 == 7) {
      tenant.standing = {Headline::Pending, "", "1 step to apply, with the next wave", ""};
      tenant.fingerprint = "41d0aa9f2c1e88";
      tenant.database = commit_of('b');
    }
    if (i == 500) {
      tenant = status_of("tenant_0500", "prod", drifted_report());
      tenant.fleet = "tenants";
      tenant.fingerprint = "77b0c2e1f9a35d";
    }
    all.push_back(tenant);
  }
  return all;
}

}  // namespace reconcile::test
