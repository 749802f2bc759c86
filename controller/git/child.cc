#include "controller/git/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <thread>

namespace reconcile::git {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kKeptBytes = 4096;
constexpr std::size_t kShownLines = 4;
constexpr std::size_t kShownBytes = 400;
constexpr milliseconds kSlice{5};

std::system_error failed(int code, const std::string& what) {
  return std::system_error(code, std::generic_category(), what);
}

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  // exec does not write to them.
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Signals that this process ignores or blocks are none of the program's, nor are its files.
int spawn(pid_t& pid, const std::vector<std::string>& command, int talk, int error) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, talk, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, talk, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(
      &attributes,
      static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP));
  const int code = ::posix_spawnp(&pid, command.front().c_str(), &actions, &attributes,
                                  pointers_to(command).data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

int milliseconds_until(Child::Time deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now()).count();
  return static_cast<int>(std::clamp<decltype(left)>(left, 0, 3'600'000));
}

}  // namespace

Child::Child(const std::vector<std::string>& command) {
  std::array<int, 2> talk{};
  std::array<int, 2> error{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, talk.data()) != 0)
    throw failed(errno, command.front());
  if (::pipe2(error.data(), O_CLOEXEC) != 0) {
    const int code = errno;
    for (const int descriptor : talk) ::close(descriptor);
    throw failed(code, command.front());
  }
  const int code = spawn(pid_, command, talk[1], error[1]);
  ::close(talk[1]);
  ::close(error[1]);
  if (code != 0) {
    ::close(talk[0]);
    ::close(error[0]);
    throw failed(code, command.front());
  }
  talk_ = talk[0];
  error_ = error[0];
  ::fcntl(talk_, F_SETFL, O_NONBLOCK);
  ::fcntl(error_, F_SETFL, O_NONBLOCK);
}

Child::~Child() {
  finish(steady_clock::now());
  ::close(talk_);
  ::close(error_);
}

void Child::take_complaint() {
  std::array<char, 1024> buffer{};
  for (;;) {
    const ssize_t count = ::read(error_, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    said_.append(buffer.data(), static_cast<std::size_t>(count));
    if (said_.size() > 2 * kKeptBytes) said_.erase(0, said_.size() - kKeptBytes);
  }
}

Child::Wait Child::wait_for(short events, Time deadline) {
  bool error_open = true;
  for (;;) {
    std::array<pollfd, 2> sources{{{talk_, events, 0}, {error_open ? error_ : -1, POLLIN, 0}}};
    const int ready = ::poll(sources.data(), sources.size(), milliseconds_until(deadline));
    if (ready < 0 && errno != EINTR) throw failed(errno, "poll");
    if (ready > 0 && sources[1].revents != 0) {
      take_complaint();
      error_open = (sources[1].revents & POLLIN) != 0;
    }
    if (ready > 0 && sources[0].revents != 0) return Wait::Ready;
    if (steady_clock::now() >= deadline) return Wait::TimedOut;
  }
}

Child::Read Child::read(std::span<char> place, Time deadline) {
  for (;;) {
    const Wait wait = wait_for(POLLIN, deadline);
    if (wait != Wait::Ready) return {wait};
    const ssize_t count = ::recv(talk_, place.data(), place.size(), 0);
    if (count > 0) return {Wait::Ready, static_cast<std::size_t>(count)};
    if (count == 0 || (errno != EINTR && errno != EAGAIN)) return {Wait::Ended};
  }
}

Child::Wait Child::write(std::string_view text, Time deadline) {
  while (!text.empty()) {
    const Wait wait = wait_for(POLLOUT, deadline);
    if (wait != Wait::Ready) return wait;
    const ssize_t count = ::send(talk_, text.data(), text.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR && errno != EAGAIN) return Wait::Ended;
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
  return Wait::Ready;
}

void Child::close_input() { ::shutdown(talk_, SHUT_WR); }

int Child::finish(Time deadline) {
  if (reaped_) return status_;
  // Without collecting it: until then nobody else gets its number, nor its group's.
  const auto ended = [this] {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           info.si_pid != 0;
  };
  while (!ended() && steady_clock::now() < deadline) {
    take_complaint();
    std::this_thread::sleep_for(kSlice);
  }
  ::kill(-pid_, SIGKILL);
  while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
  }
  reaped_ = true;
  take_complaint();
  return status_;
}

std::string Child::complaint() const {
  std::vector<std::string> lines(1);
  for (const char c : said_) {
    if (c == '\n' || c == '\r') {
      if (!lines.back().empty()) lines.emplace_back();
    } else {
      lines.back() += static_cast<unsigned char>(c) < ' ' || c == 0x7f ? ' ' : c;
    }
  }
  if (lines.back().empty()) lines.pop_back();
  const std::size_t from = lines.size() > kShownLines ? lines.size() - kShownLines : 0;
  std::string text;
  for (std::size_t i = from; i < lines.size(); ++i) text += (i == from ? "" : "; ") + lines[i];
  if (text.size() > kShownBytes) text = "…" + text.substr(text.size() - kShownBytes);
  return text;
}

std::optional<Finished> run_to_end(const std::vector<std::string>& command, std::string_view input,
                                   milliseconds limit) {
  const Child::Time deadline = steady_clock::now() + limit;
  Child child(command);
  child.write(input, deadline);
  child.close_input();
  Finished finished{false, {}, {}};
  std::array<char, 4096> buffer{};
  Child::Read read{Child::Wait::Ready};
  while ((read = child.read(buffer, deadline)).wait == Child::Wait::Ready &&
         finished.output.size() < kKeptBytes * 16)
    finished.output.append(buffer.data(), read.bytes);
  if (read.wait == Child::Wait::TimedOut) return std::nullopt;
  const int status = child.finish(deadline);
  finished.succeeded = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  finished.complaint = child.complaint();
  return finished;
}

}  // namespace reconcile::git
