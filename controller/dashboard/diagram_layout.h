#pragma once

#include <string>
#include <vector>

#include "controller/dashboard/diagram_model.h"

namespace reconcile::dashboard {

/// Where things are, in pixels from the upper left corner.
struct Point {
  int x = 0, y = 0;
  bool operator==(const Point&) const = default;
};
struct Box {
  int x = 0, y = 0, width = 0, height = 0;
  bool operator==(const Box&) const = default;
};

struct Layout {
  std::vector<Box> boxes;  ///< of the tables
  std::vector<std::vector<Point>>
      routes;  ///< of the links: from the table that refers to the other
  int width = 0, height = 0;
};

/// Tables in columns, those that refer to the left of those they refer to; links go around boxes.
/// Equal diagrams are laid out equally.
Layout lay_out(const Diagram& diagram);

inline constexpr int box_width = 264;
inline constexpr int head_height = 34;
inline constexpr int row_height = 24;

}  // namespace reconcile::dashboard
