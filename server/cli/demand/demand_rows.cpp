#include "server/cli/demand/demand_rows.hpp"

#include <algorithm>

#include "datasets/feature_file.hpp"
#include "engine/demand/estimates.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli {
namespace {

using namespace engine::demand;
using nlohmann::ordered_json;

constexpr int kDigits = 2;

const StageRule* stage_of(const DemandRules& rules, int grade) {
  for (const StageRule& rule : rules.stages) {
    if (grade >= rule.first_grade && grade <= rule.last_grade) return &rule;
  }
  return nullptr;
}

class RowMaker {
 public:
  RowMaker(const DemandCity& city, const DemandModel& model, const Forecaster& forecaster)
      : city_(city), model_(model), forecaster_(forecaster), forecast_(forecaster.forecast()) {}

  std::vector<ForecastRow> make(const std::vector<DemandArea>& areas) {
    for (const SchoolForecast& school : forecast_.schools) add_school(school);
    for (const DemandArea& area : areas) add_zone(area);
    for (const GradeForecast& grade : forecast_.city.grades) add_city(grade, grade.grade);
    for (const GradeForecast& stage : forecast_.city.stages) add_city(stage, 0);
    return std::move(rows_);
  }

 private:
  // The level a grade's ratio was learnt at; of a school that only a scenario knows, its district's.
  std::string level_of(const std::string& school_id, const StageRule& rule, int grade) const {
    const auto at = model_.history.find_school(school_id);
    if (!at) return std::string(to_word(Level::district));
    const SchoolModel& m = model_.schools[*at];
    if (grade == rule.first_grade) return std::string(to_word(m.entry[stage_place(city_.rules, rule.stage)].from));
    const auto place = static_cast<std::size_t>(grade - model_.history.lowest_grade());
    return place < m.progression.size() ? std::string(to_word(m.progression[place].from)) : std::string();
  }

  void add_school(const SchoolForecast& school) {
    for (const GradeForecast& grade : school.grades) {
      const StageRule* rule = stage_of(city_.rules, grade.grade);
      if (rule == nullptr) continue;
      ForecastRow row{"school",    school.school_id, city_.name_of(school.school_id),
                      rule->stage, grade.grade,      0,
                      {},          school.shrunk,    level_of(school.school_id, *rule, grade.grade)};
      add_years(row, grade.years);
    }
  }

  void add_years(ForecastRow row, const std::vector<Estimate>& years) {
    for (std::size_t i = 0; i < years.size(); ++i) {
      row.school_year = forecast_.base_year + 1 + static_cast<int>(i);
      row.estimate = years[i];
      rows_.push_back(row);
    }
  }

  void add_city(const GradeForecast& grade, int shown) {
    const StageRule* rule = stage_of(city_.rules, grade.grade);
    if (rule != nullptr) add_years({"city", "", "", rule->stage, shown, 0, {}, false, ""}, grade.years);
  }

  const SchoolForecast* find(const std::string& id) const {
    const auto at = std::ranges::lower_bound(forecast_.schools, id, {}, &SchoolForecast::school_id);
    return at == forecast_.schools.end() || at->school_id != id ? nullptr : &*at;
  }

  void add_zone(const DemandArea& area) {
    const std::size_t stage = stage_place(city_.rules, area.stage);
    if (stage >= kStages || stage >= city_.rules.stages.size()) return;
    const int entry = city_.rules.stages[stage].first_grade;
    ForecastRow row{"zone", area.id, area.name, area.stage, entry, 0, {}, false, ""};
    std::vector<std::size_t> places;
    std::vector<Estimate> own;
    for (const std::string& id : area.school_ids) {
      const SchoolForecast* school = find(id);
      if (school == nullptr) continue;
      const auto grade = std::ranges::find(school->grades, entry, &GradeForecast::grade);
      if (grade == school->grades.end()) continue;
      places.push_back(static_cast<std::size_t>(school - forecast_.schools.data()));
      row.shrunk = row.shrunk || school->shrunk;
      own = grade->years;
    }
    if (places.size() > 1) own = together(places, stage);
    add_years(row, own);
  }

