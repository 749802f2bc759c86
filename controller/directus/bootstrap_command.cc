#include "controller/directus/bootstrap_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <thread>

namespace reconcile::directus {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kept_bytes = 8 * 1024;
constexpr std::size_t shown_lines = 12;
/// Between asking the command to end and ending it.
constexpr milliseconds grace{2000};
/// How often is looked whether it has ended, or we are to.
constexpr milliseconds slice{20};

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

/// While it lives, requests to end wait. They take effect when the mask is put back, after the
/// command is gone.
class DeferredSignals {
 public:
  DeferredSignals() {
    sigset_t block;
    sigemptyset(&block);
    for (const int signal : ends) sigaddset(&block, signal);
    pthread_sigmask(SIG_BLOCK, &block, &before_);
  }
  ~DeferredSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  DeferredSignals(const DeferredSignals&) = delete;
  DeferredSignals& operator=(const DeferredSignals&) = delete;

  bool arrived() const {
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    return std::ranges::any_of(ends,
                               [&](int signal) { return sigismember(&pending, signal) == 1; });
  }

 private:
  static constexpr std::array ends{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  sigset_t before_{};
};

/// The end of what a command prints.
class Tail {
 public:
  void add(std::string_view text) {
    text_ += text;
    if (text_.size() > 2 * kept_bytes) text_.erase(0, text_.size() - kept_bytes);
  }

  /// Its last lines. Directus prints the password of an admin that it makes up.
  std::string lines() const {
    std::vector<std::string_view> all;
    std::string_view rest = text_;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      if (end > 0) all.push_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (all.size() > shown_lines) all.erase(all.begin(), all.end() - shown_lines);
    std::string text;
    for (const std::string_view line : all) {
      text += text.empty() ? "" : "\n";
      text += tells_a_password(line) ? "(a line about a password)" : line;
    }
    return text;
  }

