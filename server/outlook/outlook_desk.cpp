#include "server/outlook/outlook_desk.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "geo/input_error.hpp"
#include "server/desk/refused.hpp"

namespace catchment::outlook {
namespace {

using namespace engine::demand;
using desk::Refused;
using nlohmann::ordered_json;

using LineKey = std::tuple<std::string, engine::Stage, int>;  // school, stage, year

class LineMaker {
 public:
  LineMaker(const DemandCity& city, const SeatBook& book, const std::vector<SeatWarning>& warnings) : city_(city) {
    for (const SeatRow& row : book.ledger.rows) {
      if (!row.entry) continue;
      auto& [seats, classes] = seats_[{row.school_id, row.stage, row.school_year}];
      seats += row.seats, classes += row.classes;
    }
    ordered_json shown = to_json(warnings, city, book);
    for (std::size_t i = 0; i < warnings.size(); ++i) {
      const SeatWarning& w = warnings[i];
      warnings_[{w.school_id, w.stage, w.school_year}].push_back(std::move(shown[i]));
    }
  }

  void add(const SchoolForecast& school, int base_year, std::vector<SeatLine>& lines) const {
    for (std::size_t k = 0; k < std::min(kStages, city_.rules.stages.size()); ++k) {
      const StageRule& stage = city_.rules.stages[k];
      const auto grade = std::ranges::find(school.grades, stage.first_grade, &GradeForecast::grade);
      if (grade == school.grades.end()) continue;
      for (std::size_t y = 0; y < grade->years.size(); ++y) {
        SeatLine line{school.school_id, stage.stage, base_year + 1 + static_cast<int>(y), {}};
        line.body = body_of(line, grade->years[y]);
        lines.push_back(std::move(line));
      }
    }
  }

 private:
  ordered_json body_of(const SeatLine& line, const Estimate& e) const {
    ordered_json body{{"school", line.school},
                      {"name", city_.name_of(line.school)},
                      {"stage", engine::to_word(line.stage)},
                      {"school_year", line.school_year},
                      {"demand", {{"mean", e.mean}, {"median", e.median}, {"low", e.low}, {"high", e.high}}}};
    const LineKey key{line.school, line.stage, line.school_year};
    if (const auto seats = seats_.find(key); seats != seats_.end()) {
      body["seats"] = seats->second.first, body["classes"] = seats->second.second;
    } else {
      body["seats"] = "unknown", body["classes"] = "unknown";
    }
    const auto warned = warnings_.find(key);
    body["warnings"] = warned == warnings_.end() ? ordered_json::array() : warned->second;
    return body;
  }

  const DemandCity& city_;
  std::map<LineKey, std::pair<int, int>> seats_;  // and classes, of the entry grade of all its admission units
  std::map<LineKey, ordered_json> warnings_;
};

std::shared_ptr<const Outlook> reckon(const OutlookOptions& options, const std::function<bool(double)>& go_on) {
  const DemandCity city = read_demand_city({options.package, options.rules, "", 0});
  const auto areas = find_areas(city.package, city.base_year + 1, {}, "");
  FitOptions fit_how;
  fit_how.base_year = city.base_year, fit_how.threads = options.threads, fit_how.progress = go_on;
  const DemandModel model = fit(city.history, fit_how);
  if (!go_on(1)) return nullptr;
  ForecastOptions how;
  how.horizon = options.horizon, how.draws = options.draws, how.seed = options.seed, how.threads = options.threads;
  how.progress = go_on;
  const Forecaster forecaster(model, how);
  if (forecaster.cancelled()) return nullptr;
  const auto book = make_seat_book(city, forecaster.forecast());
  const std::vector<SeatWarning> warnings = find_warnings(city, forecaster, *book, areas);
  auto outlook = std::make_shared<Outlook>();
  outlook->base_year = city.base_year, outlook->horizon = options.horizon;
  outlook->draws = options.draws, outlook->seed = options.seed;
  const LineMaker maker(city, *book, warnings);
  for (const SchoolForecast& school : forecaster.forecast().schools) maker.add(school, city.base_year, outlook->lines);
  std::ranges::stable_sort(outlook->lines, {},
                           [](const SeatLine& l) { return std::tuple(l.school, l.stage, l.school_year); });
  return outlook;
}

}  // namespace

const SeatLine* Outlook::find(std::string_view school, engine::Stage stage, int school_year) const {
  const auto at = std::ranges::find_if(
      lines, [&](const SeatLine& l) { return l.school == school && l.stage == stage && l.school_year == school_year; });
  return at == lines.end() ? nullptr : &*at;
}

OutlookDesk::OutlookDesk(OutlookOptions options)
    : options_(std::move(options)),
      outlook_([this](const std::function<bool(double)>& go_on) { return reckon(options_, go_on); }) {}

std::shared_ptr<const Outlook> OutlookDesk::get() {
  try {
    if (auto made = outlook_.get(options_.patience)) return made;
  } catch (const InputError& error) {
    throw Refused(409, "outlook_unavailable", error.what());
  }
  throw Refused(503, "outlook_not_ready", "Forecasts are being reckoned: try again in a few seconds.");
}

}  // namespace catchment::outlook
