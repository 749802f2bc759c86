#pragma once

#include <string_view>

namespace reconcile::snapshot {

// What Directus knows of its own tables without asking the database: the names of the hard-coded
// rows of @directus/system-data. What is not among them is somebody else's, also in its tables.

bool is_system_collection(std::string_view collection);
bool is_system_field(std::string_view collection, std::string_view field);
bool is_system_relation(std::string_view collection, std::string_view field,
                        std::string_view related);

}  // namespace reconcile::snapshot
