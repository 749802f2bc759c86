#include "tests/support/git_transport.h"

#include <fmt/format.h>

#include <fstream>

#include "tests/support/git_server.h"

namespace reconcile::test {
namespace {

class OverHttps final : public GitTransport {
 public:
  std::filesystem::path bare() const override { return server_.root() / "repo.git"; }
  std::string url() const override { return server_.url("/private/repo.git"); }
  std::string section(const std::filesystem::path& folder) const override {
    std::ofstream(folder / "git-token") << HttpsGitServer::kToken;
    return fmt::format("{{token_file: {}, ca_file: {}}}", (folder / "git-token").string(),
                       server_.authority_file().string());
  }

 private:
  HttpsGitServer server_;
};

class OverSsh final : public GitTransport {
 public:
  std::filesystem::path bare() const override { return folder_.path() / "repo.git"; }
  std::string url() const override { return server_.url(bare()); }
  std::string section(const std::filesystem::path&) const override {
    return fmt::format("{{ssh_key: '{}', known_hosts: '{}'}}", server_.key().string(),
                       server_.known_hosts().string());
  }

 private:
  TempFolder folder_;
  SshGitServer server_;
};

}  // namespace

std::string missing(Transport transport) {
  return transport == Transport::Ssh ? SshGitServer::missing() : HttpsGitServer::missing();
}

std::unique_ptr<GitTransport> served_over(Transport transport) {
  if (transport == Transport::Ssh) return std::make_unique<OverSsh>();
  return std::make_unique<OverHttps>();
}

}  // namespace reconcile::test
