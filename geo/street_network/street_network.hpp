// Walking on streets: where a place meets the network, how far it is from there to others, and what is crossed on the
// way.
//
// One walks along streets and nowhere else, so a barrier is crossed only where a street leads over it (or under it, or
// through a junction on it). A street that is itself a barrier, a trunk road, has two sides: one walks on either and
// changes over at junctions and declared crossings. Lines that span more than 100 degrees, or the antimeridian, are
// refused. Everything here is a function of its arguments: the same on every machine and for any number of threads.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "geo/shapes.hpp"
#include "geo/street_network/lines.hpp"
#include "geo/street_network/walk.hpp"

namespace catchment::geo {

struct NetworkComponent {  // streets one can walk between
  std::size_t nodes = 0;
  std::size_t edges = 0;
  double length_m = 0;
};

struct NetworkFigures {
  std::size_t nodes = 0;
  std::size_t edges = 0;  // a street on a barrier has two
  double length_m = 0;
  std::size_t lines_without_length = 0;      // of fewer than two different vertices; left out
  std::size_t duplicate_pieces = 0;          // stretches that several lines run along; taken once
  std::size_t passages[kBarrierKinds] = {};  // by BarrierKind: where a street leads across one
  std::size_t closed_passages = 0;           // not taken, because no declared crossing is near
  std::size_t unused_crossings = 0;          // declared where no street meets such a barrier
  std::vector<NetworkComponent> components;  // longest first
};

struct SnapOptions {
  double limit_m = 300;
  double min_component_m = 0;  // streets of components shorter than this are passed over: stray bits of a map
  bool across = true;          // take a street beyond a barrier where no other is within the limit
};

enum class SnapStatus : std::uint8_t {
  snapped,
  across_barrier,  // the straight way to the street crosses a barrier, which is counted
  out_of_limit,    // no street within the limit
};

// A place and the nearest street to it. Of this network only.
struct Snap {
  SnapStatus status = SnapStatus::out_of_limit;
  Point from;
  Point at;                // on the street, to a unit
  double distance_m = 0;   // straight between them; part of every walk
  std::uint32_t line = 0;  // of the streets given
  std::uint32_t component = 0;

  std::uint32_t edge = 0;    // the rest is the network's own
  std::uint32_t vertex = 0;  // the foot lies between this and the next
  double along_m = 0;        // from the edge's beginning
  WalkKey access;
};

enum class Way : std::uint8_t {
  none,         // nothing there: a school without a gate
  walked,       // on streets
  straight,     // a fallback that was asked for: as the crow flies, crossings not counted
  too_far,      // more than asked for
  unreachable,  // no streets between
  off_network,  // no street near one of the ends
};

struct Walk {
  Way way = Way::none;
  double distance_m = 0;  // of `walked` and `straight` only
  Crossings crossings;

  friend bool operator==(const Walk&, const Walk&) = default;
};

struct WalkOptions {
  double max_m = 5000;             // at most 1,000 km
  bool straight_fallback = false;  // for what is unreachable or off the network
  int threads = 1;
};

// Walks between destinations (schools, each with its gates: the nearest counts) and places (units, doors).
class WalkTable {
 public:
  struct Entry {
    std::uint32_t place = 0;
    WalkKey key;
  };

  std::size_t destinations() const { return rows_.size(); }
  std::size_t places() const { return places_.size(); }
  Walk get(std::size_t destination, std::size_t place) const;
  // The places one walks to, by number.
  std::span<const Entry> row(std::size_t destination) const { return rows_[destination]; }

 private:
  friend class StreetNetwork;
  std::vector<std::vector<Entry>> rows_;
  std::vector<std::vector<Snap>> gates_;
  std::vector<Snap> places_;
  WalkOptions options_;
};

struct Route {
  Walk walk;
  std::size_t gate = 0;  // which of those given
  Polyline line;         // from the place to the gate, for a map; empty unless walked
};

class StreetNetwork {
 public:
  // Cost: sorts of the vertices, and pairs of stretches near a barrier. Throws InputError("network_too_wide",
  // "street_too_long").
  static StreetNetwork build(std::span<const StreetLine> streets, std::span<const BarrierLine> barriers,
                             std::span<const CrossingPoint> crossings = {}, const NetworkOptions& options = {});

  const NetworkFigures& figures() const;

  Snap snap(Point p, const SnapOptions& options = {}) const;
  std::vector<Snap> snap(std::span<const Point> points, const SnapOptions& options = {}, int threads = 1) const;

  // The shortest walk on streets, to 1 mm a street and rounded up, the straight ways at both ends included; of equally
  // short ones that with the fewest crossings of trunk roads, then railways, then rivers. Both ways alike. Throws
  // InputError("walk_too_long") if max_m is beyond its limit or no number.
  WalkTable walks(std::span<const std::vector<Snap>> destinations, std::span<const Snap> places,
                  const WalkOptions& options = {}) const;
  Route route(const Snap& place, std::span<const Snap> gates, const WalkOptions& options = {}) const;

 private:
  struct Impl;
  explicit StreetNetwork(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;  // copies share it
};

std::string_view to_text(Way way);
std::string_view to_text(SnapStatus status);

}  // namespace catchment::geo
