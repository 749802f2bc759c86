#include "reconcilers/render/status_json.h"

namespace reconcile::render {
namespace {

boost::json::string text(std::string_view value) { return boost::json::string(value); }

boost::json::object standing_json(const Standing& standing) {
  return {{"headline", text(key_of(standing.headline))},
          {"reason", standing.reason},
          {"cause", standing.cause},
          {"next", standing.next},
          {"sentence", sentence(standing)}};
}

boost::json::object counts_json(const Counts& counts) {
  return {{"create", counts.create},
          {"change", counts.change},
          {"remove", counts.remove},
          {"run", counts.run},
          {"adopt", counts.adopt},
          {"at_stake", counts.at_stake},
          {"rows_at_stake", counts.rows_at_stake}};
}

}  // namespace

boost::json::value time_json(WallTime time) {
  if (time == WallTime{}) return nullptr;
  return text(iso_time(time));
}

boost::json::object suspension_json(const Suspension& suspension) {
  return {{"actor", suspension.actor},
          {"reason", suspension.reason},
          {"since", suspension.since},
          {"until",
           suspension.until ? boost::json::value(*suspension.until) : boost::json::value(nullptr)}};
}

boost::json::object commit_json(const Revision& revision) {
  return {{"commit", revision.commit},
          {"author", revision.author},
          {"time", time_json(WallTime(std::chrono::seconds(revision.time)))},
          {"subject", text(revision.subject())}};
}

boost::json::object target_json(const TargetStatus& status) {
  boost::json::object document = standing_json(status.standing);
  document["target"] = status.target;
  document["environment"] = status.environment;
  document["fleet"] = status.fleet;
  document["git"] = status.git.commit.empty() ? boost::json::value(nullptr)
                                              : boost::json::value(commit_json(status.git));
  document["database"] =
      status.database.empty() ? boost::json::value(nullptr) : boost::json::value(status.database);
  document["plan"] = counts_json(status.plan);
  document["plan_digest"] = status.plan_digest;
  document["fingerprint"] = status.fingerprint;
  document["drifted"] = status.drifted;
  document["unmanaged"] = status.unmanaged;
  document["leader"] = status.leader;
  document["led_here"] = status.led_here;
  document["since"] = time_json(status.since);
  document["checked"] = time_json(status.checked);
  document["next_look"] = time_json(status.next_look);
  document["failures"] = status.failures;
  document["suspension"] = status.suspension
                               ? boost::json::value(suspension_json(*status.suspension))
                               : boost::json::value(nullptr);
  return document;
}

boost::json::object targets_json(const std::vector<TargetStatus>& targets) {
  boost::json::array list;
  for (const TargetStatus& status : targets) list.push_back(target_json(status));
  return {{"targets", std::move(list)}};
}

boost::json::object approval_json(const Approval& approval) {
  boost::json::object rows;
  for (const auto& [object, count] : approval.rows) {
    rows[object] =
        count == Approval::uncounted ? boost::json::value(nullptr) : boost::json::value(count);
  }
  return {{"revision", approval.revision},
          {"plan", approval.plan_digest},
          {"fingerprint", approval.fingerprint},
          {"rows", std::move(rows)},
          {"actor", approval.actor},
          {"reason", approval.reason},
          {"when", approval.when}};
}

boost::json::object problem_json(const Error& error) {
  return {
      {"error",
       {{"where", error.where}, {"what", error.what}, {"why", error.why}, {"next", error.next}}}};
}

}  // namespace reconcile::render
