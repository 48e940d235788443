// Is the declared reference system believable? Asked of the file itself and of what the package already knows.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/importer/source.hpp"
#include "datasets/sqlite.hpp"
#include "geo/crs_detector.hpp"
#include "geo/projection.hpp"
#include "geo/shapes.hpp"

namespace catchment::datasets {

// The system to read a layer by: what the user declared, or with "file" what the file itself states. Nothing is ever
// assumed. Throws InputError(crs_undeclared | crs_unnamed | crs_unknown).
geo::Crs choose_crs_of(const std::string& declared, const std::optional<DeclaredCrs>& stated, const std::string& file);

// Throws InputError(crs_contradicts_file) if the position (x, y) under the declared system and under the one the file
// states are more than a metre apart on the ground.
void check_crs_of_file(const geo::Crs& declared, const DeclaredCrs& stated, double x, double y,
                       const std::string& file);

// Campuses that other sources have placed, against which an import is checked: schools by their position, zones by
// whether they hold their schools.
class AnchorCheck {
 public:
  // Reads the campuses of the package that are not of `source`.
  AnchorCheck(Database& database, const std::string& source);

  bool empty() const { return by_id_.empty(); }
  // A campus row: known by its id, its school's id or its name. (x, y) as the layer holds it.
  void add_campus(std::string_view id, std::string_view school_id, std::string_view name, double x, double y);
  // Any area row, converted as declared: the layer must at least be where the schools are.
  void add_area(const geo::MultiPolygon& shape) { areas_.extend(geo::bounding_box(shape)); }
  // A zone row, converted as declared.
  void add_zone(const geo::MultiPolygon& shape, std::span<const std::string_view> school_ids);

  // What was found, in words; empty if there was nothing to compare. Throws InputError(crs_contradicts_anchors) if the
  // declared system cannot be right, unless forced.
  std::string verdict(const geo::Crs& declared, const std::string& file, bool forced) const;

 private:
  using Known = std::map<std::string, std::optional<geo::Degrees>, std::less<>>;  // nullopt: not unique
  static void learn(Known& known, std::string_view key, geo::Degrees position);
  std::string campus_verdict(const geo::Crs& declared) const;
  std::string area_verdict() const;
  std::string zone_verdict() const;

  Known by_id_, by_school_, by_name_;
  std::vector<geo::Point> campuses_;
  geo::Box areas_;
  std::vector<geo::Anchor> anchors_;
  std::int64_t zones_ = 0;             // that name a school whose campus is known
  std::vector<std::int64_t> holding_;  // of them, how many hold the campus, by reading (0: as declared)
  std::int64_t far_zones_ = 0;
};

}  // namespace catchment::datasets
