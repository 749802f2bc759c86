#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/git_repo.h"
#include "tests/support/program.h"

namespace reconcile::test {

/// Debian's sshd, as this user, on loopback and a port that the kernel chose. It serves every
/// repository on this machine to the holder of one key.
class SshGitServer {
 public:
  /// Why it cannot run here; empty where it can.
  static std::string missing();

  SshGitServer();

  /// ssh://user@127.0.0.1:port/path
  std::string url(const std::filesystem::path& repository) const;
  std::filesystem::path key() const { return folder_.path() / "deploy key"; }
  std::filesystem::path other_key() const { return folder_.path() / "other_key"; }
  std::filesystem::path known_hosts() const { return folder_.path() / "known hosts"; }
  /// The line of known_hosts with this file's key instead of the server's.
  std::string host_line(const std::string& public_key_file) const;
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::uint16_t port() const { return port_; }
  void stop() { program_.reset(); }

 private:
  TempFolder folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Program> program_;
};

/// lighttpd with `git http-backend` behind TLS, with an authority of its own. Below /git/ it serves
/// what is in root(); below /private/ the same to a user with a token; /moved/ redirects to /git/,
/// /away/ to another host.
class HttpsGitServer {
 public:
  static std::string missing();

  /// Redirects of /away/ go there: "https://host:port".
  explicit HttpsGitServer(const std::string& elsewhere = "");

  std::string url(const std::string& path) const;
  /// A certificate in PEM form: of its authority, which no system knows.
  std::string authority() const;
  std::filesystem::path authority_file() const { return folder_.path() / "ca.pem"; }
  std::filesystem::path root() const { return folder_.path() / "repositories"; }
  std::uint16_t port() const { return port_; }
  void stop() { program_.reset(); }
  /// Once more, on the same port.
  void start();
  static constexpr const char* kToken = "s3cret-token";

 private:
  TempFolder folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Program> program_;
};

/// Whether somebody listens on that port of loopback.
bool listens(std::uint16_t port);

}  // namespace reconcile::test
