#include <algorithm>
#include <cmath>

#include "geo/interior_point.hpp"
#include "server/publish/bundle_parts.hpp"

namespace catchment::publish {
namespace {

using answers::ordered_json;

constexpr std::int32_t kStep = 50;  // of a drawn outline, in 1e-7 degree: half a metre

std::int32_t on_step(std::int32_t units) {
  return static_cast<std::int32_t>(std::floor(units / static_cast<double>(kStep) + 0.5));
}

// Steps from one point to the next, the first from nothing; points that repeat or lie on a straight line are left out.
// Neighbours keep their common line: rounding asks nobody else.
ordered_json path_json(const std::vector<geo::Point>& points, bool ring) {
  std::vector<geo::Point> kept;
  for (const geo::Point p : points) {
    const geo::Point next{on_step(p.lon), on_step(p.lat)};
    if (!kept.empty() && kept.back() == next) continue;
    if (kept.size() >= 2) {
      const geo::Point a = kept[kept.size() - 2], b = kept.back();
      const auto dx = std::int64_t{b.lon} - a.lon, dy = std::int64_t{b.lat} - a.lat;
      const auto ex = std::int64_t{next.lon} - b.lon, ey = std::int64_t{next.lat} - b.lat;
      if (dx * ey == dy * ex && dx * ex + dy * ey > 0) kept.pop_back();
    }
    kept.push_back(next);
  }
  if (ring && kept.size() > 1 && kept.front() == kept.back()) kept.pop_back();
  ordered_json out = ordered_json::array();
  geo::Point last{0, 0};
  for (const geo::Point p : kept) {
    out.push_back(p.lon - last.lon), out.push_back(p.lat - last.lat);
    last = p;
  }
  return out;
}

ordered_json position_json(geo::Point p) { return {p.lon, p.lat}; }

ordered_json zone_json_of(const BundleCity& city, const engine::Zone& zone, int colour) {
  ordered_json rings = ordered_json::array();
  geo::for_each_ring(zone.shape, [&](const geo::Ring& ring) {
    ordered_json path = path_json(ring, true);
    if (path.size() >= 6) rings.push_back(std::move(path));
  });
  const auto label = geo::find_interior_point(zone.shape);
  return {{"id", zone.id},
          {"name", city.zone_label(zone)},
          {"schools", zone.school_ids},
          {"colour", colour},
          {"label", label ? position_json(*label) : ordered_json(nullptr)},
          {"rings", std::move(rings)}};
}

ordered_json notice_json_of(const LayerNotice& notice) {
  ordered_json lines = ordered_json::array();
  for (const NoticeLine& line : notice.lines) {
    lines.push_back(
        {{"school", line.school_id}, {"campus", line.campus}, {"zone", line.zone_id}, {"words", line.words}});
  }
  ordered_json head = nullptr;
  if (!notice.notice.id.empty()) {
    head = answers::to_json(notice.notice);
    head["phone"] = notice.notice.phone;
  }
  return {{"notice", head}, {"printed", notice.printed}, {"lines", lines}};
}

ordered_json layer_json_of(const BundleCity& city, const LayerParts& parts) {
  const engine::LayerKey& key = parts.layer->key;
  ordered_json zones = ordered_json::array();
  for (std::size_t i = 0; i < parts.layer->zones.size(); ++i) {
    const int colour = i < parts.tiles.colours.size() ? parts.tiles.colours[i] : 0;
    zones.push_back(zone_json_of(city, parts.layer->zones[i], colour));
  }
  ordered_json layer{
      {"layer", engine::to_text(key)},  {"file", parts.layer->name}, {"stage", engine::to_word(key.stage)},
      {"school_year", key.school_year}, {"kind", key.kind},          {"zones", std::move(zones)}};
  layer.update(notice_json_of(parts.notice));
  layer["changes"] = changes_json(parts.changes);
  return layer;
}

// Seats of the published plan, by school and stage.
std::map<std::string, ordered_json> plan_by_school(const BundleCity& city) {
  std::map<std::string, std::pair<std::string, std::string>> units;  // id to school, stage
  for (const engine::AdmissionUnit& unit : city.package.admission_units()) {
    units[unit.id] = {unit.school_id, std::string(engine::to_word(unit.stage))};
  }
  std::map<std::string, ordered_json> out;
  for (const engine::AdmissionPlan& plan : city.package.admission_plans()) {
    if (plan.school_year != city.school_year) continue;
    const auto unit = units.find(plan.admission_unit_id);
    std::string school = plan.admission_unit_id, stage;
    if (unit != units.end()) {
      std::tie(school, stage) = unit->second;
    } else if (const auto known = city.schools.find(school); known != city.schools.end()) {
      if (known->second.stages.size() == 1) stage = engine::to_word(known->second.stages.front());
    }
    out[school].push_back({{"stage", stage},
                           {"classes", plan.classes ? ordered_json(*plan.classes) : ordered_json(nullptr)},
                           {"seats", plan.seats ? ordered_json(*plan.seats) : ordered_json(nullptr)}});
  }
  return out;
}

ordered_json schools_json_of(const BundleCity& city) {
  const auto plans = plan_by_school(city);
  ordered_json schools = ordered_json::array();
  for (const auto& [id, school] : city.schools) {
    ordered_json stages = ordered_json::array(), campuses = ordered_json::array();
    for (const engine::Stage stage : school.stages) stages.push_back(engine::to_word(stage));
    const auto of_school = city.campuses.find(id);
    if (of_school != city.campuses.end()) {
      for (const engine::Campus& c : of_school->second) {
        campuses.push_back({{"id", c.id}, {"name", c.name}, {"at", position_json(c.position)}});
      }
    }
    const auto plan = plans.find(id);
    schools.push_back({{"id", id},
                       {"name", school.name},
                       {"stages", stages},
                       {"status", school.status},
                       {"ownership", school.ownership},
                       {"campuses", campuses},
                       {"plan", plan == plans.end() ? ordered_json::array() : plan->second}});
  }
  return schools;
}

// What one finds one's way by: large streets, rivers, railways. Hidden names are left out.
ordered_json lines_json_of(const BundleCity& city) {
  ordered_json lines = ordered_json::array();
  const auto add = [&](const engine::Line& line) {
    lines.push_back(
        {{"name", city.hidden.shown(line.name)}, {"kind", line.kind}, {"path", path_json(line.shape, false)}});
  };
  for (const engine::Line& street : city.package.streets()) {
    if (street.kind == "trunk" || street.kind == "secondary") add(street);
  }
  for (const engine::Line& barrier : city.package.barriers()) {
    if (barrier.kind != "trunk_road") add(barrier);
  }
  return lines;
}

// Names of streets and estates, for suggestions while someone types; no addresses.
ordered_json names_json_of(const BundleCity& city) {
  std::vector<std::string> list;
  for (geo::NameId id = 0; id < city.names->name_count(); ++id) {
    const geo::NamedThing thing = city.names->thing(id);
    const bool street = thing.part == geo::AddressPart::street || thing.part == geo::AddressPart::lane;
    if (!street && thing.part != geo::AddressPart::estate) continue;
    if (!city.names->entries_of(id).empty() && !city.hidden.hides(thing.name)) list.emplace_back(thing.name);
  }
  std::ranges::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

}  // namespace

std::string site_data(const BundleCity& city, const BundleOptions& options, const std::vector<LayerParts>& layers,
                      const AddressAnswers& answers, const LookUp& look_up, const ordered_json& backtest,
                      const std::vector<std::pair<std::string, std::uintmax_t>>& downloads) {
  ordered_json data{{"format", 1},
                    {"city", city.city},
                    {"school_year", city.school_year},
                    {"synthetic", city.synthetic},
                    {"attribution", city.attribution},
                    {"date", options.date},
                    {"approval_no", options.approval_no},
                    {"step", kStep},
                    {"atlas", options.atlas},
                    {"schools", schools_json_of(city)}};
  ordered_json& layer_list = data["layers"] = ordered_json::array();
  for (const LayerParts& parts : layers) layer_list.push_back(layer_json_of(city, parts));
  data["lines"] = lines_json_of(city);
  data["names"] = names_json_of(city);
  data["look_up"] = {{"bits", look_up.bits}, {"addresses", look_up.addresses}, {"folds", look_up.folds}};
  data["backtest"] = backtest;
  ordered_json& files = data["downloads"] = ordered_json::array();
  for (const auto& [name, size] : downloads) files.push_back({{"file", name}, {"bytes", size}});
  std::string out = "catchment(" + answers::dump(data);
  out.pop_back();
  out += ",\"answers\":[\n";
  for (std::size_t i = 0; i < answers.answers.size(); ++i) out += (i == 0 ? "" : ",\n") + answers.answers[i];
  return out + "\n]});\n";
}

}  // namespace catchment::publish
