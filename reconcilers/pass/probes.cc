#include "reconcilers/pass/probes.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace reconcile {
namespace {

constexpr std::size_t most_collections = 3;
constexpr std::size_t most_fields = 10;

/// A name that stands for itself in the query of an address; others are left to chance.
bool simple(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

bool is_true(const std::optional<snapshot::Attributes>& part, std::string_view key) {
  return part && snapshot::truth_of(part->find(snapshot::Key(key)));
}

/// What Directus serves of the desired state: collections that it tracks, with a table and a key of
/// one column, and their columns.
class Served {
 public:
  explicit Served(const snapshot::Snapshot& desired) {
    std::set<std::string_view> keyed;
    for (const snapshot::Field& field : desired.fields) {
      if (is_true(field.schema, "is_primary_key")) keyed.insert(field.collection);
    }
    for (const snapshot::Collection& collection : desired.collections) {
      all_.insert(collection.name);
      const auto* status =
          collection.meta ? collection.meta->find(snapshot::Key("status")) : nullptr;
      const bool active = status == nullptr || snapshot::text_of(status) == "active";
      if (collection.meta && collection.schema && active && keyed.contains(collection.name))
        served_.insert(collection.name);
    }
    for (const snapshot::Field& field : desired.fields) {
      // A collection that the snapshot only adds fields to is one of Directus' own.
      const bool own =
          field.collection.starts_with("directus_") && !all_.contains(field.collection);
      if (own) served_.insert(field.collection);
      if (field.schema) columns_.insert(field.collection + "." + field.name);
    }
  }

  bool knows(const std::string& collection) const { return all_.contains(collection); }
  bool collection(const std::string& name) const { return served_.contains(name); }
  bool column(const std::string& name) const { return columns_.contains(name); }

 private:
  std::set<std::string, std::less<>> all_, served_, columns_;
};

}  // namespace

std::vector<Probe> probes(std::span<const Step> steps, const snapshot::Snapshot& desired) {
  const Served served(desired);
  std::map<std::string, std::vector<std::string>> there;
  std::vector<Probe> gone;
  bool collection_gone = false;
  bool field_gone = false;
  for (const Step& step : steps) {
    if (step.stage != Stage::Snapshot) continue;
    const std::string& name = step.object.name;
    const std::size_t dot = name.find('.');
    const std::string collection = name.substr(0, dot);
    const std::string field = dot == std::string::npos ? "" : name.substr(dot + 1);
    if (!simple(collection) || !(field.empty() || simple(field))) continue;
    const bool of_field = step.object.kind == "field";
    if (step.action == Action::Remove && step.object.kind == "collection") {
      if (!collection_gone && !served.knows(collection)) {
        gone.push_back({collection, {}, false});
        collection_gone = true;
      }
    } else if (step.action == Action::Remove && of_field) {
      if (!field_gone && served.collection(collection) && !served.column(name)) {
        gone.push_back({collection, {field}, false});
        field_gone = true;
      }
    } else if (served.collection(collection) &&
               (there.size() < most_collections || there.contains(collection))) {
      auto& fields = there[collection];
      if (of_field && served.column(name) && fields.size() < most_fields) fields.push_back(field);
    }
  }
  std::vector<Probe> result;
  for (auto& [collection, fields] : there) result.push_back({collection, std::move(fields), true});
  result.insert(result.end(), gone.begin(), gone.end());
  return result;
}

}  // namespace reconcile
