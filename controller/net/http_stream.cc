#include "controller/net/http_stream.h"

#include <fmt/format.h>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "controller/net/connection.h"
#include "controller/net/http_message.h"

namespace reconcile::net {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kBufferBytes = 64 * 1024;

Patience patience_of(const StreamOptions& options) {
  return {.connect = options.connect, .idle = options.idle, .whole = options.whole};
}

class Streaming final : public HttpStream {
 public:
  Streaming(const Server& server, const HttpRequest& request, const StreamOptions& options,
            const std::optional<Proxy>& proxy)
      : server_(server),
        patience_(patience_of(options)),
        header_bytes_(options.header_bytes),
        connection_(server, patience_, options.certificate_authorities, proxy),
        buffer_(kBufferBytes + options.header_bytes) {
    auto message = message_of(server, request);
    // A proxy of plain HTTP wants the whole address in the first line.
    if (proxy && !server.tls) {
      message.target(fmt::format("http://{}{}", authority_with_port(server),
                                 std::string_view(message.target())));
      if (!proxy->authorization.empty())
        message.set(http::field::proxy_authorization, proxy->authorization);
    }
    if (const error_code code = connection_.run(
            [&](auto& stream, auto done) { http::async_write(stream, message, done); }))
      throw Broken{code, "it does not take the request"};
    parser_.header_limit(options.header_bytes);
    parser_.body_limit(boost::none);
    if (const error_code code = connection_.run([&](auto& stream, auto done) {
          http::async_read_header(stream, buffer_, parser_, done);
        }))
      throw Broken{code, "it does not answer the request"};
  }

  unsigned status() const override { return parser_.get().result_int(); }

  std::string header(const std::string& name) const override {
    return std::string(parser_.get()[name]);
  }

  Result<std::size_t> read(std::span<char> place) override {
    while (!parser_.is_done()) {
      auto& body = parser_.get().body();
      body.data = place.data();
      body.size = place.size();
      error_code code = connection_.run(
          [&](auto& stream, auto done) { http::async_read_some(stream, buffer_, parser_, done); });
      if (code == http::error::need_buffer) code = {};
      if (code) return failure(server_, {code, "its answer breaks off"}, patience_, limit());
      const std::size_t taken = place.size() - body.size;
      if (taken > 0) return taken;
    }
    return std::size_t{0};
  }

  std::string limit() const {
    return fmt::format("the header of its answer has more than {} bytes", header_bytes_);
  }

 private:
  const Server server_;
  const Patience patience_;
  const std::uint32_t header_bytes_;
  Connection connection_;
  boost::beast::flat_buffer buffer_;
  http::response_parser<http::buffer_body> parser_;
};

}  // namespace

Result<std::unique_ptr<HttpStream>> HttpStream::open(const Server& server,
                                                     const HttpRequest& request,
                                                     const StreamOptions& options) {
  const auto proxy = proxy_for(server, options.proxies);
  if (!proxy) return proxy.error();
  const std::string limit =
      fmt::format("the header of its answer has more than {} bytes", options.header_bytes);
  const auto broken = [&](const Broken& what) {
    return failure(server, what, patience_of(options), limit);
  };
  try {
    return std::unique_ptr<HttpStream>(new Streaming(server, request, options, *proxy));
  } catch (const Broken& what) {
    return broken(what);
  } catch (const boost::system::system_error& error) {
    return broken({error.code(), "the connection cannot be set up"});
  }
}

}  // namespace reconcile::net
