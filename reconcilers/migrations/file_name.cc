#include "reconcilers/migrations/file_name.h"

#include <algorithm>

namespace reconcile::migrations {
namespace {

std::size_t digits_in_front(std::string_view name) {
  return std::min(name.find_first_not_of("0123456789"), name.size());
}

}  // namespace

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string number_of(std::string_view name) {
  const std::string_view digits = name.substr(0, digits_in_front(name));
  if (digits.empty()) return {};
  const std::size_t first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? "0" : std::string(digits.substr(first));
}

std::string_view without_number(std::string_view name) {
  std::string_view rest = name.substr(digits_in_front(name));
  rest.remove_prefix(std::min(rest.find_first_not_of("_-. "), rest.size()));
  return rest;
}

std::strong_ordering compare_numbers(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return left.size() <=> right.size();
  return left.compare(right) <=> 0;
}

std::string next_number(std::string_view number) {
  std::string next(number);
  for (auto digit = next.rbegin(); digit != next.rend(); ++digit) {
    if (*digit != '9') {
      ++*digit;
      return next;
    }
    *digit = '0';
  }
  return "1" + next;
}

}  // namespace reconcile::migrations
