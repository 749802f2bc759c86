#include "controller/postgres/embedded_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <functional>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace reconcile::postgres {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::string_view data_name = "data";
constexpr std::string_view unfinished_data_name = "data.new";
constexpr std::string_view log_name = "server.log";
constexpr std::string_view password_name = "password";
constexpr std::string_view lock_name = "lock";
constexpr std::string_view socket_prefix = ".s.PGSQL.";

constexpr std::size_t longest_socket_path = 107;  // sun_path holds 108 bytes with the final zero
constexpr int default_port = 5432;
constexpr std::size_t log_lines_shown = 12;
constexpr std::uintmax_t largest_kept_log = 4 << 20;

Error failure(const fs::path& where, std::string what, std::string why, std::string next = {}) {
  return Error{ErrorKind::Terminal, where.string(), std::move(what), std::move(why),
               std::move(next)};
}

std::string reason(int error) { return std::generic_category().message(error); }

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor() { close(); }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

/// Looks at `done` until it says yes or the time is over.
bool wait_until(Clock::time_point deadline, const std::function<bool()>& done) {
  while (!done()) {
    if (Clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

// ---- the account the server runs as ----

struct Account {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
  std::vector<gid_t> groups;
  bool other = false;  ///< not our own: files are given to it, processes change to it
};

Account account_of(const passwd& entry) {
  Account account{entry.pw_uid, entry.pw_gid, entry.pw_name, {}, true};
  int count = 64;
  account.groups.resize(static_cast<std::size_t>(count));
  if (getgrouplist(entry.pw_name, entry.pw_gid, account.groups.data(), &count) < 0) {
    account.groups.resize(static_cast<std::size_t>(count));
    getgrouplist(entry.pw_name, entry.pw_gid, account.groups.data(), &count);
  }
  account.groups.resize(static_cast<std::size_t>(count));
  return account;
}

/// Ourselves, or when we are root: the owner of the existing data, else `postgres`, else `nobody`.
Result<Account> choose_account(const fs::path& folder) {
  if (geteuid() != 0) {
    const passwd* self = getpwuid(geteuid());
    return Account{
        geteuid(), getegid(), self ? self->pw_name : std::to_string(geteuid()), {}, false};
  }
  struct stat data {};
  if (lstat((folder / data_name).c_str(), &data) == 0 && data.st_uid != 0) {
    if (const passwd* owner = getpwuid(data.st_uid)) return account_of(*owner);
  }
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* entry = getpwnam(name)) return account_of(*entry);
  }
  return failure(
      folder, "no account to run PostgreSQL as",
      "PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`",
      "run this as an ordinary user");
}

/// Between fork and exec, so only calls that are safe there.
bool become(const Account& account) {
  return !account.other || (setgroups(account.groups.size(), account.groups.data()) == 0 &&
                            setgid(account.gid) == 0 && setuid(account.uid) == 0);
}

/// The first folder on the way to `folder` that `account` cannot enter.
std::optional<fs::path> first_closed_folder(const fs::path& folder, const Account& account) {
  if (!account.other) return std::nullopt;
  std::vector<fs::path> way;
  fs::path prefix;
  for (const fs::path& part : folder) way.push_back(prefix /= part);
  // Asked by going there as that account: modes alone do not tell of access lists and file systems
  // that mistrust root.
  const pid_t child = fork();
  if (child < 0) return std::nullopt;
  if (child == 0) {
    if (!become(account)) _exit(0);
    for (std::size_t i = 0; i < way.size() && i < 255; ++i)
      if (chdir(way[i].c_str()) != 0) _exit(static_cast<int>(i + 1));
    _exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  const auto stopped_at = WIFEXITED(status) ? static_cast<std::size_t>(WEXITSTATUS(status)) : 0;
  if (stopped_at == 0) return std::nullopt;
  return way[stopped_at - 1];
}

// ---- the folder ----

bool is_ours(const std::string& name) {
  return name == data_name || name == unfinished_data_name || name == log_name ||
         name == password_name || name == lock_name || name.starts_with(socket_prefix);
}

/// Makes the folder and those above it; new ones above can be entered by everybody, whatever root's
/// umask is.
Result<void> make_folder(const fs::path& folder) {
  std::deque<fs::path> missing;
  std::error_code error;
  for (fs::path at = folder; !at.empty() && !fs::exists(at, error); at = at.parent_path())
    missing.push_front(at);
  for (const fs::path& at : missing) {
    if (mkdir(at.c_str(), 0755) != 0 && errno != EEXIST)
      return failure(at, "cannot make the folder for PostgreSQL", reason(errno));
    if (geteuid() == 0 && chmod(at.c_str(), 0755) != 0)
      return failure(at, "cannot set the rights of the folder", reason(errno));
  }
  return {};
}

/// Gives the folder to the server's account, with all that is in it when root made it. Nobody else
/// may enter it.
Result<void> hand_over(const fs::path& folder, const Account& account) {
  if (chmod(folder.c_str(), 0700) != 0)
    return failure(folder, "cannot be closed to others", reason(errno),
                   "choose a folder of your own");
  const auto is_roots = [](const fs::path& path) {
    struct stat status {};
    return lstat(path.c_str(), &status) == 0 && status.st_uid == 0;
  };
  if (!account.other || !is_roots(folder)) return {};
  std::vector<fs::path> given;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, error))
    given.push_back(entry.path());
  given.push_back(folder);  // last: until then nobody but root can put anything into it
  for (const fs::path& path : given)
    if (is_roots(path) && lchown(path.c_str(), account.uid, account.gid) != 0)
      return failure(path, fmt::format("cannot be given to user {}", account.name), reason(errno));
  return {};
}

