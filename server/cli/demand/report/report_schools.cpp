// Schools: warnings with what would clear them, charts, and all others in a table.
#include <algorithm>
#include <set>

#include "server/cli/report/html.hpp"
#include "server/cli/demand/report/report_parts.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli::report {
namespace {

using namespace engine::demand;

std::string unit_name(const ReportTables& t, const std::string& unit_id) {
  const auto unit = t.in.seats.units.find(unit_id);
  if (unit == t.in.seats.units.end()) return unit_id;
  return t.school_name(unit->second->school_id);
}

std::string lacking(int rooms) { return rooms > 0 ? "（缺" + std::to_string(rooms) + "间教室）" : ""; }

std::string shortage_remedies(const ReportTables& t, const Relief& relief) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "；或") + part; };
  if (relief.classes) add("增加" + std::to_string(relief.classes->amount) + "个班" + lacking(relief.rooms_lacking));
  if (relief.seats) {
    std::string part = "把" + std::to_string(relief.seats->amount) + "名儿童安排到邻校";
    std::string where;
    for (const Relief::Placement& p : relief.placements) {
      where += (where.empty() ? "" : "、") + unit_name(t, p.admission_unit_id) + std::to_string(p.seats) + "名";
    }
    if (relief.seats_unplaced > 0) {
      where += (where.empty() ? "" : "，") + ("其中" + std::to_string(relief.seats_unplaced) + "名邻校无空位");
    }
    add(part + (where.empty() ? "" : "（" + where + "）"));
  }
  if (relief.children) add("调整片区，划出约" + std::to_string(relief.children->amount) + "名儿童");
  return text.empty() ? "所试办法均不能解除" : text;
}

std::string under_use_remedies(const ReportTables& t, const Relief& relief) {
  std::string text;
  if (relief.classes) text = "减少" + std::to_string(relief.classes->amount) + "个班";
  if (relief.merger) {
    text += (text.empty() ? "" : "；或") + ("与" + unit_name(t, relief.merger->admission_unit_id) + "合并") +
            lacking(relief.merger->rooms_lacking) + "（须另行核实上学路程）";
  }
  return text.empty() ? "减班或合并均不能解除" : text;
}

// The sentence behind the figures: what clears the warning.
std::string english_cure(const std::string& message) {
  for (const char* start : {" Cleared by", " Nothing tried", " Neither"}) {
    const std::size_t at = message.find(start);
    if (at != std::string::npos) return message.substr(at + 1);
  }
  return {};
}

std::vector<std::string> warning_row(const ReportTables& t, const WarningLine& line) {
  const SeatWarning& w = *line.worst;
  const bool shortage = w.kind == SeatWarning::Kind::shortage;
  const std::string tag =
      "<span class=\"tag " + look_of(w, t.in.city.rules) + "\">" + escape(warning_name(w, t.in.city.rules)) + "</span>";
  const std::string chinese = shortage ? shortage_remedies(t, w.relief) : under_use_remedies(t, w.relief);
  const std::string seats = std::to_string(w.seats) + "<br/>（" + std::to_string(w.classes) + "班）";
  std::string name = "<div class=\"who\">" + std::to_string(line.number) + "　" + escape(t.school_name(w.school_id));
  name += "<br/>" + both(stage_chinese(w.stage), w.admission_unit_id);
  if (w.shrunk) name += "<br/>" + both("本校历史不足，借用全区数据", "leans on others for want of a past");
  std::string years = escape(years_of(line.years));
  if (line.years.size() > 1) years += "<br/>" + both("最重" + std::to_string(w.school_year), "worst");
  return {name + "</div>",
          tag,
          "<div class=\"when\">" + years + "</div>",
          whole(w.demand.mean) + "<br/>(" + span_of(w.demand.low[1], w.demand.high[1]) + ")",
          seats,
          percent(w.pressure),
          percent(w.probability),
          "<div class=\"remedy\">" + escape(chinese) + "<br/>" + both("", english_cure(w.message)) + "</div>"};
}

std::string chart_of(const ReportTables& t, const WarningLine& line) {
  const SeatWarning& w = *line.worst;
  const std::string caption = std::to_string(line.number) + "　" + t.school_name(w.school_id);
  return "<figure><figcaption>" + escape(caption) + " <span class=\"tag " + look_of(w, t.in.city.rules) + "\">" +
         escape(warning_name(w, t.in.city.rules)) + "</span> " +
         both(stage_chinese(w.stage) + "新生", std::string(engine::to_word(w.stage)) + " entrants") +
         "</figcaption>\n" + fan_chart(t.entry_series(w.school_id, w.stage)) + "</figure>\n";
}

}  // namespace

