#include <cstdint>
#include <string_view>

#include "controller/http/secret.h"
#include "controller/http/webhook.h"
#include "controller/net/hmac.h"

// The first byte chooses the kind and whether it is signed, up to the first newline comes the
// signature, then the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace reconcile::http;
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto kind = static_cast<HookKind>(data[0] % 3);
  const bool sign = (data[0] & 4U) != 0;
  const std::size_t line = std::min(rest.find('\n'), rest.size());
  const std::chrono::system_clock::time_point now{std::chrono::seconds(1'790'000'000)};
  Request request;
  request.method = "POST";
  request.body = std::string(rest.substr(std::min(line + 1, rest.size())));
  std::string signature(rest.substr(0, line));
  if (sign) {
    const std::string timed = reconcile::net::hmac_sha256("secret", "1790000000." + request.body);
    const std::string plain = reconcile::net::hmac_sha256("secret", request.body);
    signature = kind == HookKind::Generic  ? "t=1790000000,v1=" + timed
                : kind == HookKind::GitHub ? "sha256=" + plain
                                           : plain;
  }
  const char* const names[] = {"X-Gitea-Signature", "X-Hub-Signature-256", "X-Reconcile-Signature"};
  request.headers = {
      {names[data[0] % 3], signature}, {"X-Gitea-Event", "push"}, {"X-GitHub-Event", "push"}};
  bool pushed = false;
  const auto routes = hook_routes({.secrets =
                                       [] {
                                         return HookSecrets{"secret", "secret", "secret"};
                                       },
                                   .pushed = [&](const Push&) { return pushed = true; },
                                   .count = {},
                                   .now = [now] { return now; }});
  const Reply reply = routes.at(data[0] % 3).handler(request);
  // Nobody guesses a signature; and only a signed push is a look.
  if (!sign && reply.status != 403) __builtin_trap();
  if (pushed != (reply.status == 202)) __builtin_trap();
  return 0;
}