Result<FileDescriptor> open_log(const fs::path& file, const Account& account) {
  std::error_code error;
  const int fresh = fs::file_size(file, error) > largest_kept_log && !error ? O_TRUNC : 0;
  FileDescriptor log(
      open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | fresh, 0600));
  if (!log || (account.other && fchown(log.get(), account.uid, account.gid) != 0))
    return failure(file, "cannot write the server's log", reason(errno));
  return log;
}

/// The last lines that were written after `offset`.
std::string tail(const fs::path& file, std::uintmax_t offset) {
  std::ifstream in(file);
  in.seekg(static_cast<std::streamoff>(offset));
  std::deque<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (lines.size() == log_lines_shown) lines.pop_front();
    lines.push_back(std::move(line));
  }
  return fmt::format("{}", fmt::join(lines, "\n"));
}

Result<std::string> read_password(const fs::path& file) {
  std::ifstream in(file);
  std::string password;
  if (!std::getline(in, password) || password.empty())
    return failure(file, "cannot read the password of the embedded PostgreSQL", reason(errno));
  return password;
}

Result<std::string> make_password(const fs::path& file, const Account& account) {
  std::array<unsigned char, 24> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return failure(file, "cannot make a password", reason(errno));
  std::string password;
  for (const unsigned char byte : bytes) password += fmt::format("{:02x}", byte);
  unlink(file.c_str());
  const FileDescriptor out(
      open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  const std::string line = password + "\n";
  if (!out || write(out.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()) ||
      (account.other && fchown(out.get(), account.uid, account.gid) != 0))
    return failure(file, "cannot write the password of the embedded PostgreSQL", reason(errno));
  return password;
}

// ---- binaries ----

bool has_server(const fs::path& bin) {
  return access((bin / "postgres").c_str(), X_OK) == 0 &&
         access((bin / "initdb").c_str(), X_OK) == 0;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The major version of existing data wins, since no other server can read it.
Result<fs::path> find_binaries(const fs::path& wanted, const fs::path& data) {
  if (!wanted.empty()) {
    if (has_server(wanted)) return wanted;
    return failure(wanted, "no PostgreSQL server here",
                   "initdb and postgres are not both in this folder");
  }
  std::string version;
  std::ifstream(data / "PG_VERSION") >> version;
  const std::optional<int> needed = number(version);

  const fs::path debian = "/usr/lib/postgresql";
  std::optional<std::pair<int, fs::path>> newest;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(debian, error)) {
    const auto major = number(entry.path().filename().string());
    if (!major || !has_server(entry.path() / "bin")) continue;
    if (needed ? *major == *needed : !newest || *major > newest->first)
      newest = {*major, entry.path() / "bin"};
  }
  if (newest) return newest->second;

  const char* path = std::getenv("PATH");
  for (std::string_view rest = path ? path : ""; !rest.empty();) {
    const std::size_t colon = rest.find(':');
    const fs::path bin = rest.substr(0, colon);
    if (bin.is_absolute() && has_server(bin)) return bin;
    rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
  }
  const std::string package = fmt::format("postgresql-{}", needed.value_or(15));
  return failure(debian,
                 needed ? fmt::format("no PostgreSQL {} server, which wrote the data in {}",
                                      *needed, data.string())
                        : std::string("no PostgreSQL server found"),
                 "looked there and in PATH", fmt::format("apt-get install {}", package));
}

// ---- processes ----

struct Command {
  std::vector<std::string> arguments;  ///< the first is the program's path
  fs::path folder;                     ///< where it runs
  int output = -1;
  bool dies_with_us = false;
};

/// Starts a program as `account`, in a session of its own so that Ctrl-C in our terminal is for us
/// alone.
Result<pid_t> spawn(const Command& command, const Account& account) {
  std::vector<char*> arguments;
  for (const std::string& argument : command.arguments)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  // Nothing of our environment reaches the server: PGDATA, PGPORT or a locale would change what it
  // does.
  std::array<std::string, 3> variables{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8",
                                       "TZ=UTC"};
  std::array<char*, 4> environment{variables[0].data(), variables[1].data(), variables[2].data(),
                                   nullptr};

  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    return failure(command.arguments.front(), "cannot be started", reason(errno));
  FileDescriptor from_child(ends[0]);
  FileDescriptor to_parent(ends[1]);
  const pid_t parent = getpid();

  const pid_t child = fork();
  if (child < 0) return failure(command.arguments.front(), "cannot be started", reason(errno));
  if (child == 0) {
    // Only calls that are safe after fork in a process with threads.
    sigset_t none;
    sigemptyset(&none);
    struct sigaction by_default {};
    by_default.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) sigaction(signal, &by_default, nullptr);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    setsid();
    umask(077);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const bool ready =
        become(account) && chdir(command.folder.c_str()) == 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
        dup2(command.output, STDOUT_FILENO) >= 0 && dup2(command.output, STDERR_FILENO) >= 0 &&
        // After the change of account, which would clear it.
        (!command.dies_with_us || (prctl(PR_SET_PDEATHSIG, SIGQUIT) == 0 && getppid() == parent));
    if (ready) {
      close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
      execve(arguments.front(), arguments.data(), environment.data());
    }
    const int error = errno;
    [[maybe_unused]] const ssize_t told = write(to_parent.get(), &error, sizeof error);
    _exit(127);
  }
  to_parent.close();
  int error = 0;
  ssize_t got = 0;
  while ((got = read(from_child.get(), &error, sizeof error)) < 0 && errno == EINTR) {
  }
  if (got == 0) return child;
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  return failure(command.arguments.front(), "cannot be started as user " + account.name,
                 reason(error));
}

