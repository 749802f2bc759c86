#pragma once

#include <string>
#include <string_view>

#include "controller/dashboard/html.h"
#include "controller/dashboard/viewer.h"

namespace reconcile::dashboard {

/// What every page has around its own content.
struct Page {
  std::string title;  ///< what the page is about, first in the window's title
  Html crumbs = {};   ///< the way to it, after the link to the fleet
  Html content = {};
  std::string live = {};  ///< of the stream: "fleet", a target's name after "target:", or empty
};

/// The whole document.
std::string document(const Page& page, const Viewer& viewer);

/// A form that acts: method POST, with the token; `fields` go before the button.
Html action(std::string_view path, const Html& fields, const Html& button, const Viewer& viewer);

}  // namespace reconcile::dashboard
