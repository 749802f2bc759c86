#include <gtest/gtest.h>

#include <regex>
#include <sstream>
#include <thread>

#include "controller/http/controller_metrics.h"

namespace reconcile::http {
namespace {

struct Series {
  std::map<std::string, std::string> types;  ///< by the name of the family
  std::map<std::string, double> values;      ///< by name and labels, as written
};

/// Reads Prometheus' text format, as strictly as it is described, and fails where it is not met.
Series parse(const std::string& text) {
  static const std::regex name("[a-zA-Z_:][a-zA-Z0-9_:]*");
  static const std::regex sample(
      R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)+\})? (\S+))re");
  Series series;
  EXPECT_TRUE(text.ends_with("\n"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash, keyword, family, type;
    if (line.starts_with("#")) {
      words >> hash >> keyword >> family >> type;
      EXPECT_TRUE(std::regex_match(family, name)) << line;
      const bool described = keyword != "TYPE" || series.types.emplace(family, type).second;
      EXPECT_TRUE(described) << line;
      continue;
    }
    std::smatch match;
    EXPECT_TRUE(std::regex_match(line, match, sample)) << line;
    const std::string family_name =
        std::regex_replace(match[1].str(), std::regex("_(bucket|sum|count)$"), "");
    EXPECT_TRUE(series.types.contains(match[1]) || series.types[family_name] == "histogram")
        << line;
    const std::string key = match[1].str() + match[2].str();
    EXPECT_TRUE(series.values.emplace(key, std::stod(match[3])).second) << "twice: " << line;
  }
  return series;
}

std::vector<TargetStatus> many_targets(std::size_t count) {
  std::vector<TargetStatus> targets(count);
  for (std::size_t i = 0; i < count; ++i) {
    targets[i].target = "t" + std::to_string(i);
    targets[i].standing.headline = Headline::InSync;
  }
  return targets;
}

TEST(Metrics, AllAreThereFromTheStart) {
  ControllerMetrics metrics([] { return std::vector<TargetStatus>(); });
  metrics.watch_server([] { return 3U; }, [] { return 2U; });
  const Series series = parse(metrics.registry().text());
  for (const char* key :
       {"reconcile_last_pass_timestamp_seconds", "reconcile_passes_total{outcome=\"held\"}",
        "reconcile_passes_total{outcome=\"skipped\"}", "reconcile_pass_seconds_count",
        "reconcile_pass_seconds_bucket{le=\"+Inf\"}", "reconcile_applied_revisions_total",
        "reconcile_healed_total", "reconcile_approvals_total",
        "reconcile_fetches_total{result=\"failed\"}", "reconcile_fetch_seconds_sum",
        "reconcile_webhooks_total{kind=\"generic\",result=\"refused\"}",
        "reconcile_config_reloads_total{result=\"refused\"}",
        "reconcile_config_loaded_timestamp_seconds", "reconcile_targets{headline=\"failed\"}",
        "reconcile_targets{headline=\"needs-approval\"}"}) {
    ASSERT_TRUE(series.values.contains(key)) << key;
    EXPECT_EQ(series.values.at(key), 0) << key;
  }
  for (const char* key : {"process_resident_memory_bytes", "process_open_fds",
                          "process_start_time_seconds", "process_cpu_seconds_total"})
    EXPECT_GT(series.values.at(key), 0) << key;
  EXPECT_EQ(series.values.at("reconcile_build_info{version=\"" RECONCILE_VERSION "\"}"), 1);
  EXPECT_EQ(series.values.at("reconcile_http_connections"), 3);
  EXPECT_EQ(series.values.at("reconcile_events_clients"), 2);
}

