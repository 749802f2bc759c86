#include "tests/support/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ostream>
#include <stdexcept>
#include <system_error>

namespace reconcile::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How often a condition is looked at; also how soon an unexpected end is seen.
constexpr milliseconds kPoll{5};

/// The first of two variables with one name is the one that counts.
std::vector<std::string> environment_with(std::vector<std::string> all) {
  all.insert(all.end(), {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent", "LC_ALL=C.UTF-8",
                         "TZ=UTC"});
  return all;
}

// The arrays that exec wants; it does not write to them.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

int file_in_memory(const char* name) {
  const int descriptor = ::memfd_create(name, MFD_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), name);
  return descriptor;
}

std::string content_of(int descriptor) {
  std::string text;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t count =
        ::pread(descriptor, buffer.data(), buffer.size(), static_cast<off_t>(text.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

std::ostream& operator<<(std::ostream& stream, const Ran& ran) {
  return stream << "exit " << ran.exit_code << " after " << ran.duration.count()
                << " ms\n---- stdout\n"
                << ran.out << "---- stderr\n"
                << ran.err << "----\n";
}

Program::Program(const std::vector<std::string>& command,
                 const std::vector<std::string>& environment, const std::filesystem::path& folder)
    : out_(file_in_memory("stdout")),
      err_(file_in_memory("stderr")),
      started_(steady_clock::now()) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out_, 1);
  posix_spawn_file_actions_adddup2(&actions, err_, 2);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  const std::vector<std::string> variables = environment_with(environment);
  const int failed = ::posix_spawnp(&pid_, command.front().c_str(), &actions, nullptr,
                                    pointers_to(command).data(), pointers_to(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::system_error(failed, std::generic_category(), command.front());
  // glibc 2.36 declares pidfd_open() without extern "C".
  watch_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (watch_ < 0) throw std::system_error(errno, std::generic_category(), "pidfd_open");
}

Program::~Program() {
  if (!reaped_) {
    kill(SIGKILL);
    reaped();
  }
  for (const int descriptor : {watch_, out_, err_}) ::close(descriptor);
}

void Program::kill(int signal) { ::kill(pid_, signal); }

bool Program::ended_within(milliseconds time) const {
  pollfd source{watch_, POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&source, 1, static_cast<int>(time.count()));
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

std::string Program::said() const { return content_of(out_); }

std::string Program::logged() const { return content_of(err_); }

Ran Program::reaped() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  reaped_ = true;
  const auto duration = std::chrono::duration_cast<milliseconds>(steady_clock::now() - started_);
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), content_of(out_),
          content_of(err_), duration};
}

Ran Program::wait(milliseconds deadline) {
  if (ended_within(deadline)) return reaped();
  kill(SIGKILL);
  const Ran ran = reaped();
  throw std::runtime_error("the program did not end in time; it said:\n" + ran.out + ran.err);
}

void Program::wait_until(const std::function<bool()>& reached, std::string_view what,
                         milliseconds deadline) {
  const auto end = steady_clock::now() + deadline;
  while (!reached()) {
    if (ended_within(kPoll)) {
      const Ran ran = reaped();
      throw std::runtime_error("the program ended before " + std::string(what) + "; it said:\n" +
                               ran.out + ran.err);
    }
    if (steady_clock::now() > end) throw std::runtime_error("never seen: " + std::string(what));
  }
}

Ran run_program(const std::vector<std::string>& command,
                const std::vector<std::string>& environment, const std::filesystem::path& folder) {
  return Program(command, environment, folder).wait();
}

}  // namespace reconcile::test
