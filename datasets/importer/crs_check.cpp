#include "datasets/importer/crs_check.hpp"

#include <ogr_spatialref.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include "datasets/gpkg_geometry.hpp"
#include "datasets/importer/gdal_setup.hpp"
#include "geo/china_datum.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

constexpr double kSamePlaceM = 1.0;
constexpr std::size_t kMaxAnchors = 5000;
constexpr std::int64_t kFewestZones = 10;
constexpr std::size_t kFewestCampuses = 3;
constexpr double kFarM = 20000;  // a campus this far from its zone's box is in another place altogether

// What a zone layer may be instead of what was declared: where its campus would then be found.
struct Reading {
  const char* words;
  geo::Degrees (*campus_in_layer)(geo::Degrees);
};
geo::Degrees as_declared(geo::Degrees position) { return position; }
constexpr std::array<Reading, 5> kReadings{{{"as declared", as_declared},
                                            {"the layer is shifted by GCJ-02", geo::gcj02_from_cgcs2000},
                                            {"the layer is shifted by BD-09", geo::bd09_from_cgcs2000},
                                            {"the layer is not shifted by GCJ-02", geo::cgcs2000_from_gcj02},
                                            {"the layer is not shifted by BD-09", geo::cgcs2000_from_bd09}}};

std::optional<geo::Degrees> stated_position(const OGRSpatialReference& stated, double x, double y) {
  const GdalMessages messages;  // a transformation that fails is an answer, not trouble with the source
  OGRSpatialReference from(stated);
  OGRSpatialReference to;
  if (to.importFromEPSG(kPackageSrs) != OGRERR_NONE) return std::nullopt;
  from.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  to.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  const std::unique_ptr<OGRCoordinateTransformation> transformation(OGRCreateCoordinateTransformation(&from, &to));
  if (!transformation || transformation->Transform(1, &x, &y) == 0) return std::nullopt;
  return geo::Degrees{x, y};
}

std::string metres(double distance) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), distance >= 10000 ? "%.0f km" : "%.0f m",
                distance >= 10000 ? distance / 1000 : distance);
  return text.data();
}

// Even-odd over all rings; a point on a line may fall either way, which no share of zones hangs on.
bool holds(const geo::MultiPolygon& shape, geo::Point p) {
  bool inside = false;
  geo::for_each_ring(shape, [&](const geo::Ring& ring) {
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
      const geo::Point a = ring[i].lat <= ring[j].lat ? ring[i] : ring[j];
      const geo::Point b = ring[i].lat <= ring[j].lat ? ring[j] : ring[i];
      if (a.lat <= p.lat && p.lat < b.lat && geo::cross(a, b, p) > 0) inside = !inside;
    }
  });
  return inside;
}

double distance_to_box_m(const geo::Box& box, geo::Point p) {
  const geo::Point nearest{std::clamp(p.lon, box.min.lon, box.max.lon), std::clamp(p.lat, box.min.lat, box.max.lat)};
  return geo::flat_distance_m(p, nearest);
}

}  // namespace

geo::Crs choose_crs_of(const std::string& declared, const std::optional<DeclaredCrs>& stated, const std::string& file) {
  const std::string says = stated ? "the file says " + stated->name : "the file says nothing";
  if (declared.empty()) {
    throw InputError("crs_undeclared", file,
                     "its reference system must be declared with --crs (EPSG:n, GCJ02, BD09, or file); " + says);
  }
  if (declared != "file") return geo::parse_crs(declared);
  if (!stated) throw InputError("crs_undeclared", file, "--crs file, but " + says + "; say --crs EPSG:n");
  if (stated->code.empty()) {
    throw InputError("crs_unnamed", file, "--crs file, but " + says + ", which has no EPSG code; say --crs EPSG:n");
  }
  return geo::parse_crs(stated->code);
}

void check_crs_of_file(const geo::Crs& declared, const DeclaredCrs& stated, double x, double y,
                       const std::string& file) {
  if (stated.system == nullptr || (declared.code == stated.code && !declared.north_first)) return;
  const auto theirs = stated_position(*stated.system, x, y);
  const auto ours = geo::Projection(declared).to_cgcs2000(x, y);
  const auto a = ours ? geo::find_point(*ours) : std::nullopt;
  const auto b = theirs ? geo::find_point(*theirs) : std::nullopt;
  if (a && b && geo::flat_distance_m(*a, *b) <= kSamePlaceM) return;
  throw InputError("crs_contradicts_file", file,
                   "--crs says " + geo::to_text(declared) + ", the file says " + stated.name +
                       (a && b ? "; they are " + metres(geo::flat_distance_m(*a, *b)) + " apart here" : std::string()) +
                       ". Use --crs file to believe the file, or --force-crs to overrule it");
}

