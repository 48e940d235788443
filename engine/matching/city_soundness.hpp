// Do zones, schools and addresses fit together? One layer at a time; the shapes themselves are geo/soundness' business.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/matching/zone_layer.hpp"
#include "geo/soundness.hpp"

namespace catchment::engine {

using geo::Severity;

enum class CityFindingKind : std::uint8_t {
  layer_unlinked,  // no zone names a school, or there are no schools: said once instead of for every zone and school
  zone_without_school,    // names none
  zone_unknown_school,    // names a school the package does not have
  zone_closed_school,     // names a school that is closed, or one that does not teach this stage
  school_without_zone,    // public, open, teaches this stage, and no zone of the stage and year names it
  school_without_campus,  // named by a zone, but where it stands is not known
  campus_outside_zone,    // stands in none of its zones; distance_m is to the nearest of them
  address_without_zone,   // in no zone; distance_m is to the nearest, if within 1 km
  address_in_two_zones,   // in the interior of two zones that are not declared shared
  address_near_boundary,  // nearer to a line of its zone than its own error or the distance asked for
  address_unplaced,       // has no position
};
std::string_view to_word(CityFindingKind kind);

struct CityFinding {
  CityFindingKind kind = CityFindingKind::zone_without_school;
  Severity severity = Severity::error;
  std::vector<std::string> zone_ids;  // sorted
  std::string school_id;              // empty unless it is about one
  std::string item_id;                // of the campus or address; empty unless it is about one
  std::string name;                   // of the zone, school or address, as the package has it
  std::optional<geo::Point> place;
  double distance_m = 0;
};

// Schools and zones of one layer against each other. named_elsewhere: schools that zones of the same stage and year but
// another kind name. Sorted by (kind, zone_ids, school_id, item_id).
std::vector<CityFinding> check_schools(const ZoneLayer& layer, std::span<const School> schools,
                                       std::span<const Campus> campuses,
                                       const std::set<std::string>& named_elsewhere = {});

struct AddressCheckOptions {
  double near_m = 0;               // besides each address' own error
  bool overlaps_declared = false;  // the layer's zones overlap on purpose
  std::size_t examples = 20;       // kept per kind, the first in the order added
};

struct AddressTally {
  std::int64_t total = 0;
  std::int64_t unplaced = 0;
  std::int64_t one_zone = 0;   // in one zone, or on the line between zones
  std::int64_t shared = 0;     // in several, as declared
  std::int64_t two_zones = 0;  // in several, undeclared
  std::int64_t no_zone = 0;
  std::int64_t near = 0;  // of those in some zone: near a line
  std::vector<CityFinding> examples;
};

// Takes addresses one by one, in constant memory.
class AddressCheck {
 public:
  // The layer must outlive it.
  AddressCheck(const ZoneLayer& layer, const AddressCheckOptions& options);
  void add(const Address& address);
  const AddressTally& tally() const { return tally_; }

 private:
  void keep(CityFindingKind kind, Severity severity, const Address& address, std::vector<std::string> zone_ids,
            double distance_m);

  const ZoneLayer& layer_;
  AddressCheckOptions options_;
  AddressTally tally_;
  std::vector<std::size_t> kept_;  // per kind
};

// A zone that names two or more schools is a declared shared zone: it may lie over others.
std::vector<bool> find_shared(const ZoneLayer& layer);

}  // namespace catchment::engine
