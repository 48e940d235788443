// Every event gone through again with seats counted anew.
#include <algorithm>

#include "datasets/season_check_parts.hpp"

namespace catchment::datasets::season_check {

void Checker::take_seat(std::size_t child, std::size_t school) {
  if (child == kNoRow || school == kNoRow)
    return report("events", "events.csv", "", "a seat of nobody or of no school");
  if (seat_[child] != kNoRow)
    report("one_seat", "events.csv", child_[child].code,
           "is given a seat at " + std::string(school_[school].id) + " and has one at " +
               std::string(school_[seat_[child]].id));
  seat_[child] = school;
  CheckSchool& s = school_[school];
  if (++s.taken > s.plan + s.extra)
    report("plan", "events.csv", s.id,
           "gives its seat " + std::to_string(s.taken) + " of " + std::to_string(s.plan + s.extra));
}

void Checker::free_seat(std::size_t child, std::string_view why) {
  if (child == kNoRow || seat_[child] == kNoRow)
    return report("one_seat", "events.csv", child == kNoRow ? "" : child_[child].code,
                  std::string(why) + " of a seat it has not");
  --school_[seat_[child]].taken;
  seat_[child] = kNoRow;
}

// The first unit of the line that fits into the free seats must be the child's.
void Checker::check_promotion(std::size_t child) {
  const std::size_t school = choice_[child];
  const auto line = lines_.find(school);
  if (line == lines_.end())
    return report("line", "events.csv", child_[child].code, "is promoted where there is no line");
  const std::int64_t free = school_[school].plan + school_[school].extra - school_[school].taken;
  for (const std::vector<std::size_t>& unit : line->second.units) {
    const auto waiting = std::ranges::count_if(unit, [&](std::size_t c) { return waiting_[c] != 0; });
    if (waiting == 0 || waiting > free) continue;
    if (std::ranges::find(unit, child) == unit.end())
      report("line", "events.csv", child_[child].code,
             "is promoted over the head of " + std::string(child_[unit.front()].code));
    return;
  }
  report("line", "events.csv", child_[child].code, "is promoted and there is no seat");
}

void Checker::check_line_end(std::size_t child) {
  const std::size_t school = choice_[child];
  if (school == kNoRow) return report("line", "events.csv", child_[child].code, "leaves a line it is not in");
  const std::int64_t free = school_[school].plan + school_[school].extra - school_[school].taken;
  const auto line = lines_.find(school);
  if (line == lines_.end()) return;
  const auto unit = line->second.unit_of.find(child);
  if (unit == line->second.unit_of.end()) return;
  const auto& members = line->second.units[unit->second];
  const auto waiting = std::ranges::count_if(members, [&](std::size_t c) { return waiting_[c] != 0; });
  if (waiting <= free) report("line", "events.csv", child_[child].code, "leaves the line while seats for it are free");
}

// Whoever chose the school wins or waits, as its result has it; without a draw all win.
void Checker::check_draw_event(std::size_t school) {
  if (school == kNoRow) return report("events", "events.csv", "", "a draw of no school");
  const auto line = lines_.find(school);
  for (std::size_t c = 0; c < child_.size(); ++c) {
    if (choice_[c] != school) continue;
    const bool listed = line == lines_.end() || line->second.unit_of.contains(c);
    if (!listed) report("draws", "events.csv", child_[c].code, "chose the school and is not on its roll");
    const bool wins = line == lines_.end() || (listed && line->second.admitted[line->second.unit_of.at(c)] != 0);
    if (wins) take_seat(c, school);
    pending_[c] = wins, waiting_[c] = !wins;
  }
}

void Checker::check_event(const CheckTable& events, std::size_t row) {
  const std::string_view kind = events.at(row, 2), code = events.at(row, 3);
  const std::size_t child = child_at(code), school = school_at(events.at(row, 4));
  const std::string_view by = events.at(row, 5), second = events.at(row, 6);
  if (kind == "approve_extra") {
    if (by.empty()) report("approvals", "events.csv", events.at(row, 4), "seats above plan that nobody approved");
    if (school != kNoRow) school_[school].extra += events.number(row, 7);
    return;
  }
  if (kind == "close") return;
  if (kind == "draw") return check_draw_event(school);
  if (child == kNoRow) return report("events", "events.csv", code, "speaks of no child");
  if (kind.starts_with("register_")) {
    if (registered_[child] == 1) report("once", "events.csv", code, "is registered a second time");
    if (kind == "register_late" && by.empty())
      report("approvals", "events.csv", code, "a late registration nobody approved");
    registered_[child] = 1;
  } else if (kind == "reject") {
    registered_[child] = 2;  // may come again
  } else if (kind == "choose_private") {
    if (choice_[child] != kNoRow) report("once", "events.csv", code, "makes a second private choice");
    choice_[child] = school;
  } else if (kind == "promote") {
    check_promotion(child);
    waiting_[child] = 0, pending_[child] = 1;
    take_seat(child, choice_[child]);
  } else if (kind == "end_line") {
    check_line_end(child);
    waiting_[child] = 0;
  } else if (kind == "lock_first" || kind == "offer") {
    take_seat(child, school);
    if (kind == "offer") offered_[child] = school;
  } else if (kind == "forfeit" || kind == "lapse") {
    free_seat(child, kind);
    pending_[child] = 0;
  } else if (kind == "release" || kind == "transfer") {
    if (by.empty() || second.empty() || by == second)
      report("approvals", "events.csv", code, std::string(kind) + " without two approvers");
    free_seat(child, kind);
    if (kind == "transfer") take_seat(child, school);
  } else if (kind == "confirm" || kind == "pay") {
    if (pending_[child] == 0) report("answered", "events.csv", code, "confirms a seat it has not won");
    pending_[child] = 0;
  }
}

void Checker::check_events() {
  const CheckTable events(folder_, "events.csv",
                          {"level", "at", "event", "child_id", "school_id", "approver", "second", "number"});
  seat_.assign(child_.size(), kNoRow), choice_ = seat_;
  registered_.assign(child_.size(), 0), waiting_ = registered_, pending_ = registered_;
  offered_ = seat_;
  std::string_view level, last;
  bool over = false;
  for (std::size_t row = 0; row < events.rows(); ++row) {
    if (events.at(row, 0) != level) level = events.at(row, 0), last = {}, over = false;
    if (events.at(row, 1) < last)
      report("events", "events.csv", std::to_string(row + 2), "comes before the one above it");
    if (over) report("events", "events.csv", std::to_string(row + 2), "comes after the end");
    last = events.at(row, 1), over = events.at(row, 2) == "close";
    check_event(events, row);
  }
  if (!over) report("events", "events.csv", "", "the season has no end");
}

}  // namespace catchment::datasets::season_check
