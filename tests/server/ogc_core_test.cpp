// OGC API - Features Part 1 and 2 by their abstract tests: ogc_core.tsv says which test answers for which.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "geo/projection.hpp"
#include "server/http/target.hpp"
#include "tests/server/ogc_world.hpp"

namespace catchment::testing {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Pair;

constexpr const char* kCrs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
constexpr const char* kEpsg4326 = "http://www.opengis.net/def/crs/EPSG/0/4326";
constexpr const char* kEpsg4490 = "http://www.opengis.net/def/crs/EPSG/0/4490";
constexpr const char* kProjected = "http://www.opengis.net/def/crs/EPSG/0/4546";  // 111 degrees: nearest to 110.5
const std::vector<std::string> kCollections{"zones-primary-2025-general",
                                            "zones-primary-2024-general",
                                            "zones-junior-2025-女生",
                                            "schools",
                                            "campuses",
                                            "units"};

// The path below /ogc and the query of an absolute link.
std::pair<std::string, http::Query> target_of(const std::string& url) {
  const std::string base = std::string(kOgcBase) + "/ogc";
  EXPECT_EQ(url.substr(0, base.size()), base);
  http::Request request;
  EXPECT_TRUE(http::read_target(url.substr(base.size() - 4), request)) << url;
  return {request.path.substr(4), request.query};
}
http::Response follow(const std::string& url) {
  const auto [path, query] = target_of(url);
  return ogc_world().get(path, query);
}
std::string items_path(const std::string& collection) { return "/collections/" + collection + "/items"; }

void expect_rel_and_type(const json& links) {
  for (const json& link : links) {
    EXPECT_FALSE(link.at("rel").get<std::string>().empty());
    EXPECT_FALSE(link.at("type").get<std::string>().empty());
  }
}

TEST(OgcCore, EveryRequirementHasARunningTest) {
  std::set<std::string> running;
  const auto& unit = *::testing::UnitTest::GetInstance();
  for (int s = 0; s < unit.total_test_suite_count(); ++s) {
    const auto& suite = *unit.GetTestSuite(s);
    for (int t = 0; t < suite.total_test_count(); ++t) {
      const auto& info = *suite.GetTestInfo(t);
      const std::string name = info.name();
      if (!name.starts_with("DISABLED_")) running.insert(std::string(suite.name()) + "." + name);
    }
  }
  std::ifstream in(CATCHMENT_SOURCE_DIR "/tests/server/ogc_core.tsv");
  std::string line;
  std::getline(in, line);
  std::set<std::string> ids;
  while (std::getline(in, line)) {
    std::vector<std::string> cells;
    std::istringstream words(line);
    for (std::string cell; std::getline(words, cell, '\t');) cells.push_back(cell);
    ASSERT_EQ(cells.size(), 4u) << line;
    EXPECT_TRUE(ids.insert(cells[0]).second) << line;
    EXPECT_TRUE(running.contains(cells[2])) << line;
    EXPECT_EQ(cells[3], "holds") << line;
  }
  EXPECT_EQ(ids.size(), 56u);
}

TEST(OgcCore, OnlyGetIsAnswered) {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    http::Request request;
    request.method = method;
    request.path = "/ogc/collections/schools/items";
    const http::Response response = ogc_world().service.answer(request).value();
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(ogc_header(response, "Allow"), "GET, HEAD");
  }
}

TEST(OgcCore, PositionsAreLongitudeLatitudeUnlessAskedOtherwise) {
  const auto campuses = ogc_world().package.campuses();
  for (const json all = ogc_json(items_path("campuses")).at("features"); const json& feature : all) {
    const auto found =
        std::find_if(campuses.begin(), campuses.end(), [&](const auto& campus) { return campus.id == feature["id"]; });
    ASSERT_NE(found, campuses.end());
    const json& at = feature["geometry"]["coordinates"];
    EXPECT_EQ(geo::find_point({at[0].get<double>(), at[1].get<double>()}), found->position);
  }
}

TEST(OgcCore, LandingPageLinksToTheRest) {
  for (const char* path : {"", "/"}) {
    const http::Response response = ogc_world().get(path);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(ogc_type(response), "application/json");
    const json landing = json::parse(ogc_body(response));
    for (const auto& [rel, type] :
         std::map<std::string, std::string>{{"self", "application/json"},
                                            {"alternate", "text/html"},
                                            {"service-desc", "application/vnd.oai.openapi+json;version=3.0"},
                                            {"service-doc", "text/html"},
                                            {"conformance", "application/json"},
                                            {"data", "application/json"}}) {
      const http::Response linked = follow(ogc_link(landing, rel, type));
      EXPECT_EQ(linked.status, 200) << rel;
      EXPECT_TRUE(ogc_type(linked).starts_with(type)) << rel;
    }
    expect_rel_and_type(landing["links"]);
    EXPECT_THAT(landing["description"].get<std::string>(), HasSubstr("made up"));
  }
}