 private:
  static bool tells_a_password(std::string_view line) {
    std::string lower(line);
    std::ranges::transform(lower, lower.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    return lower.find("password") != std::string::npos || lower.find("secret") != std::string::npos;
  }

  std::string text_;
};

/// In the child, between fork and exec: only calls that are safe there in a process with threads.
[[noreturn]] void become(char* const* arguments, char* const* environment, int output,
                         pid_t parent) {
  setpgid(0, 0);
  struct sigaction by_default {};
  by_default.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) sigaction(signal, &by_default, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const bool ready = dup2(nothing, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
                     dup2(output, STDERR_FILENO) >= 0 && prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 &&
                     getppid() == parent;
  // Neither the connection to the database nor anything else of ours is for the command.
  if (ready) close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  if (ready) execvpe(arguments[0], arguments, environment);
  constexpr std::string_view cannot = "the command cannot be executed\n";
  [[maybe_unused]] const ssize_t told = write(output, cannot.data(), cannot.size());
  _exit(127);
}

enum class End { Exited, TimedOut, AskedToEnd };

struct Ended {
  End how = End::Exited;
  int status = 0;  ///< as waitpid has it
};

class BootstrapCommand : public Installer {
 public:
  BootstrapCommand(std::vector<std::string> arguments, milliseconds limit,
                   std::vector<std::string> database)
      : arguments_(std::move(arguments)), limit_(limit), database_(std::move(database)) {}

  std::string command() const override { return fmt::format("{}", fmt::join(arguments_, " ")); }

  Result<void> install() override {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return failure("cannot be started", reason(errno));
    const Descriptor output(ends[0]);
    Descriptor input(ends[1]);
    const std::vector<std::string> variables = environment();
    const std::vector<char*> words = pointers_to(arguments_);
    const std::vector<char*> surroundings = pointers_to(variables);

    const DeferredSignals signals;
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child < 0) return failure("cannot be started", reason(errno));
    if (child == 0) become(words.data(), surroundings.data(), input.get(), parent);
    setpgid(child, child);  // whichever of the two comes first
    input.close();
    Tail said;
    const Ended ended = wait_for(child, output.get(), signals, said);
    return judge(ended, said.lines());
  }

 private:
  /// For exec, which does not write to them.
  static std::vector<char*> pointers_to(const std::vector<std::string>& words) {
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    return pointers;
  }

  std::vector<std::string> environment() const {
    std::vector<std::string> variables = database_;
    // Directus reads a file of that name before its environment.
    if (!database_.empty()) variables.emplace_back("CONFIG_PATH=/dev/null");
    for (char** variable = environ; *variable != nullptr; ++variable) {
      const std::string_view text = *variable;
      const bool replaced =
          !database_.empty() && (text.starts_with("DB_") || text.starts_with("CONFIG_PATH="));
      if (!replaced) variables.emplace_back(text);
    }
    return variables;
  }

  static std::string reason(int code) { return std::generic_category().message(code); }

  Error failure(std::string what, std::string why) const {
    return {.kind = ErrorKind::Terminal,
            .where = command(),
            .what = std::move(what),
            .why = std::move(why),
            .next =
                "run it by hand where reconcile runs, and mend what it says; half of an "
                "installation may be left in the database"};
  }

  Result<void> judge(const Ended& ended, const std::string& said) const {
    const std::string why = said.empty() ? "it said nothing" : "it said:\n" + said;
    if (ended.how == End::TimedOut)
      return failure(fmt::format("was not done within {} ms, and is killed", limit_.count()), why);
    if (ended.how == End::AskedToEnd)
      return failure("is killed, since reconcile is asked to end", why);
    if (WIFSIGNALED(ended.status))
      return failure(fmt::format("was ended by signal {}", WTERMSIG(ended.status)), why);
    if (WEXITSTATUS(ended.status) != 0)
      return failure(fmt::format("failed with exit status {}", WEXITSTATUS(ended.status)), why);
    return {};
  }

  /// Reads what the command prints until it ends, or until its time is over.
  Ended wait_for(pid_t child, int output, const DeferredSignals& signals, Tail& said) const {
    const auto deadline = steady_clock::now() + limit_;
    Ended ended;
    pollfd source{output, POLLIN, 0};
    while (!has_ended(child)) {
      if (steady_clock::now() >= deadline) ended.how = End::TimedOut;
      if (signals.arrived()) ended.how = End::AskedToEnd;
      if (ended.how != End::Exited) break;
      poll(&source, 1, static_cast<int>(slice.count()));
      if (source.revents != 0 && !read_some(output, said)) source.fd = -1;
    }
    if (ended.how != End::Exited) ask_group_to_end(child);
    // What stands in the pipe already; what others in the group still print is not waited for.
    fcntl(output, F_SETFL, O_NONBLOCK);
    while (source.fd >= 0 && read_some(output, said)) {
    }
    kill(-child, SIGKILL);
    while (waitpid(child, &ended.status, 0) < 0 && errno == EINTR) {
    }
    return ended;
  }

  /// Without collecting it: until then nobody else gets its number, nor its group's.
  static bool has_ended(pid_t child) {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           info.si_pid != 0;
  }

  static bool read_some(int output, Tail& said) {
    std::array<char, 4096> buffer{};
    const ssize_t count = read(output, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) return true;
    if (count <= 0) return false;
    said.add({buffer.data(), static_cast<std::size_t>(count)});
    return true;
  }

  /// Everything in the command's group; what does not end in time is killed by the caller.
  static void ask_group_to_end(pid_t child) {
    kill(-child, SIGTERM);
    const auto deadline = steady_clock::now() + grace;
    while (!has_ended(child) && steady_clock::now() < deadline) std::this_thread::sleep_for(slice);
  }

  std::vector<std::string> arguments_;
  milliseconds limit_;
  std::vector<std::string> database_;
};

}  // namespace

std::unique_ptr<Installer> bootstrap_command(std::vector<std::string> arguments, milliseconds limit,
                                             std::vector<std::string> database) {
  return std::make_unique<BootstrapCommand>(std::move(arguments), limit, std::move(database));
}

}  // namespace reconcile::directus