AnchorCheck::AnchorCheck(Database& database, const std::string& source) : holding_(kReadings.size()) {
  auto statement = database.prepare(
      "SELECT c.id, c.school_id, c.name, c.geom, coalesce(s.name, '') FROM campus c LEFT JOIN school s ON s.id = "
      "c.school_id"
      " WHERE c.source <> ? ORDER BY c.fid");
  statement.bind(0, std::string_view(source));
  while (statement.step()) {
    std::optional<geo::Point> point;
    try {
      point = point_from_gpkg(statement.blob(3));
    } catch (const InputError&) {
      continue;  // reading the package will say it better
    }
    if (!point) continue;
    campuses_.push_back(*point);
    const geo::Degrees position = geo::to_degrees(*point);
    learn(by_id_, statement.text(0), position);
    learn(by_school_, statement.text(1), position);
    learn(by_name_, statement.text(2), position);
    if (statement.text(4) != statement.text(2)) learn(by_name_, statement.text(4), position);
  }
}

void AnchorCheck::learn(Known& known, std::string_view key, geo::Degrees position) {
  if (key.empty()) return;
  const auto [at, fresh] = known.emplace(std::string(key), position);
  if (!fresh) at->second.reset();
}

void AnchorCheck::add_campus(std::string_view id, std::string_view school_id, std::string_view name, double x,
                             double y) {
  if (anchors_.size() >= kMaxAnchors) return;
  const auto find = [](const Known& known, std::string_view key) -> std::optional<geo::Degrees> {
    const auto found = known.find(key);
    return found == known.end() ? std::nullopt : found->second;
  };
  auto truth = find(by_id_, id);
  if (!truth) truth = find(by_school_, school_id);
  if (!truth) truth = find(by_name_, name);
  if (truth) anchors_.push_back({x, y, *truth});
}

void AnchorCheck::add_zone(const geo::MultiPolygon& shape, std::span<const std::string_view> school_ids) {
  for (const std::string_view school : school_ids) {
    const auto found = by_school_.find(school);
    if (found == by_school_.end() || !found->second) continue;
    ++zones_;
    for (std::size_t i = 0; i < kReadings.size(); ++i) {
      const auto campus = geo::find_point(kReadings[i].campus_in_layer(*found->second));
      if (campus && holds(shape, *campus)) ++holding_[i];
    }
    const auto campus = geo::find_point(*found->second);
    const geo::Box box = geo::bounding_box(shape);
    if (campus && !box.empty() && distance_to_box_m(box, *campus) > kFarM) ++far_zones_;
    return;
  }
}

// Empty: nothing against the declared system.
std::string AnchorCheck::campus_verdict(const geo::Crs& declared) const {
  if (anchors_.size() < static_cast<std::size_t>(geo::kFewestAnchors)) return "";
  const geo::CrsVerification verification = geo::verify_crs(declared, anchors_);
  if (verification.verdict != geo::CrsVerdict::contradicts) return "";
  std::string words = "of " + std::to_string(anchors_.size()) + " schools the package knows,";
  for (const geo::CrsCluster& cluster : verification.clusters) {
    words.append(" ").append(std::to_string(cluster.anchors.size())).append(" lie where ").append(cluster.crs);
    words.append(" puts them;");
  }
  words.pop_back();
  return words;
}

std::string AnchorCheck::area_verdict() const {
  if (areas_.empty() || campuses_.size() < kFewestCampuses) return "";
  const auto is_near = [&](geo::Point campus) { return distance_to_box_m(areas_, campus) <= kFarM; };
  if (std::any_of(campuses_.begin(), campuses_.end(), is_near)) return "";
  return "none of the " + std::to_string(campuses_.size()) + " schools the package knows is within 20 km of the layer";
}

std::string AnchorCheck::zone_verdict() const {
  if (zones_ < kFewestZones) return "";
  const std::string of = " of " + std::to_string(zones_) + " zones";
  if (far_zones_ * 2 > zones_) return std::to_string(far_zones_) + of + " are more than 20 km from their school";
  for (std::size_t i = 1; i < kReadings.size(); ++i) {
    if (holding_[i] * 10 >= zones_ * 9 && holding_[0] * 10 <= holding_[i] * 8) {
      return std::to_string(holding_[0]) + of + " hold their school, but " + std::to_string(holding_[i]) +
             " would if " + kReadings[i].words;
    }
  }
  return "";
}

std::string AnchorCheck::verdict(const geo::Crs& declared, const std::string& file, bool forced) const {
  std::string against = campus_verdict(declared);
  if (against.empty()) against = area_verdict();
  if (against.empty()) against = zone_verdict();
  if (against.empty()) {
    std::string words;
    if (!anchors_.empty())
      words = std::to_string(anchors_.size()) + " schools known from elsewhere do not contradict it";
    if (zones_ > 0) {
      words.append(words.empty() ? "" : "; ").append(std::to_string(holding_[0])).append(" of ");
      words.append(std::to_string(zones_)).append(" zones hold their school");
    }
    return words;
  }
  if (forced) return "forced, although " + against;
  throw InputError("crs_contradicts_anchors", file,
                   "not in " + geo::to_text(declared) + ": " + against + ". Use --force-crs to import it nevertheless");
}

}  // namespace catchment::datasets
