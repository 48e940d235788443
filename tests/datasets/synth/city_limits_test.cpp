// What may be asked of a made-up city, and that its content is pinned.
#include <gtest/gtest.h>

#include <cmath>

#include "datasets/synth/city.hpp"
#include "geo/input_error.hpp"
#include "tests/datasets/synth/made_city.hpp"
#include "tests/datasets/synth/tiling.hpp"

namespace catchment::datasets::synth {
namespace {

using engine::LayerKey;
using engine::Stage;

// The same arguments give the same city under any compiler and optimisation: a change of this number is a change of
// every made-up city, to be meant and to be said in the CHANGELOG.
TEST(SynthContent, IsPinned) {
  const MadeCity made(of_three());
  const CityPackage package = made.open();
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  const auto mix = [&](const std::string& text) {
    for (const char c : text + "\n") hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  };
  const auto mix_point = [&](geo::Point p) { mix(std::to_string(p.lon) + " " + std::to_string(p.lat)); };
  const auto mix_shape = [&](const geo::MultiPolygon& shape) {
    geo::for_each_ring(shape, [&](const geo::Ring& ring) {
      for (const geo::Point p : ring) mix_point(p);
    });
  };
  for (const engine::Unit& unit : package.units()) mix(unit.name), mix_shape(unit.shape);
  for (const LayerKey& layer : package.layers()) {
    for (const engine::Zone& zone : package.zones(layer)) mix(zone.name), mix_shape(zone.shape);
  }
  for (const engine::Line& street : package.streets()) {
    mix(street.name + street.kind);
    for (const geo::Point p : street.shape) mix_point(p);
  }
  for (const engine::Place& place : package.places()) mix(place.kind + place.name + place.parent_id);
  for (const engine::Alias& alias : package.aliases()) mix(alias.name + alias.alias + alias.relation);
  for (const engine::UnitChildren& row : package.unit_children()) mix(std::to_string(row.children));
  for (const engine::Births& row : package.births()) mix(std::to_string(row.births));
  for (const engine::Enrolment& row : package.enrolment()) mix(row.school_id + std::to_string(row.pupils));
  for (const engine::Intake& row : package.intake()) mix(row.stream + std::to_string(row.pupils));
  for (const engine::SurveyCount& row : package.survey_counts()) mix(std::to_string(row.children));
  for (const engine::Housing& row : package.housing()) mix(row.kind + std::to_string(row.dwellings));
  for (const engine::CampusRooms& row : package.rooms()) mix(row.campus_id + std::to_string(row.rooms));
  package.for_each_address([&](const engine::Address& row) {
    mix(row.text);
    if (row.position) mix_point(*row.position);
    return true;
  });
  EXPECT_EQ(hash, 11380839078740211831u);
}

TEST(SynthSize, ThreeSchoolsAreACity) {
  const MadeCity made(of_three());
  const CityPackage package = made.open();
  EXPECT_EQ(package.schools().size(), 3u);
  EXPECT_EQ(package.zones({Stage::primary, kLastYear, "general"}).size(), 2u);
  EXPECT_EQ(package.zones({Stage::junior, kLastYear, "general"}).size(), 1u);
  EXPECT_EQ(package.address_count(), 1500);
}

TEST(SynthSize, SeveralSizesAndSeedsTile) {
  for (const int schools : {4, 7, 11, 25}) {
    SynthOptions options;
    options.seed = static_cast<std::uint64_t>(schools);
    options.schools = schools;
    options.addresses = 500;
    options.years = 3;
    const MadeCity made(options);
    const CityPackage package = made.open();
    EXPECT_EQ(package.schools().size(), static_cast<std::size_t>(schools));
    const Rim rim = rim_of(shapes_of(package.units()));
    for (const LayerKey& layer : package.layers()) {
      EXPECT_EQ(find_tiling_fault(shapes_of(package.zones(layer)), rim), "") << schools << " " << to_text(layer);
    }
  }
}

TEST(SynthArguments, NoAddressesIsFine) {
  SynthOptions options = of_three();
  options.addresses = 0;
  EXPECT_EQ(MadeCity(options).summary.addresses, 0);
}

TEST(SynthArguments, AbsurdOnesAreRefusedByName) {
  const auto refused = [](auto&& change) {
    SynthOptions options;
    change(options);
    try {
      check(options);
    } catch (const InputError& e) {
      return e.code + " " + e.where;
    }
    return std::string("accepted");
  };
  for (const int schools : {-1, 0, 2, 5001}) {
    EXPECT_EQ(refused([&](SynthOptions& o) { o.schools = schools; }), "synth_argument --schools");
  }
  for (const std::int64_t children : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{10}, std::int64_t{1} << 60}) {
    EXPECT_EQ(refused([&](SynthOptions& o) { o.children = children; }), "synth_argument --children");
  }
  for (const std::int64_t addresses : {std::int64_t{-1}, std::int64_t{50'000'001}}) {
    EXPECT_EQ(refused([&](SynthOptions& o) { o.addresses = addresses; }), "synth_argument --addresses");
  }
  for (const int years : {-1, 0, 7}) {
    EXPECT_EQ(refused([&](SynthOptions& o) { o.years = years; }), "synth_argument --years");
  }
  for (const geo::Degrees centre : {geo::Degrees{200, 0}, geo::Degrees{0, 89}, geo::Degrees{0, std::nan("")}}) {
    EXPECT_EQ(refused([&](SynthOptions& o) { o.centre = centre; }), "synth_argument --centre");
  }
}

TEST(SynthArguments, CancellingStopsEarly) {
  const std::filesystem::path path = std::filesystem::temp_directory_path() / "catchment_synth_cancelled.gpkg";
  PackageWriter writer(path, PackageWriter::Start::empty);
  EXPECT_EQ(write_city(of_three(), writer, [] { return true; }).addresses, 0);
}

}  // namespace
}  // namespace catchment::datasets::synth