TEST(OgcCore, ApiDefinitionIsAtItsLinks) {
  const json landing = ogc_json("");
  const http::Response machine = follow(ogc_link(landing, "service-desc"));
  EXPECT_EQ(ogc_type(machine), "application/vnd.oai.openapi+json;version=3.0");
  const json api = json::parse(ogc_body(machine));
  EXPECT_EQ(api["openapi"].get<std::string>().substr(0, 4), "3.0.");
  EXPECT_EQ(api["servers"][0]["url"], std::string(kOgcBase) + "/ogc");
  const http::Response page = follow(ogc_link(landing, "service-doc"));
  EXPECT_EQ(ogc_type(page), "text/html; charset=utf-8");
  EXPECT_THAT(ogc_body(page), HasSubstr("/collections/zones-primary-2024-general/items"));
}

// Every "$ref" and what it points at.
void check_references(const json& node, const json& document) {
  if (node.is_object() && node.contains("$ref")) {
    const std::string place = node["$ref"].get<std::string>().substr(1);
    EXPECT_TRUE(document.contains(json::json_pointer(place))) << place;
  }
  for (const json& child : node) {
    if (child.is_structured()) check_references(child, document);
  }
}

// A path of the definition with its parts filled in, decoded, below /ogc.
std::string sample_path(std::string path) {
  const std::string collection = "{collectionId}", feature = "{featureId}";
  if (const std::size_t at = path.find(collection); at != std::string::npos)
    path.replace(at, collection.size(), "schools");
  const bool one = path.ends_with(feature);
  if (one) path.resize(path.size() - feature.size() - 1);
  http::Request request;
  EXPECT_TRUE(http::read_target("/ogc" + path, request)) << path;
  const std::string items = request.path.substr(4);
  return one ? items + "/" + ogc_ids(ogc_json(items)).at(0) : items;
}

TEST(OgcCore, ApiDefinitionIsWholeAndTrue) {
  const json api = ogc_json("/api");
  check_references(api, api);
  EXPECT_FALSE(api.contains("security"));
  for (const auto& [path, item] : api["paths"].items()) {
    ASSERT_EQ(item.size(), 1u);
    const json& get = item.at("get");
    EXPECT_THAT(get["responses"].size(), ::testing::Ge(4u)) << path;
    for (const char* status : {"200", "304", "400", "406", "500"})
      EXPECT_TRUE(get["responses"].contains(status)) << path;
    EXPECT_EQ(get["responses"].contains("404"), path.starts_with("/collections/")) << path;
    const std::string real = sample_path(path);
    // Every documented parameter is known, and nothing else.
    http::Query query;
    for (const json& parameter : get["parameters"]) {
      const json& whole = parameter.contains("$ref")
                              ? api[json::json_pointer(parameter["$ref"].get<std::string>().substr(1))]
                              : parameter;
      if (whole["in"] != "query") continue;
      const std::string name = whole["name"];
      const std::map<std::string, std::string> values{{"f", "json"},        {"limit", "3"},
                                                      {"offset", "0"},      {"bbox", "110,33,111,34"},
                                                      {"bbox-crs", kCrs84}, {"datetime", "2024-10-01T00:00:00Z"},
                                                      {"crs", kCrs84}};
      query.emplace_back(name, values.contains(name) ? values.at(name) : "x");
    }
    const http::Response response = ogc_world().get(real, query);
    EXPECT_EQ(response.status, 200) << path << ": " << response.body;
    const std::string type = ogc_type(response);
    EXPECT_TRUE(get["responses"]["200"]["content"].contains(type)) << path << ": " << type;
    query.emplace_back("more", "1");
    EXPECT_EQ(ogc_world().get(real, query).status, 400) << path;
  }
}

TEST(OgcCore, ConformanceListsTheClasses) {
  const json conformance = ogc_json("/conformance");
  EXPECT_THAT(conformance["conformsTo"].get<std::vector<std::string>>(),
              IsSupersetOf({"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
                            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
                            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
                            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
                            "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs"}));
}

