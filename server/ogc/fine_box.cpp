#include "server/ogc/fine_box.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace catchment::ogc {
namespace {

constexpr std::size_t kFanOut = 16;

// Positive if p is left of a -> b.
__int128 turn_of(FinePoint a, FinePoint b, FinePoint p) {
  return static_cast<__int128>(b.x - a.x) * (p.y - a.y) - static_cast<__int128>(b.y - a.y) * (p.x - a.x);
}

// Order of tiles: slices by x, each sorted by y.
std::vector<std::uint32_t> tiled_order(std::span<const FineBox> boxes) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < boxes.size(); ++i) {
    if (!boxes[i].empty()) order.push_back(i);
  }
  const auto by = [&](auto middle) {
    return [&boxes, middle](std::uint32_t a, std::uint32_t b) {
      const auto ma = middle(boxes[a]), mb = middle(boxes[b]);
      return ma != mb ? ma < mb : a < b;
    };
  };
  const auto by_x = by([](const FineBox& b) { return b.min.x + b.max.x; });
  const auto by_y = by([](const FineBox& b) { return b.min.y + b.max.y; });
  std::sort(order.begin(), order.end(), by_x);
  const double leaves = std::ceil(static_cast<double>(order.size()) / static_cast<double>(kFanOut));
  const auto slice = static_cast<std::size_t>(std::ceil(std::sqrt(std::max(leaves, 1.0)))) * kFanOut;
  for (std::size_t i = 0; i < order.size(); i += slice) {
    const auto first = order.begin() + static_cast<std::ptrdiff_t>(i);
    std::sort(first, order.begin() + static_cast<std::ptrdiff_t>(std::min(i + slice, order.size())), by_y);
  }
  return order;
}

}  // namespace

bool touches(FinePoint a, FinePoint b, const FineBox& box) {
  if (box.contains(a) || box.contains(b)) return true;
  if (std::max(a.x, b.x) < box.min.x || std::min(a.x, b.x) > box.max.x || std::max(a.y, b.y) < box.min.y ||
      std::min(a.y, b.y) > box.max.y)
    return false;
  // The last axis that could part them is the segment's own normal.
  bool left = false, right = false;
  for (const FinePoint corner : {box.min, FinePoint{box.max.x, box.min.y}, box.max, FinePoint{box.min.x, box.max.y}}) {
    const __int128 turn = turn_of(a, b, corner);
    left |= turn >= 0;
    right |= turn <= 0;
  }
  return left && right;
}

void BoxTouch::add_vertex(FinePoint p) {
  if (started_) {
    add_edge(last_, p);
  } else {
    first_ = p;
    started_ = true;
  }
  last_ = p;
}

void BoxTouch::end_ring() {
  if (started_) add_edge(last_, first_);
  started_ = false;
}

void BoxTouch::add_edge(FinePoint a, FinePoint b) {
  if (touched_) return;
  touched_ = touches(a, b, box_);
  if (a.y > b.y) std::swap(a, b);
  if (a.y <= box_.min.y && box_.min.y < b.y && turn_of(a, b, box_.min) > 0) corner_inside_ = !corner_inside_;
}

BoxTree::BoxTree(std::span<const FineBox> boxes) : items_(tiled_order(boxes)) {
  if (items_.empty()) return;
  for (const std::uint32_t item : items_) boxes_.push_back(boxes[item]);
  const auto add_level = [&](std::size_t begin, std::size_t end, bool leaf) {
    for (std::size_t i = begin; i < end; i += kFanOut) {
      Node node{{}, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(std::min(kFanOut, end - i)), leaf};
      for (std::size_t k = i; k < i + node.count; ++k) node.box.extend(leaf ? boxes_[k] : nodes_[k].box);
      nodes_.push_back(node);
    }
  };
  add_level(0, items_.size(), true);
  for (std::size_t begin = 0, end = nodes_.size(); end - begin > 1; begin = end, end = nodes_.size())
    add_level(begin, end, false);
}

std::vector<std::uint32_t> BoxTree::find(const FineBox& box) const {
  std::vector<std::uint32_t> out;
  if (!nodes_.empty()) find(nodes_.back(), box, out);
  std::sort(out.begin(), out.end());
  return out;
}

void BoxTree::find(const Node& node, const FineBox& box, std::vector<std::uint32_t>& out) const {
  if (!node.box.intersects(box)) return;
  for (std::size_t k = node.first; k < std::size_t{node.first} + node.count; ++k) {
    if (!node.leaf) {
      find(nodes_[k], box, out);
    } else if (boxes_[k].intersects(box)) {
      out.push_back(items_[k]);
    }
  }
}

}  // namespace catchment::ogc
