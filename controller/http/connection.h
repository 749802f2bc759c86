#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "controller/http/events.h"
#include "controller/http/problem.h"
#include "controller/http/shared.h"

namespace reconcile::http {

template <class Stream>
inline constexpr bool is_secure = false;
template <class Next>
inline constexpr bool is_secure<boost::asio::ssl::stream<Next>> = true;

/// One connection: requests one after the other, so that what a client sends ahead waits in the
/// buffer. Keeps itself alive through the operation it waits for. `Stream` is a socket, TLS over
/// one, or a stream in memory.
template <class Stream>
class Connection final : public AnyConnection,
                         public std::enable_shared_from_this<Connection<Stream>> {
 public:
  Connection(std::shared_ptr<Shared> shared, Stream stream, std::string address)
      : AnyConnection(std::move(shared), std::move(address)),
        stream_(std::move(stream)),
        alarm_(stream_.get_executor()),
        buffer_(limits().header_bytes + read_bytes) {}

  void start() {
    if constexpr (is_secure<Stream>) {
      limit(limits().header);
      stream_.async_handshake(boost::asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](const Code& code) {
                                if (!code) self->wait_for_request();
                              });
    } else {
      wait_for_request();
    }
  }

  void stop() override {
    if (phase_ == Phase::Idle || phase_ == Phase::Streaming) cut();
  }

  void cut() override {
    if (phase_ == Phase::Over) return;
    phase_ = Phase::Over;
    alarm_.cancel();
    events_.reset();
    auto& socket = boost::beast::get_lowest_layer(stream_);
    if constexpr (requires(Code code) { socket.close(code); }) {
      Code ignored;
      socket.close(ignored);
    } else {
      socket.close();
    }
  }

 private:
  using Code = boost::system::error_code;
  using Clock = std::chrono::steady_clock;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  enum class Phase { Idle, Reading, Working, Writing, Streaming, Over };
  static constexpr std::size_t read_bytes = 4096;
  /// Of what a client still sends after the answer that ends its connection.
  static constexpr std::size_t drained_bytes = 256 * 1024;
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

  const Limits& limits() const { return shared().limits; }

  /// Until then the operation under way has to be done.
  void limit(std::chrono::milliseconds time) {
    alarm_.expires_after(time);
    alarm_.async_wait([weak = this->weak_from_this()](const Code& code) {
      const auto self = weak.lock();
      // One that was set anew after it had gone off is not meant any more.
      if (!code && self && self->alarm_.expiry() <= Clock::now()) self->out_of_time();
    });
  }

  void out_of_time() {
    if (phase_ == Phase::Streaming && !writing_ && may_stream())
      write_part(": still here\n\n");
    else
      cut();
  }

  // ---- a request comes in

  void wait_for_request() {
    if (shared().stopping || answered_ >= limits().requests_per_connection) return cut();
    phase_ = Phase::Idle;
    parser_.emplace();
    parser_->header_limit(limits().header_bytes);
    parser_->body_limit(boost::none);  // is the route's, which is known after the header
    if (buffer_.size() > 0) return read_header();
    limit(answered_ == 0 ? limits().header : limits().idle);
    stream_.async_read_some(buffer_.prepare(read_bytes),
                            [self = this->shared_from_this()](const Code& code, std::size_t size) {
                              if (code || self->phase_ == Phase::Over) return self->cut();
                              self->buffer_.commit(size);
                              self->read_header();
                            });
  }

