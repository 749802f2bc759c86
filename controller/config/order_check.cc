#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "controller/config/failure.h"
#include "controller/config/order_section.h"
#include "reconcilers/core/pattern.h"

namespace reconcile::config {
namespace {

/// Whether LIKE finds the name. What stands for itself there may stand for more here.
bool is_like(std::string_view like, std::string_view name) {
  std::string pattern;
  for (std::size_t i = 0; i < like.size(); ++i) {
    const bool literal = like[i] == '\\' && i + 1 < like.size();
    if (literal) ++i;
    pattern += literal ? like[i] : like[i] == '%' ? '*' : like[i] == '_' ? '?' : like[i];
  }
  return matches(pattern, name, Wildcards::StarAndQuestion);
}

/// The fleet that a database of this name would be one of.
const Fleet* fleet_of(const Config& config, std::string_view member) {
  const auto fleet = std::ranges::find_if(config.fleets, [&](const Fleet& one) {
    return member.starts_with(one.prefix) && is_like(one.like, member.substr(one.prefix.size()));
  });
  return fleet == config.fleets.end() ? nullptr : &*fleet;
}

/// By name, what has the settings of a target.
const Target* settings_of(const Config& config, std::string_view name) {
  const auto target = std::ranges::find(config.targets, name, &Target::name);
  if (target != config.targets.end()) return &*target;
  const auto fleet = std::ranges::find(config.fleets, name, &Fleet::name);
  if (fleet != config.fleets.end()) return &fleet->pattern;
  const Fleet* of_member = fleet_of(config, name);
  return of_member == nullptr ? nullptr : &of_member->pattern;
}

/// Walks what waits for what.
class OrderCheck {
 public:
  OrderCheck(const YamlSection& section, const Config& config)
      : section_(section), config_(config) {}

  /// One target or fleet, as it stands in the file.
  Result<void> check(const std::string& name, const YAML::Node& node) const {
    const Target& target = *settings_of(config_, name);
    const YAML::Node follows = node["follows"];
    if (node["soak"] && !follows)
      return wrong(section_.at(node["soak"]), "\"soak\" says for how long, and nothing says where",
                   "add follows with the name of a target, or leave it out");
    if (follows && (node["branch"] || node["tag"]))
      return wrong(section_.at(follows),
                   fmt::format("{} follows {}, and has a branch or a tag of its own", name,
                               target.follows.name),
                   "keep one of the two: what it follows says which commits there are");
    if (follows) {
      if (auto checked = check_name(name, target.follows.name, follows); !checked) return checked;
    }
    for (std::size_t i = 0; i < target.depends_on.size(); ++i) {
      if (follows && target.depends_on[i] == target.follows.name)
        return wrong(section_.at(node["depends_on"][i]),
                     fmt::format("{} follows {}, which goes on while this one still waits", name,
                                 target.follows.name),
                     "leave it out here: what is followed comes first in any case");
      if (auto checked = check_name(name, target.depends_on[i], node["depends_on"][i]); !checked)
        return checked;
    }
    return {};
  }

 private:
  Result<void> check_name(const std::string& name, const std::string& first,
                          const YAML::Node& node) const {
    if (settings_of(config_, first) == nullptr)
      return wrong(section_.at(node), fmt::format("there is no target or fleet \"{}\"", first),
                   "name one of this configuration");
    std::vector<std::string> way{name};
    std::set<std::string> seen;
    if (comes_back(name, first, way, seen))
      return wrong(section_.at(node),
                   fmt::format("{} waits for itself: {}", name, fmt::join(way, " after ")),
                   "leave one of them out");
    return {};
  }

  /// Whether `at` waits for `name`; the way there is added.
  bool comes_back(const std::string& name, const std::string& at, std::vector<std::string>& way,
                  std::set<std::string>& seen) const {
    const Target* settings = settings_of(config_, at);
    if (settings == nullptr || !seen.insert(at).second) return false;
    way.push_back(at);
    if (settings == settings_of(config_, name)) return true;
    std::vector<std::string> next = settings->depends_on;
    if (!settings->follows.name.empty()) next.push_back(settings->follows.name);
    for (const std::string& further : next) {
      if (comes_back(name, further, way, seen)) return true;
    }
    way.pop_back();
    return false;
  }

  const YamlSection& section_;
  const Config& config_;
};

}  // namespace

Result<void> check_order(const YamlSection& section, const YAML::Node& root, const Config& config) {
  const OrderCheck check(section, config);
  for (const char* all : {"targets", "fleets"}) {
    if (!root[all]) continue;
    for (const auto& item : root[all]) {
      if (auto checked = check.check(item.first.Scalar(), item.second); !checked) return checked;
    }
  }
  return {};
}

void settle_selections(Config& config) {
  const auto settle = [&](Target& target) {
    const Target* source = &target;
    // The environment may have given a target the name of the one it follows.
    std::size_t steps = config.targets.size() + config.fleets.size();
    while (source != nullptr && !source->follows.name.empty() && steps-- > 0)
      source = settings_of(config, source->follows.name);
    if (source == nullptr) return;
    const bool own = !source->branch.empty() || !source->tag.empty();
    std::string branch = own ? source->branch : config.branch;
    target.tag = own ? source->tag : config.tag;
    target.branch = std::move(branch);
  };
  for (Target& target : config.targets) settle(target);
  for (Fleet& fleet : config.fleets) settle(fleet.pattern);
}

}  // namespace reconcile::config
