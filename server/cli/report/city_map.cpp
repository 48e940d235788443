#include "server/cli/report/city_map.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "server/cli/report/html.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli::report {
namespace {

constexpr double kSize = 1000;  // the longer side of the drawing, in its units
constexpr double kMargin = 16;
constexpr double kTallest = 0.9;                                              // of the width
constexpr double kMetresPerStep = 6371008.8 * std::numbers::pi / 180 * 1e-7;  // of latitude; the Earth's mean radius
constexpr double kTextSize = 26;

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
  double units_per_m() const { return scale_ / kMetresPerStep; }

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

// A length of 1, 2 or 5 times a power of ten that is about a fifth of the width.
std::string scale_bar(const Frame& frame) {
  const double wanted = frame.width() / 5 / frame.units_per_m();
  double length = std::pow(10, std::floor(std::log10(wanted)));
  for (const double step : {5.0, 2.0}) {
    if (length * step <= wanted) {
      length *= step;
      break;
    }
  }
  const std::string left = fixed(kMargin, 0), right = fixed(kMargin + length * frame.units_per_m(), 0);
  const double y = frame.height() - kMargin;
  const std::string words = length >= 1000 ? fixed(length / 1000, 0) + " 公里 km" : fixed(length, 0) + " 米 m";
  return "<path class=\"scale\" d=\"M" + left + " " + fixed(y - 10, 0) + "V" + fixed(y, 0) + "H" + right + "V" +
         fixed(y - 10, 0) + "\"/><text class=\"mark\" x=\"" + left + "\" y=\"" + fixed(y - 16, 0) + "\">" + words +
         "</text>\n";
}

std::string north_arrow(const Frame& frame) {
  const std::string x = fixed(frame.width() - kMargin - 14, 0);
  return "<g aria-hidden=\"true\"><path class=\"north\" d=\"M" + x + " " + fixed(kMargin, 0) +
         "l14 40l-14 -9l-14 9z\"/><text class=\"mark\" text-anchor=\"middle\" x=\"" + x + "\" y=\"" +
         fixed(kMargin + 64, 0) + "\">北 N</text></g>\n";
}

struct Rectangle {
  double left = 0, top = 0, right = 0, bottom = 0;
  bool meets(const Rectangle& b) const { return left < b.right && b.left < right && top < b.bottom && b.top < bottom; }
};

// About how wide a name is written: a Chinese character is as wide as it is high, others half as wide.
double width_of(const std::string& text) {
  double width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) width += 0.56 * kTextSize;
    if (byte >= 0xC0) width += byte >= 0xE0 ? kTextSize : 0.56 * kTextSize;
  }
  return width;
}

// Names beside their points, where they neither leave the drawing nor cover what is written already.
class NamePlacer {
 public:
  NamePlacer(const Frame& frame, const std::vector<MapPoint>& points) : frame_(frame) {
    taken_.push_back({frame.width() - 60, 0, frame.width(), 90});                        // the north arrow
    taken_.push_back({0, frame.height() - 60, frame.width() / 4 + 40, frame.height()});  // the scale bar
    for (const MapPoint& p : points) {
      if (p.label.empty() && p.name.empty()) continue;
      const Place at = frame.at(p.position);
      const double r = p.label.empty() ? 7 : 19;
      const auto x = static_cast<double>(at.x), y = static_cast<double>(at.y);
      taken_.push_back({x - r, y - r, x + r, y + r});
    }
  }

  std::string write(const MapPoint& point) {
    const Place at = frame_.at(point.position);
    const double wide = width_of(point.name), r = point.label.empty() ? 10 : 22;
    const auto x = static_cast<double>(at.x), y = static_cast<double>(at.y);
    const double half = kTextSize / 2;
    const Rectangle tries[] = {{x + r, y - half, x + r + wide, y + half},
                               {x - r - wide, y - half, x - r, y + half},
                               {x - wide / 2, y - r - kTextSize, x + wide / 2, y - r},
                               {x - wide / 2, y + r, x + wide / 2, y + r + kTextSize}};
    for (const Rectangle& box : tries) {
      const bool inside =
          box.left >= 2 && box.top >= 2 && box.right <= frame_.width() - 2 && box.bottom <= frame_.height() - 2;
      if (!inside || std::ranges::any_of(taken_, [&](const Rectangle& t) { return t.meets(box); })) continue;
      taken_.push_back(box);
      return "<text class=\"mark name\" x=\"" + fixed(box.left, 0) + "\" y=\"" + fixed(box.bottom - 4, 0) + "\">" +
             escape(point.name) + "</text>\n";
    }
    return {};
  }

 private:
  const Frame& frame_;
  std::vector<Rectangle> taken_;
};

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
  for (const MapArea& a : areas) box.extend(geo::bounding_box(*a.shape));
  for (const MapPoint& p : points) box.extend(p.position);
  if (box.empty()) return {};
  const Frame frame(box);
  std::string out = "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + escape(title) +
                    "\"><svg class=\"map\" viewBox=\"0 0 " + fixed(frame.width(), 0) + " " + fixed(frame.height(), 0) +
                    "\" role=\"img\" aria-label=\"" + escape(title) + "\">\n";
  for (const MapArea& a : areas) {
    const std::string path = path_of(frame, *a.shape);
    if (path.empty()) continue;
    out += "<path class=\"" + a.look + "\" d=\"" + path + "\"><title>" + escape(a.title) + "</title></path>\n";
  }
  for (const MapPoint& p : points) {
    if (p.label.empty()) out += mark(frame, p);
  }
  for (const MapPoint& p : points) {
    if (!p.label.empty()) out += mark(frame, p);
  }
  NamePlacer names(frame, points);
  for (const MapPoint& p : points) {
    if (!p.name.empty()) out += names.write(p);
  }
  return out + scale_bar(frame) + north_arrow(frame) + "</svg></div>\n";
}

}  // namespace catchment::cli::report
