#pragma once

#include <string>
#include <vector>

#include "controller/git/access.h"
#include "controller/git/advertisement.h"
#include "controller/git/conversation.h"
#include "controller/git/origin.h"
#include "controller/git/remote_address.h"

namespace reconcile::git {

/// A repository on another machine. It is asked for its references each time, and for objects only
/// where the mirror lacks some.
class RemoteOrigin final : public Origin {
 public:
  RemoteOrigin(RemoteAddress address, Access access);

  const std::string& shown() const override { return address_.shown; }
  std::string identity() const override;
  void copy_into(const Objects& mirror, bool is_new) const override;
  std::vector<std::string> uncommitted(const std::vector<std::string>&) const override {
    return {};
  }

 private:
  void receive(Conversation& conversation, const Advertisement& advertised,
               const std::vector<git_oid>& wanted, const Objects& mirror) const;

  RemoteAddress address_;
  Access access_;
};

}  // namespace reconcile::git
