#include "engine/planning/comparison/parcels.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

using Sides = std::array<const PlanCity*, 2>;

std::size_t units_as_read(const PlanCity& city) {
  const auto made = std::ranges::find_if(city.units, [](const CityUnit& u) { return !u.made_of.empty(); });
  return static_cast<std::size_t>(made - city.units.begin());
}

void require_one_city(const Sides& cities) {
  const PlanCity &a = *cities[kBefore], &b = *cities[kAfter];
  const std::size_t units = units_as_read(a);
  bool same = a.base_year == b.base_year && a.years == b.years && a.stages == b.stages && units == units_as_read(b);
  for (std::size_t u = 0; same && u < units; ++u) same = a.units[u].id == b.units[u].id;
  if (!same) throw InputError("comparison", "", "the plans are not of one city: units, stages or years differ");
}

std::vector<ComparedSchool> find_schools(const Sides& cities) {
  std::map<std::string, ComparedSchool> by_id;
  for (const Side side : kSides) {
    for (SchoolIndex s = 0; s < cities[side]->schools.size(); ++s) {
      const CitySchool& school = cities[side]->schools[s];
      ComparedSchool& one = by_id[school.id];
      one.id = school.id, one.name = school.name.empty() ? school.id : school.name;
      one.in[side] = s;
    }
  }
  std::vector<ComparedSchool> schools;
  for (auto& [id, school] : by_id) schools.push_back(std::move(school));
  // Schools as read have one number on both sides; of the others the id decides.
  std::ranges::stable_sort(
      schools, {}, [](const ComparedSchool& s) { return s.in[kBefore] == s.in[kAfter] ? s.in[kBefore] : kNoSchool; });
  return schools;
}

// The units in force that have a part of each unit as read.
std::vector<std::vector<UnitOrigin>> find_parts(const PlanCity& city, std::size_t as_read) {
  std::vector<std::vector<UnitOrigin>> parts(as_read);
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    const CityUnit& unit = city.units[u];
    if (!unit.in_force) continue;
    if (unit.origins.empty()) {
      if (u < as_read) parts[u].push_back({u, kWholeChild});
      continue;
    }
    for (const UnitOrigin& origin : unit.origins) parts[origin.unit].push_back({u, origin.parts});
  }
  return parts;
}

// A parcel with its share of the unit as read.
struct Share {
  Parcel parcel;
  UnitIndex origin = 0;
  std::int64_t weight = 0;
};

std::int64_t common_places(const CityUnit& a, const CityUnit& b) {
  if (a.positions == nullptr || b.positions == nullptr) return 0;
  const auto sorted = [](std::vector<geo::Point> list) {
    std::ranges::sort(list, {}, [](geo::Point p) { return std::pair(p.lon, p.lat); });
    return list;
  };
  const std::vector<geo::Point> left = sorted(*a.positions), right = sorted(*b.positions);
  std::int64_t count = 0;
  for (std::size_t i = 0, j = 0; i < left.size() && j < right.size();) {
    const auto l = std::pair(left[i].lon, left[i].lat), r = std::pair(right[j].lon, right[j].lat);
    count += l == r ? 1 : 0;
    i += l <= r ? 1u : 0u, j += r <= l ? 1u : 0u;
  }
  return count;
}

bool is_same_part(const CityUnit& a, const CityUnit& b) {
  return a.id == b.id && a.addresses == b.addresses && a.area_m2 == b.area_m2;
}

Share make_share(const Sides& cities, UnitIndex origin, const UnitOrigin& a, const UnitOrigin& b, Side finer) {
  Share share;
  share.origin = origin;
  share.parcel.unit = {a.unit, b.unit};
  share.parcel.finer = finer;
  share.weight = finer == kBefore ? a.parts : b.parts;
  const CityUnit& unit = cities[finer]->units[share.parcel.unit[finer]];
  share.parcel.id = unit.id, share.parcel.name = unit.name;
  share.parcel.addresses = unit.addresses, share.parcel.households = unit.households;
  if (unit.origins.size() < 2) return share;
  // A part that was merged with others again: what it had is reckoned from its share.
  const CityUnit& read = cities[finer]->units[origin];
  const auto part_of = [&](int count) {
    return static_cast<int>((count * share.weight + kWholeChild / 2) / kWholeChild);
  };
  share.parcel.id = unit.id + "∩" + read.id;
  share.parcel.addresses = part_of(read.addresses);
  if (read.households) share.parcel.households = part_of(*read.households);
  share.parcel.finer.reset();
  return share;
}