/// How a child ended; nothing while it runs. 0 also when somebody else has collected it.
std::optional<int> ended(pid_t child) {
  int status = 0;
  const pid_t got = waitpid(child, &status, WNOHANG);
  if (got == child) return status;
  if (got < 0 && errno == ECHILD) return 0;
  return std::nullopt;
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
  return {number(parent).value_or(0), rest.front() == 'Z' || rest.front() == 'X'};
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc", error)) {
    const auto pid = number(entry.path().filename().string());
    if (pid && look_at(*pid).parent == parent) children.push_back(*pid);
  }
  return children;
}

// ---- addresses ----

std::string conninfo_value(std::string_view value) {
  if (!value.empty() && value.find_first_of(" \t\n'\\") == std::string_view::npos)
    return std::string(value);
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string connection_string(std::string_view host, int port, std::string_view database) {
  return fmt::format("host={} port={} user=postgres dbname={}", conninfo_value(host), port,
                     conninfo_value(database));
}

/// libpq and the server both take a list of folders, and both split it at commas.
bool can_hold_socket(const fs::path& folder) {
  const std::string longest = (folder / fmt::format("{}65535", socket_prefix)).string();
  return longest.size() <= longest_socket_path &&
         longest.find_first_of(",\"\\'") == std::string::npos;
}

/// A port nobody listens on just now. Another program may take it before PostgreSQL does; start()
/// then tries another.
Result<int> free_port() {
  const FileDescriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (!probe || bind(probe.get(), generic, size) != 0 ||
      getsockname(probe.get(), generic, &size) != 0)
    return failure("127.0.0.1", "no free port for the embedded PostgreSQL", reason(errno));
  return ntohs(address.sin_port);
}

/// What a running server says of itself in postmaster.pid.
struct Running {
  pid_t pid = 0;
  int port = 0;
  fs::path socket_folder;
  bool tcp = false;
};

std::optional<Running> read_pid_file(const fs::path& data) {
  std::ifstream in(data / "postmaster.pid");
  std::array<std::string, 6> lines;  // pid, data, start time, port, socket folder, listen address
  for (std::string& line : lines) std::getline(in, line);
  const auto pid = number(lines[0]);
  const auto port = number(lines[3]);
  if (!pid || !port || lines[4].empty()) return std::nullopt;
  if (kill(*pid, 0) != 0 && errno == ESRCH) return std::nullopt;
  return Running{*pid, *port, lines[4], !lines[5].empty()};
}

}  // namespace

