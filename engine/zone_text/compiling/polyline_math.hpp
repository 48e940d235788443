// Metres along and beside polylines, on the local scale of a place: right to 0.1 % within 10 km.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::engine::zone_text {

struct Metres {
  double x = 0;
  double y = 0;
};

// A flat metre frame around an origin.
class Frame {
 public:
  explicit Frame(geo::Point origin) : origin_(origin), scale_(geo::local_scale(origin.lat)) {}

  Metres to_metres(geo::Point p) const {
    return {(static_cast<double>(p.lon) - origin_.lon) * scale_.lon_m,
            (static_cast<double>(p.lat) - origin_.lat) * scale_.lat_m};
  }
  geo::Point to_point(Metres m) const;
  double distance_m(geo::Point a, geo::Point b) const;

 private:
  geo::Point origin_;
  geo::LocalScale scale_;
};

// The point of a polyline nearest to a place.
struct Foot {
  std::size_t segment = 0;
  geo::Point at;       // rounded to a unit
  double along_m = 0;  // from the polyline's start
  double distance_m = 0;
  bool left = false;  // of the nearest segment; at a bend, of the bend
};

// At t from a (0) to b (1), rounded to a unit.
geo::Point point_between(geo::Point a, geo::Point b, double t);
double length_m(const geo::Polyline& line, const Frame& frame);
Foot foot_on(const geo::Polyline& line, geo::Point p, const Frame& frame);
geo::Box box_of(const geo::Polyline& line);
geo::Box box_of(const std::vector<geo::Polyline>& lines);
// Shortest distance between two boxes, 0 if they meet.
double box_distance_m(const geo::Box& a, const geo::Box& b, const Frame& frame);

// The shortest connection of two polylines; they meet if distance_m is 0 (the place rounded to a unit).
struct Contact {
  double along_a = 0;
  double along_b = 0;
  geo::Point at_a;
  geo::Point at_b;
  double distance_m = 0;
};
// Every place where two polylines meet, by along_a then along_b; meetings less than a metre apart on both are one.
std::vector<Contact> meetings(const geo::Polyline& a, const geo::Polyline& b, const Frame& frame);
// Empty when they are further apart than limit_m.
std::optional<Contact> nearest_contact(const geo::Polyline& a, const geo::Polyline& b, const Frame& frame,
                                       double limit_m);

// The stretch from one place to another, in that direction, with the vertices between; from_m > to_m reverses it.
geo::Polyline stretch(const geo::Polyline& line, const Frame& frame, double from_m, double to_m);
geo::Polyline reversed(geo::Polyline line);

// Even-odd.
bool covers(const geo::Ring& ring, double lon, double lat);
bool covers(const geo::MultiPolygon& shape, double lon, double lat);
inline bool covers(const geo::MultiPolygon& shape, geo::Point p) {
  return covers(shape, static_cast<double>(p.lon), static_cast<double>(p.lat));
}
// To the nearest edge of a shape.
double edge_distance_m(const geo::MultiPolygon& shape, geo::Point p);

}  // namespace catchment::engine::zone_text
