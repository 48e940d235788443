#include <gtest/gtest.h>

#include "geo/projection.hpp"
#include "tests/datasets/synth/made_city.hpp"
#include "tests/geo/street_network/package_streets.hpp"

namespace catchment::geo {
namespace {

TEST(CityStreets, InAMadeCityNearlyEveryUnitWalksToASchoolAndNoneShorterThanStraight) {
  datasets::synth::SynthOptions options;
  options.schools = 40;
  options.years = 1;
  options.addresses = 0;
  const datasets::synth::MadeCity city(options);
  const test::PackageStreets package(city.open(), true);
  const StreetNetwork network = package.build();
  const NetworkFigures& figures = network.figures();
  EXPECT_GT(figures.components.at(0).length_m, 0.99 * figures.length_m);
  EXPECT_GT(figures.passages[static_cast<std::size_t>(BarrierKind::river)], 0u);
  EXPECT_GT(figures.passages[static_cast<std::size_t>(BarrierKind::rail)], 0u);
  EXPECT_GT(figures.passages[static_cast<std::size_t>(BarrierKind::trunk_road)], 100u);

  SnapOptions snapping;
  snapping.limit_m = 1000;
  const std::vector<Snap> units = network.snap(package.units, snapping);
  std::vector<std::vector<Snap>> schools;
  for (const auto& gates : package.gates) schools.push_back(network.snap(gates, snapping));
  WalkOptions walking;
  walking.max_m = 50'000;
  const WalkTable table = network.walks(schools, units, walking);
  std::size_t reaching = 0;
  std::size_t over_rivers = 0;
  for (std::size_t u = 0; u < units.size(); ++u) {
    bool reaches = false;
    for (std::size_t s = 0; s < schools.size(); ++s) {
      const Walk walk = table.get(s, u);
      if (walk.way != Way::walked) continue;
      reaches = true;
      over_rivers += walk.crossings.river > 0;
      double straight = HUGE_VAL;
      for (const Snap& gate : schools[s]) straight = std::min(straight, geodesic_length_m(gate.from, units[u].from));
      ASSERT_GE(walk.distance_m + 1e-3, straight);
    }
    reaching += reaches;
  }
  EXPECT_GT(static_cast<double>(reaching), 0.99 * static_cast<double>(units.size()));
  EXPECT_GT(over_rivers, units.size());
}

}  // namespace
}  // namespace catchment::geo
