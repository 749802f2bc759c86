#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "controller/net/http_client.h"

namespace reconcile::net {

/// The request as it goes over the wire.
boost::beast::http::request<boost::beast::http::string_body> message_of(const Server& server,
                                                                        const HttpRequest& request);

}  // namespace reconcile::net
