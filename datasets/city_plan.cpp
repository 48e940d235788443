#include "datasets/city_plan.hpp"

#include <algorithm>
#include <unordered_map>

#include "datasets/zone_answers.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using namespace engine::planning;
using engine::LayerKey;

// Answers of units for years, joined into one edit where they go on.
class PlanMaker {
 public:
  explicit PlanMaker(std::shared_ptr<const PlanCity> city) : plan_(std::move(city)) {}

  void put(UnitIndex unit, StageIndex stage, YearIndex from, YearIndex to, SchoolSet set) {
    auto [plan, answer] = plan_.with_set(std::move(set));
    plan_ = std::move(plan);
    edits_.push_back({unit, stage, from, to, answer});
  }
  void put_nobody(UnitIndex unit, StageIndex stage, YearIndex from, YearIndex to) {
    edits_.push_back({unit, stage, from, to, kNobody});
  }
  CityPlan make() const { return plan_.edited(edits_); }

 private:
  CityPlan plan_;
  std::vector<AnswerEdit> edits_;
};

void add_zones(const CityPackage& package, const PlanCity& city, PlanMaker& maker, std::vector<PlanNote>& notes) {
  const LayerChoice choice = choose_plan_layers(package, city);
  const LayerReader reader(package, city);
  for (const LayerKey& key : choice.passed) {
    notes.push_back({PlanNote::Kind::kind_passed,
                     key.stage,
                     key.school_year,
                     {},
                     "layer " + engine::to_text(key) + " stands beside the one that was taken"});
  }
  for (StageIndex k = 0; k < city.stages.size(); ++k) {
    std::vector<std::pair<int, LayerKey>> layers;
    for (const auto& [when, key] : choice.taken) {
      if (when.first == city.stages[k]) layers.emplace_back(when.second, key);
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const auto ahead = [&](int year) {
        return std::clamp(year - city.school_year(0), 0, static_cast<int>(city.years));
      };
      const int from = i == 0 ? 0 : ahead(layers[i].first);
      const int to = i + 1 == layers.size() ? static_cast<int>(city.years) : ahead(layers[i + 1].first);
      if (from >= to) continue;
      const auto answers = reader.read(layers[i].second, notes);
      for (UnitIndex u = 0; u < city.units.size(); ++u) {
        maker.put(u, k, static_cast<YearIndex>(from), static_cast<YearIndex>(to),
                  {answers[u], SchoolSet::Kind::shared});
      }
    }
  }
  std::ranges::stable_sort(notes, {}, [](const PlanNote& n) { return std::tuple(n.stage, n.school_year, n.kind); });
}

}  // namespace

std::string_view to_word(PlanNote::Kind kind) {
  switch (kind) {
    case PlanNote::Kind::unit_cut:
      return "unit_cut";
    case PlanNote::Kind::no_zone:
      return "no_zone";
    case PlanNote::Kind::kind_passed:
      return "kind_passed";
  }
  return "";
}

LoadedPlan plan_of_zones(const CityPackage& package, std::shared_ptr<const PlanCity> city) {
  PlanMaker maker(city);
  std::vector<PlanNote> notes;
  add_zones(package, *city, maker, notes);
  return {maker.make(), std::move(notes)};
}

