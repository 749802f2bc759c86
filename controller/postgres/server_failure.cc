#include "controller/postgres/server_failure.h"

#include <system_error>
#include <utility>

namespace reconcile::postgres {

Error server_failure(const std::filesystem::path& where, std::string what, std::string why,
                     std::string next) {
  return Error{ErrorKind::Terminal, where.string(), std::move(what), std::move(why),
               std::move(next)};
}

std::string system_reason(int error) { return std::generic_category().message(error); }

}  // namespace reconcile::postgres
