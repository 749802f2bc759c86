#include "controller/dashboard/diagram_svg.h"

#include <algorithm>
#include <array>

namespace reconcile::dashboard {
namespace {

/// As much of a text as has room, by characters.
std::string fitted(std::string_view whole, std::size_t most) {
  const std::string text = visible(whole);
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) == 0x80) continue;
    if (++count == most && i + 1 < text.size()) return text.substr(0, i) + "…";
  }
  return text;
}

/// The types that everybody writes shorter.
std::string short_type(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> known{
      {{"timestamp with time zone", "timestamptz"},
       {"timestamp without time zone", "timestamp"},
       {"time without time zone", "time"},
       {"character varying", "varchar"},
       {"double precision", "double"}}};
  for (const auto& [whole, brief] : known) {
    if (type.starts_with(whole)) return std::string(brief) + std::string(type.substr(whole.size()));
  }
  return std::string(type);
}

Html row(const DiagramColumn& column, const Box& box, int y) {
  constexpr std::size_t name_room = 17;
  constexpr std::size_t type_room = 13;
  const int text_y = y + 16;
  Html parts;
  if (column.mark != Mark::Same)
    parts += markup("<rect class=\"row mark-{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                    key_of(column.mark), box.x + 2, y, box.width - 4, row_height);
  parts += markup(
      "<text class=\"sign\" x=\"{}\" y=\"{}\">{}</text><text class=\"column{}{}\" x=\"{}\" "
      "y=\"{}\">{}</text><text class=\"type\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}{}</text>",
      box.x + 10, text_y, sign_of(column.mark), column.key ? " key" : "",
      column.mark == Mark::Removed ? " struck" : "", box.x + 28, text_y,
      fitted(column.name, name_room), box.x + box.width - 10, text_y,
      fitted(short_type(column.type), type_room), column.key ? " PK" : "");
  return parts;
}

Html box(const DiagramTable& table, const Box& at, std::size_t number) {
  constexpr std::size_t title_room = 26;
  Html parts = markup(
      "<rect class=\"box mark-{}{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\"/>",
      key_of(table.mark), table.neighbour ? " neighbour" : "", at.x, at.y, at.width, at.height);
  if (table.mark == Mark::Changed)
    parts +=
        markup("<rect class=\"double\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"/>",
               at.x + 3, at.y + 3, at.width - 6, at.height - 6);
  parts += markup(
      "<text class=\"sign\" x=\"{}\" y=\"{}\">{}</text><text class=\"title{}\" x=\"{}\" "
      "y=\"{}\">{}</text>",
      at.x + 10, at.y + 22, sign_of(table.mark), table.mark == Mark::Removed ? " struck" : "",
      at.x + 28, at.y + 22, fitted(table.name, title_room));
  int y = at.y + head_height + 4;
  if (!table.columns.empty() || table.others > 0)
    parts += markup("<line class=\"rule\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>", at.x + 8,
                    at.x + at.width - 8, at.y + head_height, at.y + head_height);
  for (const DiagramColumn& column : table.columns) {
    parts += row(column, at, y);
    y += row_height;
  }
  if (table.others > 0)
    parts += markup("<text class=\"type\" x=\"{}\" y=\"{}\">{} more</text>", at.x + 28, y + 16,
                    table.others);
  return markup("<a href=\"#table-{}\"><title>{}, {}</title>{}</a>", number, table.name,
                table.neighbour ? "unchanged" : word_of(table.mark), parts);
}

Html link(const DiagramLink& link, const std::vector<Point>& route) {
  std::string path = fmt::format("M{} {}", route.front().x, route.front().y);
  for (std::size_t i = 1; i < route.size(); ++i) {
    const Point& a = route[i - 1];
    const Point& b = route[i];
    if (a.y == b.y || a.x == b.x) {
      path += fmt::format(" L{} {}", b.x, b.y);
    } else {
      const int middle = (a.x + b.x) / 2;
      path += fmt::format(" C{} {} {} {} {} {}", middle, a.y, middle, b.y, b.x, b.y);
    }
  }
  // The arrow's head, by hand: a marker would not take the colour of its line everywhere.
  const Point& end = route.back();
  const int way = route[route.size() - 2].x < end.x ? -8 : 8;
  return markup(
      "<g class=\"link mark-{}\"><path d=\"{}\"/><path class=\"head\" d=\"M{} {} l{} -5 v10 "
      "z\"/></g>",
      key_of(link.mark), path, end.x, end.y, way);
}

}  // namespace

std::string_view word_of(Mark mark) {
  constexpr std::array<std::string_view, 5> words{"unchanged", "added", "changed", "removed",
                                                  "renamed"};
  return words.at(static_cast<std::size_t>(mark));
}

std::string_view sign_of(Mark mark) {
  constexpr std::array<std::string_view, 5> signs{"", "+", "~", "−", "→"};
  return signs.at(static_cast<std::size_t>(mark));
}

std::string_view key_of(Mark mark) {
  constexpr std::array<std::string_view, 5> keys{"same", "create", "change", "remove", "rename"};
  return keys.at(static_cast<std::size_t>(mark));
}

Html diagram_svg(const Diagram& diagram, const Layout& layout) {
  Html links;
  // What changes is drawn over what does not.
  for (const bool changed : {false, true}) {
    for (std::size_t i = 0; i < diagram.links.size(); ++i) {
      if ((diagram.links[i].mark != Mark::Same) == changed)
        links += link(diagram.links[i], layout.routes[i]);
    }
  }
  Html boxes;
  for (std::size_t i = 0; i < diagram.tables.size(); ++i)
    boxes += box(diagram.tables[i], layout.boxes[i], i);
  return markup(
      "<div class=\"canvas\" tabindex=\"0\" role=\"group\" aria-label=\"Diagram\"><svg "
      "class=\"diagram\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" role=\"group\" "
      "aria-label=\"Tables "
      "and references; the same stands in the table below\">{}{}</svg></div>",
      layout.width, layout.height, layout.width, layout.height, links, boxes);
}

}  // namespace reconcile::dashboard