TEST(OgcCore, CollectionsListEveryLayer) {
  const json list = ogc_json("/collections");
  std::vector<std::string> ids;
  for (const json& collection : list["collections"]) ids.push_back(collection["id"]);
  EXPECT_EQ(ids, kCollections);
  EXPECT_EQ(ogc_link(list, "self"), std::string(kOgcBase) + "/ogc/collections?f=json");
  EXPECT_EQ(ogc_link(list, "alternate", "text/html"), std::string(kOgcBase) + "/ogc/collections?f=html");
  expect_rel_and_type(list["links"]);
}

TEST(OgcCore, CollectionsLinkToTheirItems) {
  for (const json all = ogc_json("/collections")["collections"]; const json& collection : all) {
    expect_rel_and_type(collection["links"]);
    for (const char* type : {"application/geo+json", "text/html"}) {
      const http::Response items = follow(ogc_link(collection, "items", type));
      EXPECT_EQ(items.status, 200);
      EXPECT_TRUE(ogc_type(items).starts_with(type));
    }
  }
}

template <class Visit>
void for_each_position(const json& coordinates, Visit&& visit) {
  if (coordinates.empty()) return;
  if (coordinates[0].is_number()) return visit(coordinates);
  for (const json& part : coordinates) for_each_position(part, visit);
}

TEST(OgcCore, ExtentHoldsEveryFeature) {
  for (const json all = ogc_json("/collections")["collections"]; const json& collection : all) {
    const json& box = collection["extent"]["spatial"]["bbox"][0];
    double west = 999, south = 999, east = -999, north = -999;
    for (const json items = ogc_json(items_path(collection["id"]), {{"limit", "1000"}})["features"];
         const json& feature : items) {
      if (feature["geometry"].is_null()) continue;
      for_each_position(feature["geometry"]["coordinates"], [&](const json& at) {
        west = std::min(west, at[0].get<double>());
        south = std::min(south, at[1].get<double>());
        east = std::max(east, at[0].get<double>());
        north = std::max(north, at[1].get<double>());
      });
    }
    EXPECT_EQ(box, json({west, south, east, north})) << collection["id"];
    EXPECT_EQ(collection["extent"].contains("temporal"), collection["id"].get<std::string>().starts_with("zones-"));
  }
  EXPECT_EQ(ogc_json("/collections/zones-primary-2024-general")["extent"]["temporal"]["interval"],
            json::parse(R"([["2024-09-01T00:00:00+08:00","2025-08-31T23:59:59+08:00"]])"));
}

TEST(OgcCore, ACollectionIsDescribedAsInTheList) {
  for (const json all = ogc_json("/collections")["collections"]; const json& collection : all)
    EXPECT_EQ(ogc_json("/collections/" + collection["id"].get<std::string>()), collection);
}

