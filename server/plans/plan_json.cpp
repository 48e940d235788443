#include "server/plans/plan_json.hpp"

#include <array>
#include <cmath>

namespace catchment::plans {

using namespace engine::planning;

namespace {

double whole_children(std::int64_t parts) { return static_cast<double>(parts) / kWholeChild; }

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

class MovesJson {
 public:
  MovesJson(const PlanCity& city, const PlanMoves& moves, const LivePlan& before, const LivePlan& after)
      : city_(city), moves_(moves), live_{&before, &after} {}

  ordered_json json() const {
    return {{"years", years()},
            {"schools_moved_between", pairs()},
            {"grades", grades()},
            {"schools", schools()},
            {"units", units()}};
  }

 private:
  void put_when(ordered_json& to, StageIndex stage, YearIndex year) const {
    to["stage"] = engine::to_word(city_.stages[stage]);
    to["school_year"] = city_.school_year(year);
  }

  ordered_json ids(const ComparedAnswer& answer) const {
    ordered_json list = ordered_json::array();
    for (const ComparedIndex s : answer) list.push_back(moves_.ground.schools[s].id);
    return list;
  }

  static void put_sums(ordered_json& to, const MoveSums& sums) {
    to["units"] = sums.parcels;
    to["addresses"] = sums.addresses;
    to["households"] = sums.uncounted == 0 ? ordered_json(sums.households) : ordered_json("unknown");
    to["children"] = whole_children(sums.children);
    to["walk_mean_before_m"] = or_unknown(sums.walk.mean_m(kBefore));
    to["walk_mean_after_m"] = or_unknown(sums.walk.mean_m(kAfter));
    to["farther_500_m"] = whole_children(sums.walk.farther);
    to["nearer_500_m"] = whole_children(sums.walk.nearer);
    to["more_crossings"] = whole_children(sums.walk.more_crossings);
    to["fewer_crossings"] = whole_children(sums.walk.fewer_crossings);
    to["walk_unknown"] = whole_children(sums.walk.unknown);
    to["walk_straight"] = whole_children(sums.walk.straight);
  }

  ordered_json years() const {
    ordered_json list = ordered_json::array();
    for (StageIndex k = 0; k < city_.stages.size(); ++k) {
      for (YearIndex y = 0; y < city_.years; ++y) {
        ordered_json one;
        put_when(one, k, y);
        put_sums(one, moves_.sums[k * city_.years + y]);
        list.push_back(std::move(one));
      }
    }
    return list;
  }

  ordered_json pairs() const {
    ordered_json list = ordered_json::array();
    for (const PairMoves& pair : moves_.pairs) {
      ordered_json one;
      put_when(one, pair.stage, pair.year);
      one["from"] = ids(pair.before), one["to"] = ids(pair.after);
      put_sums(one, pair.sums);
      list.push_back(std::move(one));
    }
    return list;
  }

  ordered_json grades() const {
    ordered_json list = ordered_json::array();
    for (const GradeMoves& g : moves_.grades) {
      ordered_json one;
      put_when(one, g.stage, g.year);
      one["grade"] = g.grade, one["children"] = whole_children(g.children);
      one["sitting"] = whole_children(g.sitting), one["units_not_counted"] = g.uncounted_parcels;
      list.push_back(std::move(one));
    }
    return list;
  }

  void put_side(ordered_json& to, const SchoolMoves& s, Side side, const char* name) const {
    ordered_json one{{"open", s.open[side]},
                     {"units", s.units[side]},
                     {"children", whole_children(s.children[side])},
                     {"seats", or_unknown(s.seats[side])}};
    const SchoolIndex own = moves_.ground.schools[s.school].in[side];
    if (own != kNoSchool) {
      const SchoolLoad load = live_[side]->load(own, s.stage, s.year);
      one["demand"] = or_unknown(load.demand), one["over_probability"] = or_unknown(load.over);
    }
    to[name] = std::move(one);
  }

