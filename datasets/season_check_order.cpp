// Order at the schools of zones, and among those who were placed outside their zone.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "datasets/season_check_parts.hpp"

namespace catchment::datasets::season_check {
namespace {

// Metres by tier, compared from the first.
using TierMetres = std::array<std::int64_t, 8>;

TierMetres sum_of(const TierMetres& a, const TierMetres& b) {
  TierMetres sum{};
  for (std::size_t t = 0; t < sum.size(); ++t) sum[t] = a[t] + b[t];
  return sum;
}

// From each school to each other the shortest that one child's move makes all ways longer; looks for a ring that makes
// them shorter (Bellman and Ford, from everywhere at once).
class ExchangeRing {
 public:
  explicit ExchangeRing(std::size_t schools) : schools_(schools), moves_(schools * schools) {}

  void offer(std::size_t from, std::size_t to, std::size_t child, std::size_t tier, std::int64_t longer) {
    if (from == to) return;
    TierMetres metres{};
    metres.at(tier) = longer;
    ExchangeMove& move = moves_[from * schools_ + to];
    if (move.child == kNoRow || metres < move.metres) move = {metres, child};
  }

  std::optional<std::size_t> find_shorter() const {
    std::vector<TierMetres> least(schools_);
    std::optional<std::size_t> mover;
    for (std::size_t round = 0; round <= schools_; ++round) {
      mover.reset();
      for (std::size_t from = 0; from < schools_; ++from) {
        for (std::size_t to = 0; to < schools_; ++to) {
          const ExchangeMove& move = moves_[from * schools_ + to];
          if (move.child == kNoRow || !(sum_of(least[from], move.metres) < least[to])) continue;
          least[to] = sum_of(least[from], move.metres);
          mover = move.child;
        }
      }
      if (!mover) return std::nullopt;
    }
    return mover;
  }

 private:
  struct ExchangeMove {
    TierMetres metres{};
    std::size_t child = kNoRow;
  };
  std::size_t schools_;
  std::vector<ExchangeMove> moves_;
};

}  // namespace

std::int64_t Checker::metres(std::size_t child, std::size_t school) const {
  return std::abs(child_[child].x - school_[school].x) + std::abs(child_[child].y - school_[school].y);
}

// Whether a run gives the child a way there for sure: to so many schools at least it does.
bool Checker::is_near(std::size_t child, std::size_t school) const {
  constexpr std::ptrdiff_t kWays = 64;
  const auto nearer = [&](std::size_t s) {
    return school_[s].level == child_[child].level && !school_[s].is_private &&
           metres(child, s) < metres(child, school);
  };
  std::ptrdiff_t count = 0;
  if (static_cast<std::ptrdiff_t>(school_.size()) <= kWays) return true;
  for (std::size_t s = 0; s < school_.size() && count < kWays; ++s) count += nearer(s) ? 1 : 0;
  return count < kWays;
}

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
  std::map<std::pair<std::string_view, std::string_view>, std::vector<OverflowLine>> rounds;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::size_t c = child_at(rows.at(row, 0));
    const auto rules = rules_.find(rows.at(row, 1));
    if (c == kNoRow || rules == rules_.end()) continue;
    rounds[{rows.at(row, 1), rows.at(row, 2)}].push_back(
        {static_cast<std::int64_t>(c), rows.number(row, 3), rows.number(row, 4)});
  }
  for (const auto& [key, list] : rounds) {
    if (rules_.find(key.first)->second.no_leapfrog)
      check_overflow_round(list);
    else
      check_least_walk_round(list);
  }
}

// Child, tier, place. Nobody's seat may be one that somebody of a higher tier wanted more than the own, or of the same
// tier and nearer, or as near and earlier.
void Checker::check_overflow_round(const std::vector<OverflowLine>& rows) {
  const auto child_of = [](const OverflowLine& row) { return static_cast<std::size_t>(row[0]); };
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

// Under least_walk somebody may sit where another, nearer one wanted to; but never if an exchange among those placed
// together would make the ways of the first tier, or if not theirs of the next ..., shorter in all. Such an exchange is
// a ring of schools, in each of which somebody moves on to the next. Those kept together with a sibling do not move.
void Checker::check_least_walk_round(const std::vector<OverflowLine>& rows) {
  check_seats_by_order(rows);
  std::map<std::size_t, std::size_t> number;  // of schools with children who may move
  const auto moves = [this](const OverflowLine& row) {
    const auto c = static_cast<std::size_t>(row[0]);
    return offered_[c] != kNoRow && child_[c].reason != "above_plan" && !child_[c].bundled;
  };
  for (const OverflowLine& row : rows) {
    if (moves(row)) number.try_emplace(offered_[static_cast<std::size_t>(row[0])], number.size());
  }
  std::vector<std::size_t> schools(number.size());
  for (const auto& [school, n] : number) schools[n] = school;
  ExchangeRing ring(schools.size());
  for (const OverflowLine& row : rows) {
    if (!moves(row)) continue;
    const auto c = static_cast<std::size_t>(row[0]);
    const std::int64_t own = metres(c, offered_[c]);
    for (std::size_t to = 0; to < schools.size(); ++to) {
      if (is_near(c, schools[to]))
        ring.offer(number.at(offered_[c]), to, c, static_cast<std::size_t>(row[1]), metres(c, schools[to]) - own);
    }
  }
  if (const auto mover = ring.find_shorter())
    report("overflow", "overflow.csv", child_[*mover].code,
           "could exchange its seat so that the ways would be shorter in all, those of higher tiers first");
}

// Nobody is left without a free seat that somebody behind it in order has, if that is one of the schools near it.
void Checker::check_seats_by_order(const std::vector<OverflowLine>& rows) {
  std::map<std::size_t, OverflowLine> last;  // of each school, its last in order
  for (const OverflowLine& row : rows) {
    const auto c = static_cast<std::size_t>(row[0]);
    if (offered_[c] == kNoRow || child_[c].reason == "above_plan" || child_[c].bundled) continue;
    const auto [at, fresh] = last.try_emplace(offered_[c], row);
    if (!fresh && std::pair(at->second[1], at->second[2]) < std::pair(row[1], row[2])) at->second = row;
  }
  for (const OverflowLine& row : rows) {
    const auto c = static_cast<std::size_t>(row[0]);
    if (child_[c].reason != "above_plan" || child_[c].bundled) continue;
    for (const auto& [school, behind] : last) {
      if (std::pair(behind[1], behind[2]) < std::pair(row[1], row[2])) continue;
      if (!is_near(c, school)) continue;
      report("overflow", "overflow.csv", child_[c].code,
             "had no free seat, and " + std::string(child_[static_cast<std::size_t>(behind[0])].code) +
                 ", who comes behind, has one at " + std::string(school_[school].id));
      break;
    }
  }
}

}  // namespace catchment::datasets::season_check
