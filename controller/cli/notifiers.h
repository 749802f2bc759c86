#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "controller/config/config.h"
#include "reconcilers/alerts/receiver.h"
#include "reconcilers/ports/notifier.h"

namespace reconcile::cli {

/// Who hears of what, and how they are reached, by the same names.
struct Notifiers {
  std::vector<alerts::Receiver> receivers;
  std::map<std::string, std::unique_ptr<Notifier>> by_name;
};

/// `dashboard` is the address that people reach it by; may be empty.
Notifiers notifiers(const std::vector<config::Receiver>& configured, const std::string& dashboard);

}  // namespace reconcile::cli
