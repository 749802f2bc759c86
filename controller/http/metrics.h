#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reconcile::http {

/// Only ever grows.
class Counter {
 public:
  void add(std::uint64_t more = 1) { value_.fetch_add(more, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

class Histogram {
 public:
  /// `bounds` grow; what is above the last one is counted as well.
  explicit Histogram(std::vector<double> bounds);
  void observe(double value);

  struct State {
    std::vector<std::pair<double, std::uint64_t>> buckets;  ///< bound, observations up to it
    std::uint64_t count = 0;
    double sum = 0;
  };
  State state() const;

 private:
  const std::vector<double> bounds_;
  mutable std::mutex mutex_;
  std::vector<std::uint64_t> counts_;
  double sum_ = 0;
};

using LabelValues = std::vector<std::string>;

/// Metrics of one name, told apart by the values of their labels. Safe from any thread.
template <class Metric>
class Family {
 public:
  explicit Family(std::function<std::unique_ptr<Metric>()> make) : make_(std::move(make)) {}

  /// The one with these values, which exists from then on. The reference stays good.
  Metric& with(const LabelValues& values) {
    const std::lock_guard lock(mutex_);
    std::unique_ptr<Metric>& place = metrics_[values];
    if (!place) place = make_();
    return *place;
  }
  /// Calls with values and metric, in the order of the values.
  template <class Call>
  void each(const Call& call) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [values, metric] : metrics_) call(values, *metric);
  }

 private:
  const std::function<std::unique_ptr<Metric>()> make_;
  mutable std::mutex mutex_;
  std::map<LabelValues, std::unique_ptr<Metric>> metrics_;
};

/// Metrics that are asked for when somebody looks: values of labels, and the number.
using Samples = std::vector<std::pair<LabelValues, double>>;

/// All metrics of a process, in Prometheus' text format. Safe from any thread; metrics are
/// registered before anybody looks.
class Registry {
 public:
  using Labels = std::vector<std::string>;

  Family<Counter>& counters(std::string name, std::string help, Labels labels = {});
  Family<Gauge>& gauges(std::string name, std::string help, Labels labels = {});
  Family<Histogram>& histograms(std::string name, std::string help, std::vector<double> bounds,
                                Labels labels = {});
  /// A gauge, or (where it only grows) a counter, whose samples are made for each look.
  void computed(std::string name, std::string help, Labels labels, std::function<Samples()> samples,
                bool grows = false);

  /// Text of version 0.0.4.
  std::string text() const;

 private:
  struct Entry {
    std::string name;
    std::string help;
    std::string_view type;
    std::function<std::string()> lines;
  };
  void add(std::string name, std::string help, std::string_view type,
           std::function<std::string()> lines);

  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace reconcile::http
