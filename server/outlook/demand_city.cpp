#include "server/outlook/demand_city.hpp"

#include <algorithm>

#include "datasets/city_demand.hpp"
#include "datasets/demand_rules.hpp"
#include "geo/input_error.hpp"

namespace catchment::outlook {

using namespace engine::demand;

namespace {

int last_enrolment(const DemandInput& input) {
  int last = 0;
  for (const engine::Enrolment& row : input.enrolment) last = std::max(last, row.school_year);
  return last;
}

// From the year after the base year on (or the plan's own, if later), its stage is assigned as the plan says.
void apply_plan(const datasets::CityPackage& package, const std::string& id, int base_year, DemandInput& input) {
  std::string list;
  const engine::Plan* plan = nullptr;
  const std::vector<engine::Plan> plans = package.plans();
  for (const engine::Plan& p : plans) {
    list += (list.empty() ? "" : ", ") + p.id;
    if (p.id == id) plan = &p;
  }
  if (plan == nullptr) {
    throw InputError("plan_unknown", "--plan " + id,
                     plans.empty() ? "the package has no plans" : "the package has no such plan; it has " + list);
  }
  const int from = std::max(plan->layer.school_year, base_year + 1);
  std::erase_if(input.assignment,
                [&](const UnitSchool& a) { return a.stage == plan->layer.stage && a.school_year >= from; });
  for (const engine::PlanUnit& row : package.plan_units()) {
    if (row.plan_id != id) continue;
    const bool known = std::ranges::find(input.schools, row.school_id, &SchoolPlace::school_id) != input.schools.end();
    if (!known) {
      throw InputError("plan_row", package.where("plan_unit", {row.plan_id, row.unit_id}),
                       "no school has the id " + row.school_id);
    }
    input.assignment.push_back({row.unit_id, row.school_id, plan->layer.stage, from, 1});
  }
}

}  // namespace

const std::string& DemandCity::name_of(const std::string& school_id) const {
  const auto at = names.find(school_id);
  return at == names.end() || at->second.empty() ? school_id : at->second;
}

bool DemandCity::is_private(const std::string& school_id) const {
  const auto at = ownership.find(school_id);
  return at != ownership.end() && at->second == "private";
}

DemandCity read_demand_city(const CityChoice& options) {
  datasets::CityPackage package = datasets::CityPackage::open(options.package);
  DemandRules rules =
      options.rules.empty() ? datasets::shipped_demand_rules() : datasets::load_demand_rules(options.rules);
  DemandInput input = datasets::load_demand_input(package, rules);
  if (input.enrolment.empty()) {
    throw InputError("demand_no_enrolment", options.package.string() + ": enrolment",
                     "the package has no enrolment: import pupils by school, year and grade first");
  }
  const int base_year = options.base_year != 0 ? options.base_year : last_enrolment(input);
  if (!options.plan.empty()) apply_plan(package, options.plan, base_year, input);
  DemandCity city{std::move(package),
                  rules,
                  options.rules.empty() ? "shipped" : options.rules.string(),
                  CityHistory::make(input, rules),
                  {},
                  {},
                  base_year};
  for (const SchoolPlace& school : input.schools) {
    city.names[school.school_id] = school.name;
    city.ownership[school.school_id] = school.ownership;
  }
  return city;
}

std::size_t stage_place(const DemandRules& rules, engine::Stage stage) {
  const auto at = std::ranges::find(rules.stages, stage, &StageRule::stage);
  return static_cast<std::size_t>(at - rules.stages.begin());
}

std::unique_ptr<SeatBook> make_seat_book(const DemandCity& city, const Forecast& forecast) {
  auto book = std::make_unique<SeatBook>();
  book->city =
      datasets::load_city_seats(city.package, city.rules, forecast.base_year, forecast.base_year + forecast.horizon);
  SeatInput& input = book->city.input;
  const std::vector<GradePupils> expected = expected_pupils(forecast, input.units, input.pupils, city.rules);
  input.pupils.insert(input.pupils.end(), expected.begin(), expected.end());
  book->ledger = make_seat_ledger(input, city.rules);
  for (const AdmissionUnit& unit : input.units) book->units[unit.id] = &unit;
  for (const SeatCampus& campus : input.campuses) book->campus_school[campus.id] = campus.school_id;
  return book;
}

}  // namespace catchment::outlook
