// One school's stage, drawn year by year.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/demand/scenario.hpp"

namespace catchment::engine::demand {

// Pupils of the last grade of the first stage, for every school, year and draw: what the second stage draws on.
struct Leavers {
  std::size_t draws = 0, years = 0;
  std::vector<std::vector<float>> by_school;  // [school][year * draws + draw]; empty for a school without the stage

  std::span<const float> of(std::size_t school, std::size_t year) const {
    const auto& all = by_school[school];
    return all.empty() ? std::span<const float>{} : std::span(all).subspan(year * draws, draws);
  }
};

// Shocks shared by the whole city, drawn once.
struct CityShocks {
  std::size_t draws = 0, years = 0;
  std::vector<float> cohort;    // [stage][year][draw]: factor on zone children
  std::vector<float> entry;     // [year][draw]: factor on entries
  std::vector<float> progress;  // [year][draw]

  std::span<const float> cohort_of(std::size_t stage, std::size_t year) const {
    return std::span(cohort).subspan((stage * years + year) * draws, draws);
  }
  std::span<const float> entry_of(std::size_t year) const { return std::span(entry).subspan(year * draws, draws); }
  std::span<const float> progress_of(std::size_t year) const {
    return std::span(progress).subspan(year * draws, draws);
  }
};

CityShocks draw_city(const DemandModel& model, std::size_t years, std::size_t draws, std::uint64_t seed);

// Where the pupils of a school that ends go on from: [grade of its stages][draw], the year before it ends.
struct Leaving {
  std::vector<std::vector<float>> grades;  // [grade - lowest]; empty lists for grades it does not teach
};

struct DrawContext {
  const DemandModel* model = nullptr;
  const PlanState* plan = nullptr;
  const CityShocks* city = nullptr;
  const Leavers* leavers = nullptr;
  const std::vector<Leaving>* leaving = nullptr;  // [school]; empty for those that do not end
  std::size_t years = 0, draws = 0;
  std::uint64_t seed = 0;
};

// What one stage of a school came to: pupils[grade of the stage][year * draws + draw].
struct StageDraws {
  std::vector<std::vector<float>> pupils;
  std::vector<float> zone_children;   // [year * draws + draw]: children of the zone, or leavers of the feeders
  std::vector<double> zone_expected;  // the same, expected, by year

  void prepare(std::size_t grades, std::size_t years, std::size_t draws);
};

// Which years and grades of a stage to draw: all, or those of the cohorts that enter from a year on.
struct Cohorts {
  bool all = true;
  std::size_t entering_from = 0;  // unless all

  bool hold(std::size_t year, std::size_t grade) const { return all || year >= entering_from + grade; }
};

// Draws one stage of a school. Scratch is reused between calls. O(years x (members + grades) x draws).
class SchoolDrawer {
 public:
  explicit SchoolDrawer(const DrawContext& context);
  // What is not of the cohorts is left 0.
  const StageDraws& draw(std::size_t school, std::size_t stage, Cohorts cohorts = {});

 private:
  struct Expected {
    double now = 0;    // of the plan
    double usual = 0;  // of what the school had in the base year
  };
  Expected add_feeders(const SchoolState& s, std::size_t year);
  double add_zone(const SchoolState& s, std::size_t stage, std::size_t year);
  struct BaseChange {
    float kept = 1;    // of the children the school had in the base year, the share it still has
    float gained = 0;  // of the children it has now, the share beyond those
  };
  BaseChange draw_base(std::size_t school, std::size_t stage, std::size_t year);
  void draw_entry(std::size_t school, std::size_t stage, std::size_t year, std::span<float> out);
  void draw_grade(std::size_t school, std::size_t stage, std::size_t year, std::size_t grade);
  void move_in(std::size_t school, std::size_t stage, std::size_t year, std::size_t grade, std::span<float> out);
  void add_chance(std::uint64_t stream, float phi, std::span<float> out);
  std::uint64_t stream(std::size_t school, std::uint64_t purpose, std::uint64_t a, std::uint64_t b) const;

  DrawContext c_;
  StageDraws result_;
  std::vector<float> base_, normal_, school_shock_, ratio_, drift_;
  std::vector<std::vector<float>> unit_factor_;  // of the school at hand: by distinct unit
  std::vector<std::uint32_t> unit_of_factor_;
};

// Schools that end hand their pupils on, so a stage of theirs is drawn before the others', in the order of their years;
// the second stage wants the first's leavers. `leaving` is the context's.
void draw_leaving(const DrawContext& context, std::size_t stage, std::vector<Leaving>& leaving);

}  // namespace catchment::engine::demand
