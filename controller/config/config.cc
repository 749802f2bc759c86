#include "controller/config/config.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <filesystem>
#include <set>

#include "controller/config/directus_section.h"
#include "controller/config/drift_section.h"
#include "controller/config/failure.h"
#include "controller/config/fleet_section.h"
#include "controller/config/git_section.h"
#include "controller/config/guard_section.h"
#include "controller/config/hazards_section.h"
#include "controller/config/http_section.h"
#include "controller/config/notify_section.h"
#include "controller/config/order_section.h"
#include "controller/config/service_section.h"
#include "controller/config/yaml_documents.h"
#include "controller/config/yaml_section.h"

namespace reconcile::config {
namespace {

constexpr std::string_view database_keys = "database, database_file";
constexpr std::string_view target_keys =
    "environment, mode, branch, tag, interval, windows, depends_on, "
    "follows, soak, lock_timeout, concurrent_timeout, drift, hazards, deletion_budget, quarantine, "
    "directus";

bool is_mode(std::string_view text) {
  return text == "auto" || text == "dry-run" || text == "skip";
}

Result<std::string> database_in(const std::string& path) {
  auto content = read_file(path, "the file with the connection string");
  if (!content) return content.error();
  return trimmed(std::move(*content));
}

template <class T>
Result<void> put(T& place, Result<T> value) {
  if (!value) return value.error();
  place = std::move(*value);
  return {};
}

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
      if (key == "notify") {
        auto receivers = read_notify(*this, item.first, item.second);
        if (!receivers) return receivers.error();
        config.receivers = std::move(*receivers);
        continue;
      }
      if (key == "fleets") {
        if (auto read_all = fleets(item.second, config); !read_all) return read_all.error();
        continue;
      }
      if (is_of_service(key)) {
        if (auto read_it = read_service(*this, item.first, item.second, config.service); !read_it)
          return read_it.error();
        continue;
      }
      if (key == "http") {
        auto http = read_http(*this, item.first, item.second);
        if (!http) return http.error();
        config.http = std::move(*http);
        continue;
      }
      if (key == "git") {
        auto git = read_git(*this, item.first, item.second);
        if (!git) return git.error();
        config.git = std::move(*git);
        continue;
      }
      std::string* place = key == "repository" ? &config.repository
                           : key == "branch"   ? &config.branch
                           : key == "tag"      ? &config.tag
                           : key == "state"    ? &config.state
                                               : nullptr;
      if (place == nullptr)
        return unknown(
            item.first,
            "repository, branch, tag, state, git, targets, fleets, http, notify, workers, poll, "
            "lease, replica");
      auto text = word(item.first, item.second);
      if (!text) return text.error();
      *place = *text;
    }
    if (!config.branch.empty() && !config.tag.empty()) return both(root);
    if (auto checked = check_order(*this, root, config); !checked) return checked.error();
    return config;
  }

 private:
  /// `node` has a branch and tags.
  Error both(const YAML::Node& node) const {
    return wrong(at(node["tag"]), "a branch and a tag exclude each other",
                 "keep the branch, or the pattern of tags to take instead");
  }

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

  Result<void> fleets(const YAML::Node& node, Config& config) const {
    if (!node.IsMap())
      return wrong(at(node), "\"fleets\" has to be a mapping from names to fleets",
                   "see README.md, Fleets");
    std::set<std::string> seen;
    for (const auto& item : node) {
      const std::string name = item.first.Scalar();
      if (!seen.insert(name).second) return twice(item.first);
      auto pattern = target(name, item.second, true);
      if (!pattern) return pattern.error();
      auto fleet = read_fleet(*this, item.first, item.second);
      if (!fleet) return fleet.error();
      fleet->pattern = std::move(*pattern);
      config.fleets.push_back(std::move(*fleet));
    }
    return {};
  }

  /// A target, or what those of a fleet have in common, whose databases are looked up.
  Result<Target> target(const std::string& name, const YAML::Node& node,
                        bool of_fleet = false) const {
    Target parsed;
    parsed.name = name;
    if (!node.IsMap())
      return wrong(at(node), fmt::format("target {} has to be a mapping", name),
                   "give it at least a database");
    const std::string known =
        fmt::format("{}, {}", of_fleet ? fleet_keys : database_keys, target_keys);
    std::set<std::string> seen;
    for (const auto& item : node) {
      const std::string key = item.first.Scalar();
      if (!seen.insert(key).second) return twice(item.first);
      if (auto checked = check_key(item.first, known); !checked) return checked.error();
      if (of_fleet && is_of_fleet(key)) continue;
      auto taken = is_of_order(key) ? read_order(*this, item.first, item.second, parsed)
                                    : take(item.first, item.second, parsed);
      if (!taken) return taken.error();
    }
    if (auto one = exclude_each_other(node, "database", "database_file"); !one) return one.error();
    if (!parsed.branch.empty() && !parsed.tag.empty()) return both(node);
    return parsed;
  }

  Result<void> take(const YAML::Node& key, const YAML::Node& node, Target& target) const {
    const std::string& name = key.Scalar();
    if (name == "directus") return put(target.directus, read_directus(*this, key, node));
    if (name == "drift") return put(target, read_drift(*this, key, node, target));
    if (name == "hazards") return put(target.hazards, read_hazards(*this, node));
    if (name == "deletion_budget" || name == "quarantine")
      return read_guard(*this, key, node, target);
    auto text = word(key, node);
    if (!text) return text.error();
    if (name == "database") return put(target.database, std::move(text));
    if (name == "database_file") return put(target.database, database_in(*text));
    if (name == "environment") return put(target.environment, std::move(text));
    if (name == "lock_timeout") return put(target.lock_timeout, duration(at(node), *text));
    if (name == "interval") return put(target.interval, any_duration(at(node), *text));
    if (name == "concurrent_timeout")
      return put(target.concurrent_timeout, any_duration(at(node), *text));
    if (!is_mode(*text))
      return wrong(at(node), fmt::format("unknown mode \"{}\"", *text),
                   "write auto, dry-run or skip");
    return put(target.mode, std::move(text));
  }
};

