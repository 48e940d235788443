// Addresses and schools over the API: a quarter of which every door is known, zones with shapes, rows of a notice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "datasets/package_writer.hpp"
#include "server/api/city_service.hpp"
#include "server/api/routes.hpp"
#include "tests/support/grid_city.hpp"

namespace catchment::api {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

const engine::LayerKey kLayer{engine::Stage::primary, 2024, "general"};

void write_city(const std::filesystem::path& path) {
  const tests::GridCity city;
  datasets::PackageWriter writer(path, datasets::PackageWriter::Start::empty);
  writer.set_source("test");
  for (const engine::Line& street : city.streets()) writer.add_street(street);
  for (const engine::Line& barrier : city.barriers()) writer.add_barrier(barrier);
  for (const engine::Place& place : city.places()) writer.add(place);
  for (const engine::Address& address : city.addresses()) writer.add(address);
  for (const char* id : {"A", "B", "C"}) {
    writer.add(engine::School{id, std::string(id) + "小学", {engine::Stage::primary}, "open", "public"});
    writer.add(engine::Campus{std::string(id) + "1", id, "", tests::at_metres(100, 100)});
  }
  writer.add(engine::Notice{"N", "划片公告", "教育局", "2024-04-01", "", "00-101"});
  engine::Zone zone;
  zone.id = "Z";
  zone.layer = kLayer;
  zone.school_ids = {"C"};
  zone.shape = city.region_of(tests::GridCity::rectangle(0, 0, 7, 6));
  writer.add(zone);
  const std::pair<const char*, const char*> rows[] = {{"A", "槐荫街（单号）"}, {"B", "槐荫街（双号）"}};
  for (const auto& [school, text] : rows) {
    engine::ZoneRow row;
    row.id = school;
    row.layer = kLayer;
    row.school_id = school;
    row.text = text;
    row.notice_id = "N";
    writer.add(row);
  }
  writer.commit();
}

struct FindApi : testing::Test {
  static void SetUpTestSuite() {
    path = std::filesystem::temp_directory_path() / ("catchment-find-api-" + std::to_string(::getpid()) + ".gpkg");
    write_city(path);
    city = std::make_unique<CityService>(open_city({path, "", 1u << 20}, [](const std::string&) {}));
  }
  static void TearDownTestSuite() {
    city.reset();
    std::filesystem::remove(path);
  }
  static http::Response get(const std::string& where, http::Query query) {
    http::Request request;
    request.method = "GET";
    request.path = where;
    request.query = std::move(query);
    return answer_api(*city, nullptr, request).value();
  }
  static json body(const std::string& where, http::Query query) { return json::parse(get(where, query).body); }
  static json only_layer(http::Query query) { return body("/v1/match", std::move(query)).at("layers").at(0); }

