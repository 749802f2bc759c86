#include "controller/dashboard/diagram_layout.h"

#include <algorithm>
#include <numeric>

namespace reconcile::dashboard {
namespace {

constexpr int column_gap = 96;
constexpr int row_gap = 26;
constexpr int lane_height = 12;  ///< of a link that passes a column
constexpr int margin = 12;

/// A table, or the place where a long link passes a column.
struct Node {
  std::size_t layer = 0;
  int height = 0;
  int y = 0;
  double weight = 0;  ///< the mean place of its neighbours
  std::vector<std::size_t> left = {}, right = {};
};

int height_of(const DiagramTable& table) {
  const auto rows = static_cast<int>(table.columns.size()) + (table.others > 0 ? 1 : 0);
  return head_height + rows * row_height + (rows > 0 ? 8 : 0);
}

class Layers {
 public:
  explicit Layers(const Diagram& diagram) : diagram_(diagram) {
    for (const DiagramTable& table : diagram.tables) {
      Node node;
      node.height = height_of(table);
      nodes_.push_back(node);
    }
    find_backward();
    assign_layers();
    add_lanes();
    order();
    place();
  }

  Layout layout() const {
    Layout made;
    for (std::size_t i = 0; i < diagram_.tables.size(); ++i) {
      const Node& node = nodes_[i];
      made.boxes.push_back({x_of(node.layer), node.y, box_width, node.height});
      made.width = std::max(made.width, x_of(node.layer) + box_width + margin);
      made.height = std::max(made.height, node.y + node.height + margin);
    }
    for (std::size_t i = 0; i < diagram_.links.size(); ++i) made.routes.push_back(route(i));
    // A table that refers to itself has a loop at its right.
    made.width += 24;
    return made;
  }

 private:
  static int x_of(std::size_t layer) {
    return margin + static_cast<int>(layer) * (box_width + column_gap);
  }
  bool loop(std::size_t link) const { return diagram_.links[link].from == diagram_.links[link].to; }
  /// The ends of a link from the left to the right.
  std::pair<std::size_t, std::size_t> ends(std::size_t link) const {
    const DiagramLink& one = diagram_.links[link];
    return backward_[link] ? std::pair(one.to, one.from) : std::pair(one.from, one.to);
  }

  /// Links that close a circle count the other way around.
  void find_backward() {
    backward_.assign(diagram_.links.size(), false);
    std::vector<int> state(diagram_.tables.size(), 0);
    for (std::size_t table = 0; table < state.size(); ++table) visit(table, state);
  }
  void visit(std::size_t table, std::vector<int>& state) {
    if (state[table] != 0) return;
    state[table] = 1;
    for (std::size_t i = 0; i < diagram_.links.size(); ++i) {
      const DiagramLink& link = diagram_.links[i];
      if (link.from != table || loop(i)) continue;
      if (state[link.to] == 1) {
        backward_[i] = true;
      } else {
        visit(link.to, state);
      }
    }
    state[table] = 2;
  }

