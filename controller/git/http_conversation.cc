#include <fmt/format.h>

#include <optional>
#include <utility>

#include "controller/git/conversation.h"
#include "controller/git/failure.h"
#include "controller/net/http_stream.h"

namespace reconcile::git {
namespace {

constexpr std::string_view kAdvertisement = "/info/refs?service=git-upload-pack";
constexpr int kMostRedirects = 5;

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

class HttpConversation final : public Conversation {
 public:
  HttpConversation(RemoteAddress address, const Access& access)
      : given_(std::move(address)), at_(given_), access_(access) {
    for (int redirects = 0;; ++redirects) {
      open({.method = "GET", .target = std::string(kAdvertisement)});
      if (!is_redirect(stream_->status())) break;
      if (redirects == kMostRedirects)
        throw refused("redirects without an end", "", "write the address that it ends at");
      follow(stream_->header("Location"));
    }
    expect("application/x-git-upload-pack-advertisement");
  }

  void ask(const std::string& request) override {
    open({.method = "POST",
          .target = "/git-upload-pack",
          .headers = {{"Content-Type", "application/x-git-upload-pack-request"},
                      {"Accept", "application/x-git-upload-pack-result"}},
          .body = request});
    expect("application/x-git-upload-pack-result");
  }

  std::size_t read(std::span<char> place) override {
    auto count = stream_->read(place);
    if (!count) throw Failure(Blame::Source, count.error());
    return *count;
  }

 private:
  void open(net::HttpRequest request) {
    const net::Server server{.name = at_.shown,
                             .tls = at_.scheme == RemoteAddress::Scheme::Https,
                             .host = at_.host,
                             .port = at_.port,
                             .path = at_.path};
    if (const auto credentials = authorization())
      request.headers.push_back({"Authorization", *credentials});
    request.headers.push_back({"Pragma", "no-cache"});
    stream_.reset();
    auto opened = net::HttpStream::open(server, request,
                                        {.certificate_authorities = access_.certificate_authorities,
                                         .proxies = access_.proxies,
                                         .connect = access_.connect,
                                         .idle = access_.idle,
                                         .whole = access_.whole});
    if (!opened) throw Failure(Blame::Source, opened.error());
    stream_ = std::move(*opened);
  }

  // A token is for the host it was given for, wherever that one sends us.
  bool trusted() const {
    if (at_.host != given_.host) return false;
    return at_.port == given_.port || (given_.scheme == RemoteAddress::Scheme::Http &&
                                       at_.scheme == RemoteAddress::Scheme::Https);
  }

  std::optional<std::string> authorization() const {
    const std::string& password = access_.token.empty() ? given_.password : access_.token;
    if (!trusted() || (password.empty() && given_.user.empty())) return std::nullopt;
    const std::string& user = !given_.user.empty()    ? given_.user
                              : !access_.user.empty() ? access_.user
                                                      : kAnyUser;
    return net::basic_authorization(user, password);
  }

  void follow(std::string location) {
    if (location.starts_with('/'))
      location =
          fmt::format("{}://{}:{}{}", at_.scheme == RemoteAddress::Scheme::Https ? "https" : "http",
                      at_.host.find(':') == std::string::npos ? at_.host : '[' + at_.host + ']',
                      at_.port, location);
    const bool same_question = location.ends_with(kAdvertisement);
    std::optional<RemoteAddress> next;
    if (same_question)
      next = remote_address(location.substr(0, location.size() - kAdvertisement.size()));
    if (!next || next->over_ssh())
      throw refused("redirects to something that is no repository", "",
                    "check the address; a host may ask for a token in this way");
    if (at_.scheme == RemoteAddress::Scheme::Https && next->scheme != at_.scheme)
      throw refused("redirects to an address that is not secure", next->shown,
                    "write the address of the repository with https");
    at_ = std::move(*next);
  }

  void expect(std::string_view type) const {
    const unsigned status = stream_->status();
    if (status == 200 && stream_->header("Content-Type").starts_with(type)) return;
    if (status == 200)
      throw refused("is not a git repository",
                    fmt::format("it answers with \"{}\" and not with \"{}\"",
                                stream_->header("Content-Type").substr(0, 80), type),
                    "write the address that `git clone` takes");
    if (status == 401 || status == 403) throw no_rights(status);
    if (status == 404 || status == 410)
      throw refused("has no such repository", fmt::format("it answers with status {}", status),
                    "check the address, and whether the token may read that repository");
    const bool passing = status == 429 || status == 408 || status >= 500;
    throw refused("does not answer as a git repository",
                  fmt::format("it answers with status {}", status),
                  passing ? "it is asked again later" : "write the address that `git clone` takes",
                  passing ? ErrorKind::Transient : ErrorKind::Terminal);
  }

  Failure no_rights(unsigned status) const {
    const std::string answer = fmt::format("it answers with status {}", status);
    if (!trusted())
      return refused(fmt::format("redirects to {}, which wants a token", at_.shown),
                     "a token is not sent to another host", "write that address instead");
    if (authorization())
      return refused("refuses the token", answer,
                     "check that it has not expired, and that it may read the repository");
    return refused("wants a token", answer,
                   "put one with the right to read into RECONCILE_GIT_TOKEN_FILE, or name a file "
                   "with it as token_file in the section git of the configuration");
  }

  Failure refused(std::string what, std::string why, std::string next,
                  ErrorKind kind = ErrorKind::Terminal) const {
    return Failure(Blame::Source, Error{.kind = kind,
                                        .where = given_.shown,
                                        .what = std::move(what),
                                        .why = std::move(why),
                                        .next = std::move(next)});
  }

  // GitHub, GitLab, Gitea and Bitbucket look at the token alone, and want some user beside it.
  inline static const std::string kAnyUser = "git";

  const RemoteAddress given_;
  RemoteAddress at_;  // where redirects have led
  const Access& access_;
  std::unique_ptr<net::HttpStream> stream_;
};

}  // namespace

std::unique_ptr<Conversation> converse_over_http(const RemoteAddress& address,
                                                 const Access& access) {
  return std::make_unique<HttpConversation>(address, access);
}

}  // namespace reconcile::git
