#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <string_view>

#include "controller/http/request.h"
#include "reconcilers/core/result.h"

namespace reconcile::http {

Reply json_reply(const boost::json::object& document, unsigned status = 200);

/// The JSON object in a request's body, with no other keys than these; an empty body is an empty
/// object. Errors are of kind Usage, and the status that goes with them is 400 or 415.
Result<boost::json::object> json_body(const Request& request,
                                      std::initializer_list<std::string_view> keys);

/// A text of it: empty where it is not there. An error where it is something else.
Result<std::string> text_of(const boost::json::object& body, std::string_view key);

}  // namespace reconcile::http
