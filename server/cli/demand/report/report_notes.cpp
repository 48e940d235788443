// How far to trust it: back-test, notes on the data, method, sources.
#include "server/cli/demand/backtest_words.hpp"
#include "server/cli/report/html.hpp"
#include "server/cli/demand/report/report_parts.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli::report {
namespace {

using namespace engine::demand;

constexpr std::size_t kMostNotes = 30;  // of one kind written out
constexpr int kFewTargets = 3;          // forecasts of fewer years prove little

std::string group_name(std::string_view group) {
  if (group == "all") return "各校各年级 School and grade";
  if (group == "entry") return "各校新生 Entrants of schools";
  if (group == "city_grade") return "全市各年级 City, by grade";
  return "全市各学段 City, by stage";
}

std::string baseline_name(Baseline baseline) {
  switch (baseline) {
    case Baseline::last_year:
      return both("沿用上年", "last year");
    case Baseline::mean_3:
      return both("三年平均", "3-year mean");
    case Baseline::carry:
      return both("原班升级", "carried up");
    case Baseline::progression:
      return both("升级率法", "progression");
    case Baseline::trend:
      return both("直线趋势", "trend");
  }
  return {};
}

std::string verdict_mark(const Beside& beside) {
  const std::string_view word = verdict_of(beside);
  if (word == "no cases") return "—";
  const std::string figure = fixed(beside.baseline.mae, 1) + "<br/>";
  if (word == "better") return figure + "<span class=\"yes\">" + both("本法更准", "better") + "</span>";
  if (word == "worse") return figure + "<span class=\"no\">" + both("本法更差", "worse") + "</span>";
  return figure + both("未证明更准", "not shown better");
}

// Errors of one group by years ahead, each baseline's beside.
std::string group_table(const BacktestReport& report, std::string_view group) {
  std::vector<Column> columns{{both("提前", "ahead")},
                              {both("误差（人）", "MAE"), true},
                              {both("误差（%）", "MAPE"), true},
                              {both("偏差（人）", "bias"), true},
                              {both("落入50/80/90%区间的比例", "coverage"), true}};
  for (const Baseline b : kBaselines) columns.push_back({baseline_name(b), true});
  std::vector<std::vector<std::string>> rows;
  for (const BacktestRow& row : report.rows) {
    if (row.group != group) continue;
    std::vector<std::string> cells{std::to_string(row.ahead) + "年", fixed(row.model.mae, 1), fixed(row.model.mape, 1),
                                   fixed(row.model.bias, 1),
                                   fixed(100 * row.coverage[0], 0) + " / " + fixed(100 * row.coverage[1], 0) + " / " +
                                       fixed(100 * row.coverage[2], 0)};
    for (const Beside& beside : row.beside) cells.push_back(verdict_mark(beside));
    rows.push_back(std::move(cells));
  }
  return rows.empty() ? "" : table("回测误差：" + group_name(group), columns, rows);
}

std::string note_kind(DataNote::Kind kind) {
  switch (kind) {
    case DataNote::Kind::missing_year:
      return "缺少年份";
    case DataNote::Kind::no_history:
      return "没有历史数据，借用上级区域";
    case DataNote::Kind::short_history:
      return "历史较短";
    case DataNote::Kind::implausible_count:
      return "数字可疑（保留，降低权重）";
    case DataNote::Kind::renamed:
      return "学校更名或合并";
    case DataNote::Kind::partly_assigned:
      return "未完全划入片区";
    case DataNote::Kind::closed_with_pupils:
      return "已停办但仍有学生";
  }
  return {};
}

std::string note_kind(SeatNote::Kind kind) {
  switch (kind) {
    case SeatNote::Kind::rooms_unknown:
      return "教室数不详，按现有班数推定";
    case SeatNote::Kind::rooms_short:
      return "教室不足";
    case SeatNote::Kind::no_campus:
      return "有学生而无校区承担该年级";
    case SeatNote::Kind::exception_unapproved:
      return "班额例外未经批准，不采用";
    case SeatNote::Kind::exception_expired:
      return "班额例外到期";
    case SeatNote::Kind::exception_oversized:
      return "批准的班额已属大班额";
    case SeatNote::Kind::plan_over_rooms:
      return "招生计划超出教室";
    case SeatNote::Kind::plan_over_cap:
      return "招生计划超出班额上限";
    case SeatNote::Kind::reserved_over_seats:
      return "保留学位多于学位";
    case SeatNote::Kind::oversized_class:
      return "大班额";
  }
  return {};
}

std::string item(const std::string& where, const std::string& message) {
  return "<li>" + escape(where) + ": <span lang=\"en\">" + escape(message) + "</span></li>\n";
}

}  // namespace

