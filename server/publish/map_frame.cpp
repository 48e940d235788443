#include "server/publish/map_frame.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

namespace catchment::publish {
namespace {

constexpr double kMetresPerUnit = 6371008.8 * std::numbers::pi / 180 * 1e-7;  // of latitude; the Earth's mean radius
constexpr double kPointsPerMetre = 72 / 0.0254;                               // of paper

using namespace map_colours;

constexpr std::array kRoundScales{1000,   2000,   2500,   4000,   5000,   7500,    10000,   12500,  15000,  20000,
                                  25000,  30000,  40000,  50000,  60000,  75000,   100000,  125000, 150000, 200000,
                                  250000, 300000, 400000, 500000, 750000, 1000000, 2000000, 5000000};

std::vector<Spot> path_on(const MapScale& scale, const std::vector<geo::Point>& points) {
  std::vector<Spot> out;
  for (const geo::Point p : points) {
    const Spot s = scale.at(p);
    if (!out.empty() && std::hypot(s.x - out.back().x, s.y - out.back().y) < 0.05) continue;
    out.push_back(s);
  }
  return out;
}

std::vector<std::vector<Spot>> rings_on(const MapScale& scale, const geo::MultiPolygon& shape) {
  std::vector<std::vector<Spot>> rings;
  geo::for_each_ring(shape, [&](const geo::Ring& ring) { rings.push_back(path_on(scale, ring)); });
  return rings;
}

bool covers(const std::vector<std::vector<Spot>>& rings, Spot p) {
  bool odd = false;
  for (const auto& ring : rings) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Spot a = ring[i], b = ring[i + 1 == ring.size() ? 0 : i + 1];
      if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) * (b.x - a.x) / (b.y - a.y)) odd = !odd;
    }
  }
  return odd;
}

bool is_of(const engine::Zone& zone, const std::string& school) {
  return std::ranges::find(zone.school_ids, school) != zone.school_ids.end();
}

// What is written already, so that names do not lie upon each other.
class TakenAreas {
 public:
  explicit TakenAreas(const Area& within) : within_(within) {}
  bool is_free(const Area& area) const {
    return within_.holds(area) && std::ranges::none_of(taken_, [&](const Area& t) { return t.meets(area); });
  }
  void take(const Area& area) { taken_.push_back(area); }
  bool try_take(const Area& area) {
    if (!is_free(area)) return false;
    take(area);
    return true;
  }

 private:
  Area within_;
  std::vector<Area> taken_;
};

Area moved(Area area, double x, double y) {
  area.x = x, area.y = y;
  return area;
}

// A sheet's map in the order it is drawn.
class MapDrawing {
 public:
  MapDrawing(Canvas& canvas, const MapContent& content, const MapScale& scale, const Area& area)
      : canvas_(canvas),
        c_(content),
        scale_(scale),
        area_(area),
        taken_({area.x + 2, area.y + 2, area.w - 4, area.h - 4}) {
    for (const engine::Zone& zone : c_.layer->zones) rings_.push_back(rings_on(scale, zone.shape));
  }

  void draw() {
    canvas_.clip(area_, [&] {
      canvas_.fill(area_, 0xf6f4ec);
      zones();
      waters();
      streets();
      rails();
      borders();
      schools();
      names();
    });
  }

 private:
  bool of_school() const { return !c_.school.empty(); }

  void zones() {
    for (std::size_t i = 0; i < rings_.size(); ++i) {
      const bool own = of_school() && is_of(c_.layer->zones[i], c_.school);
      const double opacity = of_school() && !own ? 0.5 : 1;
      canvas_.fill(rings_[i], own ? kOwnZone : zone_colour((*c_.colours)[i]), opacity);
    }
  }

  void lines(const std::vector<engine::Line>& list, const std::string& kind, const Stroke& stroke) {
    for (const engine::Line& line : list) {
      if (line.kind == kind) canvas_.stroke(path_on(scale_, line.shape), false, stroke);
    }
  }

  void waters() { lines(c_.ground->barriers, "river", {of_school() ? 4.5 : 3.0, kWater}); }

  void streets() {
    struct Way {
      const char* kind;
      double width;
    };
    const std::vector<Way> ways = of_school()
                                      ? std::vector<Way>{{"residential", 1.5}, {"secondary", 2.8}, {"trunk", 4.2}}
                                      : std::vector<Way>{{"secondary", 1.1}, {"trunk", 1.9}};
    for (const Way& way : ways) lines(c_.ground->streets, way.kind, {way.width + 0.9, kCasing});
    for (const Way& way : ways) lines(c_.ground->streets, way.kind, {way.width, kStreet});
  }

  void rails() {
    lines(c_.ground->barriers, "rail", {2.0, kRail});
    lines(c_.ground->barriers, "rail", {1.0, kStreet, {5, 5}});
  }

