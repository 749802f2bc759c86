#pragma once

#include <chrono>
#include <string>

#include "reconcilers/core/result.h"

namespace reconcile::config {

/// An error of kind Usage.
Error wrong(std::string where, std::string what, std::string next);

/// A whole file of at most 1 MiB; `what` names it in errors.
Result<std::string> read_file(const std::string& path, const char* what);

/// A file with certificates as PEM.
Result<std::string> certificates_in(const std::string& path);

/// Without white space at the end, as editors and `echo` leave it.
std::string trimmed(std::string text);

/// "500ms", "5s".
Result<std::chrono::milliseconds> duration(const std::string& where, const std::string& text);

/// "12h", "30d": times that people plan with.
Result<std::chrono::seconds> long_duration(const std::string& where, const std::string& text);

/// Either, or "30m", up to a week: what a machine waits for.
Result<std::chrono::milliseconds> any_duration(const std::string& where, const std::string& text);

}  // namespace reconcile::config