TEST(OgcCore, ApiDefinesTheParametersAsTheStandardHasThem) {
  const json parameters = ogc_json("/api")["components"]["parameters"];
  for (const char* name : {"limit", "bbox", "datetime"}) {
    EXPECT_EQ(parameters[name]["in"], "query");
    EXPECT_EQ(parameters[name]["required"], false);
    EXPECT_EQ(parameters[name]["style"], "form");
    EXPECT_EQ(parameters[name]["explode"], false);
  }
  EXPECT_EQ(parameters["limit"]["schema"],
            json::parse(R"({"type":"integer","minimum":1,"maximum":10000,"default":10})"));
  EXPECT_EQ(parameters["bbox"]["schema"], json::parse(R"({"type":"array","items":{"type":"number"},
      "oneOf":[{"minItems":4,"maxItems":4},{"minItems":6,"maxItems":6}]})"));
  EXPECT_EQ(parameters["datetime"]["schema"], json::parse(R"({"type":"string"})"));
  EXPECT_EQ(ogc::kDefaultLimit, 10u);
  EXPECT_EQ(ogc::kMostLimit, 10'000u);
}

TEST(OgcCore, BboxSelectsWhatItMeets) {
  const auto ids = [](const std::string& bbox) {
    return ogc_ids(ogc_json(items_path("zones-primary-2025-general"), {{"bbox", bbox}}));
  };
  EXPECT_THAT(ids("110.5,33.5,110.5001,33.5001"), ElementsAre("two parts"));
  EXPECT_THAT(ids("110.50055,33.5,110.5006,33.50001"), ElementsAre("two parts"));  // its other part
  EXPECT_THAT(ids("110.5002,33.5,110.5003,33.5001"), ElementsAre());               // between them
  EXPECT_THAT(ids("110.5004,33.5009,110.5005,33.501"), ElementsAre());             // inside the hole
  EXPECT_THAT(ids("110.5003,33.5008,110.5003,33.5008"), ElementsAre("孔"));        // a point on the hole's corner
  EXPECT_THAT(ids("110.4,33.4,110.6,33.6"), ElementsAre("own dates", "two parts", "孔"));
  EXPECT_THAT(ids("110.4,33.4,-5,110.6,33.6,9000"), ElementsAre("own dates", "two parts", "孔"));
  EXPECT_THAT(ids("0,0,1,1"), ElementsAre());
}

TEST(OgcCore, LimitIsKept) {
  const auto count = [](http::Query query) { return ogc_ids(ogc_json(items_path("units"), std::move(query))).size(); };
  EXPECT_EQ(count({}), 10u);
  EXPECT_EQ(count({{"limit", "1"}}), 1u);
  EXPECT_EQ(count({{"limit", "25"}}), 25u);
  EXPECT_EQ(count({{"limit", "10000"}}), 25u);
  EXPECT_EQ(count({{"limit", "10001"}}), 25u);
  EXPECT_EQ(count({{"limit", "99999999999999999999999999"}}), 25u);
}

TEST(OgcCore, DatetimeSelectsByTheSchoolYear) {
  const auto count = [](const std::string& collection, const std::string& time) {
    return ogc_ids(ogc_json(items_path(collection), {{"datetime", time}, {"limit", "100"}})).size();
  };
  const std::string zones = "zones-primary-2024-general";
  EXPECT_EQ(count(zones, "2024-09-01T00:00:00+08:00"), 9u);
  EXPECT_EQ(count(zones, "2024-08-31T16:00:00Z"), 9u);  // the same moment
  EXPECT_EQ(count(zones, "2024-08-31T15:59:59.999Z"), 0u);
  EXPECT_EQ(count(zones, "2025-08-31t15:59:59z"), 9u);
  EXPECT_EQ(count(zones, "2025-08-31T16:00:00Z"), 0u);
  EXPECT_EQ(count(zones, "2024-01-01T00:00:00Z/2024-09-01T00:00:00Z"), 9u);
  EXPECT_EQ(count(zones, "2024-01-01T00:00:00Z/2024-08-30T00:00:00Z"), 0u);
  for (const char* open : {"..", ""}) {
    EXPECT_EQ(count(zones, std::string(open) + "/2024-08-31T16:00:00Z"), 9u);
    EXPECT_EQ(count(zones, std::string(open) + "/2024-08-31T15:59:59Z"), 0u);
    EXPECT_EQ(count(zones, std::string("2025-08-31T15:59:59Z/") + open), 9u);
    EXPECT_EQ(count(zones, std::string("2025-08-31T16:00:00Z/") + open), 0u);
  }
  EXPECT_EQ(count(zones, "2025-08-31"), 9u);  // a day in Beijing
  EXPECT_EQ(count(zones, "2025-09-01"), 0u);
  EXPECT_EQ(count("zones-primary-2025-general", "2025-10-07"), 3u);  // one has dates of its own
  EXPECT_EQ(count("zones-primary-2025-general", "2025-10-08"), 4u);
  EXPECT_EQ(count("zones-primary-2025-general", "2026-02-01"), 3u);
  EXPECT_EQ(count("units", "1900-01-01"), 25u);  // without time: never narrowed
}

TEST(OgcCore, UnknownParametersAreRefused) {
  for (const char* path :
       {"", "/api", "/conformance", "/collections", "/collections/schools", "/collections/schools/queryables",
        "/collections/schools/items", "/collections/schools/items/S0", "/page.css"}) {
    for (const char* name : {"unknown", "bbox_crs", "LIMIT", "callback", ""}) {
      const http::Response response = ogc_world().get(path, {{name, "1"}});
      EXPECT_EQ(response.status, 400) << path << " " << name;
      EXPECT_EQ(json::parse(response.body)["code"], "parameter_unknown");
    }
  }
  // A filter of another collection, or a property that is none.
  EXPECT_EQ(ogc_world().get(items_path("schools"), {{"notice_id", "N"}}).status, 400);
  EXPECT_EQ(ogc_world().get(items_path("zones-primary-2024-general"), {{"kind", "general"}}).status, 400);
}

TEST(OgcCore, MalformedParametersAreRefused) {
  const std::map<std::string, std::vector<std::string>> bad{
      {"limit", {"", "0", "-1", "1.5", "ten", "1e3", "+5", " 5", "5 ", "010", "٣"}},
      {"offset", {"", "-1", "x", "1.0", "01", "1000000001", "99999999999999999999"}},
      {"bbox",
       {"", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "a,b,c,d", "1,2,,4", "110 33 111 34", "nan,33,111,34",
        "110,33,inf,34", "110,34,111,33", "181,0,182,1", "-181,0,1,1", "0,-91,1,1", "0,0,1,91", "1e400,0,1,1",
        "0x10,0,1,1", "110,33,5,111,34,4", "110,33,nan,111,34,4", "110,33,111,34 "}},
      {"datetime",
       {"", "now", "/", "../..", "2024", "2024-09", "2024-13-01", "2024-02-30", "2024-09-01T00:00:00",
        "2024-09-01 00:00:00Z", "2024-09-01T24:00:00Z", "2024-09-01T00:61:00Z", "2024-09-01T00:00:00.Z",
        "2024-09-01T00:00:00+8:00", "2024-09-01T00:00:00+24:00", "2025-01-01/2024-01-01",
        "2024-01-01/2025-01-01/2026-01-01", "2024-09-01T00:00Z", "2024-09-01T00:00:00 08:00"}},
      {"f", {"", "xml", "JSON", "geojson"}},
      {"crs", {"", "EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/3857"}},
      {"bbox-crs", {"", "4326", "http://www.opengis.net/def/crs/EPSG/0/4326 "}}};
  for (const auto& [name, values] : bad) {
    for (const std::string& value : values) {
      const http::Response response = ogc_world().get(items_path("zones-primary-2024-general"), {{name, value}});
      EXPECT_EQ(response.status, 400) << name << "=" << value;
      const json problem = json::parse(response.body);
      EXPECT_EQ(problem["code"], "parameter_invalid") << name << "=" << value;
      EXPECT_EQ(problem["field"], name) << value;
    }
    const http::Response twice = ogc_world().get(items_path("units"), {{name, values.back()}, {name, values.back()}});
    EXPECT_EQ(json::parse(twice.body)["code"], "parameter_duplicate");
  }
}

TEST(OgcCore, ItemsAreAFeatureCollection) {
  for (const std::string& id : kCollections) {
    const http::Response response = ogc_world().get(items_path(id), {}, "application/geo+json");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(ogc_type(response), "application/geo+json");
    const json items = json::parse(ogc_body(response));
    EXPECT_EQ(items["type"], "FeatureCollection");
    for (const json& feature : items["features"]) {
      EXPECT_EQ(feature["type"], "Feature");
      EXPECT_EQ(feature["properties"]["id"], feature["id"]);
    }
  }
}

TEST(OgcCore, ItemsLinkToThemselvesAndTheRest) {
  // Every page once, by the next links alone; prev leads back.
  for (const std::string& id : kCollections) {
    std::vector<std::string> seen;
    std::string url = std::string(kOgcBase) + "/ogc" + "/collections/" +
                      (id.ends_with("女生") ? "zones-junior-2025-%E5%A5%B3%E7%94%9F" : id) + "/items?limit=4";
    for (int page = 0; !url.empty(); ++page) {
      ASSERT_LT(page, 10);
      const http::Response response = follow(url);
      ASSERT_EQ(response.status, 200);
      const json items = json::parse(ogc_body(response));
      expect_rel_and_type(items["links"]);
      EXPECT_EQ(json::parse(ogc_body(follow(ogc_link(items, "self")))), items);
      EXPECT_EQ(ogc_type(follow(ogc_link(items, "alternate", "text/html"))), "text/html; charset=utf-8");
      if (page > 0) {
        const json before = json::parse(ogc_body(follow(ogc_link(items, "prev"))));
        EXPECT_EQ(ogc_link(before, "next"), ogc_link(items, "self"));
      }
      const auto ids = ogc_ids(items);
      seen.insert(seen.end(), ids.begin(), ids.end());
      url = ogc_link(items, "next", "application/geo+json");
      EXPECT_EQ(ogc_header(response, "Link").find("rel=\"next\"") != std::string::npos, !url.empty());
    }
    EXPECT_EQ(seen, ogc_ids(ogc_json(items_path(id), {{"limit", "1000"}})));
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  }
}

TEST(OgcCore, CountsAndTimeStampAreThoseOfTheAnswer) {
  const json page = ogc_json(items_path("units"), {{"district", "西区"}, {"limit", "4"}, {"offset", "2"}});
  EXPECT_EQ(page["timeStamp"], "2026-11-27T22:05:00+08:00");
  EXPECT_EQ(page["numberReturned"], 4);
  const json all = ogc_json(items_path("units"), {{"limit", "1000"}});
  std::size_t matched = 0;
  for (const json& feature : all["features"]) matched += feature["properties"]["district"] == "西区";
  EXPECT_EQ(page["numberMatched"], matched);
  EXPECT_EQ(all["numberMatched"], 25);
  const json beyond = ogc_json(items_path("units"), {{"offset", "1000000"}});
  EXPECT_EQ(beyond["numberReturned"], 0);
  EXPECT_EQ(beyond["numberMatched"], 25);
  EXPECT_EQ(ogc_link(beyond, "next"), "");
}

TEST(OgcCore, EveryFeatureIsAtItsOwnPath) {
  for (const std::string& id : kCollections) {
    const json items = ogc_json(items_path(id), {{"limit", "1000"}});
    for (json feature : items["features"]) {
      json one = ogc_json(items_path(id) + "/" + feature["id"].get<std::string>());
      expect_rel_and_type(one["links"]);
      EXPECT_EQ(json::parse(ogc_body(follow(ogc_link(one, "self", "application/geo+json")))), one);
      EXPECT_EQ(follow(ogc_link(one, "alternate", "text/html")).status, 200);
      EXPECT_EQ(json::parse(ogc_body(follow(ogc_link(one, "collection"))))["id"], id);
      one.erase("links");
      EXPECT_EQ(one, feature);
    }
    EXPECT_EQ(ogc_world().get(items_path(id) + "/nobody").status, 404);
  }
  for (const char* path :
       {"/collections/nothing", "/collections/nothing/items", "/nothing", "/collections/", "/collections/schools/",
        "/collections/schools/items/S0/x", "/collections/schools/items/", "//", "/collections/schools/other"})
    EXPECT_EQ(ogc_world().get(path).status, 404) << path;
  http::Request elsewhere;
  elsewhere.method = "GET";
  elsewhere.path = "/ogcx";
  EXPECT_FALSE(ogc_world().service.answer(elsewhere));
}

TEST(OgcCore, TypesAreGeoJsonAndHtml) {
  const std::map<std::string, std::string> types{{"", "application/json"},
                                                 {"/api", "application/vnd.oai.openapi+json;version=3.0"},
                                                 {"/conformance", "application/json"},
                                                 {"/collections", "application/json"},
                                                 {"/collections/units", "application/json"},
                                                 {"/collections/units/queryables", "application/schema+json"},
                                                 {"/collections/units/items", "application/geo+json"},
                                                 {"/collections/units/items/u100", "application/geo+json"}};
  const std::string html = "text/html; charset=utf-8";
  const std::string browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
  for (const auto& [path, type] : types) {
    const auto got = [&, where = path](const std::string& accept, http::Query query = {}) {
      return ogc_type(ogc_world().get(where, std::move(query), accept));
    };
    for (const char* accept :
         {"", "*/*", "application/json", "application/*", "text/html;q=0.5,application/json",
          "APPLICATION/GEO+JSON, application/json", "text/html, application/json", "text/html;q=0, */*"})
      EXPECT_EQ(got(accept), type) << path << " " << accept;
    for (const char* accept : {"text/html", "text/*", browser.c_str(), "application/json;q=0.1, text/html;q=0.2",
                               "application/*;q=0.4, text/*;q=0.6"})
      EXPECT_EQ(got(accept), html) << path << " " << accept;
    EXPECT_EQ(got(browser, {{"f", "json"}}), type);
    EXPECT_EQ(got("application/json", {{"f", "html"}}), html);
    for (const char* accept : {"image/png", "text/html;q=0", "application/xml", "text/html;q=x"})
      EXPECT_EQ(ogc_world().get(path, {}, accept).status, 406) << path << " " << accept;
  }
}

double signed_area(const json& ring) {
  double area = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    area += (ring[i][0].get<double>() - 110) * (ring[i + 1][1].get<double>() - 33) -
            (ring[i + 1][0].get<double>() - 110) * (ring[i][1].get<double>() - 33);
  }
  return area;
}

