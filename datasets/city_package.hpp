// The city package: everything known of one city in one GeoPackage file (schema.sql). Plain SQLite, no GDAL.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/model.hpp"

namespace catchment::datasets {

// 2 added place, alias, zone_row and notice.phone; 3 the districts of units and what seats and demand need: intake,
// survey_count, school_successor, rooms, admission_unit and its campuses and plans, cap_exception, reserved_seats,
// purchased_seats. A package of another version is refused: it is made from its sources
// again, which takes a minute.
inline constexpr int kSchemaVersion = 3;

// Read-only; may be shared between threads, which then take turns. Everything throws InputError (package_open,
// package_foreign, package_version, package_corrupt with where = "file: table, row fid"). Lists are sorted by the
// table's key (ids as bytes); zones by their id within the layer, their schools by id.
class CityPackage {
 public:
  static CityPackage open(const std::filesystem::path& path);

  std::map<std::string, std::string> meta() const;  // catchment_meta
  bool synthetic() const;
  // Tells one state of the file from another without reading it all: from its header, where SQLite counts
  // transactions, from what the imports left of their sources, and from a sample of every table.
  std::uint64_t stamp() const;

  std::vector<engine::LayerKey> layers() const;  // the layers that have zones, sorted
  std::vector<engine::Zone> zones(const engine::LayerKey& layer) const;
  std::map<std::string, std::string> zone_sources(const engine::LayerKey& layer) const;  // zone id -> source
  std::vector<engine::School> schools() const;
  std::vector<engine::Campus> campuses() const;
  std::vector<engine::Notice> notices() const;
  std::vector<engine::LayerKey> zone_row_layers() const;  // the layers that have rows of notices, sorted
  std::vector<engine::ZoneRow> zone_rows(const engine::LayerKey& layer) const;
  std::vector<engine::Place> places() const;
  std::vector<engine::Alias> aliases() const;
  std::vector<engine::Unit> units() const;
  std::vector<engine::Line> streets() const;
  std::vector<engine::Line> barriers() const;
  std::vector<engine::Housing> housing() const;
  std::vector<engine::UnitChildren> unit_children() const;
  std::vector<engine::Enrolment> enrolment() const;
  std::vector<engine::Births> births() const;
  std::vector<engine::Feeder> feeders() const;
  std::vector<engine::Intake> intake() const;
  std::vector<engine::SurveyCount> survey_counts() const;
  std::vector<engine::SchoolSuccessor> school_successors() const;
  std::vector<engine::CampusRooms> rooms() const;
  std::vector<engine::AdmissionUnit> admission_units() const;  // their campuses by id
  std::vector<engine::AdmissionPlan> admission_plans() const;
  std::vector<engine::CapException> cap_exceptions() const;
  std::vector<engine::ReservedSeats> reserved_seats() const;
  std::vector<engine::PurchasedSeats> purchased_seats() const;
  std::vector<engine::Plan> plans() const;
  std::vector<engine::PlanUnit> plan_units() const;

  std::int64_t address_count() const;
  // In fid order, in constant memory. Stops early when visit returns false.
  void for_each_address(const std::function<bool(const engine::Address&)>& visit) const;
  // Unit and position of the addresses that have both, in fid order; ten times faster than their texts.
  void for_each_address_position(const std::function<void(std::string_view unit_id, geo::Point)>& visit) const;

  // "file: table, row fid" of the row with that key (columns as Table::key has them, numbers as text), as errors name
  // rows; without the row if there is none.
  std::string where(std::string_view table, const std::vector<std::string>& key) const;

 private:
  struct Impl;
  explicit CityPackage(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace catchment::datasets