  void assign_layers() {
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t i = 0; i < diagram_.links.size(); ++i) {
        if (loop(i)) continue;
        const auto [left, right] = ends(i);
        if (nodes_[right].layer > nodes_[left].layer) continue;
        nodes_[right].layer = nodes_[left].layer + 1;
        moved = true;
      }
    }
    pull_right();
    spread_unlinked();
  }
  /// What refers to one layer only stands right beside it.
  void pull_right() {
    for (std::size_t round = 0; round < nodes_.size(); ++round) {
      for (std::size_t table = 0; table < diagram_.tables.size(); ++table) {
        std::size_t nearest = nodes_.size() + 1;
        bool referred = false;
        for (std::size_t i = 0; i < diagram_.links.size(); ++i) {
          if (loop(i)) continue;
          const auto [left, right] = ends(i);
          if (left == table) nearest = std::min(nearest, nodes_[right].layer);
          referred = referred || right == table;
        }
        if (!referred && nearest <= nodes_.size() && nearest > 0) nodes_[table].layer = nearest - 1;
      }
    }
  }
  /// Tables without links fill up the layers that are least high.
  void spread_unlinked() {
    std::size_t layers = 1;
    std::vector<bool> linked(nodes_.size(), false);
    for (std::size_t i = 0; i < diagram_.links.size(); ++i) {
      if (loop(i)) continue;
      linked[diagram_.links[i].from] = linked[diagram_.links[i].to] = true;
    }
    for (const Node& node : nodes_) layers = std::max(layers, node.layer + 1);
    layers = std::max<std::size_t>(layers, std::min<std::size_t>(3, nodes_.size()));
    std::vector<int> heights(layers, 0);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (linked[i]) heights[nodes_[i].layer] += nodes_[i].height + row_gap;
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (linked[i]) continue;
      const auto least = std::ranges::min_element(heights);
      nodes_[i].layer = static_cast<std::size_t>(least - heights.begin());
      *least += nodes_[i].height + row_gap;
    }
  }

  void add_lanes() {
    lanes_.resize(diagram_.links.size());
    for (std::size_t i = 0; i < diagram_.links.size(); ++i) {
      if (loop(i)) continue;
      const auto [left, right] = ends(i);
      std::size_t before = left;
      for (std::size_t layer = nodes_[left].layer + 1; layer < nodes_[right].layer; ++layer) {
        Node lane;
        lane.layer = layer;
        lane.height = lane_height;
        nodes_.push_back(lane);
        lanes_[i].push_back(nodes_.size() - 1);
        join(before, nodes_.size() - 1);
        before = nodes_.size() - 1;
      }
      join(before, right);
    }
  }
  void join(std::size_t left, std::size_t right) {
    nodes_[left].right.push_back(right);
    nodes_[right].left.push_back(left);
  }

  /// Each layer by the mean place of its neighbours, to and fro.
  void order() {
    std::size_t count = 0;
    for (const Node& node : nodes_) count = std::max(count, node.layer + 1);
    layers_.resize(count);
    for (std::size_t i = 0; i < nodes_.size(); ++i) layers_[nodes_[i].layer].push_back(i);
    constexpr int sweeps = 4;
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      for (std::size_t layer = 1; layer < count; ++layer) sort_layer(layer, true);
      for (std::size_t layer = count; layer-- > 1;) sort_layer(layer - 1, false);
    }
  }
  void sort_layer(std::size_t layer, bool by_left) {
    std::vector<std::size_t> place(nodes_.size(), 0);
    for (const std::vector<std::size_t>& one : layers_) {
      for (std::size_t i = 0; i < one.size(); ++i) place[one[i]] = i;
    }
    for (const std::size_t i : layers_[layer]) {
      const std::vector<std::size_t>& next = by_left ? nodes_[i].left : nodes_[i].right;
      double sum = 0;
      for (const std::size_t neighbour : next) sum += static_cast<double>(place[neighbour]);
      nodes_[i].weight =
          next.empty() ? static_cast<double>(place[i]) : sum / static_cast<double>(next.size());
    }
    std::ranges::stable_sort(layers_[layer], {}, [&](std::size_t i) { return nodes_[i].weight; });
  }

  /// From top to bottom, each layer in the middle of the highest.
  void place() {
    std::vector<int> heights;
    for (const std::vector<std::size_t>& layer : layers_) {
      int height = 0;
      for (const std::size_t i : layer) height += nodes_[i].height + row_gap;
      heights.push_back(std::max(0, height - row_gap));
    }
    const int highest = heights.empty() ? 0 : std::ranges::max(heights);
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
      int y = margin + (highest - heights[layer]) / 2;
      for (const std::size_t i : layers_[layer]) {
        nodes_[i].y = y;
        y += nodes_[i].height + row_gap;
      }
    }
  }

  /// The row of the column that refers.
  int row_of(const DiagramLink& link) const {
    const DiagramTable& table = diagram_.tables[link.from];
    const auto at = std::ranges::find(table.columns, link.column, &DiagramColumn::name);
    const int y = nodes_[link.from].y;
    if (at == table.columns.end()) return y + head_height / 2;
    return y + head_height + 4 + static_cast<int>(at - table.columns.begin()) * row_height +
           row_height / 2;
  }

  std::vector<Point> route(std::size_t index) const {
    const DiagramLink& link = diagram_.links[index];
    const Node& from = nodes_[link.from];
    const Node& to = nodes_[link.to];
    const int begin = row_of(link);
    const int end = to.y + head_height / 2;
    if (loop(index)) {
      const int x = x_of(from.layer) + box_width;
      return {{x, begin}, {x + 20, begin}, {x + 20, end}, {x, end}};
    }
    std::vector<Point> points;
    const bool back = backward_[index];
    points.push_back({x_of(from.layer) + (back ? 0 : box_width), begin});
    std::vector<std::size_t> lanes = lanes_[index];
    if (back) std::ranges::reverse(lanes);
    for (const std::size_t i : lanes) {
      const int left = x_of(nodes_[i].layer);
      const int y = nodes_[i].y + nodes_[i].height / 2;
      points.push_back({back ? left + box_width : left, y});
      points.push_back({back ? left : left + box_width, y});
    }
    points.push_back({x_of(to.layer) + (back ? box_width : 0), end});
    return points;
  }

  const Diagram& diagram_;
  std::vector<Node> nodes_;
  std::vector<bool> backward_;
  std::vector<std::vector<std::size_t>> lanes_;   ///< of each link, from the left to the right
  std::vector<std::vector<std::size_t>> layers_;  ///< nodes from top to bottom
};

}  // namespace

Layout lay_out(const Diagram& diagram) { return Layers(diagram).layout(); }

}  // namespace reconcile::dashboard
