// `catchment plan apply`: a plan of a package, changed as a scenario says, as zones with their words.
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/plan_scenario.hpp"
#include "engine/planning/city/plan_demand.hpp"
#include "engine/planning/city/plan_zones.hpp"
#include "geo/input_error.hpp"
#include "server/cli/city_notice.hpp"
#include "server/cli/plan.hpp"
#include "server/cli/plan_city.hpp"
#include "server/cli/plan_output.hpp"
#include "server/cli/quote.hpp"
#include "server/plans/plan_json.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;
using nlohmann::ordered_json;

struct PlanApplyArguments {
  PlanCityOptions city;
  std::string scenario, out, units, demand_out, snapshot, plan_id, package_out;
  bool text = true;
};

ordered_json ids_of_units(const PlanCity& city, const std::vector<UnitIndex>& units) {
  ordered_json list = ordered_json::array();
  for (const UnitIndex u : units) list.push_back(city.units[u].id);
  return list;
}

ordered_json ids_of_schools(const PlanCity& city, const std::vector<SchoolIndex>& schools) {
  ordered_json list = ordered_json::array();
  for (const SchoolIndex s : schools) list.push_back(city.schools[s].id);
  return list;
}

ordered_json changes_json(const CityPlan& plan) {
  ordered_json list = ordered_json::array();
  for (const AppliedChange* applied : plan.history()) {
    std::vector<UnitIndex> units;
    for (const AnswerEdit& e : applied->edits) {
      if (units.empty() || units.back() != e.unit) units.push_back(e.unit);
    }
    ordered_json one{{"change", engine::planning::to_word(*applied->change)}};
    if (!applied->change->note.empty()) one["note"] = applied->change->note;
    if (const Phasing& phasing = applied->change->phasing; phasing != Phasing{}) {
      one["phasing"] = {{"sitting", phasing.sitting_stay ? "stay" : "move"}, {"move_grades", phasing.move_grades}};
      if (phasing.siblings_until != 0) one["phasing"]["siblings_until"] = phasing.siblings_until;
      if (!phasing.opt_in_until.empty()) one["phasing"]["opt_in_until"] = phasing.opt_in_until;
    }
    one["units"] = ids_of_units(plan.city(), units);
    list.push_back(std::move(one));
  }
  return list;
}

ordered_json zones_json(const PlanCity& city, const PlanZones& zones) {
  ordered_json list = ordered_json::array();
  for (std::size_t i = 0; i < zones.zones.size(); ++i) {
    const PlanZone& zone = zones.zones[i];
    ordered_json one{{"zone", zone.id},
                     {"stage", engine::to_word(city.stages[zone.stage])},
                     {"from_year", city.school_year(zone.from)},
                     {"to_year", city.school_year(zone.to - 1)},
                     {"schools", ids_of_schools(city, zone.schools)},
                     {"units", ids_of_units(city, zone.units)}};
    if (!zones.texts.empty()) one["text"] = zones.texts[i];
    list.push_back(std::move(one));
  }
  return list;
}

ordered_json notes_json(const std::vector<datasets::PlanNote>& notes) {
  ordered_json list = ordered_json::array();
  for (const datasets::PlanNote& note : notes) {
    list.push_back({{"kind", datasets::to_word(note.kind)},
                    {"stage", engine::to_word(note.stage)},
                    {"school_year", note.school_year},
                    {"units", note.units},
                    {"message", note.message}});
  }
  return list;
}

// As datasets/policy/demand_scenario.schema.json has it.
ordered_json demand_json(const std::vector<engine::demand::ScenarioChange>& changes) {
  using Kind = engine::demand::ScenarioChange::Kind;
  ordered_json list = ordered_json::array();
  for (const engine::demand::ScenarioChange& c : changes) {
    switch (c.kind) {
      case Kind::reassign_unit:
        list.push_back({{"change", "reassign_unit"},
                        {"from_year", c.from_year},
                        {"unit", c.unit_id},
                        {"school", c.school_id},
                        {"stage", engine::to_word(c.stage)},
                        {"share", c.share}});
        break;
      case Kind::open_school:
        list.push_back({{"change", "open_school"},
                        {"from_year", c.from_year},
                        {"school", c.school_id},
                        {"stage", engine::to_word(c.stage)}});
        break;
      case Kind::close_school:
        list.push_back({{"change", "close_school"}, {"from_year", c.from_year}, {"school", c.school_id}});
        break;
      case Kind::merge_school:
        list.push_back({{"change", "merge_school"},
                        {"from_year", c.from_year},
                        {"school", c.school_id},
                        {"into", c.into_school_id}});
        break;
      case Kind::delay_housing:
        list.push_back(
            {{"change", "delay_housing"}, {"id", c.housing.id}, {"completion_year", c.housing.completion_year}});
        break;
      case Kind::add_housing: {
        ordered_json one{{"change", "add_housing"}, {"id", c.housing.id}};
        if (!c.housing.name.empty()) one["name"] = c.housing.name;
        one["unit"] = c.housing.unit_id, one["kind"] = c.housing.kind, one["dwellings"] = c.housing.dwellings;
        one["completion_year"] = c.housing.completion_year;
        list.push_back(std::move(one));
        break;
      }
    }
  }
  return list;
}

