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

inline constexpr int kSchemaVersion = 1;

// Read-only. Every reader throws InputError (package_open, package_foreign, package_version, package_corrupt with
// "file: table, row fid"). Lists are sorted by id; zones by their id within the layer.
class CityPackage {
 public:
  static CityPackage open(const std::filesystem::path& path);

  std::map<std::string, std::string> meta() const;  // catchment_meta
  bool synthetic() const;

  std::vector<engine::LayerKey> layers() const;  // the layers that have zones, sorted
  std::vector<engine::Zone> zones(const engine::LayerKey& layer) const;
  std::vector<engine::School> schools() const;
  std::vector<engine::Campus> campuses() const;
  std::vector<engine::Notice> notices() const;
  std::vector<engine::Unit> units() const;
  std::vector<engine::Line> streets() const;
  std::vector<engine::Line> barriers() const;
  std::vector<engine::Housing> housing() const;
  std::vector<engine::UnitChildren> unit_children() const;
  std::vector<engine::Enrolment> enrolment() const;
  std::vector<engine::Births> births() const;
  std::vector<engine::Feeder> feeders() const;
  std::vector<engine::Plan> plans() const;
  std::vector<engine::PlanUnit> plan_units() const;

  std::int64_t address_count() const;
  // In fid order, in constant memory. Stops early when visit returns false.
  void for_each_address(const std::function<bool(const engine::Address&)>& visit) const;

 private:
  struct Impl;
  explicit CityPackage(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

// Writes a package atomically: works on a file beside the target, and commit() syncs it and renames it over the target.
// Killed or destroyed before that, the old package stands untouched. One writer at a time: a second waits on a lock
// file for a few seconds, then throws InputError("package_locked").
class PackageWriter {
 public:
  enum class Start { empty, from_existing };  // from_existing: a copy of the target if there is one, else empty

  PackageWriter(const std::filesystem::path& target, Start start);
  ~PackageWriter();
  PackageWriter(const PackageWriter&) = delete;
  PackageWriter& operator=(const PackageWriter&) = delete;

  void set_meta(const std::string& key, const std::string& value);

  // Rows added after this carry this source name (schema.sql).
  void set_source(const std::string& source);

  // Insert or, with the same id, replace.
  void add(const engine::School& row);
  void add(const engine::Campus& row);
  void add(const engine::Zone& row);  // also its zone_school rows
  void add(const engine::Notice& row);
  void add(const engine::Address& row);
  void add_street(const engine::Line& row);
  void add_barrier(const engine::Line& row);
  void add(const engine::Unit& row);
  void add(const engine::UnitChildren& row);
  void add(const engine::Housing& row);
  void add(const engine::Enrolment& row);
  void add(const engine::Births& row);
  void add(const engine::Feeder& row);
  void add(const engine::Plan& row);
  void add(const engine::PlanUnit& row);

  void commit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::datasets
