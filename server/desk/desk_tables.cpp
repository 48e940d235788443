// The season as the tables that audits and ledgers read.
#include <algorithm>

#include "datasets/season_tables_of_run.hpp"
#include "engine/admission/season/season_state.hpp"
#include "server/desk/desk_state.hpp"

namespace catchment::desk {
namespace {

namespace admission = engine::admission;

admission::ChildRow child_row_of(const std::string& code, const Record& record) {
  admission::ChildRow row;
  row.child_id = code, row.stage = record.level, row.district = record.district, row.birth_date = record.birth_date;
  row.sex = record.sex;
  const auto& facts = record.facts;
  row.household = facts.hukou_in_city.value_or(false)              ? "hukou"
                  : facts.permit_holder.value_or("none") != "none" ? "permit"
                                                                   : "other";
  for (const std::string& group : facts.groups.value_or(std::vector<std::string>{})) {
    if (group == "migrant") {
      row.migrant = true;
    } else {
      row.groups.push_back(group);
    }
  }
  const std::string disability = facts.disability.value_or("none");
  if (disability != "none") row.disability = disability;
  row.placement = record.office.deferred ? "deferred" : record.office.placement;
  row.own_plan = record.office.own_plan;
  row.graduate_of = facts.primary_school.value_or("");
  row.zone_id = record.home.zone_id;
  row.bundle_id = record.sibling;
  return row;
}

// A season made of a city's package names no first day of school: it is the day on which children begin to report.
void name_first_day(admission::SeasonTables& tables, const admission::SeasonRules& rules) {
  const std::chrono::local_seconds reports = rules.window(admission::SeasonWindow::report).from;
  if (reports == std::chrono::local_seconds{}) return;  // the pack has none
  for (admission::SeasonRow& season : tables.season) {
    const auto day = std::chrono::floor<std::chrono::days>(reports);
    if (!season.term_starts || day < *season.term_starts) season.term_starts = day;
  }
}

}  // namespace

Desk::Copy Desk::copy() const {
  Copy copy;
  for (const auto& [id, level] : state_->levels) {
    datasets::LevelInput input = level.setup;
    input.input = level.office->input();
    copy.levels.push_back(std::move(input));
    copy.results.push_back(level.office->result());
  }
  return copy;
}

std::string Desk::state_text(const std::string& level) const {
  return admission::print_state(*state_->level(level).office);
}

// Records that came since the copy was made are of no child of it.
admission::SeasonTables Desk::tables(store::Session& session, Copy copy) const {
  datasets::SeasonDir dir = state_->setup.world;
  const bool unnamed = !dir.tables.season.empty() && !dir.tables.season.front().term_starts;
  std::size_t at = 0;
  for (const auto& [id, level] : state_->levels) {
    datasets::LevelInput& input = copy.levels[at++];
    if (unnamed) name_first_day(dir.tables, input.run.rules.season);
    input.rows.assign(input.input.children.size(), 0);
    const std::size_t first = dir.tables.children.size();
    dir.tables.children.resize(first + input.rows.size());
    for (std::size_t i = 0; i < input.rows.size(); ++i) input.rows[i] = first + i;
    for (const store::Row& row :
         session.run("select code, number, record from registration where level = $1 and number is not null", {id})) {
      const auto number = static_cast<std::size_t>(row[1].integer());
      if (number >= input.rows.size()) continue;
      const Record record = parse_record(state_->open_record(row[0].text(), row[2].bytes()), true);
      dir.tables.children[first + number] = child_row_of(row[0].text(), record);
    }
  }
  return datasets::tables_of_run({dir, state_->rules.pack(), copy.levels, copy.results});
}

}  // namespace catchment::desk
