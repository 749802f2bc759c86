#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "controller/git/objects.h"
#include "controller/git/packet_line.h"

namespace reconcile::git {

/// Asks for what `wanted` reach and `present` do not (protocol version 0). Throws a Failure where
/// the remote lacks a capability that is needed.
std::string pack_request(const std::set<std::string>& capabilities,
                         const std::vector<git_oid>& wanted, const std::vector<git_oid>& present,
                         const std::string& shown);

/// Reads the answer, and hands on the bytes of the pack as they come. Throws a Failure with the
/// remote's words where it has no pack.
void read_pack(PacketReader& packets, const std::string& shown,
               const std::function<void(std::string_view)>& take);

}  // namespace reconcile::git
