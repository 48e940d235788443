#include "server/cli/season_rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "datasets/feature_file.hpp"
#include "geo/input_error.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;
using nlohmann::ordered_json;

// Means a season to a hundredth of a child: nothing finer is known.
double mean(std::int64_t sum, int draws) {
  return std::round(100.0 * static_cast<double>(sum) / std::max(draws, 1)) / 100;
}

ordered_json count_json(const SeasonCount& c, int draws) {
  ordered_json j{{"children", mean(c.children, draws)},
                 {"admitted", mean(c.admitted, draws)},
                 {"elsewhere", mean(c.elsewhere, draws)},
                 {"unplaced", mean(c.unplaced, draws)},
                 {"far", mean(c.far, draws)}};
  j["walk_m"] = c.walks_known > 0
                    ? ordered_json(std::llround(static_cast<double>(c.walk_m) / static_cast<double>(c.walks_known)))
                    : ordered_json("unknown");
  return j;
}

ordered_json figure_json(const SeasonFigure& f) {
  return {{"mean", std::round(f.mean * 100) / 100}, {"low_90", f.low_90}, {"median", f.median}, {"high_90", f.high_90}};
}

bool is_csv(const std::filesystem::path& file) { return file.extension() == ".csv"; }

std::vector<UnitIndex> units_with_children(const SeasonResult& result) {
  std::vector<UnitIndex> list;
  for (UnitIndex u = 0; u < result.units.size(); ++u)
    if (result.units[u].children > 0) list.push_back(u);
  return list;
}

std::string zone_schools(const CityPlan& plan, const SeasonOptions& options, UnitIndex u) {
  std::string text;
  for (const SchoolIndex s : plan.schools_of(u, options.stage, options.year))
    append_item(text, plan.city().schools[s].id);
  return text;
}

std::string walk_text(const SeasonCount& c) {
  return c.walks_known > 0 ? fixed(static_cast<double>(c.walk_m) / static_cast<double>(c.walks_known), 0) : "";
}

void write_csv(const std::filesystem::path& file, const CityPlan& plan, const SeasonOptions& options,
               const SeasonResult& result) {
  RowOutput out(file);
  out.write("unit,name,schools,children,admitted,elsewhere,unplaced,far,walk_m\n");
  for (const UnitIndex u : units_with_children(result)) {
    const SeasonCount& c = result.units[u];
    std::string line;
    append_csv(line, plan.city().units[u].id);
    line += ',';
    append_csv(line, plan.city().units[u].name);
    line += ',';
    append_csv(line, zone_schools(plan, options, u));
    for (const std::int64_t n : {c.children, c.admitted, c.elsewhere, c.unplaced, c.far})
      line += "," + fixed(mean(n, result.draws), 2);
    out.write(line + "," + walk_text(c) + "\n");
  }
  out.finish();
}

void write_features(const std::filesystem::path& file, const CityPlan& plan, const SeasonOptions& options,
                    const SeasonResult& result) {
  datasets::FeatureFile out(file);
  out.add_table("unit_season", "What becomes of each unit's children, means a season", "MULTIPOLYGON",
                {{"unit_id", "TEXT"},
                 {"name", "TEXT"},
                 {"schools", "TEXT"},
                 {"children", "REAL"},
                 {"admitted", "REAL"},
                 {"elsewhere", "REAL"},
                 {"unplaced", "REAL"},
                 {"far", "REAL"},
                 {"walk_m", "TEXT"}});
  for (const UnitIndex u : units_with_children(result)) {
    const SeasonCount& c = result.units[u];
    const CityUnit& unit = plan.city().units[u];
    const datasets::FeatureGeometry shape =
        unit.shape ? datasets::FeatureGeometry(*unit.shape) : datasets::FeatureGeometry();
    const int n = result.draws;
    out.add("unit_season", shape,
            {unit.id, unit.name, zone_schools(plan, options, u), mean(c.children, n), mean(c.admitted, n),
             mean(c.elsewhere, n), mean(c.unplaced, n), mean(c.far, n), walk_text(c)});
  }
  out.commit();
}

}  // namespace

void check_season_file(const std::string& file) {
  const std::filesystem::path path(file);
  if (!is_csv(path) && path.extension() != ".gpkg")
    throw InputError("output_format", file, "must end in .csv or .gpkg");
}

void write_season_units(const std::filesystem::path& file, const CityPlan& plan, const SeasonOptions& options,
                        const SeasonResult& result) {
  is_csv(file) ? write_csv(file, plan, options, result) : write_features(file, plan, options, result);
}

