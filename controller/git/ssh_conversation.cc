#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "controller/git/child.h"
#include "controller/git/conversation.h"
#include "controller/git/failure.h"

namespace reconcile::git {
namespace {

using std::chrono::steady_clock;

constexpr int kFailureOfSsh = 255;
constexpr std::chrono::seconds kFarewell{2};

// For the shell of the other side, which has ! besides ' as git has it.
std::string for_shell(std::string_view path) {
  std::string text = "'";
  for (const char c : path) {
    if (c == '\'' || c == '!') {
      text += fmt::format("'\\{}'", c);
    } else {
      text += c;
    }
  }
  return text + "'";
}

// ssh replaces %-sequences in names of files.
std::string literal(const std::filesystem::path& file) {
  std::string text;
  for (const char c : std::filesystem::absolute(file).string())
    text += c == '%' ? "%%" : std::string(1, c);
  return text;
}

std::vector<std::string> command_for(const RemoteAddress& address, const Access& access) {
  std::vector<std::string> command = {"ssh", "-T"};
  const auto option = [&](std::string text) {
    command.emplace_back("-o");
    command.push_back(std::move(text));
  };
  option("BatchMode=yes");
  option("StrictHostKeyChecking=yes");
  option("UpdateHostKeys=no");
  option("ClearAllForwardings=yes");
  option("ForwardAgent=no");
  option("PermitLocalCommand=no");
  option(fmt::format(
      "ConnectTimeout={}",
      std::max<long long>(1, std::chrono::ceil<std::chrono::seconds>(access.connect).count())));
  if (!access.known_hosts.empty()) {
    // Quoted, since several files may stand there with spaces between.
    option(fmt::format("UserKnownHostsFile=\"{}\"", literal(access.known_hosts)));
    option("GlobalKnownHostsFile=none");
  }
  if (!access.key.empty()) {
    option("IdentitiesOnly=yes");
    option("IdentityAgent=none");
    command.emplace_back("-i");
    command.push_back(literal(access.key));
  }
  if (address.port != 0) {
    command.emplace_back("-p");
    command.push_back(std::to_string(address.port));
  }
  if (!address.user.empty()) {
    command.emplace_back("-l");
    command.push_back(address.user);
  }
  command.emplace_back("--");
  command.push_back(address.host);
  command.push_back("git-upload-pack " + for_shell(address.path));
  return command;
}

class SshConversation final : public Conversation {
 public:
  SshConversation(const RemoteAddress& address, const Access& access)
      : address_(address),
        access_(access),
        deadline_(steady_clock::now() + access.whole),
        child_(command_for(address, access)) {}

  ~SshConversation() override {
    try {
      // Where nothing is asked, a flush packet says so, and the other side ends in peace.
      if (!asked_) child_.write(kFlush, steady_clock::now() + kFarewell);
      child_.close_input();
      child_.finish(steady_clock::now() + kFarewell);
    } catch (const std::exception&) {
      // The child is ended by its own destructor.
    }
  }

  void ask(const std::string& request) override {
    asked_ = true;
    const Child::Wait wait = child_.write(request, next_deadline());
    if (wait == Child::Wait::TimedOut) throw timed_out();
    if (wait == Child::Wait::Ended) throw ended();
  }

  std::size_t read(std::span<char> place) override {
    const Child::Read read = child_.read(place, next_deadline());
    if (read.wait == Child::Wait::TimedOut) throw timed_out();
    if (read.wait == Child::Wait::Ended) throw ended();
    return read.bytes;
  }

 private:
  Child::Time next_deadline() const {
    return std::min(deadline_, steady_clock::now() + access_.idle);
  }

  Failure failure(ErrorKind kind, std::string what, std::string why, std::string next) const {
    return Failure(Blame::Source, Error{.kind = kind,
                                        .where = address_.shown,
                                        .what = std::move(what),
                                        .why = std::move(why),
                                        .next = std::move(next)});
  }

  Failure timed_out() const {
    return failure(
        ErrorKind::Transient, "does not answer",
        fmt::format("no answer within {} ms", std::min(access_.idle, access_.whole).count()),
        "look whether it runs, and whether this machine gets there");
  }

  // The end of the stream is never expected: the last packet of an answer says that it is the last.
  Failure ended() {
    const int status = child_.finish(steady_clock::now() + kFarewell);
    const std::string said = child_.complaint();
    const auto says = [&](std::string_view text) { return said.find(text) != std::string::npos; };
    const std::string why = said.empty() ? "ssh says nothing" : "ssh says: " + said;
    if (says("Host key verification failed") || says("HOST IDENTIFICATION HAS CHANGED"))
      return unknown_host(why);
    if (says("Permission denied"))
      return failure(ErrorKind::Terminal, "does not accept the key", why,
                     "add the public half of the key to the repository, with the right to read, "
                     "and name the private one with RECONCILE_GIT_SSH_KEY or ssh_key");
    if (WIFEXITED(status) && WEXITSTATUS(status) != kFailureOfSsh && WEXITSTATUS(status) != 0)
      return failure(ErrorKind::Terminal, "does not give the repository", why,
                     "check the path, and what the key may read");
    return failure(ErrorKind::Transient, "the connection breaks off", why,
                   "look whether it runs, and whether this machine gets there");
  }

  Failure unknown_host(const std::string& why) const {
    const std::string port = address_.port == 0 ? "" : fmt::format(" -p {}", address_.port);
    const std::string file =
        access_.known_hosts.empty() ? "~/.ssh/known_hosts" : access_.known_hosts.string();
    return failure(
        ErrorKind::Terminal, "its host key is not the one that is known", why,
        fmt::format("run `ssh-keyscan{} {}`, compare the key with what the host publishes, and put "
                    "it into {} (RECONCILE_GIT_KNOWN_HOSTS or known_hosts names another file)",
                    port, address_.host, file));
  }

  const RemoteAddress address_;
  const Access& access_;
  const Child::Time deadline_;
  bool asked_ = false;
  Child child_;
};

}  // namespace

std::unique_ptr<Conversation> converse_over_ssh(const RemoteAddress& address,
                                                const Access& access) {
  for (const std::filesystem::path& file : {access.key, access.known_hosts}) {
    std::error_code ignored;
    if (file.empty() || std::filesystem::exists(file, ignored)) continue;
    throw Failure(Blame::Input, Error{.kind = ErrorKind::Terminal,
                                      .where = file.string(),
                                      .what = "does not exist, or cannot be seen",
                                      .why = "it is named for " + address.shown,
                                      .next = "check the path and its rights"});
  }
  try {
    return std::make_unique<SshConversation>(address, access);
  } catch (const std::system_error& error) {
    throw Failure(Blame::Source, Error{.kind = ErrorKind::Terminal,
                                       .where = address.shown,
                                       .what = "cannot be asked: ssh does not start",
                                       .why = error.code().message(),
                                       .next = "install the package openssh-client"});
  }
}

}  // namespace reconcile::git
