#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "reconcilers/status/target_status.h"

namespace reconcile::notify {

/// Names of objects are anybody's text. Everything here takes any bytes and returns UTF-8.

/// On one line, without control characters and what turns or hides text.
std::string one_line(std::string_view bytes);

/// At most so many characters of UTF-8; what was longer ends with an ellipsis.
std::string shortened(const std::string& text, std::size_t most);

/// For a text object of Slack: nothing in it is a link or a mention.
std::string slack_escaped(std::string_view text);

/// For Markdown as Mattermost reads it: nothing in it is a mark or a mention.
std::string markdown_escaped(std::string_view text);

}  // namespace reconcile::notify
