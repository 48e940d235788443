#include "engine/admission/assignment/zone_draw.hpp"

#include <algorithm>
#include <numeric>

#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

using PoolSeats = std::array<int, 3>;

struct ZoneUnit {
  std::vector<std::uint32_t> members;  // applicants, by number
  std::uint32_t last = 0;              // the one whose standing is the unit's
};

[[noreturn]] void refuse_draw(const char* code, const std::string& where, const std::string& message) {
  throw InputError(code, where, message);
}

std::vector<PoolSeats> read_seats(const ZoneDraw& zone) {
  std::vector<PoolSeats> seats;
  for (std::size_t s = 0; s < zone.schools.size(); ++s) {
    const DrawSchool& school = zone.schools[s];
    if (school.male < 0 || school.female < 0 || school.both < 0)
      refuse_draw("zone_draw", "schools/" + std::to_string(s), "has negative seats");
    seats.push_back({school.male, school.female, school.both});
  }
  return seats;
}

void check_lists(const ZoneDraw& zone, std::span<const DrawApplicant> applicants) {
  if (zone.method == DrawMethod::school_order) return;
  std::vector<std::uint32_t> sorted;
  for (std::size_t i = 0; i < applicants.size(); ++i) {
    const std::string where = "applicants/" + std::to_string(i) + "/choices";
    sorted = applicants[i].choices;
    std::ranges::sort(sorted);
    if (!sorted.empty() && sorted.back() >= zone.schools.size()) refuse_draw("zone_draw", where, "no such school");
    if (std::ranges::adjacent_find(sorted) != sorted.end()) refuse_draw("zone_draw", where, "names a school twice");
  }
}

std::vector<ZoneUnit> line_up_units(const ZoneDraw& zone, std::span<const DrawApplicant> applicants) {
  std::vector<std::uint32_t> by_child(applicants.size());
  std::iota(by_child.begin(), by_child.end(), 0u);
  std::ranges::sort(by_child, {}, [&](std::uint32_t i) { return applicants[i].child; });
  for (std::size_t k = 1; k < by_child.size(); ++k) {
    if (applicants[by_child[k - 1]].child == applicants[by_child[k]].child)
      refuse_draw("applicants", std::to_string(by_child[k]) + "/child", "stands in the list twice");
  }
  // Bundles first, then single children, each by number: the order of equals, where it does not matter.
  std::ranges::stable_sort(by_child, {}, [&](std::uint32_t i) { return applicants[i].bundle; });
  std::vector<ZoneUnit> units;
  for (std::size_t k = 0; k < by_child.size(); ++k) {
    const std::uint32_t i = by_child[k];
    const DrawApplicant& here = applicants[i];
    if (k == 0 || here.bundle == kNobody || here.bundle != applicants[by_child[k - 1]].bundle) {
      units.push_back({{i}, i});
      continue;
    }
    ZoneUnit& unit = units.back();
    if (zone.method == DrawMethod::choices && here.choices != applicants[unit.members.front()].choices)
      refuse_draw("zone_draw", "applicants/" + std::to_string(i) + "/choices", "differ from those of its bundle");
    unit.members.push_back(i);
    if (compare(applicants[unit.last].standing, here.standing, zone.order) < 0) unit.last = i;
  }
  std::ranges::stable_sort(units, [&](const ZoneUnit& a, const ZoneUnit& b) {
    return compare(applicants[a.last].standing, applicants[b.last].standing, zone.order) < 0;
  });
  return units;
}

std::size_t pool_of(Sex sex) { return static_cast<std::size_t>(sex); }
constexpr std::size_t kBothPool = static_cast<std::size_t>(SeatPool::both);

// Whether a school has a seat for every child; takes them if so.
bool take_seats(PoolSeats& free, const ZoneUnit& unit, std::span<const DrawApplicant> applicants,
                std::vector<SeatPool>& pools) {
  PoolSeats left = free;
  pools.clear();
  for (const std::uint32_t i : unit.members) {
    const std::size_t own = pool_of(applicants[i].sex);
    const std::size_t pool = left[own] > 0 ? own : kBothPool;
    if (left[pool]-- == 0) return false;
    pools.push_back(static_cast<SeatPool>(pool));
  }
  free = left;
  return true;
}

}  // namespace