struct EmbeddedServer::Impl {
  Options options;
  Account account;
  fs::path folder;
  fs::path data;
  fs::path log;
  fs::path bin;
  fs::path socket_folder;
  bool own_socket_folder = false;
  int port = default_port;
  std::string password;
  pid_t pid = 0;
  bool attached = false;
  bool remove_folder = false;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();

  Clock::time_point deadline() const { return Clock::now() + options.deadline; }
  std::string conninfo(std::string_view database) const {
    return connection_string(socket_folder.string(), port, database);
  }

  Result<void> prepare();
  Result<bool> attach();
  Result<void> init();
  Result<void> choose_socket_folder();
  Result<void> launch();
  Result<void> launch_on_free_port();
  Result<void> stop(int signal);
  Result<void> kill_hard();
};

EmbeddedServer::Impl::~Impl() {
  if (pid != 0 && !attached && !stop(remove_folder ? SIGQUIT : SIGINT)) (void)kill_hard();
  std::error_code ignored;
  if (own_socket_folder) fs::remove_all(socket_folder, ignored);
  if (remove_folder) fs::remove_all(folder, ignored);
}

/// Leaves a folder that the server's account owns and can reach.
Result<void> EmbeddedServer::Impl::prepare() {
  std::error_code error;
  if (options.folder.empty()) {
    if (!options.throwaway)
      return failure("", "no folder for the embedded PostgreSQL",
                     "only a throwaway server can do without");
    std::string name = (fs::temp_directory_path(error) / "reconcile-postgres-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      return failure(name, "cannot make a temporary folder", reason(errno));
    options.folder = name;
    remove_folder = true;
  } else {
    options.folder = fs::absolute(options.folder, error).lexically_normal();
    if (!options.folder.has_filename()) options.folder = options.folder.parent_path();
    if (auto made = make_folder(options.folder); !made) return made.error();
  }
  folder = fs::canonical(options.folder, error);
  if (error)
    return failure(options.folder, "cannot be used for the embedded PostgreSQL", error.message());
  data = folder / data_name;
  log = folder / log_name;

  bool empty = true;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    empty = false;
    if (!is_ours(entry.path().filename().string()))
      return failure(folder, "is not a folder of the embedded PostgreSQL",
                     fmt::format("it holds {}", entry.path().filename().string()),
                     "choose a new or empty folder");
  }
  if (error) return failure(folder, "cannot be read", error.message());
  if (options.throwaway && !empty)
    return failure(folder, "is not empty", "a throwaway server deletes its folder at the end",
                   "choose a new or empty folder");
  remove_folder = options.throwaway;

  auto chosen = choose_account(folder);
  if (!chosen) return chosen.error();
  account = std::move(*chosen);
  if (const auto closed = first_closed_folder(folder.parent_path(), account))
    return failure(
        folder, fmt::format("user {} cannot reach this folder", account.name),
        fmt::format("PostgreSQL does not run as root, and {} is closed to that user",
                    closed->string()),
        "choose a folder elsewhere, such as /var/lib/reconcile, or run this as an ordinary user");
  return hand_over(folder, account);
}

/// True when a server was running in the folder and answers.
Result<bool> EmbeddedServer::Impl::attach() {
  const auto running = read_pid_file(data);
  if (!running) return false;
  const std::string address =
      connection_string(running->socket_folder.string(), running->port, "postgres") +
      " connect_timeout=2";
  PGPing answer = PQPING_NO_RESPONSE;
  wait_until(deadline(), [&] { return (answer = PQping(address.c_str())) != PQPING_REJECT; });
  if (answer == PQPING_REJECT)
    return failure(folder, "a PostgreSQL server runs here but takes no connections",
                   fmt::format("process {} is starting up or shutting down", running->pid));
  if (answer != PQPING_OK)
    return false;  // a leftover of a crash; PostgreSQL itself decides whether it may start
  if (options.tcp && !running->tcp)
    return failure(folder, "the PostgreSQL server running here does not listen on TCP",
                   fmt::format("process {} was started without", running->pid), "stop it first");
  pid = running->pid;
  port = running->port;
  socket_folder = running->socket_folder;
  attached = true;
  return true;
}

