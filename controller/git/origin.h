#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "controller/git/access.h"
#include "controller/git/location.h"
#include "controller/git/objects.h"

namespace reconcile::git {

/// The repository that a mirror copies.
class Origin {
 public:
  virtual ~Origin() = default;

  /// As a person gave it, without a password.
  virtual const std::string& shown() const = 0;
  /// What tells it from others; holds no secret.
  virtual std::string identity() const = 0;

  /// Makes branches, tags and HEAD of a mirror equal to those of the repository, with all that they
  /// reach. Where the history is cut off is written into a new mirror; one that is cut off
  /// elsewhere is a Failure with Blame::Mirror.
  virtual void copy_into(const Objects& mirror, bool is_new) const = 0;

  /// Paths below `folders` that differ from HEAD in its working tree, where it has one.
  virtual std::vector<std::string> uncommitted(const std::vector<std::string>& folders) const = 0;
};

/// A path, a file:// URL, or the address of a remote repository.
std::unique_ptr<Origin> origin_of(const std::string& repository, const Access& access);

/// What a mirror's file `shallow` says; empty for a complete history.
std::string shallow_of(const Objects& mirror);
/// Writes it for a new mirror; for another one it has to be equal.
void agree_on_shallow(const Objects& mirror, const std::string& shallow, bool is_new);

}  // namespace reconcile::git
