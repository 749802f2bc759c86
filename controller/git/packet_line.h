#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reconcile::git {

/// Bytes that come from somewhere else.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// The next bytes, at least one; 0 at the end. Throws a Failure that names the remote.
  virtual std::size_t read(std::span<char> place) = 0;
};

/// Reads the packets of git's wire protocol (gitprotocol-common(5)).
class PacketReader {
 public:
  /// Of all packets together no more than `limit` bytes are read. `shown` is the remote, for
  /// messages. `stream` must outlive this.
  PacketReader(ByteStream& stream, std::string shown, std::size_t limit);

  /// What the next packet carries; nothing for a flush packet. Throws a Failure at a cut-off or a
  /// broken packet. The text is valid until the next call.
  std::optional<std::string_view> next();

 private:
  void fill(std::size_t wanted);

  ByteStream& stream_;
  std::string shown_;
  std::size_t left_;
  std::string buffer_;
  std::size_t begin_ = 0;
};

/// A packet with this text.
std::string packet(std::string_view text);
inline constexpr std::string_view kFlush = "0000";

}  // namespace reconcile::git
