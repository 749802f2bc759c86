#include "reconcilers/core/witness.h"

namespace reconcile {
namespace {

/// Statements come with the lines and the indentation of whoever wrote them.
std::string in_one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (line.ends_with(' ') || line.ends_with(';')) line.pop_back();
  return line;
}

}  // namespace

std::string describe(const Witness& witness) {
  const bool rows = witness.command.find("directus_") != std::string::npos;
  std::string text = "by " + witness.role;
  if (!witness.application.empty()) text += " with " + witness.application;
  if (!witness.address.empty()) text += " from " + witness.address;
  return text + ", " + witness.at + ": " +
         (witness.statement.empty() || rows ? witness.command : in_one_line(witness.statement));
}

}  // namespace reconcile
