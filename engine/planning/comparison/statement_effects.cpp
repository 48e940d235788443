// Walks, seats, what is not known, and how to object.
#include <algorithm>
#include <map>
#include <optional>

#include "engine/planning/comparison/figures.hpp"
#include "engine/planning/comparison/statement_parts.hpp"

namespace catchment::engine::planning {
namespace {

constexpr std::size_t kMostFarther = 12;  // units told one by one
constexpr std::size_t kMostSchools = 20;

WalkSums walks_of(const StatementFacts& facts, StageIndex stage) {
  WalkSums sums;
  for (YearIndex y = 0; y < facts.city.years; ++y) {
    sums.add(facts.in.moves.sums[stage * facts.city.years + y].walk);
  }
  return sums;
}

void say_mean_walk(const StatementFacts& facts, SectionLines& lines, StageIndex k, const WalkSums& walks) {
  const double before = *walks.mean_m(kBefore), after = *walks.mean_m(kAfter);
  const std::int64_t change = metres(after) - metres(before);
  const Words stage = facts.stage(k);
  const std::string by = grouped(change < 0 ? -change : change);
  const std::string zh = change == 0 ? "，基本不变" : (change < 0 ? "，平均缩短约" : "，平均增加约") + by + "米";
  const std::string en =
      change == 0 ? ", about as before" : (change < 0 ? ", " + by + " m shorter" : ", " + by + " m longer");
  lines.paragraph("入读" + stage.zh + "的学校有变的儿童，上学步行距离平均由约" + metres_text(before) + "米变为约" +
                      metres_text(after) + "米" + zh + "。",
                  "Children who enter another " + stage.en + " school walk " + metres_text(after) +
                      " m on average instead of " + metres_text(before) + " m" + en + ".");
}

void say_far_and_near(const StatementFacts& facts, SectionLines& lines, StageIndex k, const WalkSums& walks) {
  const auto say = [&](std::int64_t parts, const std::string& zh, const std::string& en) {
    if (parts == 0) return;
    const Words children = facts.children(parts), stage = facts.stage(k);
    lines.item(stage.zh + "：" + children.zh + zh, "In " + stage.en + ", " + children.en + " " + en);
  };
  const std::string limit = std::to_string(kFarther_m);
  say(walks.farther, "比现在多走" + limit + "米以上。", "would walk over " + limit + " m farther.");
  say(walks.nearer, "比现在少走" + limit + "米以上。", "would walk over " + limit + " m less.");
  say(walks.more_crossings, "上学途中须横穿的主干路、铁路、河流比现在多。",
      "would cross more trunk roads, railways or rivers.");
  say(walks.fewer_crossings, "上学途中须横穿的主干路、铁路、河流比现在少。",
      "would cross fewer trunk roads, railways or rivers.");
}

}  // namespace

void say_walks(const StatementFacts& facts, SectionLines& lines) {
  lines.begin("上学距离", "The way to school");
  for (StageIndex k = 0; k < facts.city.stages.size(); ++k) {
    const WalkSums walks = walks_of(facts, k);
    if (walks.children == 0) continue;
    say_mean_walk(facts, lines, k, walks);
    say_far_and_near(facts, lines, k, walks);
  }
}

void say_farther(const StatementFacts& facts, SectionLines& lines) {
  lines.begin("将明显走得更远的单元", "Units that would walk much farther");
  std::vector<const UnitMove*> farther;
  for (const UnitMove& move : facts.in.moves.units) {
    if (move.walk_m[kBefore] && move.walk_m[kAfter] && *move.walk_m[kAfter] - *move.walk_m[kBefore] > kFarther_m) {
      farther.push_back(&move);
    }
  }
  std::ranges::stable_sort(farther, {}, [](const UnitMove* m) { return *m->walk_m[kBefore] - *m->walk_m[kAfter]; });
  for (std::size_t i = 0; i < std::min(kMostFarther, farther.size()); ++i) {
    const UnitMove& m = *farther[i];
    const Words unit = facts.units({&m}), before = facts.answer(m.before), stage = facts.stage(m.stage);
    const Words after = facts.answer(m.after, facts.is_transition(m)), children = facts.children(m.children.front());
    const std::string year = std::to_string(facts.year(m.from));
    const bool some = m.children.front() > 0;
    lines.item(unit.zh + "（" + stage.zh + "，" + before.zh + "改为" + after.zh + "）：由约" +
                   metres_text(*m.walk_m[kBefore]) + "米变为约" + metres_text(*m.walk_m[kAfter]) + "米" +
                   (some ? "，" + year + "年入学" + children.zh : "") + "。",
               unit.en + " (" + stage.en + ", " + before.en + " to " + after.en +
                   "): " + metres_text(*m.walk_m[kAfter]) + " m instead of " + metres_text(*m.walk_m[kBefore]) + " m" +
                   (some ? ", " + children.en + " entering in " + year : "") + ".");
  }
  if (farther.size() > kMostFarther) {
    const std::string more = std::to_string(farther.size() - kMostFarther);
    lines.item("另有" + more + "个单元，见所附单元表。", more + " more units are in the table of units.");
  }
}

namespace {

// A school's entrants on one side: by the forecast where there is one, else the children expected.
std::int64_t load_of(const StatementFacts& facts, const SchoolMoves& s, Side side) {
  const LivePlan* live = side == kBefore ? facts.in.live_before : facts.in.live_after;
  const SchoolIndex own = facts.in.moves.ground.schools[s.school].in[side];
  if (live != nullptr && own != kNoSchool) {
    const SchoolLoad load = live->load(own, s.stage, s.year);
    if (load.demand) return static_cast<std::int64_t>(*load.demand * kWholeChild);
  }
  return s.children[side];
}

std::optional<double> over_of(const StatementFacts& facts, const SchoolMoves& s, Side side) {
  const LivePlan* live = side == kBefore ? facts.in.live_before : facts.in.live_after;
  const SchoolIndex own = facts.in.moves.ground.schools[s.school].in[side];
  return live == nullptr || own == kNoSchool ? std::nullopt : live->load(own, s.stage, s.year).over;
}

bool concerns(const SchoolMoves& s) {
  return s.gained > 0 || s.lost > 0 || s.seats[kBefore] != s.seats[kAfter] || s.only[kBefore] != s.only[kAfter];
}

void say_school(const StatementFacts& facts, SectionLines& lines, const SchoolMoves& s) {
  const std::string name = facts.in.moves.ground.schools[s.school].name, year = std::to_string(facts.year(s.year));
  const std::int64_t before = load_of(facts, s, kBefore), after = load_of(facts, s, kAfter);
  const Words stage = facts.stage(s.stage);
  std::string zh = name + "（" + stage.zh + "）：" + year + "年预计新生由" + grouped(people(before)) + "名变为" +
                   grouped(people(after)) + "名";
  std::string en = name + " (" + stage.en + "), " + year + ": " + grouped(people(after)) + " entrants instead of " +
                   grouped(people(before));
  if (!s.open[kAfter]) {
    zh += "，不再招生", en += "; takes no entrants";
  } else if (!s.seats[kAfter]) {
    zh += "，学位数不明", en += "; its seats are not known";
  } else {
    const int seats = *s.seats[kAfter], was = s.seats[kBefore].value_or(seats);
    zh +=
        was == seats ? "，学位" + grouped(seats) + "个" : "，学位由" + grouped(was) + "个变为" + grouped(seats) + "个";
    en += " for " + grouped(seats) + " seats" + (was == seats ? "" : " (" + grouped(was) + " before)");
    const std::int64_t over = people(after) - seats;
    if (over > 0) zh += "，尚缺" + grouped(over) + "个", en += ", " + grouped(over) + " too few";
  }
  const auto p = over_of(facts, s, kBefore), q = over_of(facts, s, kAfter);
  if (p && q && percent_text(*p) != percent_text(*q)) {
    zh += "，学位不足的可能性由" + percent_text(*p) + "变为" + percent_text(*q);
    en += "; the chance of too few goes from " + percent_text(*p) + " to " + percent_text(*q);
  }
  lines.item(zh + "。", en + ".");
}

}  // namespace

void say_seats(const StatementFacts& facts, SectionLines& lines) {
  lines.begin("学位供需", "Seats");
  std::map<std::pair<StageIndex, ComparedIndex>, const SchoolMoves*> first;  // the first year that is another
  for (const SchoolMoves& s : facts.in.moves.schools) {
    if (concerns(s)) first.try_emplace({s.stage, s.school}, &s);
  }
  std::vector<const SchoolMoves*> list;
  for (const auto& [key, s] : first) list.push_back(s);
  std::ranges::stable_sort(list, {}, [](const SchoolMoves* s) { return -(s->gained + s->lost); });
  const std::size_t shown = std::min(kMostSchools, list.size());
  std::ranges::stable_sort(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(shown), {},
                           [](const SchoolMoves* s) { return std::tuple(s->stage, s->year, s->school); });
  for (std::size_t i = 0; i < shown; ++i) say_school(facts, lines, *list[i]);
  if (list.size() > shown) {
    const std::string more = std::to_string(list.size() - shown);
    lines.item("另有" + more + "所学校的人数变化较小。", more + " more schools change by less.");
  }
}

namespace {

void say_unknown_walks(const StatementFacts& facts, SectionLines& lines) {
  WalkSums walks;
  for (StageIndex k = 0; k < facts.city.stages.size(); ++k) walks.add(walks_of(facts, k));
  if (walks.unknown > 0) {
    const Words children = facts.children(walks.unknown);
    lines.item(children.zh + "学校有变的儿童，其步行距离不明（位置不明，或超出测算范围）。",
               "The walks of " + children.en + " are not known: no place, or beyond the distance reckoned with.");
  }
  if (walks.straight > 0) {
    const Words children = facts.children(walks.straight);
    lines.item(
        children.zh + "儿童的距离只能按直线估算，实际路程更长，途中横穿的道路未计。",
        "Distances of " + children.en + " are straight lines: the way is longer, and crossings are not counted.");
  }
}

void say_unknown_counts(const StatementFacts& facts, SectionLines& lines) {
  int uncounted = 0, guessed = 0;
  for (const MoveSums& sums : facts.in.moves.sums) uncounted = std::max(uncounted, sums.uncounted);
  for (const UnitMove& m : facts.in.moves.units) guessed += facts.in.moves.ground.parcels[m.parcel].guessed ? 1 : 0;
  if (uncounted > 0) {
    lines.item("部分单元的户数不明，受影响户数未列。", "The households of some units are not known and not told.");
  }
  if (guessed > 0) {
    lines.item("两个方案对部分单元的切分不同，相应人数为估计。",
               "Both plans cut some units, each in its own way: their figures are guesses.");
  }
}

void say_certificate(const StatementFacts& facts, SectionLines& lines) {
  long none = 0;
  for (const PlanCertificate::Line& line : facts.in.certificate.lines) none = std::max(none, line.none);
  if (none > 0) {
    lines.item("方案中尚有" + grouped(none) + "个地址没有确定的学校。",
               grouped(none) + " addresses have no school under the plan.");
  }
  const auto cut = std::ranges::count(facts.in.certificate.findings, PlanCheckKind::cut_off, &PlanCheck::kind);
  if (cut > 0) {
    lines.item("方案中有" + std::to_string(cut) + "处学区被河流、铁路或主干路隔开，须复核。",
               std::to_string(cut) + " pieces of zones are cut off from their school and must be looked at again.");
  }
}

}  // namespace

void say_unknown(const StatementFacts& facts, SectionLines& lines) {
  lines.begin("尚不确定的事项", "What is not known");
  if (facts.counted) {
    lines.item("人数是依据截至" + std::to_string(facts.city.base_year) + "年数据所作的预计，实际人数以入学登记为准。",
               "Numbers of children are expected from data up to " + std::to_string(facts.city.base_year) +
                   "; registration will tell.");
  } else if (!facts.groups.empty()) {
    lines.item("没有可用的人口和学籍数据，受影响儿童人数不明。",
               "There are no data on children: how many are concerned is not known.");
  }
  say_unknown_walks(facts, lines);
  say_unknown_counts(facts, lines);
  say_certificate(facts, lines);
}

void say_how_to_object(SectionLines& lines) {
  lines.begin("意见反馈", "How to object");
  lines.paragraph(
      "公示期为【起始日期】至【截止日期】。如有意见或建议，请在截止日期前通过以下方式实名提出，并写明住址、所涉学校和理"
      "由：",
      "Comments are open from [first day] to [last day]. Please give your name, address, the school concerned and your "
      "reasons:");
  lines.item("来信：【通信地址、邮政编码、收件部门】", "By letter: [postal address and office]");
  lines.item("电子邮件：【电子邮箱】", "By e-mail: [address]");
  lines.item("电话：【电话号码、接听时间】", "By telephone: [number and hours]");
  lines.paragraph("收到的意见及采纳情况将于【日期】前公布。",
                  "What was said, and what came of it, is published by [date].");
  lines.paragraph("【教育局名称】　【日期】", "[name of the bureau], [date]");
}

}  // namespace catchment::engine::planning