std::string warning_section(const ReportTables& t) {
  std::string out = "<section>\n" + heading(2, "warnings", "预警及化解办法", "Warnings, and what would clear them");
  if (t.lines.empty()) return out + paragraph("预测期内没有预警。", "No warning in any year.") + "</section>\n";
  out += paragraph(
      "每校每类预警一行，数字为其中最严重的一年。“压力”为预计新生数与可用学位数之比；“概率”为达到该级别的可能性。"
      "没有招生计划的年份，可用学位按教室能逐年保持的班数计算，其余空余教室可用于增班。"
      "各行分别计算，两所学校可能同时指望同一所邻校的空位。",
      "One line a school and kind, with the figures of its worst year. Pressure: entrants expected for a seat. "
      "Probability: of reaching the level. Seats of years without an admission plan are those of the classes that "
      "the rooms carry year after year; rooms beyond that may take more. Each is judged by itself: two may count on "
      "the same neighbour's seats.");
  std::vector<std::vector<std::string>> rows;
  for (const WarningLine& line : t.lines) rows.push_back(warning_row(t, line));
  out += table("预警一览 Table of warnings",
               {{both("学校", "school")},
                {both("预警", "level")},
                {both("涉及年份", "years")},
                {both("预计新生（八成区间）", "entrants, 80%"), true},
                {both("可用学位", "seats"), true},
                {both("压力", "pressure"), true},
                {both("概率", "probability"), true},
                {both("化解办法", "what would clear it")}},
               rows);
  out += heading(3, "", "预警学校的走势", "Schools with a warning") + fan_legend() + "<div class=\"charts\">\n";
  std::set<std::pair<std::string, engine::Stage>> drawn;
  for (const WarningLine& line : t.lines) {
    if (drawn.emplace(line.worst->school_id, line.worst->stage).second) out += chart_of(t, line);
  }
  return out + "</div>\n</section>\n";
}

std::string school_section(const ReportTables& t) {
  std::set<std::pair<std::string, engine::Stage>> warned;
  for (const WarningLine& line : t.lines) warned.emplace(line.worst->school_id, line.worst->stage);
  std::vector<std::vector<std::string>> rows;
  for (const SchoolForecast& school : t.in.forecast.schools) {
    for (const StageRule& rule : t.in.city.rules.stages) {
      if (warned.contains({school.school_id, rule.stage}) || t.entry_of(school.school_id, rule.stage) == nullptr)
        continue;
      const Series s = t.entry_series(school.school_id, rule.stage);
      if (s.to_come.empty()) continue;
      const Estimate& next = s.to_come.front();
      const Estimate& last = s.to_come.back();
      std::string name = escape(t.school_name(school.school_id));
      if (t.in.city.is_private(school.school_id)) name += " " + both("民办", "private");
      if (school.shrunk) name += " " + both("借用全区数据", "leans on others");
      const bool now = !s.past.empty() && s.past.back().first == s.base_year;
      rows.push_back({name, both(stage_chinese(rule.stage), engine::to_word(rule.stage)),
                      now ? whole(s.past.back().second) : "—",
                      whole(next.mean) + " (" + span_of(next.low[1], next.high[1]) + ")",
                      whole(last.mean) + " (" + span_of(last.low[1], last.high[1]) + ")",
                      s.seats.empty() ? "—" : whole(s.seats.front().second), sparkline(s)});
    }
  }
  std::string out = "<section>\n" + heading(2, "schools", "其他学校", "Schools without a warning");
  if (rows.empty()) return out + paragraph("所有学校均有预警。", "Every school has a warning.") + "</section>\n";
  const int base = t.in.forecast.base_year;
  const std::string first = std::to_string(base + 1), last = std::to_string(base + t.in.forecast.horizon);
  return out +
         table("无预警的学校：起始年级人数 Schools without a warning: entrants",
               {{both("学校", "school")},
                {both("学段", "stage")},
                {both(std::to_string(base) + "年新生", "observed"), true},
                {both(first + "年预计（八成区间）", "80%"), true},
                {both(last + "年预计（八成区间）", "80%"), true},
                {both(first + "年学位", "seats"), true},
                {both("走势", "trend")}},
               rows) +
         "</section>\n";
}

}  // namespace catchment::cli::report
