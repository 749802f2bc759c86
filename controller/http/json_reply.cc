#include "controller/http/json_reply.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace reconcile::http {
namespace {

Error mistake(std::string what, std::string why, std::string next) {
  return {.kind = ErrorKind::Usage,
          .where = "the request's body",
          .what = std::move(what),
          .why = std::move(why),
          .next = std::move(next)};
}

}  // namespace

Reply json_reply(const boost::json::object& document, unsigned status) {
  return {.status = status, .body = boost::json::serialize(document) + "\n"};
}

Result<boost::json::object> json_body(const Request& request,
                                      std::initializer_list<std::string_view> keys) {
  if (request.body.empty()) return boost::json::object();
  // A page of another site can send forms and plain text from a browser, but not JSON.
  if (media_type(request.header("Content-Type")) != "application/json")
    return mistake("it does not say that it is JSON", "", "send Content-Type: application/json");
  boost::system::error_code code;
  boost::json::value value = boost::json::parse(request.body, code);
  if (code) return mistake("it is not JSON", code.message(), "send a JSON object");
  if (!value.is_object()) return mistake("it is not a JSON object", "", "send a JSON object");
  boost::json::object& object = value.as_object();
  for (const auto& member : object) {
    const std::string_view key = member.key();
    if (std::ranges::find(keys, key) == keys.end())
      return mistake(
          fmt::format("there is no key {}", key), "",
          keys.size() == 0 ? "leave it out" : fmt::format("there are: {}", fmt::join(keys, ", ")));
  }
  return std::move(object);
}

Result<std::string> text_of(const boost::json::object& body, std::string_view key) {
  const boost::json::value* value = body.if_contains(key);
  if (value == nullptr) return std::string();
  if (!value->is_string())
    return mistake(fmt::format("{} is not a text", key), "", "write it in quotes");
  return std::string(value->as_string());
}

}  // namespace reconcile::http
