// From a zone on the map to publishable Chinese text in a fixed order, and back: compile(parse(print(zone))) gives
// every address of the gazetteer the same answer as the zone, and the same area (IoU >= 0.999).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/zone_text/compile.hpp"

namespace catchment::engine::zone_text {

struct PrintZone {
  std::string school;  // as the row names it
  geo::MultiPolygon shape;
  std::vector<geo::Point> seeds;  // the school's campuses
  // Addresses the school has although they lie outside, or has not although they lie inside; sorted.
  std::vector<geo::EntryId> added;
  std::vector<geo::EntryId> removed;
};

struct PrintOptions {
  bool check = true;             // compile the text again and compare; mends by exceptions until nothing differs
  std::size_t max_bytes = 6000;  // above it the zone is a finding: it needs a map
};

struct Printed {
  std::string text;
  double iou = 1;                 // of the area compiled from the text with the zone
  std::size_t changed = 0;        // addresses that answer otherwise; 0 unless max_bytes cut in or doors have no number
  std::vector<Finding> findings;  // edges that follow no named line, and how they were described
};

Printed print_zone(const PrintZone& zone, const Ground& ground, const PrintOptions& options = {});

// All zones of a layer together: what one school is denied by door is printed for the neighbour that has it (complement
// clauses), in both rows. Same order as given.
std::vector<Printed> print_zones(std::span<const PrintZone> zones, const Ground& ground,
                                 const PrintOptions& options = {});

}  // namespace catchment::engine::zone_text