TEST(OgcCore, FeaturesAreGeoJson) {
  const std::map<std::string, std::string> kinds{{"schools", "MultiPoint"}, {"campuses", "Point"}};
  for (const std::string& id : kCollections) {
    for (const json all = ogc_json(items_path(id), {{"limit", "1000"}})["features"]; const json& feature : all) {
      const json& geometry = feature["geometry"];
      if (feature["id"] == "no shape" || feature["id"] == "S8") {
        EXPECT_TRUE(geometry.is_null());
        continue;
      }
      EXPECT_EQ(geometry["type"], kinds.contains(id) ? kinds.at(id) : "MultiPolygon");
      if (geometry["type"] != "MultiPolygon") continue;
      for (const json& part : geometry["coordinates"]) {
        for (std::size_t r = 0; r < part.size(); ++r) {
          EXPECT_GE(part[r].size(), 4u);
          EXPECT_EQ(part[r].front(), part[r].back());
          EXPECT_EQ(signed_area(part[r]) > 0, r == 0);
        }
      }
    }
  }
}

TEST(OgcCore, PagesHoldTheFeaturesEscaped) {
  const http::Response response =
      ogc_world().get(items_path("zones-primary-2024-general"), {{"limit", "4"}}, "text/html");
  const std::string& page = ogc_body(response);
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;&quot;片区&quot; &amp; &#39;零&#39;"));
  EXPECT_THAT(page, HasSubstr("lang=\"zh-CN\""));
  EXPECT_THAT(page, HasSubstr("示例测绘 &lt;made up&gt;"));
  EXPECT_THAT(page, HasSubstr("/items/Z3\""));
  EXPECT_THAT(page, HasSubstr("offset=4&amp;f=html"));
  EXPECT_THAT(page, HasSubstr("数据为虚构"));
  for (const char* path : {"", "/api", "/conformance", "/collections", "/collections/units",
                           "/collections/units/queryables", "/collections/units/items/u100"}) {
    const http::Response other = ogc_world().get(path, {}, "text/html");
    EXPECT_EQ(ogc_body(other).find("<script"), std::string::npos);
    EXPECT_THAT(ogc_header(other, "Content-Security-Policy"), HasSubstr("default-src 'none'; style-src 'self'"));
    EXPECT_THAT(ogc_body(other), HasSubstr(std::string(kOgcBase) + "/ogc/page.css"));
  }
  EXPECT_EQ(ogc_type(ogc_world().get("/page.css")), "text/css; charset=utf-8");
}

