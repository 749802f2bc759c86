#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <regex>
#include <sstream>

#include "tests/unit/support/files.h"

// The rules of design §4, which the compiler cannot tell.
namespace reconcile {
namespace {

using Words = std::vector<std::string>;

struct Include {
  std::string file;  ///< from the repository's root
  int line;
  std::string name;  ///< as written, without brackets or quotes
  bool quoted;
};

struct Source {
  std::string file;
  Words lines;
};

const std::vector<Source>& sources() {
  static const std::vector<Source> all = [] {
    std::vector<Source> found;
    const std::filesystem::path root = RECONCILE_SOURCE_DIR;
    for (const char* top : {"reconcilers", "controller"}) {
      for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
        const std::string extension = entry.path().extension().string();
        if (extension != ".h" && extension != ".cc") continue;
        Source source{std::filesystem::relative(entry.path(), root).string(), {}};
        std::istringstream text(test::contents(entry.path()));
        for (std::string line; std::getline(text, line);) source.lines.push_back(line);
        found.push_back(std::move(source));
      }
    }
    std::ranges::sort(found, {}, &Source::file);
    return found;
  }();
  return all;
}

std::vector<Include> includes() {
  static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> found;
  for (const Source& source : sources()) {
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      std::smatch match;
      if (std::regex_search(source.lines[i], match, pattern))
        found.push_back({source.file, static_cast<int>(i) + 1, match[2], match[1] == "\""});
    }
  }
  return found;
}

/// "reconcilers/core" of "reconcilers/core/plan.h"; "controller" of "controller/main.cc".
std::string folder_of(const std::string& path) { return path.substr(0, path.find_last_of('/')); }

bool starts_with_any(const std::string& text, const Words& prefixes) {
  return std::ranges::any_of(prefixes,
                             [&](const std::string& prefix) { return text.starts_with(prefix); });
}

std::string place(const Include& include) {
  return include.file + ":" + std::to_string(include.line) + ": includes " + include.name;
}

/// Folders of reconcilers/ and what each may include besides itself.
const std::map<std::string, Words> allowed_folders{
    {"reconcilers/core", {}},
    {"reconcilers/status", {"reconcilers/core"}},
    {"reconcilers/alerts", {"reconcilers/core", "reconcilers/status"}},
    {"reconcilers/ports", {"reconcilers/core", "reconcilers/status", "reconcilers/alerts"}},
    {"reconcilers/sql", {"reconcilers/core"}},
    {"reconcilers/migrations", {"reconcilers/core", "reconcilers/sql"}},
    {"reconcilers/snapshot", {"reconcilers/core", "reconcilers/sql"}},
    {"reconcilers/policy", {"reconcilers/core", "reconcilers/status"}},
    {"reconcilers/catalog", {"reconcilers/core"}},
    {"reconcilers/render", {"reconcilers/core", "reconcilers/status"}},
    {"reconcilers/pass",
     {"reconcilers/core", "reconcilers/ports", "reconcilers/sql", "reconcilers/migrations",
      "reconcilers/snapshot", "reconcilers/policy", "reconcilers/catalog"}}};

TEST(Layering, ReconcilersPointOneWay) {
  for (const Include& include : includes()) {
    if (!include.file.starts_with("reconcilers/") || !include.quoted) continue;
    const std::string from = folder_of(include.file);
    const std::string to = folder_of(include.name);
    ASSERT_TRUE(allowed_folders.contains(from))
        << include.file << ": a new folder needs its rule here";
    EXPECT_TRUE(from == to || std::ranges::count(allowed_folders.at(from), to) == 1)
        << place(include) << "; " << from << " may include only its own, and "
        << ::testing::PrintToString(allowed_folders.at(from));
  }
}

TEST(Layering, ControllerFoldersDoNotKnowEachOther) {
  for (const Include& include : includes()) {
    if (!include.file.starts_with("controller/") || !include.quoted) continue;
    const std::string from = folder_of(include.file);
    const std::string to = folder_of(include.name);
    if (from == "controller" || from == "controller/cli" || !to.starts_with("controller/"))
      continue;
    // Sockets, TLS and HTTP beneath them all.
    if (to == "controller/net") continue;
    EXPECT_EQ(from, to) << place(include)
                        << "; only cli and main wire folders of controller/ together";
  }
}

