// Writes a city package atomically: on a file beside the target, which commit() syncs and renames over the target.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/model.hpp"

namespace catchment::datasets {

class Database;

inline constexpr const char* kNoClock =
    "1970-01-01T00:00:00.000Z";  // gpkg_contents.last_change of whoever has no clock

// Killed or destroyed before commit(), the old package stands untouched. One writer at a time
// (datasets/partial_file.hpp). Throws InputError (package_locked, package_in_use, package_* of the package copied,
// row_conflict) and std::system_error (disk full, no permission).
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

  // Goes into gpkg_contents: ISO 8601 in UTC with milliseconds. The default is a constant, so that equal input gives
  // equal bytes; whoever has a clock passes it.
  void set_last_change(const std::string& instant);

  // Insert or, with the same id, replace. Text must be UTF-8.
  void add(const engine::School& row);
  void add(const engine::Campus& row);
  void add(const engine::Zone& row);  // replaces its zone_school rows too
  void add(const engine::Notice& row);
  void add(const engine::ZoneRow& row);
  void add(const engine::Place& row);
  void add(const engine::Alias& row);
  void add(const engine::Address& row);
  void add_street(const engine::Line& row);
  void add_barrier(const engine::Line& row);
  void add(const engine::Unit& row);
  void add(const engine::UnitChildren& row);
  void add(const engine::Housing& row);
  void add(const engine::Enrolment& row);
  void add(const engine::Births& row);
  void add(const engine::Feeder& row);
  void add(const engine::Intake& row);
  void add(const engine::SurveyCount& row);
  void add(const engine::SchoolSuccessor& row);
  void add(const engine::CampusRooms& row);
  void add(const engine::AdmissionUnit& row);  // replaces its admission_unit_campus rows too
  void add(const engine::AdmissionPlan& row);
  void add(const engine::CapException& row);
  void add(const engine::ReservedSeats& row);
  void add(const engine::PurchasedSeats& row);
  void add(const engine::Plan& row);
  void add(const engine::PlanUnit& row);

  void commit();

  // For the importer, which replaces rows in sets: the partial file, inside a transaction. A table it writes itself it
  // names, with the box of all its shapes if it knows that; otherwise commit() looks at every one of them.
  Database& database();
  void touch(const std::string& table, const std::optional<geo::Box>& box = std::nullopt);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::datasets
