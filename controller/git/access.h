#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>

#include "controller/net/proxy.h"

namespace reconcile::git {

/// What it takes to read a repository on another machine, and how much of it is taken at most.
struct Access {
  // https
  std::string user = {};                     ///< beside the token; empty: the address's, or git
  std::string token = {};                    ///< or password; never in a message
  std::string certificate_authorities = {};  ///< PEM, besides those of the system
  net::Proxies proxies = {};

  // ssh
  std::filesystem::path key = {};          ///< private; empty: those of the user and of the agent
  std::filesystem::path known_hosts = {};  ///< empty: the user's and the system's

  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds idle{30'000};    ///< without a byte
  std::chrono::milliseconds whole{600'000};  ///< of one fetch

  std::size_t max_references = 100'000;
  std::size_t max_pack_bytes = std::size_t{2} << 30;
};

/// Whose signature a commit needs before it is applied. Where both are named, either will do.
struct Signatures {
  std::filesystem::path allowed_signers =
      {};                              ///< of SSH keys, see ALLOWED SIGNERS in ssh-keygen(1)
  std::filesystem::path keyring = {};  ///< of OpenPGP, binary, as `gpg --export` writes it

  bool any() const { return !allowed_signers.empty() || !keyring.empty(); }
};

}  // namespace reconcile::git
