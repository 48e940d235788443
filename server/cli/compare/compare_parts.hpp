// What comes out of a comparison: as JSON, as a file of moves, as a page.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/planning/city/plan_zones.hpp"
#include "engine/planning/comparison/statement.hpp"
#include "server/cli/compare/plan_sides.hpp"

namespace catchment::cli {

// One plan against another.
struct PlanPair {
  std::size_t before = 0, after = 0;  // into the plans; 0: the zones in force
  engine::planning::PlanMoves moves;
};

struct PlanComparison {
  const PlanSides& sides;
  std::vector<engine::planning::LivePlan> live;                 // by plan
  std::vector<engine::planning::PlanCertificate> certificates;  // by plan
  std::vector<engine::planning::IndicatorLine> indicators;      // against the zones in force
  std::vector<PlanPair> pairs;                                  // zones in force to each plan, then plan to plan
  std::vector<std::vector<engine::planning::StatementLine>> statements;  // by plan; none of the zones in force
  int draws = 0;
  std::uint64_t seed = 0;

  const engine::planning::PlanCity& city() const { return sides.base().city(); }
  const SidePlan& plan(std::size_t i) const { return sides.plans[i]; }
  std::string label(std::size_t i) const;  // "现行划片", "方案A"
  std::string label_en(std::size_t i) const;
  // The first year in which most addresses have another school under some plan; 0 if none ever has.
  engine::planning::YearIndex most_moved_year(engine::planning::StageIndex stage) const;
};

std::string comparison_json(const PlanComparison& comparison);

// Units that move, a row for each pair of plans, stage and span of years: .csv, .gpkg (table plan_move) or .geojson.
// What is not known is empty. The file is whole or untouched.
void write_moves(const std::filesystem::path& file, const PlanComparison& comparison);

// The statements of all plans, each in Chinese and then in English.
std::string statements_markdown(const PlanComparison& comparison);

namespace report {

// One self-contained XHTML file: no script, no request. Bytes follow from the comparison.
std::string comparison_page(const PlanComparison& comparison);

// Schools that some plan changes, numbered alike in tables and maps.
class TouchedSchools {
 public:
  explicit TouchedSchools(const PlanComparison& comparison);
  // From 1; 0: none changes it in this stage.
  int number(engine::planning::StageIndex stage, const std::string& id) const;

 private:
  std::map<std::pair<engine::planning::StageIndex, std::string>, int> numbers_;
};
bool is_touched(const engine::planning::SchoolMoves& school);

std::string compare_style();
std::string maps_section(const PlanComparison& comparison, const TouchedSchools& schools);
std::string indicator_section(const PlanComparison& comparison);
std::string school_section(const PlanComparison& comparison, const TouchedSchools& schools);
std::string moves_section(const PlanComparison& comparison);
std::string certificate_section(const PlanComparison& comparison);

std::string stage_chinese(const PlanComparison& comparison, engine::planning::StageIndex stage);
std::string stage_english(const PlanComparison& comparison, engine::planning::StageIndex stage);
// "甲小学＋乙小学", or that nobody has it.
std::string answer_text(const engine::planning::PlanMoves& moves, const engine::planning::ComparedAnswer& answer);
// "方案A（名）与现行划片"
std::string pair_chinese(const PlanComparison& comparison, const PlanPair& pair);
std::string pair_english(const PlanComparison& comparison, const PlanPair& pair);

}  // namespace report
}  // namespace catchment::cli
