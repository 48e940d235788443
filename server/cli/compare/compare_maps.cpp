// Zones of every plan in the colours of their schools, with the units that move.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "server/cli/compare/compare_parts.hpp"
#include "server/cli/report/city_map.hpp"
#include "server/cli/report/html.hpp"

namespace catchment::cli::report {
namespace {

using namespace engine::planning;

constexpr std::size_t kColours = 8;  // .z0 .. of the style

// A colour for each zone id, the same in all plans; zones that share a border somewhere get different ones as long as
// there are enough.
class ZoneColours {
 public:
  ZoneColours(const PlanComparison& comparison, StageIndex stage, YearIndex year) {
    std::map<std::string, std::set<std::string>> beside;
    for (const SidePlan& side : comparison.sides.plans) {
      const PlanCity& city = side.plan.city();
      std::vector<std::string> zone(city.units.size());
      for (UnitIndex u = 0; u < city.units.size(); ++u) {
        if (!city.units[u].in_force) continue;
        zone[u] = id_of(side.plan, u, stage, year);
        beside[zone[u]];
      }
      for (const CityBorder& b : city.borders) {
        if (zone[b.a] == zone[b.b]) continue;
        beside[zone[b.a]].insert(zone[b.b]), beside[zone[b.b]].insert(zone[b.a]);
      }
    }
    std::vector<std::string> order;
    for (const auto& [id, others] : beside) order.push_back(id);
    std::ranges::stable_sort(order, {}, [&](const std::string& id) { return -static_cast<long>(beside[id].size()); });
    std::array<int, kColours> used{};
    for (const std::string& id : order) {
      std::array<int, kColours> near{};
      for (const std::string& other : beside[id]) {
        if (const auto c = colours_.find(other); c != colours_.end()) near[c->second] += 1;
      }
      std::size_t best = 0;
      for (std::size_t c = 1; c < kColours; ++c) {
        if (std::pair(near[c], used[c]) < std::pair(near[best], used[best])) best = c;
      }
      colours_[id] = best;
      used[best] += 1;
    }
  }

  std::string look(const std::string& zone) const {
    const auto colour = colours_.find(zone);
    return colour == colours_.end() ? "unknown" : "z" + std::to_string(colour->second);
  }

  static std::string id_of(const CityPlan& plan, UnitIndex unit, StageIndex stage, YearIndex year) {
    std::set<std::string> ids;
    for (const SchoolIndex s : plan.schools_of(unit, stage, year)) ids.insert(plan.city().schools[s].id);
    std::string id;
    for (const std::string& one : ids) id += (id.empty() ? "" : "+") + one;
    return id;
  }

