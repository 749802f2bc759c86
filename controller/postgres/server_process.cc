#include "controller/postgres/server_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <string_view>
#include <system_error>
#include <thread>

#include "controller/postgres/file_descriptor.h"
#include "controller/postgres/server_failure.h"
#include "controller/postgres/whole_number.h"

namespace reconcile::postgres {
namespace {

namespace fs = std::filesystem;

// ---- the child, between fork and exec: only calls that are safe there in a process with threads

void reset_signals() {
  sigset_t none;
  sigemptyset(&none);
  struct sigaction by_default {};
  by_default.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) sigaction(signal, &by_default, nullptr);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Leaves the child with the command's account, folder and files. False when that fails; errno says
/// why.
bool settle_in(const ServerCommand& command, const ServerAccount& account, pid_t parent) {
  reset_signals();
  setsid();
  umask(077);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const bool ready =
      become(account) && chdir(command.folder.c_str()) == 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
      dup2(command.output, STDOUT_FILENO) >= 0 && dup2(command.output, STDERR_FILENO) >= 0 &&
      // After the change of account, which would clear it.
      (!command.dies_with_us || (prctl(PR_SET_PDEATHSIG, SIGQUIT) == 0 && getppid() == parent));
  if (ready) close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  return ready;
}

// ---- the parent

/// The errno that the child wrote; nothing when exec closed the pipe instead.
std::optional<int> read_errno(const FileDescriptor& from_child) {
  int error = 0;
  ssize_t got = 0;
  while ((got = read(from_child.get(), &error, sizeof error)) < 0 && errno == EINTR) {
  }
  if (got == 0) return std::nullopt;
  return error;
}

struct ProcessState {
  pid_t parent = 0;
  bool dead = true;
};

ProcessState look_at(pid_t pid) {
  std::ifstream in(fmt::format("/proc/{}/stat", pid));
  std::string line;
  if (!std::getline(in, line)) return {};
  // pid (name) state ppid …, where the name may hold anything, closing parentheses too
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos || name_end + 4 >= line.size()) return {};
  const std::string_view rest = std::string_view(line).substr(name_end + 2);
  const std::string_view parent = rest.substr(2, rest.find(' ', 2) - 2);
  return {whole_number(parent).value_or(0), rest.front() == 'Z' || rest.front() == 'X'};
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc", error)) {
    const auto pid = whole_number(entry.path().filename().string());
    if (pid && look_at(*pid).parent == parent) children.push_back(*pid);
  }
  return children;
}

}  // namespace

Result<pid_t> spawn(const ServerCommand& command, const ServerAccount& account) {
  std::vector<char*> arguments;  // exec does not write to them
  for (const std::string& argument : command.arguments)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  // Nothing of our environment reaches the server: PGDATA, PGPORT or a locale would change what it
  // does.
  std::array<std::string, 3> variables{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8",
                                       "TZ=UTC"};
  const std::array<char*, 4> environment{variables[0].data(), variables[1].data(),
                                         variables[2].data(), nullptr};
  const std::string& program = command.arguments.front();
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    return server_failure(program, "cannot be started", system_reason(errno));
  const FileDescriptor from_child(ends[0]);
  FileDescriptor to_parent(ends[1]);
  const pid_t parent = getpid();

  const pid_t child = fork();
  if (child < 0) return server_failure(program, "cannot be started", system_reason(errno));
  if (child == 0) {
    if (settle_in(command, account, parent))
      execve(arguments.front(), arguments.data(), environment.data());
    const int error = errno;
    [[maybe_unused]] const ssize_t told = write(to_parent.get(), &error, sizeof error);
    _exit(127);
  }
  to_parent.close();
  const std::optional<int> error = read_errno(from_child);
  if (!error) return child;
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  return server_failure(program, "cannot be started as user " + account.name,
                        system_reason(*error));
}

Result<bool> run(const ServerCommand& command, const ServerAccount& account,
                 std::chrono::milliseconds limit) {
  auto started = spawn(command, account);
  if (!started) return started.error();
  std::optional<int> status;
  if (!wait_up_to(limit, [&] { return (status = ended(*started)).has_value(); })) {
    kill(*started, SIGKILL);
    waitpid(*started, nullptr, 0);
  }
  return status == 0;
}

bool wait_up_to(std::chrono::milliseconds limit, const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!done()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

std::optional<int> ended(pid_t child) {
  int status = 0;
  const pid_t got = waitpid(child, &status, WNOHANG);
  if (got == child) return status;
  if (got < 0 && errno == ECHILD) return 0;
  return std::nullopt;
}

bool kill_with_children(pid_t pid, std::chrono::milliseconds limit) {
  kill(pid, SIGSTOP);  // so that it makes no new processes while the list is read
  const std::vector<pid_t> children = children_of(pid);
  kill(pid, SIGKILL);
  for (const pid_t child : children) kill(child, SIGKILL);
  return wait_up_to(limit, [&] {
    return ended(pid).has_value() && std::all_of(children.begin(), children.end(),
                                                 [](pid_t child) { return look_at(child).dead; });
  });
}

}  // namespace reconcile::postgres