TEST(Layering, OnlyCliKnowsThePass) {
  for (const Include& include : includes()) {
    if (!include.file.starts_with("controller/") || !include.quoted) continue;
    if (starts_with_any(include.file,
                        {"controller/main.cc", "controller/cli/", "controller/loop/"}))
      continue;
    // Windows and waves are plain values that a configuration is made of.
    if (include.file.starts_with("controller/config/") &&
        include.name.starts_with("reconcilers/policy/"))
      continue;
    EXPECT_FALSE(starts_with_any(include.name, {"reconcilers/pass/", "reconcilers/migrations/",
                                                "reconcilers/snapshot/", "reconcilers/policy/"}))
        << place(include) << "; an adapter knows ports, core, and SQL's quoting";
  }
}

TEST(Layering, PagesAreMadeOfValues) {
  for (const Include& include : includes()) {
    if (!include.file.starts_with("controller/dashboard/")) continue;
    const bool io = include.name == "fstream" || include.name == "iostream" ||
                    include.name == "filesystem" || include.name == "thread";
    EXPECT_FALSE(io || include.name.starts_with("boost/")) << place(include);
    if (!include.quoted || include.name == "dashboard_assets.h") continue;
    EXPECT_TRUE(starts_with_any(
        include.name, {"controller/dashboard/", "reconcilers/core/", "reconcilers/status/"}))
        << place(include) << "; a page is rendered from what core and status say";
  }
}

/// Headers of libraries, and the only files that may include them.
const std::pair<std::string, Words> owned_headers[] = {
    {"pg_query", {"reconcilers/sql/"}},
    {"yaml.h", {"reconcilers/snapshot/yaml_events.", "reconcilers/snapshot/yaml_reader.cc"}},
    {"openssl/", {"reconcilers/core/digest.cc", "controller/net/", "controller/http/"}},
    {"boost/asio/",
     {"controller/net/", "controller/http/", "controller/loop/", "controller/cli/serve"}},
    {"boost/beast/", {"controller/net/", "controller/http/"}},
    {"git2", {"controller/git/"}},
    {"pqxx", {"controller/postgres/"}},
    {"libpq-fe.h", {"controller/postgres/"}},
    {"postgres_sql.h", {"controller/postgres/"}},
    {"dashboard_assets.h", {"controller/dashboard/assets.cc"}},
    {"yaml-cpp/", {"controller/config/"}},
    {"date/", {"controller/config/"}},
    {"CLI/", {"controller/cli/"}},
    {"spdlog/", {"controller/main.cc", "controller/cli/", "controller/loop/"}}};

TEST(Layering, EveryLibraryHasItsOwner) {
  for (const Include& include : includes()) {
    for (const auto& [header, owners] : owned_headers) {
      if (!include.name.starts_with(header)) continue;
      EXPECT_TRUE(starts_with_any(include.file, owners))
          << place(include) << "; only " << ::testing::PrintToString(owners) << " may";
    }
  }
}

TEST(Layering, ReconcilersDoNoInputOrOutput) {
  const Words io{"fstream",
                 "iostream",
                 "filesystem",
                 "cstdio",
                 "thread",
                 "future",
                 "condition_variable",
                 "unistd.h",
                 "fcntl.h",
                 "sys/",
                 "netinet/",
                 "arpa/",
                 "boost/asio",
                 "boost/beast",
                 "boost/process",
                 "boost/filesystem",
                 "boost/interprocess"};
  for (const Include& include : includes()) {
    if (!include.file.starts_with("reconcilers/") || include.quoted) continue;
    EXPECT_FALSE(starts_with_any(include.name, io))
        << place(include) << "; reconcilers/ decides, controller/ acts";
    const bool library =
        include.name.find('/') != std::string::npos || include.name.ends_with(".h");
    if (!library) continue;
    EXPECT_TRUE(starts_with_any(
        include.name, {"boost/json", "boost/system/", "fmt/", "openssl/", "pg_query", "yaml.h"}))
        << place(include)
        << "; reconcilers/ has the standard library, fmt, Boost without I/O, libyaml and "
           "libpg_query";
  }
}

