#include "datasets/synth/divisions.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "datasets/synth/dissolve.hpp"
#include "datasets/synth/index.hpp"
#include "datasets/synth/names.hpp"
#include "datasets/synth/regions.hpp"

namespace catchment::datasets::synth {
namespace {

constexpr std::uint64_t kDivisionStream = 803;
constexpr std::uint64_t kTownStream = 804;
constexpr std::uint64_t kCommunityStream = 805;
constexpr std::uint64_t kVillageStream = 806;
constexpr int kUnitsPerCommunity = 10;
constexpr int kCommunitiesPerTown = 8;
constexpr int kSchoolsPerDistrict = 16;
constexpr int kCommunitiesPerVillage = 12;
constexpr std::size_t kSharedNames = 2;

struct Level {
  Graph preferred;
  Graph all;
  std::vector<geo::Point> position;
  std::vector<std::int64_t> weight;  // units
};

Level contracted(const Level& below, const Regions& regions) {
  const int count = static_cast<int>(regions.seed.size());
  Level level{contract(below.preferred, regions.of_area, count),
              contract(below.all, regions.of_area, count),
              {},
              std::vector<std::int64_t>(regions.seed.size(), 0)};
  for (const std::int32_t seed : regions.seed) level.position.push_back(below.position[at(seed)]);
  for (std::size_t i = 0; i < regions.of_area.size(); ++i) level.weight[at(regions.of_area[i])] += below.weight[i];
  return level;
}

Regions grown(const Level& level, int count) {
  return grow_regions({&level.preferred, &level.all, level.weight, level.position, count});
}

std::vector<Division> named(std::size_t count, std::uint64_t seed, std::uint64_t stream, const char* word) {
  Stems stems(seed, stream);
  std::vector<Division> divisions(count);
  for (Division& division : divisions) division.name = stems.next() + word;
  return divisions;
}

void set_shapes(std::vector<Division>& divisions, const CellMap& map, const std::vector<std::int32_t>& of_unit) {
  auto shapes = dissolve(map, of_unit, static_cast<std::int32_t>(divisions.size()));
  for (std::size_t i = 0; i < divisions.size(); ++i) divisions[i].shape = std::move(shapes[i]);
}

// Communities on the rim, the furthest from the middle first.
std::vector<std::int32_t> rim_communities(const Layout& layout, const Divisions& divisions) {
  std::vector<std::int64_t> furthest(divisions.communities.size(), -1);
  for (const Border& border : layout.map.borders) {
    if (border.right != kOutside) continue;
    const geo::Point p = layout.map.sites[at(border.left)];
    const auto dx = std::int64_t{p.lon} - layout.centre.lon;
    const auto dy = std::int64_t{p.lat} - layout.centre.lat;
    std::int64_t& distance = furthest[at(divisions.community_of_unit[at(border.left)])];
    distance = std::max(distance, dx * dx + dy * dy);
  }
  std::vector<std::int32_t> rim;
  for (std::size_t i = 0; i < furthest.size(); ++i) {
    if (furthest[i] >= 0) rim.push_back(static_cast<std::int32_t>(i));
  }
  std::stable_sort(rim.begin(), rim.end(),
                   [&](std::int32_t a, std::int32_t b) { return furthest[at(a)] > furthest[at(b)]; });
  return rim;
}

void choose_villages(const Layout& layout, Divisions& divisions, std::uint64_t seed) {
  const std::size_t count = divisions.communities.size();
  divisions.is_village.assign(count, 0);
  divisions.group_of_unit.assign(divisions.community_of_unit.size(), 0);
  const std::size_t wanted = count < 4 ? 0 : std::max<std::size_t>(1, count / kCommunitiesPerVillage);
  Stems stems(seed, kVillageStream);
  for (const std::int32_t community : rim_communities(layout, divisions)) {
    if (static_cast<std::size_t>(std::ranges::count(divisions.is_village, 1)) == wanted) break;
    divisions.is_village[at(community)] = 1;
    divisions.communities[at(community)].name = stems.next() + "村";
  }
  std::vector<std::int32_t> groups(count, 0);
  for (std::size_t unit = 0; unit < divisions.community_of_unit.size(); ++unit) {
    const std::size_t community = at(divisions.community_of_unit[unit]);
    if (divisions.is_village[community] != 0) divisions.group_of_unit[unit] = ++groups[community];
  }
}

// The district of every unit along the street, if it is one.
std::optional<std::int32_t> only_district(const Street& street, const Layout& layout, const Divisions& divisions) {
  std::set<std::int32_t> districts;
  for (const Side side : street.sides) {
    const Border& border = layout.map.borders[side.border];
    for (const std::int32_t unit : {border.left, border.right}) {
      if (unit != kOutside) districts.insert(divisions.district_of_unit(at(unit)));
    }
  }
  if (districts.size() != 1) return std::nullopt;
  return *districts.begin();
}

}  // namespace

Divisions make_divisions(const Layout& layout, const std::vector<char>& closed_borders, int schools,
                         std::uint64_t seed) {
  const std::size_t units = layout.map.cells.size();
  const Level ground{neighbours(layout.map, closed_borders), neighbours(layout.map, {}), layout.map.sites,
                     std::vector<std::int64_t>(units, 1)};
  const Regions communities = grown(ground, std::max(1, static_cast<int>(units) / kUnitsPerCommunity));
  const Level community_level = contracted(ground, communities);
  const Regions towns =
      grown(community_level, std::max(1, static_cast<int>(communities.seed.size()) / kCommunitiesPerTown));
  const Level town_level = contracted(community_level, towns);
  const int wanted = std::clamp((schools + kSchoolsPerDistrict / 2) / kSchoolsPerDistrict, 1, 9);
  const Regions districts = grown(town_level, std::min(wanted, static_cast<int>(towns.seed.size())));

  Divisions divisions;
  divisions.districts = named(districts.seed.size(), seed, kDivisionStream, "区");
  divisions.towns = named(towns.seed.size(), seed, kTownStream, "街道");
  divisions.communities = named(communities.seed.size(), seed, kCommunityStream, "社区");
  for (std::size_t i = 0; i < divisions.towns.size(); ++i) divisions.towns[i].parent = districts.of_area[i];
  for (std::size_t i = 0; i < divisions.communities.size(); ++i) divisions.communities[i].parent = towns.of_area[i];
  divisions.community_of_unit = communities.of_area;
  choose_villages(layout, divisions, seed);
  std::vector<std::int32_t> town_of_unit(units);
  std::vector<std::int32_t> district_of_unit(units);
  for (std::size_t unit = 0; unit < units; ++unit) {
    town_of_unit[unit] = divisions.town_of_unit(unit);
    district_of_unit[unit] = divisions.district_of_unit(unit);
  }
  set_shapes(divisions.communities, layout.map, divisions.community_of_unit);
  set_shapes(divisions.towns, layout.map, town_of_unit);
  set_shapes(divisions.districts, layout.map, district_of_unit);
  return divisions;
}

void share_street_names(std::vector<Street>& streets, const Layout& layout, const Divisions& divisions) {
  std::vector<Street*> longest(divisions.districts.size(), nullptr);  // per district, of its own residential streets
  for (Street& street : streets) {
    if (street.kind != "residential") continue;
    const auto district = only_district(street, layout, divisions);
    if (!district) continue;
    Street*& best = longest[at(*district)];
    if (best == nullptr || street.sides.size() > best->sides.size()) best = &street;
  }
  for (std::size_t i = 1; i < longest.size() && i <= kSharedNames; ++i) {
    if (longest[i] != nullptr && longest[i - 1] != nullptr) longest[i]->name = longest[i - 1]->name;
  }
}

}  // namespace catchment::datasets::synth