TEST(OgcCrs, CollectionsListTheirSystems) {
  for (const json all = ogc_json("/collections")["collections"]; const json& collection : all) {
    const auto systems = collection["crs"].get<std::vector<std::string>>();
    EXPECT_THAT(systems, ElementsAre(kCrs84, kEpsg4326, kEpsg4490, kProjected));
    EXPECT_EQ(collection["storageCrs"], kEpsg4490);
  }
}

TEST(OgcCrs, ApiDefinesBothParameters) {
  const json api = ogc_json("/api");
  for (const char* name : {"crs", "bbox-crs"}) {
    const json& parameter = api["components"]["parameters"][name];
    EXPECT_EQ(parameter["schema"]["format"], "uri");
    EXPECT_EQ(parameter["schema"]["default"], kCrs84);
    EXPECT_EQ(parameter["in"], "query");
    EXPECT_EQ(parameter["required"], false);
  }
  std::size_t items = 0;
  for (const auto& [path, item] : api["paths"].items()) {
    const auto lists = [&, get = item["get"]](const char* name) {
      return std::count(get["parameters"].begin(), get["parameters"].end(),
                        json({{"$ref", std::string("#/components/parameters/") + name}})) == 1;
    };
    if (path.ends_with("/items")) {
      ++items;
      EXPECT_TRUE(lists("crs") && lists("bbox-crs") && lists("bbox") && lists("limit") && lists("datetime"));
    } else if (path.ends_with("/{featureId}")) {
      EXPECT_TRUE(lists("crs"));
    }
  }
  EXPECT_EQ(items, kCollections.size());
}

