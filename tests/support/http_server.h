#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace reconcile::test {

/// What a client asked.
struct HttpAsked {
  std::string method;
  std::string target;
  std::string head;  ///< all of it, request line included
  std::string body;  ///< as much as Content-Length says

  /// Of the header by that name, as this program writes it; empty where there is none.
  std::string header(const std::string& name) const;
  bool has(const std::string& line) const { return head.find(line + "\r\n") != std::string::npos; }
};

/// What it gets.
struct HttpAnswer {
  enum class Way { Send, Hang, Drop };
  Way way = Way::Send;
  std::string bytes;

  /// A whole answer with this status and body.
  static HttpAnswer status(int status, const std::string& body = "{\"data\":[]}",
                           const std::string& more_headers = "");
  /// These bytes, and then nothing more.
  static HttpAnswer hang(std::string bytes = {}) { return {Way::Hang, std::move(bytes)}; }
  static HttpAnswer drop() { return {Way::Drop, {}}; }
};

/// A server of HTTP on loopback that answers as a test tells it, one request a connection. A
/// hanging answer hangs until the server ends.
class HttpServer {
 public:
  using Answer = std::function<HttpAnswer(const HttpAsked&)>;

  /// On any free port, or on this one, which was free a moment ago.
  explicit HttpServer(Answer answer, std::uint16_t port = 0, bool v6 = false);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string address() const;
  std::vector<HttpAsked> asked() const;
  /// "POST /utils/cache/clear?system", …
  std::vector<std::string> lines() const;

 private:
  void serve();
  void converse(int client);
  bool ended_within(int milliseconds) const;

  Answer answer_;
  bool v6_;
  int listener_ = -1;
  int end_ = -1;  // becomes readable when the server ends
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<HttpAsked> asked_;
  std::thread thread_;
};

/// A port of loopback where nobody listens.
std::uint16_t free_port();

}  // namespace reconcile::test