TEST(Layering, CoreHasNothingButTheStandardLibraryAndBoost) {
  for (const Include& include : includes()) {
    if (!include.file.starts_with("reconcilers/core/") || include.quoted) continue;
    const bool standard =
        include.name.find('/') == std::string::npos && include.name.find('.') == std::string::npos;
    EXPECT_TRUE(standard || include.name.starts_with("boost/") ||
                (include.name == "openssl/sha.h" && include.file == "reconcilers/core/digest.cc"))
        << place(include) << "; core is the bottom";
  }
}

TEST(Layering, FoldersFormNoCircle) {
  std::map<std::string, std::set<std::string>> edges;
  for (const Include& include : includes()) {
    const std::string to = folder_of(include.name);
    if (include.quoted && to.find('/') != std::string::npos && to != folder_of(include.file))
      edges[folder_of(include.file)].insert(to);
  }
  std::set<std::string> done;
  Words path;
  const std::function<void(const std::string&)> visit = [&](const std::string& folder) {
    EXPECT_EQ(std::ranges::count(path, folder), 0)
        << ::testing::PrintToString(path) << " leads back to " << folder;
    if (std::ranges::count(path, folder) != 0 || done.contains(folder)) return;
    path.push_back(folder);
    for (const std::string& next : edges[folder]) visit(next);
    path.pop_back();
    done.insert(folder);
  };
  const auto starts = edges;
  for (const auto& [folder, next] : starts) visit(folder);
}

TEST(Layering, QuotedIncludesNameTheirFileFromTheRoot) {
  for (const Include& include : includes()) {
    const bool generated = include.name == "postgres_sql.h" || include.name == "openapi_json.h" ||
                           include.name == "dashboard_assets.h";
    if (!include.quoted || generated) continue;
    EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(RECONCILE_SOURCE_DIR) / include.name))
        << place(include) << "; write the path from the repository's root";
  }
}

TEST(Style, FilesStaySmall) {
  for (const Source& source : sources()) {
    EXPECT_LE(source.lines.size(), 400U) << source.file << ":401: split the file";
  }
}

TEST(Style, FunctionsFitOnAScreen) {
  constexpr std::size_t most = 70;
  for (const Source& source : sources()) {
    // Every function begins in column 1 (or 3, inside a class) and its brace closes in that column.
    for (const std::string& indent : {std::string(), std::string("  ")}) {
      std::optional<std::size_t> begin;
      for (std::size_t i = 0; i < source.lines.size(); ++i) {
        const std::string& line = source.lines[i];
        if (!begin && line.starts_with(indent) && line.size() > indent.size() &&
            line[indent.size()] != ' ' && line.ends_with("{")) {
          const bool other = line.find("namespace") != std::string::npos ||
                             line.find("class ") != std::string::npos ||
                             line.find("struct ") != std::string::npos ||
                             line.find("enum ") != std::string::npos ||
                             line.find(" = ") != std::string::npos;
          if (!other) begin = i;
        }
        if (begin && line == indent + "}") {
          EXPECT_LE(i - *begin, most) << source.file << ":" << *begin + 1
                                      << ": a function of more than " << most << " lines";
          begin.reset();
        }
        if (line == indent + "};") begin.reset();
      }
    }
  }
}

TEST(Style, NoMacrosOfOurOwn) {
  static const std::regex macro(R"(^\s*#\s*define\b)");
  for (const Source& source : sources()) {
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      EXPECT_FALSE(std::regex_search(source.lines[i], macro))
          << source.file << ":" << i + 1 << ": " << source.lines[i];
    }
  }
}

TEST(Style, EveryHeaderIsIncludedOnce) {
  for (const Source& source : sources()) {
    if (!source.file.ends_with(".h")) continue;
    EXPECT_EQ(source.lines.empty() ? "" : source.lines.front(), "#pragma once")
        << source.file << ":1";
  }
}

}  // namespace
}  // namespace reconcile
