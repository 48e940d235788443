// `catchment demand fit`: what was learnt from the city's past, each ratio with its sample and where it comes from.
#include <cmath>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "geo/input_error.hpp"
#include "server/cli/demand/demand.hpp"
#include "server/cli/demand/demand_city.hpp"
#include "server/cli/demand/demand_rows.hpp"
#include "server/cli/quote.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli {
namespace {

using namespace engine::demand;
using nlohmann::ordered_json;

struct DemandFitArguments : DemandOptions {
  std::string district, school;
  bool schools = false;
};

ordered_json ratio_json(const Ratio& r) {
  return {{"value", r.value}, {"sample", r.sample}, {"log_sd", r.log_sd}, {"from", to_word(r.from)}};
}

// A district's or school's ratio with the city's own error, for one who reads it by itself.
Ratio whole(Ratio ratio, const Ratio& city) {
  ratio.log_sd = std::hypot(ratio.log_sd, city.log_sd);
  return ratio;
}

ordered_json school_json(const DemandCity& city, const DemandModel& model, const std::string& id,
                         const SchoolModel& school) {
  ordered_json entry = ordered_json::array(), progression = ordered_json::array();
  const auto& stages = city.rules.stages;
  for (std::size_t k = 0; k < std::min(kStages, stages.size()); ++k) {
    if (!school.teaches[k]) continue;
    ordered_json one{{"stage", engine::to_word(stages[k].stage)}};
    one.update(ratio_json(whole(school.entry[k], model.city_entry[k])));
    one["out_of_area"] = school.out_of_area[k], one["migrant"] = school.migrant[k];
    entry.push_back(std::move(one));
    for (int grade = stages[k].first_grade + 1; grade <= stages[k].last_grade; ++grade) {
      const auto place = static_cast<std::size_t>(grade - model.history.lowest_grade());
      if (place >= school.progression.size()) continue;
      ordered_json step{{"grade", grade}};
      step.update(ratio_json(whole(school.progression[place], model.city_progression[place])));
      progression.push_back(std::move(step));
    }
  }
  return {{"id", id},
          {"name", city.name_of(id)},
          {"shrunk", school.shrunk},
          {"entry", entry},
          {"progression", progression}};
}

ordered_json noise_json(const Noise& n) {
  return {{"entry_ratio", n.entry_ratio},     {"progress_ratio", n.progress_ratio},   {"entry_city", n.entry_city},
          {"entry_school", n.entry_school},   {"entry_drift", n.entry_drift},         {"entry_phi", n.entry_phi},
          {"progress_city", n.progress_city}, {"progress_school", n.progress_school}, {"progress_phi", n.progress_phi},
          {"cohort_memory", n.cohort_memory}};
}

constexpr std::array<const char*, kOutcomeKinds> kKinds{"entry",         "arriving",   "sitting",
                                                        "zone_children", "city_grade", "city_stage"};

ordered_json calibration_json(const Calibration& c) {
  ordered_json factors = ordered_json::array();
  for (std::size_t kind = 0; kind < kOutcomeKinds; ++kind) {
    for (std::size_t ahead = 0; ahead < Calibration::kYears; ++ahead) {
      factors.push_back({{"kind", kKinds[kind]}, {"ahead", ahead + 1}, {"factors", c.factor[kind][ahead]}});
    }
  }
  return {{"origins", c.origins}, {"levels", kLevels}, {"factors", factors}};
}

ordered_json city_json(const DemandCity& city, const DemandModel& model) {
  ordered_json ageing = ordered_json::array(), progression = ordered_json::array(), entry = ordered_json::array();
  for (std::size_t i = 0; i < model.ageing.size(); ++i) {
    ordered_json one{{"from_age", static_cast<int>(i) - 1}};
    one.update(ratio_json(model.ageing[i]));
    ageing.push_back(std::move(one));
  }
  for (std::size_t i = 0; i < model.city_progression.size(); ++i) {
    ordered_json one{{"grade", model.history.lowest_grade() + static_cast<int>(i)}};
    one.update(ratio_json(model.city_progression[i]));
    progression.push_back(std::move(one));
  }
  for (std::size_t k = 0; k < model.city_entry.size(); ++k) {
    ordered_json one{{"stage", engine::to_word(city.rules.stages[k].stage)}};
    one.update(ratio_json(model.city_entry[k]));
    entry.push_back(std::move(one));
  }
  return {{"ageing", ageing}, {"progression", progression}, {"entry", entry}, {"private_share", model.private_share}};
}

ordered_json yields_json(const HousingYields& yields) {
  ordered_json list = ordered_json::array();
  for (std::size_t kind = 0; kind < HousingYields::kKinds.size(); ++kind) {
    for (std::size_t band = 0; band < HousingYields::kAgeFrom.size(); ++band) {
      ordered_json one{{"kind", HousingYields::kKinds[kind]}, {"years_from", HousingYields::kAgeFrom[band]}};
      one.update(ratio_json(yields.by_kind[kind][band]));
      list.push_back(std::move(one));
    }
  }
  return list;
}

ordered_json model_json(const DemandCity& city, const DemandModel& model) {
  ordered_json districts = ordered_json::array(), schools = ordered_json::array(), notes = ordered_json::array();
  for (std::size_t d = 0; d < model.district_model.size(); ++d) {
    SchoolModel all = model.district_model[d];
    all.teaches = {true, city.rules.stages.size() > 1};
    ordered_json one = school_json(city, model, model.history.districts[d], all);
    one.erase("shrunk"), one.erase("name");
    districts.push_back(std::move(one));
  }
  for (std::size_t s = 0; s < model.schools.size(); ++s) {
    schools.push_back(school_json(city, model, model.history.schools[s].school_id, model.schools[s]));
  }
  for (const DataNote& note : city.history.notes) notes.push_back(cli::to_json(note));
  return {{"base_year", model.base_year},
          {"first_year", model.history.first_year()},
          {"units", model.history.units.size()},
          {"rules", city.rules_name},
          {"city", city_json(city, model)},
          {"districts", districts},
          {"schools", schools},
          {"housing_yields", yields_json(model.yields)},
          {"noise", noise_json(model.noise)},
          {"calibration", calibration_json(model.calibration)},
          {"notes", notes}};
}

void print_ratio(const std::string& what, const Ratio& r) {
  std::cout << "  " << what << std::string(what.size() < 30 ? 30 - what.size() : 1, ' ') << fixed(r.value, 4)
            << (r.log_sd > 0 ? " +- " + fixed(100 * r.log_sd, 1) + " %" : "") << "   seen on " << fixed(r.sample, 0)
            << ", from " << to_word(r.from) << "\n";
}

void print_model(const DemandCity& city, const DemandModel& model, const SchoolModel& school) {
  const auto& stages = city.rules.stages;
  for (std::size_t k = 0; k < std::min(kStages, stages.size()); ++k) {
    if (!school.teaches[k]) continue;
    print_ratio("entry " + std::string(engine::to_word(stages[k].stage)), whole(school.entry[k], model.city_entry[k]));
    for (int grade = stages[k].first_grade + 1; grade <= stages[k].last_grade; ++grade) {
      const auto place = static_cast<std::size_t>(grade - model.history.lowest_grade());
      if (place < school.progression.size()) {
        print_ratio("into grade " + std::to_string(grade),
                    whole(school.progression[place], model.city_progression[place]));
      }
    }
  }
}

void print_city(const DemandCity& city, const DemandModel& model) {
  std::cout << "base year " << model.base_year << ", rows from " << model.history.first_year() << ", "
            << model.history.units.size() << " units, " << model.history.schools.size() << " schools\n"
            << "city: children of an age for one of the age before, a year earlier\n";
  for (std::size_t i = 0; i < model.ageing.size(); ++i) {
    if (model.ageing[i].sample <= 0) continue;
    print_ratio(i == 0 ? "births to age 0" : "age " + std::to_string(i - 1) + " to " + std::to_string(i),
                model.ageing[i]);
  }
  std::cout << "city: pupils for one of the grade below, a year earlier\n";
  for (std::size_t i = 0; i < model.city_progression.size(); ++i) {
    if (model.city_progression[i].sample <= 0) continue;
    print_ratio("into grade " + std::to_string(model.history.lowest_grade() + static_cast<int>(i)),
                model.city_progression[i]);
  }
  std::cout << "city: entry pupils for a child of the zone, or a leaver of the feeders\n";
  for (std::size_t k = 0; k < model.city_entry.size(); ++k) {
    print_ratio(std::string(engine::to_word(city.rules.stages[k].stage)), model.city_entry[k]);
  }
  const Noise& n = model.noise;
  std::cout << "what ratios cannot know (standard deviations of logarithms): entry city " << fixed(n.entry_city, 3)
            << ", school and year " << fixed(n.entry_school, 3) << ", school drifting " << fixed(n.entry_drift, 3)
            << "; going up city " << fixed(n.progress_city, 3) << ", school and year " << fixed(n.progress_school, 3)
            << "\n";
}

void print_calibration(const Calibration& c) {
  std::cout << "intervals calibrated on " << c.origins << " past origins; spread of the 90 % interval multiplied by\n";
  for (std::size_t kind = 0; kind < kOutcomeKinds; ++kind) {
    std::cout << "  " << kKinds[kind] << std::string(14 - std::string_view(kKinds[kind]).size(), ' ');
    for (std::size_t ahead = 0; ahead < 5; ++ahead) std::cout << " " << fixed(c.factor[kind][ahead][2], 2);
    std::cout << "  (1 to 5 years ahead)\n";
  }
}

std::size_t place_of(const std::vector<std::string>& ids, const std::string& id, const char* option) {
  const auto at = std::ranges::find(ids, id);
  if (at == ids.end()) throw InputError("demand_unknown", option + (" " + id), "the package has no such id");
  return static_cast<std::size_t>(at - ids.begin());
}

int run(const DemandFitArguments& options, const Invocation& invocation) {
  const DemandCity city = read_demand_city(options);
  std::vector<std::string> ids;
  for (const SchoolPlace& school : city.history.schools) ids.push_back(school.school_id);
  if (!options.school.empty()) place_of(ids, options.school, "--school");
  if (!options.district.empty()) place_of(city.history.districts, options.district, "--district");
  ProgressBar bar("%");
  const auto model = fit_city(city, options, bar);
  if (model == nullptr) return kCancelled;
  if (invocation.wants_json()) {
    write_output(invocation.json_path,
                 model_json(city, *model).dump(2, ' ', false, ordered_json::error_handler_t::replace));
  }
  if (invocation.json_path == "-") return kDone;
  print_city(city, *model);
  for (std::size_t d = 0; d < model->district_model.size(); ++d) {
    const std::string& id = city.history.districts[d];
    if (id.empty() || (!options.district.empty() && id != options.district)) continue;
    SchoolModel all = model->district_model[d];
    all.teaches = {true, city.rules.stages.size() > 1};
    std::cout << "district " << printable(id) << "\n";
    print_model(city, *model, all);
  }
  for (std::size_t s = 0; s < model->schools.size(); ++s) {
    if (!options.schools && ids[s] != options.school) continue;
    std::cout << "school " << printable(ids[s]) << " " << printable(city.name_of(ids[s]))
              << (model->schools[s].shrunk ? " (leans on its district)" : "") << "\n";
    print_model(city, *model, model->schools[s]);
  }
  print_calibration(model->calibration);
  for (const DataNote& note : city.history.notes) {
    std::cout << to_word(note.kind) << ": " << printable(note.where) << ": " << printable(note.message) << "\n";
  }
  return kDone;
}

}  // namespace

void register_demand_fit(CLI::App& demand, Invocation& invocation) {
  auto options = std::make_shared<DemandFitArguments>();
  CLI::App* command = demand.add_subcommand(
      "fit", "Learn the city's ratios from its past; print each with its sample and the level it comes from");
  add_city_options(*command, *options);
  command->add_option("--district", options->district, "Print this district only");
  command->add_option("--school", options->school, "Print this school too");
  command->add_flag("--schools", options->schools, "Print every school");
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
