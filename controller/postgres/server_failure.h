#pragma once

#include <filesystem>
#include <string>

#include "reconcilers/core/error.h"

namespace reconcile::postgres {

/// What the embedded server's parts return when they fail. Terminal: waiting does not mend a folder
/// or an account.
Error server_failure(const std::filesystem::path& where, std::string what, std::string why,
                     std::string next = {});

/// An errno in words. Not strerror, which threads share.
std::string system_reason(int error);

}  // namespace reconcile::postgres
