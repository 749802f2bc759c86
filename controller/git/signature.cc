#include "controller/git/signature.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <git2.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "controller/git/child.h"
#include "controller/git/failure.h"

namespace reconcile::git {
namespace {

constexpr std::string_view kSshHead = "-----BEGIN SSH SIGNATURE-----";
constexpr std::string_view kPgpHead = "-----BEGIN PGP SIGNATURE-----";
constexpr std::chrono::seconds kLimit{10};

Failure cannot_tell(std::string where, std::string what, std::string why, std::string next) {
  return Failure(Blame::Input, Error{.kind = ErrorKind::Terminal,
                                     .where = std::move(where),
                                     .what = std::move(what),
                                     .why = std::move(why),
                                     .next = std::move(next)});
}

struct Signed {
  std::string signature;
  std::string content;  // the commit without it
};

class Buffer {
 public:
  Buffer() = default;
  ~Buffer() { git_buf_dispose(&buffer_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  git_buf* get() { return &buffer_; }
  std::string text() const { return {buffer_.ptr, buffer_.size}; }

 private:
  git_buf buffer_ = GIT_BUF_INIT;
};

std::optional<Signed> signature_of(const Objects& objects, git_oid commit) {
  Buffer signature;
  Buffer content;
  const int code = git_commit_extract_signature(signature.get(), content.get(),
                                                objects.repository(), &commit, "gpgsig");
  if (code == GIT_ENOTFOUND) return std::nullopt;
  if (code < 0) throw objects.unreadable(commit, code);
  return Signed{signature.text(), content.text()};
}

// The programs want the signature in a file, and the content from their standard input.
class SignatureFile {
 public:
  SignatureFile(const std::filesystem::path& folder, std::string_view text)
      : path_((folder / "signature-XXXXXX").string()) {
    const int descriptor = ::mkstemp(path_.data());
    if (descriptor < 0)
      throw cannot_tell(folder.string(), "cannot be written",
                        std::generic_category().message(errno),
                        "pass --state with a folder this user may write to");
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    ::close(descriptor);
    if (written == static_cast<ssize_t>(text.size())) return;
    ::unlink(path_.c_str());
    throw cannot_tell(folder.string(), "cannot be written", "", "look whether the disk is full");
  }
  ~SignatureFile() { ::unlink(path_.c_str()); }
  SignatureFile(const SignatureFile&) = delete;
  SignatureFile& operator=(const SignatureFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Finished run(const std::vector<std::string>& command, std::string_view input, const char* package) {
  try {
    if (auto finished = run_to_end(command, input, kLimit)) return std::move(*finished);
  } catch (const std::system_error& error) {
    throw cannot_tell(command.front(), "cannot be started", error.code().message(),
                      fmt::format("install the package {}", package));
  }
  throw cannot_tell(command.front(), "does not end",
                    fmt::format("it has been working for {} s", kLimit.count()),
                    "look at the load of this machine");
}

std::string readable(const std::filesystem::path& file) {
  std::error_code failed;
  if (std::filesystem::is_regular_file(file, failed))
    return std::filesystem::absolute(file).string();
  throw cannot_tell(file.string(), "does not exist, or cannot be read",
                    "signatures are asked for, and it says whose", "check the path and its rights");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

// ssh-keygen(1): whose key it is at that time, and then whether the signature fits.
std::optional<std::string> ssh_problem(const Signed& found, const SignatureFile& file,
                                       const std::string& signers, git_time_t time) {
  const std::string when =
      fmt::format("-Overify-time={:%Y%m%d%H%M%S}Z", fmt::gmtime(static_cast<std::time_t>(time)));
  const Finished who =
      run({"ssh-keygen", "-Y", "find-principals", "-f", signers, "-s", file.path(), when}, "",
          "openssh-client");
  if (!who.succeeded)
    return fmt::format("is signed with a key that {} does not have for that time ({})", signers,
                       who.complaint);
  std::string complaint;
  for (const std::string& principal : lines_of(who.output)) {
    const Finished verified = run({"ssh-keygen", "-Y", "verify", "-f", signers, "-I", principal,
                                   "-n", "git", "-s", file.path(), when},
                                  found.content, "openssh-client");
    if (verified.succeeded) return std::nullopt;
    complaint = verified.complaint.empty() ? verified.output : verified.complaint;
  }
  while (complaint.ends_with('\n')) complaint.pop_back();
  return fmt::format(
      "has a signature that does not fit it: it was altered, or signed for another "
      "purpose ({})",
      complaint);
}

// The status lines of GnuPG (doc/DETAILS) and not its exit code, which is 0 for an expired key.
std::optional<std::string> pgp_problem(const Signed& found, const SignatureFile& file,
                                       const std::string& keyring) {
  const Finished verified = run(
      {"gpgv", "--status-fd", "1", "--keyring", keyring, file.path(), "-"}, found.content, "gpgv");
  bool good = false;
  bool bad = false;
  bool nobody = false;
  for (const std::string& line : lines_of(verified.output)) {
    good = good || line.starts_with("[GNUPG:] GOODSIG ");
    nobody = nobody || line.starts_with("[GNUPG:] NO_PUBKEY ");
    for (const char* kind : {"BADSIG", "ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG"})
      bad = bad || line.starts_with(fmt::format("[GNUPG:] {} ", kind));
  }
  if (verified.succeeded && good && !bad) return std::nullopt;
  if (nobody)
    return fmt::format("is signed with a key that {} does not have ({})", keyring,
                       verified.complaint);
  return fmt::format("has a signature that is not good ({})", verified.complaint);
}

}  // namespace

std::optional<std::string> signature_problem(const Objects& objects, const git_oid& commit,
                                             const Signatures& asked) {
  if (!asked.any()) return std::nullopt;
  const auto found = signature_of(objects, commit);
  if (!found) return "is not signed";
  const SignatureFile file(git_repository_path(objects.repository()), found->signature);
  if (found->signature.starts_with(kSshHead)) {
    if (asked.allowed_signers.empty())
      return "is signed with a key of SSH, and only a keyring of OpenPGP says who may sign";
    return ssh_problem(*found, file, readable(asked.allowed_signers),
                       git_commit_time(objects.commit(commit).get()));
  }
  if (found->signature.starts_with(kPgpHead)) {
    if (asked.keyring.empty())
      return "is signed with OpenPGP, and only a list of signers of SSH says who may sign";
    return pgp_problem(*found, file, readable(asked.keyring));
  }
  return "has a signature that is neither of SSH nor of OpenPGP";
}

}  // namespace reconcile::git