TEST(OgcCrs, AxesComeInTheSystemsOrder) {
  for (const std::string& path :
       {items_path("units"), items_path("units") + "/u107", items_path("schools"), items_path("campuses") + "/C0b"}) {
    const http::Response plain = ogc_world().get(path);
    EXPECT_EQ(ogc_header(plain, "Content-Crs"), std::string("<") + kCrs84 + ">");
    std::vector<json> positions;
    const auto collect = [](const json& document) {
      std::vector<json> out;
      const json features = document.contains("features") ? document["features"] : json::array({document});
      for (const json& feature : features) {
        if (!feature["geometry"].is_null())
          for_each_position(feature["geometry"]["coordinates"], [&](const json& at) { out.push_back(at); });
      }
      return out;
    };
    const auto want = collect(json::parse(ogc_body(plain)));
    for (const char* crs : {kCrs84, kEpsg4326, kEpsg4490}) {
      const http::Response response = ogc_world().get(path, {{"crs", crs}});
      EXPECT_EQ(ogc_header(response, "Content-Crs"), std::string("<") + crs + ">");
      auto got = collect(json::parse(ogc_body(response)));
      if (crs != kCrs84) {
        for (json& at : got) std::swap(at[0], at[1]);
      }
      EXPECT_EQ(got, want) << crs;
    }
  }
}

