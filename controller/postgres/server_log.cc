#include "controller/postgres/server_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <cstddef>
#include <deque>
#include <fstream>
#include <system_error>
#include <utility>

#include "controller/postgres/server_failure.h"

namespace reconcile::postgres {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t log_lines_shown = 12;
constexpr std::uintmax_t largest_kept_log = 4 << 20;

}  // namespace

Result<FileDescriptor> open_log(const fs::path& file, const ServerAccount& account) {
  std::error_code error;
  const int fresh = fs::file_size(file, error) > largest_kept_log && !error ? O_TRUNC : 0;
  FileDescriptor log(
      open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | fresh, 0600));
  if (!log || !give_file(log.get(), account))
    return server_failure(file, "cannot write the server's log", system_reason(errno));
  return log;
}

std::string log_tail(const fs::path& file, std::uintmax_t offset) {
  std::ifstream in(file);
  in.seekg(static_cast<std::streamoff>(offset));
  std::deque<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (lines.size() == log_lines_shown) lines.pop_front();
    lines.push_back(std::move(line));
  }
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace reconcile::postgres
