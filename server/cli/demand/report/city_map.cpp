#include "server/cli/demand/report/city_map.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "server/cli/demand/report/html.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli::report {
namespace {

constexpr double kSize = 1000;  // the longer side of the drawing, in its units
constexpr double kMargin = 16;
constexpr double kTallest = 0.9;  // of the width

struct Place {
  long x = 0, y = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

class Frame {
 public:
  explicit Frame(const geo::Box& box) : box_(box) {
    const double middle = geo::to_degrees({0, (box.min.lat / 2 + box.max.lat / 2)}).lat;
    narrow_ = std::cos(middle * std::numbers::pi / 180);
    const double wide = std::max(1.0, (static_cast<double>(box.max.lon) - box.min.lon) * narrow_);
    const double tall = std::max(1.0, static_cast<double>(box.max.lat) - box.min.lat);
    scale_ = std::min((kSize - 2 * kMargin) / wide, (kSize * kTallest - 2 * kMargin) / tall);
    width_ = std::ceil(wide * scale_ + 2 * kMargin), height_ = std::ceil(tall * scale_ + 2 * kMargin);
  }

  Place at(geo::Point p) const {
    return {std::lround(kMargin + (static_cast<double>(p.lon) - box_.min.lon) * narrow_ * scale_),
            std::lround(kMargin + (static_cast<double>(box_.max.lat) - p.lat) * scale_)};
  }
  double width() const { return width_; }
  double height() const { return height_; }

 private:
  geo::Box box_;
  double narrow_ = 1, scale_ = 1, width_ = 1, height_ = 1;
};

// Without points that repeat the last or lie on a straight line.
std::vector<Place> thinned(const Frame& frame, const geo::Ring& ring) {
  std::vector<Place> out;
  for (const geo::Point p : ring) {
    const Place next = frame.at(p);
    if (!out.empty() && out.back() == next) continue;
    if (out.size() >= 2) {
      const Place a = out[out.size() - 2], b = out.back();
      const bool straight = (b.x - a.x) * (next.y - b.y) == (b.y - a.y) * (next.x - b.x) &&
                            (b.x - a.x) * (next.x - b.x) + (b.y - a.y) * (next.y - b.y) > 0;
      if (straight) out.pop_back();
    }
    out.push_back(next);
  }
  if (out.size() > 1 && out.front() == out.back()) out.pop_back();
  return out;
}

std::string path_of(const Frame& frame, const geo::MultiPolygon& shape) {
  std::string path;
  geo::for_each_ring(shape, [&](const geo::Ring& ring) {
    const std::vector<Place> places = thinned(frame, ring);
    if (places.size() < 3) return;
    path += "M" + std::to_string(places[0].x) + " " + std::to_string(places[0].y) + "l";
    for (std::size_t i = 1; i < places.size(); ++i) {
      const long dx = places[i].x - places[i - 1].x, dy = places[i].y - places[i - 1].y;
      path += (i > 1 && dx >= 0 ? " " : "") + std::to_string(dx) + (dy >= 0 ? " " : "") + std::to_string(dy);
    }
    path += "z";
  });
  return path;
}

std::string mark(const Frame& frame, const MapPoint& point) {
  const Place p = frame.at(point.position);
  const std::string x = std::to_string(p.x), y = std::to_string(p.y);
  const std::string title = "<title>" + escape(point.title) + "</title>";
  if (point.label.empty()) {
    return "<circle class=\"dot\" cx=\"" + x + "\" cy=\"" + y + "\" r=\"5\">" + title + "</circle>\n";
  }
  return "<g class=\"pin\">" + title + "<circle cx=\"" + x + "\" cy=\"" + y + "\" r=\"18\"/><text x=\"" + x +
         "\" y=\"" + std::to_string(p.y + 8) + "\" text-anchor=\"middle\">" + escape(point.label) + "</text></g>\n";
}

}  // namespace

std::string city_map(const std::string& title, const std::vector<MapArea>& areas, const std::vector<MapPoint>& points) {
  geo::Box box;
  for (const MapArea& a : areas) box.extend(geo::bounding_box(a.area->shape));
  for (const MapPoint& p : points) box.extend(p.position);
  if (box.empty()) return {};
  const Frame frame(box);
  std::string out = "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + escape(title) +
                    "\"><svg class=\"map\" viewBox=\"0 0 " + fixed(frame.width(), 0) + " " + fixed(frame.height(), 0) +
                    "\" role=\"img\" aria-label=\"" + escape(title) + "\">\n";
  for (const MapArea& a : areas) {
    const std::string path = path_of(frame, a.area->shape);
    if (path.empty()) continue;
    out += "<path class=\"" + a.look + "\" d=\"" + path + "\"><title>" + escape(a.title) + "</title></path>\n";
  }
  for (const MapPoint& p : points) {
    if (p.label.empty()) out += mark(frame, p);
  }
  for (const MapPoint& p : points) {
    if (!p.label.empty()) out += mark(frame, p);
  }
  return out + "</svg></div>\n";
}

}  // namespace catchment::cli::report
