#include <boost/asio/io_context.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <cstdint>
#include <string_view>

#include "controller/http/api.h"
#include "controller/http/connection.h"
#include "tests/support/fake_fleet.h"

// Whatever bytes a client sends on one connection, from the first to the end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace reconcile;
  namespace beast = boost::beast;
  boost::asio::io_context io;
  boost::asio::thread_pool pool(1);
  test::FakeFleet fleet;
  http::EventHub hub(io);
  http::Access access({});
  std::vector<http::Route> routes = http::api_routes(fleet, hub);
  for (http::Route& route : routes) route.blocking = false;
  for (auto& route : http::login_routes(
           access, [](std::string_view message, std::string_view) { return std::string(message); }))
    routes.push_back(route);
  const http::Site site(http::Router(std::move(routes)), access, {});
  auto shared = std::make_shared<http::Shared>(io, pool, site, http::Limits());
  {
    beast::test::stream stream(io, std::string_view(reinterpret_cast<const char*>(data), size));
    beast::test::stream remote = beast::test::connect(stream);
    auto connection = std::make_shared<http::Connection<beast::test::stream>>(
        shared, std::move(stream), "127.0.0.1");
    connection->start();
    connection.reset();
    remote.close();
    io.poll();
    if (!shared->open.empty()) (*shared->open.begin())->cut();
    io.poll();
  }
  if (!shared->open.empty() || shared->reserved != 0) __builtin_trap();
  pool.join();
  return 0;
}
