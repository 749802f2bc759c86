#include "reconcilers/pass/verification.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace reconcile {
namespace {

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

/// What PostgreSQL put between double quotes in its message.
std::vector<std::string> quoted_names(std::string_view message) {
  std::vector<std::string> names;
  for (std::size_t begin = message.find('"'); begin != std::string_view::npos;) {
    const std::size_t end = message.find('"', begin + 1);
    if (end == std::string_view::npos) break;
    names.emplace_back(message.substr(begin + 1, end - begin - 1));
    begin = message.find('"', end + 1);
  }
  return names;
}

/// The collection or field of the snapshot that a message says does not exist.
std::string made_by_snapshot(std::string_view message, const snapshot::Snapshot& desired) {
  const auto names = quoted_names(message);
  for (std::string name : names) {
    if (name.starts_with("public.")) name.erase(0, 7);
    if (std::ranges::find(desired.collections, name, &snapshot::Collection::name) !=
        desired.collections.end())
      return "collection " + name;
    // column "x" of relation "y"
    const auto field = std::ranges::find_if(desired.fields, [&](const snapshot::Field& candidate) {
      return candidate.name == name && std::ranges::count(names, candidate.collection) > 0;
    });
    if (field != desired.fields.end()) return fmt::format("field {}.{}", field->collection, name);
  }
  return {};
}

/// Where SQL goes that needs what the snapshot makes.
std::string_view later_folder(std::string_view file) {
  return file.starts_with("db-init/") ? "db-init-post/" : "migrations/post/";
}

/// The ways out that only a database made from nothing makes necessary.
std::string way_out(const Failed& failure, const SnapshotFile& desired) {
  const Error& error = failure.error;
  const bool undefined = error.sqlstate == "42P01" || error.sqlstate == "42703";
  if (undefined && failure.stage == Stage::Pre && desired.model) {
    const std::string object = made_by_snapshot(first_line(error.why), *desired.model);
    if (!object.empty())
      return fmt::format("{} is made by {}, which comes after this file: put the SQL into {}",
                         object, desired.path, later_folder(error.where));
  }
  if (error.sqlstate == "42704" && error.why.starts_with("role "))
    return "a new server does not have that role: let the SQL make it where it is missing, or "
           "verify "
           "with --on-server on one that has it";
  return error.next;
}

Finding finding_of(const Failed& failure, const std::string& way, const SnapshotFile& desired) {
  const Error& error = failure.error;
  std::string what = error.what;
  if (!error.why.empty()) what += ": " + first_line(error.why);
  return {way, error.where, first_line(what), way_out(failure, desired)};
}

bool continues_a_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// As much of a definition as fits a line, beginning a little before `at`.
std::string excerpt(const std::string& definition, std::size_t at) {
  constexpr std::size_t before = 60;
  constexpr std::size_t longest = 240;
  std::size_t begin = at > before && definition.size() > longest ? at - before : 0;
  std::size_t end = std::min(begin + longest, definition.size());
  while (begin > 0 && continues_a_character(definition[begin])) --begin;
  while (end < definition.size() && continues_a_character(definition[end])) ++end;
  const auto middle = std::string_view(definition).substr(begin, end - begin);
  std::string text =
      fmt::format("`{}{}{}`", begin > 0 ? "…" : "", middle, end < definition.size() ? "…" : "");
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::size_t first_difference(const std::string& left, const std::string& right) {
  return static_cast<std::size_t>(std::ranges::mismatch(left, right).in1 - left.begin());
}

Finding difference(const ObjectIdentity& object, std::string what) {
  return {
      "compared", object.text(), std::move(what),
      "let the files of this revision make the same of a new database and of one that is at its "
      "base: what was applied is changed by a new file, not by another text of the old one"};
}

}  // namespace

std::vector<Finding> findings_of(const PassReport& report, const std::string& way,
                                 const SnapshotFile& desired) {
  std::vector<Finding> findings;
  if (const auto* failure = std::get_if<Failed>(&report.outcome))
    findings.push_back(finding_of(*failure, way, desired));
  if (const auto* waiting = std::get_if<Held>(&report.outcome)) {
    for (const Hold& hold : waiting->holds)
      findings.push_back({way, hold.object.text(),
                          fmt::format("{}: {}", name_of(hold.code), first_line(hold.message)),
                          hold.next});
  }
  return findings;
}

std::vector<Finding> findings_of_second_pass(const PassReport& report, const std::string& way) {
  std::vector<Finding> findings = findings_of(report, way + ", second pass", {});
  for (const Step& step : report.plan.steps) {
    findings.push_back({way + ", second pass", step.owner.text(),
                        fmt::format("a second pass would {} {} again: {}", name_of(step.action),
                                    step.object.text(), step.detail),
                        "this is a fault of reconcile: please report it with the snapshot"});
  }
  return findings;
}

std::vector<Finding> differences(std::span<const CatalogEntry> from_nothing,
                                 std::span<const CatalogEntry> from_base,
                                 const std::string& base_way) {
  std::vector<Finding> findings;
  auto left = from_nothing.begin();
  auto right = from_base.begin();
  while (left != from_nothing.end() || right != from_base.end()) {
    const bool only_left =
        right == from_base.end() || (left != from_nothing.end() && left->object < right->object);
    const bool only_right =
        !only_left && (left == from_nothing.end() || right->object < left->object);
    if (only_left) {
      findings.push_back(difference(
          left->object,
          fmt::format("only from nothing, not {}: {}", base_way, excerpt(left->definition, 0))));
    } else if (only_right) {
      findings.push_back(difference(
          right->object,
          fmt::format("only {}, not from nothing: {}", base_way, excerpt(right->definition, 0))));
    } else if (left->definition != right->definition) {
      const std::size_t at = first_difference(left->definition, right->definition);
      findings.push_back(difference(
          left->object, fmt::format("from nothing {}, {} {}", excerpt(left->definition, at),
                                    base_way, excerpt(right->definition, at))));
    }
    if (!only_right) ++left;
    if (!only_left) ++right;
  }
  return findings;
}

std::vector<std::string> losses_of(const PassReport& report) {
  std::vector<std::string> losses;
  for (const Step& step : report.plan.steps) {
    if (step.destructive)
      losses.push_back(
          fmt::format("{} {}: {}", name_of(step.action), step.object.text(), step.detail));
  }
  return losses;
}

}  // namespace reconcile
