// Order at the schools of zones, and among those who were placed outside their zone.
#include <algorithm>
#include <cstdlib>

#include "datasets/season_check_parts.hpp"

namespace catchment::datasets::season_check {

// Whether a stands before b by tier, keys and ticket.
bool Checker::before(const CheckChild& a, const CheckChild& b, bool points) const {
  if (a.tier != b.tier) return a.tier < b.tier;
  const auto rules = rules_.find(a.level);
  if (rules == rules_.end()) return false;
  for (const auto& [key, higher] : points ? rules->second.points_order : rules->second.order) {
    if (a.keys[key] != b.keys[key]) return higher ? a.keys[key] > b.keys[key] : a.keys[key] < b.keys[key];
  }
  return a.ticket < b.ticket;
}

void Checker::check_order() {
  zone_offer_.assign(child_.size(), {});
  for (std::size_t row = 0; row < offers_.rows(); ++row) {
    const std::size_t c = child_at(offers_.at(row, 0));
    const std::string_view way = offers_.at(row, 2);
    if (c != kNoRow && (way == "zone" || way == "points")) zone_offer_[c] = offers_.at(row, 1);
  }
  std::vector<std::vector<std::size_t>> seated(school_.size()), refused(school_.size());
  for (std::size_t c = 0; c < child_.size(); ++c) {
    const std::size_t s = school_at(child_[c].zone_school);
    const bool stood = child_[c].entered_by == "zone" || child_[c].entered_by == "points";
    if (s == kNoRow || !stood || child_[c].ticket.empty()) continue;
    if (zone_offer_[c] == school_[s].id)
      seated[s].push_back(c);
    else if (child_[c].way == "coordinated")
      refused[s].push_back(c);
  }
  for (std::size_t s = 0; s < school_.size(); ++s) check_zone(s, seated[s], refused[s]);
  check_overflow();
}

void Checker::check_zone(std::size_t school, const std::vector<std::size_t>& seated,
                         const std::vector<std::size_t>& refused) {
  for (const bool points : {false, true}) {
    const auto of_part = [&](std::size_t c) { return (child_[c].entered_by == "points") == points; };
    std::size_t last = kNoRow;
    for (const std::size_t c : seated) {
      if (of_part(c) && (last == kNoRow || before(child_[last], child_[c], points))) last = c;
    }
    for (const std::size_t c : refused) {
      if (!of_part(c) || child_[c].bundled) continue;  // a bundle may not have fitted
      if (last != kNoRow && before(child_[c], child_[last], points))
        report("tiers", "outcomes.csv", child_[c].code,
               "was refused at " + std::string(school_[school].id) + " and stands before " +
                   std::string(child_[last].code));
      const bool any_points =
          !points && std::ranges::any_of(seated, [&](std::size_t b) { return child_[b].entered_by == "points"; });
      if (any_points)
        report("tiers", "outcomes.csv", child_[c].code,
               "was refused at " + std::string(school_[school].id) + " where points gave seats");
    }
  }
}

void Checker::check_overflow() {
  const CheckTable rows(folder_, "overflow.csv", {"child_id", "level", "round", "tier", "place"});
  std::map<std::pair<std::string_view, std::string_view>, std::vector<std::array<std::int64_t, 3>>> rounds;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::size_t c = child_at(rows.at(row, 0));
    const auto rules = rules_.find(rows.at(row, 1));
    if (c == kNoRow || rules == rules_.end() || !rules->second.no_leapfrog) continue;
    rounds[{rows.at(row, 1), rows.at(row, 2)}].push_back(
        {static_cast<std::int64_t>(c), rows.number(row, 3), rows.number(row, 4)});
  }
  for (const auto& [key, list] : rounds) check_overflow_round(list);
}

// Child, tier, place. Nobody's seat may be one that somebody of a higher tier wanted more than the own, or of the same
// tier and nearer, or as near and earlier.
void Checker::check_overflow_round(const std::vector<std::array<std::int64_t, 3>>& rows) {
  const auto child_of = [](const std::array<std::int64_t, 3>& row) { return static_cast<std::size_t>(row[0]); };
  const auto metres = [this](std::size_t c, std::size_t s) {
    return std::abs(child_[c].x - school_[s].x) + std::abs(child_[c].y - school_[s].y);
  };
  using Last = std::array<std::int64_t, 4>;  // tier, metres, place, child
  std::map<std::size_t, Last> last;          // of each school, the one who should be the first to give way
  for (const auto& row : rows) {
    const std::size_t c = child_of(row), s = offered_[c];
    if (s == kNoRow || child_[c].reason == "above_plan") continue;
    const Last mine{row[1], metres(c, s), row[2], row[0]};
    const auto [at, fresh] = last.try_emplace(s, mine);
    if (!fresh) at->second = std::max(at->second, mine);
  }
  for (const auto& row : rows) {
    const std::size_t a = child_of(row), own = offered_[a];
    const bool above = child_[a].reason == "above_plan";
    for (const auto& [s, b] : last) {
      if (!above && own != kNoRow && metres(a, s) >= metres(a, own)) continue;
      if (Last{row[1], metres(a, s), row[2], row[0]} < b)
        report("overflow", "overflow.csv", child_[a].code,
               "wanted a seat of " + std::string(school_[s].id) + " more than " +
                   std::string(child_[static_cast<std::size_t>(b[3])].code) + ", who has it and comes behind");
    }
  }
}

}  // namespace catchment::datasets::season_check
