#include "controller/cli/render_quarantine.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "reconcilers/render/report_json.h"

namespace reconcile::cli {
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
  return boost::json::serialize(render::quarantine_json(target, kept)) + "\n";
}

std::string render_restored(const QuarantineEntry& entry) {
  return fmt::format("{} is back{}\n", one_line(entry.object.text()),
                     entry.rows ? ", " + rows_in_words(*entry.rows) : "");
}

std::string render_restored_json(const std::string& target, const QuarantineEntry& entry,
                                 const std::vector<std::string>& notes) {
  const boost::json::object document{{"target", target},
                                     {"restored", render::quarantine_json(entry)},
                                     {"notes", boost::json::value_from(notes)}};
  return boost::json::serialize(document) + "\n";
}

}  // namespace reconcile::cli
