#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "controller/config/config.h"

// The text of a reconcile.yaml: a configuration, or an error that says where and what.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = ::memfd_create("reconcile.yaml", MFD_CLOEXEC);
  if (file < 0 || ::write(file, data, size) != static_cast<ssize_t>(size)) __builtin_trap();
  const auto config = reconcile::config::load("/proc/self/fd/" + std::to_string(file),
                                              [](const std::string&) { return std::nullopt; });
  ::close(file);
  if (!config && (config.error().what.empty() || config.error().where.empty())) __builtin_trap();
  return 0;
}
