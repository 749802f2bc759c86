#pragma once

#include <map>
#include <set>
#include <string>

namespace reconcile {

/// What the authors of the commits between base and candidate allowed, by the object's name ("field
/// entries.notes").
struct Allowances {
  bool everything = false;            ///< no loss matters: the database is thrown away
  std::set<std::string> destructive;  ///< `Allow-Destructive: NAME`: this loss is meant
  std::set<std::string>
      take_git;  ///< `Take-Git: NAME`: where database and git disagree, git is right
  /// `Rename: NAME to NEW`: what has gone and what has come are one thing. By the object's old
  /// name, the new one without its kind.
  std::map<std::string, std::string> renames = {};
};

}  // namespace reconcile