  void borders() {
    for (std::size_t i = 0; i < rings_.size(); ++i) {
      for (const auto& ring : rings_[i]) canvas_.stroke(ring, true, {of_school() ? 1.0 : 0.9, kLine, {7, 2, 1.5, 2}});
    }
    for (std::size_t i = 0; of_school() && i < rings_.size(); ++i) {
      if (!is_of(c_.layer->zones[i], c_.school)) continue;
      for (const auto& ring : rings_[i]) canvas_.stroke(ring, true, {2.6, kOwn});
    }
  }

  std::string number_of(const std::string& school) const {
    const auto at = std::ranges::find(c_.numbered, school);
    return at == c_.numbered.end() ? "" : std::to_string(at - c_.numbered.begin() + 1);
  }

  // Symbols first, then names beside them; the sheet's own school before all others.
  void schools() {
    struct Mark {
      Spot at;
      std::string name, number;
      bool own = false;
      double radius = 3;
    };
    std::vector<Mark> marks;
    for (const auto& [id, school] : c_.city->schools) {
      if (school.status == "closed" || std::ranges::find(school.stages, c_.layer->key.stage) == school.stages.end())
        continue;
      const auto campuses = c_.city->campuses.find(id);
      if (campuses == c_.city->campuses.end()) continue;
      for (const engine::Campus& campus : campuses->second) {
        const Spot at = scale_.at(campus.position);
        if (!Area{area_.x + 6, area_.y + 6, area_.w - 12, area_.h - 12}.holds({at.x, at.y, 0, 0})) continue;
        const bool several = campuses->second.size() > 1 && !campus.name.empty();
        const std::string number = of_school() ? "" : number_of(id);
        marks.push_back({at, several && of_school() ? campus.name : school.name, number, id == c_.school,
                         id == c_.school  ? 5.5
                         : number.empty() ? 3.0
                                          : 6.6});
      }
    }
    std::ranges::stable_sort(marks, std::greater(), &Mark::own);
    for (const Mark& m : marks) {
      canvas_.circle(m.at, m.radius, m.own ? kOwn : 0xffffff, {m.own ? 1.6 : 1.2, m.own ? 0xffffffu : kInk});
      if (!m.number.empty()) {
        canvas_.turned_text(m.at, 0, m.number, {m.number.size() > 2 ? 6.0 : 7.5, true, Face::sans, kInk});
      }
      taken_.take({m.at.x - m.radius - 1, m.at.y - m.radius - 1, 2 * m.radius + 2, 2 * m.radius + 2});
    }
    for (const Mark& m : marks) {
      const TextStyle style{
          m.own ? 11.0 : of_school() ? 8.0 : 7.0, m.own, Face::sans, m.own ? kOwn : kInk, Align::left, 1.4};
      beside(m.at, m.radius + 2, m.name, style);
    }
  }

  void beside(Spot at, double gap, const std::string& text, const TextStyle& style) {
    const Area size = canvas_.measure(text, style);
    const Area tries[]{moved(size, at.x + gap, at.y - size.h / 2), moved(size, at.x - gap - size.w, at.y - size.h / 2),
                       moved(size, at.x - size.w / 2, at.y + gap - 2),
                       moved(size, at.x - size.w / 2, at.y - gap - size.h + 2)};
    for (const Area& area : tries) {
      if (!taken_.try_take(area)) continue;
      canvas_.text({area.x, area.y}, text, style);
      return;
    }
  }

  void names() {
    if (of_school()) {
      neighbours();
      line_names(c_.ground->streets, "trunk", 8.0, 0x5d5647);
      line_names(c_.ground->barriers, "river", 8.5, 0x2f6f92);
      line_names(c_.ground->barriers, "rail", 7.5, 0x555555);
      line_names(c_.ground->streets, "secondary", 7.5, 0x5d5647);
      line_names(c_.ground->streets, "residential", 6.6, 0x6d675a);
    } else {
      line_names(c_.ground->barriers, "river", 9, 0x2f6f92);
      line_names(c_.ground->streets, "trunk", 7, 0x6d675a);
    }
  }

  // Each other zone in sight by its name, in the middle of what is in sight of it.
  void neighbours() {
    constexpr int kGrid = 28;
    for (std::size_t i = 0; i < rings_.size(); ++i) {
      const engine::Zone& zone = c_.layer->zones[i];
      if (is_of(zone, c_.school)) continue;
      std::vector<Spot> inside;
      Spot sum;
      for (int n = 0; n < kGrid * kGrid; ++n) {
        const Spot p{area_.x + area_.w * (n % kGrid + 0.5) / kGrid, area_.y + area_.h * (n / kGrid + 0.5) / kGrid};
        if (!covers(rings_[i], p)) continue;
        inside.push_back(p), sum.x += p.x, sum.y += p.y;
      }
      if (inside.empty()) continue;
      const Spot middle{sum.x / static_cast<double>(inside.size()), sum.y / static_cast<double>(inside.size())};
      std::ranges::stable_sort(inside, std::less(), [&](Spot p) { return std::hypot(p.x - middle.x, p.y - middle.y); });
      const TextStyle style{9, false, Face::serif, 0x6a4a3a, Align::left, 1.4};
      const std::string text = c_.city->zone_label(zone);
      const Area size = canvas_.measure(text, style);
      for (const Spot p : inside) {
        const Area area = moved(size, p.x - size.w / 2, p.y - size.h / 2);
        if (!taken_.try_take(area)) continue;
        canvas_.text({area.x, area.y}, text, style);
        break;
      }
    }
  }

