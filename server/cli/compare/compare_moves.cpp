// Who moves: between which schools, in which grades and years, unit by unit.
#include <algorithm>
#include <map>

#include "engine/planning/comparison/figures.hpp"
#include "server/cli/compare/compare_parts.hpp"
#include "server/cli/report/html.hpp"

namespace catchment::cli::report {
namespace {

using namespace engine::planning;

constexpr std::size_t kMostUnits = 80;  // rows of the table of units
constexpr std::size_t kMostPairs = 40;  // of schools moved between

std::string year_text(const PlanComparison& c, YearIndex y) { return std::to_string(c.city().school_year(y)) + "年"; }

struct PairSum {
  ComparedAnswer before, after;
  MoveSums sums;  // children and walks of all years; units and addresses of the year with most
};

// Opposite directions stand together, those of most children first.
std::vector<PairSum> sum_pairs(const PlanMoves& moves, StageIndex stage) {
  std::map<std::pair<ComparedAnswer, ComparedAnswer>, PairSum> found;
  std::map<std::pair<ComparedAnswer, ComparedAnswer>, std::int64_t> both_ways;
  for (const PairMoves& p : moves.pairs) {
    if (p.stage != stage) continue;
    PairSum& sum = found[{p.before, p.after}];
    MoveSums most = p.sums.addresses > sum.sums.addresses ? p.sums : sum.sums;
    most.children = sum.sums.children + p.sums.children;
    most.walk = sum.sums.walk, most.walk.add(p.sums.walk);
    sum = {p.before, p.after, most};
    both_ways[std::minmax(p.before, p.after)] += p.sums.children;
  }
  std::vector<PairSum> list;
  for (const auto& [key, sum] : found) list.push_back(sum);
  std::ranges::stable_sort(list, [&](const PairSum& a, const PairSum& b) {
    const auto x = std::minmax(a.before, a.after), y = std::minmax(b.before, b.after);
    const std::int64_t p = both_ways[x], q = both_ways[y];
    return p != q ? p > q : std::pair<ComparedAnswer, ComparedAnswer>(x) < std::pair<ComparedAnswer, ComparedAnswer>(y);
  });
  return list;
}

std::string count_text(std::int64_t parts) { return escape(people_text(parts)); }

std::vector<std::string> pair_row(const PlanMoves& moves, const PairSum& pair) {
  const WalkSums& walk = pair.sums.walk;
  const std::string metres =
      walk.children == 0 ? "不明" : metres_text(*walk.mean_m(kBefore)) + " → " + metres_text(*walk.mean_m(kAfter));
  return {escape(answer_text(moves, pair.before)) + " → " + escape(answer_text(moves, pair.after)),
          std::to_string(pair.sums.parcels),
          grouped(pair.sums.addresses),
          pair.sums.uncounted > 0 ? "不明" : grouped(pair.sums.households),
          count_text(pair.sums.children),
          metres,
          count_text(walk.farther),
          count_text(walk.more_crossings) + " / " + count_text(walk.fewer_crossings)};
}

std::string pair_table(const PlanComparison& c, const PlanPair& pair, StageIndex stage) {
  const std::vector<PairSum> sums = sum_pairs(pair.moves, stage);
  if (sums.empty()) return {};
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < std::min(kMostPairs, sums.size()); ++i) rows.push_back(pair_row(pair.moves, sums[i]));
  std::string out = table(
      stage_chinese(c, stage) + "：从哪所学校到哪所学校 " + stage_english(c, stage) + ": from which school to which",
      {{both("原学校 → 新学校", "from → to")},
       {both("单元", "units"), true},
       {both("地址", "addresses"), true},
       {both("户数", "households"), true},
       {both("儿童（各年合计）", "children, all years"), true},
       {both("平均步行（米）", "mean walk, m"), true},
       {both("多走500米以上", "over 500 m farther"), true},
       {both("横穿增/减", "crossings more / fewer"), true}},
      rows);
  if (sums.size() > kMostPairs) {
    out += paragraph("另有" + std::to_string(sums.size() - kMostPairs) + "对学校未列。",
                     std::to_string(sums.size() - kMostPairs) + " more pairs are left out.");
  }
  return out;
}

// A line a year, a column a grade: entry cohorts move year by year, whoever sits stays.
std::string grade_table(const PlanComparison& c, const PlanPair& pair, StageIndex stage) {
  std::map<YearIndex, std::map<int, const GradeMoves*>> rows;
  for (const GradeMoves& g : pair.moves.grades) {
    if (g.stage == stage) rows[g.year][g.grade] = &g;
  }
  if (rows.empty()) return {};
  const engine::demand::StageRule& rule = c.city().rules.stages[stage];
  std::vector<Column> columns{{both("学年", "year")}};
  for (int g = rule.first_grade; g <= rule.last_grade; ++g) columns.push_back({std::to_string(g) + "年级", true});
  columns.push_back({both("合计", "all"), true});
  std::vector<std::vector<std::string>> lines;
  bool uncounted = false;
  for (const auto& [y, grades] : rows) {
    std::vector<std::string> line{year_text(c, y)};
    std::int64_t sum = 0;
    for (int g = rule.first_grade; g <= rule.last_grade; ++g) {
      const auto at = grades.find(g);
      if (at == grades.end()) {
        line.push_back("0");
        continue;
      }
      sum += at->second->children;
      uncounted = uncounted || at->second->uncounted_parcels > 0;
      line.push_back(at->second->uncounted_parcels > 0 ? "不明" : count_text(at->second->children));
    }
    line.push_back(count_text(sum));
    lines.push_back(std::move(line));
  }
  std::string out = table(stage_chinese(c, stage) +
                              "：各学年各年级就读学校不同的学生（在校生不动，逐年推进） pupils who "
                              "sit elsewhere, by year and grade",
                          columns, lines);
  if (!uncounted) return out;
  return out + paragraph("“不明”：该年级在规划期以前入学，须按学籍核定，未计入合计。",
                         "Unknown: they entered before the first year planned; the sums leave them out.");
}

std::string unit_rows(const PlanComparison& c, const PlanPair& pair) {
  const std::size_t all = pair.moves.units.size();
  std::vector<const UnitMove*> list;
  for (const UnitMove& m : pair.moves.units) list.push_back(&m);
  std::ranges::stable_sort(list, {}, [](const UnitMove* m) { return std::pair(m->stage, -m->children.front()); });
  std::vector<std::vector<std::string>> rows;
  const auto walk = [](const std::optional<int>& m) { return m ? metres_text(*m) : std::string("不明"); };
  for (std::size_t i = 0; i < std::min(kMostUnits, all); ++i) {
    const UnitMove& m = *list[i];
    const Parcel& parcel = pair.moves.ground.parcels[m.parcel];
    const std::string to = std::to_string(c.city().school_year(m.to - 1));
    const bool for_good = m.to == c.city().years;
    rows.push_back({escape(parcel.name.empty() ? parcel.id : parcel.name), stage_chinese(c, m.stage),
                    std::to_string(c.city().school_year(m.from)) + (for_good ? "年起" : "–" + to + "年"),
                    escape(answer_text(pair.moves, m.before)) + " → " + escape(answer_text(pair.moves, m.after)),
                    grouped(parcel.addresses), count_text(m.children.front()),
                    walk(m.walk_m[kBefore]) + " → " + walk(m.walk_m[kAfter])});
  }
  std::string out = "<details><summary>" + both("逐单元：" + std::to_string(all) + "项", "unit by unit") +
                    "</summary>\n" +
                    table(pair_chinese(c, pair) + "：学校有变的单元 units with another school",
                          {{both("单元", "unit")},
                           {both("学段", "stage")},
                           {both("年份", "years")},
                           {both("学校", "schools")},
                           {both("地址", "addresses"), true},
                           {both("首年入学儿童", "children, first year"), true},
                           {both("步行（米）", "walk, m"), true}},
                          rows);
  if (all > kMostUnits) {
    out += paragraph("只列前" + std::to_string(kMostUnits) + "项；全部单元可用 --out 导出。",
                     "Only the first are listed; --out writes all.");
  }
  return out + "</details>\n";
}

}  // namespace

std::string moves_section(const PlanComparison& c) {
  std::string out =
      "<section>\n" + heading(2, "moves", "谁的学校有变", "Who has another school") +
      paragraph("地址和儿童按单元计：单元的对口学校不同，其全部儿童计为有变。只有入学年份在调整之后的儿童受影响。",
                "Counted by units: where the answer differs, all children of the unit count. Only those "
                "who enter after a change are concerned.");
  for (const PlanPair& pair : c.pairs) {
    out += heading(3, "", pair_chinese(c, pair), pair_english(c, pair));
    if (pair.moves.empty()) {
      out += paragraph("没有单元的学校不同。", "No unit has another school.");
      continue;
    }
    for (StageIndex k = 0; k < c.city().stages.size(); ++k) out += pair_table(c, pair, k);
    for (StageIndex k = 0; k < c.city().stages.size(); ++k) out += grade_table(c, pair, k);
    out += unit_rows(c, pair);
  }
  return out + "</section>\n";
}

}  // namespace catchment::cli::report
