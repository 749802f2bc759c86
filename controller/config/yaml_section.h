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
  /// Complains of a key that is none of `known`: "one, another". To be asked before the value is
  /// read, of which there is nothing to say then.
  Result<void> check_key(const YAML::Node& key, std::string_view known) const;
  /// Complains where a mapping has both keys, which say one thing in two ways.
  Result<void> exclude_each_other(const YAML::Node& mapping, const char* one,
                                  const char* other) const;
  /// One value, not empty.
  Result<std::string> word(const YAML::Node& key, const YAML::Node& node) const;
  /// A list of such values.
  Result<std::vector<std::string>> words(const YAML::Node& key, const YAML::Node& node) const;
  Result<bool> flag(const YAML::Node& key, const YAML::Node& node) const;

 private:
  std::string file_;
};

}  // namespace reconcile::config
