// Tables of a comparison: indicators, schools, certificates.
#include <algorithm>
#include <map>
#include <set>

#include "engine/planning/comparison/figures.hpp"
#include "server/cli/compare/compare_parts.hpp"
#include "server/cli/report/html.hpp"

namespace catchment::cli::report {
namespace {

using namespace engine::planning;

constexpr std::size_t kMostFindings = 8;  // of a certificate

std::string heading_year(const PlanComparison& c, YearIndex y) {
  return std::to_string(c.city().school_year(y)) + "年";
}

// --- indicators ---

std::string value_text(const Indicator& indicator, const IndicatorValue& value) {
  if (!value.value) return "不明";
  const bool share = indicator.unit == "share" || indicator.unit == "probability";
  return share ? percent_text(*value.value) : figure_text(*value.value);
}

std::string judgement_tag(Judgement judgement) {
  switch (judgement) {
    case Judgement::better:
      return "<span class=\"tag up\">▲ 较优 better</span>";
    case Judgement::worse:
      return "<span class=\"tag down\">▼ 较差 worse</span>";
    case Judgement::equal:
      return "<span class=\"same\">＝ 相同</span>";
    case Judgement::unknown:
      break;
  }
  return "<span class=\"same\">不明 unknown</span>";
}

// In how many years a plan is better, and worse.
std::string years_note(const PlanComparison& c, const IndicatorLine& line, std::size_t plan) {
  int better = 0, worse = 0;
  for (const IndicatorLine& other : c.indicators) {
    if (other.indicator != line.indicator || other.stage != line.stage) continue;
    better += other.judgements[plan] == Judgement::better ? 1 : 0;
    worse += other.judgements[plan] == Judgement::worse ? 1 : 0;
  }
  if (better + worse == 0) return {};
  std::string text;
  if (better > 0) text += "优" + std::to_string(better) + "年";
  if (worse > 0) text += std::string(text.empty() ? "" : "、") + "差" + std::to_string(worse) + "年";
  return "<br/><span class=\"en\">" + std::to_string(c.city().years) + "年中" + text + "</span>";
}

std::vector<std::string> indicator_row(const PlanComparison& c, const IndicatorLine& line) {
  std::string head = both(line.indicator->meaning_zh, line.indicator->meaning);
  const bool share = line.indicator->unit == "share" || line.indicator->unit == "probability";
  if (!share) head += " <span class=\"en\">(" + escape(line.indicator->unit) + ")</span>";
  std::vector<std::string> row{head};
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    std::string cell = "<b>" + escape(value_text(*line.indicator, line.values[i])) + "</b>";
    if (i > 0) cell += "<br/>" + judgement_tag(line.judgements[i]) + years_note(c, line, i);
    if (!line.values[i].remark.empty()) {
      cell += "<br/><span class=\"en\" lang=\"en\">" + escape(line.values[i].remark) + "</span>";
    }
    row.push_back(cell);
  }
  return row;
}

std::string indicator_table(const PlanComparison& c, StageIndex stage) {
  const YearIndex year = c.most_moved_year(stage);
  std::vector<Column> columns{{both("指标", "indicator")}};
  for (std::size_t i = 0; i < c.sides.plans.size(); ++i) columns.push_back({both(c.label(i), c.label_en(i)), true});
  std::vector<std::vector<std::string>> differ, same;
  for (const IndicatorLine& line : c.indicators) {
    if (line.stage != stage || line.year != year) continue;
    const bool other = std::ranges::any_of(line.judgements,
                                           [](Judgement v) { return v == Judgement::better || v == Judgement::worse; });
    (other ? differ : same).push_back(indicator_row(c, line));
  }
  const std::string caption = heading_year(c, year) + stage_chinese(c, stage) + "指标 " + stage_english(c, stage) +
                              " indicators, " + std::to_string(c.city().school_year(year));
  std::string out;
  if (!differ.empty()) out += table(caption, columns, differ);
  if (same.empty()) return out;
  return out + "<details><summary>" +
         both("各方案相同或不明的指标：" + std::to_string(same.size()) + "项", "indicators that are equal or unknown") +
         "</summary>\n" + table(caption + "（相同或不明 equal or unknown）", columns, same) + "</details>\n";
}

}  // namespace

