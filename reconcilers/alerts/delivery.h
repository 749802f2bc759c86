#pragma once

#include <string>
#include <variant>

#include "reconcilers/alerts/alert.h"

namespace reconcile::alerts {

/// Why an alert is sent now.
enum class Occasion {
  Firing,
  Changed,   ///< still firing, with another sentence
  Reminder,  ///< still firing
  Resolved,
  Event,
};

std::string_view name_of(Occasion occasion);  ///< "firing"

struct Notice {
  Occasion occasion = Occasion::Firing;
  Alert alert;
};

/// The four states that a commit may have at a git server.
enum class CommitState { Pending, Success, Failure, Error };

std::string_view name_of(CommitState state);  ///< "pending"

/// How a target stands to a commit.
struct CommitStatus {
  std::string target;
  std::string commit;
  CommitState state = CommitState::Pending;
  bool waits = false;  ///< for a person's approval; pending as well
  std::string sentence;
  std::string path;  ///< on the dashboard
};

/// Something for one receiver.
struct Delivery {
  std::string receiver;
  std::string target;
  std::string key;  ///< of two with the same one, only the newer matters
  WallTime at{};    ///< when there was reason for it
  std::variant<Notice, CommitStatus> what;
};

}  // namespace reconcile::alerts
