#include "engine/planning/comparison/plan_moves.hpp"

#include <algorithm>
#include <map>

#include "engine/planning/comparison/grade_moves.hpp"

namespace catchment::engine::planning {

void WalkSums::add(const WalkSums& other) {
  children += other.children, unknown += other.unknown, straight += other.straight;
  farther += other.farther, nearer += other.nearer;
  more_crossings += other.more_crossings, fewer_crossings += other.fewer_crossings;
  for (const Side side : kSides) {
    walk_mm[side] += other.walk_mm[side];
    for (std::size_t i = 0; i < 3; ++i) crossings[side][i] += other.crossings[side][i];
  }
}

std::optional<double> WalkSums::mean_m(Side side) const {
  if (children == 0) return std::nullopt;
  return static_cast<double>(walk_mm[side]) / static_cast<double>(children) / 1000;
}

void MoveSums::add(const MoveSums& other) {
  parcels += other.parcels, addresses += other.addresses;
  households += other.households, uncounted += other.uncounted;
  children += other.children;
  walk.add(other.walk);
}

namespace {

// The walk to an answer: the mean over its schools, crossings of the one crossed to most.
struct AnswerWalk {
  bool known = false, straight = false;
  std::int64_t mm = 0;
  std::array<int, 3> crossings{};

  int crossed() const { return crossings[0] + crossings[1] + crossings[2]; }
};

bool same_gates(const CitySchool& a, const CitySchool& b) {
  return std::ranges::equal(a.campuses, b.campuses, [](const CityCampus& x, const CityCampus& y) {
    return x.id == y.id && x.gates == y.gates;
  });
}

class MoveFinder {
 public:
  MoveFinder(const CityPlan& before, const CityPlan& after)
      : plans_{&before, &after}, stages_(before.city().stages.size()), years_(before.city().years) {
    moves_.ground = find_common_ground(before, after);
    moves_.sums.resize(stages_ * years_);
    const std::vector<ComparedSchool>& schools = ground().schools;
    for (const Side side : kSides) number_[side].resize(city(side).schools.size());
    for (ComparedIndex s = 0; s < schools.size(); ++s) {
      for (const Side side : kSides) {
        if (schools[s].in[side] != kNoSchool) number_[side][schools[s].in[side]] = s;
      }
      same_gates_.push_back(
          schools[s].in[kBefore] != kNoSchool && schools[s].in[kAfter] != kNoSchool &&
          same_gates(city(kBefore).schools[schools[s].in[kBefore]], city(kAfter).schools[schools[s].in[kAfter]]));
    }
    by_school_.resize(schools.size() * stages_ * years_);
  }

  PlanMoves find() {
    for (StageIndex k = 0; k < stages_; ++k) {
      for (std::size_t p = 0; p < ground().parcels.size(); ++p) look_at(p, k);
    }
    for (std::size_t p = 0; p < ground().parcels.size(); ++p) {
      if (ground().parcels[p].guessed) moves_.guessed.push_back(p);
    }
    finish_pairs();
    finish_schools();
    moves_.grades = find_grade_moves(*plans_[kBefore], *plans_[kAfter], ground());
    return std::move(moves_);
  }

 private:
  const PlanCity& city(Side side) const { return plans_[side]->city(); }
  const CommonGround& ground() const { return moves_.ground; }

  // In the order of the side's own numbers, by which equal parts are shared out.
  ComparedAnswer answer(Side side, std::size_t parcel, StageIndex k, YearIndex y) const {
    ComparedAnswer list;
    for (const SchoolIndex s : plans_[side]->schools_of(ground().parcels[parcel].unit[side], k, y)) {
      list.push_back(number_[side][s]);
    }
    return list;
  }

  const UnitWalk* find_walk(std::size_t parcel, Side side, ComparedIndex school) const {
    const Parcel& p = ground().parcels[parcel];
    const Side from = same_gates_[school] ? p.finer.value_or(side) : side;
    return city(from).find_walk(p.unit[from], ground().schools[school].in[from]);
  }

  AnswerWalk walk_to(std::size_t parcel, Side side, const ComparedAnswer& schools) const {
    AnswerWalk walk;
    for (const ComparedIndex s : schools) {
      const UnitWalk* one = find_walk(parcel, side, s);
      if (one == nullptr) return {};
      walk.mm += one->length_mm;
      walk.straight |= one->way == geo::Way::straight;
      if (one->way != geo::Way::walked) continue;
      const std::array<int, 3> crossings{one->trunk_roads, one->rails, one->rivers};
      if (crossings[0] + crossings[1] + crossings[2] > walk.crossed()) walk.crossings = crossings;
    }
    walk.known = !schools.empty();
    if (walk.known) walk.mm /= static_cast<std::int64_t>(schools.size());
    return walk;
  }

  void look_at(std::size_t parcel, StageIndex k) {
    for (YearIndex y = 0; y < years_; ++y) {
      const std::array<ComparedAnswer, 2> answers{answer(kBefore, parcel, k, y), answer(kAfter, parcel, k, y)};
      const std::size_t cell = (parcel * stages_ + k) * years_ + y;
      const std::array<std::int64_t, 2> all{ground().children[kBefore][cell], ground().children[kAfter][cell]};
      const std::int64_t common = std::min(all[kBefore], all[kAfter]);
      count_at_schools(answers, all, common, k, y);
      std::array<ComparedAnswer, 2> sets = answers;
      for (ComparedAnswer& set : sets) std::ranges::sort(set);
      if (sets[kBefore] != sets[kAfter]) count_move(parcel, k, y, sets, common);
    }
  }