TEST(Metrics, CountWhatHappens) {
  std::vector<TargetStatus> targets = many_targets(2);
  targets[0].target = "a\"\\\n}";
  targets[0].standing.headline = Headline::Drifted;
  targets[0].drifted = 4;
  targets[0].led_here = true;
  targets[0].next_look = WallTime{std::chrono::seconds(1'790'604'800)};
  ControllerMetrics metrics([&] { return targets; });
  PassReport report;
  report.outcome = Applied{};
  report.duration = std::chrono::milliseconds(20);
  const WallTime now{std::chrono::seconds(1'790'000'000)};
  metrics.pass_ended(report, now);
  metrics.fetched(false, std::chrono::milliseconds(70'000));
  metrics.notified("slack \"x\"", "delivered");
  metrics.requested(
      {.address = "", .who = "", .method = "GET", .path = "/x", .route = "/x", .status = 200});
  const Series series = parse(metrics.registry().text());
  const std::pair<const char*, double> expected[] = {
      {"reconcile_passes_total{outcome=\"applied\"}", 1},
      {"reconcile_applied_revisions_total", 1},
      {"reconcile_last_pass_timestamp_seconds", 1'790'000'000},
      {"reconcile_pass_seconds_bucket{le=\"0.01\"}", 0},
      {"reconcile_pass_seconds_bucket{le=\"0.025\"}", 1},
      {"reconcile_pass_seconds_bucket{le=\"60\"}", 1},
      {"reconcile_fetch_seconds_bucket{le=\"60\"}", 0},
      {"reconcile_fetch_seconds_bucket{le=\"+Inf\"}", 1},
      {"reconcile_fetch_seconds_sum", 70},
      {"reconcile_notifications_total{receiver=\"slack \\\"x\\\"\",result=\"delivered\"}", 1},
      {"reconcile_http_requests_total{route=\"/x\",code=\"200\"}", 1},
      {"reconcile_targets{headline=\"drifted\"}", 1},
      {"reconcile_targets{headline=\"in-sync\"}", 1},
      {"reconcile_target_drifted_objects{target=\"a\\\"\\\\\\n}\"}", 4},
      {"reconcile_target_leader{target=\"a\\\"\\\\\\n}\"}", 1},
      {"reconcile_target_next_look_timestamp_seconds{target=\"a\\\"\\\\\\n}\"}", 1'790'604'800},
      {"reconcile_target_next_look_timestamp_seconds{target=\"t1\"}", 0},
      {"reconcile_target_state{target=\"t1\",environment=\"\",headline=\"failed\"}", 0},
      {"reconcile_target_state{target=\"t1\",environment=\"\",headline=\"in-sync\"}", 1}};
  for (const auto& [key, value] : expected) {
    ASSERT_TRUE(series.values.contains(key)) << key;
    EXPECT_EQ(series.values.at(key), value) << key;
  }
}

TEST(Metrics, AFleetHasOneStatePerTarget) {
  const auto count = [](std::size_t targets) {
    ControllerMetrics metrics([targets] { return many_targets(targets); });
    std::size_t found = 0;
    for (const auto& [key, value] : parse(metrics.registry().text()).values)
      found += key.starts_with("reconcile_target_state{") ? 1U : 0U;
    return found;
  };
  EXPECT_EQ(count(100), 900U);
  EXPECT_EQ(count(101), 101U);
}

TEST(Metrics, AreCountedFromManyThreads) {
  Registry registry;
  Family<Counter>& counters = registry.counters("c_total", "c", {"thread"});
  Histogram& histogram = registry.histograms("h", "h", {1}).with({});
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 1000; ++i) {
        counters.with({std::to_string(thread % 2)}).add();
        histogram.observe(i % 2);
      }
    });
  }
  for (int i = 0; i < 20; ++i) parse(registry.text());
  for (std::thread& thread : threads) thread.join();
  const Series series = parse(registry.text());
  EXPECT_EQ(series.values.at("c_total{thread=\"1\"}"), 2000);
  EXPECT_EQ(series.values.at("h_count"), 4000);
  EXPECT_EQ(series.values.at("h_sum"), 2000);
}

}  // namespace
}  // namespace reconcile::http
