// Published layers through the real binary; what the package then holds is compared with expected.txt.
#include <gtest/gtest.h>

#include <iostream>
#include <sstream>

#include "datasets/city_package.hpp"
#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using testing::read_file;
using testing::run_catchment;
using testing::TempDir;
using testing::write_file;

const std::filesystem::path kGolden = std::filesystem::path(CATCHMENT_SOURCE_DIR) / "tests/golden";

void describe(std::ostream& out, const geo::MultiPolygon& shape) {
  std::size_t rings = 0;
  std::size_t vertices = 0;
  __int128 area = 0;
  geo::for_each_ring(shape, [&](const geo::Ring& ring) {
    ++rings;
    vertices += ring.size();
    area += geo::signed_area_twice(ring);
  });
  const geo::Box box = geo::bounding_box(shape);
  out << " parts " << shape.size() << " rings " << rings << " vertices " << vertices << " area2 "
      << static_cast<std::int64_t>(area) << " box " << box.min.lon << ' ' << box.min.lat << ' ' << box.max.lon << ' '
      << box.max.lat << '\n';
}

std::string describe(const datasets::CityPackage& package) {
  std::ostringstream out;
  for (const auto& [key, value] : package.meta()) out << "meta " << key << ": " << value << '\n';
  for (const engine::LayerKey& layer : package.layers()) {
    for (const engine::Zone& zone : package.zones(layer)) {
      out << "zone " << to_text(layer) << " | " << zone.id << " | ";
      for (const std::string& school : zone.school_ids) out << school << ',';
      describe(out, zone.shape);
    }
  }
  for (const engine::School& school : package.schools()) {
    out << "school " << school.id << " | " << school.name << " |";
    for (const engine::Stage stage : school.stages) out << ' ' << to_word(stage);
    out << '\n';
  }
  for (const engine::Campus& campus : package.campuses()) {
    out << "campus " << campus.id << ' ' << campus.position.lon << ' ' << campus.position.lat << '\n';
  }
  for (const engine::Unit& unit : package.units()) {
    out << "unit " << unit.id;
    describe(out, unit.shape);
  }
  return out.str();
}

void expect_golden(const TempDir& dir, const std::filesystem::path& expected) {
  const std::string found = describe(datasets::CityPackage::open(dir / "city.gpkg"));
  if (std::getenv("CATCHMENT_BLESS") != nullptr) write_file(expected, found);
  EXPECT_EQ(found, read_file(expected)) << "CATCHMENT_BLESS=1 rewrites " << expected;
}

void import(const TempDir& dir, const std::filesystem::path& file, const std::string& mapping,
            const std::string& options) {
  const auto outcome = run_catchment(dir, "import city.gpkg '" + file.string() + "' --mapping '" +
                                              (kGolden / "mappings" / mapping).string() + "' --strict " + options);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
}

TEST(ImportGolden, Seattle) {
  const TempDir dir;
  const auto folder = kGolden / "seattle";
  import(dir, folder / "sps_school_site_2015_2016.geojson", "seattle_schools.json", "--crs EPSG:4326");
  import(dir, folder / "sps_attendance_area_ES.geojson", "seattle_zones.json",
         "--crs EPSG:4326 --set level=ES --set stage=primary");
  import(dir, folder / "sps_attendance_area_MS.geojson", "seattle_zones.json",
         "--crs EPSG:4326 --set level=MS --set stage=junior");
  import(dir, folder / "sps_attendance_area_HS.geojson", "seattle_zones.json",
         "--crs EPSG:4326 --set level=HS --set stage=senior");
  expect_golden(dir, folder / "expected.txt");
}

TEST(ImportGolden, Denver) {
  const TempDir dir;
  import(dir, kGolden / "denver/DenverCo_precincts2016_orig.zip", "denver_units.json",
         "--crs file --set id_field=NAMELSAD");
  expect_golden(dir, kGolden / "denver/expected.txt");
}

}  // namespace
}  // namespace catchment
