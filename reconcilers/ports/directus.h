#pragma once

#include <string>
#include <vector>

#include "reconcilers/core/result.h"

namespace reconcile {

/// One question that a Directus answers from what it remembers of the schema.
struct Probe {
  std::string collection;
  std::vector<std::string> fields;  ///< of it; may be empty
  bool served = true;               ///< whether the schema of now has it
};

/// The running Directus servers that work on one target. Each keeps the schema in memory and learns
/// of a change that it did not make itself only when it is told.
class Instances {
 public:
  virtual ~Instances() = default;
  /// What they are called: their addresses, without anything secret. Never empty.
  virtual std::vector<std::string> names() const = 0;
  /// Makes the instance forget what it remembers. Transient errors may go away by themselves.
  virtual Result<void> clear_caches(const std::string& name) = 0;
  /// Nothing when the instance answers as the probe expects; an error that says what it answers
  /// instead.
  virtual Result<void> check(const std::string& name, const Probe& probe) = 0;
};

/// Puts Directus into a database where it is not installed yet.
class Installer {
 public:
  virtual ~Installer() = default;
  /// The command, for people.
  virtual std::string command() const = 0;
  /// Runs it to its end. That it ended well does not mean that Directus is in this database.
  virtual Result<void> install() = 0;
};

}  // namespace reconcile
