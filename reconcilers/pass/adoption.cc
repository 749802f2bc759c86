#include "reconcilers/pass/adoption.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "reconcilers/catalog/definition.h"
#include "reconcilers/catalog/drift.h"
#include "reconcilers/pass/adoption_sql.h"
#include "reconcilers/pass/desired_state.h"
#include "reconcilers/snapshot/export.h"
#include "reconcilers/snapshot/plan.h"
#include "reconcilers/snapshot/read.h"
#include "reconcilers/snapshot/splice.h"

namespace reconcile {
namespace {

bool is_of_directus(const ObjectIdentity& object) {
  return object.kind == "collection" || object.kind == "field" || object.kind == "relation";
}

bool is_about(const Difference& entry, const std::string& name) {
  return entry.about == name || catalog::table_of(entry.about) == name;
}

/// Whether the snapshot can say it of one of its fields: what only SQL can stays for a file.
bool snapshot_says(const Difference& entry, const std::set<std::string>& fields) {
  const std::string& kind = entry.object.kind;
  const std::string& text = definition(entry);
  if (kind == "table" || kind == "column") return true;
  if (!fields.contains(entry.about)) return false;
  if (kind == "sequence") return text.find(" owned by ") != std::string::npos;
  if (kind == "constraint") {
    return text.find(" CHECK ") == std::string::npos && text.find(" EXCLUDE ") == std::string::npos;
  }
  return kind == "index" && text.starts_with("CREATE INDEX ") &&
         text.find(" WHERE ") == std::string::npos;
}

// ---- which objects

/// Puts the chosen drift into two piles: entries of the snapshot, and objects for SQL.
class Sorter {
 public:
  Sorter(const AdoptionInputs& inputs, const snapshot::Snapshot& live,
         const snapshot::Snapshot& parent)
      : inputs_(inputs), live_(live), parent_(parent) {
    for (const auto* side : {&live, &parent}) {
      for (const snapshot::Field& field : side->fields) fields_.insert(name_of(field));
    }
  }

  void sort() {
    for (const Drift& drift : inputs_.chosen) {
      if (unsayable(drift)) {
        left_out.push_back({drift.object, "Directus' own snapshots do not list it"});
        continue;
      }
      const bool whole = drift.kind != Drift::Kind::Altered;
      if (is_of_directus(drift.object)) {
        add_entries(drift.object, whole);
      } else if (const std::string field = untracked_field(drift); !field.empty()) {
        add_entries({"field", field}, whole);
      } else {
        add_object(drift.object, whole);
      }
    }
  }

  std::set<std::string> entries;          ///< of the snapshot, "field clubs.name"
  std::vector<Difference> objects;        ///< for SQL
  std::vector<Difference> with_snapshot;  ///< that come or go with those entries
  std::vector<LeftOut> left_out;

 private:
  /// A row about a column that is not there, say.
  bool unsayable(const Drift& drift) const {
    const auto lists = [&](const auto& entities) {
      return std::ranges::any_of(
          entities, [&](const auto& entity) { return name_of(entity) == drift.object.name; });
    };
    if (drift.kind == Drift::Kind::Missing || !is_of_directus(drift.object)) return false;
    if (drift.object.kind == "collection") return !lists(live_.collections);
    return drift.object.kind == "field" ? !lists(live_.fields) : !lists(live_.relations);
  }

  /// A column without metadata that the snapshot lists all the same.
  std::string untracked_field(const Drift& drift) const {
    if (drift.object.kind != "column" || drift.kind != Drift::Kind::Unmanaged) return {};
    for (const Difference& entry : inputs_.differences) {
      if (entry.object != drift.object) continue;
      const auto is_it = [&](const auto& field) { return name_of(field) == entry.about; };
      return std::ranges::any_of(live_.fields, is_it) ? entry.about : "";
    }
    return {};
  }

  void add_entries(const ObjectIdentity& object, bool whole) {
    entries.insert(object.text());
    if (!whole || object.kind == "relation") return;
    for (const auto* side : {&live_, &parent_}) {
      for (const snapshot::Field& field : side->fields) {
        if (field.collection == object.name) entries.insert("field " + name_of(field));
      }
      for (const snapshot::Relation& relation : side->relations) {
        if (relation.collection == object.name || name_of(relation) == object.name)
          entries.insert("relation " + name_of(relation));
      }
    }
    for (const Difference& entry : inputs_.differences) {
      if (catalog::is_metadata(entry) || !is_about(entry, object.name)) continue;
      if (snapshot_says(entry, fields_)) {
        with_snapshot.push_back(entry);
      } else {
        add(entry);
      }
    }
  }

  void add_object(const ObjectIdentity& object, bool whole) {
    const auto found = std::ranges::find(inputs_.differences, object, &Difference::object);
    if (found == inputs_.differences.end()) return;
    add(*found);
    if (object.kind != "table" || !whole) return;
    for (const Difference& entry : inputs_.differences) {
      if (!catalog::is_metadata(entry) && is_about(entry, found->about) &&
          entry.live.has_value() == found->live.has_value() && !(entry.owned && entry.live))
        add(entry);
    }
  }

  void add(const Difference& entry) {
    if (taken_.insert(entry.object).second) objects.push_back(entry);
  }