std::string indicator_section(const PlanComparison& c) {
  std::string out = "<section>\n" + heading(2, "indicators", "指标对照", "Indicators side by side") +
                    paragraph("每项指标单独与现行划片比较，不合成总分，也不据此排名。",
                              "Each indicator is judged for itself against the zones in force; nothing adds them up "
                              "or ranks the plans.");
  for (StageIndex k = 0; k < c.city().stages.size(); ++k) {
    out += heading(3, "", stage_chinese(c, k), stage_english(c, k)) + indicator_table(c, k);
  }
  return out + "</section>\n";
}

// --- schools ---

namespace {

std::int64_t load_of(const PlanComparison& c, const PlanPair& pair, const SchoolMoves& s, Side side) {
  const SchoolIndex own = pair.moves.ground.schools[s.school].in[side];
  if (own != kNoSchool) {
    const SchoolLoad load = c.live[side == kBefore ? pair.before : pair.after].load(own, s.stage, s.year);
    if (load.demand) return static_cast<std::int64_t>(*load.demand * kWholeChild);
  }
  return s.children[side];
}

// "130 → 145 / 135", and how likely seats are too few.
std::string year_cell(const PlanComparison& c, const PlanPair& pair, const SchoolMoves& s) {
  const auto pupils = [&](Side side) {
    return s.open[side] || s.units[side] > 0 ? grouped(people(load_of(c, pair, s, side))) : std::string("—");
  };
  std::string cell = pupils(kBefore) + " → <b>" + pupils(kAfter) + "</b>";
  const auto seats = s.seats[kAfter];
  const std::string before = s.seats[kBefore] && s.seats[kBefore] != seats ? grouped(*s.seats[kBefore]) + "→" : "";
  cell += "<br/><span class=\"en\">学位 " + before + (seats ? grouped(*seats) : "不明") + "</span>";
  if (seats && people(load_of(c, pair, s, kAfter)) > *seats) {
    cell += "<br/><span class=\"tag down\">缺 " + grouped(people(load_of(c, pair, s, kAfter)) - *seats) + "</span>";
  }
  const SchoolIndex own = pair.moves.ground.schools[s.school].in[kAfter];
  if (own == kNoSchool) return cell;
  const auto over = c.live[pair.after].load(own, s.stage, s.year).over;
  if (over) cell += "<br/><span class=\"en\">不足概率 " + percent_text(*over) + "</span>";
  return cell;
}

std::string school_table(const PlanComparison& c, const PlanPair& pair, StageIndex stage,
                         const TouchedSchools& touched) {
  const auto last = static_cast<YearIndex>(c.city().years) - 1;
  std::map<ComparedIndex, std::map<YearIndex, const SchoolMoves*>> rows;
  std::set<ComparedIndex> wanted;
  YearIndex first = last;
  for (const SchoolMoves& s : pair.moves.schools) {
    if (s.stage != stage) continue;
    rows[s.school][s.year] = &s;
    if (is_touched(s)) wanted.insert(s.school), first = std::min(first, s.year);
  }
  if (wanted.empty()) return {};
  std::set<YearIndex> years{first, std::min(first + 3, last), last};
  std::vector<Column> columns{
      {both("学校", "school")}, {both("转入合计", "gains, all years"), true}, {both("转出合计", "losses"), true}};
  for (const YearIndex y : years) columns.push_back({both(heading_year(c, y) + "新生", "entrants"), true});
  std::vector<std::pair<int, std::vector<std::string>>> cells;
  for (const ComparedIndex s : wanted) {
    const ComparedSchool& school = pair.moves.ground.schools[s];
    const int number = touched.number(stage, school.id);
    std::int64_t gained = 0, lost = 0;
    for (const auto& [y, moves] : rows[s]) gained += moves->gained, lost += moves->lost;
    std::vector<std::string> row{"<span class=\"no-of\">" + std::to_string(number) + "</span> " + escape(school.name),
                                 people_text(gained) == "<1" ? "&lt;1" : people_text(gained),
                                 people_text(lost) == "<1" ? "&lt;1" : people_text(lost)};
    for (const YearIndex y : years) {
      const auto at = rows[s].find(y);
      row.push_back(at == rows[s].end() ? "—" : year_cell(c, pair, *at->second));
    }
    cells.emplace_back(number, std::move(row));
  }
  std::ranges::stable_sort(cells, {}, [](const auto& cell) { return cell.first; });
  std::vector<std::vector<std::string>> lines;
  for (auto& [number, row] : cells) lines.push_back(std::move(row));
  return table(pair_chinese(c, pair) + "，" + stage_chinese(c, stage) + "：预计新生 现行→方案 entrants before → after",
               columns, lines);
}

}  // namespace

