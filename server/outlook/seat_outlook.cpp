#include "server/outlook/seat_outlook.hpp"

#include <algorithm>

namespace catchment::outlook {

using namespace engine::demand;
using engine::Stage;
using nlohmann::ordered_json;

namespace {

class DemandMaker {
 public:
  DemandMaker(const DemandCity& city, const Forecaster& forecaster, const SeatBook& book)
      : city_(city), forecaster_(forecaster), book_(book) {
    for (const AdmissionUnit& unit : book.city.input.units) by_school_[{unit.school_id, unit.stage}].push_back(&unit);
  }

  std::vector<EntryDemand> make(const std::vector<DemandArea>& areas) {
    const Neighbourhood neighbours = find_neighbours(areas);
    const Forecast& forecast = forecaster_.forecast();
    for (std::size_t s = 0; s < forecast.schools.size(); ++s) {
      for (std::size_t k = 0; k < std::min(kStages, city_.rules.stages.size()); ++k) add(s, k, neighbours);
    }
    return std::move(demand_);
  }

 private:
  void add(std::size_t s, std::size_t k, const Neighbourhood& neighbours) {
    const SchoolForecast& school = forecaster_.forecast().schools[s];
    const Stage stage = city_.rules.stages[k].stage;
    const auto units = by_school_.find({school.school_id, stage});
    if (units == by_school_.end() || city_.is_private(school.school_id)) return;
    auto draws = forecaster_.entry_draws(s, k);
    if (draws.empty() || draws.front().empty()) return;
    kept_.push_back(std::move(draws));
    for (const AdmissionUnit* unit : units->second) {
      EntryDemand one;
      one.admission_unit_id = unit->id;
      one.share = share_of(*unit, units->second);
      one.shrunk = school.shrunk;
      one.leans_on = std::string(to_word(school.entry_from));
      for (std::size_t y = 0; y < kept_.back().size(); ++y) {
        one.years.push_back({forecaster_.forecast().base_year + 1 + static_cast<int>(y), kept_.back()[y]});
      }
      one.neighbours = neighbours_of(*unit, neighbours);
      demand_.push_back(std::move(one));
    }
  }

  // As expected_pupils() splits a school's pupils between its units of a stage.
  double share_of(const AdmissionUnit& unit, const std::vector<const AdmissionUnit*>& all) const {
    if (all.size() == 1) return 1;
    const int base = book_.city.input.base_year;
    double own = 0, sum = 0;
    for (const GradePupils& row : book_.city.input.pupils) {
      if (row.school_year != base) continue;
      for (const AdmissionUnit* each : all) {
        if (each->id != row.admission_unit_id) continue;
        sum += row.pupils;
        if (each == &unit) own += row.pupils;
      }
    }
    return sum > 0 ? own / sum : 1.0 / static_cast<double>(all.size());
  }

  std::vector<Neighbour> neighbours_of(const AdmissionUnit& unit, const Neighbourhood& neighbours) const {
    std::vector<Neighbour> list;
    const auto around = neighbours.find({unit.school_id, unit.stage});
    if (around == neighbours.end()) return list;
    for (const char* kind : {"shared_zone", "adjacent_zone"}) {
      for (const auto& [school, how] : around->second) {
        if (how != kind || city_.is_private(school)) continue;
        const auto units = by_school_.find({school, unit.stage});
        if (units == by_school_.end()) continue;
        for (const AdmissionUnit* each : units->second) list.push_back({each->id, kind, std::nullopt});
      }
    }
    return list;
  }

  const DemandCity& city_;
  const Forecaster& forecaster_;
  const SeatBook& book_;
  std::map<std::pair<std::string, Stage>, std::vector<const AdmissionUnit*>> by_school_;
  std::vector<std::vector<std::vector<float>>> kept_;  // moved with the spans that name its lists intact
  std::vector<EntryDemand> demand_;

