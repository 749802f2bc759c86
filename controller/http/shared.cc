#include "controller/http/shared.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <chrono>

#include "controller/http/problem.h"

namespace reconcile::http {
namespace {

namespace beast_http = boost::beast::http;

std::string date_now() {
  return fmt::format(
      "{:%a, %d %b %Y %H:%M:%S} GMT",
      fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

/// What would end the header and begin something else.
bool splits(const Header& header) {
  return (header.name + header.value).find_first_of("\r\n") != std::string::npos;
}

}  // namespace

bool Shared::has_room(const std::string& address) const {
  if (open.size() >= limits.connections) return false;
  const auto found = by_address.find(address);
  return found == by_address.end() || found->second < limits.connections_per_address;
}

std::shared_ptr<void> Shared::reserve(std::size_t bytes) {
  if (reserved + bytes > limits.bodies_bytes) return nullptr;
  reserved += bytes;
  return {this, [shared = shared_from_this(), bytes](void*) { shared->reserved -= bytes; }};
}

AnyConnection::AnyConnection(std::shared_ptr<Shared> shared, std::string address)
    : shared_(std::move(shared)), address_(std::move(address)) {
  shared_->open.insert(this);
  ++shared_->by_address[address_];
}

AnyConnection::~AnyConnection() {
  shared_->open.erase(this);
  if (const auto found = shared_->by_address.find(address_); --found->second == 0)
    shared_->by_address.erase(found);
  if (shared_->open.empty() && shared_->on_empty) shared_->on_empty();
}

Head head_of(const RequestMessage& message, const std::string& address, bool secure) {
  Head head{.method = std::string(message.method_string()),
            .target = std::string(message.target()),
            .http_1_0 = message.version() == 10,
            .headers = {},
            .address = address,
            .secure = secure};
  for (const auto& field : message)
    head.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  return head;
}

Message message_of(Reply reply, bool head_only, bool keep_alive) {
  Message message;
  message.version(11);
  message.result(reply.status);
  message.set(beast_http::field::date, date_now());
  for (const Header& header : reply.headers) {
    if (!splits(header)) message.insert(header.name, header.value);
  }
  message.keep_alive(keep_alive);
  const bool empty = reply.status == 204 || reply.status == 304;
  if (!empty) message.set(beast_http::field::content_type, reply.type);
  // A stream has no length: it ends with its connection.
  if (!empty && !reply.events) message.content_length(reply.body.size());
  if (!empty && !head_only) message.body() = std::move(reply.body);
  return message;
}

Reply too_large(std::size_t most) {
  return refusal(413, fmt::format("the body has more than {} bytes", most), "send less");
}

std::optional<Reply> reply_to_broken(const boost::system::error_code& code, const Limits& limits,
                                     std::size_t body_bytes) {
  using beast_http::error;
  if (code == error::body_limit) return too_large(body_bytes);
  if (code == error::header_limit || code == error::buffer_overflow)
    return refusal(431, fmt::format("the header has more than {} bytes", limits.header_bytes),
                   "send fewer or shorter headers");
  const bool gone = code == error::end_of_stream || code == error::partial_message;
  if (gone || code.category() != make_error_code(error::bad_method).category()) return std::nullopt;
  return refusal(400, fmt::format("this is not an HTTP request: {}", code.message()),
                 "send HTTP/1.1");
}

}  // namespace reconcile::http