  const AdoptionInputs& inputs_;
  const snapshot::Snapshot& live_;
  const snapshot::Snapshot& parent_;
  std::set<std::string> fields_;
  std::set<ObjectIdentity> taken_;
};

// ---- the snapshot

Error says_otherwise(const std::string& entry, const Revision& applied) {
  return {
      .where = entry,
      .what = "it has changed in git since " + applied.short_commit() + ", which this database has",
      .why = "",
      .next = "reconcile --once applies the newest commit; then adopt what is left"};
}

Result<std::string> new_snapshot(const AdoptionInputs& inputs, const SnapshotFile& base,
                                 const SnapshotFile& parent, const snapshot::Snapshot& live,
                                 const std::set<std::string>& entries) {
  const File& file = *inputs.parent.find(parent.path);
  const bool json = file.path.ends_with(".json");
  if (base.blob != parent.blob) {
    const File* before = inputs.base.find(base.path);
    for (const std::string& entry : entries) {
      if (json || before == nullptr ||
          snapshot::entry_text(before->text, entry) != snapshot::entry_text(file.text, entry))
        return says_otherwise(entry, inputs.applied);
    }
  }
  const auto version = snapshot::parse_directus_version(live.directus);
  const auto numbers = traits_of(*version).yaml_numbers;
  std::string text = json ? to_json(snapshot::spliced(*parent.model, live, entries))
                          : snapshot::spliced(file.text, to_yaml(live, numbers), entries);
  const Error unusable{.where = file.path,
                       .what = "the change cannot be put into it entry by entry",
                       .why = "it is not written as Directus writes it",
                       .next = "reconcile snapshot --write " + file.path +
                               " writes all of it anew; or commit the change by hand"};
  auto read = snapshot::read(text, file.path);
  if (!read) return unusable;
  // What it says now of these is what the database has, and of all others what it said before.
  const Plan left =
      snapshot::plan({*parent.model, *read, inputs.live, {}, inputs.applied, file.path, {}});
  const auto is_chosen = [&](const Drift& drift) { return entries.contains(drift.object.text()); };
  if (!left.steps.empty() || !left.holds.empty() || std::ranges::any_of(left.drift, is_chosen))
    return unusable;
  return text;
}

// ---- the commit

std::string message_of(const AdoptionInputs& inputs, const std::vector<Drift>& adopted) {
  constexpr std::size_t longest = 72;
  const std::string first = in_one_line(adopted.front().object.text());
  const std::string more =
      adopted.size() == 1 ? "" : fmt::format(" and {} more", adopted.size() - 1);
  std::string subject = fmt::format("Adopt {}{} from {}", first, more, in_one_line(inputs.target));
  if (subject.size() > longest) {
    subject = fmt::format("Adopt {} change{} made by hand", adopted.size(),
                          adopted.size() == 1 ? "" : "s");
  }
  std::string text =
      fmt::format("{}\n\nFound in the database of target {}, which has {}:\n\n", subject,
                  in_one_line(inputs.target), inputs.applied.short_commit());
  for (const Drift& drift : adopted) {
    text += fmt::format("- {} {}: {}\n", name_of(drift.kind), in_one_line(drift.object.text()),
                        in_one_line(drift.detail));
  }
  return text + "\nWhere it is as it was found, the pass that applies this runs nothing.\n";
}

bool is_unknown(const Drift& drift, const std::vector<Difference>& unknown) {
  return std::ranges::find(unknown, drift.object, &Difference::object) != unknown.end();
}

}  // namespace

Result<AdoptionProposal> propose_adoption(const AdoptionInputs& inputs) {
  auto base = load_snapshot(inputs.base, {});
  if (!base) return base.error();
  auto parent = load_snapshot(inputs.parent, *base);
  if (!parent) return parent.error();
  snapshot::Snapshot live;
  static const snapshot::Snapshot nothing;
  if (parent->model && inputs.live.directus) {
    auto version = snapshot::parse_directus_version(parent->model->directus);
    if (!version)
      version = snapshot::installed_directus(inputs.live, parent->model->directus).version;
    live = snapshot::exported(inputs.live, *version);
  }
  Sorter sorted(inputs, live, parent->model ? *parent->model : nothing);
  sorted.sort();
  AdoptionProposal result;
  std::set<std::string> lost;
  for (const Difference& entry : sorted.with_snapshot) {
    if (!entry.live) lost.insert(entry.about);
  }
  const catalog::Adoptions sql = catalog::adoptions(std::move(sorted.objects), std::move(lost));
  std::set<ObjectIdentity> seen;
  for (const LeftOut& entry : sorted.left_out) seen.insert(entry.object);
  result.left_out = std::move(sorted.left_out);
  for (const Drift& drift : inputs.chosen) {
    if (!seen.insert(drift.object).second) continue;  // metadata and table are lost both
    if (is_unknown(drift, sql.unknown)) {
      result.left_out.push_back(
          {drift.object, "there is no SQL that makes just that of what git has: " + drift.detail});
    } else {
      result.adopted.push_back(drift);
    }
  }
  if (result.adopted.empty()) return result;
  if (!sorted.entries.empty()) {
    if (!parent->model) return says_otherwise(parent->path, inputs.applied);
    auto text = new_snapshot(inputs, *base, *parent, live, sorted.entries);
    if (!text) return text.error();
    if (*text != inputs.parent.find(parent->path)->text)
      result.files.push_back({parent->path, "", std::move(*text)});
  }
  auto files = adoption_files(inputs, sql.pieces, sorted.with_snapshot);
  if (!files) return files.error();
  std::ranges::move(*files, std::back_inserter(result.files));
  result.message = message_of(inputs, result.adopted);
  return result;
}

std::vector<Drift> drift_called(std::span<const Drift> drift, std::string_view wish) {
  const auto unquoted = [](std::string text) {
    std::erase(text, '"');
    return text;
  };
  const std::string wanted = unquoted(std::string(wish));
  std::vector<Drift> result;
  for (const Drift& entry : drift) {
    const std::string name = unquoted(entry.object.name);
    if (name == wanted || unquoted(entry.object.text()) == wanted || name.ends_with("." + wanted))
      result.push_back(entry);
  }
  return result;
}

}  // namespace reconcile
