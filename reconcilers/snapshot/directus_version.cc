#include "reconcilers/snapshot/directus_version.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace reconcile::snapshot {
namespace {

/// A version that was looked at, and the newest migration in its package.
struct Release {
  int major;
  int minor;
  int patch;
  std::string_view migration;

  DirectusVersion version() const {
    return {major, minor, patch, fmt::format("{}.{}.{}", major, minor, patch)};
  }
};
constexpr std::array<Release, 19> releases{{{11, 1, 2, "20240909B"},
                                            {11, 2, 2, "20240909B"},
                                            {11, 3, 5, "20240924B"},
                                            {11, 4, 1, "20240924B"},
                                            {11, 6, 1, "20250224A"},
                                            {11, 8, 0, "20250224A"},
                                            {11, 9, 2, "20250613A"},
                                            {11, 11, 0, "20250718A"},
                                            {11, 13, 0, "20251028A"},
                                            {11, 13, 4, "20251028A"},
                                            {11, 14, 1, "20260113A"},
                                            {11, 16, 1, "20260211A"},
                                            {11, 17, 4, "20260211A"},
                                            {12, 0, 2, "20260512B"},
                                            {12, 1, 1, "20260512B"},
                                            {12, 2, 0, "20260727A"},
                                            {12, 3, 1, "20260727A"},
                                            {12, 4, 0, "20260909A"},
                                            {12, 4, 1, "20260909A"}}};

bool before(const DirectusVersion& version, int major, int minor) {
  return version < DirectusVersion{major, minor, 0, ""};
}

/// How far the migrations of a database go: those of a release, and of all before it. Extensions
/// bring migrations of their own, which tell nothing.
class Evidence {
 public:
  explicit Evidence(const LiveState& live) {
    for (std::size_t row = 0; row < live.migrations.rows(); ++row) {
      const auto known = std::find_if(releases.rbegin(), releases.rend(), [&](const Release& one) {
        return one.migration == live.migrations.text(row, 0);
      });
      end_ = std::max(end_, static_cast<std::size_t>(releases.rend() - known));
    }
  }

  /// None of a known release.
  bool none() const { return end_ == 0; }

  /// Whether they are those of a version between the release before it and the one from it on.
  bool fits(const DirectusVersion& version) const {
    const auto next = static_cast<std::size_t>(
        std::ranges::find_if(releases,
                             [&](const Release& release) { return release.version() >= version; }) -
        releases.begin());
    const bool known = next < releases.size() && releases.at(next).version() == version;
    if (end_ < next + (known ? 1 : 0)) return false;
    return end_ <= next || newest().migration == releases.at(next).migration;
  }

  const Release& newest() const { return releases.at(end_ - 1); }

 private:
  std::size_t end_ = 0;  ///< behind the last release with them
};

/// The text after `at`, up to a quote, a comma or the end of the line, without quotes around it.
std::string word_after(std::string_view text, std::size_t at) {
  at = text.find_first_not_of(" \t:'\"", at);
  if (at == std::string_view::npos) return "";
  return std::string(text.substr(at, text.find_first_of("'\",\r\n \t", at) - at));
}

}  // namespace

std::optional<DirectusVersion> parse_directus_version(std::string_view text) {
  DirectusVersion version{0, 0, 0, std::string(text)};
  const char* at = text.data();
  const char* end = text.data() + text.size();
  for (int* number : {&version.major, &version.minor, &version.patch}) {
    if (number != &version.major && (at == end || *at++ != '.')) return std::nullopt;
    const auto read = std::from_chars(at, end, *number);
    if (read.ec != std::errc() || *number < 0) return std::nullopt;
    at = read.ptr;
  }
  if (at != end && *at != '-' && *at != '+') return std::nullopt;
  return version;
}

DirectusTraits traits_of(const DirectusVersion& version) {
  return {.lists_untracked = before(version, 11, 10),
          .lists_system_fields = !before(version, 11, 13),
          .dates_win = before(version, 11, 10),
          .yaml_numbers = before(version, 12, 2) ? YamlNumbers::Underscored : YamlNumbers::Finite};
}

const DirectusVersion& oldest_known_directus() {
  static const DirectusVersion oldest = releases.front().version();
  return oldest;
}

std::string version_line(std::string_view snapshot) {
  // It stands above the lists, which are all the rest of the file.
  constexpr std::size_t enough = 4096;
  const std::string_view head = snapshot.substr(0, enough);
  for (const std::string_view key : {"directus:", "\"directus\"", "'directus'"}) {
    for (std::size_t at = head.find(key); at != std::string_view::npos;
         at = head.find(key, at + 1)) {
      const bool yaml = key.ends_with(':');
      if (!yaml || at == 0 || head[at - 1] == '\n') return word_after(head, at + key.size());
    }
  }
  return "";
}

InstalledDirectus installed_directus(const LiveState& live, std::string_view claimed) {
  const Evidence evidence(live);
  const auto version = parse_directus_version(claimed);
  if (version && (evidence.none() || evidence.fits(*version))) return {*version, ""};
  if (evidence.none()) {
    return {releases.back().version(),
            fmt::format("the database has no migrations of a known Directus; taken for {}",
                        releases.back().version().text)};
  }
  const Release& newest = evidence.newest();
  const auto first = std::ranges::find(releases, newest.migration, &Release::migration);
  const std::string range =
      first->version() == newest.version()
          ? newest.version().text
          : fmt::format("{} to {}", first->version().text, newest.version().text);
  std::string doubt = fmt::format("the database has the migrations of Directus {}", range);
  if (!claimed.empty()) doubt += fmt::format(", not those of {}", claimed);
  return {newest.version(), doubt + fmt::format("; taken for {}", newest.version().text)};
}

}  // namespace reconcile::snapshot
