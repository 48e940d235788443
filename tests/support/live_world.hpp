// Cities for plans, made from a seed: blocks of units in a grid, a primary school amid each block, a junior school for
// every few blocks; with walks, children, seats, estates, and what is not known here and there.
#pragma once

#include <algorithm>
#include <cstdio>
#include <string>

#include "engine/demand/model.hpp"
#include "engine/planning/city/city_plan.hpp"
#include "engine/planning/city/city_sources.hpp"
#include "engine/planning/plan_random.hpp"

namespace catchment::testing {

struct LiveWorld {
  int blocks_wide = 3, blocks_high = 2;  // a primary school each
  int wide = 3, high = 2;                // units a block
  int blocks_of_junior = 3;
  std::size_t years = 5;
  std::uint64_t seed = 1;
  bool demand = false;  // a model of the same schools and units
  bool feeders = false;
};

inline std::string numbered(char kind, std::size_t number) {
  char text[16];
  std::snprintf(text, sizeof text, "%c%05d", kind, static_cast<int>(number));
  return text;
}

class LiveCity {
 public:
  explicit LiveCity(const LiveWorld& world) : world_(world), random_(world.seed) {
    city_.base_year = 2026;
    city_.years = world.years;
    city_.stages = {engine::Stage::primary, engine::Stage::junior};
    add_schools();
    add_units();
    add_figures();
    if (world.demand) add_demand();
  }

  // Every unit at the school of its block.
  engine::planning::CityPlan make() {
    using namespace engine::planning;
    std::vector<AnswerEdit> edits;
    for (UnitIndex u = 0; u < city_.units.size(); ++u) {
      edits.push_back({u, 0, 0, static_cast<YearIndex>(world_.years), block_of(u)});
      edits.push_back({u, 1, 0, static_cast<YearIndex>(world_.years), junior_of(block_of(u))});
    }
    return CityPlan(settle(std::move(city_))).edited(edits);
  }

 private:
  std::size_t units_wide() const { return static_cast<std::size_t>(world_.blocks_wide * world_.wide); }
  std::uint32_t blocks() const { return static_cast<std::uint32_t>(world_.blocks_wide * world_.blocks_high); }
  std::uint32_t block_of(std::size_t unit) const {
    const std::size_t x = unit % units_wide(), y = unit / units_wide();
    return static_cast<std::uint32_t>(y / static_cast<std::size_t>(world_.high) *
                                          static_cast<std::size_t>(world_.blocks_wide) +
                                      x / static_cast<std::size_t>(world_.wide));
  }
  std::uint32_t junior_of(std::uint32_t block) const {
    return blocks() + block / static_cast<std::uint32_t>(world_.blocks_of_junior);
  }

  void add_schools() {
    using namespace engine::planning;
    const std::uint32_t juniors = junior_of(blocks() - 1) - blocks() + 1;
    for (std::uint32_t s = 0; s < blocks() + juniors; ++s) {
      CitySchool school;
      school.id = s < blocks() ? numbered('P', s) : numbered('Q', s - blocks());
      school.offers.resize(2);
      school.offers[s < blocks() ? 0 : 1] = {0, static_cast<YearIndex>(world_.years), s < blocks() ? 1 : 7,
                                             s < blocks() ? 6 : 9, true};
      city_.schools.push_back(std::move(school));
      if (world_.feeders && s < blocks()) city_.feeders.push_back({s, junior_of(s), 1});
    }
  }

  void add_units() {
    using namespace engine::planning;
    const auto wide = static_cast<int>(units_wide()), high = world_.blocks_high * world_.high;
    for (int y = 0; y < high; ++y) {
      for (int x = 0; x < wide; ++x) {
        const auto u = static_cast<UnitIndex>(y * wide + x);
        CityUnit unit;
        unit.id = numbered('U', u);
        unit.area_m2 = 15'000 + random_.below(1000);
        unit.perimeter_m = 480 + random_.unit();
        unit.addresses = static_cast<int>(random_.below(90));
        if (random_.below(20) != 0) unit.households = static_cast<int>(random_.below(300));
        city_.units.push_back(std::move(unit));
        const auto passable = [&] { return random_.below(12) != 0; };
        if (x > 0) city_.borders.push_back({u - 1, u, 120 + random_.unit(), passable()});
        if (y > 0) city_.borders.push_back({u - static_cast<UnitIndex>(wide), u, 120 + random_.unit(), passable()});
        city_.walks.push_back(make_walks(x, y));
      }
    }
    for (std::size_t i = 0; i < city_.units.size() / 20 + 2; ++i) {
      CityHousing housing;
      housing.project.id = numbered('H', i);
      housing.project.completion_year = 2020 + static_cast<int>(random_.below(12));
      housing.unit = i == 0 ? kNoUnit : random_.below(static_cast<std::uint32_t>(city_.units.size()));
      city_.housing.push_back(std::move(housing));
    }
  }

