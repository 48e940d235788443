// A shape as a list of named areas. Internal to the printer.
#pragma once

#include <string>
#include <vector>

#include "engine/zone_text/ground.hpp"

namespace catchment::engine::zone_text {

struct AreaList {
  std::vector<std::size_t> areas;  // positions in Ground::areas(), sorted
  geo::MultiPolygon rest;          // of the shape, that they leave out
};

enum class AreaChoice : std::uint8_t {
  all,
  divisions,  // districts, towns, communities, villages
  mostly,     // all, and those of which half lies in the shape
};

class AreaNamer {
 public:
  explicit AreaNamer(const Ground& ground);

  // Areas that lie in the shape (but for a thousandth of their own area, or half), the largest first, each if half of
  // what it has of the shape is not yet listed. Names that several things bear are not used.
  AreaList cover(const geo::MultiPolygon& shape, AreaChoice choice = AreaChoice::all) const;

 private:
  struct Known {
    std::size_t area = 0;
    double area_m2 = 0;
    geo::Box box;
  };
  const Ground& ground_;
  std::vector<Known> known_;  // largest first
};

}  // namespace catchment::engine::zone_text
