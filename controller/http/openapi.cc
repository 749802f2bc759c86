#include "controller/http/api.h"
#include "openapi_json.h"

namespace reconcile::http {

std::string_view openapi_document() { return openapi_json; }

Route openapi_route() {
  return {.method = "GET", .pattern = "/api/v1/openapi.json", .handler = [](const Request&) {
            return Reply{.body = std::string(openapi_json)};
          }};
}

}  // namespace reconcile::http
