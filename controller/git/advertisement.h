#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "controller/git/packet_line.h"
#include "controller/git/references.h"

namespace reconcile::git {

/// What a remote says of itself at the beginning of a conversation.
struct Advertisement {
  References references;               ///< branches, tags and HEAD
  std::set<std::string> capabilities;  ///< "side-band-64k"
  std::string shallow;                 ///< as the text of a file `shallow`; mostly empty
};

/// Reads one up to its flush packet (protocol version 0, gitprotocol-pack(5)). Throws a Failure
/// where it is none, has names that git would not take, or more than `most` references.
Advertisement read_advertisement(PacketReader& packets, const std::string& shown, std::size_t most);

}  // namespace reconcile::git
