#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "reconcilers/core/result.h"
#include "reconcilers/ports/database.h"

namespace reconcile {

/// Who leads what, as one database sees it.
struct Leaders {
  std::size_t replicas = 0;                   ///< with a session here, this one included
  std::map<std::string, std::string> others;  ///< by target: the replica that leads it
  std::map<std::string, Fence> mine;          ///< by target: how a pass proves it
};

/// What somebody else has said to all who listen in a database.
struct Notice {
  std::string channel;
  std::string text;
};

/// A session that stays, in the one database that the replicas of a controller share for some of
/// their targets. It holds a lease for each target that this replica leads: an advisory lock, which
/// ends with the session, however that ends. It holds neither a transaction nor a snapshot, so that
/// nothing waits for it. Not thread-safe. After an error of connection kind everything is lost, and
/// the session has to be made anew.
class Leadership {
 public:
  virtual ~Leadership() = default;
  /// Who leads which of these.
  virtual Result<Leaders> look(std::span<const std::string> targets) = 0;
  /// Tries to take the lease of each; returns those that it got.
  virtual Result<std::vector<std::string>> take(std::span<const std::string> targets) = 0;
  virtual Result<void> give_up(std::span<const std::string> targets) = 0;
  /// What others have said since the last call; does not wait.
  virtual Result<std::vector<Notice>> notices() = 0;
  /// Becomes readable when something arrives; owned by the session.
  virtual int socket() const = 0;
};

}  // namespace reconcile
