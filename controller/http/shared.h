#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "controller/http/server.h"
#include "controller/http/site.h"

namespace reconcile::http {

class AnyConnection;

/// What the connections of one server have together. On the I/O thread only.
struct Shared : std::enable_shared_from_this<Shared> {
  Shared(boost::asio::io_context& used_io, boost::asio::thread_pool& used_pool,
         const Site& used_site, Limits used_limits)
      : io(used_io), pool(used_pool), site(used_site), limits(used_limits) {}

  /// Whether one more from there fits.
  bool has_room(const std::string& address) const;
  /// Room for a body of that size, for as long as it is held; null where there is none.
  std::shared_ptr<void> reserve(std::size_t bytes);

  boost::asio::io_context& io;
  boost::asio::thread_pool& pool;
  const Site& site;
  const Limits limits;
  bool stopping = false;
  std::size_t blocking = 0;  ///< requests given to the pool
  std::size_t reserved = 0;  ///< bytes of bodies
  std::set<AnyConnection*> open;
  std::map<std::string, std::size_t> by_address;
  std::function<void()> on_empty;  ///< called when the last connection has gone
};

/// A connection, whatever it is made of; counted while it lives.
class AnyConnection {
 public:
  AnyConnection(std::shared_ptr<Shared> shared, std::string address);
  virtual ~AnyConnection();
  AnyConnection(const AnyConnection&) = delete;
  AnyConnection& operator=(const AnyConnection&) = delete;

  /// Ends it unless a request is under way, which is answered first.
  virtual void stop() = 0;
  virtual void cut() = 0;

  Shared& shared() const { return *shared_; }
  const std::string& address() const { return address_; }

 private:
  std::shared_ptr<Shared> shared_;
  std::string address_;
};

using Message = boost::beast::http::response<boost::beast::http::string_body>;
using RequestMessage = boost::beast::http::request<boost::beast::http::string_body>;

Head head_of(const RequestMessage& message, const std::string& address, bool secure);
/// An answer as it is sent. That of a HEAD has the headers of a GET.
Message message_of(Reply reply, bool head_only, bool keep_alive);
Reply too_large(std::size_t most);
/// What to say to a request that could not be read; nothing where nobody listens any more.
/// `body_bytes` is what its body may have.
std::optional<Reply> reply_to_broken(const boost::system::error_code& code, const Limits& limits,
                                     std::size_t body_bytes);

}  // namespace reconcile::http