 private:
  std::map<std::string, std::size_t> colours_;
};

std::string zone_title(const PlanCity& city, const PlanZone& zone) {
  std::string names;
  for (const SchoolIndex s : zone.schools) names += (names.empty() ? "" : "、") + city.schools[s].name;
  if (zone.schools.size() < 2) return names;
  return names + (zone.kind == SchoolSet::Kind::transition ? "（过渡期）" : "（共同学区）");
}

// Units that move between the zones in force and a plan, with the shapes they have in the finer of both.
void add_moves(const PlanComparison& comparison, const PlanPair& pair, StageIndex stage, YearIndex year,
               const std::string& look, std::vector<MapArea>& areas) {
  for (const UnitMove& m : pair.moves.units) {
    if (m.stage != stage || year < m.from || year >= m.to) continue;
    const Parcel& parcel = pair.moves.ground.parcels[m.parcel];
    const Side side = parcel.finer.value_or(kAfter);
    const CityPlan& plan = comparison.plan(side == kBefore ? pair.before : pair.after).plan;
    const auto& shape = plan.city().units[parcel.unit[side]].shape;
    if (shape == nullptr) continue;
    const std::string name = parcel.name.empty() ? parcel.id : parcel.name;
    areas.push_back({shape.get(), look,
                     name + "：" + answer_text(pair.moves, m.before) + " → " + answer_text(pair.moves, m.after)});
  }
}

std::vector<MapPoint> school_points(const PlanComparison& comparison, const CityPlan& plan, StageIndex stage,
                                    YearIndex year, const TouchedSchools& touched) {
  std::vector<MapPoint> points;
  (void)comparison;
  for (const CitySchool& school : plan.city().schools) {
    if (!school.offers[stage].open(year)) continue;
    const int number = touched.number(stage, school.id);
    for (std::size_t c = 0; c < school.campuses.size(); ++c) {
      if (school.campuses[c].gates.empty()) continue;
      MapPoint point{school.campuses[c].gates.front(), "", school.name};
      if (number > 0) point.label = std::to_string(number);
      if (number > 0 && c == 0) point.name = school.name;
      points.push_back(std::move(point));
    }
  }
  return points;
}

std::string plan_map(const PlanComparison& comparison, std::size_t plan, StageIndex stage, YearIndex year,
                     const std::vector<PlanZone>& zones, const ZoneColours& colours, const TouchedSchools& touched) {
  const CityPlan& of = comparison.plan(plan).plan;
  std::vector<MapArea> areas;
  for (const PlanZone& zone : zones) {
    if (zone.stage != stage || year < zone.from || year >= zone.to || zone.shape.empty()) continue;
    areas.push_back({&zone.shape, colours.look(ZoneColours::id_of(of, zone.units.front(), stage, year)),
                     zone_title(of.city(), zone)});
  }
  if (areas.empty()) return {};
  for (const PlanPair& pair : comparison.pairs) {
    if (pair.before != 0) continue;
    if (plan == 0) add_moves(comparison, pair, stage, year, "leaves", areas);
    if (plan == pair.after) add_moves(comparison, pair, stage, year, "moved", areas);
  }
  const std::string name = plan == 0 ? "现行划片" : comparison.label(plan) + " " + comparison.plan(plan).name;
  const std::string chinese =
      std::to_string(of.city().school_year(year)) + "年" + stage_chinese(comparison, stage) + "学区：" + name;
  const std::string english = stage_english(comparison, stage) + " zones, " +
                              std::to_string(of.city().school_year(year)) + ", " + comparison.label_en(plan);
  return "<figure><figcaption>" + both(chinese, english) + "</figcaption>\n" +
         city_map(chinese, areas, school_points(comparison, of, stage, year, touched)) + "</figure>\n";
}

std::string legend() {
  const auto key = [](const std::string& picture, const std::string& chinese, const std::string& english) {
    return "<li><svg viewBox=\"0 0 30 14\" aria-hidden=\"true\">" + picture + "</svg>" + both(chinese, english) +
           "</li>\n";
  };
  return "<ul class=\"legend\">\n" +
         key("<rect class=\"z0\" width=\"10\" height=\"14\"/><rect class=\"z3\" x=\"10\" width=\"10\" "
             "height=\"14\"/><rect class=\"z6\" x=\"20\" width=\"10\" height=\"14\"/>",
             "学区，同一学校在各图中颜色相同", "zones; a school has one colour in all maps") +
         key("<rect class=\"moved\" x=\"1\" y=\"1\" width=\"28\" height=\"12\"/>", "对口学校有变的单元",
             "units with another school") +
         key("<rect class=\"leaves\" x=\"1\" y=\"1\" width=\"28\" height=\"12\"/>", "现行图中：某一方案将调整的单元",
             "zones in force: units some plan moves") +
         key("<circle class=\"dot\" cx=\"15\" cy=\"7\" r=\"5\"/>", "学校", "schools") +
         key("<circle cx=\"15\" cy=\"7\" r=\"7\" fill=\"#1d2327\"/>", "受影响的学校，数字为学校表中的序号",
             "schools that change, numbered as in their table") +
         "</ul>\n";
}

constexpr const char* kHatch =
    "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs><pattern id=\"hatch\" width=\"14\" "
    "height=\"14\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path d=\"M0 0V14\" "
    "class=\"hatch\"/></pattern></defs></svg>\n";

}  // namespace

std::string maps_section(const PlanComparison& comparison, const TouchedSchools& schools) {
  std::vector<std::vector<PlanZone>> zones;
  for (const SidePlan& side : comparison.sides.plans) zones.push_back(find_zones(side.plan));
  std::string maps;
  for (StageIndex k = 0; k < comparison.city().stages.size(); ++k) {
    const YearIndex year = comparison.most_moved_year(k);
    const bool moves = std::ranges::any_of(comparison.pairs, [&](const PlanPair& pair) {
      return pair.before == 0 && pair.moves.sums[k * comparison.city().years + year].parcels > 0;
    });
    if (!moves) continue;
    const ZoneColours colours(comparison, k, year);
    for (std::size_t i = 0; i < zones.size(); ++i) {
      maps += plan_map(comparison, i, k, year, zones[i], colours, schools);
    }
  }
  std::string out = "<section>\n" + heading(2, "map", "学区图", "Maps of the zones");
  if (maps.empty()) {
    return out +
           paragraph("没有可画的变化：各方案的学区与现行划片相同，或单元没有图形。",
                     "Nothing to draw: the plans' zones are those in force, or units have no shapes.") +
           "</section>\n";
  }
  return out + kHatch + legend() + "<div class=\"maps\">\n" + maps + "</div>\n</section>\n";
}

}  // namespace catchment::cli::report
