#include "controller/net/http_message.h"

#include <gtest/gtest.h>

namespace reconcile::net {
namespace {

std::string line(const std::string& path, const std::string& target) {
  const Server server{.name = "a server", .host = "ops.example", .path = path};
  return std::string(message_of(server, {.method = "POST", .target = target}).target());
}

TEST(NetMessage, NamesTheRootWhereTheAddressHasNoPath) {
  EXPECT_EQ(line("", ""), "/");
  EXPECT_EQ(line("/in", ""), "/in");
  EXPECT_EQ(line("/in", "/server/ping"), "/in/server/ping");
}

}  // namespace
}  // namespace reconcile::net