  ordered_json schools() const {
    ordered_json list = ordered_json::array();
    for (const SchoolMoves& s : moves_.schools) {
      const bool same = s.gained == 0 && s.lost == 0 && s.seats[kBefore] == s.seats[kAfter] &&
                        s.open[kBefore] == s.open[kAfter] && s.only[kBefore] == s.only[kAfter];
      if (same) continue;
      ordered_json one{{"school", moves_.ground.schools[s.school].id}, {"name", moves_.ground.schools[s.school].name}};
      put_when(one, s.stage, s.year);
      one["gained"] = whole_children(s.gained), one["lost"] = whole_children(s.lost);
      put_side(one, s, kBefore, "before");
      put_side(one, s, kAfter, "after");
      list.push_back(std::move(one));
    }
    return list;
  }

  ordered_json units() const {
    ordered_json list = ordered_json::array();
    for (const UnitMove& m : moves_.units) {
      const Parcel& parcel = moves_.ground.parcels[m.parcel];
      ordered_json children = ordered_json::array();
      for (const std::int64_t parts : m.children) children.push_back(whole_children(parts));
      list.push_back({{"unit", parcel.id},
                      {"stage", engine::to_word(city_.stages[m.stage])},
                      {"from_year", city_.school_year(m.from)},
                      {"to_year", city_.school_year(m.to - 1)},
                      {"from", ids(m.before)},
                      {"to", ids(m.after)},
                      {"addresses", parcel.addresses},
                      {"households", or_unknown(parcel.households)},
                      {"children", std::move(children)},
                      {"walk_before_m", or_unknown(m.walk_m[kBefore])},
                      {"walk_after_m", or_unknown(m.walk_m[kAfter])},
                      {"crossings_before", m.crossings[kBefore]},
                      {"crossings_after", m.crossings[kAfter]},
                      {"straight", m.straight},
                      {"guessed", parcel.guessed}});
    }
    return list;
  }