  // To the primary schools of the blocks around, and all juniors of these; one unit in forty has no known place.
  std::shared_ptr<const engine::planning::UnitWalks> make_walks(int x, int y) {
    using namespace engine::planning;
    if (random_.below(40) == 0) return nullptr;
    auto walks = std::make_shared<UnitWalks>();
    const int bx = x / world_.wide, by = y / world_.high, reach = 2;
    const auto add = [&](std::uint32_t school, int block_x, int block_y) {
      const int dx = std::abs(x - block_x * world_.wide - world_.wide / 2);
      const int dy = std::abs(y - block_y * world_.high - world_.high / 2);
      UnitWalk walk;
      walk.school = school;
      walk.length_mm = static_cast<std::uint32_t>(dx + dy) * 120'000 + random_.below(150'000);
      walk.trunk_roads = static_cast<std::uint16_t>(random_.below(3) / 2);
      walk.rails = static_cast<std::uint16_t>(random_.below(9) / 8);
      walk.rivers = static_cast<std::uint16_t>(random_.below(7) / 6);
      if (random_.below(50) == 0) walk.way = geo::Way::straight;
      walks->push_back(walk);
    };
    for (int j = std::max(0, by - reach); j <= std::min(world_.blocks_high - 1, by + reach); ++j) {
      for (int i = std::max(0, bx - reach); i <= std::min(world_.blocks_wide - 1, bx + reach); ++i) {
        const auto block = static_cast<std::uint32_t>(j * world_.blocks_wide + i);
        add(block, i, j);
        if (std::ranges::find(*walks, junior_of(block), &UnitWalk::school) == walks->end()) add(junior_of(block), i, j);
      }
    }
    std::ranges::sort(*walks, {}, &UnitWalk::school);
    return walks;
  }

  void add_figures() {
    using namespace engine::planning;
    const std::size_t years = world_.years;
    for (std::size_t u = 0; u < city_.units.size(); ++u) {
      for (StageIndex k = 0; k < 2; ++k) {
        const std::uint32_t usual = 4 * 65'536 + random_.below(5 * 65'536);
        for (std::size_t y = 0; y < years; ++y)
          city_.children.push_back(random_.below(30) == 0 ? 0 : static_cast<ChildParts>(usual + random_.below(65'536)));
        city_.rezoned_before.push_back(static_cast<std::uint8_t>(random_.below(5) / 3));
      }
    }
    for (std::size_t s = 0; s < city_.schools.size(); ++s) {
      for (StageIndex k = 0; k < 2; ++k) {
        const bool teaches = city_.schools[s].offers[k].to > 0;
        const int blocks_of = k == 0 ? 1 : world_.blocks_of_junior;
        const int classes =
            std::max(1, world_.wide * world_.high * blocks_of * 7 / 45 + static_cast<int>(random_.below(2)));
        for (std::size_t y = 0; y < years; ++y) {
          EntrySeats seats;
          if (teaches) seats = {classes * 45, classes, 45, classes, random_.below(200) != 0};
          city_.seats.push_back(seats);
        }
      }
    }
  }

  void add_demand();

  LiveWorld world_;
  engine::planning::PlanRandom random_;
  engine::planning::PlanCity city_;
};

inline void LiveCity::add_demand() {
  using namespace engine::demand;
  DemandInput in;
  const int last = city_.base_year;
  for (std::size_t s = 0; s < city_.schools.size(); ++s) {
    const bool primary = s < blocks();
    in.schools.push_back(
        {city_.schools[s].id, "", "D", {primary ? engine::Stage::primary : engine::Stage::junior}, "open", "public"});
    if (primary && world_.feeders)
      in.feeders.push_back(
          {city_.schools[s].id, city_.schools[junior_of(static_cast<std::uint32_t>(s))].id, last, 1, ""});
    const int usual = world_.wide * world_.high * 7 * (primary ? 1 : world_.blocks_of_junior);
    for (int year = last - 5; year <= last; ++year) {
      for (int grade = primary ? 1 : 7; grade <= (primary ? 6 : 9); ++grade)
        in.enrolment.push_back(
            {city_.schools[s].id, year, grade, usual / 40 + 1, usual + static_cast<int>(random_.below(10))});
    }
  }
  for (engine::planning::UnitIndex u = 0; u < city_.units.size(); ++u) {
    in.units.push_back({city_.units[u].id, "D"});
    in.assignment.push_back({city_.units[u].id, city_.schools[block_of(u)].id, engine::Stage::primary, last, 1});
    in.assignment.push_back(
        {city_.units[u].id, city_.schools[junior_of(block_of(u))].id, engine::Stage::junior, last, 1});
    for (int year = last - 5; year <= last; ++year) {
      for (int age = 0; age <= 12; ++age)
        in.children.push_back({city_.units[u].id, year, age, 5 + static_cast<int>(random_.below(5))});
    }
  }
  FitOptions options;
  options.calibrate = false;
  auto sources = std::make_shared<engine::planning::CitySources>();
  sources->demand = std::make_shared<const DemandModel>(fit(CityHistory::make(in, {}), options));
  for (std::uint32_t u = 0; u < city_.units.size(); ++u)
    sources->demand_unit.push_back(*sources->demand->history.find_unit(city_.units[u].id));
  city_.sources = std::move(sources);
}

// A unit at the border of a zone goes over to a neighbour's schools, in one stage, from some year on; now and then to
// any school, for zones that only swallow one another end as one.
inline engine::planning::AnswerEdit random_move(const engine::planning::CityPlan& plan,
                                                engine::planning::PlanRandom& random) {
  using namespace engine::planning;
  const PlanCity& city = plan.city();
  for (;;) {
    const UnitIndex u = random.below(static_cast<std::uint32_t>(city.units.size()));
    const StageIndex k = random.below(2);
    const YearIndex y = random.below(static_cast<std::uint32_t>(city.years));
    const auto near = city.neighbours(u);
    AnswerIndex answer = plan.answer(near[random.below(static_cast<std::uint32_t>(near.size()))].unit, k, y);
    if (random.below(8) == 0) answer = random.below(static_cast<std::uint32_t>(city.schools.size()));
    if (answer == kNobody || answer == plan.answer(u, k, y)) continue;
    if (answer < kFirstSet && !city.schools[answer].offers[k].open(y)) continue;
    return {u, k, y, static_cast<YearIndex>(city.years), answer};
  }
}

}  // namespace catchment::testing
