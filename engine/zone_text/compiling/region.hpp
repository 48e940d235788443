// From the lines of a region to its area: which line a name means, which way it runs, and what the lines enclose.
// Internal to the compiler.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/zone_text/compile.hpp"
#include "engine/zone_text/compiling/polyline_math.hpp"
#include "engine/zone_text/compiling/reporter.hpp"

namespace catchment::engine::zone_text {

Metres direction_of(Compass side);  // unit vector
Compass opposite_of(Compass side);
std::string_view english(Compass side);
double cosine(Metres a, Metres b);

// --- lines --------------------------------------------------------------------------------------------------------

inline constexpr std::size_t kNoLine = static_cast<std::size_t>(-1);

// One way along a named line, gaps closed.
struct LinePath {
  std::size_t ground_line = kNoLine;  // kNoLine: the edge of an area
  geo::Polyline points;
  geo::Polyline whole;                                     // before it was cut to a section of it
  bool closed = false;                                     // first point == last point
  std::vector<std::pair<geo::Point, geo::Point>> bridges;  // segments of it that are drawn over a gap
};

// Every way along pieces from one end to another, longest first, at most 12; gaps up to bridge_m are bridged.
std::vector<LinePath> paths_along(const std::vector<geo::Polyline>& pieces, double bridge_m);

// One side of a region, its lines joined into one path.
struct SidePath {
  const Side* side = nullptr;       // the first of those it is made of
  std::vector<const Side*> parts;   // all of them
  std::optional<Compass> position;  // where this side lies, seen from the region
  bool certain = true;              // false: label and direction contradict each other
  geo::Polyline points;             // bridges and extensions in words included
  bool closed = false;
  std::vector<LinePath> lines;  // what it is made of, whole
  std::vector<std::pair<geo::Point, geo::Point>> bridges;
  std::vector<std::pair<geo::Point, geo::Point>> extensions;
};

struct ResolvedLine {
  const Line* line = nullptr;
  const Side* side = nullptr;
  std::vector<LinePath> candidates;  // best first; empty: unknown or ambiguous, reported
};

// Which lines are meant: of several with one name the one that meets most of the others named, then the one nearest the
// seeds. Unknown and ambiguous names are reported.
std::vector<ResolvedLine> resolve_lines(const std::vector<const Side*>& sides, const Ground& ground,
                                        const CompileOptions& options, const Frame& frame, Reporter& report);

struct RegionSides {
  std::vector<SidePath> paths;
  bool known = true;  // false: a line is unknown, ambiguous or does not meet its fellow
};
RegionSides build_sides(const Region& region, const Ground& ground, const CompileOptions& options, const Frame& frame,
                        Reporter& report);

// --- what lines enclose -------------------------------------------------------------------------------------------

struct Enclosed {
  geo::MultiPolygon shape;      // empty: nothing is enclosed
  geo::MultiPolygon uncertain;  // then: where the region may lie, if that can be said
  std::string open;             // then: why, with places and lengths
  double open_m = 0;
  std::size_t open_side = 0;
  bool on_outline = false;
  std::vector<std::pair<std::size_t, double>> bridged;   // side, metres drawn without a word
  std::vector<std::pair<std::size_t, double>> extended;  // side, metres drawn by a word
};

// The face of the arrangement that lies on the said side of every line (see compile.hpp). `clip`: nothing outside it
// matters, and what is open closes on it.
Enclosed enclose_by_sides(const std::vector<SidePath>& sides, const geo::MultiPolygon& clip, bool clip_is_outline,
                          const CompileOptions& options, const Frame& frame);
// The area within a loop along the lines in order.
Enclosed enclose_by_loop(const std::vector<SidePath>& sides, const CompileOptions& options, const Frame& frame);

// --- regions ------------------------------------------------------------------------------------------------------

struct RegionResult {
  std::optional<CompiledRegion> region;
  std::optional<CompiledRegion> uncertain;  // if there is no region: where one may lie
  std::vector<AddressRule> frontage;        // without clause; span set
};

// Whether an area lies on the said side of the lines that bound it.
bool faces_right(const std::vector<SidePath>& sides, const geo::MultiPolygon& shape, const Frame& frame);
// The streets that bound a shape.
std::vector<StreetFront> bounds_of(const std::vector<SidePath>& sides, const geo::MultiPolygon& shape,
                                   const Ground& ground, const CompileOptions& options, Reporter& report);
// The rules that the frontage words of the sides make, for the region in `result`.
void add_frontage(RegionResult& result, const std::vector<SidePath>& sides, const Ground& ground,
                  const CompileOptions& options, Reporter& report);
// 天马山路两边, or a street from one crossing to another: its doors, no area.
RegionResult frontage_along(const Region& region, const Ground& ground, const CompileOptions& options,
                            const Frame& frame, Reporter& report);

// `clip` limits the region to an area (a community whose part it is); nullptr: the ground's outline.
RegionResult compile_region(const Region& region, Span span, const Ground& ground, const CompileOptions& options,
                            Reporter& report, const geo::MultiPolygon* clip = nullptr);

// Which side of a path the odd doors of a street stand on, by the doors within 80 m of it that have a place.
std::optional<bool> odd_is_left(const geo::Gazetteer& names, geo::NameId street, const geo::Polyline& path);

}  // namespace catchment::engine::zone_text
