#include <algorithm>

#include "engine/demand/calibration.hpp"
#include "engine/demand/fit_parts.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::demand {
namespace {

// Years of its own a school needs for its ratios to be its own.
constexpr int kOwnYears = 3;

void mark_shrunk(DemandModel& model) {
  const CityHistory& h = model.history;
  for (std::size_t s = 0; s < h.schools.size(); ++s) {
    int years = 0;
    for (int year = h.first_year(); year <= model.base_year; ++year) {
      bool any = false;
      for (int g = 0; g < h.grades(); ++g) any = any || h.pupils(s, year, h.lowest_grade() + g) >= 0;
      years += any ? 1 : 0;
    }
    model.schools[s].shrunk = years < kOwnYears;
  }
}

// A stage is taught next year if it is taught in the base year or is yet to begin. The status speaks of today only: of
// an earlier base year the pupils tell.
void mark_teaching(DemandModel& model) {
  const CityHistory& h = model.history;
  const bool today = model.base_year == h.last_year();
  for (std::size_t s = 0; s < h.schools.size(); ++s) {
    for (std::size_t k = 0; k < std::min(kStages, h.rules().stages.size()); ++k) {
      const StageRule& rule = h.rules().stages[k];
      bool ever = false, now = false;
      for (int grade = rule.first_grade; grade <= rule.last_grade; ++grade) {
        for (int year = h.first_year(); year <= model.base_year; ++year) ever = ever || h.pupils(s, year, grade) > 0;
        now = now || h.pupils(s, model.base_year, grade) > 0;
      }
      const bool listed = std::ranges::find(h.schools[s].stages, rule.stage) != h.schools[s].stages.end();
      const bool closed = today && h.schools[s].status == "closed";
      model.schools[s].teaches[k] = !closed && (now || (!ever && listed));
    }
  }
}

}  // namespace

Calibration::Calibration() {
  for (auto& kind : factor) {
    for (auto& year : kind) year.fill(1);
  }
}

DemandModel fit_once(const CityHistory& history, int base_year) {
  DemandModel model;
  model.history = history;
  model.base_year = base_year;
  model.schools.resize(history.schools.size());
  model.district_model.resize(history.districts.size());
  fit_yields(model);
  fit_progression(model);
  fit_ageing(model);
  fit_entry(model);
  for (SchoolModel& m : model.district_model) {
    m.sitting.assign(static_cast<std::size_t>(history.grades()), 0);
    m.before.assign(static_cast<std::size_t>(history.grades()), kUnknown);
    m.own_share = {kUnknown, kUnknown};
    m.shrunk = true;
  }
  mark_shrunk(model);
  mark_teaching(model);
  return model;
}

DemandModel fit(const CityHistory& history, const FitOptions& options) {
  const int base_year = options.base_year != 0 ? options.base_year : history.last_year();
  if (base_year < history.first_year() || base_year > history.last_year()) {
    throw InputError("demand_base_year", "base_year",
                     "the base year must be " + std::to_string(history.first_year()) + " to " +
                         std::to_string(history.last_year()) + ", not " + std::to_string(base_year));
  }
  DemandModel model = fit_once(history, base_year);
  if (options.calibrate) model.calibration = calibrate(history, base_year, options.threads, options.progress);
  return model;
}

}  // namespace catchment::engine::demand
