#include "controller/cli/notifiers.h"

#include "controller/notify/notifier.h"

namespace reconcile::cli {
namespace {

using namespace std::chrono_literals;

notify::Type type_of(const std::string& name) {
  if (name == "slack") return notify::Type::Slack;
  if (name == "mattermost") return notify::Type::Mattermost;
  if (name == "gitea") return notify::Type::Gitea;
  if (name == "github") return notify::Type::Github;
  if (name == "alertmanager") return notify::Type::Alertmanager;
  return notify::Type::Webhook;
}

alerts::Receiver receiver_of(const config::Receiver& configured) {
  const bool alertmanager = configured.type == "alertmanager";
  alerts::Receiver receiver{
      .name = configured.name,
      .commits_only = configured.type == "gitea" || configured.type == "github",
      .lasting_only = alertmanager,
      .targets = configured.targets,
      .environments = configured.environments};
  if (!configured.events.empty()) receiver.events = configured.events;
  // An Alertmanager takes for resolved what it has not heard of for five minutes.
  const std::chrono::seconds usual = alertmanager ? 2min : std::chrono::seconds(24h);
  const std::chrono::seconds chosen = configured.remind.value_or(usual);
  if (chosen > 0s) receiver.remind = chosen;
  return receiver;
}

}  // namespace

Notifiers notifiers(const std::vector<config::Receiver>& configured, const std::string& dashboard) {
  Notifiers made;
  for (const config::Receiver& each : configured) {
    made.receivers.push_back(receiver_of(each));
    notify::Options options{.name = each.name,
                            .type = type_of(each.type),
                            .server = {.name = each.name,
                                       .tls = each.address.tls,
                                       .host = each.address.host,
                                       .port = each.address.port,
                                       .path = each.address.path},
                            .token = each.token,
                            .secret = each.secret,
                            .certificate_authorities = each.certificate_authorities,
                            .dashboard = dashboard};
    made.by_name[each.name] = notify::notifier(std::move(options));
  }
  return made;
}

}  // namespace reconcile::cli