LoadedPlan plan_of_package(const CityPackage& package, std::shared_ptr<const PlanCity> city,
                           const std::string& plan_id) {
  const std::vector<engine::Plan> plans = package.plans();
  const auto plan = std::ranges::find(plans, plan_id, &engine::Plan::id);
  if (plan == plans.end()) {
    std::string list;
    for (const engine::Plan& p : plans) list += (list.empty() ? "" : ", ") + p.id;
    throw InputError("plan_unknown", "--plan " + plan_id,
                     plans.empty() ? "the package has no plans" : "the package has no such plan; it has " + list);
  }
  const auto stage = city->find_stage(plan->layer.stage);
  const int ahead = plan->layer.school_year - city->school_year(0);
  if (!stage || ahead >= static_cast<int>(city->years)) {
    throw InputError("plan_unknown", "--plan " + plan_id,
                     "the plan is of " + engine::to_text(plan->layer) + ", outside the stages and years planned");
  }
  PlanMaker maker(city);
  std::vector<PlanNote> notes;
  add_zones(package, *city, maker, notes);
  const auto from = static_cast<YearIndex>(std::max(0, ahead));
  const auto years = static_cast<YearIndex>(city->years);
  for (UnitIndex u = 0; u < city->units.size(); ++u) maker.put_nobody(u, *stage, from, years);
  std::unordered_map<std::string, UnitIndex> units;
  for (UnitIndex u = 0; u < city->units.size(); ++u) units.emplace(city->units[u].id, u);
  for (const engine::PlanUnit& row : package.plan_units()) {
    if (row.plan_id != plan_id) continue;
    const auto unit = units.find(row.unit_id);
    const auto school = city->find_school(row.school_id);
    if (unit == units.end() || !school) {
      throw InputError("plan_row", package.where("plan_unit", {row.plan_id, row.unit_id}),
                       unit == units.end() ? "no unit has the id " + row.unit_id
                                           : "no school that is not closed has the id " + row.school_id);
    }
    maker.put(unit->second, *stage, from, years, {{*school}, SchoolSet::Kind::shared});
  }
  return {maker.make(), std::move(notes)};
}

CityPlan plan_of_rows(std::shared_ptr<const PlanCity> city, const std::vector<PlanRow>& rows) {
  std::unordered_map<std::string, UnitIndex> units;
  for (UnitIndex u = 0; u < city->units.size(); ++u) {
    if (city->units[u].in_force) units.emplace(city->units[u].id, u);
  }
  PlanMaker maker(city);
  std::vector<char> taken(city->units.size() * city->stages.size() * city->years, 0);
  for (const PlanRow& row : rows) {
    const auto fail = [&](const std::string& message) { throw InputError("plan_row", row.where, message); };
    const auto unit = units.find(row.unit);
    if (unit == units.end()) fail("no unit has the id " + row.unit);
    const auto stage = city->find_stage(row.stage);
    if (!stage) fail("the rules have no stage " + std::string(engine::to_word(row.stage)));
    const auto from = city->find_year(row.from_year);
    const auto last = city->find_year(row.to_year);
    if (!from || !last || *last < *from) fail("years outside those planned, or an end before the beginning");
    SchoolSet set{{}, row.kind == "transition" ? SchoolSet::Kind::transition : SchoolSet::Kind::shared};
    for (const std::string& id : row.schools) {
      const auto school = city->find_school(id);
      if (!school) fail("no school has the id " + id);
      set.schools.push_back(*school);
    }
    for (YearIndex y = *from; y <= *last; ++y) {
      char& cell = taken[(unit->second * city->stages.size() + *stage) * city->years + y];
      if (cell != 0) fail("a second row for unit " + row.unit + " in " + std::to_string(city->school_year(y)));
      cell = 1;
    }
    maker.put(unit->second, *stage, *from, *last + 1, std::move(set));
  }
  return maker.make();
}

std::vector<PlanRow> rows_of_plan(const CityPlan& plan) {
  const PlanCity& city = plan.city();
  std::vector<UnitIndex> units;
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    if (city.units[u].in_force) units.push_back(u);
  }
  std::ranges::sort(units, {}, [&](UnitIndex u) -> const std::string& { return city.units[u].id; });
  std::vector<PlanRow> rows;
  for (const UnitIndex u : units) {
    for (StageIndex k = 0; k < city.stages.size(); ++k) {
      for (YearIndex y = 0; y < city.years;) {
        const AnswerIndex answer = plan.answer(u, k, y);
        YearIndex end = y + 1;
        while (end < city.years && plan.answer(u, k, end) == answer) ++end;
        if (answer != kNobody) {
          PlanRow& row = rows.emplace_back();
          row.unit = city.units[u].id, row.stage = city.stages[k];
          row.from_year = city.school_year(y), row.to_year = city.school_year(end - 1);
          for (const SchoolIndex s : plan.schools_of(u, k, y)) row.schools.push_back(city.schools[s].id);
          std::ranges::sort(row.schools);
          if (answer >= kFirstSet) {
            row.kind = plan.set_of(answer).kind == SchoolSet::Kind::transition ? "transition" : "shared";
          }
        }
        y = end;
      }
    }
  }
  return rows;
}

}  // namespace catchment::datasets
