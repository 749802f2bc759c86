#include "controller/http/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace reconcile::http {
namespace {

std::string escaped(std::string_view text, bool quotes) {
  std::string result;
  for (const char letter : text) {
    if (letter == '\\') {
      result += "\\\\";
    } else if (letter == '\n') {
      result += "\\n";
    } else if (letter == '"' && quotes) {
      result += "\\\"";
    } else {
      result += letter;
    }
  }
  return result;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  // Seconds since the epoch with all of their digits, and no exponent in what is a whole number.
  if (value == std::floor(value) && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
  return fmt::format("{}", value);
}

/// {a="1",b="2"}; nothing where there are no labels.
std::string labels_text(const Registry::Labels& names, const LabelValues& values) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < values.size(); ++i)
    text +=
        fmt::format("{}{}=\"{}\"", text.empty() ? "{" : ",", names[i], escaped(values[i], true));
  return text.empty() ? text : text + "}";
}

std::string line(std::string_view name, const Registry::Labels& names, const LabelValues& values,
                 const std::string& value) {
  return fmt::format("{}{} {}\n", name, labels_text(names, values), value);
}

std::string histogram_lines(const std::string& name, Registry::Labels names, LabelValues values,
                            const Histogram::State& state) {
  std::string text = line(name + "_sum", names, values, number(state.sum)) +
                     line(name + "_count", names, values, std::to_string(state.count));
  names.emplace_back("le");
  values.emplace_back();
  std::string buckets;
  for (const auto& [bound, count] : state.buckets) {
    values.back() = number(bound);
    buckets += line(name + "_bucket", names, values, std::to_string(count));
  }
  values.back() = "+Inf";
  return buckets + line(name + "_bucket", names, values, std::to_string(state.count)) + text;
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

void Histogram::observe(double value) {
  const auto place = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
  const std::lock_guard lock(mutex_);
  ++counts_[static_cast<std::size_t>(place)];
  sum_ += value;
}

Histogram::State Histogram::state() const {
  const std::lock_guard lock(mutex_);
  State state;
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    state.count += counts_[i];
    state.buckets.emplace_back(bounds_[i], state.count);
  }
  state.count += counts_.back();
  state.sum = sum_;
  return state;
}

void Registry::add(std::string name, std::string help, std::string_view type,
                   std::function<std::string()> lines) {
  const std::lock_guard lock(mutex_);
  entries_.push_back({std::move(name), std::move(help), type, std::move(lines)});
}

Family<Counter>& Registry::counters(std::string name, std::string help, Labels labels) {
  auto family = std::make_shared<Family<Counter>>([] { return std::make_unique<Counter>(); });
  if (labels.empty()) family->with({});
  add(name, std::move(help), "counter", [family, name, labels = std::move(labels)] {
    std::string text;
    family->each([&](const LabelValues& values, const Counter& counter) {
      text += line(name, labels, values, std::to_string(counter.value()));
    });
    return text;
  });
  return *family;
}

Family<Gauge>& Registry::gauges(std::string name, std::string help, Labels labels) {
  auto family = std::make_shared<Family<Gauge>>([] { return std::make_unique<Gauge>(); });
  if (labels.empty()) family->with({});
  add(name, std::move(help), "gauge", [family, name, labels = std::move(labels)] {
    std::string text;
    family->each([&](const LabelValues& values, const Gauge& gauge) {
      text += line(name, labels, values, number(gauge.value()));
    });
    return text;
  });
  return *family;
}

Family<Histogram>& Registry::histograms(std::string name, std::string help,
                                        std::vector<double> bounds, Labels labels) {
  auto family = std::make_shared<Family<Histogram>>(
      [bounds = std::move(bounds)] { return std::make_unique<Histogram>(bounds); });
  if (labels.empty()) family->with({});
  add(name, std::move(help), "histogram", [family, name, labels = std::move(labels)] {
    std::string text;
    family->each([&](const LabelValues& values, const Histogram& histogram) {
      text += histogram_lines(name, labels, values, histogram.state());
    });
    return text;
  });
  return *family;
}

void Registry::computed(std::string name, std::string help, Labels labels,
                        std::function<Samples()> samples, bool grows) {
  add(name, std::move(help), grows ? "counter" : "gauge",
      [name, labels = std::move(labels), samples = std::move(samples)] {
        std::string text;
        for (const auto& [values, value] : samples())
          text += line(name, labels, values, number(value));
        return text;
      });
}

std::string Registry::text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const Entry& entry : entries_)
    text += fmt::format("# HELP {} {}\n# TYPE {} {}\n{}", entry.name, escaped(entry.help, false),
                        entry.name, entry.type, entry.lines());
  return text;
}

}  // namespace reconcile::http
