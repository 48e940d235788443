#include "engine/zone_text/printing/print_areas.hpp"

#include <algorithm>

#include "geo/input_error.hpp"
#include "geo/topology.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr double kInside = 0.999;  // of an area's own square metres
constexpr double kMostly = 0.5;

// Whether the area's name means it and nothing else: a unit that bears the name of an estate is not meant by it.
bool is_clear(const Ground& ground, std::size_t area) {
  for (const std::size_t other : ground.find_areas(ground.areas()[area].name)) {
    if (other == area) continue;
    const bool settled = ground.areas()[area].place != geo::kNoName && ground.areas()[other].place == geo::kNoName;
    if (!settled) return false;
  }
  return true;
}

bool is_division(ItemKind kind) {
  return kind == ItemKind::district || kind == ItemKind::town || kind == ItemKind::community ||
         kind == ItemKind::village;
}

}  // namespace

AreaNamer::AreaNamer(const Ground& ground) : ground_(ground) {
  for (std::size_t i = 0; i < ground.areas().size(); ++i) {
    const GroundArea& area = ground.areas()[i];
    if (!is_clear(ground, i) || !geo::check_validity(area.shape).valid) continue;
    known_.push_back({i, geo::flat_area_m2(area.shape), geo::bounding_box(area.shape)});
  }
  std::stable_sort(known_.begin(), known_.end(), [](const Known& a, const Known& b) { return a.area_m2 > b.area_m2; });
}

AreaList AreaNamer::cover(const geo::MultiPolygon& shape, AreaChoice choice) const {
  AreaList list{{}, shape};
  const geo::Box box = geo::bounding_box(shape);
  const double inside = choice == AreaChoice::mostly ? kMostly : kInside;
  const double room_m2 = geo::flat_area_m2(shape) / inside;
  for (const Known& known : known_) {
    if (known.area_m2 > room_m2 || !known.box.intersects(box)) continue;
    if (choice == AreaChoice::divisions && !is_division(ground_.areas()[known.area].kind)) continue;
    const geo::MultiPolygon& area = ground_.areas()[known.area].shape;
    using enum geo::OverlayKind;
    const double shared_m2 = geo::flat_area_m2(geo::overlay(area, shape, intersection));
    if (shared_m2 < inside * known.area_m2) continue;
    if (geo::flat_area_m2(geo::overlay(area, list.rest, intersection)) < shared_m2 / 2) continue;
    list.areas.push_back(known.area);
    list.rest = geo::overlay(list.rest, area, difference);
    if (list.rest.empty()) break;
  }
  std::sort(list.areas.begin(), list.areas.end());
  return list;
}

}  // namespace catchment::engine::zone_text