  static std::filesystem::path path;
  static std::unique_ptr<CityService> city;
};
std::filesystem::path FindApi::path;
std::unique_ptr<CityService> FindApi::city;

TEST_F(FindApi, SuggestionsHighlightWhatWasTypedInCharacters) {
  const json list = body("/v1/addresses/suggest", {{"q", "槐荫"}, {"limit", "5"}}).at("suggestions");
  ASSERT_FALSE(list.empty());
  EXPECT_LE(list.size(), 5u);
  EXPECT_NE(list[0].at("text").get<std::string>().find("槐荫"), std::string::npos);
  const json& span = list[0].at("highlights").at(0);
  EXPECT_EQ(span.at(1).get<int>() - span.at(0).get<int>(), 2);
}

TEST_F(FindApi, AddressIsFoundWithItsEntryPlaceAndReasons) {
  const json found = body("/v1/addresses", {{"q", "槐荫街2号"}});
  EXPECT_EQ(found.at("status"), "definite");
  const json& candidate = found.at("candidates").at(0);
  EXPECT_EQ(candidate.at("level"), "door");
  EXPECT_EQ(city->names->entry(*city->names->find_id(candidate.at("entry").get<std::string>())).path.door.number, 2);
  EXPECT_FALSE(candidate.at("point").is_null());
  EXPECT_FALSE(candidate.at("reasons").empty());
  EXPECT_EQ(body("/v1/addresses", {{"q", "没有这个地方"}}).at("status"), "unknown");
}

TEST_F(FindApi, NearestAddressComesWithItsDistanceOrNot) {
  const geo::Entry entry = city->names->entry(0);
  const geo::Degrees at = geo::to_degrees(*entry.position);
  const http::Query here{{"lon", std::to_string(at.lon)}, {"lat", std::to_string(at.lat)}};
  const json address = body("/v1/addresses/nearest", here).at("address");
  EXPECT_EQ(address.at("entry"), entry.id);
  EXPECT_LT(address.at("distance_m").get<double>(), 1);
  EXPECT_TRUE(body("/v1/addresses/nearest", {{"lon", "100"}, {"lat", "20"}}).at("address").is_null());
}

TEST_F(FindApi, AChildWalksAlongStreetsToTheNearestGateOrItIsSaidThatNobodyKnowsHow) {
  const geo::Degrees at = geo::to_degrees(*city->names->entry(0).position);
  const http::Query here{{"lon", std::to_string(at.lon)}, {"lat", std::to_string(at.lat)}, {"school", "A"}};
  const json walk = body("/v1/walk", here);
  EXPECT_EQ(walk.at("way"), "walked");
  EXPECT_EQ(walk.at("campus"), "A1");
  const json& line = walk.at("line").at("coordinates");
  ASSERT_GE(line.size(), 2u);
  EXPECT_NEAR(line[0][0].get<double>(), at.lon, 1e-6);  // from the place ...
  const geo::Degrees gate = geo::to_degrees(tests::at_metres(100, 100));
  EXPECT_NEAR(line.back()[1].get<double>(), gate.lat, 1e-6);  // ... to the gate
  double metres = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const double east = (line[i][0].get<double>() - line[i - 1][0].get<double>()) * std::cos(gate.lat * M_PI / 180);
    metres += std::hypot(east, line[i][1].get<double>() - line[i - 1][1].get<double>()) * 111'195;
  }
  EXPECT_NEAR(walk.at("distance_m").get<double>(), metres, 0.01 * metres);
  EXPECT_EQ(body("/v1/walk", {{"lon", "100"}, {"lat", "20"}, {"school", "A"}}).at("way"), "too_far");
  EXPECT_EQ(get("/v1/walk", {{"lon", "110"}, {"lat", "33"}, {"school", "nobody's"}}).status, 404);
}

TEST_F(FindApi, SchoolsOfAnAddressComeWithTheClauseThatDecided) {
  const json answer = body("/v1/match", {{"address", "槐荫街2号"}, {"layer", "primary/2024"}});
  EXPECT_EQ(answer.at("address").at("status"), "definite");
  const json& layer = answer.at("layers").at(0);
  EXPECT_EQ(layer.at("layer"), "primary/2024/general");
  EXPECT_EQ(layer.at("status"), "definite");
  EXPECT_EQ(layer.at("phone"), "00-101");
  const json& school = layer.at("schools").at(0);
  EXPECT_EQ(school.at("id"), "B");
  EXPECT_EQ(school.at("campuses").size(), 1u);
  EXPECT_EQ(school.at("evidence").at(0).at("quote"), "槐荫街（双号）");
  EXPECT_EQ(school.at("evidence").at(0).at("notice").at("title"), "划片公告");
  EXPECT_EQ(layer.at("against").at(0).at("zone"), "Z");
  EXPECT_EQ(layer.at("against").at(0).at("overridden"), true);
}

TEST_F(FindApi, EntryAndPlaceAnswerLikeTheAddress) {
  const json found = body("/v1/addresses", {{"q", "槐荫街2号"}});
  const std::string entry = found.at("candidates").at(0).at("entry");
  EXPECT_EQ(only_layer({{"entry", entry}}).at("schools").at(0).at("id"), "B");
  const geo::Degrees middle = geo::to_degrees(tests::GridCity().centre({3, 3}));
  const json place = only_layer({{"lon", std::to_string(middle.lon)}, {"lat", std::to_string(middle.lat)}});
  EXPECT_EQ(place.at("status"), "definite");
  EXPECT_EQ(place.at("schools").at(0).at("id"), "C");
}

