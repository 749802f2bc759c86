#include "reconcilers/migrations/line_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

namespace reconcile::migrations {
namespace {

/// A line of either text in the order a diff shows them: ' ' kept, '-' only before, '+' only after.
struct Edit {
  char mark;
  std::string_view line;
};

using Lines = std::span<const std::string_view>;

constexpr std::size_t context = 3;

/// Above this many pairs of lines the changed part is shown as replaced whole, which is right, only
/// less readable. Bounds memory to 4 MB.
constexpr std::size_t max_pairs = 1'000'000;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

void append(std::vector<Edit>& edits, char mark, Lines lines) {
  for (const std::string_view line : lines) edits.push_back({mark, line});
}

/// Lengths of the longest common subsequences of every pair of tails.
class CommonLengths {
 public:
  CommonLengths(Lines before, Lines after)
      : width_(after.size() + 1), lengths_((before.size() + 1) * width_) {
    for (std::size_t i = before.size(); i-- > 0;) {
      for (std::size_t j = after.size(); j-- > 0;) {
        lengths_[i * width_ + j] =
            before[i] == after[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
      }
    }
  }

  std::uint32_t at(std::size_t i, std::size_t j) const { return lengths_[i * width_ + j]; }

 private:
  std::size_t width_;
  std::vector<std::uint32_t> lengths_;
};

void append_changed(std::vector<Edit>& edits, Lines before, Lines after) {
  if (before.size() * after.size() > max_pairs) {
    append(edits, '-', before);
    append(edits, '+', after);
    return;
  }
  const CommonLengths common(before, after);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() && j < after.size()) {
    if (before[i] == after[j]) {
      edits.push_back({' ', before[i]});
      ++i;
      ++j;
    } else if (common.at(i + 1, j) >= common.at(i, j + 1)) {
      edits.push_back({'-', before[i++]});
    } else {
      edits.push_back({'+', after[j++]});
    }
  }
  append(edits, '-', before.subspan(i));
  append(edits, '+', after.subspan(j));
}

std::vector<Edit> edits_between(Lines before, Lines after) {
  const auto front = static_cast<std::size_t>(
      std::distance(before.begin(),
                    std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first));
  const Lines before_rest = before.subspan(front);
  const Lines after_rest = after.subspan(front);
  const auto back = static_cast<std::size_t>(
      std::distance(before_rest.rbegin(), std::mismatch(before_rest.rbegin(), before_rest.rend(),
                                                        after_rest.rbegin(), after_rest.rend())
                                              .first));
  std::vector<Edit> edits;
  append(edits, ' ', before.first(front));
  append_changed(edits, before_rest.first(before_rest.size() - back),
                 after_rest.first(after_rest.size() - back));
  append(edits, ' ', before_rest.last(back));
  return edits;
}

/// Marks the edits that are changed or near a change.
std::vector<bool> shown(std::span<const Edit> edits) {
  std::vector<bool> show(edits.size());
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (edits[i].mark == ' ') continue;
    const std::size_t begin = i - std::min(i, context);
    const std::size_t end = std::min(edits.size(), i + context + 1);
    for (std::size_t near = begin; near < end; ++near) show[near] = true;
  }
  return show;
}

std::size_t count_of(std::span<const Edit> edits, char other_side) {
  const auto on_this_side = [&](const Edit& edit) { return edit.mark != other_side; };
  return static_cast<std::size_t>(std::count_if(edits.begin(), edits.end(), on_this_side));
}

std::string text_of(const Edit& edit) {
  const bool carriage_return = edit.line.ends_with('\r');
  const auto line = edit.line.substr(0, edit.line.size() - (carriage_return ? 1 : 0));
  return fmt::format("{}{}{}", edit.mark, line, carriage_return ? "\\r" : "");
}

std::vector<std::string> rendered(std::span<const Edit> edits) {
  const std::vector<bool> show = shown(edits);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < edits.size();) {
    const auto begin = std::find(show.begin() + static_cast<std::ptrdiff_t>(i), show.end(), true);
    const auto end = std::find(begin, show.end(), false);
    if (begin == end) break;
    const auto from = static_cast<std::size_t>(begin - show.begin());
    const std::span<const Edit> hunk = edits.subspan(from, static_cast<std::size_t>(end - begin));
    const std::span<const Edit> above = edits.first(from);
    lines.push_back(fmt::format("@@ -{},{} +{},{} @@", count_of(above, '+') + 1,
                                count_of(hunk, '+'), count_of(above, '-') + 1,
                                count_of(hunk, '-')));
    std::transform(hunk.begin(), hunk.end(), std::back_inserter(lines), text_of);
    i = from + hunk.size();
  }
  return lines;
}

}  // namespace

std::string line_diff(std::string_view before, std::string_view after, std::size_t max_lines) {
  if (before == after) return {};
  std::vector<std::string> lines = rendered(edits_between(lines_of(before), lines_of(after)));
  if (lines.size() > max_lines) {
    const std::size_t hidden = lines.size() - max_lines;
    lines.resize(max_lines);
    lines.push_back(fmt::format("… {} more lines", hidden));
  }
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace reconcile::migrations
