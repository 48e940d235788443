// The city: headline figures, map, trends.
#include <algorithm>
#include <set>

#include "server/cli/report/city_map.hpp"
#include "server/cli/report/html.hpp"
#include "server/cli/demand/report/report_parts.hpp"

namespace catchment::cli::report {
namespace {

using namespace engine::demand;

constexpr int kMostLabels = 99;  // pins on a map

std::string year_text(int year) { return std::to_string(year) + "年"; }

// Whole classes of every school and grade of a stage in a year to come.
int classes_needed_in(const ReportTables& t, const StageRule& rule, std::size_t year) {
  int sum = 0;
  for (const SchoolForecast& school : t.in.forecast.schools) {
    for (const GradeForecast& grade : school.grades) {
      if (grade.grade < rule.first_grade || grade.grade > rule.last_grade) continue;
      sum += classes_needed(grade.years[year].mean, rule.class_cap);
    }
  }
  return sum;
}

struct StageFigures {
  const StageRule* rule = nullptr;
  std::size_t place = 0;
  const GradeForecast* entry = nullptr;
  const GradeForecast* all = nullptr;
  std::size_t entry_peak = 0, all_peak = 0;
};

std::size_t peak_of(const std::vector<Estimate>& years) {
  return static_cast<std::size_t>(std::ranges::max_element(years, {}, &Estimate::mean) - years.begin());
}

std::vector<StageFigures> stages_of(const ReportTables& t) {
  std::vector<StageFigures> list;
  const CityForecast& city = t.in.forecast.city;
  for (std::size_t k = 0; k < city.stages.size(); ++k) {
    StageFigures f;
    f.rule = &t.in.city.rules.stages[k], f.place = k, f.all = &city.stages[k];
    const auto entry = std::ranges::find(city.grades, f.rule->first_grade, &GradeForecast::grade);
    if (entry == city.grades.end() || f.all->years.empty()) continue;
    f.entry = &*entry;
    f.entry_peak = peak_of(f.entry->years), f.all_peak = peak_of(f.all->years);
    if (f.all->years[f.all_peak].mean > 0) list.push_back(f);
  }
  return list;
}

std::string key_sentence(const ReportTables& t, const StageFigures& f) {
  const int first = t.in.forecast.base_year + 1;
  const Estimate& next = f.entry->years.front();
  const int seats = t.entry_seats(f.place, first);
  const int peak = first + static_cast<int>(f.entry_peak);
  const std::string stage = stage_chinese(f.rule->stage);
  std::string chinese = year_text(first) + "秋季" + stage + "预计招收新生" + whole(next.mean) + "人（八成可能在" +
                        span_of(next.low[1], next.high[1]) + "人之间），可用学位" + whole(seats) + "个。";
  std::string english = "Autumn " + std::to_string(first) + ": " + whole(next.mean) + " " +
                        std::string(engine::to_word(f.rule->stage)) +
                        " entrants (80%: " + span_of(next.low[1], next.high[1]) + ") for " + whole(seats) + " seats. ";
  if (f.entry_peak == 0) {
    chinese += "此后新生人数低于" + year_text(first) + "。";
    english += "Fewer in every later year.";
  } else {
    chinese += "新生人数在" + year_text(peak) + "达到最高，约" + whole(f.entry->years[f.entry_peak].mean) + "人。";
    english += "Entrants are most in " + std::to_string(peak) + ": " + whole(f.entry->years[f.entry_peak].mean) + ".";
  }
  return "<p class=\"key\">" + both(chinese, english) + "</p>\n";
}

std::string warning_cards(const ReportTables& t) {
  const auto& levels = t.in.city.rules.shortage;
  std::vector<std::set<std::string>> next(levels.size() + 1), ever(levels.size() + 1);
  for (const SeatWarning& w : t.in.warnings) {
    const std::size_t severity = severity_of(w, t.in.city.rules);
    ever[severity].insert(w.admission_unit_id);
    const int first = t.in.forecast.base_year + 1;
    if (w.school_year <= first && first < w.school_year + std::max(1, w.years))
      next[severity].insert(w.admission_unit_id);
  }
  std::string out = "<ul class=\"cards\">\n";
  for (std::size_t i = 0; i < ever.size(); ++i) {
    const bool shortage = i < levels.size();
    const std::string name = shortage ? levels[i].name : "学位闲置、班额过小";
    const std::string english = shortage ? levels[i].id : "under-use";
    out += "<li class=\"" + look_of(i, t.in.city.rules) + "\"><b>" + std::to_string(next[i].size()) + " 所</b>" +
           both(name, english) + "<br/>" +
           both("预测期内曾出现：" + std::to_string(ever[i].size()) + " 所", "at any time") + "</li>\n";
  }
  return out + "</ul>\n";
}

std::string figure_table(const ReportTables& t, const std::vector<StageFigures>& stages) {
  const int first = t.in.forecast.base_year + 1;
  std::vector<Column> columns{{both("指标", "figure")}};
  for (const StageFigures& f : stages) {
    columns.push_back({both(stage_chinese(f.rule->stage), engine::to_word(f.rule->stage)), true});
  }
  std::vector<std::vector<std::string>> rows;
  const auto add = [&](const std::string& chinese, const std::string& english, auto value) {
    std::vector<std::string> row{both(chinese, english)};
    for (const StageFigures& f : stages) row.push_back(value(f));
    rows.push_back(std::move(row));
  };
  const auto with_span = [](const Estimate& e) { return whole(e.mean) + " (" + span_of(e.low[1], e.high[1]) + ")"; };
  add(year_text(first) + "入学适龄儿童", "children of entry age", [&](const StageFigures& f) {
    const auto& children = t.in.model.city_children;
    const double known = f.place < children.size() ? children[f.place].front() : 0;
    return known > 1 ? whole(known) : std::string("—");
  });
  add(year_text(first) + "新生（八成区间）", "entrants (80% interval)",
      [&](const StageFigures& f) { return with_span(f.entry->years.front()); });
  add(year_text(first) + "起始年级可用学位（含民办）", "entry seats, private ones too",
      [&](const StageFigures& f) { return whole(t.entry_seats(f.place, first)); });
  add("新生最多的年份", "year of most entrants", [&](const StageFigures& f) {
    return std::to_string(first + static_cast<int>(f.entry_peak)) + "：" + with_span(f.entry->years[f.entry_peak]);
  });
  add(year_text(t.in.forecast.base_year) + "在校生（实际）", "pupils, observed",
      [&](const StageFigures& f) { return whole(t.pupils_of(f.place, t.in.forecast.base_year, false)); });
  add("在校生最多的年份", "year of most pupils", [&](const StageFigures& f) {
    const double now = t.pupils_of(f.place, t.in.forecast.base_year, false);
    if (now > f.all->years[f.all_peak].mean) return std::to_string(t.in.forecast.base_year) + "：" + whole(now);
    return std::to_string(first + static_cast<int>(f.all_peak)) + "：" + with_span(f.all->years[f.all_peak]);
  });
  add("按班额上限所需班数，" + year_text(first), "classes needed at the class cap", [&](const StageFigures& f) {
    return whole(classes_needed_in(t, *f.rule, 0)) + "（每班" + std::to_string(f.rule->class_cap) + "）";
  });
  add("所需班数最多的年份", "year of most classes", [&](const StageFigures& f) {
    int most = -1, year = 0;
    for (std::size_t y = 0; y < f.all->years.size(); ++y) {
      const int classes = classes_needed_in(t, *f.rule, y);
      if (classes > most) most = classes, year = first + static_cast<int>(y);
    }
    return std::to_string(year) + "：" + whole(most);
  });
  const int last = t.in.forecast.base_year + t.in.forecast.horizon;
  if (last > first) {
    add(year_text(last) + "新生（八成区间）", "entrants (80% interval)",
        [&](const StageFigures& f) { return with_span(f.entry->years.back()); });
  }
  return table("全市主要数字 Figures of the whole city", columns, rows);
}

std::string area_title(const ReportTables& t, const DemandArea& area, const SeatWarning* worst) {
  std::string text = area.name.empty() ? area.id : area.name;
  std::string names;
  for (const std::string& id : area.school_ids) names += (names.empty() ? "" : "、") + t.school_name(id);
  if (!names.empty() && names != text) text += "（" + names + "）";
  if (worst == nullptr) return text + "：无预警";
  return text + "：" + warning_name(*worst, t.in.city.rules) + "，预计" + whole(worst->demand.mean) + "人，学位" +
         std::to_string(worst->seats) + "个";
}

std::string stage_map(const ReportTables& t, engine::Stage stage) {
  std::vector<MapArea> areas;
  for (const DemandArea& area : t.in.areas) {
    if (area.stage != stage || area.shape.empty()) continue;
    const SeatWarning* worst = nullptr;
    bool known = false;
    for (const std::string& id : area.school_ids) known = known || t.entry_of(id, stage) != nullptr;
    for (const SeatWarning& w : t.in.warnings) {
      const bool now = w.school_year <= t.in.map_year && t.in.map_year < w.school_year + std::max(1, w.years);
      if (!now || w.stage != stage || std::ranges::find(area.school_ids, w.school_id) == area.school_ids.end())
        continue;
      if (worst == nullptr || severity_of(w, t.in.city.rules) < severity_of(*worst, t.in.city.rules)) worst = &w;
    }
    const std::string look = worst != nullptr ? look_of(*worst, t.in.city.rules) : known ? "calm" : "unknown";
    areas.push_back({&area.shape, look, area_title(t, area, worst)});
  }
  if (areas.empty()) return {};
  std::vector<MapPoint> points;
  std::set<std::string> told;
  for (const engine::Campus& campus : t.in.city.package.campuses()) {
    if (t.entry_of(campus.school_id, stage) == nullptr) continue;
    MapPoint point{campus.position, "", t.school_name(campus.school_id)};
    for (const WarningLine& line : t.lines) {
      const bool own = line.worst->school_id == campus.school_id && line.worst->stage == stage;
      const bool now = std::ranges::find(line.years, t.in.map_year) != line.years.end();
      if (!own || !now || line.number > kMostLabels) continue;
      if (told.insert(campus.school_id).second) point.label = std::to_string(line.number);
      break;
    }
    points.push_back(std::move(point));
  }
  const std::string title = year_text(t.in.map_year) + stage_chinese(stage) + "片区预警地图";
  return "<figure><figcaption>" +
         both(title, std::string(engine::to_word(stage)) + " zones, " + std::to_string(t.in.map_year)) +
         "</figcaption>\n" + city_map(title, areas, points) + "</figure>\n";
}

}  // namespace

std::string headline_section(const ReportTables& t) {
  const std::vector<StageFigures> stages = stages_of(t);
  std::string out = "<section>\n" + heading(2, "headline", "要点", "In short");
  for (const StageFigures& f : stages) out += key_sentence(t, f);
  out += heading(3, "", std::to_string(t.in.forecast.base_year + 1) + "年预警学校", "schools with a warning");
  return out + warning_cards(t) + figure_table(t, stages) + "</section>\n";
}

std::string map_section(const ReportTables& t) {
  std::string maps;
  for (const StageRule& rule : t.in.city.rules.stages) maps += stage_map(t, rule.stage);
  std::string out = "<section>\n" + heading(2, "map", "预警地图", "Map of warnings");
  if (maps.empty())
    return out + paragraph("数据包中没有片区图形。", "The package has no shapes of zones.") + "</section>\n";
  out += "<ul class=\"legend\">";
  const auto key = [&](const std::string& look, const std::string& chinese, const std::string& english) {
    out += "<li><svg viewBox=\"0 0 30 14\" aria-hidden=\"true\"><rect class=\"" + look +
           "\" width=\"30\" height=\"14\"/></svg>" + both(chinese, english) + "</li>";
  };
  const auto& levels = t.in.city.rules.shortage;
  for (std::size_t i = 0; i < levels.size(); ++i) key(look_of(i, t.in.city.rules), levels[i].name, levels[i].id);
  key("low", "学位闲置、班额过小", "under-use");
  key("calm", "无预警", "no warning");
  key("unknown", "无预测", "no forecast");
  out += "</ul>\n<p>" +
         both("圆点为学校，圆圈内的数字为预警表中的序号。",
              "Dots are schools; numbers are those of the table of warnings.") +
         "</p>\n";
  return out + "<div class=\"maps\">\n" + maps + "</div>\n</section>\n";
}

std::string city_chart_section(const ReportTables& t) {
  std::string out = "<section>\n" + heading(2, "city", "全市趋势", "The whole city") + fan_legend() +
                    "<div class=\"charts pairs\">\n";
  const CityHistory& h = t.in.city.history;
  for (const StageFigures& f : stages_of(t)) {
    for (const bool entry : {true, false}) {
      Series series;
      series.title = "全市" + stage_chinese(f.rule->stage) + (entry ? "新生" : "在校生");
      series.base_year = t.in.forecast.base_year;
      series.to_come = entry ? f.entry->years : f.all->years;
      for (int year = h.first_year(); year <= series.base_year; ++year) {
        const double pupils = t.pupils_of(f.place, year, entry);
        if (pupils > 0) series.past.push_back({year, pupils});
      }
      for (int i = 0; entry && i < t.in.forecast.horizon; ++i) {
        const int year = series.base_year + 1 + i;
        series.seats.push_back({year, t.entry_seats(f.place, year)});
      }
      const std::string english =
          std::string(engine::to_word(f.rule->stage)) + (entry ? " entrants" : " pupils, all grades");
      out +=
          "<figure><figcaption>" + both(series.title, english) + "</figcaption>\n" + fan_chart(series) + "</figure>\n";
    }
  }
  return out + "</div>\n</section>\n";
}

}  // namespace catchment::cli::report