TEST_F(FindApi, StreetWithoutADoorIsUndeterminedBetweenItsSchools) {
  const json layer = only_layer({{"address", "槐荫街"}});
  EXPECT_EQ(layer.at("status"), "undetermined");
  EXPECT_EQ(layer.at("schools").size(), 2u);
}

TEST_F(FindApi, AnswersOfWhereSomebodyLivesAreNotKept) {
  const std::pair<const char*, http::Query> questions[] = {
      {"/v1/match", {{"address", "槐荫街2号"}}},
      {"/v1/addresses", {{"q", "槐荫街2号"}}},
      {"/v1/addresses/suggest", {{"q", "槐"}}},
      {"/v1/addresses/nearest", {{"lon", "110"}, {"lat", "33"}}},
      {"/v1/walk", {{"lon", "110"}, {"lat", "33"}, {"school", "A"}}}};
  for (const auto& [where, query] : questions) {
    EXPECT_THAT(get(where, query).headers, ElementsAre(Pair("Cache-Control", "no-store"))) << where;
  }
}

TEST_F(FindApi, TheLengthOfAnAddressCountsCharactersAsTheDocumentDoes) {
  std::ifstream in(CATCHMENT_SOURCE_DIR "/server/api/openapi.json");
  const json parameters = json::parse(in).at("components").at("parameters");
  const auto repeated = [](std::string_view character, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += character;
    return text;
  };
  const std::pair<const char*, const char*> askers[] = {
      {"/v1/addresses", "q"}, {"/v1/addresses/suggest", "q"}, {"/v1/match", "address"}};
  for (const auto& [where, name] : askers) {
    const auto most = parameters.at(name).at("schema").at("maxLength").get<std::size_t>();
    for (const char* character : {"x", "é", "路", "𠮷"}) {  // of one to four bytes
      EXPECT_EQ(get(where, {{name, repeated(character, most)}}).status, 200) << where << character;
      const http::Response refusal = get(where, {{name, repeated(character, most + 1)}});
      EXPECT_EQ(refusal.status, 400) << where << character;
      EXPECT_EQ(json::parse(refusal.body).at("field"), name);
    }
  }
}

TEST_F(FindApi, RefusalsNameTheParameter) {
  const auto refused = [](const char* where, http::Query query) {
    const json problem = body(where, std::move(query));
    return problem.value("code", "") + " " + problem.value("field", "");
  };
  EXPECT_EQ(refused("/v1/match", {}), "parameter_missing address");
  EXPECT_EQ(refused("/v1/match", {{"address", " "}}), "parameter_invalid address");
  EXPECT_EQ(refused("/v1/match", {{"address", "槐荫街"}, {"entry", "a0"}}), "parameter_invalid address");
  EXPECT_EQ(refused("/v1/match", {{"entry", "nobody"}}), "entry_unknown entry");
  EXPECT_EQ(refused("/v1/match", {{"lon", "110"}}), "parameter_missing lat");
  EXPECT_EQ(refused("/v1/match", {{"entry", "a0"}, {"layer", "junior/2024"}}), "layer_unknown layer");
  EXPECT_EQ(refused("/v1/match", {{"entry", "a0"}, {"household", "rich=yes"}}), "household_invalid household");
  EXPECT_EQ(refused("/v1/match", {{"primary_school", "none"}}), "school_unknown primary_school");
  EXPECT_EQ(refused("/v1/addresses", {}), "parameter_missing q");
  EXPECT_EQ(refused("/v1/addresses/suggest", {{"q", "x"}, {"limit", "0"}}), "parameter_invalid limit");
  EXPECT_EQ(refused("/v1/addresses/suggest", {{"q", "x"}, {"limit", "21"}}), "parameter_invalid limit");
  EXPECT_EQ(get("/v1/match", {{"entry", "nobody"}}).status, 404);
}

}  // namespace
}  // namespace catchment::api
