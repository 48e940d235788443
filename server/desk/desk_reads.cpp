#include "server/desk/desk_state.hpp"

namespace catchment::desk {

using store::Session;

std::optional<Registration> Desk::find(Session& session, std::string_view code) const {
  const auto rows =
      session.run("select " + std::string(kRegistrationColumns) + " from registration where code = $1", {code});
  if (rows.empty()) return std::nullopt;
  return registration_of(rows.one());
}

std::vector<Registration> Desk::list(Session& session, const RegistrationFilter& filter) const {
  std::string sql = "select " + std::string(kRegistrationColumns) + " from registration where code > $1";
  std::vector<store::Value> values{filter.after};
  const auto narrow = [&](const char* column, const std::string& value) {
    if (value.empty()) return;
    values.emplace_back(value);
    sql += std::string(" and ") + column + " = $" + std::to_string(values.size());
  };
  narrow("guardian", filter.guardian), narrow("district", filter.district), narrow("seat", filter.seat);
  if (!filter.seat.empty()) sql += " and seat <> ''";  // what their index holds
  narrow("filed_by", filter.filed_by), narrow("stage", filter.stage), narrow("level", filter.level);
  if (!filter.school.empty()) {
    values.emplace_back(filter.school);
    const std::string at = "$" + std::to_string(values.size());
    sql += " and (seat = " + at + " or choice = " + at + " or filed_by = " + at + ")";
  }
  values.emplace_back(filter.limit);
  sql += " order by code limit $" + std::to_string(values.size());
  std::vector<Registration> out;
  for (const store::Row& row : session.run(sql, values)) out.push_back(registration_of(row));
  return out;
}

Record Desk::record(Session& session, const Registration& registration) const {
  const auto row = session.run("select record from registration where code = $1", {registration.code}).one();
  return parse_record(state_->open_record(registration.code, row[0].bytes()), true);
}

std::optional<SeatAnswer> Desk::answer(Session& session, const Registration& r) const {
  if (!r.number) return std::nullopt;
  const auto rows = session.run(
      "select way, clause, reason, rank, metres, wanted, school_class from seat_answer where level = $1 and child = $2",
      {r.level, *r.number});
  if (rows.empty()) return std::nullopt;
  const store::Row& row = rows.one();
  SeatAnswer out;
  out.answer.way = row[0].text(), out.answer.clause = row[1].text(), out.answer.reason = row[2].text();
  out.answer.rank = static_cast<int>(row[3].integer()), out.answer.metres = static_cast<int>(row[4].integer());
  const auto& schools = state_->level(r.level).setup.input.schools;
  const auto wanted = static_cast<std::size_t>(row[5].integer());
  if (wanted < schools.size()) out.wanted = schools[wanted].id;
  out.answer.school_class = static_cast<std::uint32_t>(row[6].integer());
  return out;
}

std::vector<HistoryLine> Desk::history(Session& session, const Registration& r) const {
  std::vector<HistoryLine> lines;
  if (!r.number) return lines;
  const auto& schools = state_->level(r.level).setup.input.schools;
  for (const store::Row& row :
       session.run("select at, kind, school from season_event where level = $1 and child = $2 order by n",
                   {r.level, *r.number})) {
    const auto school = static_cast<std::size_t>(row[2].integer());
    lines.push_back({row[0].time(), row[1].text(), school < schools.size() ? schools[school].id : ""});
  }
  return lines;
}

std::map<std::string, std::int64_t> Desk::stage_counts(Session& session, const std::string& level) const {
  std::map<std::string, std::int64_t> counts;
  for (const store::Row& row :
       session.run("select stage, count(*) from registration where level = $1 group by stage", {level}))
    counts[row[0].text()] = row[1].integer();
  return counts;
}

std::map<std::string, std::int64_t> Desk::seats_taken(Session& session, const std::string& level) const {
  std::map<std::string, std::int64_t> counts;
  for (const store::Row& row :
       session.run("select school, count(*) from seat_lock where level = $1 group by school", {level}))
    counts[row[0].text()] = row[1].integer();
  return counts;
}

std::map<std::string, std::int64_t> Desk::seats_over_plan(Session& session, const std::string& level) const {
  std::map<std::string, std::int64_t> counts;
  const auto& schools = state_->level(level).setup.input.schools;
  for (const store::Row& row :
       session.run("select school, number from season_event where level = $1 and kind = 'approve_extra'", {level}))
    counts[schools.at(static_cast<std::size_t>(row[0].integer())).id] += row[1].integer();
  return counts;
}

std::vector<std::pair<std::string, int>> Desk::classes(Session& session, const std::string& level,
                                                       const std::string& school) const {
  std::vector<std::pair<std::string, int>> pupils;
  for (const store::Row& row : session.run(
           "select r.code, a.school_class from registration r join seat_answer a on a.level = r.level and a.child "
           "= r.number where r.level = $1 and r.seat = $2 and r.seat <> '' and a.school_class > 0 order by "
           "a.school_class, r.code",
           {level, school}))
    pupils.emplace_back(row[0].text(), static_cast<int>(row[1].integer()));
  return pupils;
}

namespace {

constexpr std::string_view kDrawColumns =
    "id, level, kind, school, district, state, applicants, seats, frozen_at, concluded_at";

DrawRow draw_of(const store::Row& row) {
  DrawRow d;
  d.id = row[0].text(), d.level = row[1].text(), d.kind = row[2].text(), d.school = row[3].text();
  d.district = row[4].text(), d.state = row[5].text();
  d.applicants = static_cast<int>(row[6].integer()), d.seats = static_cast<int>(row[7].integer());
  d.frozen_at = row[8].time();
  if (!row[9].is_null()) d.concluded_at = row[9].time();
  return d;
}

}  // namespace

std::vector<DrawRow> Desk::draws(Session& session) const {
  std::vector<DrawRow> out;
  for (const store::Row& row : session.run("select " + std::string(kDrawColumns) + " from draw order by id"))
    out.push_back(draw_of(row));
  return out;
}

std::optional<DrawRow> Desk::find_draw(Session& session, const std::string& id) const {
  const auto rows = session.run("select " + std::string(kDrawColumns) + " from draw where id = $1", {id});
  if (rows.empty()) return std::nullopt;
  return draw_of(rows.one());
}

std::optional<std::string> Desk::draw_file(Session& session, const std::string& id, const std::string& name) const {
  const auto rows = session.run("select body from draw_file where draw = $1 and name = $2", {id, name});
  if (rows.empty()) return std::nullopt;
  return rows.one()[0].text();
}

std::vector<std::string> Desk::draw_files(Session& session, const std::string& id) const {
  std::vector<std::string> names;
  for (const store::Row& row : session.run("select name from draw_file where draw = $1 order by name", {id}))
    names.push_back(row[0].text());
  return names;
}

}  // namespace catchment::desk
