#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "controller/git/handle.h"
#include "controller/git/objects.h"

namespace reconcile::git {

/// A pack that comes from a remote. It is received beside the mirror, and becomes part of it only
/// when it is whole: the mirror never holds an object without all that it reaches.
class IncomingPack {
 public:
  /// `shown` is the remote. Nobody else may change the mirror meanwhile.
  IncomingPack(const Objects& mirror, std::string shown);
  ~IncomingPack();
  IncomingPack(const IncomingPack&) = delete;
  IncomingPack& operator=(const IncomingPack&) = delete;

  void append(std::string_view bytes);

  /// Adds it to the mirror, if all that `tips` reach is there then, up to where `shallow` cuts the
  /// history off.
  void keep(const std::vector<git_oid>& tips, const std::string& shallow);

 private:
  Failure failed(int code) const;

  const Objects& mirror_;
  std::string shown_;
  std::filesystem::path folder_;
  IndexerHandle indexer_;
};

}  // namespace reconcile::git
