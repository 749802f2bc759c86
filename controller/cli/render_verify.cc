#include <fmt/format.h>

#include <boost/json.hpp>

#include "controller/cli/verify.h"

namespace reconcile::cli {
namespace {

boost::json::string text(std::string_view value) { return boost::json::string(value); }

boost::json::array texts(const std::vector<std::string>& values) {
  boost::json::array array;
  for (const std::string& value : values) array.push_back(text(value));
  return array;
}

}  // namespace

std::string render_verification(const Verification& verification, const Look& look) {
  std::string shown;
  for (const Finding& finding : verification.findings) {
    std::string line = fmt::format("{}{}: {}", finding.where.empty() ? "" : finding.where + ": ",
                                   finding.way, finding.what);
    if (!finding.next.empty()) line += "; next: " + finding.next;
    shown += fmt::format("{} {}\n", paint("error:", Paint::Red, look), one_line(line));
  }
  for (const std::string& loss : verification.losses)
    shown += fmt::format("{} {}\n", paint("loses:", Paint::Yellow, look), one_line(loss));
  const bool good = verification.findings.empty();
  const std::string word =
      paint(fmt::format("{} {}", look.unicode ? (good ? "●" : "✕") : (good ? "=" : "x"),
                        good ? "verified" : "not fit to go live"),
            good ? Paint::Green : Paint::Red, look);
  return shown +
         fmt::format("{}  {}  {} from nothing{}  {} ms\n", word, one_line(verification.target),
                     verification.revision.short_commit(),
                     verification.base ? " and from " + verification.base->short_commit() : "",
                     verification.duration.count());
}

std::string render_verification_notes(const Verification& verification, const Look& look) {
  std::string shown;
  for (const std::string& note : verification.notes)
    shown += fmt::format("{} {}\n", paint("note:", Paint::Grey, look), one_line(note));
  return shown;
}

std::string render_verification_json(const Verification& verification) {
  boost::json::array findings;
  for (const Finding& finding : verification.findings) {
    findings.push_back({{"way", text(finding.way)},
                        {"where", text(finding.where)},
                        {"what", text(finding.what)},
                        {"next", text(finding.next)}});
  }
  boost::json::object document;
  document["target"] = text(verification.target);
  document["revision"] = text(verification.revision.commit);
  document["base"] = verification.base ? boost::json::value(text(verification.base->commit))
                                       : boost::json::value(nullptr);
  document["outcome"] = verification.findings.empty() ? "verified" : "refused";
  document["findings"] = std::move(findings);
  document["losses"] = texts(verification.losses);
  document["notes"] = texts(verification.notes);
  document["duration_ms"] = verification.duration.count();
  return boost::json::serialize(document) + "\n";
}

std::string render_verification_json(const std::string& target, const Error& error) {
  boost::json::object document;
  document["target"] = text(target);
  document["outcome"] = "failed";
  document["error"] = {{"where", text(error.where)},
                       {"what", text(error.what)},
                       {"why", text(error.why)},
                       {"next", text(error.next)}};
  return boost::json::serialize(document) + "\n";
}

}  // namespace reconcile::cli
