#include "tests/support/team.h"

#include <fmt/format.h>
#include <signal.h>

#include <fstream>
#include <stdexcept>

#include "controller/net/hmac.h"
#include "reconcilers/core/digest.h"

namespace reconcile::test {
namespace {

constexpr const char* kHookSecret = "0123456789abcdef0123456789abcdef";

std::string bearer() { return fmt::format("Authorization: Bearer {}\r\n", Team::kToken); }

}  // namespace

bool has_column(const TestDatabase& database, const std::string& name) {
  return database.value(fmt::format("select count(*) from information_schema.columns where "
                                    "table_name = 'notes' and column_name = '{}'",
                                    name)) == "1";
}

Team::Team(Transport transport, TestDatabase& app_database, const std::string& directus)
    : app(app_database), git_(served_over(transport)) {
  const GitRepo& repo = checkout_.repo;
  checkout_.repo.commit(kSnapshot, SnapshotText().collection("notes").text("notes.title").str(),
                        "Notes");
  run_git(repo.path(), {"clone", "--quiet", "--bare", repo.path().string(), git_->bare().string()});
  run_git(repo.path(), {"remote", "add", "origin", git_->bare().string()});
  write("hook", kHookSecret);
  write("gitea", "gitea-token");
  write("tokens", fmt::format("mia approve {}\n", sha256(kToken)));
  write_configuration(directus);
  controller_ = std::make_unique<Program>(std::vector<std::string>{
      RECONCILE_PROGRAM, "--config", folder() + "/reconcile.yaml", "--state", folder() + "/state"});
  eventually("the first commit is live everywhere", [&] {
    return has_column(app, "title") && has_column(stage, "title") && has_column(prod, "title");
  });
}

void Team::write(const std::string& name, const std::string& text) const {
  std::ofstream(checkout_.state.path() / name) << text;
}

void Team::write_configuration(const std::string& directus) const {
  std::string text = fmt::format(
      "repository: {}\nbranch: main\npoll: 1h\nlease: 200ms\ngit: {}\n"
      "http:\n  listen: 127.0.0.1:{}\n  tokens_file: {}/tokens\n  generic_secret_file: {}/hook\n"
      "notify:\n  ops: {{type: webhook, url: '{}/ops'}}\n"
      "  git: {{type: gitea, url: '{}/team/db', token_file: {}/gitea}}\ntargets:\n",
      git_->url(), git_->section(checkout_.state.path()), port_, folder(), folder(),
      people_.address(), people_.address(), folder());
  const auto target = [&](const std::string& name, const TestDatabase& database,
                          const std::string& more) {
    text += fmt::format("  {}:\n    database: \"{}\"\n    interval: 300ms\n{}", name,
                        database.conninfo(), more);
  };
  target("app", app, directus.empty() ? "" : fmt::format("    directus: {}\n", directus));
  target("stage", stage, "");
  target("prod", prod, "    depends_on: [stage]\n");
  write("reconcile.yaml", text);
}

Ran Team::end() {
  controller_->kill(SIGTERM);
  return controller_->wait();
}

void Team::eventually(const std::string& what, const std::function<bool()>& holds) const {
  controller_->wait_until(holds, what, std::chrono::seconds(60));
}

Answer Team::ask(const std::string& line, const std::string& headers,
                 const std::string& body) const {
  return Talk(port_).ask(line, headers, body);
}

boost::json::object Team::get(const std::string& path) const {
  const Answer answer = ask("GET " + path, bearer());
  return answer.status == 200 ? boost::json::parse(answer.body).as_object() : boost::json::object();
}

int Team::post(const std::string& path, const boost::json::object& body) const {
  return ask("POST " + path, bearer() + "Content-Type: application/json\r\n",
             boost::json::serialize(body))
      .status;
}

std::string Team::headline(const std::string& target) const {
  const auto status = get("/api/v1/targets/" + target);
  const auto* value = status.if_contains("headline");
  return value == nullptr ? "" : std::string(value->as_string());
}

std::string Team::push(const std::string& snapshot, const std::string& message) {
  const std::string commit = checkout_.repo.commit(kSnapshot, snapshot, message);
  run_git(checkout_.repo.path(), {"push", "--quiet", "origin", "main"});
  const std::string body = boost::json::serialize(boost::json::object{
      {"ref", "refs/heads/main"}, {"after", commit}, {"repository", {{"clone_url", git_->url()}}}});
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  const std::string signature = net::hmac_sha256(kHookSecret, fmt::format("{}.{}", now, body));
  const Answer heard = ask("POST /hooks/generic",
                           fmt::format("Content-Type: application/json\r\n"
                                       "X-Reconcile-Signature: t={},v1={}\r\n",
                                       now, signature),
                           body);
  if (heard.status != 202) throw std::runtime_error("the webhook was refused: " + heard.body);
  return commit;
}

bool Team::told(const std::string& path, const std::vector<std::string>& words) const {
  return std::ranges::any_of(people_.asked(), [&](const HttpAsked& asked) {
    return asked.target.find(path) != std::string::npos &&
           std::ranges::all_of(words, [&](const std::string& word) {
             return asked.body.find(word) != std::string::npos;
           });
  });
}

}  // namespace reconcile::test
