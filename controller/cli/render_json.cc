#include <boost/json.hpp>

#include "controller/cli/render.h"

namespace reconcile::cli {
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

boost::json::value drift_json(const Drift& drift) {
  return {{"kind", text(name_of(drift.kind))},
          {"object", drift.object.text()},
          {"detail", drift.detail},
          {"rows", optional_number(drift.rows)},
          {"heal", list(drift.heal)},
          {"adopt", list(drift.adopt)}};
}

boost::json::value hold_json(const Hold& hold) {
  return {{"reason", text(name_of(hold.code))},
          {"object", hold.object.text()},
          {"message", hold.message},
          {"next", hold.next}};
}

}  // namespace

std::string render_json(const PassReport& report) {
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
  boost::json::array drift;
  for (const Drift& entry : report.plan.drift) drift.push_back(drift_json(entry));
  document["drift"] = std::move(drift);
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
  return boost::json::serialize(document) + "\n";
}

std::string render_blame_json(const std::string& target, const std::vector<Blamed>& objects) {
  const auto optional_text = [](const std::optional<std::string>& value) {
    return value ? boost::json::value(*value) : boost::json::value(nullptr);
  };
  boost::json::array list;
  for (const Blamed& object : objects) {
    const Difference& state = object.record.state;
    boost::json::array changes;
    for (const ObjectChange& change : object.record.changes) {
      changes.push_back({{"action", change.action},
                         {"file", change.origin.file},
                         {"revision", change.origin.commit},
                         {"at", change.at},
                         {"before", change.before}});
    }
    list.push_back({{"object", state.object.text()},
                    {"file", state.origin.file},
                    {"line", object.line},
                    {"revision", state.origin.commit},
                    {"subject", object.subject},
                    {"since", object.record.since},
                    {"git", optional_text(state.owned)},
                    {"database", optional_text(state.live)},
                    {"changes", std::move(changes)}});
  }
  boost::json::object document;
  document["target"] = target;
  document["objects"] = std::move(list);
  return boost::json::serialize(document) + "\n";
}

std::string render_history_json(const std::string& target, const std::vector<Attempt>& attempts) {
  boost::json::array lines;
  for (const Attempt& attempt : attempts) {
    lines.push_back({{"id", attempt.id},
                     {"revision", attempt.commit},
                     {"base", attempt.base},
                     {"outcome", attempt.outcome},
                     {"reason", attempt.reason},
                     {"error", attempt.error},
                     {"actor", attempt.actor},
                     {"subject", attempt.subject},
                     {"started", attempt.started},
                     {"duration_ms", attempt.duration_ms},
                     {"steps", attempt.steps},
                     {"times", attempt.times}});
  }
  boost::json::object document;
  document["target"] = target;
  document["history"] = std::move(lines);
  return boost::json::serialize(document) + "\n";
}

}  // namespace reconcile::cli