Result<Config> read_config(const std::string& file) {
  auto text = read_file(file, "the configuration");
  if (!text) return text.error();
  try {
    if (has_more_than_one_document(*text))
      return wrong(file, "more than one YAML document", "keep one document in the file");
    return Reader(file).read(YAML::Load(*text));
  } catch (const YAML::Exception& problem) {
    return wrong(fmt::format("{}:{}", file, problem.mark.line + 1),
                 "this is not YAML: " + problem.msg, "mend the line");
  }
}

/// The branch or the tags of targets that name neither.
Result<void> overlay_selection(Config& config, const Environment& environment) {
  const auto branch = environment("RECONCILE_BRANCH");
  const auto tag = environment("RECONCILE_TAG");
  if (!branch && !tag) return {};
  if (branch && tag)
    return wrong("RECONCILE_TAG", "it and RECONCILE_BRANCH exclude each other",
                 "unset one of the two");
  config.branch = branch.value_or("");
  config.tag = tag.value_or("");
  return {};
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
    if (!told.database.empty())
      return wrong("RECONCILE_DATABASE_FILE", "it and RECONCILE_DATABASE exclude each other",
                   "unset one of the two");
    if (auto content = put(told.database, database_in(*path)); !content) return content;
    any = true;
  }
  if (!told.mode.empty() && !is_mode(told.mode)) {
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
    config.file = path;
  }
  if (auto value = environment("RECONCILE_REPO")) config.repository = *value;
  if (auto selected = overlay_selection(config, environment); !selected) return selected.error();
  if (auto value = environment("RECONCILE_STATE")) config.state = *value;
  if (auto done = overlay_git(config.git, environment); !done) return done.error();
  if (auto done = overlay_target(config, environment); !done) return done.error();
  if (auto checked = check_directus(config); !checked) return checked.error();
  settle_selections(config);
  return config;
}

}  // namespace reconcile::config
