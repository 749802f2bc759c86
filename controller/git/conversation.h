#pragma once

#include <memory>
#include <string>

#include "controller/git/access.h"
#include "controller/git/packet_line.h"
#include "controller/git/remote_address.h"

namespace reconcile::git {

/// With git-upload-pack of a remote. What is read first is its advertisement; what is read after a
/// request answers that. Every wait has an end. Throws Failures that name the remote.
class Conversation : public ByteStream {
 public:
  virtual void ask(const std::string& request) = 0;
};

/// `access` must outlive it.
std::unique_ptr<Conversation> converse_over_http(const RemoteAddress& address,
                                                 const Access& access);
std::unique_ptr<Conversation> converse_over_ssh(const RemoteAddress& address, const Access& access);

}  // namespace reconcile::git
