#include "engine/planning/indicators/indicators.hpp"

#include <array>
#include <cmath>

namespace catchment::engine::planning {
namespace {

using Tally = YearTally;
using Facts = IndicatorFacts;
using Value = IndicatorValue;

constexpr double kPart = 65'536;
constexpr double kFixed = 4294967296.0;  // of shares kept as whole numbers

Value unknown(std::string_view why) { return {std::nullopt, why}; }
Value figure(double value, std::string_view remark = {}) { return {value, remark}; }
Value figure(std::int64_t value) { return {static_cast<double>(value), {}}; }
Value children(std::int64_t parts) { return {static_cast<double>(parts) / kPart, {}}; }

Value share(std::int64_t part, std::int64_t all, std::string_view nobody, std::string_view remark = {}) {
  if (all == 0) return unknown(nobody);
  return {static_cast<double>(part) / static_cast<double>(all), remark};
}

// Mean over the draws; without draws there is one, the children expected.
Value drawn(std::int64_t sum, double unit, const Tally& t, const Facts& f) {
  const std::string_view remark = t.seats_unknown > 0 ? "schools whose seats are not known are left out"
                                  : f.draws == 0      ? "of the children expected: nothing was forecast"
                                                      : std::string_view{};
  return figure(static_cast<double>(sum) / unit / std::max(1, f.draws), remark);
}

Value schools_drawn(std::int64_t sum, const Tally& t, const Facts& f) {
  return f.draws == 0 ? unknown("nothing was forecast: there are no draws") : drawn(sum, 1, t, f);
}

constexpr std::string_view kNoWalks = "walks were not reckoned";
constexpr std::string_view kNobody = "no children";

std::string_view walk_remark(const Tally& t) {
  if (t.far > 0) return "children without a walk are left out";
  return t.straight > 0 ? "some walks are straight lines" : std::string_view{};
}

template <class Of>
Value of_walks(const Tally& t, const Facts& f, const Of& of) {
  if (!f.walks) return unknown(kNoWalks);
  if (t.walks.all() == 0) return unknown(t.far > 0 ? "nobody has a walk" : kNobody);
  return {of(), walk_remark(t)};
}

Value walk_mean(const Tally& t, const Facts& f) {
  return of_walks(t, f, [&] { return static_cast<double>(t.walk_mm) / static_cast<double>(t.walks.all()) / 1000; });
}

// Those without a walk are farther than everybody else, or it is not known where they are.
Value walk_p95(const Tally& t, const Facts& f) {
  if (!f.walks) return unknown(kNoWalks);
  const std::int64_t all = t.walks.all() + t.far, wanted = all - all / 20;
  if (all == 0) return unknown(kNobody);
  if (wanted > t.walks.all()) return unknown("more than one child in twenty has no walk");
  return figure(t.walks.reaching(wanted), t.straight > 0 ? walk_remark(t) : std::string_view{});
}

Value walk_max(const Tally& t, const Facts& f) {
  return of_walks(t, f, [&] { return static_cast<double>(t.walks.reaching(t.walks.all())); });
}

Value within(const Tally& t, const Facts& f, int metres) {
  if (!f.walks) return unknown(kNoWalks);
  return share(t.walks.within(metres), t.walks.all() + t.far, kNobody,
               t.far > 0 ? "children without a walk count as beyond" : walk_remark(t));
}

Value crossings(std::int64_t sum, const Tally& t, const Facts& f) {
  if (!f.walks) return unknown(kNoWalks);
  return {static_cast<double>(sum) / kPart,
          t.far > 0 || t.straight > 0 ? "children without a walk on streets are left out" : std::string_view{}};
}

Value moved_households(const Tally& t, const Facts&) {
  if (t.moved_uncounted > 0) return unknown("the households of some rezoned units are not known");
  return figure(t.moved_households);
}

Value siblings(const Tally& t, const Facts& f) {
  if (t.apart_from_elder == 0) return figure(0.0);
  if (!f.sibling_share) return unknown("no share of children with an elder sibling was given");
  const double years = std::max(1, f.grades - 1);
  return figure(*f.sibling_share * static_cast<double>(t.apart_from_elder) / years / kPart);
}

Value parted(const Tally& t, const Facts& f) {
  if (!f.has_feeders) return unknown("the stage has none before it");
  if (t.leavers == 0) return unknown("nobody leaves the stage before");
  return figure(static_cast<double>(t.parted) / static_cast<double>(t.leavers));
}

Value rezoned_before(const Tally& t, const Facts& f) {
  if (t.moved_addresses == 0) return figure(0.0);
  if (!f.history) return unknown("no earlier plans are known");
  return share(t.moved_before, t.moved_addresses, {});
}

Value rezoned_again(const Tally& t, const Facts& f) {
  if (t.moved_addresses == 0) return figure(0.0);
  return f.history ? figure(t.moved_again) : unknown("no earlier plans are known");
}

Value compact_mean(const Tally& t, const Facts&) {
  if (t.compact_zones == 0) return unknown("no zone's shape is known");
  return figure(static_cast<double>(t.compactness) / kFixed / static_cast<double>(t.compact_zones),
                t.compact_zones < t.zones ? "zones of unknown shape are left out" : std::string_view{});
}

Value compact_worst(const Tally& t, const Facts&) {
  if (t.compact_zones == 0) return unknown("no zone's shape is known");
  return figure(static_cast<double>(t.least_compact.least()) / kFixed,
                t.compact_zones < t.zones ? "zones of unknown shape are left out" : std::string_view{});
}

// Coefficient of variation of children a seat.
Value balance(const Tally& t, const Facts&) {
  if (t.load == 0) return unknown("no school with seats has children");
  const auto n = static_cast<double>(t.loaded), sum = static_cast<double>(t.load);
  return figure(std::sqrt(std::max(0.0, n * static_cast<double>(t.load_squares) - sum * sum)) / sum,
                t.seats_unknown > 0 ? "schools whose seats are not known are left out" : std::string_view{});
}

Value seat_walk(const Tally& t, const Facts&) {
  if (!t.flow_known) return unknown("no seats were given out for this year");
  const std::int64_t placed = t.flow_children - t.flow_unplaced;
  if (placed == 0) return unknown("nobody has a seat");
  return figure(static_cast<double>(t.flow_walk) / static_cast<double>(placed));
}

Value unplaced(const Tally& t, const Facts&) {
  return t.flow_known ? children(t.flow_unplaced) : unknown("no seats were given out for this year");
}

constexpr Better kLower = Better::lower, kHigher = Better::higher;

constexpr std::array kIndicators{
    Indicator{"seats_over", "children", kLower, "Entering children beyond their school's seats, mean of the draws",
              "超出本校学位数的入学儿童（各次模拟的平均）",
              [](const Tally& t, const Facts& f) { return drawn(t.over, kPart, t, f); }},
    Indicator{"seats_free", "seats", kLower, "Seats left free, mean of the draws", "空余学位（各次模拟的平均）",
              [](const Tally& t, const Facts& f) { return drawn(t.free, kPart, t, f); }},
    Indicator{"classes_over", "classes", kLower,
              "Classes wanted at the class cap beyond those there are, mean of the draws",
              "按班额上限计尚缺的班数（平均）",
              [](const Tally& t, const Facts& f) { return drawn(t.classes_over, 1, t, f); }},
    Indicator{"classes_free", "classes", kLower, "Classes there are beyond those wanted, mean of the draws",
              "多余的班数（平均）", [](const Tally& t, const Facts& f) { return drawn(t.classes_free, 1, t, f); }},
    Indicator{"schools_over", "schools", kLower, "Schools with more children than seats: their probabilities added up",
              "学位不足的学校数（各校概率之和）",
              [](const Tally& t, const Facts& f) { return schools_drawn(t.schools_over, t, f); }},
    Indicator{"schools_under", "schools", kLower,
              "Schools with fewer children than seats: their probabilities added up",
              "学位有余的学校数（各校概率之和）",
              [](const Tally& t, const Facts& f) { return schools_drawn(t.schools_under, t, f); }},
    Indicator{"walk_mean", "m", kLower, "Walk to the assigned school, mean", "到对口学校的平均步行距离", walk_mean},
    Indicator{"walk_p95", "m", kLower, "Walk that 95 % of the children do not exceed", "95% 的儿童不超过的步行距离",
              walk_p95},
    Indicator{"walk_max", "m", kLower, "Longest walk", "最长步行距离", walk_max},
    Indicator{"within_500_m", "share", kHigher, "Children who walk at most 500 m", "步行 500 米以内的儿童比例",
              [](const Tally& t, const Facts& f) { return within(t, f, 500); }},
    Indicator{"within_1000_m", "share", kHigher, "Children who walk at most 1,000 m", "步行 1000 米以内的儿童比例",
              [](const Tally& t, const Facts& f) { return within(t, f, 1000); }},
    Indicator{"without_walk", "children", kLower,
              "Children without a walk to their school: too far, or of no known place",
              "无步行路线的儿童（过远或位置不明）",
              [](const Tally& t, const Facts& f) { return f.walks ? children(t.far) : unknown(kNoWalks); }},
    Indicator{"trunk_crossings", "child crossings", kLower, "Trunk roads crossed on the way, times children",
              "上学途中横穿主干路的人次",
              [](const Tally& t, const Facts& f) { return crossings(t.trunk_roads, t, f); }},
    Indicator{"rail_crossings", "child crossings", kLower, "Railways crossed on the way, times children",
              "上学途中横穿铁路的人次", [](const Tally& t, const Facts& f) { return crossings(t.rails, t, f); }},
    Indicator{"river_crossings", "child crossings", kLower, "Rivers crossed on the way, times children",
              "上学途中跨河的人次", [](const Tally& t, const Facts& f) { return crossings(t.rivers, t, f); }},
    Indicator{"zones_apart", "zones", kLower, "Zones in several pieces, joined only where one gets across",
              "不连片的学区数（须能实际通行）", [](const Tally& t, const Facts&) { return figure(t.zones_apart); }},
    Indicator{"pieces_over", "pieces", kLower, "Pieces of zones beyond one each", "学区多出的片数",
              [](const Tally& t, const Facts&) { return figure(t.pieces - t.zones); }},
    Indicator{"compactness_mean", "share", kHigher, "4 pi area / perimeter squared of zones, mean (a circle: 1)",
              "学区紧凑度 4πA/P² 的平均（圆为 1）", compact_mean},
    Indicator{"compactness_worst", "share", kHigher, "4 pi area / perimeter squared of the least compact zone",
              "最不紧凑学区的 4πA/P²", compact_worst},
    Indicator{"children_moved", "children", kLower, "Children of units with another school than in the reference plan",
              "学校有变的儿童数", [](const Tally& t, const Facts&) { return children(t.moved_children); }},
    Indicator{"households_moved", "households", kLower,
              "Households of units with another school than in the reference plan", "学校有变的户数", moved_households},
    Indicator{"addresses_rezoned", "addresses", kLower,
              "Addresses of units with another school than in the reference plan", "学校有变的地址数",
              [](const Tally& t, const Facts&) { return figure(t.moved_addresses); }},
    Indicator{"rezoned_before_mean", "times", kLower, "How often the rezoned addresses were rezoned before, mean",
              "这些地址此前调整过的平均次数", rezoned_before},
    Indicator{"rezoned_again", "addresses", kLower, "Rezoned addresses that were rezoned before", "再次被调整的地址数",
              rezoned_again},
    Indicator{"siblings_split", "children", kLower,
              "Entering children whose elder sibling sits in another public school, expected",
              "与哥哥姐姐分在不同学校的入学儿童（期望）", siblings},
    Indicator{"classmates_split", "probability", kLower, "That two leavers of one school go on to different schools",
              "同校两名毕业生升入不同学校的概率", parted},
    Indicator{"load_variation", "share", kLower, "Coefficient of variation of children a seat between schools",
              "各校每学位儿童数的变异系数", balance},
    Indicator{"schools_empty", "schools", kLower, "Open public schools without a unit", "没有学区的公办学校数",
              [](const Tally& t, const Facts&) { return figure(t.empty); }},
    Indicator{"estates_without", "estates", kLower, "Estates, there by then, without a school", "没有对口学校的小区数",
              [](const Tally& t, const Facts&) { return figure(t.estates_without); }},
    Indicator{"children_without", "children", kLower, "Children of units nobody has", "没有对口学校的儿童数",
              [](const Tally& t, const Facts&) { return children(t.nobodys); }},
    Indicator{"seats_short", "children", kLower,
              "Children for whom no near school has a seat, with seats given out at the least walk",
              "统筹安排后仍无学位的儿童数", unplaced},
    Indicator{"seat_walk_mean", "m", kLower,
              "Walk to the seat given out, mean; a seat outside the own zone counts more",
              "统筹安排后的平均步行距离（跨学区加计）", seat_walk},
};

}  // namespace

std::span<const Indicator> indicators() { return kIndicators; }

std::string_view to_word(Better better) { return better == Better::lower ? "lower" : "higher"; }

}  // namespace catchment::engine::planning
