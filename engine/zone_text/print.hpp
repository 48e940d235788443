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

// How one part of a zone was said.
enum class PrintForm : std::uint8_t {
  four_bounds,  // 东至A路，南至B街，西至C河，北至D路的区域
  half_planes,  // A路以南，B街以西的区域
  ring,         // 由A路、B街、C河围合的区域
  areas,        // 第12街坊、云溪花园
};
std::string_view to_word(PrintForm form);

// The clauses stand in a fixed order, each on a line of its own: parts of the zone from north to south, named areas by
// name, then streets, estates and other places by name.
struct Printed {
  std::string text;
  // Of the area compiled from the text with the zone's. An estate that changes hands with all its addresses does so
  // with its area.
  double iou = 1;
  std::size_t changed = 0;  // addresses that answer otherwise; 0 unless max_bytes cut in or doors have no number
  std::vector<geo::EntryId> changed_entries;  // those, sorted
  // Addresses that neither the zone nor the words decide: without a place, or with one nearer to the edge than it is
  // sure; sorted. Others without a place, that the words do not name, are not looked at.
  std::vector<geo::EntryId> open_entries;
  std::vector<PrintForm> forms;       // of the parts, in the order of the text
  std::size_t areas = 0;              // named areas listed beside or taken out of a region
  std::size_t exceptions = 0;         // streets, estates and places named for single addresses
  std::vector<geo::EntryId> allowed;  // the addresses those name as the school's, sorted
  std::vector<geo::EntryId> denied;   // and those they take out of a region or area, sorted
  std::vector<Finding> findings;      // edges that follow no named line, and how they were described
};

Printed print_zone(const PrintZone& zone, const Ground& ground, const PrintOptions& options = {});

// All zones of a layer together: what one school is denied by door is printed for the neighbour that has it (complement
// clauses), in both rows. Same order as given.
std::vector<Printed> print_zones(std::span<const PrintZone> zones, const Ground& ground,
                                 const PrintOptions& options = {});

}  // namespace catchment::engine::zone_text
