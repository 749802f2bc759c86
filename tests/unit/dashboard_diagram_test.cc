#include <gtest/gtest.h>

#include <random>

#include "controller/dashboard/diagram_layout.h"
#include "tests/browser/fixtures.h"

namespace reconcile::dashboard {
namespace {

TEST(DashboardDiagram, ShowsWhatChangesAndOneReferenceBeyond) {
  const PassReport report = test::held_report();
  const Diagram diagram = diagram_of(report.plan, test::usual_schema());
  std::vector<std::string> names;
  for (const DiagramTable& table : diagram.tables)
    names.push_back((table.neighbour ? "(" : "") + table.name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"entries", "(events", "invoices", "(members", "(payments"}));
  const DiagramTable& entries = diagram.tables[0];
  EXPECT_EQ(entries.mark, Mark::Changed);
  EXPECT_EQ(entries.others, 3U);
  std::string columns;
  for (const DiagramColumn& column : entries.columns)
    columns += column.name + ":" + column.type + (column.mark == Mark::Removed ? "- " : " ");
  EXPECT_EQ(
      columns,
      "id:integer event:integer member:integer total:numeric customer:integer legacy_ref:text- ");
  EXPECT_EQ(diagram.links.size(), 5U);
}

TEST(DashboardDiagram, OfThePlanAlone) {
  const Diagram diagram = diagram_of(test::held_report().plan, {});
  ASSERT_EQ(diagram.tables.size(), 3U);
  EXPECT_EQ(diagram.tables[2].name, "members");
  EXPECT_TRUE(diagram.tables[2].neighbour);
  EXPECT_TRUE(diagram_of(Plan(), test::usual_schema()).tables.empty());
}

bool overlap(const Box& a, const Box& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/// Whether a straight piece of a link enters a box.
bool enters(const Point& a, const Point& b, const Box& box) {
  const auto [left, right] = std::minmax(a.x, b.x);
  if (right <= box.x || left >= box.x + box.width) return false;
  const auto [top, bottom] = std::minmax(a.y, b.y);
  return bottom > box.y && top < box.y + box.height;
}

void expect_clear(const Diagram& diagram, const Layout& layout) {
  for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
    const Box& box = layout.boxes[i];
    EXPECT_TRUE(box.x >= 0 && box.y >= 0 && box.x + box.width <= layout.width &&
                box.y + box.height <= layout.height);
    for (std::size_t k = 0; k < i; ++k)
      EXPECT_FALSE(overlap(box, layout.boxes[k])) << i << " " << k;
    for (std::size_t link = 0; link < layout.routes.size(); ++link) {
      const std::vector<Point>& route = layout.routes[link];
      for (std::size_t p = 1; p < route.size(); ++p) {
        EXPECT_FALSE(enters(route[p - 1], route[p], box))
            << diagram.tables[i].name << " is crossed by link " << link;
      }
    }
  }
}

TEST(DashboardDiagram, LinksGoAroundTables) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    Diagram diagram;
    const std::size_t tables = 1 + random() % 14;
    for (std::size_t i = 0; i < tables; ++i) {
      DiagramTable table;
      table.name = "t" + std::to_string(i);
      for (std::size_t c = random() % 5; c > 0; --c)
        table.columns.push_back({"c" + std::to_string(c), "integer", false, Mark::Same, ""});
      diagram.tables.push_back(table);
    }
    // Circles and references to oneself among them.
    for (std::size_t i = random() % (2 * tables); i > 0; --i)
      diagram.links.push_back({random() % tables, random() % tables, "c1", Mark::Same});
    const Layout layout = lay_out(diagram);
    ASSERT_EQ(layout.routes.size(), diagram.links.size());
    expect_clear(diagram, layout);
    const Layout again = lay_out(diagram);
    EXPECT_EQ(layout.boxes, again.boxes);
    EXPECT_EQ(layout.routes, again.routes);
    if (HasFailure()) return;
  }
}

TEST(DashboardDiagram, WhoRefersStandsLeft) {
  const Diagram diagram = diagram_of(test::held_report().plan, test::usual_schema());
  const Layout layout = lay_out(diagram);
  for (const DiagramLink& link : diagram.links)
    EXPECT_LT(layout.boxes[link.from].x, layout.boxes[link.to].x);
}

}  // namespace
}  // namespace reconcile::dashboard