  // Schools that share a zone, draw by draw.
  std::vector<Estimate> together(const std::vector<std::size_t>& places, std::size_t stage) const {
    std::vector<std::vector<float>> sums;
    for (const std::size_t place : places) {
      const auto draws = forecaster_.entry_draws(place, stage);
      if (sums.empty()) {
        sums = draws;
        continue;
      }
      for (std::size_t y = 0; y < sums.size(); ++y) {
        for (std::size_t d = 0; d < sums[y].size(); ++d) sums[y][d] += draws[y][d];
      }
    }
    std::vector<Estimate> years;
    for (const std::vector<float>& sum : sums) years.push_back(estimate(sum, {1, 1, 1}));
    return years;
  }

  const DemandCity& city_;
  const DemandModel& model_;
  const Forecaster& forecaster_;
  const Forecast& forecast_;
  std::vector<ForecastRow> rows_;
};

ordered_json flow_json(const EntryFlow& flow) {
  return {{"zone_children", flow.zone_children},   {"from_outside", flow.from_outside}, {"enrolled", flow.enrolled},
          {"private_school", flow.private_school}, {"elsewhere", flow.elsewhere},       {"migrant", flow.migrant}};
}

ordered_json grades_json(const std::vector<GradeForecast>& grades, int base_year) {
  ordered_json list = ordered_json::array();
  for (const GradeForecast& grade : grades) {
    ordered_json years = ordered_json::array();
    for (std::size_t i = 0; i < grade.years.size(); ++i) {
      ordered_json year{{"school_year", base_year + 1 + static_cast<int>(i)}};
      year.update(to_json(grade.years[i]));
      years.push_back(std::move(year));
    }
    list.push_back({{"grade", grade.grade}, {"years", years}});
  }
  return list;
}

const std::vector<datasets::FeatureColumn> kForecastColumns{
    {"stage", "TEXT"},   {"grade", "INTEGER"}, {"school_year", "INTEGER"}, {"mean", "REAL"},
    {"median", "REAL"},  {"low_50", "REAL"},   {"high_50", "REAL"},        {"low_80", "REAL"},
    {"high_80", "REAL"}, {"low_90", "REAL"},   {"high_90", "REAL"},        {"shrunk", "INTEGER"}};

std::vector<datasets::FeatureValue> values_of(std::vector<datasets::FeatureValue> first, const ForecastRow& row) {
  const Estimate& e = row.estimate;
  first.insert(first.end(), {std::string(engine::to_word(row.stage)), std::int64_t{row.grade},
                             std::int64_t{row.school_year}, e.mean, e.median});
  for (std::size_t level = 0; level < kLevels.size(); ++level) first.insert(first.end(), {e.low[level], e.high[level]});
  first.emplace_back(std::int64_t{row.shrunk ? 1 : 0});
  return first;
}

std::vector<datasets::FeatureColumn> columns_of(std::vector<datasets::FeatureColumn> first) {
  first.insert(first.end(), kForecastColumns.begin(), kForecastColumns.end());
  return first;
}

}  // namespace

std::vector<ForecastRow> forecast_rows(const DemandCity& city, const DemandModel& model, const Forecaster& forecaster,
                                       const std::vector<DemandArea>& areas) {
  return RowMaker(city, model, forecaster).make(areas);
}

std::string to_csv(const std::vector<ForecastRow>& rows) {
  std::string out =
      "area,id,name,stage,grade,school_year,mean,median,low_50,high_50,low_80,high_80,low_90,high_90,shrunk,from\n";
  for (const ForecastRow& row : rows) {
    out += row.area + ",";
    append_csv(out, row.id);
    out += ",";
    append_csv(out, row.name);
    out.append(",").append(engine::to_word(row.stage)).append(",");
    out += (row.grade == 0 ? "all" : std::to_string(row.grade)) + "," + std::to_string(row.school_year);
    out += "," + fixed(row.estimate.mean, kDigits) + "," + fixed(row.estimate.median, kDigits);
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
      out += "," + fixed(row.estimate.low[level], kDigits) + "," + fixed(row.estimate.high[level], kDigits);
    }
    out += std::string(row.shrunk ? ",yes," : ",no,") + row.from + "\n";
  }
  return out;
}

