#include "tests/support/real_directus.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "tests/support/git_server.h"
#include "tests/support/http_server.h"

namespace reconcile::test {
namespace {

constexpr const char* kConformance = RECONCILE_SOURCE_DIR "/tests/conformance";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::filesystem::path installed() {
  if (const std::string named = environment("DIRECTUS_FOLDER"); !named.empty()) return named;
  const std::string cache = environment("XDG_CACHE_HOME");
  return (cache.empty() ? environment("HOME") + "/.cache" : cache) + "/reconcile/directus-11.6.1";
}

std::vector<std::string> variables(const TestDatabase& database, std::uint16_t port) {
  const postgres::EmbeddedServer& server = TestServer::shared().server();
  return {"DIRECTUS_FOLDER=" + installed().string(), "PGHOST=" + server.socket_folder().string(),
          fmt::format("PGPORT={}", server.port()),   "PGUSER=postgres",
          "PGDATABASE=" + database.name(),           fmt::format("PORT={}", port)};
}

constexpr const char* kToken = "admintoken";  // as directus-env has it

std::string admin() { return fmt::format("Authorization: Bearer {}\r\n", kToken); }

}  // namespace

std::string RealDirectus::missing() {
  const std::filesystem::path folder = installed();
  if (std::filesystem::exists(folder / ".complete")) return "";
  return fmt::format("there is no Directus in {}; see tests/conformance/install-directus",
                     folder.string());
}

RealDirectus::RealDirectus(const TestDatabase& database) : port_(free_port()) {
  const std::string folder = kConformance;
  const Ran made = run_program({folder + "/directus-database", database.name()},
                               variables(database, port_), folder_.path());
  if (made.exit_code != 0) throw std::runtime_error("Directus is not installed: " + made.err);
  program_ = std::make_unique<Program>(
      std::vector<std::string>{
          "/bin/bash", "-c",
          fmt::format("source '{}/directus-env' && exec \"$DIRECTUS_FOLDER/directus\" start",
                      folder)},
      variables(database, port_), folder_.path());
  program_->wait_until([&] { return listens(port_) && get("/server/ping").status == 200; },
                       "Directus answers", std::chrono::seconds(120));
}

std::string RealDirectus::section() const {
  std::ofstream(folder_.path() / "token") << kToken;
  return fmt::format("{{instances: ['http://127.0.0.1:{}'], token_file: {}}}", port_,
                     (folder_.path() / "token").string());
}

Answer RealDirectus::get(const std::string& path) const {
  return Talk(port_).ask("GET " + path, admin());
}

Answer RealDirectus::post(const std::string& path, const std::string& body) const {
  return Talk(port_).ask("POST " + path, admin() + "Content-Type: application/json\r\n", body);
}

}  // namespace reconcile::test
