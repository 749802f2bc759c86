#include "controller/git/pack_request.h"

#include <fmt/format.h>

#include <algorithm>

#include "controller/git/failure.h"

namespace reconcile::git {
namespace {

constexpr char kPackBand = 1;
constexpr char kProgressBand = 2;
constexpr char kErrorBand = 3;
constexpr std::size_t kMostWords = 300;

Failure refused(const std::string& shown, std::string what, std::string_view why,
                std::string next) {
  std::string words(why.substr(0, kMostWords));
  std::ranges::replace_if(
      words, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return Failure(Blame::Source, Error{.kind = ErrorKind::Terminal,
                                      .where = shown,
                                      .what = std::move(what),
                                      .why = std::move(words),
                                      .next = std::move(next)});
}

}  // namespace

std::string pack_request(const std::set<std::string>& capabilities,
                         const std::vector<git_oid>& wanted, const std::vector<git_oid>& present,
                         const std::string& shown) {
  constexpr std::string_view band = "side-band-64k";
  if (!capabilities.contains(std::string(band)))
    throw refused(shown, "is too old a git server", "it does not have the capability side-band-64k",
                  "update it to git 1.5 or later");
  std::string chosen = fmt::format(" {} agent=reconcile/{}", band, RECONCILE_VERSION);
  for (const char* useful : {"ofs-delta", "no-progress"}) {
    if (capabilities.contains(useful)) chosen += fmt::format(" {}", useful);
  }
  std::string request;
  for (const git_oid& id : wanted) {
    request += packet(fmt::format("want {}{}\n", text_of(id), chosen));
    chosen.clear();
  }
  request += kFlush;
  for (const git_oid& id : present) request += packet(fmt::format("have {}\n", text_of(id)));
  return request + packet("done\n");
}

void read_pack(PacketReader& packets, const std::string& shown,
               const std::function<void(std::string_view)>& take) {
  constexpr std::string_view error = "ERR ";
  while (const auto text = packets.next()) {
    if (text->empty() || text->starts_with("NAK") || text->starts_with("ACK ")) continue;
    if (text->starts_with(error))
      throw refused(shown, "refuses to send its objects", text->substr(error.size()),
                    "look at the log of the server");
    const char band = text->front();
    if (band == kPackBand) {
      take(text->substr(1));
    } else if (band == kErrorBand) {
      throw refused(shown, "breaks off while it sends its objects", text->substr(1),
                    "run `git fsck --full` there");
    } else if (band != kProgressBand) {
      throw refused(shown, "does not speak git's protocol", *text,
                    "look whether `git fetch` works with this address");
    }
  }
}

}  // namespace reconcile::git
