#include "server/cli/demand/report/report.hpp"

#include <algorithm>

#include "server/cli/report/html.hpp"
#include "server/cli/report/page_style.hpp"
#include "server/cli/demand/report/report_parts.hpp"

namespace catchment::cli::report {

using namespace engine::demand;
using engine::Stage;

ReportTables::ReportTables(const ReportInput& input) : in(input) {
  for (const SchoolForecast& school : in.forecast.schools) schools[school.school_id] = &school;
  for (const SeatRow& row : in.seats.ledger.rows) {
    if (row.entry) entry_seats_of[{row.school_id, row.stage}][row.school_year] += seats_for_demand(row);
  }
  std::map<std::pair<std::string, SeatWarning::Kind>, WarningLine> found;
  for (const SeatWarning& w : in.warnings) {
    WarningLine& line = found[{w.admission_unit_id, w.kind}];
    const std::size_t severity = severity_of(w, in.city.rules);
    const bool worse =
        line.worst == nullptr || severity < line.severity ||
        (severity == line.severity && w.kind == SeatWarning::Kind::shortage && w.pressure > line.worst->pressure);
    if (worse) line.worst = &w, line.severity = severity;
    for (int i = 0; i < std::max(1, w.years); ++i) line.years.push_back(w.school_year + i);
  }
  for (auto& [key, line] : found) lines.push_back(std::move(line));
  std::ranges::stable_sort(lines, {}, [](const WarningLine& l) {
    return std::tuple(l.severity, l.worst->kind, l.years.front(), -l.worst->pressure, l.worst->admission_unit_id);
  });
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i].number = static_cast<int>(i) + 1;
}

const GradeForecast* ReportTables::entry_of(const std::string& school_id, Stage stage) const {
  const auto school = schools.find(school_id);
  if (school == schools.end()) return nullptr;
  const int entry = in.city.rules.find(stage)->first_grade;
  const auto grade = std::ranges::find(school->second->grades, entry, &GradeForecast::grade);
  return grade == school->second->grades.end() ? nullptr : &*grade;
}

Series ReportTables::entry_series(const std::string& school_id, Stage stage) const {
  Series series;
  series.title = school_name(school_id) + " " + stage_chinese(stage) + "起始年级";
  series.base_year = in.forecast.base_year;
  const int entry = in.city.rules.find(stage)->first_grade;
  const CityHistory& h = in.city.history;
  if (const auto place = h.find_school(school_id)) {
    for (int year = h.first_year(); year <= in.forecast.base_year; ++year) {
      const double pupils = h.pupils(*place, year, entry);
      if (pupils >= 0) series.past.push_back({year, pupils});
    }
  }
  if (const GradeForecast* grade = entry_of(school_id, stage)) series.to_come = grade->years;
  const auto seats = entry_seats_of.find({school_id, stage});
  if (seats != entry_seats_of.end()) series.seats.assign(seats->second.begin(), seats->second.end());
  return series;
}

double ReportTables::pupils_of(std::size_t stage, int year, bool entry_only) const {
  const StageRule& rule = in.city.rules.stages[stage];
  const CityHistory& h = in.city.history;
  double sum = 0;
  for (std::size_t s = 0; s < h.schools.size(); ++s) {
    for (int grade = rule.first_grade; grade <= (entry_only ? rule.first_grade : rule.last_grade); ++grade) {
      sum += std::max(0.0, h.pupils(s, year, grade));
    }
  }
  return sum;
}

int ReportTables::entry_seats(std::size_t stage, int year) const {
  int sum = 0;
  for (const auto& [key, years] : entry_seats_of) {
    const auto seats = years.find(year);
    if (key.second == in.city.rules.stages[stage].stage && seats != years.end()) sum += seats->second;
  }
  return sum;
}

std::string stage_chinese(Stage stage) {
  return stage == Stage::primary ? "小学" : stage == Stage::junior ? "初中" : "高中";
}

std::string look_of(std::size_t severity, const DemandRules& rules) {
  return severity >= rules.shortage.size() ? "low" : "s" + std::to_string(std::min<std::size_t>(severity, 3));
}

std::string look_of(const SeatWarning& warning, const DemandRules& rules) {
  return look_of(severity_of(warning, rules), rules);
}

std::string make_report(const ReportInput& input) {
  const ReportTables tables(input);
  const bool synthetic = input.city.package.synthetic();
  const int first = input.forecast.base_year + 1, last = input.forecast.base_year + input.forecast.horizon;
  const std::string title = std::to_string(first) + "—" + std::to_string(last) + "年学位需求预测与预警";
  std::string out;
  out += "<p>" +
         both("依据截至" + std::to_string(input.forecast.base_year) + "学年的数据；人数为" +
                  std::to_string(input.forecast.draws) + "次模拟的结果，区间表示把握程度。",
              "From data up to school year " + std::to_string(input.forecast.base_year) + "; " +
                  std::to_string(input.forecast.draws) + " simulated futures, seed " +
                  std::to_string(input.forecast.seed) + ".") +
         "</p>\n";
  if (!input.options.plan.empty()) {
    out += "<p>" + both("按规划方案 " + input.options.plan + " 计算", "Computed for the plan " + input.options.plan) +
           "</p>\n";
  }
  if (!input.options.scenario.empty()) {
    out += "<p>" +
           both("已计入情景文件 " + input.options.scenario + " 的变动；地图仍为现行片区",
                "With the changes of the scenario " + input.options.scenario + "; the map shows the zones in force") +
           "</p>\n";
  }
  out +=
      "<nav aria-label=\"目录 Contents\"><a href=\"#headline\">要点</a> <a href=\"#map\">地图</a> <a "
      "href=\"#city\">全市趋势</a> "
      "<a href=\"#warnings\">预警</a> <a href=\"#schools\">各校</a> <a href=\"#backtest\">可信程度</a> <a "
      "href=\"#notes\">数据说明</a> <a href=\"#method\">方法</a></nav>\n";
  out = page_head(title, "Demand for school seats " + std::to_string(first) + "–" + std::to_string(last) +
                             ": forecast and warnings",
                  page_style(), synthetic, out);
  out += headline_section(tables) + map_section(tables) + city_chart_section(tables) + warning_section(tables) +
         school_section(tables) + backtest_section(tables) + notes_section(tables) + method_section(tables);
  return out + page_end();
}

}  // namespace catchment::cli::report
