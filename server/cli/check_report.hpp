// What `catchment check` found, and the ways to say it: text, JSON and a GeoPackage for QGIS.
#pragma once

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "datasets/feature_file.hpp"
#include "engine/matching/city_soundness.hpp"
#include "geo/repair.hpp"
#include "geo/soundness.hpp"

namespace catchment::cli {

struct LayerReport {
  std::string name;                 // of the layer, or "unit"
  std::vector<engine::Zone> zones;  // finding.zones are positions in here
  std::vector<geo::Finding> shapes;
  std::vector<engine::CityFinding> schools;
  engine::AddressTally addresses;
};

struct SeverityCounts {
  std::int64_t errors = 0;
  std::int64_t warnings = 0;
  std::int64_t notes = 0;
};
// Addresses count one by one, not by their kept examples.
SeverityCounts count_severities(const LayerReport& report);

// An address whose zones would change if the repair were applied.
struct MovedAddress {
  std::string id;
  std::string text;
  geo::Point position;
  std::vector<std::string> before;  // zone ids, sorted
  std::vector<std::string> after;
};

struct LayerRepair {
  std::string name;  // of the layer, or "unit"
  geo::RepairProposal proposal;
  std::vector<MovedAddress> addresses;
};

// examples: how many findings of one kind are written out; the rest is counted.
void write_text(std::ostream& out, const LayerReport& report, std::size_t examples);
void write_text(std::ostream& out, const LayerReport& report, const LayerRepair& repair, std::size_t examples);
nlohmann::json to_json(const LayerReport& report);
nlohmann::json to_json(const LayerReport& report, const LayerRepair& repair);

// Layers finding_point (every finding with a place), finding_area, finding_line.
void write_findings(datasets::FeatureFile& file, const std::vector<LayerReport>& reports);
// Layers zone_before, zone_after, repair_action, moved_address.
void write_repairs(datasets::FeatureFile& file, const std::vector<LayerReport>& reports,
                   const std::vector<LayerRepair>& repairs);

}  // namespace catchment::cli
