#pragma once

#include <filesystem>

#include "reconcilers/core/result.h"

namespace reconcile::postgres {

/// The folder of `initdb` and `postgres`: `wanted`, else what RECONCILE_POSTGRES_BIN names, else
/// the newest installed ones. Among those the major version of existing `data` wins, since no other
/// server can read it.
Result<std::filesystem::path> find_binaries(const std::filesystem::path& wanted,
                                            const std::filesystem::path& data);

}  // namespace reconcile::postgres
