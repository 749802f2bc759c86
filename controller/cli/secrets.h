#pragma once

#include <span>

namespace reconcile::cli {

/// Overwrites what connection strings in `text` keep secret: the values of password and
/// sslpassword, and what stands between "://user:" and "@".
void hide_passwords(std::span<char> text);

/// Overwrites passwords in the arguments, so that no process listing shows them. Call it once they
/// are parsed.
void hide_secrets(int argc, char** argv);

}  // namespace reconcile::cli
