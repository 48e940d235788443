// What changes, for whom, and who stays.
#include <algorithm>
#include <map>
#include <set>

#include "engine/planning/city/plan_change.hpp"
#include "engine/planning/comparison/figures.hpp"
#include "engine/planning/comparison/statement_parts.hpp"

namespace catchment::engine::planning {
namespace {

constexpr std::size_t kMostGroups = 30;  // sentences on units

// Years in which a school's stage is open on one side only.
struct OfferChange {
  bool opens = false;
  YearIndex from = 0;
};

std::map<std::pair<StageIndex, ComparedIndex>, OfferChange> find_offers(const PlanMoves& moves) {
  std::map<std::pair<StageIndex, ComparedIndex>, OfferChange> found;
  for (const SchoolMoves& s : moves.schools) {
    if (s.open[kBefore] != s.open[kAfter]) found.try_emplace({s.stage, s.school}, OfferChange{s.open[kAfter], s.year});
  }
  return found;
}

void say_schools(const StatementFacts& facts, SectionLines& lines) {
  for (const auto& [key, change] : find_offers(facts.in.moves)) {
    const std::string& name = facts.in.moves.ground.schools[key.second].name;
    const std::string year = std::to_string(facts.year(change.from));
    const Words stage = facts.stage(key.first);
    if (change.opens) {
      lines.item(name + "自" + year + "年起招收" + stage.zh + "新生。",
                 name + " takes " + stage.en + " entrants from " + year + ".");
    } else {
      lines.item(name + "自" + year + "年起不再招收" + stage.zh + "新生。",
                 name + " takes no " + stage.en + " entrants from " + year + ".");
    }
  }
}

std::string years_zh(const StatementFacts& facts, const MoveGroup& group) {
  const std::string from = std::to_string(facts.year(group.from)), last = std::to_string(facts.year(group.to - 1));
  if (group.to == facts.city.years) return "自" + from + "年起";
  return group.to == group.from + 1 ? "仅" + from + "年" : from + "年至" + last + "年";
}

std::string years_en(const StatementFacts& facts, const MoveGroup& group) {
  const std::string from = std::to_string(facts.year(group.from)), last = std::to_string(facts.year(group.to - 1));
  if (group.to == facts.city.years) return "from " + from;
  return group.to == group.from + 1 ? "in " + from + " only" : from + " to " + last;
}

void say_group(const StatementFacts& facts, SectionLines& lines, const MoveGroup& group) {
  const Words stage = facts.stage(group.stage), before = facts.answer(group.before);
  const Words after = facts.answer(group.after, facts.is_transition(*group.moves.front()));
  const Words units = facts.units(group.moves), children = facts.children(group.first_year);
  const std::string year = std::to_string(facts.year(group.from));
  std::string figures_zh, figures_en;
  if (group.addresses > 0) {
    figures_zh = "地址" + grouped(group.addresses) + "个";
    figures_en = grouped(group.addresses) + (group.addresses == 1 ? " address" : " addresses");
  }
  if (group.first_year > 0) {
    figures_zh += (figures_zh.empty() ? "" : "，") + year + "年入学" + children.zh;
    figures_en += (figures_en.empty() ? "" : ", ") + children.en + " entering in " + year;
  }
  if (!figures_zh.empty()) figures_zh = "（" + figures_zh + "）", figures_en = " (" + figures_en + ")";
  lines.item(
      stage.zh + "：" + units.zh + figures_zh + years_zh(facts, group) + "由" + before.zh + "改为" + after.zh + "。",
      "In " + stage.en + ", " + units.en + figures_en + ": " + before.en + " becomes " + after.en + ", " +
          years_en(facts, group) + ".");
}

}  // namespace

void say_changes(const StatementFacts& facts, SectionLines& lines) {
  lines.begin("调整内容", "What changes");
  say_schools(facts, lines);
  for (std::size_t i = 0; i < std::min(kMostGroups, facts.groups.size()); ++i) {
    say_group(facts, lines, facts.groups[i]);
  }
  if (facts.groups.size() > kMostGroups) {
    const std::string more = std::to_string(facts.groups.size() - kMostGroups);
    lines.item("另有" + more + "项调整，见所附单元表。", more + " more changes are in the table of units.");
  }
  if (facts.groups.empty()) {
    lines.paragraph("各单元的对口学校均不变。", "Every unit keeps its school.");
  }
}

void say_extent(const StatementFacts& facts, SectionLines& lines) {
  if (facts.groups.empty()) return;
  lines.begin("涉及范围和人数", "Whom it concerns");
  std::set<std::size_t> parcels;
  for (const UnitMove& move : facts.in.moves.units) parcels.insert(move.parcel);
  std::int64_t addresses = 0, all = 0, households = 0;
  bool known = true;
  for (std::size_t p = 0; p < facts.in.moves.ground.parcels.size(); ++p) {
    const Parcel& parcel = facts.in.moves.ground.parcels[p];
    all += parcel.addresses;
    if (!parcels.contains(p)) continue;
    addresses += parcel.addresses, households += parcel.households.value_or(0);
    known = known && parcel.households.has_value();
  }
  std::string zh = "共涉及" + grouped(static_cast<std::int64_t>(parcels.size())) + "个单元";
  std::string en = grouped(static_cast<std::int64_t>(parcels.size())) + (parcels.size() == 1 ? " unit" : " units");
  if (addresses > 0) {
    const std::string share = percent_text(static_cast<double>(addresses) / static_cast<double>(all));
    zh += "、" + grouped(addresses) + "个地址（占全市地址的" + share + "）";
    en += " with " + grouped(addresses) + " addresses (" + share + " of the city's)";
  }
  if (known && households > 0) {
    zh += "、" + grouped(households) + "户";
    en += " and " + grouped(households) + " households";
  }
  lines.paragraph(zh + "。", en + " have another school in some year.");
  for (StageIndex k = 0; k < facts.city.stages.size(); ++k) {
    std::string by_year_zh, by_year_en;
    std::int64_t sum = 0;
    for (YearIndex y = 0; y < facts.city.years; ++y) {
      const std::int64_t children = facts.in.moves.sums[k * facts.city.years + y].children;
      sum += children;
      if (children == 0) continue;
      const std::string year = std::to_string(facts.year(y)), number = people_text(children);
      by_year_zh += (by_year_zh.empty() ? "" : "、") + year + "年" + (number == "<1" ? "不足1名" : number + "名");
      by_year_en += (by_year_en.empty() ? "" : ", ") + year + ": " + number;
    }
    if (sum == 0) continue;
    const Words stage = facts.stage(k), children = facts.children(sum);
    lines.paragraph("入读" + stage.zh + "的学校与现行划片不同的儿童，" + std::to_string(facts.year(0)) + "年至" +
                        std::to_string(facts.year(static_cast<YearIndex>(facts.city.years) - 1)) + "年合计" +
                        children.zh + "，其中" + by_year_zh + "。",
                    "Entering " + stage.en + " elsewhere than under the zones in force: " + children.en + " in all (" +
                        by_year_en + ").");
  }
}

namespace {

std::vector<const AppliedChange*> changes_of(const CityPlan& plan) { return plan.history(); }

void say_sitting(const StatementFacts& facts, SectionLines& lines) {
  std::int64_t sitting = 0;
  int uncounted = 0;
  for (const GradeMoves& g : facts.in.moves.grades) sitting = std::max(sitting, g.sitting);
  std::set<int> grades;
  bool all = false;
  for (const AppliedChange* applied : changes_of(facts.in.after)) {
    if (applied->edits.empty()) continue;
    all = all || !applied->change->phasing.sitting_stay;
    grades.insert(applied->change->phasing.move_grades.begin(), applied->change->phasing.move_grades.end());
  }
  for (const GradeMoves& g : facts.in.moves.grades) uncounted = std::max(uncounted, g.uncounted_parcels);
  if (all) {
    lines.paragraph("部分调整同时适用于在校生，所涉单元的在校生转入新学校。",
                    "Some changes also hold for pupils who sit: those of the units concerned go to the new school.");
  } else if (!grades.empty()) {
    Words list;
    for (const int g : grades) {
      list.zh += (list.zh.empty() ? "" : "、") + facts.grade(g).zh;
      list.en += (list.en.empty() ? "" : ", ") + facts.grade(g).en;
    }
    lines.paragraph("调整当年在" + list.zh + "就读的学生一并转入新学校。",
                    "Pupils who sit in " + list.en + " when the change comes go to the new school too.");
  }
  if (uncounted > 0) {
    lines.paragraph(std::to_string(facts.city.base_year) + "年及以前入学的在校生中须转学的人数，应按学籍另行核定。",
                    "How many of those who entered in " + std::to_string(facts.city.base_year) +
                        " or before have to move must be counted from the pupils' records.");
  }
}

// 2027-05-31 as 2027年5月31日; what is no such date stays as it is.
std::string date_zh(const std::string& iso) {
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return iso;
  const auto number = [](std::string text) { return text.front() == '0' ? text.substr(1) : text; };
  return iso.substr(0, 4) + "年" + number(iso.substr(5, 2)) + "月" + number(iso.substr(8, 2)) + "日";
}

void say_choices(const StatementFacts& facts, SectionLines& lines) {
  int siblings = 0;
  std::string opt_in;
  for (const AppliedChange* applied : changes_of(facts.in.after)) {
    siblings = std::max(siblings, applied->change->phasing.siblings_until);
    opt_in = std::max(opt_in, applied->change->phasing.opt_in_until);
  }
  if (siblings > 0) {
    lines.paragraph(
        std::to_string(siblings) + "年及以前入学、且有兄姐在原学校就读的儿童，可以申请随兄姐入读原学校（长幼随学）。",
        "Until " + std::to_string(siblings) + " a child with an elder sibling at the old school may ask to go there.");
  }
  if (!opt_in.empty()) {
    lines.paragraph("在校生自愿转入新学校的，可在" + date_zh(opt_in) + "以前提出申请。",
                    "Pupils who sit may ask for the new school until " + opt_in + ".");
  }
}

}  // namespace

void say_who_stays(const StatementFacts& facts, SectionLines& lines) {
  if (facts.groups.empty()) return;
  lines.begin("在校生安排（老生老办法）", "Who stays");
  bool moves_some = false;
  for (const AppliedChange* applied : changes_of(facts.in.after)) {
    const Phasing& phasing = applied->change->phasing;
    moves_some = moves_some || (!applied->edits.empty() && (!phasing.sitting_stay || !phasing.move_grades.empty()));
  }
  if (moves_some) {
    lines.paragraph("除下述情形外，调整只适用于各项调整年份起入学的新生，此前入学的学生在原学校读至毕业。",
                    "But for what is said below, the changes hold for children who enter from their year on; whoever "
                    "entered before stays to the end of the stage.");
    say_sitting(facts, lines);
  } else {
    lines.paragraph("调整只适用于各项调整年份起入学的新生；此前入学的学生在原学校读至毕业，不因本次调整转学。",
                    "The changes hold for children who enter from their year on. Whoever entered before stays to the "
                    "end of the stage; nobody has to change school.");
  }
  for (StageIndex k = 0; k < facts.city.stages.size() && k < facts.city.rules.stages.size(); ++k) {
    const auto first = std::ranges::find(facts.groups, k, &MoveGroup::stage);
    if (first == facts.groups.end() || moves_some) continue;
    const demand::StageRule& rule = facts.city.rules.stages[k];
    const int begins = facts.year(first->from), ends = begins + rule.grades() - 1;
    const Words stage = facts.stage(k), grade = facts.grade(rule.first_grade);
    lines.paragraph(stage.zh + "逐年过渡：" + std::to_string(begins) + "年只涉及" + grade.zh + "，到" +
                        std::to_string(ends) + "年各年级学生才均为按新划片入学的学生。",
                    "In " + stage.en + " only " + grade.en + " is concerned in " + std::to_string(begins) + "; by " +
                        std::to_string(ends) + " all grades entered under the new zones.");
  }
  say_choices(facts, lines);
}

}  // namespace catchment::engine::planning
