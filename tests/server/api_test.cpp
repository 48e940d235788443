#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "datasets/city_names.hpp"
#include "datasets/package_writer.hpp"
#include "datasets/synth/tessellation.hpp"
#include "geo/input_error.hpp"
#include "server/access/permissions.hpp"
#include "server/api/city_service.hpp"
#include "server/api/json_text.hpp"
#include "server/api/query.hpp"
#include "server/api/routes.hpp"
#include "server/api/site.hpp"
#include "server/tiles/tile_cache.hpp"

namespace catchment::api {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

// A package of nine zones in a folder of its own.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("catchment-api-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

void write_package(const std::filesystem::path& path, std::uint64_t seed) {
  datasets::PackageWriter writer(path, datasets::PackageWriter::Start::empty);
  writer.set_source("test");
  writer.set_meta("city", "示例市");
  writer.set_meta("synthetic", "yes");
  const auto map = datasets::synth::make_tessellation(3, seed);
  for (std::size_t i = 0; i < map.zones.size(); ++i) {
    const std::string number = std::to_string(i);
    engine::Zone zone;
    zone.id = std::string("Z").append(number);
    zone.layer.school_year = 2024;
    zone.name = std::string("第").append(number).append("片区");
    zone.school_ids = {std::string("S").append(number)};
    zone.notice_id = i == 0 ? "" : "N";
    zone.shape = map.zones[i];
    writer.add(zone);
    writer.add(engine::School{
        zone.school_ids[0], std::string("学校").append(number), {engine::Stage::primary}, "open", "public"});
    writer.add(engine::Campus{std::string("C").append(number), zone.school_ids[0], "", map.zones[i][0].shell[0]});
  }
  writer.add(engine::Notice{"N", "公告", "教育局", "2024-04-01", "", ""});
  writer.commit();
}

struct Api : testing::Test {
  static void SetUpTestSuite() {
    folder = std::make_unique<Folder>();
    write_package(*folder / "city.gpkg", 1);
    city = std::make_unique<CityService>(open_city({*folder / "city.gpkg", "", 1u << 20}, [](const std::string&) {}));
  }
  static void TearDownTestSuite() {
    city.reset();
    folder.reset();
  }
  static http::Response get(const std::string& path, http::Query query = {}) {
    http::Request request;
    request.method = "GET";
    request.path = path;
    request.query = std::move(query);
    return answer_api(*city, nullptr, request).value();
  }
  static std::unique_ptr<Folder> folder;
  static std::unique_ptr<CityService> city;
};
std::unique_ptr<Folder> Api::folder;
std::unique_ptr<CityService> Api::city;

json read_document() {
  std::ifstream in(CATCHMENT_SOURCE_DIR "/server/api/openapi.json");
  return json::parse(in);
}

TEST_F(Api, RoutesAndDocumentNameTheSamePathsAndActions) {
  std::set<std::string> documented, routed, ids;
  const json document = read_document();
  for (const auto& [path, methods] : document.at("paths").items()) {
    for (const auto& [method, operation] : methods.items()) {
      documented.insert(method + " " + path + " " + operation.at("x-action").get<std::string>());
      EXPECT_TRUE(ids.insert(operation.at("operationId").get<std::string>()).second) << path;
    }
  }
  for (const Route& route : routes()) {
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(std::tolower(c));
    routed.insert(method + " " + std::string(route.path) + " " + std::string(route.action));
  }
  EXPECT_EQ(documented, routed);
}

// What an operation asks for in the document is what its action's row asks for.
TEST_F(Api, DocumentAndPermissionsAgreeOnWhoMustSignIn) {
  const json document = read_document();
  for (const auto& [path, methods] : document.at("paths").items()) {
    for (const auto& [method, operation] : methods.items()) {
      const std::string name = operation.at("operationId");
      const access::ActionRule* rule = access::find_action(operation.at("x-action").get<std::string>());
      ASSERT_NE(rule, nullptr) << name;
      const json& security = operation.at("security");
      const bool open = security.empty() || security[0].empty();
      EXPECT_EQ(open, !rule->grants[static_cast<std::size_t>(access::Role::anonymous)].empty()) << name;
      const std::string proposal = "#/components/schemas/Proposal";
      EXPECT_EQ(operation.at("responses").dump().find(proposal) != std::string::npos, rule->needs.two_persons) << name;
      if (open || method == "get") continue;
      EXPECT_TRUE(security[0].contains("csrf")) << name;
      const json parameters = operation.value("parameters", json::array());
      const json key{{"$ref", "#/components/parameters/idempotency_key"}};
      const bool changes_nothing = rule->action == "plan.evaluate" || rule->action == "import.check";
      EXPECT_EQ(std::count(parameters.begin(), parameters.end(), key), method == "post" && !changes_nothing ? 1 : 0)
          << name;
    }
  }
}

TEST(Problems, WhoIsToComeAgainIsToldWhen) {
  const auto has_retry = [](int status) {
    const auto headers = problem(status, "code", "", "").headers;
    return std::ranges::any_of(headers, [](const auto& header) { return header.first == "Retry-After"; });
  };
  EXPECT_TRUE(has_retry(503));
  EXPECT_FALSE(has_retry(404));
}

TEST_F(Api, LookupAnswersPerLayerWithTheEvidence) {
  const auto body = json::parse(get("/v1/lookup", {{"lon", "110.5"}, {"lat", "33.5"}}).body);
  ASSERT_EQ(body["layers"].size(), 1u);
  const auto& layer = body["layers"][0];
  EXPECT_EQ(layer["layer"], "primary/2024/general");
  EXPECT_EQ(layer["status"], "inside");
  const engine::Match match = city->layers[0].layer.match({1'105'000'000, 335'000'000});
  const auto& zone = layer["zones"].at(0);
  EXPECT_EQ(zone["id"], city->layers[0].layer.zones()[match.zones[0].zone].id);
  EXPECT_NEAR(zone["margin_m"].get<double>(), match.zones[0].margin_m, 0.005);
  EXPECT_EQ(zone["schools"][0]["campuses"].size(), 1u);
  EXPECT_EQ(zone["notice"]["bureau"], "教育局");
}

TEST_F(Api, AnswersOfWhereSomebodyLivesAreNotKept) {
  const http::Response response = get("/v1/lookup", {{"lon", "110.5"}, {"lat", "33.5"}});
  EXPECT_THAT(response.headers, testing::Contains(testing::Pair("Cache-Control", "no-store")));
}

TEST_F(Api, ZonesKeepTheirVerticesAndTurnAsGeoJsonWants) {
  const auto body = json::parse(get("/v1/zones", {{"layer", "primary/2024"}}).content->plain);
  ASSERT_EQ(body["features"].size(), 9u);
  for (const auto& feature : body["features"]) {
    const auto& ring = feature["geometry"]["coordinates"][0][0];
    EXPECT_EQ(ring.front(), ring.back());
    double area = 0;
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
      area += ring[i][0].get<double>() * ring[i + 1][1].get<double>() -
              ring[i + 1][0].get<double>() * ring[i][1].get<double>();
    }
    EXPECT_GT(area, 0);
  }
}

TEST_F(Api, TilesAreCachedAndKeptForeverOnlyUnderTheirVersion) {
  const std::string path = "/v1/tiles/primary/2024/general/10/826/410.mvt";
  const http::Response first = get(path), second = get(path, {{"v", city->layers[0].version}}),
                       other = get(path, {{"v", "x"}});
  EXPECT_EQ(first.content, second.content);
  EXPECT_GT(first.content->plain.size(), 100u);
  EXPECT_THAT(second.headers, ElementsAre(testing::Pair("Cache-Control", HasSubstr("immutable"))));
  EXPECT_THAT(other.headers, ElementsAre(testing::Pair("Cache-Control", "no-cache")));
}

TEST_F(Api, TilesHaveWholeAddressesInTileJsonAndStyleWhereTheServiceKnowsItsOwn) {
  const auto ask = [](const std::string& path, http::Query query, const std::string& base_url) {
    http::Request request;
    request.method = "GET";
    request.path = path;
    request.query = std::move(query);
    request.base_url = base_url;
    return json::parse(answer_api(*city, nullptr, request).value().content->plain);
  };
  const std::string tile_json = "/v1/tiles/primary/2024/general.json";
  for (const std::string base : {"", "https://catchment.example"}) {
    const json tiles = ask(tile_json, {}, base);
    const std::string address = tiles["tiles"][0];
    EXPECT_EQ(address, base + "/v1/tiles/primary/2024/general/{z}/{x}/{y}.mvt?v=" + city->layers[0].version);
    const json style = ask("/v1/style.json", {{"layer", "primary/2024"}}, base);
    const json& source = style["sources"]["zones"];
    for (const char* member : {"tiles", "minzoom", "maxzoom", "bounds"}) EXPECT_EQ(source[member], tiles[member]);
    std::set<std::string> map_layers;
    for (const json& layer : tiles["vector_layers"]) map_layers.insert(layer["id"]);
    for (const json& layer : style["layers"]) {
      if (layer["type"] == "background") continue;
      EXPECT_EQ(layer["source"], "zones");
      EXPECT_TRUE(map_layers.contains(layer["source-layer"])) << layer["id"];
    }
  }
  EXPECT_EQ(get("/v1/style.json").status, 400);
  EXPECT_EQ(get("/v1/style.json", {{"layer", "primary/1999"}}).status, 404);
}

// The viewer paints by the same colours as maps elsewhere.
TEST(MapStyle, FillsAreTheViewers) {
  const auto text_of = [](const char* path) {
    std::ifstream in(path);
    return std::string((std::istreambuf_iterator<char>(in)), {});
  };
  const std::string viewer = text_of(CATCHMENT_SOURCE_DIR "/viewer/src/map/style.ts");
  const json layers = json::parse(text_of(CATCHMENT_SOURCE_DIR "/server/api/map_layers.json"));
  const json& match = layers.at(1).at("paint").at("fill-color");
  std::size_t at = viewer.find("FILLS = [");
  for (int colour = 0; colour < tiles::kColours; ++colour) {
    EXPECT_EQ(match.at(static_cast<std::size_t>(2 + 2 * colour)), colour);
    at = viewer.find("'" + match.at(static_cast<std::size_t>(3 + 2 * colour)).get<std::string>() + "'", at);
    EXPECT_NE(at, std::string::npos) << colour;
  }
}

TEST_F(Api, AnUnknownPathOutsideTheApiIsLeftToTheSite) {
  http::Request request;
  request.method = "GET";
  request.path = "/index.html";
  EXPECT_FALSE(answer_api(*city, nullptr, request).has_value());
}

TEST_F(Api, ASnapshotIsUsedOnlyForItsOwnPackage) {
  std::vector<engine::ZoneLayer> layers;
  for (const ServedLayer& served : city->layers) layers.push_back(served.layer);
  geo::SnapshotWriter writer;
  engine::save_layers(layers, writer);
  datasets::save_names(*city->names, datasets::CityPackage::open(*folder / "city.gpkg"), writer);
  writer.write(*folder / "city.snapshot");
  std::string said;
  const auto say = [&](const std::string& line) { said += line; };
  const CityService own = open_city({*folder / "city.gpkg", *folder / "city.snapshot", 1}, say);
  EXPECT_TRUE(own.from_snapshot);
  EXPECT_TRUE(own.names_from_snapshot);
  EXPECT_EQ(said, "");
  write_package(*folder / "other.gpkg", 2);
  EXPECT_FALSE(open_city({*folder / "other.gpkg", *folder / "city.snapshot", 1}, say).from_snapshot);
  EXPECT_THAT(said, HasSubstr("not of this package"));
  std::filesystem::resize_file(*folder / "city.snapshot", 1000);
  EXPECT_FALSE(open_city({*folder / "city.gpkg", *folder / "city.snapshot", 1}, say).from_snapshot);
  EXPECT_THAT(said, HasSubstr("cannot be used"));
}

TEST(Parameters, NumbersArePlainDecimalsInRange) {
  const auto read = [](const std::string& text) { return Parameters({{"n", text}}, {"n"}).find_number("n", -10, 10); };
  EXPECT_EQ(read("-1.5"), -1.5);
  for (const char* bad :
       {"", " 1", "1 ", "+1", "nan", "inf", "-inf", "1e1", "0x1", "1,5", "11", "-10.0001", "1.5.2", "١"}) {
    EXPECT_THROW(read(bad), InputError) << bad;
  }
  EXPECT_EQ(find_count("0", 5), 0u);
  for (const char* bad : {"", "01", "-1", "6", "1.0", "99999999999"}) EXPECT_FALSE(find_count(bad, 5)) << bad;
}

TEST(JsonText, EveryByteIsWrittenAsTheLibraryWritesIt) {
  for (int c = 0; c < 256; ++c) {
    const std::string text = std::string("a") + static_cast<char>(c) + "z";
    EXPECT_EQ(json_string(text), nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
}

TEST(JsonText, DegreesAreExactAndMetresToACentimetre) {
  const auto degrees = [](std::int32_t units) {
    std::string out;
    append_degrees(out, units);
    return out;
  };
  EXPECT_EQ(degrees(1'105'000'000), "110.5");
  EXPECT_EQ(degrees(-1), "-0.0000001");
  EXPECT_EQ(degrees(0), "0");
  const auto metres = [](double m) {
    std::string out;
    append_metres(out, m);
    return out;
  };
  EXPECT_EQ(metres(0.005), "0.01");
  EXPECT_EQ(metres(12.3), "12.3");
  EXPECT_EQ(metres(1000), "1000");
  EXPECT_EQ(json_string("a\"\n\xff"), "\"a\\\"\\n\xef\xbf\xbd\"");
}

TEST(Site, ServesWhatWasThereAndNothingElse) {
  const Folder folder;
  EXPECT_THROW(Site::open(folder / ""), InputError);
  std::filesystem::create_directories(folder / "assets");
  std::ofstream(folder / "index.html") << "<!doctype html>";
  std::ofstream(folder / "assets/a.js") << "1";
  std::filesystem::create_symlink("/etc/passwd", folder / "passwd");
  const Site site = Site::open(folder / "");
  const auto get = [&](const std::string& path) {
    http::Request request;
    request.method = "GET";
    request.path = path;
    return site.answer(request);
  };
  EXPECT_EQ(get("/")->content->type, "text/html; charset=utf-8");
  EXPECT_EQ(get("/assets/a.js")->content->type, "text/javascript; charset=utf-8");
  EXPECT_THAT(get("/")->headers,
              testing::Contains(testing::Pair("Content-Security-Policy", HasSubstr("default-src 'none'"))));
  for (const char* path : {"/passwd", "/../etc/passwd", "/assets", "/assets/", "//index.html", ""})
    EXPECT_FALSE(get(path)) << path;
}

TEST(TileCache, IsBoundedByBytesAndForgetsTheOldest) {
  tiles::TileCache cache(2000);
  int made = 0;
  const auto make = [&] {
    ++made;
    return http::make_content("", std::string(500, 'x'), false);
  };
  for (const std::uint64_t key : {1u, 2u, 1u, 3u, 1u, 2u}) cache.get(key, make);
  EXPECT_EQ(made, 4);  // 2 was forgotten for 3, 1 was used in between
  EXPECT_LE(cache.size_bytes(), 2000u);
  cache.get(9, [] { return http::make_content("", std::string(5000, 'x'), false); });
  EXPECT_LE(cache.size_bytes(), 2000u);
}

}  // namespace
}  // namespace catchment::api
