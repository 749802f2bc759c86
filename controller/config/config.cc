#include "controller/config/config.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <filesystem>
#include <set>

#include "controller/config/directus_section.h"
#include "controller/config/drift_section.h"
#include "controller/config/failure.h"
#include "controller/config/guard_section.h"
#include "controller/config/hazards_section.h"
#include "controller/config/yaml_section.h"

namespace reconcile::config {
namespace {

/// Walks one configuration file.
class Reader : YamlSection {
 public:
  using YamlSection::YamlSection;

  Result<Config> read(const YAML::Node& root) {
    Config config;
    if (root.IsNull()) return config;
    if (!root.IsMap())
      return wrong(at(root), "the configuration has to be a mapping",
                   "see README.md, Configuration");
    std::set<std::string> seen;
    for (const auto& item : root) {
      const std::string key = item.first.Scalar();
      if (!seen.insert(key).second) return twice(item.first);
      if (key == "targets") {
        if (auto read_all = targets(item.second, config); !read_all) return read_all.error();
        continue;
      }
      std::string* place = key == "repository" ? &config.repository
                           : key == "branch"   ? &config.branch
                           : key == "state"    ? &config.state
                                               : nullptr;
      if (place == nullptr) return unknown(item.first, "repository, branch, state, targets");
      auto text = word(item.first, item.second);
      if (!text) return text.error();
      *place = *text;
    }
    return config;
  }

 private:
  Result<void> targets(const YAML::Node& node, Config& config) const {
    if (!node.IsMap() || node.size() == 0)
      return wrong(at(node), "\"targets\" has to be a mapping from names to targets",
                   "see README.md, Configuration");
    std::set<std::string> seen;
    for (const auto& item : node) {
      if (!seen.insert(item.first.Scalar()).second) return twice(item.first);
      auto parsed = target(item.first.Scalar(), item.second);
      if (!parsed) return parsed.error();
      config.targets.push_back(std::move(*parsed));
    }
    return {};
  }

  Result<Target> target(const std::string& name, const YAML::Node& node) const {
    Target parsed;
    parsed.name = name;
    if (!node.IsMap())
      return wrong(at(node), fmt::format("target {} has to be a mapping", name),
                   "give it at least a database");
    std::set<std::string> seen;
    for (const auto& item : node) {
      const std::string key = item.first.Scalar();
      if (!seen.insert(key).second) return twice(item.first);
      if (key == "directus") {
        auto directus = read_directus(*this, item.first, item.second);
        if (!directus) return directus.error();
        parsed.directus = std::move(*directus);
        continue;
      }
      if (key == "drift") {
        auto with_drift = read_drift(*this, item.first, item.second, std::move(parsed));
        if (!with_drift) return with_drift.error();
        parsed = std::move(*with_drift);
        continue;
      }
      if (key == "hazards") {
        auto levels = read_hazards(*this, item.second);
        if (!levels) return levels.error();
        parsed.hazards = std::move(*levels);
        continue;
      }
      if (key == "deletion_budget" || key == "quarantine") {
        if (auto guard = read_guard(*this, item.first, item.second, parsed); !guard)
          return guard.error();
        continue;
      }
      auto text = word(item.first, item.second);
      if (!text) return text.error();
      if (key == "database") {
        parsed.database = *text;
      } else if (key == "database_file") {
        auto content = read_file(*text, "the file with the connection string");
        if (!content) return content.error();
        parsed.database = trimmed(*content);
      } else if (key == "environment") {
        parsed.environment = *text;
      } else if (key == "mode") {
        if (*text != "auto" && *text != "dry-run" && *text != "skip")
          return wrong(at(item.second), fmt::format("unknown mode \"{}\"", *text),
                       "write auto, dry-run or skip");
        parsed.mode = *text;
      } else if (key == "lock_timeout") {
        auto time = duration(at(item.second), *text);
        if (!time) return time.error();
        parsed.lock_timeout = *time;
      } else if (key == "concurrent_timeout") {
        auto time = any_duration(at(item.second), *text);
        if (!time) return time.error();
        parsed.concurrent_timeout = *time;
      } else {
        return unknown(item.first,
                       "database, database_file, environment, mode, lock_timeout, "
                       "concurrent_timeout, drift, hazards, deletion_budget, quarantine, "
                       "directus");
      }
    }
    return parsed;
  }
};

Result<Config> read_config(const std::string& file) {
  auto text = read_file(file, "the configuration");
  if (!text) return text.error();
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(*text);
    if (documents.empty()) return Config();
    if (documents.size() > 1)
      return wrong(file, "more than one YAML document", "keep one document in the file");
    return Reader(file).read(documents.front());
  } catch (const YAML::Exception& problem) {
    return wrong(fmt::format("{}:{}", file, problem.mark.line + 1),
                 "this is not YAML: " + problem.msg, "mend the line");
  }
}

/// The variables that describe one target; they make one where the file has none.
Result<void> overlay_target(Config& config, const Environment& environment) {
  const std::array<std::pair<const char*, std::string Target::*>, 4> variables{
      {{"RECONCILE_DATABASE", &Target::database},
       {"RECONCILE_TARGET", &Target::name},
       {"RECONCILE_ENVIRONMENT", &Target::environment},
       {"RECONCILE_MODE", &Target::mode}}};
  Target told;
  bool any = false;
  for (const auto& [name, place] : variables) {
    if (auto value = environment(name)) {
      told.*place = *value;
      any = true;
    }
  }
  if (auto path = environment("RECONCILE_DATABASE_FILE")) {
    auto content = read_file(*path, "the file with the connection string");
    if (!content) return content.error();
    told.database = trimmed(*content);
    any = true;
  }
  if (!told.mode.empty() && told.mode != "auto" && told.mode != "dry-run" && told.mode != "skip") {
    return wrong("RECONCILE_MODE", fmt::format("unknown mode \"{}\"", told.mode),
                 "use auto, dry-run or skip");
  }
  // Over the file's where it has one target, so that each of the variables counts for itself.
  if (config.targets.size() == 1) told.directus = config.targets.front().directus;
  auto directus = overlay_directus(told.directus, environment);
  if (!directus) return directus.error();
  if (!any && !*directus) return {};
  if (config.targets.size() > 1) {
    return wrong("RECONCILE_DATABASE, _TARGET, _ENVIRONMENT, _MODE or _DIRECTUS_…",
                 "the environment describes one target, the configuration has several",
                 "unset the variable, or use a configuration with one target");
  }
  if (config.targets.empty()) config.targets.emplace_back();
  for (const auto& [name, place] : variables) {
    if (!(told.*place).empty()) config.targets.front().*place = told.*place;
  }
  config.targets.front().directus = std::move(told.directus);
  return {};
}

}  // namespace

Result<Config> load(const std::string& file, const Environment& environment) {
  std::string path = file;
  std::error_code ignored;
  if (path.empty() && std::filesystem::exists("reconcile.yaml", ignored)) path = "reconcile.yaml";
  Config config;
  if (!path.empty()) {
    auto read = read_config(path);
    if (!read) return read;
    config = std::move(*read);
  }
  if (auto value = environment("RECONCILE_REPO")) config.repository = *value;
  if (auto value = environment("RECONCILE_BRANCH")) config.branch = *value;
  if (auto value = environment("RECONCILE_STATE")) config.state = *value;
  if (auto done = overlay_target(config, environment); !done) return done.error();
  for (const Target& target : config.targets) {
    if (auto checked = check_directus(target); !checked) return checked.error();
  }
  return config;
}

}  // namespace reconcile::config
