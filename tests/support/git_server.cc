#include "tests/support/git_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/support/http_server.h"

namespace reconcile::test {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

std::string content(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

void run(const std::vector<std::string>& command) {
  const Ran ran = run_program(command);
  if (ran.exit_code != 0) throw std::runtime_error(command.front() + " failed: " + ran.err);
}

void make_key(const fs::path& file) {
  run({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "a test", "-f", file.string()});
}

// As the package's own service does before it starts sshd.
bool make_room_for_privilege_separation() {
  if (::geteuid() != 0) return true;
  std::error_code failed;
  fs::create_directories("/run/sshd", failed);
  return !failed;
}

std::string first_missing(const std::vector<std::string>& programs) {
  for (const std::string& program : programs) {
    if (!fs::exists(program)) return program + " is not installed";
  }
  return "";
}

void wait_for(Program& program, std::uint16_t port, const char* what) {
  program.wait_until([port] { return listens(port); }, what, std::chrono::seconds(20));
}

void make_certificates(const fs::path& folder) {
  const auto at = [&](const char* name) { return (folder / name).string(); };
  const std::vector<std::string> key = {"-newkey", "ec",     "-pkeyopt", "ec_paramgen_curve:P-256",
                                        "-nodes",  "-batch", "-subj"};
  std::vector<std::string> authority = {"openssl", "req", "-x509", "-days", "2"};
  authority.insert(authority.end(), key.begin(), key.end());
  authority.insert(authority.end(),
                   {"/CN=An authority of a test", "-keyout", at("ca.key"), "-out", at("ca.pem")});
  run(authority);
  std::vector<std::string> request = {"openssl", "req"};
  request.insert(request.end(), key.begin(), key.end());
  request.insert(request.end(),
                 {"/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                  "-keyout", at("server.key"), "-out", at("server.csr")});
  run(request);
  run({"openssl", "x509", "-req", "-days", "2", "-in", at("server.csr"), "-CA", at("ca.pem"),
       "-CAkey", at("ca.key"), "-CAcreateserial", "-copy_extensions", "copy", "-out",
       at("server.pem")});
}

constexpr const char* kBackend = "/usr/lib/git-core/git-http-backend";

std::string lighttpd_configuration(const fs::path& folder, std::uint16_t port,
                                   const std::string& elsewhere) {
  std::ostringstream text;
  text << R"(server.modules = ("mod_access", "mod_alias", "mod_auth", "mod_authn_file", "mod_cgi",
  "mod_redirect", "mod_setenv", "mod_openssl")
server.bind = "127.0.0.1"
server.port = )"
       << port << "\nserver.document-root = \"" << (folder / "empty").string()
       << "\"\nserver.errorlog = \"" << (folder / "error.log").string()
       << "\"\nserver.upload-dirs = (\"" << folder.string() << R"(")
ssl.engine = "enable"
ssl.pemfile = ")"
       << (folder / "server.pem").string() << "\"\nssl.privkey = \""
       << (folder / "server.key").string() << R"("
url.redirect = ("^/moved/(.*)$" => "/git/$1", "^/away/(.*)$" => ")"
       << elsewhere << R"(/$1", "^/login/" => "/sign-in")
setenv.set-environment = ("GIT_HTTP_EXPORT_ALL" => "1", "GIT_PROJECT_ROOT" => ")"
       << (folder / "repositories").string() << R"(")
alias.url = ("/git" => ")"
       << kBackend << R"(", "/private" => ")" << kBackend << R"(")
$HTTP["url"] =~ "^/git|^/private" { cgi.assign = ("" => "") }
auth.backend = "plain"
auth.backend.plain.userfile = ")"
       << (folder / "users").string() << R"("
$HTTP["url"] =~ "^/private/" {
  auth.require = ("" => ("method" => "basic", "realm" => "git", "require" => "valid-user"))
}
)";
  return text.str();
}

}  // namespace

bool listens(std::uint16_t port) {
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(port);
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connected =
      ::connect(client, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0;
  ::close(client);
  return connected;
}

std::string SshGitServer::missing() {
  const std::string missing = first_missing({"/usr/sbin/sshd", "/usr/bin/ssh"});
  if (!missing.empty()) return missing;
  return make_room_for_privilege_separation() ? "" : "/run/sshd cannot be made";
}

SshGitServer::SshGitServer() : port_(free_port()) {
  make_key(folder_.path() / "host_key");
  make_key(key());
  make_key(other_key());
  fs::copy_file(key().string() + ".pub", folder_.path() / "authorized_keys");
  write(known_hosts(), host_line((folder_.path() / "host_key.pub").string()));
  const fs::path configuration = folder_.path() / "sshd_config";
  std::ostringstream text;
  text << "Port " << port_ << "\nListenAddress 127.0.0.1\nHostKey "
       << (folder_.path() / "host_key").string() << "\nPidFile none\nAuthorizedKeysFile "
       << (folder_.path() / "authorized_keys").string()
       << "\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
          "KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n";
  write(configuration, text.str());
  program_ = std::make_unique<Program>(
      std::vector<std::string>{"/usr/sbin/sshd", "-D", "-e", "-f", configuration.string()});
  wait_for(*program_, port_, "sshd listens");
}

std::string SshGitServer::host_line(const std::string& public_key_file) const {
  return "[127.0.0.1]:" + std::to_string(port_) + " " + content(public_key_file);
}

std::string SshGitServer::url(const fs::path& repository) const {
  const passwd* account = ::getpwuid(::geteuid());
  if (account == nullptr) throw std::runtime_error("this user has no name");
  std::ostringstream url;
  url << "ssh://" << account->pw_name << "@127.0.0.1:" << port_ << repository.string();
  return url.str();
}

std::string HttpsGitServer::missing() {
  return first_missing(
      {"/usr/sbin/lighttpd", "/usr/lib/lighttpd/mod_openssl.so", "/usr/bin/openssl", kBackend});
}

HttpsGitServer::HttpsGitServer(const std::string& elsewhere) : port_(free_port()) {
  for (const char* name : {"empty", "repositories"}) fs::create_directory(folder_.path() / name);
  make_certificates(folder_.path());
  std::ostringstream users;
  users << "robot:" << kToken << "\ngit:" << kToken << "\n";
  write(folder_.path() / "users", users.str());
  write(folder_.path() / "lighttpd.conf", lighttpd_configuration(folder_.path(), port_, elsewhere));
  start();
}

void HttpsGitServer::start() {
  program_ = std::make_unique<Program>(std::vector<std::string>{
      "/usr/sbin/lighttpd", "-D", "-f", (folder_.path() / "lighttpd.conf").string()});
  wait_for(*program_, port_, "lighttpd listens");
}

std::string HttpsGitServer::url(const std::string& path) const {
  return "https://localhost:" + std::to_string(port_) + path;
}

std::string HttpsGitServer::authority() const { return content(authority_file()); }

}  // namespace reconcile::test
