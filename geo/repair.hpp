// What would make a layer sound, as a proposal: nothing is ever changed silently.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "geo/soundness.hpp"

namespace catchment::geo {

enum class RepairKind : std::uint8_t {
  gap_given,      // uncovered ground narrower than the width goes to one neighbour
  overlap_given,  // ground in several zones, narrower than the width, stays with one of them
  thread_given,   // a part of a zone thinner than rounding can hold joins a neighbour
  made_valid,     // the zone was invalid: its even-odd area is taken
  noded,          // vertices added or dropped on the zone's line so that it has its neighbours' vertices
};
std::string_view to_word(RepairKind kind);

struct RepairAction {
  RepairKind kind = RepairKind::gap_given;
  ZoneNumber to = 0;             // the zone that gets the ground, or that is changed
  std::vector<ZoneNumber> from;  // zones that lose it, sorted
  Point place;
  double area_m2 = 0;
  double width_m = 0;
  int vertices = 0;  // noded: how many were added or dropped
};

struct ZoneChange {
  ZoneNumber zone = 0;
  MultiPolygon after;  // rings in the direction most of the layer's rings have
  double gained_m2 = 0;
  double lost_m2 = 0;
};

struct RepairProposal {
  std::vector<ZoneChange> changes;    // changed zones only, sorted by zone
  std::vector<RepairAction> actions;  // in the order done
};

// Gives every sliver narrower than options.sliver_width_m to the one neighbour it shares the longest border with,
// closing notches at the outer edge with a line across their mouth, and puts a vertex wherever a neighbour has one. All
// zones are drawn into one snap-rounded arrangement first, so borders between the new shapes are shared vertex by
// vertex. Wide gaps and wide overlaps are decisions for people and stay; so do declared overlaps.
RepairProposal propose_repair(std::span<const MultiPolygon> zones, const CoverageOptions& options = {});

// The layer with the proposal's shapes in place.
std::vector<MultiPolygon> apply_repair(std::span<const MultiPolygon> zones, const RepairProposal& proposal);

}  // namespace catchment::geo
