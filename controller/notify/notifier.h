#pragma once

#include <memory>
#include <string>

#include "controller/net/http_client.h"
#include "reconcilers/ports/notifier.h"

namespace reconcile::notify {

enum class Type { Webhook, Slack, Mattermost, Gitea, Github, Alertmanager };

struct Options {
  std::string name;
  Type type = Type::Webhook;
  /// Where it listens; of a git server, where people see the repository: its path ends with
  /// /OWNER/NAME. Its path may be a secret, and is in no error.
  net::Server server;
  std::string token;                    ///< sent as a bearer; may be empty
  std::string secret;                   ///< that a webhook is signed with; empty: it is not
  std::string certificate_authorities;  ///< PEM, besides those of the system
  std::string dashboard;                ///< see documents.h
  net::HttpLimits limits = {};
};

/// A receiver over HTTP. A webhook carries X-Reconcile-Signature: t=SECONDS,v1=HMAC, over the text
/// "SECONDS.BODY"; whoever checks it also knows when it was sent.
std::unique_ptr<Notifier> notifier(Options options);

/// The address of the API of a repository, by the one that people see it at.
net::Server repository_api(Type type, net::Server repository);

}  // namespace reconcile::notify