Result<void> EmbeddedServer::Impl::init() {
  const fs::path unfinished = folder / unfinished_data_name;
  std::error_code error;
  fs::remove_all(unfinished, error);
  auto made = make_password(folder / password_name, account);
  if (!made) return made.error();

  auto output = open_log(log, account);
  if (!output) return output.error();
  const std::uintmax_t offset = fs::file_size(log, error);
  Command command{{(bin / "initdb").string(), "--pgdata=" + unfinished.string(),
                   "--username=postgres", "--auth-local=trust", "--auth-host=scram-sha-256",
                   "--pwfile=" + (folder / password_name).string(), "--encoding=UTF8",
                   "--locale=C.UTF-8", "--no-instructions"},
                  folder,
                  output->get(),
                  options.throwaway};
  if (options.throwaway) command.arguments.emplace_back("--no-sync");
  auto started = spawn(command, account);
  if (!started) return started.error();
  std::optional<int> status;
  if (!wait_until(deadline(), [&] { return (status = ended(*started)).has_value(); })) {
    kill(*started, SIGKILL);
    waitpid(*started, nullptr, 0);
  }
  if (status != 0) {
    fs::remove_all(unfinished, error);
    return failure(folder, "initdb failed", tail(log, offset));
  }
  // Under its final name only when it is complete: a crash in between leaves nothing that looks
  // like a cluster.
  fs::rename(unfinished, data, error);
  if (error) return failure(data, "cannot be put in place", error.message());
  return {};
}

Result<void> EmbeddedServer::Impl::choose_socket_folder() {
  if (can_hold_socket(folder)) {
    socket_folder = folder;
    return {};
  }
  std::string name = "/tmp/reconcile-socket-XXXXXX";  // not TMPDIR, which may be what is too long
  if (mkdtemp(name.data()) == nullptr ||
      (account.other && chown(name.c_str(), account.uid, account.gid) != 0))
    return failure(name, "cannot make a folder for the server's socket", reason(errno));
  socket_folder = name;
  own_socket_folder = true;
  return {};
}

Result<void> EmbeddedServer::Impl::launch() {
  auto output = open_log(log, account);
  if (!output) return output.error();
  std::error_code error;
  const std::uintmax_t offset = fs::file_size(log, error);

  Command command{
      {(bin / "postgres").string(), "-D", data.string()}, folder, output->get(), options.throwaway};
  const auto set = [&](std::string_view name, std::string_view value) {
    command.arguments.emplace_back("-c");
    command.arguments.push_back(fmt::format("{}={}", name, value));
  };
  set("listen_addresses", options.tcp ? "127.0.0.1" : "");
  set("port", std::to_string(port));
  set("unix_socket_directories", socket_folder.string());
  set("unix_socket_permissions", "0700");
  set("logging_collector", "off");
  set("log_destination", "stderr");
  set("timezone", "UTC");
  if (options.throwaway)
    for (const char* name : {"fsync", "full_page_writes"}) set(name, "off");
  for (const auto& [name, value] : options.settings) set(name, value);

  auto started = spawn(command, account);
  if (!started) return started.error();
  pid = *started;

  const std::string address = conninfo("postgres") + " connect_timeout=2";
  bool dead = false;
  const bool ready = wait_until(deadline(), [&] {
    dead = ended(pid).has_value();
    return dead || PQping(address.c_str()) == PQPING_OK;
  });
  if (dead) {
    pid = 0;
    return failure(folder, "PostgreSQL did not start", tail(log, offset));
  }
  if (!ready) {
    (void)kill_hard();
    return failure(
        folder,
        fmt::format("PostgreSQL did not answer within {} s", options.deadline.count() / 1000),
        tail(log, offset));
  }
  return {};
}

Result<void> EmbeddedServer::Impl::launch_on_free_port() {
  Result<void> launched;
  for (int attempt = 0; attempt < 3; ++attempt) {
    auto found = free_port();
    if (!found) return found.error();
    port = *found;
    launched = launch();
    if (launched || launched.error().why.find("Address already in use") == std::string::npos) break;
  }
  return launched;
}

