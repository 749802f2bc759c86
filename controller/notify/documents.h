#pragma once

#include <string>

#include "reconcilers/alerts/delivery.h"

namespace reconcile::notify {

/// What is sent, as JSON. `dashboard` is the address that people reach it by, without a slash at
/// the end; empty where there is none, and then nothing links to it.

/// The document of the generic webhook, version 1. Texts are as they are, but for bytes that are
/// not UTF-8.
std::string webhook_document(const alerts::Delivery& delivery, const std::string& dashboard);

std::string slack_message(const alerts::Notice& notice, const std::string& dashboard);
std::string mattermost_message(const alerts::Notice& notice, const std::string& dashboard);

/// Of GitHub; Gitea reads the same.
std::string commit_status(const alerts::CommitStatus& status, const std::string& dashboard);

/// A list of one alert, for its API v2. Labels depend on the alert's key alone.
std::string alertmanager_alerts(const alerts::Notice& notice, WallTime at,
                                const std::string& dashboard);

}  // namespace reconcile::notify
