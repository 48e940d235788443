#include <nlohmann/json.hpp>

#include "server/cli/compare/compare_parts.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;
using nlohmann::ordered_json;

double whole_children(std::int64_t parts) { return static_cast<double>(parts) / kWholeChild; }

template <class Figure>
ordered_json or_unknown(const std::optional<Figure>& figure) {
  return figure ? ordered_json(*figure) : ordered_json("unknown");
}

class PairJson {
 public:
  PairJson(const PlanComparison& comparison, const PlanPair& pair)
      : comparison_(comparison), city_(comparison.city()), pair_(pair), moves_(pair.moves) {}

  ordered_json json() const {
    return {{"before", comparison_.plan(pair_.before).source},
            {"after", comparison_.plan(pair_.after).source},
            {"years", years()},
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
      const std::size_t plan = side == kBefore ? pair_.before : pair_.after;
      const SchoolLoad load = comparison_.live[plan].load(own, s.stage, s.year);
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

  const PlanComparison& comparison_;
  const PlanCity& city_;
  const PlanPair& pair_;
  const PlanMoves& moves_;
};

ordered_json indicators_json(const PlanComparison& comparison) {
  const PlanCity& city = comparison.city();
  ordered_json list = ordered_json::array();
  const Indicator* last = nullptr;
  for (const IndicatorLine& line : comparison.indicators) {
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

ordered_json certificate_json(const PlanCity& city, const PlanCertificate& certificate) {
  ordered_json lines = ordered_json::array(), findings = ordered_json::array();
  for (const PlanCertificate::Line& line : certificate.lines) {
    lines.push_back({{"stage", engine::to_word(city.stages[line.stage])},
                     {"school_year", city.school_year(line.year)},
                     {"one_school", line.one_school},
                     {"shared", line.shared},
                     {"none", line.none}});
  }
  for (const PlanCheck& f : certificate.findings) {
    findings.push_back({{"kind", engine::planning::to_word(f.kind)}, {"breaks", f.breaks}, {"message", f.message}});
  }
  return {{"holds", certificate.holds()}, {"lines", std::move(lines)}, {"findings", std::move(findings)}};
}

ordered_json statement_json(const std::vector<StatementLine>& lines) {
  ordered_json list = ordered_json::array();
  for (const StatementLine& line : lines) list.push_back({{"zh", line.zh}, {"en", line.en}});
  return list;
}

}  // namespace

std::string comparison_json(const PlanComparison& comparison) {
  ordered_json plans = ordered_json::array(), pairs = ordered_json::array();
  for (std::size_t i = 0; i < comparison.sides.plans.size(); ++i) {
    const SidePlan& side = comparison.plan(i);
    ordered_json one{{"label", side.label}, {"name", side.name}, {"source", side.source}};
    one["certificate"] = certificate_json(side.plan.city(), comparison.certificates[i]);
    if (i > 0) one["statement"] = statement_json(comparison.statements[i]);
    plans.push_back(std::move(one));
  }
  for (const PlanPair& pair : comparison.pairs) pairs.push_back(PairJson(comparison, pair).json());
  const ordered_json out{{"base_year", comparison.city().base_year},
                         {"horizon", comparison.city().years},
                         {"draws", comparison.draws},
                         {"seed", comparison.seed},
                         {"plans", std::move(plans)},
                         {"indicators", indicators_json(comparison)},
                         {"comparisons", std::move(pairs)}};
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace catchment::cli