std::string backtest_section(const ReportTables& t) {
  std::string out = "<section>\n" + heading(2, "backtest", "可信程度", "How sure this is");
  if (t.in.backtest == nullptr) {
    return out + paragraph("未做回测。", "Not back-tested: " + t.in.no_backtest) + "</section>\n";
  }
  const BacktestReport& report = *t.in.backtest;
  const std::string first = std::to_string(report.first_origin), last = std::to_string(report.last_origin);
  out += paragraph("用同样的方法，分别站在" + first + "至" + last +
                       "年，只用当时已知的数据预测以后各年，再与实际人数比较。误差为每校每年级平均相差的学生数；"
                       "区间应有九成左右的实际数落在“九成区间”内。是否“更准”只在排除偶然性后才下结论。",
                   "Standing in each year from " + first + " to " + last +
                       " with only what was known then, later years were forecast by the same method and compared with "
                       "what came. Errors are mean absolute pupils; about nine in ten outcomes should fall within the "
                       "90% interval. “Better” is said only where luck is ruled out (fewer than one in twenty).");
  for (const char* group : {"all", "entry", "city_grade", "city_stage"}) out += group_table(report, group);
  if (report.last_origin - report.first_origin + 1 < kFewTargets) {
    out +=
        paragraph("可回测的年份很少，以上数字仅供参考。", "Few years could be tested: take these figures with care.");
  }
  for (const BacktestRow& row : report.rows) {
    if (!(row.floor > 0)) continue;
    out += paragraph("在校年级提前一年的误差下限约为" + fixed(row.floor, 1) +
                         "人：事后才知道的因素造成的偶然波动，任何方法都难以避免。",
                     "For grades that sit already, one year ahead, about " + fixed(row.floor, 1) +
                         " pupils of error are chance that no method knows in advance.");
  }
  return out + "</section>\n";
}

std::string notes_section(const ReportTables& t) {
  std::string out = "<section>\n" + heading(2, "notes", "数据说明", "Notes on the data");
  std::map<DataNote::Kind, std::vector<const DataNote*>> kinds;
  for (const DataNote& note : t.in.city.history.notes) kinds[note.kind].push_back(&note);
  for (const auto& [kind, notes] : kinds) {
    out += heading(3, "", note_kind(kind) + "：" + std::to_string(notes.size()) + " 处", to_word(kind)) + "<ul>\n";
    for (std::size_t i = 0; i < notes.size() && i < kMostNotes; ++i) out += item(notes[i]->where, notes[i]->message);
    if (notes.size() > kMostNotes) out += "<li>……</li>\n";
    out += "</ul>\n";
  }
  std::map<SeatNote::Kind, std::vector<const SeatNote*>> seats;
  for (const SeatNote& note : t.in.seats.ledger.notes) seats[note.kind].push_back(&note);
  for (const auto& [kind, notes] : seats) {
    out += heading(3, "", "学位台账：" + note_kind(kind) + "，" + std::to_string(notes.size()) + " 处", to_word(kind)) +
           "<ul>\n";
    for (std::size_t i = 0; i < notes.size() && i < 5; ++i) {
      out += item(notes[i]->where + " " + std::to_string(notes[i]->school_year), notes[i]->message);
    }
    if (notes.size() > 5) out += "<li>……</li>\n";
    out += "</ul>\n";
  }
  int wide = 0;
  for (const auto& seat : t.in.seats.city.city_wide) {
    if (seat.school_year == t.in.forecast.base_year + 1) wide += seat.seats;
  }
  if (wide > 0) {
    out += paragraph("另有" + std::to_string(wide) + "个购买的民办学位面向全市，未计入任何一所学校。",
                     std::to_string(wide) + " seats purchased for the whole city are in no school's line.");
  }
  if (kinds.empty() && seats.empty()) out += paragraph("没有需要说明的问题。", "Nothing to note.");
  return out + "</section>\n";
}

