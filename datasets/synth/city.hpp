// A whole made-up city in a city package: no place, school, street or person in it is real, and it says so.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "datasets/package_writer.hpp"
#include "geo/point.hpp"

namespace catchment::datasets::synth {

// The last school year made; a constant, because the same arguments give the same bytes on any day.
inline constexpr int kLastYear = 2026;
// Children, births and enrolment reach back this many years, the last one included.
inline constexpr int kHistoryYears = 12;
inline constexpr int kMaxLayerYears = 6;

struct SynthOptions {
  std::uint64_t seed = 1;
  int schools = 40;                       // 3 to 5,000
  std::optional<std::int64_t> children;   // aged 0-17 in the last year, about; 20 to 20,000 a school; else 1,000
  std::optional<std::int64_t> addresses;  // 0 to 50 million; if not given one for two children
  int years = 2;                          // school years with zone layers, 1 to kMaxLayerYears, ending with kLastYear
  geo::Degrees centre{110.5, 33.5};       // within 60 degrees of the equator; only where the map shows it
};

struct SynthSummary {
  std::int64_t units = 0;
  std::int64_t primary_zones = 0;
  std::int64_t junior_zones = 0;
  std::int64_t schools = 0;
  std::int64_t streets = 0;
  std::int64_t places = 0;
  std::int64_t other_names = 0;
  std::int64_t addresses = 0;
  std::int64_t children = 0;
};

// Throws InputError("synth_argument", "--<option>") if an option is out of its range.
void check(const SynthOptions& options);

// Writes the city; the caller commits. Its addresses name districts, towns, communities and villages, which are places
// with shapes, as are the estates; streets, doors, estates and schools have other names. Units are noisy blocks and
// streets their borders; zones are unions of units and tile the city without a gap; every address lies strictly inside
// the unit it names. Children are born, age and move by noisy ratios with lasting differences between districts, zones
// and units, shocks of city and year, and new housing (demand_truth.hpp); pupils are the zone's children of entry age
// less those who go private, across or elsewhere, plus migrant children, and go up by noisy ratios of their own
// (enrolment.hpp). So pupils of a grade are about the children of that age, within a tenth for the city. Rooms,
// admission units, exceptions, reserved and purchased seats are made up too (seat_plan.hpp). Returns early, with the
// summary so far, when cancelled() is true: then do not commit. Memory does not grow with the number of addresses.
SynthSummary write_city(
    const SynthOptions& options, PackageWriter& writer, const std::function<bool()>& cancelled = [] { return false; });

}  // namespace catchment::datasets::synth
