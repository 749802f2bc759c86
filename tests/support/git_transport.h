#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace reconcile::test {

enum class Transport { Https, Ssh };

/// A git server, and what the configuration of a controller says of it.
class GitTransport {
 public:
  virtual ~GitTransport() = default;
  /// Of the bare repository that is served: whoever pushes may put it there.
  virtual std::filesystem::path bare() const = 0;
  virtual std::string url() const = 0;
  /// What stands behind `git:`, in YAML's flow style. Files it names are in `folder`.
  virtual std::string section(const std::filesystem::path& folder) const = 0;
};

/// Why it cannot run here; empty where it can.
std::string missing(Transport transport);
std::unique_ptr<GitTransport> served_over(Transport transport);

}  // namespace reconcile::test
