#pragma once

#include <string>
#include <string_view>

#include "reconcilers/alerts/book.h"
#include "reconcilers/core/result.h"

namespace reconcile::alerts {

/// One JSON document.
std::string to_json(const Book& book);

/// The other way round. An error where it is not such a document, or one of a newer version; who
/// goes on with an empty book then tells once more what is still there.
Result<Book> book_from_json(std::string_view text);

}  // namespace reconcile::alerts