TEST(OgcCrs, ProjectedPositionsLeadBack) {
  const geo::Projection projection(geo::parse_crs("EPSG:4546"));
  ASSERT_TRUE(projection.authority_puts_north_first());
  for (const std::string& id : kCollections) {
    std::vector<json> plain, projected;
    const auto collect = [&](std::vector<json>& out, http::Query query) {
      query.emplace_back("limit", "1000");
      for (const json all = ogc_json(items_path(id), query)["features"]; const json& feature : all) {
        if (!feature["geometry"].is_null())
          for_each_position(feature["geometry"]["coordinates"], [&](const json& at) { out.push_back(at); });
      }
    };
    collect(plain, {});
    collect(projected, {{"crs", kProjected}});
    ASSERT_EQ(plain.size(), projected.size());
    for (std::size_t i = 0; i < plain.size(); ++i) {
      const auto back = projection.to_cgcs2000(projected[i][1].get<double>(), projected[i][0].get<double>());
      ASSERT_TRUE(back);
      EXPECT_NEAR(back->lon, plain[i][0].get<double>(), 2e-9);  // 0.1 mm
      EXPECT_NEAR(back->lat, plain[i][1].get<double>(), 2e-9);
    }
  }
}

TEST(OgcCrs, UnlistedSystemsAreRefused) {
  for (const char* name : {"crs", "bbox-crs"}) {
    for (const char* uri :
         {"http://www.opengis.net/def/crs/0/unsupported", "EPSG:4490", "http://www.opengis.net/def/crs/OGC/0/CRS84h",
          "https://www.opengis.net/def/crs/EPSG/0/4490"})
      EXPECT_EQ(ogc_world().get(items_path("units"), {{name, uri}}).status, 400) << uri;
  }
  EXPECT_EQ(ogc_world().get(items_path("units") + "/u100", {{"crs", "EPSG:4490"}}).status, 400);
}

TEST(OgcCrs, TheSameBoxInEverySystemSelectsTheSame) {
  const geo::Projection projection(geo::parse_crs("EPSG:4546"));
  // Units are 2e-4 degrees wide: the box holds one corner's unit and its neighbours.
  const double west = 110.50015, south = 33.50015, east = 110.50033, north = 33.50037;
  const auto ids = [](const std::string& crs, std::initializer_list<double> corners) {
    std::string bbox;
    for (const double value : corners) {
      std::ostringstream text;
      text.precision(15);
      text << value;
      bbox += (bbox.empty() ? "" : ",") + text.str();
    }
    http::Query query{{"bbox", bbox}, {"limit", "1000"}};
    if (!crs.empty()) query.emplace_back("bbox-crs", crs);
    return ogc_ids(ogc_json(items_path("units"), query));
  };
  const auto want = ids("", {west, south, east, north});
  EXPECT_EQ(want.size(), 4u);
  EXPECT_EQ(ids(kCrs84, {west, south, east, north}), want);
  EXPECT_EQ(ids(kEpsg4326, {south, west, north, east}), want);
  EXPECT_EQ(ids(kEpsg4490, {south, west, north, east}), want);
  const auto low = projection.from_cgcs2000({west, south}), high = projection.from_cgcs2000({east, north});
  ASSERT_TRUE(low && high);
  EXPECT_EQ(ids(kProjected, {low->y, low->x, high->y, high->x}), want);
  // Across the antimeridian: everything east of 110.5005 and everything west of 110.50005.
  EXPECT_EQ(ids("", {110.50091, 33, 110.50005, 34}).size(), 10u);
  EXPECT_EQ(ids(kEpsg4326, {33, 110.50091, 34, 110.50005}).size(), 10u);
  EXPECT_EQ(ogc_world().get(items_path("units"), {{"bbox", "2,500000,1,600000"}, {"bbox-crs", kProjected}}).status,
            400);
}

}  // namespace
}  // namespace catchment::testing