ZoneDrawResult draw_zone(const ZoneDraw& zone, std::span<const DrawApplicant> applicants) {
  check_order_rule(zone.order);
  std::vector<PoolSeats> free = read_seats(zone);
  check_lists(zone, applicants);
  const std::vector<ZoneUnit> units = line_up_units(zone, applicants);
  std::vector<std::uint32_t> published(zone.schools.size());
  std::iota(published.begin(), published.end(), 0u);
  ZoneDrawResult result;
  result.placements.resize(applicants.size());
  result.cut_offs.resize(zone.schools.size());
  std::vector<SeatPool> pools;
  bool decided = false;  // somebody was refused a first choice
  int rank = 0;
  for (const ZoneUnit& unit : units) {
    const std::vector<std::uint32_t>& list =
        zone.method == DrawMethod::choices ? applicants[unit.members.front()].choices : published;
    std::size_t choice = 0;
    while (choice < list.size() && !take_seats(free[list[choice]], unit, applicants, pools)) ++choice;
    decided |= choice > 0;
    for (std::size_t m = 0; m < unit.members.size(); ++m) {
      const std::uint32_t i = unit.members[m];
      DrawPlacement& placed = result.placements[i];
      placed.child = applicants[i].child;
      placed.rank = ++rank;
      if (choice == list.size()) {
        result.waiting.push_back(placed.child);
        continue;
      }
      placed.school = list[choice];
      placed.pool = pools[m];
      placed.choice = static_cast<int>(choice) + 1;
      DrawCutOff& cut_off = result.cut_offs[placed.school][static_cast<std::size_t>(placed.pool)];
      ++cut_off.taken;
      cut_off.last = applicants[unit.last].standing;
    }
  }
  for (std::size_t s = 0; s < free.size(); ++s) {
    for (std::size_t pool = 0; pool < 3; ++pool) {
      if (free[s][pool] > 0) result.cut_offs[s][pool].last.reset();
    }
  }
  for (std::size_t k = 1; decided && k < units.size(); ++k) {
    if (compare(applicants[units[k - 1].last].standing, applicants[units[k].last].standing, zone.order) == 0)
      refuse_draw("no_ticket", "applicants/" + std::to_string(units[k].last), "has an equal: a draw must decide");
  }
  return result;
}

std::optional<Separation> refusal(const ZoneDraw& zone, const ZoneDrawResult& result, const DrawApplicant& applicant,
                                  std::uint32_t school) {
  const auto placed = std::ranges::find(result.placements, applicant.child, &DrawPlacement::child);
  if (placed == result.placements.end())
    refuse_draw("applicants", std::to_string(applicant.child), "is not in the result");
  std::size_t choice = school;
  if (zone.method == DrawMethod::choices) {
    const auto listed = std::ranges::find(applicant.choices, school);
    if (listed == applicant.choices.end()) return std::nullopt;
    choice = static_cast<std::size_t>(listed - applicant.choices.begin());
  }
  if (school >= zone.schools.size()) refuse_draw("zone_draw", std::to_string(school), "no such school");
  if (placed->choice != 0 && choice + 1 >= static_cast<std::size_t>(placed->choice)) return std::nullopt;
  const auto& pools = result.cut_offs[school];
  const std::optional<Standing>&own = pools[pool_of(applicant.sex)].last, &both = pools[kBothPool].last;
  const DrawSchool& seats = zone.schools[school];
  const int own_seats = applicant.sex == Sex::male ? seats.male : seats.female;
  if ((own_seats > 0 && !own) || (seats.both > 0 && !both)) return Separation{Criterion::bundle, 0, 0};
  if (!own && !both) return Separation{};  // no seats open to it at all
  const bool later = !own || (both && compare(*own, *both, zone.order) < 0);
  const Standing& last = later ? *both : *own;
  if (compare(applicant.standing, last, zone.order) < 0) return Separation{Criterion::bundle, 0, 0};
  return separation(applicant.standing, last, zone.order);
}

}  // namespace catchment::engine::admission
