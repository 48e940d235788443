#include "server/cli/demand/demand_warnings.hpp"

#include <algorithm>

#include "datasets/feature_file.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli {
namespace {

using namespace engine::demand;

std::string amount(const std::optional<Remedy>& remedy) { return remedy ? std::to_string(remedy->amount) : ""; }

std::string placements_of(const Relief& relief) {
  std::string list;
  for (const Relief::Placement& p : relief.placements) {
    append_item(list, p.admission_unit_id + ":" + std::to_string(p.seats));
  }
  return list;
}

const std::vector<datasets::FeatureColumn> kColumns{
    {"school_id", "TEXT"}, {"school", "TEXT"},      {"admission_unit", "TEXT"}, {"stage", "TEXT"},
    {"kind", "TEXT"},      {"level", "TEXT"},       {"level_name", "TEXT"},     {"school_year", "INTEGER"},
    {"expected", "REAL"},  {"low_80", "REAL"},      {"high_80", "REAL"},        {"seats", "INTEGER"},
    {"pressure", "REAL"},  {"probability", "REAL"}, {"message", "TEXT"}};

std::vector<datasets::FeatureValue> values_of(std::vector<datasets::FeatureValue> first, const SeatWarning& w,
                                              const DemandCity& city) {
  first.insert(first.end(), {w.school_id, city.name_of(w.school_id), w.admission_unit_id,
                             std::string(engine::to_word(w.stage)), std::string(to_word(w.kind)), w.level,
                             warning_name(w, city.rules), std::int64_t{w.school_year}, w.demand.mean, w.demand.low[1],
                             w.demand.high[1], std::int64_t{w.seats}, w.pressure, w.probability, w.message});
  return first;
}

std::vector<datasets::FeatureColumn> warning_columns_of(std::vector<datasets::FeatureColumn> first) {
  first.insert(first.end(), kColumns.begin(), kColumns.end());
  return first;
}

}  // namespace

std::string to_csv(const std::vector<SeatWarning>& warnings, const DemandCity& city) {
  std::string out =
      "kind,level,level_name,admission_unit,school,name,stage,school_year,years,expected,median,low_80,high_80,low_90,"
      "high_90,classes,seats,pressure,threshold,probability,shrunk,leans_on,change_classes,rooms_lacking,"
      "seats_elsewhere,seats_unplaced,placed_at,children_to_other_zones,merge_with,message\n";
  for (const SeatWarning& w : warnings) {
    out += std::string(to_word(w.kind)) + "," + w.level + ",";
    append_csv(out, warning_name(w, city.rules));
    for (const std::string& text : {w.admission_unit_id, w.school_id, city.name_of(w.school_id)}) {
      out += ",";
      append_csv(out, text);
    }
    out += "," + std::string(engine::to_word(w.stage)) + "," + std::to_string(w.school_year) + "," +
           std::to_string(w.years);
    for (const double x :
         {w.demand.mean, w.demand.median, w.demand.low[1], w.demand.high[1], w.demand.low[2], w.demand.high[2]}) {
      out += "," + fixed(x, 2);
    }
    out += "," + std::to_string(w.classes) + "," + std::to_string(w.seats) + "," + fixed(w.pressure, 3) + "," +
           fixed(w.threshold, 3) + "," + fixed(w.probability, 3) + (w.shrunk ? ",yes," : ",no,") + w.leans_on + ",";
    const bool shortage = w.kind == SeatWarning::Kind::shortage;
    out += (w.relief.classes && !shortage ? "-" : "") + amount(w.relief.classes) + "," +
           std::to_string(w.relief.rooms_lacking) + "," + amount(w.relief.seats) + "," +
           std::to_string(w.relief.seats_unplaced) + ",";
    append_csv(out, placements_of(w.relief));
    out += "," + amount(w.relief.children) + ",";
    append_csv(out, w.relief.merger ? w.relief.merger->admission_unit_id : "");
    out += ",";
    append_csv(out, w.message);
    out += "\n";
  }
  return out;
}

void write_warning_features(const std::string& path, const std::vector<SeatWarning>& warnings, const DemandCity& city,
                            const SeatBook& book, const std::vector<DemandArea>& areas) {
  datasets::FeatureFile file(path);
  file.add_table("zone_warning", "The severest seat warning of a zone's schools, by year", "MULTIPOLYGON",
                 warning_columns_of({{"zone_id", "TEXT"}}));
  file.add_table("campus_warning", "Seat warnings of the campus's admission unit, by year", "POINT",
                 warning_columns_of({{"campus_id", "TEXT"}}));
  std::map<std::string, geo::Point> campuses;
  for (const engine::Campus& campus : city.package.campuses()) campuses[campus.id] = campus.position;
  for (const SeatWarning& w : warnings) {
    for (const UnitCampus& campus : book.units.at(w.admission_unit_id)->campuses) {
      file.add("campus_warning", campuses.at(campus.campus_id), values_of({campus.campus_id}, w, city));
    }
  }
  for (const DemandArea& area : areas) {
    std::map<int, const SeatWarning*> severest;
    for (const SeatWarning& w : warnings) {
      if (w.stage != area.stage || std::ranges::find(area.school_ids, w.school_id) == area.school_ids.end()) continue;
      const SeatWarning*& worst = severest[w.school_year];
      if (worst == nullptr || severity_of(w, city.rules) < severity_of(*worst, city.rules)) worst = &w;
    }
    for (const auto& [year, w] : severest) file.add("zone_warning", area.shape, values_of({area.id}, *w, city));
  }
  file.commit();
}

}  // namespace catchment::cli
