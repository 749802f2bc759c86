#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace reconcile::migrations {

/// What follows the last slash.
std::string_view base_name(std::string_view path);

/// The leading digits of a base name without leading zeros; "0" for zeros, empty where there are
/// none. Any length: numbers are never converted, so time stamps do not overflow.
std::string number_of(std::string_view name);

/// The name without its number and the separator after it: "unique.sql" of "004_unique.sql".
std::string_view without_number(std::string_view name);

/// Compares two results of number_of() as numbers.
std::strong_ordering compare_numbers(std::string_view left, std::string_view right);

/// The number after `number`.
std::string next_number(std::string_view number);

}  // namespace reconcile::migrations
