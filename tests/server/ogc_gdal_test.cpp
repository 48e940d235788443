// The running service read by GDAL's OAPIF driver, as QGIS users and scripts read it: what arrives is the package.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <thread>

#include "datasets/city_package.hpp"
#include "tests/datasets/program.hpp"
#include "tests/server/geojson_shapes.hpp"
#include "tests/server/process.hpp"
#include "tests/support/box_meets.hpp"

namespace catchment::testing {
namespace {

using nlohmann::json;

class OgcGdal : public ::testing::Test {
 protected:
  // The sample city of run.sh, and a service on it.
  static void SetUpTestSuite() {
    dir = std::make_unique<TempDir>();
    ASSERT_EQ(run_catchment(*dir, "synth made-up.gpkg --seed 1 --schools 24 --children 20000").exit_code, 0);
    const Outcome imported = run_catchment(*dir, "import sample.gpkg made-up.gpkg --mapping " CATCHMENT_SOURCE_DIR
                                                 "/datasets/mappings/city_package.json --crs file");
    ASSERT_EQ(imported.exit_code, 0) << imported.err;
    package = std::make_unique<datasets::CityPackage>(datasets::CityPackage::open(*dir / "sample.gpkg"));
    const std::string log = (*dir / "service.log").string();
    service = std::make_unique<Process>(
        std::vector<std::string>{CATCHMENT_SERVICE, "--package", (*dir / "sample.gpkg").string(), "--port", "0",
                                 "--threads", "2"},
        log);
    const std::string mark = "Listening on ";
    for (std::string said; url.empty(); said = read_file(log)) {
      ASSERT_TRUE(service->running()) << said;
      const std::size_t at = said.find(mark), end = said.find('\n', at);
      if (at != std::string::npos && end != std::string::npos)
        url = said.substr(at + mark.size(), end - at - mark.size()) + "ogc";
      std::this_thread::yield();
    }
  }
  static void TearDownTestSuite() {
    if (service) {
      service->signal(SIGTERM);
      EXPECT_EQ(service->wait(), 0);
    }
    service.reset();
    package.reset();
    dir.reset();
    url.clear();
  }

  static Outcome gdal(const std::string& command) { return run_command(*dir, "no_proxy=127.0.0.1 " + command); }
  // A layer's features by id, through the driver.
  static std::map<std::string, json> read_layer(const std::string& layer, const std::string& options = "") {
    std::filesystem::remove(*dir / "layer.json");
    const Outcome done =
        gdal("ogr2ogr -f GeoJSON -lco RFC7946=NO -lco COORDINATE_PRECISION=9 layer.json 'OAPIF:" + url + "' '" + layer +
             "' " + options);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    std::map<std::string, json> features;
    const json read = json::parse(read_file(*dir / "layer.json"));
    for (const json& feature : read["features"]) {
      EXPECT_TRUE(features.emplace(feature["properties"]["id"], feature).second) << "twice";
    }
    return features;
  }
  static std::string layer_id(const engine::LayerKey& key) {
    return "zones-" + std::string(engine::to_word(key.stage)) + "-" + std::to_string(key.school_year) + "-" + key.kind;
  }

