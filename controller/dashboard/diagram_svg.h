#pragma once

#include <string_view>

#include "controller/dashboard/diagram_layout.h"
#include "controller/dashboard/html.h"

namespace reconcile::dashboard {

std::string_view word_of(Mark mark);  ///< "added"
std::string_view sign_of(Mark mark);  ///< "+"; empty where nothing changes
std::string_view key_of(Mark mark);   ///< for CSS

/// The drawing; a table is a link to #table-N, its number in the diagram.
Html diagram_svg(const Diagram& diagram, const Layout& layout);

}  // namespace reconcile::dashboard
