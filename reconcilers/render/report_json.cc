#include "reconcilers/render/report_json.h"

#include <array>

namespace reconcile::render {
namespace {

boost::json::value optional_number(const std::optional<std::int64_t>& number) {
  return number ? boost::json::value(*number) : boost::json::value(nullptr);
}

boost::json::string text(std::string_view value) { return boost::json::string(value); }

boost::json::array list(const std::vector<std::string>& texts) {
  boost::json::array result;
  for (const std::string& entry : texts) result.push_back(text(entry));
  return result;
}

boost::json::value hazard_json(const Hazard& hazard) {
  return {{"code", hazard.code},
          {"category", text(name_of(hazard.category))},
          {"level", text(name_of(hazard.level))},
          {"object", hazard.object},
          {"lock", hazard.lock},
          {"reason", hazard.reason},
          {"safer", hazard.safer},
          {"line", hazard.line}};
}

boost::json::value step_json(const Step& step) {
  boost::json::array sql;
  for (const Statement& statement : step.statements) {
    sql.push_back(
        text((statement.insert_head ? *statement.insert_head : std::string()) + statement.text));
  }
  boost::json::array hazards;
  for (const Hazard& hazard : step.hazards) hazards.push_back(hazard_json(hazard));
  return {{"stage", text(name_of(step.stage))},
          {"action", text(name_of(step.action))},
          {"object", step.object.text()},
          {"detail", step.detail},
          {"reason", step.reason},
          {"owner", step.owner.text()},
          {"destructive", step.destructive},
          {"rows_at_stake", optional_number(step.rows_at_stake)},
          {"alone", step.alone},
          {"piece", step.stretch + 1},
          {"hazards", std::move(hazards)},
          {"sql", std::move(sql)}};
}

boost::json::value witness_json(const std::optional<Witness>& witness) {
  if (!witness) return nullptr;
  return {{"at", witness->at},
          {"role", witness->role},
          {"application", witness->application},
          {"address", witness->address},
          {"command", witness->command},
          {"statement", witness->statement}};
}

boost::json::value drift_json(const Drift& drift) {
  return {{"kind", text(name_of(drift.kind))},
          {"object", drift.object.text()},
          {"detail", drift.detail},
          {"rows", optional_number(drift.rows)},
          {"heal", list(drift.heal)},
          {"adopt", list(drift.adopt)},
          {"by", witness_json(drift.by)}};
}

boost::json::value hold_json(const Hold& hold) {
  return {{"reason", text(name_of(hold.code))},
          {"object", hold.object.text()},
          {"message", hold.message},
          {"next", hold.next}};
}

}  // namespace

std::string_view word_for(const Outcome& outcome) {
  constexpr std::array<std::string_view, 6> words{"in-sync", "applied", "pending",
                                                  "skipped", "held",    "failed"};
  return words.at(outcome.index());
}

std::string_view reason_for(const Outcome& outcome) {
  if (const auto* waiting = std::get_if<Held>(&outcome))
    return name_of(waiting->holds.front().code);
  if (const auto* failure = std::get_if<Failed>(&outcome)) return name_of(failure->stage);
  return {};
}

boost::json::array drift_json(const std::vector<Drift>& drift) {
  boost::json::array entries;
  for (const Drift& entry : drift) entries.push_back(drift_json(entry));
  return entries;
}

boost::json::object report_json(const PassReport& report) {
  boost::json::object document;
  document["target"] = report.target;
  document["revision"] = report.revision.commit;
  document["base"] =
      report.base ? boost::json::value(text(*report.base)) : boost::json::value(nullptr);
  document["outcome"] = text(word_for(report.outcome));
  document["reason"] = text(reason_for(report.outcome));
  if (!report.partly.empty()) document["partly_live"] = report.partly;
  boost::json::array steps;
  for (const Step& step : report.plan.steps) steps.push_back(step_json(step));
  document["steps"] = std::move(steps);
  document["drift"] = drift_json(report.plan.drift);
  boost::json::array holds;
  if (const auto* waiting = std::get_if<Held>(&report.outcome)) {
    for (const Hold& hold : waiting->holds) holds.push_back(hold_json(hold));
  }
  document["holds"] = std::move(holds);
  if (const auto* failure = std::get_if<Failed>(&report.outcome)) {
    const Error& error = failure->error;
    document["error"] = {{"where", error.where},
                         {"what", error.what},
                         {"why", error.why},
                         {"next", error.next},
                         {"sqlstate", error.sqlstate}};
  }
  boost::json::array notes;
  for (const auto* list : {&report.notes, &report.plan.notes}) {
    for (const std::string& note : *list) notes.push_back(text(note));
  }
  document["notes"] = std::move(notes);
  boost::json::array warnings;
  for (const std::string& warning : report.warnings) warnings.push_back(text(warning));
  document["warnings"] = std::move(warnings);
  document["plan_digest"] = report.plan.digest;
  document["fingerprint"] =
      report.fingerprint.empty() ? report.plan.fingerprint : report.fingerprint;
  document["duration_ms"] = report.duration.count();
  return document;
}

boost::json::object object_json(const ObjectRecord& record) {
  const auto optional_text = [](const std::optional<std::string>& value) {
    return value ? boost::json::value(*value) : boost::json::value(nullptr);
  };
  const Difference& state = record.state;
  boost::json::array changes;
  for (const ObjectChange& change : record.changes) {
    changes.push_back({{"action", change.action},
                       {"file", change.origin.file},
                       {"revision", change.origin.commit},
                       {"at", change.at},
                       {"before", change.before}});
  }
  return {{"object", state.object.text()},
          {"file", state.origin.file},
          {"line", record.line},
          {"revision", state.origin.commit},
          {"author", record.author},
          {"subject", record.subject},
          {"since", record.since},
          {"git", optional_text(state.owned)},
          {"database", optional_text(state.live)},
          {"changes", std::move(changes)}};
}

boost::json::object attempt_json(const Attempt& attempt) {
  return {{"id", attempt.id},           {"revision", attempt.commit},
          {"base", attempt.base},       {"outcome", attempt.outcome},
          {"reason", attempt.reason},   {"error", attempt.error},
          {"actor", attempt.actor},     {"subject", attempt.subject},
          {"started", attempt.started}, {"duration_ms", attempt.duration_ms},
          {"steps", attempt.steps},     {"times", attempt.times}};
}

boost::json::object history_json(std::string_view target, const std::vector<Attempt>& attempts) {
  boost::json::array lines;
  for (const Attempt& attempt : attempts) lines.push_back(attempt_json(attempt));
  return {{"target", text(target)}, {"history", std::move(lines)}};
}

boost::json::object quarantine_json(const QuarantineEntry& entry) {
  return {{"id", entry.id},
          {"object", entry.object.text()},
          {"place", entry.place.empty() ? "" : "reconcile_quarantine." + entry.place},
          {"rows", optional_number(entry.rows)},
          {"removed_by", entry.removed_by},
          {"removed_at", entry.removed_at},
          {"purge_after", entry.purge_after},
          {"expired", entry.expired}};
}

boost::json::object quarantine_json(std::string_view target,
                                    const std::vector<QuarantineEntry>& kept) {
  boost::json::array entries;
  for (const QuarantineEntry& entry : kept) entries.push_back(quarantine_json(entry));
  return {{"target", text(target)}, {"quarantine", std::move(entries)}};
}

}  // namespace reconcile::render