  const PlanCity& city_;
  const PlanMoves& moves_;
  std::array<const LivePlan*, 2> live_;
};

}  // namespace

ordered_json indicators_json(const PlanCity& city, const std::vector<IndicatorRow>& rows) {
  ordered_json list = ordered_json::array();
  const Indicator* last = nullptr;
  for (const IndicatorRow& row : rows) {
    if (row.indicator != last) {
      last = row.indicator;
      list.push_back({{"id", last->id},
                      {"unit", last->unit},
                      {"better", engine::planning::to_word(last->better)},
                      {"meaning", last->meaning},
                      {"meaning_zh", last->meaning_zh},
                      {"values", ordered_json::array()}});
    }
    ordered_json value{{"stage", engine::to_word(city.stages[row.stage])}, {"school_year", city.school_year(row.year)}};
    value["value"] = row.value.value ? ordered_json(*row.value.value) : ordered_json("unknown");
    if (!row.value.remark.empty()) value["remark"] = row.value.remark;
    list.back()["values"].push_back(std::move(value));
  }
  return list;
}

ordered_json brief_indicators_json(const PlanCity& city, const std::vector<IndicatorRow>& rows) {
  ordered_json list = ordered_json::array();
  const Indicator* last = nullptr;
  for (const IndicatorRow& row : rows) {
    if (row.indicator != last) {
      last = row.indicator;
      list.push_back({{"id", last->id}});
    }
    list.back()[std::string(engine::to_word(city.stages[row.stage]))].push_back(
        row.value.value ? ordered_json(*row.value.value) : ordered_json());
  }
  return list;
}

ordered_json verdicts_json(const PlanCity& city, const std::vector<IndicatorLine>& lines) {
  ordered_json list = ordered_json::array();
  const Indicator* last = nullptr;
  for (const IndicatorLine& line : lines) {
    if (line.indicator != last) {
      last = line.indicator;
      list.push_back({{"id", last->id},
                      {"unit", last->unit},
                      {"better", engine::planning::to_word(last->better)},
                      {"meaning", last->meaning},
                      {"meaning_zh", last->meaning_zh},
                      {"values", ordered_json::array()}});
    }
    ordered_json values = ordered_json::array();
    for (std::size_t i = 0; i < line.values.size(); ++i) {
      ordered_json one{{"value", or_unknown(line.values[i].value)},
                       {"against_in_force", engine::planning::to_word(line.judgements[i])}};
      if (!line.values[i].remark.empty()) one["remark"] = line.values[i].remark;
      values.push_back(std::move(one));
    }
    list.back()["values"].push_back({{"stage", engine::to_word(city.stages[line.stage])},
                                     {"school_year", city.school_year(line.year)},
                                     {"plans", std::move(values)}});
  }
  return list;
}

ordered_json schools_json(LivePlan& live) {
  const PlanCity& city = live.plan().city();
  ordered_json list = ordered_json::array();
  for (StageIndex k = 0; k < city.stages.size(); ++k) {
    for (YearIndex y = 0; y < city.years; ++y) {
      const std::vector<std::int64_t> prices = live.seat_prices(k, y);
      for (SchoolIndex s = 0; s < city.schools.size(); ++s) {
        const SchoolLoad load = live.load(s, k, y);
        if (!load.open && load.units == 0) continue;
        list.push_back({{"school", city.schools[s].id},
                        {"stage", engine::to_word(city.stages[k])},
                        {"school_year", city.school_year(y)},
                        {"units", load.units},
                        {"children", static_cast<double>(load.children) / kWholeChild},
                        {"seats", or_unknown(load.seats)},
                        {"demand", or_unknown(load.demand)},
                        {"over_probability", or_unknown(load.over)},
                        {"next_seat_saves_m", prices[s]}});
      }
    }
  }
  return list;
}

ordered_json certificate_json(const PlanCity& city, const PlanCertificate& certificate) {
  ordered_json lines = ordered_json::array();
  for (const PlanCertificate::Line& line : certificate.lines) {
    lines.push_back({{"stage", engine::to_word(city.stages[line.stage])},
                     {"school_year", city.school_year(line.year)},
                     {"one_school", line.one_school},
                     {"shared", line.shared},
                     {"none", line.none}});
  }
  ordered_json findings = ordered_json::array();
  for (const PlanCheck& f : certificate.findings) {
    findings.push_back({{"kind", engine::planning::to_word(f.kind)},
                        {"breaks", f.breaks},
                        {"stage", engine::to_word(city.stages[f.stage])},
                        {"from_year", city.school_year(f.from)},
                        {"to_year", city.school_year(f.to - 1)},
                        {"units", ids_of_units(city, f.units)},
                        {"schools", ids_of_schools(city, f.schools)},
                        {"addresses", f.addresses},
                        {"message", f.message}});
  }
  return {{"holds", certificate.holds()}, {"lines", std::move(lines)}, {"findings", std::move(findings)}};
}

ordered_json statement_json(const std::vector<StatementLine>& lines) {
  ordered_json list = ordered_json::array();
  for (const StatementLine& line : lines) list.push_back({{"zh", line.zh}, {"en", line.en}});
  return list;
}

ordered_json moves_json(const PlanCity& city, const PlanMoves& moves, const LivePlan& before, const LivePlan& after) {
  return MovesJson(city, moves, before, after).json();
}

ordered_json zone_properties(const PlanCity& city, const PlanZone& zone) {
  ordered_json schools = ordered_json::array();
  std::string names;
  for (const SchoolIndex s : zone.schools) {
    schools.push_back(city.schools[s].id);
    names += (names.empty() ? "" : "、") + city.schools[s].name;
  }
  int addresses = 0;
  double area_m2 = 0;
  for (const UnitIndex u : zone.units) addresses += city.units[u].addresses, area_m2 += city.units[u].area_m2;
  const bool shared = zone.schools.size() > 1;
  return {{"zone", zone.id},
          {"stage", engine::to_word(city.stages[zone.stage])},
          {"from_year", city.school_year(zone.from)},
          {"to_year", city.school_year(zone.to - 1)},
          {"schools", std::move(schools)},
          {"names", names},
          {"kind", !shared                                    ? ""
                   : zone.kind == SchoolSet::Kind::transition ? "transition"
                                                              : "shared"},
          {"units", zone.units.size()},
          {"addresses", addresses},
          {"area_m2", std::round(area_m2)}};
}

}  // namespace catchment::plans
