#include "tests/support/git_repo.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace reconcile::test {
namespace {

constexpr long kFirstCommit = 1'700'000'000;

std::vector<std::string> environment_with(const std::vector<std::string>& more) {
  std::vector<std::string> all = {
      "PATH=/usr/local/bin:/usr/bin:/bin",
      "HOME=/nonexistent",
      "LC_ALL=C.UTF-8",
      "GIT_CONFIG_NOSYSTEM=1",
      "GIT_CONFIG_GLOBAL=/dev/null",
      "GIT_TERMINAL_PROMPT=0",
      "GIT_AUTHOR_NAME=Ada Example",
      "GIT_AUTHOR_EMAIL=ada@example.org",
      "GIT_COMMITTER_NAME=Ada Example",
      "GIT_COMMITTER_EMAIL=ada@example.org",
  };
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

// The arrays that exec wants; it does not write to them.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

struct Finished {
  int status;
  std::string output;  // and errors
};

// posix_spawn, not a shell: names with spaces and quotes need no care.
Finished run_program(const std::vector<std::string>& command,
                     const std::vector<std::string>& environment) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], 1);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], 2);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, command.front().c_str(), &actions, nullptr,
                                    pointers_to(command).data(), pointers_to(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  Finished finished{-1, failed == 0 ? read_all(pipe[0]) : std::string{}};
  ::close(pipe[0]);
  if (failed != 0) throw std::system_error(failed, std::generic_category(), command.front());
  while (::waitpid(child, &finished.status, 0) < 0 && errno == EINTR) {
  }
  return finished;
}

}  // namespace

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "reconcile-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category());
  path_ = std::filesystem::canonical(name);
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string run_git(const std::filesystem::path& folder, const std::vector<std::string>& args,
                    const std::vector<std::string>& environment) {
  std::vector<std::string> command = {
      "git", "-c", "protocol.file.allow=always", "-c", "gc.auto=0", "-C", folder.string()};
  command.insert(command.end(), args.begin(), args.end());
  Finished finished = run_program(command, environment_with(environment));
  if (finished.status != 0) {
    std::string text;
    for (const std::string& word : command) text += word + ' ';
    throw std::runtime_error(text + "failed: " + finished.output);
  }
  while (finished.output.ends_with('\n')) finished.output.pop_back();
  return finished.output;
}

GitRepo::GitRepo() : path_(folder_.path() / "repo") {
  run_git(folder_.path(), {"init", "--quiet", "--initial-branch=main", path_.string()});
}

GitRepo::GitRepo(const std::filesystem::path& path) : path_(path) {
  run_git(folder_.path(), {"init", "--quiet", "--initial-branch=main", path_.string()});
}

std::string GitRepo::run(const std::vector<std::string>& args) const {
  const std::string date = std::to_string(kFirstCommit + 60 * commits_) + " +0000";
  return run_git(path_, args, {"GIT_AUTHOR_DATE=" + date, "GIT_COMMITTER_DATE=" + date});
}

GitRepo& GitRepo::write(const std::string& file, std::string_view text) {
  std::filesystem::create_directories((path_ / file).parent_path());
  std::ofstream out(path_ / file, std::ios::binary | std::ios::trunc);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + file);
  return *this;
}

GitRepo& GitRepo::link(const std::string& file, const std::string& target) {
  std::filesystem::create_directories((path_ / file).parent_path());
  std::filesystem::remove(path_ / file);
  std::filesystem::create_symlink(target, path_ / file);
  return *this;
}

GitRepo& GitRepo::remove(const std::string& file) {
  std::filesystem::remove_all(path_ / file);
  return *this;
}

std::string GitRepo::commit(const std::string& message) {
  ++commits_;
  run({"add", "--all"});
  run({"commit", "--quiet", "--allow-empty", "--message", message});
  return id_of("HEAD");
}

std::string GitRepo::commit(const std::string& file, std::string_view text,
                            const std::string& message) {
  write(file, text);
  return commit(message);
}

GitRepo& GitRepo::branch(const std::string& name) {
  run({"checkout", "--quiet", "-b", name});
  return *this;
}

GitRepo& GitRepo::checkout(const std::string& name) {
  run({"checkout", "--quiet", name});
  return *this;
}

GitRepo& GitRepo::reset(const std::string& revision) {
  run({"reset", "--quiet", "--hard", revision});
  return *this;
}

std::string GitRepo::id_of(const std::string& revision) const {
  return run({"rev-parse", "--verify", revision});
}

}  // namespace reconcile::test
