// How a CityHistory is made: ids to places, rows to tables, each row checked.
#pragma once

#include "engine/demand/history.hpp"

namespace catchment::engine::demand {

class HistoryBuilder {
 public:
  HistoryBuilder(const DemandInput& input, const DemandRules& rules);
  CityHistory build();

 private:
  void check_rules() const;
  void list_units();
  void list_schools();
  void span_years();
  void add_children();
  void add_births();
  void add_enrolment();
  void add_intake();
  void add_survey();
  void add_plans();
  void add_feeders();
  void add_housing();
  void note_gaps();
  void note_jumps();
  void note_closed();

  std::uint32_t unit(const std::string& id, const std::string& where) const;
  std::uint32_t school(const std::string& id, const std::string& where);
  float& child_cell(std::size_t unit, int year, int age);
  void note(DataNote::Kind kind, std::string where, std::string message);

  const DemandInput& input_;
  CityHistory h_;
  std::map<std::string, std::string> successor_;
};

// The stage a grade belongs to; null for a grade of none.
const StageRule* find_stage_of(const DemandRules& rules, int grade);

}  // namespace catchment::engine::demand
