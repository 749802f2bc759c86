#pragma once

#include <yaml-cpp/yaml.h>

#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/result.h"

namespace reconcile::config {

/// What readers of configuration files share; every complaint carries its line.
class YamlSection {
 public:
  explicit YamlSection(std::string file) : file_(std::move(file)) {}

  std::string at(const YAML::Node& node) const;
  Error unknown(const YAML::Node& key, std::string_view known) const;
  Error twice(const YAML::Node& key) const;
  /// One value, not empty.
  Result<std::string> word(const YAML::Node& key, const YAML::Node& node) const;
  /// A list of such values.
  Result<std::vector<std::string>> words(const YAML::Node& key, const YAML::Node& node) const;
  Result<bool> flag(const YAML::Node& key, const YAML::Node& node) const;

 private:
  std::string file_;
};

}  // namespace reconcile::config