std::string method_section(const ReportTables& t) {
  const DemandRules& rules = t.in.city.rules;
  std::string out = "<section>\n" + heading(2, "method", "方法与依据", "Method and sources");
  const std::string cutoff =
      std::to_string(rules.age.cutoff_month) + "月" + std::to_string(rules.age.cutoff_day) + "日";
  out += paragraph(
      "按小区域推算每年满" + std::to_string(rules.age.entry_age) + "周岁（截至" + cutoff +
          "）的儿童：已统计的逐年增龄，未出生的由出生数推算，并计入规划住房。儿童按片区归校，再乘以各校的入学比例；"
          "在校学生逐年升级。每个比例都从历年数据学得，数据少的学校向本区、全市靠拢。随后对全部不确定因素反复模拟，"
          "得到区间，并按历年回测的命中率校准。",
      "Children who reach age " + std::to_string(rules.age.entry_age) +
          " by the cut-off are followed by small area: those counted grow older, those unborn follow from births, and "
          "planned housing is added. They belong to schools by zone, times each school's entry ratio; pupils go up "
          "grade "
          "by grade. Every ratio is learnt from the city's own past, drawn toward district and city where a school has "
          "little of it. All of it is simulated many times over, and the intervals are calibrated on past years.");
  out += paragraph(
      "学位由教室数、班额上限、在校生、保留学位和已批准的例外推算；没有招生计划的年份，起始年级班数取各年级能同时长期"
      "保持的班数，且不少于基年班数；其余空余教室另列，可用于化解预警。预警级别按规则文件中的压力与概率判定：达到某级压"
      "力的"
      "概率不低于该级门槛。",
      "Seats follow from rooms, class caps, pupils who sit, reservations and approved exceptions; in years without an "
      "admission plan the entry grade has as many classes as the rooms carry in every grade year after year, and no "
      "fewer than in the base year; rooms beyond that are spare, and may clear a warning. A level is given when its "
      "pressure is reached with at least its probability.");
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < rules.shortage.size(); ++i) {
    const WarningLevel& level = rules.shortage[i];
    rows.push_back({"<span class=\"tag " + look_of(i, rules) + "\">" + escape(level.name) + "</span>",
                    percent(level.pressure), percent(level.probability)});
  }
  rows.push_back(
      {"<span class=\"tag low\">学位闲置</span>",
       "&lt; " + percent(rules.under_use_pressure) + "（连续" + std::to_string(rules.under_use_years) + "年）",
       percent(rules.under_use_probability)});
  out += table("预警门槛 Thresholds",
               {{both("级别", "level")}, {both("压力", "pressure"), true}, {both("概率", "probability"), true}}, rows);
  out += heading(3, "", "依据", "Sources") + "<ul>\n";
  for (const StageRule& rule : rules.stages) {
    out += "<li>" +
           both(stage_chinese(rule.stage) + "班额上限" + std::to_string(rule.class_cap) + "人",
                rule.clause.empty() ? "no source given" : rule.clause) +
           "</li>\n";
  }
  out += "<li>" +
         both("规则文件", t.in.city.rules_name == "shipped"
                              ? "the example rules shipped with the program: replace them by the city's own"
                              : t.in.city.rules_name) +
         "</li>\n";
  constexpr std::string_view kAttribution = "attribution:";
  for (const auto& [key, value] : t.in.city.package.meta()) {
    if (key.starts_with(kAttribution)) out += item(key.substr(kAttribution.size()), value);
  }
  return out + "</ul>\n</section>\n";
}

}  // namespace catchment::cli::report