Result<void> EmbeddedServer::Impl::stop(int signal) {
  if (pid == 0) return {};
  const auto is_dead = [&] { return ended(pid).has_value(); };
  if (kill(pid, signal) != 0 && errno != ESRCH)
    return failure(folder, fmt::format("cannot stop PostgreSQL, process {}", pid), reason(errno));
  if (!wait_until(deadline(), is_dead))
    return failure(folder,
                   fmt::format("PostgreSQL, process {}, did not stop within {} s", pid,
                               options.deadline.count() / 1000),
                   tail(log, 0));
  pid = 0;
  return {};
}

Result<void> EmbeddedServer::Impl::kill_hard() {
  if (pid == 0) return {};
  kill(pid, SIGSTOP);  // so that it makes no new processes while the list is read
  const std::vector<pid_t> children = children_of(pid);
  kill(pid, SIGKILL);
  for (const pid_t child : children) kill(child, SIGKILL);
  const bool all_dead = wait_until(deadline(), [&] {
    return ended(pid).has_value() && std::all_of(children.begin(), children.end(),
                                                 [](pid_t child) { return look_at(child).dead; });
  });
  if (!all_dead)
    return failure(folder, fmt::format("PostgreSQL, process {}, survived SIGKILL", pid), "");
  pid = 0;
  return {};
}

Result<EmbeddedServer> EmbeddedServer::start(Options options) {
  auto impl = std::make_unique<Impl>();
  impl->options = std::move(options);
  if (auto prepared = impl->prepare(); !prepared) return prepared.error();

  // Two processes may start in the same folder at once: the second waits, and attaches.
  const FileDescriptor lock(
      open((impl->folder / lock_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock ||
      !wait_until(impl->deadline(), [&] { return flock(lock.get(), LOCK_EX | LOCK_NB) == 0; }))
    return failure(impl->folder, "cannot lock the folder of the embedded PostgreSQL",
                   reason(errno));

  auto attached = impl->attach();
  if (!attached) return attached.error();
  if (!*attached) {
    auto bin = find_binaries(impl->options.binaries, impl->data);
    if (!bin) return bin.error();
    impl->bin = std::move(*bin);
    if (!fs::exists(impl->data))
      if (auto made = impl->init(); !made) return made.error();
    if (auto chosen = impl->choose_socket_folder(); !chosen) return chosen.error();
    if (auto launched = impl->options.tcp ? impl->launch_on_free_port() : impl->launch(); !launched)
      return launched.error();
  }
  if (impl->options.tcp) {
    auto password = read_password(impl->folder / password_name);
    if (!password) return password.error();
    impl->password = std::move(*password);
  }
  return EmbeddedServer(std::move(impl));
}

EmbeddedServer::EmbeddedServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
EmbeddedServer::EmbeddedServer(EmbeddedServer&&) noexcept = default;
EmbeddedServer& EmbeddedServer::operator=(EmbeddedServer&&) noexcept = default;
EmbeddedServer::~EmbeddedServer() = default;

std::string EmbeddedServer::conninfo(std::string_view database) const {
  return impl_->conninfo(database);
}

std::string EmbeddedServer::tcp_conninfo(std::string_view database) const {
  return fmt::format("{} password={}", connection_string("127.0.0.1", impl_->port, database),
                     conninfo_value(impl_->password));
}

const fs::path& EmbeddedServer::folder() const { return impl_->folder; }
const fs::path& EmbeddedServer::socket_folder() const { return impl_->socket_folder; }
const fs::path& EmbeddedServer::log_file() const { return impl_->log; }
int EmbeddedServer::port() const { return impl_->port; }
const std::string& EmbeddedServer::password() const { return impl_->password; }
pid_t EmbeddedServer::pid() const { return impl_->pid; }
bool EmbeddedServer::attached() const { return impl_->attached; }

Result<void> EmbeddedServer::stop() {
  if (impl_->attached)
    return failure(impl_->folder, "this PostgreSQL is not ours to stop", "it was running before");
  return impl_->stop(SIGINT);
}

Result<void> EmbeddedServer::restart() {
  if (auto stopped = stop(); !stopped) return stopped;
  return impl_->launch();
}

Result<void> EmbeddedServer::kill_hard() {
  if (impl_->attached)
    return failure(impl_->folder, "this PostgreSQL is not ours to kill", "it was running before");
  return impl_->kill_hard();
}

}  // namespace reconcile::postgres
