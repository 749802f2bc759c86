#pragma once

#include <string>

namespace reconcile::config {

/// Whether a YAML text has more than one document. Reading all of them with yaml-cpp 0.7 never ends
/// where one begins with a comma: each look finds one more, and nothing is left behind.
/// Throws YAML::Exception where the text is not YAML.
bool has_more_than_one_document(const std::string& text);

}  // namespace reconcile::config