ordered_json to_json(const Estimate& e) {
  return {{"mean", e.mean}, {"median", e.median}, {"low", e.low}, {"high", e.high}};
}

ordered_json to_json(const DataNote& note) {
  return {{"kind", to_word(note.kind)}, {"where", note.where}, {"message", note.message}};
}

ordered_json forecast_json(const DemandCity& city, const Forecast& forecast, const std::vector<ForecastRow>& rows) {
  ordered_json schools = ordered_json::array();
  for (const SchoolForecast& school : forecast.schools) {
    ordered_json flows = ordered_json::array();
    for (const EntryFlow& flow : school.entry) flows.push_back(flow_json(flow));
    schools.push_back({{"id", school.school_id},
                       {"name", city.name_of(school.school_id)},
                       {"shrunk", school.shrunk},
                       {"entry_from", to_word(school.entry_from)},
                       {"entry_sample", school.entry_sample},
                       {"grades", grades_json(school.grades, forecast.base_year)},
                       {"entry", flows}});
  }
  ordered_json zones = ordered_json::array();
  for (const ForecastRow& row : rows) {
    if (row.area != "zone") continue;
    if (zones.empty() || zones.back()["id"] != row.id || zones.back()["stage"] != engine::to_word(row.stage)) {
      zones.push_back({{"id", row.id},
                       {"name", row.name},
                       {"stage", engine::to_word(row.stage)},
                       {"grade", row.grade},
                       {"years", ordered_json::array()}});
    }
    ordered_json year{{"school_year", row.school_year}};
    year.update(to_json(row.estimate));
    zones.back()["years"].push_back(std::move(year));
  }
  ordered_json notes = ordered_json::array();
  for (const DataNote& note : city.history.notes) notes.push_back(to_json(note));
  return {{"synthetic", city.package.synthetic()},
          {"base_year", forecast.base_year},
          {"horizon", forecast.horizon},
          {"draws", forecast.draws},
          {"seed", forecast.seed},
          {"rules", city.rules_name},
          {"levels", kLevels},
          {"schools", schools},
          {"zones", zones},
          {"city",
           {{"grades", grades_json(forecast.city.grades, forecast.base_year)},
            {"stages", grades_json(forecast.city.stages, forecast.base_year)}}},
          {"notes", notes}};
}

void write_forecast_features(const std::string& path, const DemandCity& city, const std::vector<DemandArea>& areas,
                             const std::vector<ForecastRow>& rows) {
  datasets::FeatureFile file(path);
  file.add_table("zone_forecast", "Entry-grade pupils to come, by zone and year", "MULTIPOLYGON",
                 columns_of({{"zone_id", "TEXT"}, {"name", "TEXT"}}));
  file.add_table("campus_forecast", "Entry-grade pupils to come of the campus's school, by year", "POINT",
                 columns_of({{"campus_id", "TEXT"}, {"school_id", "TEXT"}, {"name", "TEXT"}}));
  std::map<std::pair<engine::Stage, std::string>, const DemandArea*> shapes;
  for (const DemandArea& area : areas) shapes[{area.stage, area.id}] = &area;
  std::map<std::string, std::vector<engine::Campus>> campuses;
  for (const engine::Campus& campus : city.package.campuses()) campuses[campus.school_id].push_back(campus);
  for (const ForecastRow& row : rows) {
    if (row.area == "zone") {
      file.add("zone_forecast", shapes.at({row.stage, row.id})->shape, values_of({row.id, row.name}, row));
    }
    const bool entry = row.grade == city.rules.find(row.stage)->first_grade;
    if (row.area != "school" || !entry) continue;
    for (const engine::Campus& campus : campuses[row.id]) {
      file.add("campus_forecast", campus.position, values_of({campus.id, row.id, row.name}, row));
    }
  }
  file.commit();
}

}  // namespace catchment::cli
