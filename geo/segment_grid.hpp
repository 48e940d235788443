// Which line pieces are near each other: a uniform grid of about one cell per piece. Internal to the soundness checks.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::geo {

struct Segment {
  Point a;
  Point b;
};

class SegmentGrid {
 public:
  // A piece is filed in every cell that comes within `reach` units of it.
  SegmentGrid(std::span<const Segment> segments, double reach) : reach_(reach + 1) {
    Box box;
    double total = 0;
    for (const Segment& s : segments) {
      box.extend(s.a);
      box.extend(s.b);
      total += std::fabs(static_cast<double>(s.b.lon) - s.a.lon) + std::fabs(static_cast<double>(s.b.lat) - s.a.lat);
    }
    if (box.empty()) return;
    origin_ = box.min;
    const double w = static_cast<double>(box.max.lon) - box.min.lon + 1;
    const double h = static_cast<double>(box.max.lat) - box.min.lat + 1;
    const auto count = static_cast<double>(segments.size());
    // Mean piece length, but no more than four cells a piece.
    cell_ = std::max({1.0, total / count, 4 * reach_, std::sqrt(w * h / (4 * count + 64))});
    columns_ = static_cast<std::int64_t>(w / cell_) + 1;
    rows_ = static_cast<std::int64_t>(h / cell_) + 1;
    file(segments);
  }

  std::size_t cell_count() const { return starts_.empty() ? 0 : starts_.size() - 1; }
  std::span<const std::uint32_t> cell(std::size_t c) const {
    return std::span(members_).subspan(starts_[c], starts_[c + 1] - starts_[c]);
  }
  // The pieces that may be within reach of p.
  std::span<const std::uint32_t> near(Point p) const {
    const auto column = static_cast<std::int64_t>((static_cast<double>(p.lon) - origin_.lon) / cell_);
    const auto row = static_cast<std::int64_t>((static_cast<double>(p.lat) - origin_.lat) / cell_);
    if (starts_.empty() || p.lon < origin_.lon || p.lat < origin_.lat || column >= columns_ || row >= rows_) return {};
    return cell(static_cast<std::size_t>(row * columns_ + column));
  }

 private:
  template <class Visit>
  void for_each_cell(const Segment& s, Visit&& visit) const {
    const double ax = static_cast<double>(s.a.lon) - origin_.lon;
    const double ay = static_cast<double>(s.a.lat) - origin_.lat;
    const double bx = static_cast<double>(s.b.lon) - origin_.lon;
    const double by = static_cast<double>(s.b.lat) - origin_.lat;
    const auto clamp = [&](double v, std::int64_t n) {
      return std::clamp(static_cast<std::int64_t>(std::floor(v / cell_)), std::int64_t{0}, n - 1);
    };
    for (std::int64_t r = clamp(std::min(ay, by) - reach_, rows_); r <= clamp(std::max(ay, by) + reach_, rows_); ++r) {
      double lo = std::min(ax, bx);
      double hi = std::max(ax, bx);
      if (ay != by) {  // the part of the piece within this row, widened by reach
        const double slope = (bx - ax) / (by - ay);
        const double row_lo = static_cast<double>(r) * cell_ - reach_;
        const double row_hi = static_cast<double>(r + 1) * cell_ + reach_;
        const double x0 = ax + (std::clamp(row_lo, std::min(ay, by), std::max(ay, by)) - ay) * slope;
        const double x1 = ax + (std::clamp(row_hi, std::min(ay, by), std::max(ay, by)) - ay) * slope;
        lo = std::min(x0, x1);
        hi = std::max(x0, x1);
      }
      for (std::int64_t c = clamp(lo - reach_, columns_); c <= clamp(hi + reach_, columns_); ++c) {
        visit(static_cast<std::size_t>(r * columns_ + c));
      }
    }
  }

  void file(std::span<const Segment> segments) {
    starts_.assign(static_cast<std::size_t>(columns_ * rows_) + 2, 0);
    for (const Segment& s : segments) for_each_cell(s, [&](std::size_t c) { ++starts_[c + 2]; });
    for (std::size_t c = 2; c < starts_.size(); ++c) starts_[c] += starts_[c - 1];
    members_.resize(starts_.back());
    for (std::uint32_t i = 0; i < segments.size(); ++i) {
      for_each_cell(segments[i], [&](std::size_t c) { members_[starts_[c + 1]++] = i; });
    }
    starts_.pop_back();
  }

  double reach_;
  double cell_ = 1;
  Point origin_;
  std::int64_t columns_ = 0;
  std::int64_t rows_ = 0;
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint32_t> members_;
};

}  // namespace catchment::geo
