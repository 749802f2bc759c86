#include "controller/config/yaml_section.h"

#include <fmt/format.h>

#include "controller/config/failure.h"

namespace reconcile::config {

std::string YamlSection::at(const YAML::Node& node) const {
  return fmt::format("{}:{}", file_, node.Mark().line + 1);
}

Error YamlSection::unknown(const YAML::Node& key, std::string_view known) const {
  return wrong(at(key), fmt::format("unknown key \"{}\"", key.Scalar()),
               fmt::format("the keys here are {}", known));
}

Error YamlSection::twice(const YAML::Node& key) const {
  return wrong(at(key), fmt::format("\"{}\" stands twice", key.Scalar()), "keep one of the two");
}

Result<std::string> YamlSection::word(const YAML::Node& key, const YAML::Node& node) const {
  // A value that is not there has the next line's mark.
  if (!node.IsScalar() || node.Scalar().empty())
    return wrong(at(key), fmt::format("\"{}\" has to be a text", key.Scalar()),
                 "write one value behind the colon");
  return node.Scalar();
}

}  // namespace reconcile::config
