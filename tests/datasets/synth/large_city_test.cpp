// Minutes rather than seconds: ctest -L nightly.
#include <gtest/gtest.h>

#include "tests/datasets/synth/made_city.hpp"
#include "tests/datasets/synth/tiling.hpp"

namespace catchment::datasets::synth {
namespace {

TEST(SynthSize, TwoThousandSchoolsTile) {
  SynthOptions options;
  options.seed = 7;
  options.schools = 2000;
  options.addresses = 100'000;
  const MadeCity made(options);
  const CityPackage package = made.open();
  EXPECT_EQ(package.schools().size(), 2000u);
  std::vector<geo::MultiPolygon> units;
  for (const engine::Unit& unit : package.units()) units.push_back(unit.shape);
  ASSERT_EQ(find_tiling_fault(units), "");
  const Rim rim = rim_of(units);
  for (const engine::LayerKey& layer : package.layers()) {
    std::vector<geo::MultiPolygon> zones;
    for (const engine::Zone& zone : package.zones(layer)) zones.push_back(zone.shape);
    EXPECT_EQ(find_tiling_fault(zones, rim), "") << to_text(layer);
  }
}

}  // namespace
}  // namespace catchment::datasets::synth
