#include "controller/dashboard/diagram.h"

#include <algorithm>
#include <array>

#include "controller/dashboard/diagram_svg.h"
#include "controller/dashboard/parts.h"

namespace reconcile::dashboard {
namespace {

/// Above this a drawing is no help any more; the table is.
constexpr std::size_t most_tables = 60;

Html marked(Mark mark, const Html& text) {
  if (mark == Mark::Same) return text;
  return markup(
      "<span class=\"count sign-{}\"><span aria-hidden=\"true\">{}</span><span class=\"unseen\">{} "
      "</span></span> {}",
      key_of(mark), sign_of(mark), word_of(mark), text);
}

Html references(const Diagram& diagram, std::size_t table) {
  Html items;
  for (const DiagramLink& link : diagram.links) {
    if (link.from != table) continue;
    items += markup("<li>{}</li>",
                    marked(link.mark, markup("{} → <a href=\"#table-{}\">{}</a>", name(link.column),
                                             link.to, name(diagram.tables[link.to].name))));
  }
  return items.empty() ? markup("<span class=\"none\">–</span>") : markup("<ul>{}</ul>", items);
}

Html equal_table(const Diagram& diagram) {
  Html rows;
  for (std::size_t i = 0; i < diagram.tables.size(); ++i) {
    const DiagramTable& table = diagram.tables[i];
    Html columns;
    for (const DiagramColumn& column : table.columns)
      columns += markup("<li>{} <span class=\"kind\">{}{}</span></li>",
                        marked(column.mark, name(column.name)),
                        column.detail.empty() ? column.type : column.detail,
                        column.key && column.detail.empty() ? ", primary key" : "");
    if (table.others > 0) columns += markup("<li class=\"hint\">{} more</li>", table.others);
    rows += markup(
        "<tr id=\"table-{}\"><th scope=\"row\">{}</th><td data-label=\"Change\">{}</td><td "
        "data-label=\"Columns\">{}</td><td data-label=\"Refers to\">{}</td></tr>",
        i, name(table.name),
        table.mark == Mark::Same ? markup("<span class=\"none\">none</span>")
                                 : marked(table.mark, markup("{}", word_of(table.mark))),
        columns.empty() ? markup("<span class=\"none\">–</span>") : markup("<ul>{}</ul>", columns),
        references(diagram, i));
  }
  return markup(
      "<table class=\"entities\"><caption class=\"unseen\">The tables of the "
      "diagram</caption><thead><tr><th "
      "scope=\"col\">Table</th><th scope=\"col\">Change</th><th scope=\"col\">Columns</th><th "
      "scope=\"col\">Refers to</th></tr></thead><tbody>{}</tbody></table>",
      rows);
}

/// Only of the marks that are there.
Html legend(const Diagram& diagram) {
  std::array<bool, 5> used{};
  const auto use = [&](Mark mark) { used.at(static_cast<std::size_t>(mark)) = true; };
  for (const DiagramTable& table : diagram.tables) {
    use(table.mark);
    for (const DiagramColumn& column : table.columns) use(column.mark);
  }
  for (const DiagramLink& link : diagram.links) use(link.mark);
  Html items;
  for (std::size_t i = 1; i < used.size(); ++i) {
    const auto mark = static_cast<Mark>(i);
    if (used.at(i)) items += markup("<li>{}</li>", marked(mark, markup("{}", word_of(mark))));
  }
  return markup("<ul class=\"legend\" aria-label=\"Signs\">{}</ul>", items);
}

}  // namespace

std::string diagram_page(const DiagramView& view, const Viewer& viewer) {
  Diagram diagram;
  if (view.report != nullptr) diagram = diagram_of(view.report->plan, view.schema);
  if (diagram.tables.empty()) {
    return target_document(
        Tab::Diagram, view.target,
        empty(
            markup("No table changes"),
            markup("The diagram shows what the snapshot of a plan changes. <a href=\"{}\">Show the "
                   "plan</a>",
                   target_path(view.target.status.target))),
        viewer);
  }
  const std::size_t neighbours =
      static_cast<std::size_t>(std::ranges::count(diagram.tables, true, &DiagramTable::neighbour));
  Html content = markup(
      "<div class=\"plan-head\"><h2>{} {}</h2>{}<p class=\"hint\">{}</p></div>",
      counted(diagram.tables.size() - neighbours, "table", "tables"), "touched", legend(diagram),
      neighbours == 0 ? std::string()
                      : "with " + counted(neighbours, "table", "tables") + " one reference away");
  if (diagram.tables.size() <= most_tables) {
    content += diagram_svg(diagram, lay_out(diagram));
  } else {
    content += markup(
        "<p class=\"notice is-paused\">{} are too many for a drawing that helps; the "
        "table below has them all.</p>",
        counted(diagram.tables.size(), "table", "tables"));
  }
  return target_document(Tab::Diagram, view.target, content + equal_table(diagram), viewer);
}

}  // namespace reconcile::dashboard
