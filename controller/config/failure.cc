#include "controller/config/failure.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

namespace reconcile::config {
namespace {

constexpr std::uintmax_t max_bytes = 1024 * 1024;

}  // namespace

Error wrong(std::string where, std::string what, std::string next) {
  return {.kind = ErrorKind::Usage,
          .where = std::move(where),
          .what = std::move(what),
          .why = "",
          .next = std::move(next)};
}

Result<std::string> read_file(const std::string& path, const char* what) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (failed)
    return wrong(path, fmt::format("cannot read {}: {}", what, failed.message()),
                 "check the path and its rights");
  if (size > max_bytes)
    return wrong(path, fmt::format("{} is larger than 1 MiB", what), "check the path");
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream)
    return wrong(path, fmt::format("cannot read {}", what), "check the path and its rights");
  return text.str();
}

Result<std::string> certificates_in(const std::string& path) {
  auto content = read_file(path, "the file with certificate authorities");
  if (content && content->find("-----BEGIN CERTIFICATE-----") == std::string::npos)
    return wrong(path, "it holds no certificate in PEM form",
                 "give the certificate of the authority as text, not its key");
  return content;
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.pop_back();
  return text;
}

Result<std::chrono::milliseconds> duration(const std::string& where, const std::string& text) {
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  if (error == std::errc() && number > 0 && number < 86'400'000) {
    if (unit == "ms") return std::chrono::milliseconds(number);
    if (unit == "s") return std::chrono::milliseconds(number * 1000);
  }
  return wrong(where, fmt::format("\"{}\" is not a duration", text),
               "write a number with its unit, 500ms or 5s");
}

Result<std::chrono::seconds> long_duration(const std::string& where, const std::string& text) {
  constexpr std::int64_t most = 100 * 366;  // days; more is a slip of the finger
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  if (error == std::errc() && number >= 0 && number <= most) {
    if (unit == "h") return std::chrono::hours(number);
    if (unit == "d") return std::chrono::hours(number * 24);
  }
  return wrong(where, fmt::format("\"{}\" is not a time in hours or days", text),
               "write a number with its unit, 12h or 30d");
}

Result<std::chrono::milliseconds> any_duration(const std::string& where, const std::string& text) {
  if (auto time = duration(where, text)) return time;
  constexpr std::int64_t most_minutes = 7 * 24 * 60;
  std::int64_t minutes = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), minutes);
  if (error == std::errc() && minutes > 0 && minutes <= most_minutes &&
      std::string_view(rest, static_cast<std::size_t>(text.data() + text.size() - rest)) == "m")
    return std::chrono::milliseconds(std::chrono::minutes(minutes));
  auto time = long_duration(where, text);
  if (time && *time > std::chrono::seconds(0) && *time <= std::chrono::hours(24 * 7))
    return std::chrono::milliseconds(*time);
  return wrong(where, fmt::format("\"{}\" is not a time of up to seven days", text),
               "write a number with its unit, 90s, 30m or 2h");
}

}  // namespace reconcile::config
