#pragma once

#include <string>
#include <string_view>

#include "reconcilers/core/result.h"

namespace reconcile::cli {

/// Puts `text` into the file, whole or not at all: readers see the old text or the new one, also
/// after a crash. A symbolic link stays one. False where the file already is this text, byte for
/// byte; then it is not touched.
Result<bool> write_file(const std::string& path, std::string_view text);

}  // namespace reconcile::cli
