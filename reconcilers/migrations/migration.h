#pragma once

#include <string>
#include <vector>

#include "reconcilers/core/error.h"
#include "reconcilers/core/plan.h"

namespace reconcile::migrations {

/// One object that a file writes into git as somebody has made it in a database by hand.
struct AdoptedObject {
  std::string object;  ///< as ObjectIdentity::text()
  std::string digest;  ///< of its definition there, as the inventory has it; "gone"
};

/// One SQL file of a revision, read and split.
struct Migration {
  Stage phase = Stage::Pre;  ///< Pre, Post or Seed
  std::string file;          ///< path in the repository
  std::string name;          ///< base name, "001_extensions.sql": its identity in the phase
  std::string number;        ///< leading digits of the name, without leading zeros
  std::string blob;          ///< git's object id
  std::string raw_hash;      ///< SHA-256 of the bytes
  std::string token_hash;    ///< SHA-256 of the token stream
  std::vector<Statement> statements;  ///< none in a file of comments
  std::vector<std::string> only;      ///< targets or environments it is for; all where empty
  std::vector<std::string> except;    ///< targets or environments it is not for
  bool out_of_order_allowed = false;
  std::vector<std::string> allowed_hazards;  ///< codes of hazards that are meant
  std::vector<AdoptedObject> adopts;         ///< where they are there, nothing of it is run
};

}  // namespace reconcile::migrations
