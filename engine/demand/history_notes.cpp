// What an input holds that does not stop a forecast but that its reader must know.
#include <algorithm>
#include <cmath>

#include "engine/demand/history_builder.hpp"

namespace catchment::engine::demand {
namespace {

constexpr double kJump = 4;       // times its neighbours in time, either way: implausible
constexpr double kJumpFrom = 30;  // pupils, below which such a change is ordinary

}  // namespace

void HistoryBuilder::note_gaps() {
  std::vector<char> has(static_cast<std::size_t>(h_.years_), 0);
  for (const Enrolment& e : input_.enrolment) has[static_cast<std::size_t>(e.school_year - h_.first_year_)] = 1;
  for (int y = 0; y < h_.years_; ++y) {
    if (input_.enrolment.empty() || has[static_cast<std::size_t>(y)] != 0) continue;
    note(DataNote::Kind::missing_year, "enrolment", "no rows for " + std::to_string(h_.first_year_ + y));
  }
  for (std::size_t s = 0; s < h_.schools.size(); ++s) {
    int years = 0;
    for (int y = h_.first_year_; y <= h_.last_year_; ++y) {
      bool any = false;
      for (int g = 0; g < h_.grades_; ++g) any = any || h_.pupils(s, y, h_.lowest_grade_ + g) >= 0;
      years += any ? 1 : 0;
    }
    const SchoolPlace& place = h_.schools[s];
    if (years == 0 && place.status != "closed") {
      note(DataNote::Kind::no_history, place.school_id, "no enrolment: its ratios are those of its district or city");
    } else if (years > 0 && years < 4 && place.status != "closed") {
      note(DataNote::Kind::short_history, place.school_id, "enrolment of " + std::to_string(years) + " years only");
    }
  }
}

void HistoryBuilder::note_jumps() {
  for (std::size_t s = 0; s < h_.schools.size(); ++s) {
    for (int g = h_.lowest_grade_; g < h_.lowest_grade_ + h_.grades_; ++g) {
      for (int y = h_.first_year_ + 1; y < h_.last_year_; ++y) {
        const double before = h_.pupils(s, y - 1, g), now = h_.pupils(s, y, g), after = h_.pupils(s, y + 1, g);
        if (before < 0 || now < 0 || after < 0) continue;
        const double low = std::min(before, after), high = std::max(before, after);
        const bool implausible =
            (now > kJumpFrom && now > kJump * std::max(high, 1.0)) || (low > kJumpFrom && now * kJump < low);
        if (!implausible) continue;
        note(DataNote::Kind::implausible_count, h_.schools[s].school_id,
             "grade " + std::to_string(g) + " had " + std::to_string(std::lround(now)) + " pupils in " +
                 std::to_string(y) + " between " + std::to_string(std::lround(before)) + " and " +
                 std::to_string(std::lround(after)));
      }
    }
  }
}

void HistoryBuilder::note_closed() {
  for (std::size_t s = 0; s < h_.schools.size(); ++s) {
    if (h_.schools[s].status != "closed") continue;
    double pupils = 0;
    for (int g = 0; g < h_.grades_; ++g) pupils += std::max(0.0, h_.pupils(s, h_.last_year_, h_.lowest_grade_ + g));
    if (!(pupils > 0)) continue;
    note(DataNote::Kind::closed_with_pupils, h_.schools[s].school_id,
         "it is closed, but had " + std::to_string(std::lround(pupils)) + " pupils in " +
             std::to_string(h_.last_year_) + ": nobody is forecast to take them");
  }
}

}  // namespace catchment::engine::demand