  void read_header() {
    phase_ = Phase::Reading;
    began_ = Clock::now();
    limit(limits().header);
    boost::beast::http::async_read_header(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](const Code& code, std::size_t) {
          self->on_header(code);
        });
  }

  void on_header(const Code& code) {
    if (phase_ == Phase::Over) return;
    keep_ = false;
    admitted_ = {};
    head_only_ = false;
    if (code) return on_broken(code);
    const auto& message = parser_->get();
    head_only_ = message.method() == boost::beast::http::verb::head;
    auto decision = shared().site.admit(head_of(message, address(), is_secure<Stream>));
    if (auto* refused = std::get_if<Site::Refused>(&decision)) {
      // What is left of the request would be taken for the next one; and what is malformed may
      // have been meant as something else.
      keep_ = message.keep_alive() && !has_body() && refused->reply.status != 400;
      admitted_.request = std::move(refused->request);
      return respond(std::move(refused->reply), refused->route);
    }
    admitted_ = std::get<Site::Admitted>(std::move(decision));
    if (auto reply = reserve_body()) return respond(std::move(*reply), admitted_.route->pattern);
    parser_->body_limit(admitted_.route->body_bytes);
    const bool waits =
        boost::beast::iequals(message[boost::beast::http::field::expect], "100-continue");
    if (!waits || !has_body()) return read_body();
    boost::asio::async_write(stream_, boost::asio::buffer(go_on),
                             [self = this->shared_from_this()](const Code& failed, std::size_t) {
                               if (!failed) self->read_body();
                             });
  }

  bool has_body() const { return parser_->chunked() || parser_->content_length().value_or(0) > 0; }

  /// Room for the body, before any of it is read.
  std::optional<Reply> reserve_body() {
    if (!has_body()) return std::nullopt;
    const std::size_t most = admitted_.route->body_bytes;
    const std::uint64_t length = parser_->content_length().value_or(most);
    if (length > most) return too_large(most);
    // Such a one takes no more than the header did; and no crowd of large ones keeps it out.
    if (length <= limits().header_bytes) return std::nullopt;
    reservation_ = shared().reserve(static_cast<std::size_t>(length));
    if (!reservation_)
      return refusal(503, "too many large requests are being read", "try again in a moment");
    return std::nullopt;
  }

  void read_body() {
    limit(limits().body);
    boost::beast::http::async_read(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](const Code& code, std::size_t) {
          if (code) return self->on_broken(code);
          self->keep_ = self->parser_->get().keep_alive();
          self->admitted_.request.body = std::move(self->parser_->get().body());
          self->work();
        });
  }

  /// A request that is none, is too large, or breaks off.
  void on_broken(const Code& code) {
    if (phase_ == Phase::Over) return;
    const std::size_t most = admitted_.route != nullptr ? admitted_.route->body_bytes : 0;
    auto reply = reply_to_broken(code, limits(), most);
    if (!reply) return cut();
    if (admitted_.request.address.empty()) admitted_.request.address = address();
    respond(std::move(*reply), admitted_.route != nullptr ? admitted_.route->pattern : "");
  }

  // ---- it is answered

  void work() {
    if (phase_ == Phase::Over) return;
    phase_ = Phase::Working;
    alarm_.cancel();
    if (!admitted_.route->blocking)
      return respond(shared().site.answer(admitted_), admitted_.route->pattern);
    if (shared().blocking >= limits().blocking)
      return respond(refusal(503, "too many requests wait for a database or git already",
                             "try again in a moment"),
                     admitted_.route->pattern);
    ++shared().blocking;
    boost::asio::post(shared().pool, [self = this->shared_from_this()]() mutable {
      Reply reply = self->shared().site.answer(self->admitted_);
      auto& io = self->shared().io;
      boost::asio::post(io, [self = std::move(self), reply = std::move(reply)]() mutable {
        --self->shared().blocking;
        if (self->phase_ == Phase::Over) return;
        self->respond(std::move(reply), self->admitted_.route->pattern);
      });
    });
  }

  void respond(Reply reply, const std::string& route) {
    phase_ = Phase::Writing;
    ++answered_;
    const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began_);
    shared().site.finish(admitted_.request, route, taken, reply);
    keep_ = keep_ && !shared().stopping && !reply.events;
    events_ = reply.events;
    if (events_) keep_ = false;
    answer_ = message_of(std::move(reply), head_only_, keep_);
    serializer_.emplace(answer_);
    limit(limits().write);
    const auto done = [self = this->shared_from_this()](const Code& code, std::size_t) {
      self->on_written(code);
    };
    if (events_ || head_only_)
      boost::beast::http::async_write_header(stream_, *serializer_, done);
    else
      boost::beast::http::async_write(stream_, *serializer_, done);
  }

  void on_written(const Code& code) {
    serializer_.reset();
    answer_ = {};
    reservation_.reset();
    if (code || phase_ == Phase::Over) return cut();
    if (events_ && !head_only_) return stream_events();
    admitted_ = {};
    events_.reset();
    if (keep_) return wait_for_request();
    say_goodbye();
  }

  /// Ends the connection so that the answer arrives: what the client still sends is read, since a
  /// closed socket would answer it with a reset, which overtakes the answer.
  void say_goodbye() {
    phase_ = Phase::Idle;
    limit(std::chrono::milliseconds(shared().stopping ? 200 : 2'000));
    if constexpr (is_secure<Stream>) {
      stream_.async_shutdown([self = this->shared_from_this()](const Code&) { self->cut(); });
    } else {
      if constexpr (requires(Code code) { stream_.shutdown(Stream::shutdown_send, code); }) {
        Code ignored;
        stream_.shutdown(Stream::shutdown_send, ignored);
      }
      drain(0);
    }
  }

  void drain(std::size_t so_far) {
    stream_.async_read_some(
        boost::asio::buffer(scratch_),
        [self = this->shared_from_this(), so_far](const Code& code, std::size_t size) {
          if (code || so_far + size > drained_bytes) return self->cut();
          self->drain(so_far + size);
        });
  }

  // ---- an answer that goes on

  void stream_events() {
    phase_ = Phase::Streaming;
    events_->on_news([weak = this->weak_from_this()] {
      if (const auto self = weak.lock()) self->write_news();
    });
    watch_reader();
    limit(limits().heartbeat);
    write_news();
  }

  /// Readers of events say nothing more; that one has gone shows here, and not at the next event.
  void watch_reader() {
    stream_.async_read_some(
        boost::asio::buffer(scratch_),
        [self = this->shared_from_this()](const Code&, std::size_t) { self->cut(); });
  }

  void write_news() {
    if (phase_ != Phase::Streaming || writing_) return;
    if (events_->lost() || !may_stream()) return cut();
    if (std::string text = events_->take(); !text.empty()) write_part(std::move(text));
  }

  bool may_stream() const {
    return Clock::now() - began_ < limits().stream && !shared().stopping &&
           shared().site.still_admits(admitted_);
  }

  void write_part(std::string text) {
    part_ = std::move(text);
    writing_ = true;
    limit(limits().write);
    boost::asio::async_write(stream_, boost::asio::buffer(part_),
                             [self = this->shared_from_this()](const Code& code, std::size_t) {
                               self->writing_ = false;
                               if (code) return self->cut();
                               if (self->phase_ != Phase::Streaming) return;
                               self->limit(self->limits().heartbeat);
                               self->write_news();
                             });
  }

  Stream stream_;
  boost::asio::steady_timer alarm_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::optional<boost::beast::http::response_serializer<Message::body_type>> serializer_;
  Message answer_;
  Site::Admitted admitted_;
  std::shared_ptr<void> reservation_;
  std::shared_ptr<Subscription> events_;
  std::string part_;  ///< of a stream, that is being written
  std::array<char, 512> scratch_{};
  Clock::time_point began_ = Clock::now();
  std::size_t answered_ = 0;
  Phase phase_ = Phase::Idle;
  bool keep_ = false;
  bool head_only_ = false;
  bool writing_ = false;
};

}  // namespace reconcile::http