  static std::unique_ptr<TempDir> dir;
  static std::unique_ptr<datasets::CityPackage> package;
  static std::unique_ptr<Process> service;
  static std::string url;
};
std::unique_ptr<TempDir> OgcGdal::dir;
std::unique_ptr<datasets::CityPackage> OgcGdal::package;
std::unique_ptr<Process> OgcGdal::service;
std::string OgcGdal::url;

// What the driver makes of a text that is not there: null, or no member where it is so in every feature.
std::string text_of(const json& properties, const char* name) {
  return properties.contains(name) && !properties[name].is_null() ? properties[name].get<std::string>() : "";
}

TEST_F(OgcGdal, OgrinfoListsEveryLayerWithItsCount) {
  const Outcome listed = gdal("ogrinfo -ro -so -al 'OAPIF:" + url + "'");
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  std::map<std::string, std::size_t> want{{"schools", package->schools().size()},
                                          {"campuses", package->campuses().size()},
                                          {"units", package->units().size()}};
  for (const engine::LayerKey& key : package->layers()) want[layer_id(key)] = package->zones(key).size();
  for (const auto& [layer, count] : want) {
    const std::size_t at = listed.out.find("Layer name: " + layer + "\n");
    ASSERT_NE(at, std::string::npos) << layer;
    const std::size_t line = listed.out.find("Feature Count: ", at);
    EXPECT_EQ(listed.out.substr(line, listed.out.find('\n', line) - line), "Feature Count: " + std::to_string(count));
  }
}

TEST_F(OgcGdal, ZonesReadThroughItArePackages) {
  for (const engine::LayerKey& key : package->layers()) {
    const auto zones = package->zones(key);
    const auto features = read_layer(layer_id(key));  // pages of ten
    ASSERT_EQ(features.size(), zones.size());
    for (const engine::Zone& zone : zones) {
      const json& feature = features.at(zone.id);
      const json& properties = feature["properties"];
      EXPECT_EQ(shape_of(feature["geometry"]), turned_rings(zone.shape)) << zone.id;
      EXPECT_EQ(text_of(properties, "name"), zone.name);
      EXPECT_EQ(properties["school_ids"], zone.school_ids);
      EXPECT_EQ(properties["school_year"], key.school_year);
      EXPECT_EQ(properties["stage"], engine::to_word(key.stage));
      EXPECT_EQ(properties["kind"], key.kind);
      EXPECT_EQ(text_of(properties, "notice_id"), zone.notice_id);
      // Dates come back as the driver's date type writes them.
      for (const auto& [name, want] : {std::pair("valid_from", zone.valid_from), {"valid_to", zone.valid_to}}) {
        std::string got = text_of(properties, name);
        std::replace(got.begin(), got.end(), '/', '-');
        EXPECT_EQ(got, want);
      }
    }
  }
}

TEST_F(OgcGdal, UnitsSchoolsAndCampusesReadThroughItArePackages) {
  const auto units = read_layer("units", "-oo PAGE_SIZE=1000");
  ASSERT_EQ(units.size(), package->units().size());
  for (const engine::Unit& unit : package->units()) {
    EXPECT_EQ(shape_of(units.at(unit.id)["geometry"]), turned_rings(unit.shape));
    EXPECT_EQ(text_of(units.at(unit.id)["properties"], "name"), unit.name);
    EXPECT_EQ(text_of(units.at(unit.id)["properties"], "district_id"), unit.district_id);
  }
  const auto campuses = read_layer("campuses");
  ASSERT_EQ(campuses.size(), package->campuses().size());
  for (const engine::Campus& campus : package->campuses()) {
    EXPECT_EQ(point_of(campuses.at(campus.id)["geometry"]["coordinates"]), campus.position);
    EXPECT_EQ(text_of(campuses.at(campus.id)["properties"], "name"), campus.name);
    EXPECT_EQ(campuses.at(campus.id)["properties"]["school_id"], campus.school_id);
  }
  const auto schools = read_layer("schools");
  ASSERT_EQ(schools.size(), package->schools().size());
  for (const engine::School& school : package->schools()) {
    const json& properties = schools.at(school.id)["properties"];
    EXPECT_EQ(properties["name"], school.name);
    EXPECT_EQ(properties["status"], school.status);
    EXPECT_EQ(properties["ownership"], school.ownership);
    ASSERT_EQ(properties["stages"].size(), school.stages.size());
    for (std::size_t i = 0; i < school.stages.size(); ++i)
      EXPECT_EQ(properties["stages"][i], engine::to_word(school.stages[i]));
  }
}

TEST_F(OgcGdal, ABoxReadsWhatMeetsIt) {
  const engine::LayerKey key = package->layers().front();
  const auto zones = package->zones(key);
  for (const std::size_t i : {std::size_t{0}, zones.size() / 2}) {
    geo::Box box = geo::bounding_box(zones[i].shape);
    box.max = {box.min.lon + (box.max.lon - box.min.lon) / 3, box.min.lat + (box.max.lat - box.min.lat) / 2};
    const geo::Degrees low = geo::to_degrees(box.min), high = geo::to_degrees(box.max);
    std::ostringstream spat;
    spat.precision(12);
    spat << "-spat " << low.lon << " " << low.lat << " " << high.lon << " " << high.lat;
    std::set<std::string> want, got;
    for (const engine::Zone& zone : zones) {
      if (test::meets_box(zone.shape, box)) want.insert(zone.id);
    }
    for (const auto& [id, feature] : read_layer(layer_id(key), spat.str())) got.insert(id);
    EXPECT_EQ(got, want);
    EXPECT_LT(got.size(), zones.size());
  }
}

TEST_F(OgcGdal, APropertyFilterReadsWhatIsEqual) {
  const auto schools = package->schools();
  const auto features = read_layer("schools", "-where \"name = '" + schools.back().name + "'\"");
  std::size_t want = 0;
  for (const engine::School& school : schools) want += school.name == schools.back().name;
  EXPECT_EQ(features.size(), want);
  EXPECT_TRUE(features.contains(schools.back().id));
}

}  // namespace
}  // namespace catchment::testing