  // Each name once, along the longest straight stretch in sight that it fits.
  void line_names(const std::vector<engine::Line>& list, const std::string& kind, double size, std::uint32_t colour) {
    struct Stretch {
      double length = 0, angle = 0;
      Spot middle;
    };
    std::map<std::string, std::vector<Stretch>> stretches;
    for (const engine::Line& line : list) {
      if (line.kind != kind || line.name.empty() || named_.contains(line.name)) continue;
      const std::vector<Spot> path = path_on(scale_, line.shape);
      for (std::size_t i = 1; i < path.size(); ++i) {
        const Spot a = path[i - 1], b = path[i];
        const Spot middle{(a.x + b.x) / 2, (a.y + b.y) / 2};
        if (!area_.holds({middle.x, middle.y, 0, 0})) continue;
        double angle = std::atan2(b.y - a.y, b.x - a.x);
        if (angle > std::numbers::pi / 2) angle -= std::numbers::pi;
        if (angle <= -std::numbers::pi / 2) angle += std::numbers::pi;
        stretches[line.name].push_back({std::hypot(b.x - a.x, b.y - a.y), angle, middle});
      }
    }
    const TextStyle style{size, false, Face::sans, colour, Align::left, 1.1};
    for (auto& [name, list_of] : stretches) {
      std::ranges::stable_sort(list_of, std::greater(), &Stretch::length);
      const Area text = canvas_.measure(name, style);
      for (const Stretch& s : list_of) {
        if (s.length < text.w * 0.7) break;
        const double w = std::abs(text.w * std::cos(s.angle)) + std::abs(text.h * std::sin(s.angle));
        const double h = std::abs(text.w * std::sin(s.angle)) + std::abs(text.h * std::cos(s.angle));
        if (!taken_.try_take({s.middle.x - w / 2, s.middle.y - h / 2, w, h})) continue;
        canvas_.turned_text(s.middle, s.angle, name, style);
        named_.insert(name);
        break;
      }
    }
  }

  Canvas& canvas_;
  const MapContent& c_;
  const MapScale& scale_;
  Area area_;
  TakenAreas taken_;
  std::vector<std::vector<std::vector<Spot>>> rings_;  // by zone
  std::set<std::string> named_;
};

}  // namespace

MapScale::MapScale(const geo::Box& box, const Area& area) : area_(area) {
  lon_ = (static_cast<double>(box.min.lon) + box.max.lon) / 2;
  lat_ = (static_cast<double>(box.min.lat) + box.max.lat) / 2;
  narrow_ = std::cos(lat_ * 1e-7 * std::numbers::pi / 180);
  const double wide_m = (static_cast<double>(box.max.lon) - box.min.lon) * narrow_ * kMetresPerUnit;
  const double tall_m = (static_cast<double>(box.max.lat) - box.min.lat) * kMetresPerUnit;
  denominator_ = kRoundScales.back();
  for (const int one_to : kRoundScales) {
    const double per_m = kPointsPerMetre / one_to;
    if (wide_m * per_m > area.w || tall_m * per_m > area.h) continue;
    denominator_ = one_to;
    break;
  }
  points_per_m_ = kPointsPerMetre / denominator_;
}

Spot MapScale::at(geo::Point p) const {
  return {area_.x + area_.w / 2 + (p.lon - lon_) * narrow_ * kMetresPerUnit * points_per_m_,
          area_.y + area_.h / 2 - (p.lat - lat_) * kMetresPerUnit * points_per_m_};
}

geo::Point MapScale::place(Spot spot) const {
  const double per_unit = kMetresPerUnit * points_per_m_;
  return {static_cast<std::int32_t>(std::lround(lon_ + (spot.x - area_.x - area_.w / 2) / per_unit / narrow_)),
          static_cast<std::int32_t>(std::lround(lat_ - (spot.y - area_.y - area_.h / 2) / per_unit))};
}

MapGround read_map_ground(const BundleCity& city) {
  MapGround ground{city.package.streets(), city.package.barriers()};
  for (auto* list : {&ground.streets, &ground.barriers}) {
    for (engine::Line& line : *list) line.name = city.hidden.shown(line.name);
  }
  return ground;
}

void draw_map(Canvas& canvas, const MapContent& content, const MapScale& scale, const Area& area) {
  MapDrawing(canvas, content, scale, area).draw();
  draw_frame(canvas, scale, area);
}

}  // namespace catchment::publish