std::string text_of_stream(const ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

void print_certificate(const PlanCity& city, const PlanCertificate& certificate) {
  for (const PlanCheck& f : certificate.findings) {
    std::cout << (f.breaks ? "broken: " : "note: ") << engine::planning::to_word(f.kind) << ": " << printable(f.message)
              << "\n";
  }
  for (const PlanCertificate::Line& line : certificate.lines) {
    const bool last = &line == &certificate.lines.back() || (&line + 1)->stage != line.stage;
    const bool differs = !last && ((&line + 1)->one_school != line.one_school || (&line + 1)->shared != line.shared);
    if (!last && !differs) continue;
    std::cout << engine::to_word(city.stages[line.stage]) << " to " << city.school_year(line.year) << ": "
              << line.one_school << " addresses have one school, " << line.shared << " several declared, " << line.none
              << " none\n";
  }
  std::cout << (certificate.holds() ? "every address has exactly one answer\n" : "the certificate does not hold\n");
}

void print_summary(const PlanDesk& desk, const CityPlan& plan, const PlanCertificate& certificate,
                   const PlanZones& zones) {
  const PlanCity& city = plan.city();
  for (const datasets::PlanNote& note : desk.start.notes) {
    std::cout << "note: " << engine::to_word(note.stage) << " " << note.school_year << ": " << printable(note.message)
              << "\n";
  }
  const std::vector<const AppliedChange*> history = plan.history();
  for (std::size_t i = 0; i < history.size(); ++i) {
    std::size_t units = 0;
    UnitIndex last = kNoUnit;
    for (const AnswerEdit& e : history[i]->edits) units += e.unit != last ? 1 : 0, last = e.unit;
    std::cout << i << " " << engine::planning::to_word(*history[i]->change) << ": " << units
              << " units answer otherwise\n";
  }
  print_certificate(city, certificate);
  std::cout << zones.zones.size() << " zones";
  if (!zones.texts.empty()) {
    std::cout << ", " << zones.changed << " addresses answer otherwise by their words";
  }
  std::cout << "\n";
}

void write_files(const PlanApplyArguments& options, const PlanDesk& desk, const CityPlan& plan,
                 const PlanZones& zones) {
  if (!options.out.empty()) write_plan_zones(options.out, plan, zones);
  if (!options.units.empty()) write_whole(options.units, plan_rows_csv(datasets::rows_of_plan(plan)));
  if (!options.demand_out.empty()) {
    write_whole(options.demand_out, text_of_stream(demand_json(to_demand_changes(desk.start.plan, plan))));
  }
  if (options.plan_id.empty()) return;
  const PackagedPlan done = write_package_copy(options.city.package, options.package_out, options.plan_id, plan, zones);
  std::fprintf(stderr, "%s: %zu layers of kind %s, %zu plans\n", options.package_out.c_str(), done.layers,
               options.plan_id.c_str(), done.plans);
  if (done.units_changed) {
    std::fprintf(stderr, "no plans were written, because units were split or merged: the zones say the plan\n");
  } else if (done.shared_units > 0) {
    std::fprintf(stderr, "the plans leave out %zu units of shared zones: the zones have them\n", done.shared_units);
  }
}

int run(const PlanApplyArguments& options, const Invocation& invocation) {
  if (!options.out.empty()) check_zones_file(options.out);
  if (!options.plan_id.empty()) check_package_copy(options.city.package, options.package_out, options.plan_id);
  // The scenario first: it is quickly read, and a city is not.
  const std::vector<PlanChange> changes =
      options.scenario.empty() ? std::vector<PlanChange>{} : datasets::load_plan_scenario(options.scenario);
  const std::optional<PlanDesk> desk = open_plan_desk(options.city);
  if (!desk) return kCancelled;
  const CityPlan plan = change_plan(desk->start.plan, changes, options.scenario);
  const PlanCertificate certificate = certify(plan);
  std::optional<City> names;
  if (options.text) names = open_city(options.city.package, options.snapshot);
  const PlanZones zones = make_plan_zones(plan, names ? &names->ground : nullptr);
  if (cancelled()) return kCancelled;
  write_files(options, *desk, plan, zones);
  if (invocation.wants_json()) {
    const ordered_json json{{"base_year", plan.city().base_year},
                            {"horizon", plan.city().years},
                            {"notes", notes_json(desk->start.notes)},
                            {"changes", changes_json(plan)},
                            {"certificate", plans::certificate_json(plan.city(), certificate)},
                            {"zones", zones_json(plan.city(), zones)}};
    write_output(invocation.json_path, text_of_stream(json));
  }
  if (invocation.json_path != "-") print_summary(*desk, plan, certificate, zones);
  return certificate.holds() ? kDone : kFindings;
}

}  // namespace

void register_plan_apply(CLI::App& plan, Invocation& invocation) {
  auto options = std::make_shared<PlanApplyArguments>();
  CLI::App* command = plan.add_subcommand(
      "apply", "Carry a scenario out on a plan: its zones, their words, and whether every address has one answer");
  add_plan_city_options(*command, options->city);
  command->add_option("--scenario", options->scenario,
                      "Changes to carry out (JSON, datasets/policy/plan_scenario.schema.json)");
  command->add_option("--out", options->out, "Write the zones: .gpkg, .geojson or .csv");
  command->add_option("--units", options->units, "Write the units' schools: a table that --assignment reads");
  command->add_option("--demand", options->demand_out,
                      "Write what the forecast has to be told: a scenario of `catchment demand`");
  command->add_option("--snapshot", options->snapshot, "Take the names from this snapshot of the package");
  command->add_flag("!--no-text", options->text, "Do not print the zones in the words of a notice");
  auto* id = command->add_option("--write-plan", options->plan_id,
                                 "Write the plan, under this name, into a copy of the package");
  auto* copy = command->add_option("--package-out", options->package_out, "The copy");
  id->needs(copy);
  copy->needs(id);
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
