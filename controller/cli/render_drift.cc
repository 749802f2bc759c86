#include <fmt/format.h>

#include <algorithm>

#include "controller/cli/render.h"

namespace reconcile::cli {
namespace {

std::string statements(std::string_view label, const std::vector<std::string>& sql,
                       const Look& look) {
  std::string text;
  for (const std::string& statement : sql) {
    std::string indented;
    for (const char c : plain(statement, look)) {
      indented += c;
      if (c == '\n') indented += std::string(20, ' ');
    }
    text +=
        fmt::format("          {}  {};\n", paint(columns(label, 8), Paint::Grey, look), indented);
    label = "";
  }
  return text;
}

std::string way_out(const std::vector<Drift>& drift) {
  const bool healable = std::ranges::any_of(
      drift, [](const Drift& entry) { return entry.kind != Drift::Kind::Unmanaged; });
  return fmt::format(
      "Next: {}`reconcile adopt` writes what the database has into git, on a branch\n",
      healable ? "`reconcile heal` brings back what git made; " : "");
}

}  // namespace

std::string render_drift(const std::vector<Drift>& drift, const Look& look, bool sql) {
  if (drift.empty()) return {};
  std::string text =
      fmt::format("  {} {} that git did not ask for, left alone\n",
                  paint(look.unicode ? "◆" : "*", Paint::Magenta, look),
                  drift.size() == 1 ? "1 difference" : fmt::format("{} differences", drift.size()));
  for (const Drift& entry : drift) {
    text += fmt::format("      {} {}  {}{}\n", columns(name_of(entry.kind), 9),
                        one_line(entry.object.text()), plain(entry.detail, look),
                        entry.rows ? ", " + rows_in_words(*entry.rows) : "");
    if (entry.by)
      text +=
          fmt::format("          {}\n", paint(one_line(describe(*entry.by)), Paint::Grey, look));
    if (!sql) continue;
    text += statements("to heal", entry.heal, look);
    text += statements("to adopt", entry.adopt, look);
  }
  return sql ? text + way_out(drift) : text;
}

namespace {

std::string made(const Origin& origin, int line) {
  return fmt::format("{} of {}", Owner{one_line(origin.file), line}.text(),
                     origin.commit.substr(0, 10));
}

std::string state_of(const Difference& object, const Look& look) {
  if (!object.owned && !object.live) return "removed";
  if (!object.owned) return paint("not git's: in the database, in no commit", Paint::Magenta, look);
  if (!object.live) return paint("missing: not in the database any more", Paint::Red, look);
  if (*object.live != *object.owned)
    return paint("altered: no longer as git made it", Paint::Red, look);
  return "as git made it";
}

}  // namespace

std::string render_blame(const std::vector<ObjectRecord>& objects, const Look& look) {
  std::string text;
  for (const ObjectRecord& object : objects) {
    const Difference& state = object.state;
    text += fmt::format("{}  {}\n", paint(one_line(state.object.text()), Paint::Bold, look),
                        state_of(state, look));
    if (!state.origin.file.empty()) {
      text += fmt::format(
          "  made     {}  {}  {}\n", made(state.origin, object.line), object.since,
          paint(one_line(object.subject + (object.author.empty() ? "" : ", " + object.author)),
                Paint::Grey, look));
    } else if (state.owned) {
      text += "  made     before an inventory was kept\n";
    }
    for (const ObjectChange& change : object.changes)
      text += fmt::format("  {}  {}  {}\n", columns(change.action, 7), made(change.origin, 0),
                          change.at);
    if (state.owned && state.live != state.owned)
      text += fmt::format("  git      {}\n", plain(*state.owned, look));
    if (state.live) text += fmt::format("  now      {}\n", plain(*state.live, look));
  }
  return text;
}

}  // namespace reconcile::cli
