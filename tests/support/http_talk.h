#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace reconcile::test {

/// One answer, as it came.
struct Answer {
  int status = 0;
  std::string head;  ///< status line and headers
  std::string body;

  /// Of a header, by its name as it is written; empty where there is none.
  std::string header(const std::string& name) const;
};

/// One connection to a server on loopback; every wait ends after ten seconds with an exception.
class Talk {
 public:
  explicit Talk(std::uint16_t port, const std::string& from = "127.0.0.1");
  ~Talk();
  Talk(Talk&& other) noexcept;
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  void send(const std::string& bytes);
  /// The next answer; nothing where the server ends the connection before one. Of a HEAD it has no
  /// body.
  std::optional<Answer> answer(bool head_only = false);
  /// Reads until the text has come, and returns everything since the last call.
  std::string until(const std::string& text);
  /// Waits until the server has ended the connection, and returns what it said before.
  std::string rest();

  /// A request with Host, and an answer.
  Answer ask(const std::string& line, const std::string& headers = "",
             const std::string& body = "");

 private:
  bool read_more();

  int socket_ = -1;
  std::string buffer_;
};

}  // namespace reconcile::test
