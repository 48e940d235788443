// Which part of a unit's children belongs to which school, from zones and the points that stand for its homes.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/model.hpp"
#include "geo/point.hpp"

namespace catchment::datasets {

// Points by unit, one after the other.
class UnitPoints {
 public:
  // Of a unit that has no address, the point of `instead` if there is one.
  UnitPoints(std::size_t units, std::span<const std::pair<std::uint32_t, geo::Point>> addresses,
             std::span<const std::optional<geo::Point>> instead);

  std::span<const geo::Point> all() const { return points_; }
  // all()[begin(unit)] to before all()[begin(unit + 1)] are the unit's.
  std::size_t begin(std::size_t unit) const { return begin_[unit]; }

 private:
  std::vector<geo::Point> points_;
  std::vector<std::size_t> begin_;
};

// Pupils of a grade, to split zones by.
class EntryPupils {
 public:
  explicit EntryPupils(std::span<const engine::Enrolment> rows);

  // Parts of one, by school: by the grade's pupils in the last year before `year` in which any of the schools had some.
  std::vector<double> split(std::span<const std::string> schools, int grade, int year) const;

 private:
  std::map<std::pair<std::string, int>, std::map<int, int>> pupils_;  // school, grade -> year -> pupils
};

using SchoolShares = std::map<std::string, double>;

struct ShareRule {
  int entry_grade = 1;
  int school_year = 0;
  double part = 1;  // of the children that the layer decides about
};

// Adds what the zones give each unit (shares.size() units).
void add_shares(std::span<const engine::Zone> zones, const UnitPoints& points, const EntryPupils& pupils,
                const ShareRule& rule, std::span<SchoolShares> shares);

}  // namespace catchment::datasets
