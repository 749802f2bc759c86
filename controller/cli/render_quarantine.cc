#include "controller/cli/render_quarantine.h"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace reconcile::cli {
namespace {

boost::json::object entry_json(const QuarantineEntry& entry) {
  return {{"id", entry.id},
          {"object", entry.object.text()},
          {"place", entry.place.empty() ? "" : "reconcile_quarantine." + entry.place},
          {"rows", entry.rows ? boost::json::value(*entry.rows) : boost::json::value(nullptr)},
          {"removed_by", entry.removed_by},
          {"removed_at", entry.removed_at},
          {"purge_after", entry.purge_after},
          {"expired", entry.expired}};
}

}  // namespace

std::string render_quarantine(const std::string& target, const std::vector<QuarantineEntry>& kept,
                              const Look& look) {
  std::string text = fmt::format("{}\n", paint(one_line(target), Paint::Bold, look));
  if (kept.empty()) return text + "  nothing is in quarantine\n";
  for (const QuarantineEntry& entry : kept) {
    text += fmt::format("  {:>4}  {}  {}", entry.id, one_line(entry.removed_at),
                        one_line(entry.object.text()));
    if (entry.rows) text += "  " + rows_in_words(*entry.rows);
    if (!entry.place.empty())
      text += fmt::format("  in reconcile_quarantine.{}", one_line(entry.place));
    text += fmt::format("  removed by {}", one_line(entry.removed_by.substr(0, 10)));
    if (!entry.purge_after.empty())
      text += fmt::format("  {} {}", entry.expired ? "may be purged since" : "kept until",
                          one_line(entry.purge_after));
    text += '\n';
  }
  return text;
}

std::string render_quarantine_json(const std::string& target,
                                   const std::vector<QuarantineEntry>& kept) {
  boost::json::array entries;
  for (const QuarantineEntry& entry : kept) entries.push_back(entry_json(entry));
  const boost::json::object document{{"target", target}, {"quarantine", std::move(entries)}};
  return boost::json::serialize(document) + "\n";
}

std::string render_restored(const QuarantineEntry& entry) {
  return fmt::format("{} is back{}\n", one_line(entry.object.text()),
                     entry.rows ? ", " + rows_in_words(*entry.rows) : "");
}

std::string render_restored_json(const std::string& target, const QuarantineEntry& entry,
                                 const std::vector<std::string>& notes) {
  const boost::json::object document{{"target", target},
                                     {"restored", entry_json(entry)},
                                     {"notes", boost::json::value_from(notes)}};
  return boost::json::serialize(document) + "\n";
}

}  // namespace reconcile::cli