  SchoolMoves& at(ComparedIndex school, StageIndex k, YearIndex y) {
    return by_school_[(school * stages_ + k) * years_ + y];
  }

  void count_at_schools(const std::array<ComparedAnswer, 2>& answers, const std::array<std::int64_t, 2>& all,
                        std::int64_t common, StageIndex k, YearIndex y) {
    std::map<ComparedIndex, std::int64_t> change;  // of the common children
    for (const Side side : kSides) {
      const auto n = static_cast<std::int64_t>(answers[side].size());
      for (std::int64_t i = 0; i < n; ++i) {
        const auto part = [&](std::int64_t parts) { return parts / n + (i < parts % n ? 1 : 0); };
        const ComparedIndex s = answers[side][static_cast<std::size_t>(i)];
        SchoolMoves& school = at(s, k, y);
        school.children[side] += part(all[side]);
        school.units[side] += 1;
        school.only[side] += part(all[side]) - part(common);
        change[s] += side == kAfter ? part(common) : -part(common);
      }
    }
    for (const auto& [s, parts] : change) {
      at(s, k, y).gained += std::max<std::int64_t>(0, parts);
      at(s, k, y).lost += std::max<std::int64_t>(0, -parts);
    }
  }

  void count_move(std::size_t parcel, StageIndex k, YearIndex y, const std::array<ComparedAnswer, 2>& sets,
                  std::int64_t children) {
    UnitMove* last = moves_.units.empty() ? nullptr : &moves_.units.back();
    const bool same = last != nullptr && last->parcel == parcel && last->stage == k && last->to == y &&
                      last->before == sets[kBefore] && last->after == sets[kAfter];
    if (!same) begin_move(parcel, k, y, sets);
    UnitMove& move = moves_.units.back();
    move.to = y + 1;
    move.children.push_back(children);
    MoveSums sums;
    const Parcel& p = ground().parcels[parcel];
    sums.parcels = 1, sums.addresses = p.addresses, sums.children = children;
    sums.households = p.households.value_or(0), sums.uncounted = p.households ? 0 : 1;
    sums.walk = walk_sums(children);
    moves_.sums[k * years_ + y].add(sums);
    pairs_[{k, y, sets[kBefore], sets[kAfter]}].add(sums);
  }

  void begin_move(std::size_t parcel, StageIndex k, YearIndex y, const std::array<ComparedAnswer, 2>& sets) {
    UnitMove& move = moves_.units.emplace_back();
    move.parcel = parcel, move.stage = k, move.from = y;
    move.before = sets[kBefore], move.after = sets[kAfter];
    for (const Side side : kSides) {
      walks_[side] = walk_to(parcel, side, sets[side]);
      if (walks_[side].known) move.walk_m[side] = static_cast<int>((walks_[side].mm + 999) / 1000);
      move.crossings[side] = walks_[side].crossings;
      move.straight |= walks_[side].straight;
    }
  }

  // Of the move begun last.
  WalkSums walk_sums(std::int64_t children) const {
    WalkSums sums;
    const AnswerWalk &a = walks_[kBefore], &b = walks_[kAfter];
    if (!a.known || !b.known) {
      sums.unknown = children;
      return sums;
    }
    sums.children = children;
    sums.walk_mm = {children * a.mm, children * b.mm};
    if (b.mm - a.mm > kFarther_m * 1000) sums.farther = children;
    if (a.mm - b.mm > kFarther_m * 1000) sums.nearer = children;
    if (a.straight || b.straight) {
      sums.straight = children;
      return sums;
    }
    if (b.crossed() > a.crossed()) sums.more_crossings = children;
    if (b.crossed() < a.crossed()) sums.fewer_crossings = children;
    for (const Side side : kSides) {
      for (std::size_t i = 0; i < 3; ++i) sums.crossings[side][i] = children * walks_[side].crossings[i];
    }
    return sums;
  }

  void finish_pairs() {
    for (const auto& [key, sums] : pairs_) {
      const auto& [k, y, before, after] = key;
      moves_.pairs.push_back({before, after, k, y, sums});
    }
  }

  void finish_schools() {
    for (StageIndex k = 0; k < stages_; ++k) {
      for (ComparedIndex s = 0; s < ground().schools.size(); ++s) {
        for (YearIndex y = 0; y < years_; ++y) {
          SchoolMoves& school = at(s, k, y);
          school.school = s, school.stage = k, school.year = y;
          for (const Side side : kSides) {
            const SchoolIndex own = ground().schools[s].in[side];
            if (own == kNoSchool) continue;
            school.open[side] = city(side).schools[own].offers[k].open(y);
            const EntrySeats& seats = city(side).seats_of(own, k, y);
            if (school.open[side] && seats.known) school.seats[side] = seats.seats;
          }
          const bool there =
              school.open[kBefore] || school.open[kAfter] || school.units[kBefore] > 0 || school.units[kAfter] > 0;
          if (there) moves_.schools.push_back(school);
        }
      }
    }
  }

  std::array<const CityPlan*, 2> plans_;
  std::size_t stages_, years_;
  PlanMoves moves_;
  std::array<std::vector<ComparedIndex>, 2> number_;  // by the side's school
  std::vector<char> same_gates_;
  std::vector<SchoolMoves> by_school_;  // [(school * stages + stage) * years + year]
  std::array<AnswerWalk, 2> walks_;
  std::map<std::tuple<StageIndex, YearIndex, ComparedAnswer, ComparedAnswer>, MoveSums> pairs_;
};

}  // namespace

PlanMoves find_moves(const CityPlan& before, const CityPlan& after) { return MoveFinder(before, after).find(); }

}  // namespace catchment::engine::planning