// Of units that both plans cut.
std::vector<Share> cross(const Sides& cities, UnitIndex origin, const std::vector<UnitOrigin>& left,
                         const std::vector<UnitOrigin>& right) {
  std::vector<Share> shares;
  bool same = left.size() == right.size();
  for (std::size_t i = 0; same && i < left.size(); ++i) {
    same = is_same_part(cities[kBefore]->units[left[i].unit], cities[kAfter]->units[right[i].unit]);
    if (same) shares.push_back(make_share(cities, origin, left[i], right[i], kAfter));
  }
  if (same) return shares;
  shares.clear();
  std::int64_t known = 0;
  for (const UnitOrigin& a : left) {
    for (const UnitOrigin& b : right) {
      const CityUnit &x = cities[kBefore]->units[a.unit], &y = cities[kAfter]->units[b.unit];
      Share share = make_share(cities, origin, a, b, kAfter);
      share.parcel.id = x.id + "∩" + y.id;
      share.parcel.finer.reset();
      share.weight = common_places(x, y);
      share.parcel.addresses = static_cast<int>(share.weight), share.parcel.households.reset();
      known += share.weight;
      shares.push_back(std::move(share));
    }
  }
  if (known > 0) {
    // A part without any address keeps its parcels: its children must not be lost.
    std::map<std::pair<Side, UnitIndex>, std::int64_t> of_part;
    for (const Share& s : shares) {
      for (const Side side : kSides) of_part[{side, s.parcel.unit[side]}] += s.weight;
    }
    std::erase_if(shares, [&](const Share& s) {
      return s.weight == 0 && of_part[{kBefore, s.parcel.unit[kBefore]}] > 0 &&
             of_part[{kAfter, s.parcel.unit[kAfter]}] > 0;
    });
    return shares;
  }
  for (Share& share : shares) share.parcel.guessed = true, share.weight = 1;
  return shares;
}

std::vector<Share> find_shares(const Sides& cities) {
  const std::size_t as_read = units_as_read(*cities[kBefore]);
  const auto left = find_parts(*cities[kBefore], as_read), right = find_parts(*cities[kAfter], as_read);
  std::vector<Share> shares;
  for (UnitIndex u = 0; u < as_read; ++u) {
    if (left[u].size() > 1 && right[u].size() > 1) {
      for (Share& share : cross(cities, u, left[u], right[u])) shares.push_back(std::move(share));
      continue;
    }
    for (const UnitOrigin& a : left[u]) {
      for (const UnitOrigin& b : right[u]) {
        shares.push_back(make_share(cities, u, a, b, left[u].size() > 1 ? kBefore : kAfter));
        if (left[u].size() > 1 || right[u].size() > 1) continue;
        // As read, or merged with others on either side: its own figures are those it was read with.
        Parcel& parcel = shares.back().parcel;
        const CityUnit& unit = cities[kBefore]->units[u];
        parcel.id = unit.id, parcel.name = unit.name;
        parcel.addresses = unit.addresses, parcel.households = unit.households;
        parcel.finer.reset();
        for (const Side side : kSides) {
          if (cities[side]->units[parcel.unit[side]].made_of.empty()) parcel.finer = side;
        }
      }
    }
  }
  return shares;
}

// all, in the proportion of the weights, by largest remainder.
std::vector<std::int64_t> share_out(std::int64_t all, std::vector<std::int64_t> weights) {
  std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  if (sum == 0) weights.assign(weights.size(), 1), sum = static_cast<std::int64_t>(weights.size());
  std::vector<std::int64_t> given;
  std::vector<std::pair<__int128, std::size_t>> rests;
  std::int64_t left = all;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const __int128 product = static_cast<__int128>(all) * weights[i];
    given.push_back(static_cast<std::int64_t>(product / sum));
    rests.emplace_back(-(product % sum), i);
    left -= given.back();
  }
  std::ranges::sort(rests);
  for (std::size_t i = 0; left > 0; ++i, --left) ++given[rests[i].second];
  return given;
}

using Members = std::map<UnitIndex, std::vector<std::size_t>>;  // a unit's parcels

// Where a unit has several parcels, each weighs what the other side's unit has if that is all of it, else its share of
// the unit as read.
std::vector<ChildParts> find_children(const Sides& cities, Side side, const PlanCity& read,
                                      const std::vector<Share>& shares, const std::array<Members, 2>& members) {
  const PlanCity &city = *cities[side], &other = *cities[1 - side];
  const std::size_t cells = city.stages.size() * city.years;
  std::vector<ChildParts> children(shares.size() * cells, 0);
  for (const auto& [unit, list] : members[side]) {
    for (std::size_t cell = 0; cell < cells; ++cell) {
      std::vector<std::int64_t> weights;
      for (const std::size_t i : list) {
        const UnitIndex beside = shares[i].parcel.unit[1 - side];
        const bool whole = members[1 - side].at(beside).size() == 1;
        weights.push_back(whole ? other.children[beside * cells + cell]
                                : read.children[shares[i].origin * cells + cell] * shares[i].weight);
      }
      const auto given = share_out(city.children[unit * cells + cell], std::move(weights));
      for (std::size_t i = 0; i < list.size(); ++i) {
        children[list[i] * cells + cell] = static_cast<ChildParts>(given[i]);
      }
    }
  }
  return children;
}

}  // namespace

CommonGround find_common_ground(const CityPlan& before, const CityPlan& after) {
  const Sides cities{&before.city(), &after.city()};
  require_one_city(cities);
  CommonGround ground;
  ground.schools = find_schools(cities);
  const std::vector<Share> shares = find_shares(cities);
  for (const Share& share : shares) ground.parcels.push_back(share.parcel);
  std::array<Members, 2> members;
  for (const Side side : kSides) {
    for (std::size_t i = 0; i < shares.size(); ++i) members[side][shares[i].parcel.unit[side]].push_back(i);
  }
  const CityPlan* root = &before;
  while (root->parent() != nullptr) root = root->parent();
  for (const Side side : kSides) {
    ground.children[side] = find_children(cities, side, root->city(), shares, members);
  }
  return ground;
}

}  // namespace catchment::engine::planning