std::string school_section(const PlanComparison& c, const TouchedSchools& touched) {
  std::string tables;
  for (const PlanPair& pair : c.pairs) {
    if (pair.before != 0) continue;
    for (StageIndex k = 0; k < c.city().stages.size(); ++k) tables += school_table(c, pair, k, touched);
  }
  std::string out = "<section>\n" + heading(2, "schools", "各校学位与新生", "Schools: seats and entrants");
  if (tables.empty()) tables = paragraph("没有学校受到影响。", "No school is concerned.");
  return out + tables + "</section>\n";
}

// --- certificates ---

std::string certificate_section(const PlanComparison& c) {
  std::vector<std::vector<std::string>> rows;
  std::string findings;
  for (std::size_t i = 0; i < c.sides.plans.size(); ++i) {
    const PlanCertificate& certificate = c.certificates[i];
    const std::string holds =
        certificate.holds() ? "<span class=\"yes\">✓ 成立 holds</span>" : "<span class=\"no\">✗ 不成立 broken</span>";
    for (std::size_t l = 0; l < certificate.lines.size(); ++l) {
      const PlanCertificate::Line& line = certificate.lines[l];
      std::size_t end = l;
      const auto same = [&](const PlanCertificate::Line& o) {
        return o.stage == line.stage && o.one_school == line.one_school && o.shared == line.shared &&
               o.none == line.none;
      };
      while (end + 1 < certificate.lines.size() && same(certificate.lines[end + 1])) ++end;
      std::string years = std::to_string(c.city().school_year(line.year));
      if (end > l) years += "–" + std::to_string(c.city().school_year(certificate.lines[end].year));
      rows.push_back({escape(c.label(i)), holds, stage_chinese(c, line.stage), years, grouped(line.one_school),
                      grouped(line.shared), grouped(line.none)});
      l = end;
    }
    std::size_t told = 0;
    for (const PlanCheck& f : certificate.findings) {
      if (told++ == kMostFindings) break;
      findings +=
          "<li>" + escape(c.label(i)) + "：<span class=\"en\" lang=\"en\">" + escape(f.message) + "</span></li>\n";
    }
    if (certificate.findings.size() > kMostFindings) {
      findings += "<li>" + escape(c.label(i)) + "：" +
                  both("另有" + std::to_string(certificate.findings.size() - kMostFindings) + "项", "more") + "</li>\n";
    }
  }
  std::string out = "<section>\n" +
                    heading(2, "certificate", "一址一答核验", "Certificate: every address has exactly one answer") +
                    table("每个地址在每个学段、每个学年恰有一个答案 by plan, stage and years",
                          {{both("方案", "plan")},
                           {both("结论", "judgement")},
                           {both("学段", "stage")},
                           {both("学年", "years")},
                           {both("一所学校", "one school"), true},
                           {both("共同学区", "shared"), true},
                           {both("没有学校", "none"), true}},
                          rows);
  if (!findings.empty()) out += "<ul>\n" + findings + "</ul>\n";
  return out + "</section>\n";
}

}  // namespace catchment::cli::report
