#include "tests/support/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace reconcile::test {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int listening(std::uint16_t port, bool v6) {
  const int listener = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) fail("socket");
  const int yes = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in place4{};
  place4.sin_family = AF_INET;
  place4.sin_port = htons(port);
  place4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 place6{};
  place6.sin6_family = AF_INET6;
  place6.sin6_port = htons(port);
  place6.sin6_addr = in6addr_loopback;
  const auto* place =
      v6 ? reinterpret_cast<const sockaddr*>(&place6) : reinterpret_cast<const sockaddr*>(&place4);
  const socklen_t size = v6 ? sizeof place6 : sizeof place4;
  if (::bind(listener, place, size) != 0 || ::listen(listener, 16) != 0) {
    ::close(listener);
    fail("bind");
  }
  return listener;
}

std::uint16_t port_of(int listener) {
  sockaddr_in6 place{};  // the port is at the same place in both kinds
  socklen_t size = sizeof place;
  if (::getsockname(listener, reinterpret_cast<sockaddr*>(&place), &size) != 0) fail("getsockname");
  return ntohs(place.sin6_port);
}

void send_all(int client, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t count = ::send(client, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

}  // namespace

HttpAnswer HttpAnswer::status(int status, const std::string& body,
                              const std::string& more_headers) {
  return {Way::Send, "HTTP/1.1 " + std::to_string(status) +
                         " Text\r\nContent-Type: application/json\r\nContent-Length: " +
                         std::to_string(body.size()) + "\r\n" + more_headers + "\r\n" + body};
}

std::string HttpAsked::header(const std::string& name) const {
  const std::size_t begin = head.find("\r\n" + name + ": ");
  if (begin == std::string::npos) return {};
  const std::size_t value = begin + name.size() + 4;
  return head.substr(value, head.find("\r\n", value) - value);
}

HttpServer::HttpServer(Answer answer, std::uint16_t port, bool v6)
    : answer_(std::move(answer)),
      v6_(v6),
      listener_(listening(port, v6)),
      end_(::eventfd(0, EFD_CLOEXEC)),
      port_(port_of(listener_)),
      thread_([this] { serve(); }) {}

HttpServer::~HttpServer() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(end_, &one, sizeof one);
  thread_.join();
  ::close(listener_);
  ::close(end_);
}

std::string HttpServer::address() const {
  return (v6_ ? "http://[::1]:" : "http://127.0.0.1:") + std::to_string(port_);
}

std::vector<HttpAsked> HttpServer::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

std::vector<std::string> HttpServer::lines() const {
  std::vector<std::string> all;
  for (const HttpAsked& asked : this->asked()) all.push_back(asked.method + ' ' + asked.target);
  return all;
}

void HttpServer::serve() {
  for (;;) {
    std::array<pollfd, 2> sources{{{listener_, POLLIN, 0}, {end_, POLLIN, 0}}};
    if (::poll(sources.data(), sources.size(), -1) < 0) continue;
    if (sources[1].revents != 0) return;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    converse(client);
    ::close(client);
  }
}

bool HttpServer::ended_within(int milliseconds) const {
  pollfd source{end_, POLLIN, 0};
  return ::poll(&source, 1, milliseconds) > 0;
}

void HttpServer::converse(int client) {
  HttpAsked asked;
  std::array<char, 4096> buffer{};
  while (asked.head.find("\r\n\r\n") == std::string::npos) {
    const ssize_t count = ::recv(client, buffer.data(), buffer.size(), 0);
    if (count <= 0) return;
    asked.head.append(buffer.data(), static_cast<std::size_t>(count));
  }
  const std::size_t end = asked.head.find("\r\n\r\n") + 4;
  asked.body = asked.head.substr(end);
  asked.head.resize(end);
  const std::string length = asked.header("Content-Length");
  while (!length.empty() && asked.body.size() < std::stoul(length)) {
    const ssize_t count = ::recv(client, buffer.data(), buffer.size(), 0);
    if (count <= 0) return;
    asked.body.append(buffer.data(), static_cast<std::size_t>(count));
  }
  const std::size_t first = asked.head.find(' ');
  asked.method = asked.head.substr(0, first);
  asked.target = asked.head.substr(first + 1, asked.head.find(' ', first + 1) - first - 1);
  {
    const std::lock_guard lock(mutex_);
    asked_.push_back(asked);
  }
  const HttpAnswer answer = answer_(asked);
  if (answer.way != HttpAnswer::Way::Drop) send_all(client, answer.bytes);
  if (answer.way == HttpAnswer::Way::Hang) ended_within(60'000);
}

std::uint16_t free_port() {
  const int listener = listening(0, false);
  const std::uint16_t port = port_of(listener);
  ::close(listener);
  return port;
}

}  // namespace reconcile::test
