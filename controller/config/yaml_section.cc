#include "controller/config/yaml_section.h"

#include <fmt/format.h>

#include <algorithm>

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

Result<void> YamlSection::check_key(const YAML::Node& key, std::string_view known) const {
  const std::string& name = key.Scalar();
  for (std::string_view rest = known; !rest.empty() && !name.empty();) {
    const std::size_t comma = std::min(rest.find(", "), rest.size());
    if (rest.substr(0, comma) == name) return {};
    rest.remove_prefix(std::min(comma + 2, rest.size()));
  }
  return unknown(key, known);
}

Result<void> YamlSection::exclude_each_other(const YAML::Node& mapping, const char* one,
                                             const char* other) const {
  if (!mapping[one] || !mapping[other]) return {};
  return wrong(at(mapping[other]), fmt::format("\"{}\" and \"{}\" exclude each other", one, other),
               "keep one of the two");
}

Result<std::string> YamlSection::word(const YAML::Node& key, const YAML::Node& node) const {
  // A value that is not there has the next line's mark.
  if (!node.IsScalar() || node.Scalar().empty())
    return wrong(at(key), fmt::format("\"{}\" has to be a text", key.Scalar()),
                 "write one value behind the colon");
  return node.Scalar();
}

Result<std::vector<std::string>> YamlSection::words(const YAML::Node& key,
                                                    const YAML::Node& node) const {
  if (!node.IsSequence())
    return wrong(at(key), fmt::format("\"{}\" has to be a list", key.Scalar()),
                 "write it as [one, another]");
  std::vector<std::string> list;
  for (const YAML::Node& item : node) {
    auto text = word(key, item);
    if (!text) return text.error();
    list.push_back(*text);
  }
  return list;
}

Result<bool> YamlSection::flag(const YAML::Node& key, const YAML::Node& node) const {
  auto text = word(key, node);
  if (!text) return text.error();
  if (*text == "true" || *text == "false") return *text == "true";
  return wrong(at(node), fmt::format("\"{}\" is neither true nor false", *text),
               "write true or false");
}

}  // namespace reconcile::config