 public:
  std::vector<std::vector<std::vector<float>>> take_draws() { return std::move(kept_); }
};

ordered_json remedy_json(const std::optional<Remedy>& remedy) {
  if (!remedy) return nullptr;
  return {{"amount", remedy->amount}, {"probability_left", remedy->probability}};
}

ordered_json relief_json(const Relief& relief) {
  ordered_json placements = ordered_json::array();
  for (const Relief::Placement& p : relief.placements) {
    placements.push_back({{"admission_unit", p.admission_unit_id}, {"kind", p.kind}, {"seats", p.seats}});
  }
  ordered_json merger = nullptr;
  if (relief.merger) {
    merger = {{"admission_unit", relief.merger->admission_unit_id},
              {"rooms_lacking", relief.merger->rooms_lacking},
              {"shortage_probability", relief.merger->shortage}};
  }
  return {{"classes", remedy_json(relief.classes)},
          {"rooms_spare", relief.rooms_spare},
          {"rooms_lacking", relief.rooms_lacking},
          {"seats_elsewhere", remedy_json(relief.seats)},
          {"placements", placements},
          {"seats_unplaced", relief.seats_unplaced},
          {"children_to_other_zones", remedy_json(relief.children)},
          {"merger", merger}};
}

}  // namespace

std::vector<SeatWarning> find_warnings(const DemandCity& city, const Forecaster& forecaster, const SeatBook& book,
                                       const std::vector<DemandArea>& areas) {
  DemandMaker maker(city, forecaster, book);
  const std::vector<EntryDemand> demand = maker.make(areas);
  const auto draws = maker.take_draws();  // what the demand's spans look at
  return seat_warnings(book.ledger, demand, city.rules);
}

std::string warning_name(const SeatWarning& warning, const DemandRules& rules) {
  if (warning.kind == SeatWarning::Kind::under_use) return "学位闲置";
  if (warning.kind == SeatWarning::Kind::small_classes) return "班额过小";
  const auto level = std::ranges::find(rules.shortage, warning.level, &WarningLevel::id);
  return level == rules.shortage.end() ? warning.level : level->name;
}

std::size_t severity_of(const SeatWarning& warning, const DemandRules& rules) {
  if (warning.kind != SeatWarning::Kind::shortage) return rules.shortage.size();
  const auto level = std::ranges::find(rules.shortage, warning.level, &WarningLevel::id);
  return static_cast<std::size_t>(level - rules.shortage.begin());
}

ordered_json to_json(const std::vector<SeatWarning>& warnings, const DemandCity& city, const SeatBook& book) {
  ordered_json list = ordered_json::array();
  for (const SeatWarning& w : warnings) {
    ordered_json probabilities = ordered_json::object();
    for (std::size_t i = 0; i < w.probabilities.size(); ++i) {
      probabilities[city.rules.shortage[i].id] = w.probabilities[i];
    }
    ordered_json one{
        {"kind", to_word(w.kind)},
        {"level", w.level.empty() ? ordered_json(nullptr) : ordered_json(w.level)},
        {"level_name", warning_name(w, city.rules)},
        {"admission_unit", w.admission_unit_id},
        {"school", w.school_id},
        {"name", city.name_of(w.school_id)},
        {"plan_number", book.units.at(w.admission_unit_id)->plan_number},
        {"stage", engine::to_word(w.stage)},
        {"school_year", w.school_year},
        {"years", w.years},
        {"demand",
         {{"mean", w.demand.mean}, {"median", w.demand.median}, {"low", w.demand.low}, {"high", w.demand.high}}},
        {"classes", w.classes},
        {"seats", w.seats},
        {"pressure", w.pressure},
        {"threshold", w.threshold},
        {"probability", w.probability},
        {"probabilities", probabilities},
        {"shrunk", w.shrunk},
        {"leans_on", w.leans_on},
        {"relief", relief_json(w.relief)},
        {"message", w.message}};
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace catchment::outlook
