#include "tests/support/http_talk.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace reconcile::test {
namespace {

constexpr int patience_ms = 10'000;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in place(const std::string& address, std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  ::inet_pton(AF_INET, address.c_str(), &result.sin_addr);
  return result;
}

}  // namespace

std::string Answer::header(const std::string& name) const {
  const std::size_t begin = head.find("\r\n" + name + ": ");
  if (begin == std::string::npos) return {};
  const std::size_t value = begin + name.size() + 4;
  return head.substr(value, head.find("\r\n", value) - value);
}

Talk::Talk(std::uint16_t port, const std::string& from)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) fail("socket");
  const sockaddr_in own = place(from, 0);
  const sockaddr_in server = place("127.0.0.1", port);
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
      ::connect(socket_, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0) {
    ::close(socket_);
    fail("connect");
  }
}

Talk::Talk(Talk&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), buffer_(std::move(other.buffer_)) {}

Talk::~Talk() {
  if (socket_ >= 0) ::close(socket_);
}

void Talk::send(const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;  // it has ended the connection; what it said can still be read
    sent += static_cast<std::size_t>(count);
  }
}

bool Talk::read_more() {
  pollfd source{socket_, POLLIN, 0};
  if (::poll(&source, 1, patience_ms) <= 0)
    throw std::runtime_error("the server says nothing more; so far: " + buffer_.substr(0, 500));
  std::array<char, 16'384> bytes{};
  const ssize_t count = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (count <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

std::optional<Answer> Talk::answer(bool head_only) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) return std::nullopt;
  }
  Answer answer;
  answer.head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  answer.status = std::stoi(answer.head.substr(9, 3));
  const std::string length = answer.header("Content-Length");
  if (head_only || length.empty()) return answer;
  while (buffer_.size() < std::stoul(length)) {
    if (!read_more()) throw std::runtime_error("the body breaks off");
  }
  answer.body = buffer_.substr(0, std::stoul(length));
  buffer_.erase(0, answer.body.size());
  return answer;
}

std::string Talk::until(const std::string& text) {
  std::size_t place = 0;
  while ((place = buffer_.find(text)) == std::string::npos) {
    if (!read_more()) throw std::runtime_error("the stream ends before " + text);
  }
  std::string result = buffer_.substr(0, place + text.size());
  buffer_.erase(0, result.size());
  return result;
}

std::string Talk::rest() {
  while (read_more()) {
  }
  return std::exchange(buffer_, {});
}

Answer Talk::ask(const std::string& line, const std::string& headers, const std::string& body) {
  std::string request = line + " HTTP/1.1\r\nHost: localhost\r\n" + headers;
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  send(request + "\r\n" + body);
  auto reply = answer(line.starts_with("HEAD "));
  if (!reply) throw std::runtime_error("no answer to " + line);
  return *reply;
}

}  // namespace reconcile::test