std::string season_json(const CityPlan& plan, const SeasonOptions& options, const SeasonResult& result) {
  const PlanCity& city = plan.city();
  const int draws = result.draws;
  ordered_json schools = ordered_json::array(), classes = ordered_json::array();
  for (SchoolIndex s = 0; s < result.schools.size(); ++s) {
    const SchoolSeason& school = result.schools[s];
    if (school.zone.children == 0 && school.taken_in == 0 && school.seats.value_or(0) == 0) continue;
    ordered_json j{{"school", city.schools[s].id}, {"name", city.schools[s].name}};
    j.update(count_json(school.zone, draws));
    j["taken_in"] = mean(school.taken_in, draws);
    j["full_probability"] = mean(school.full_draws, draws);
    j["seats"] = school.seats ? ordered_json(*school.seats) : ordered_json("unknown");
    j["classes"] = school.classes;
    j["class_size"] = school.classes > 0
                          ? ordered_json(mean(school.zone.admitted + school.taken_in, draws * school.classes))
                          : ordered_json("unknown");
    schools.push_back(std::move(j));
  }
  for (std::size_t c = 0; c < result.classes.size() && c < options.classes.size(); ++c) {
    ordered_json j{
        {"class", options.classes[c].id}, {"name", options.classes[c].name}, {"tier", options.classes[c].tier}};
    j.update(count_json(result.classes[c], draws));
    classes.push_back(std::move(j));
  }
  SeasonCount all = result.homeless;
  for (const SeasonCount& c : result.units) {
    all.children += c.children, all.admitted += c.admitted, all.elsewhere += c.elsewhere, all.unplaced += c.unplaced;
    all.far += c.far, all.walk_m += c.walk_m, all.walks_known += c.walks_known;
  }
  const ordered_json out{{"stage", engine::to_word(city.stages[options.stage])},
                         {"school_year", city.school_year(options.year)},
                         {"draws", draws},
                         {"seed", options.seed},
                         {"far_m", options.far_m},
                         {"admission", "stub: by tier, then by lot"},
                         {"city", count_json(all, draws)},
                         {"turned_away", figure_json(result.turned_away)},
                         {"unplaced", figure_json(result.unplaced)},
                         {"far", figure_json(result.far)},
                         {"without_address", mean(result.homeless.children, draws)},
                         {"households", classes},
                         {"schools", schools}};
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

void print_season(const CityPlan& plan, const SeasonOptions& options, const SeasonResult& result) {
  const PlanCity& city = plan.city();
  std::printf("%s %d, %d draws; admission by tier, then by lot (a stand-in for the city's policy)\n",
              std::string(engine::to_word(city.stages[options.stage])).c_str(), city.school_year(options.year),
              result.draws);
  const auto line = [](const char* what, const SeasonFigure& f) {
    std::printf("%-28s mean %.1f, 90 %% of seasons %d to %d\n", what, f.mean, f.low_90, f.high_90);
  };
  line("turned away by their school", result.turned_away);
  line("without any seat in reach", result.unplaced);
  line(("walk more than " + std::to_string(options.far_m) + " m").c_str(), result.far);
  for (std::size_t c = 0; c < options.classes.size(); ++c) {
    const SeasonCount& k = result.classes[c];
    std::printf("%-28s %.1f children, %.1f at their zone's school, %.1f elsewhere, %.1f unplaced\n",
                options.classes[c].id.c_str(), mean(k.children, result.draws), mean(k.admitted, result.draws),
                mean(k.elsewhere, result.draws), mean(k.unplaced, result.draws));
  }
  std::printf("\n%-14s %9s %6s %9s %9s %9s %8s\n", "school", "children", "seats", "admitted", "elsewhere", "taken in",
              "full in");
  for (SchoolIndex s = 0; s < result.schools.size(); ++s) {
    const SchoolSeason& school = result.schools[s];
    if (school.full_draws == 0 && school.taken_in == 0) continue;
    std::printf("%-14s %9.1f %6s %9.1f %9.1f %9.1f %6.0f %%\n", city.schools[s].id.c_str(),
                mean(school.zone.children, result.draws), school.seats ? std::to_string(*school.seats).c_str() : "?",
                mean(school.zone.admitted, result.draws), mean(school.zone.elsewhere, result.draws),
                mean(school.taken_in, result.draws), 100.0 * school.full_draws / std::max(result.draws, 1));
  }
}

}  // namespace catchment::cli
