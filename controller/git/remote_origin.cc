#include "controller/git/remote_origin.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "controller/git/failure.h"
#include "controller/git/history.h"
#include "controller/git/incoming_pack.h"
#include "controller/git/pack_request.h"

namespace reconcile::git {
namespace {

constexpr std::size_t kBytesPerReference = 512;
// As many as the other side needs to find where histories part, in all but the rarest of cases;
// where it does not, it sends more than would be needed.
constexpr std::size_t kMostHaves = 256;

std::unique_ptr<Conversation> converse(const RemoteAddress& address, const Access& access) {
  return address.over_ssh() ? converse_over_ssh(address, access)
                            : converse_over_http(address, access);
}

std::vector<git_oid> missing_in(const Objects& mirror, const References& references) {
  mirror.refresh();
  IdSet missing;
  for (const git_oid& id : references.ids()) {
    if (!mirror.has(id)) missing.insert(id);
  }
  return {missing.begin(), missing.end()};
}

}  // namespace

RemoteOrigin::RemoteOrigin(RemoteAddress address, Access access)
    : address_(std::move(address)), access_(std::move(access)) {}

std::string RemoteOrigin::identity() const {
  static constexpr const char* schemes[] = {"http", "https", "ssh"};
  const bool ssh = address_.over_ssh();
  return fmt::format("{}://{}{}{}:{}/{}", schemes[static_cast<std::size_t>(address_.scheme)],
                     ssh ? address_.user : "", ssh ? "@" : "", address_.host, address_.port,
                     address_.path);
}

void RemoteOrigin::copy_into(const Objects& mirror, bool is_new) const {
  const auto conversation = converse(address_, access_);
  PacketReader packets(*conversation, address_.shown, access_.max_references * kBytesPerReference);
  const Advertisement advertised =
      read_advertisement(packets, address_.shown, access_.max_references);
  agree_on_shallow(mirror, advertised.shallow, is_new);
  const std::vector<git_oid> wanted = missing_in(mirror, advertised.references);
  if (!wanted.empty()) receive(*conversation, advertised, wanted, mirror);
  write_references(mirror, advertised.references);
}

void RemoteOrigin::receive(Conversation& conversation, const Advertisement& advertised,
                           const std::vector<git_oid>& wanted, const Objects& mirror) const {
  IncomingPack pack(mirror, address_.shown);
  conversation.ask(pack_request(advertised.capabilities, wanted,
                                newest_commits(mirror, references_of(mirror), kMostHaves),
                                address_.shown));
  PacketReader packets(conversation, address_.shown, access_.max_pack_bytes);
  read_pack(packets, address_.shown, [&](std::string_view bytes) { pack.append(bytes); });
  pack.keep(advertised.references.ids(), advertised.shallow);
}

}  // namespace reconcile::git
