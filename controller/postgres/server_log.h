#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "controller/postgres/file_descriptor.h"
#include "controller/postgres/server_account.h"
#include "reconcilers/core/result.h"

namespace reconcile::postgres {

/// For appending, in the account's hands. A log that grew long begins anew.
Result<FileDescriptor> open_log(const std::filesystem::path& file, const ServerAccount& account);

/// The last lines that were written after `offset`.
std::string log_tail(const std::filesystem::path& file, std::uintmax_t offset);

}  // namespace reconcile::postgres
