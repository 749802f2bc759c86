#include "controller/git/packet_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "controller/git/failure.h"

namespace reconcile::git {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kLargestPacket = 65'520;
constexpr std::size_t kBufferBytes = 64 * 1024;

Failure broken(const std::string& shown, ErrorKind kind, std::string why) {
  return Failure(Blame::Source,
                 Error{.kind = kind,
                       .where = shown,
                       .what = "does not speak git's protocol",
                       .why = std::move(why),
                       .next = "look whether `git ls-remote` works with this address"});
}

}  // namespace

PacketReader::PacketReader(ByteStream& stream, std::string shown, std::size_t limit)
    : stream_(stream), shown_(std::move(shown)), left_(limit) {}

void PacketReader::fill(std::size_t wanted) {
  if (buffer_.size() - begin_ >= wanted) return;
  buffer_.erase(0, begin_);
  begin_ = 0;
  while (buffer_.size() < wanted) {
    const std::size_t had = buffer_.size();
    buffer_.resize(had + kBufferBytes);
    const std::size_t count = stream_.read(std::span(buffer_).subspan(had));
    buffer_.resize(had + count);
    if (count == 0) throw broken(shown_, ErrorKind::Transient, "its answer ends in the middle");
  }
}

std::optional<std::string_view> PacketReader::next() {
  fill(kLengthBytes);
  const char* head = buffer_.data() + begin_;
  std::size_t length = 0;
  const auto [rest, error] = std::from_chars(head, head + kLengthBytes, length, 16);
  const bool number = error == std::errc() && rest == head + kLengthBytes;
  if (!number || (length != 0 && length < kLengthBytes) || length > kLargestPacket)
    throw broken(shown_, ErrorKind::Terminal, "its answer has a packet without a length");
  begin_ += kLengthBytes;
  if (length == 0) return std::nullopt;
  length -= kLengthBytes;
  if (length > left_) {
    throw Failure(Blame::Source,
                  Error{.kind = ErrorKind::Terminal,
                        .where = shown_,
                        .what = "sends more than is taken",
                        .why = "the limits for the references and the objects of a repository "
                               "are there to protect this machine",
                        .next = "follow a smaller repository"});
  }
  left_ -= length;
  fill(length);
  const std::string_view text(buffer_.data() + begin_, length);
  begin_ += length;
  return text;
}

std::string packet(std::string_view text) {
  return fmt::format("{:04x}{}", text.size() + kLengthBytes, text);
}

}  // namespace reconcile::git
