#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace reconcile::dashboard {

/// What people see of a text: what is not printable, what turns the direction of writing around,
/// and what is not UTF-8 is spelled out ("\u202e"), so that a name looks like nothing but itself.
/// Line ends and tabs stay.
std::string visible(std::string_view text);

/// The same, as it may stand in an element or between double quotes.
std::string escape(std::string_view text);

/// One segment of a path, or a value of a query: every byte that is not a letter, a digit or one of
/// "-._~" becomes %XX.
std::string url_part(std::string_view text);

/// Markup. Made by markup() only, so that nothing gets in unescaped but what stands in the program.
class Html {
 public:
  Html() = default;
  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  Html& operator+=(const Html& more) {
    text_ += more.text_;
    return *this;
  }
  friend Html operator+(Html left, const Html& right) { return std::move(left += right); }

 private:
  explicit Html(std::string text) : text_(std::move(text)) {}
  std::string text_;

  template <class Value>
  struct Piece {
    using type = std::string;
  };
  template <class Value>
  static std::string piece(const Value& value) {
    static_assert(!std::is_same_v<Value, char> && !std::is_same_v<Value, bool>);
    if constexpr (std::is_same_v<Value, Html>) {
      return value.text_;
    } else if constexpr (std::is_integral_v<Value>) {
      return std::to_string(value);
    } else {
      return escape(value);
    }
  }

  template <class... Values>
  friend Html markup(fmt::format_string<typename Piece<Values>::type...> pattern,
                     const Values&... values);
};

/// Puts values into a pattern of the program's own: markup("<b>{}</b>", name). Text is escaped,
/// numbers and Html go in as they are.
template <class... Values>
Html markup(fmt::format_string<typename Html::Piece<Values>::type...> pattern,
            const Values&... values) {
  return Html(fmt::format(pattern, Html::piece(values)...));
}

}  // namespace reconcile::dashboard
