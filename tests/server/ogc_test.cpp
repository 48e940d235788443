// What OGC API - Features answers beyond the standard's tests: exact boxes, the package's own data, caching, limits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "server/http/target.hpp"
#include "server/ogc/fine_box.hpp"
#include "server/ogc/item_json.hpp"
#include "server/ogc/item_query.hpp"
#include "server/ogc/ogc_service.hpp"
#include "server/ogc/times.hpp"
#include "tests/server/geojson_shapes.hpp"
#include "tests/server/ogc_world.hpp"
#include "tests/support/box_meets.hpp"

namespace catchment::testing {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string degrees_of(std::int32_t units) {
  char text[32];
  std::snprintf(text, sizeof text, "%d.%07d", units / 10'000'000, units % 10'000'000);
  return text;
}

TEST(OgcLanes, FeaturesAreForTheWorkersAndShortDocumentsAreNot) {
  const auto lane = [](const char* path) {
    http::Request request;
    request.path = path;
    return ogc::classify(request).lane;
  };
  for (const char* path : {"/ogc/collections/schools/items", "/ogc/collections/schools/items/S1"})
    EXPECT_EQ(lane(path), http::Lane::browse) << path;
  for (const char* path : {"/ogc", "/ogc/", "/ogc/collections", "/ogc/collections/items", "/ogc/api", "/items"})
    EXPECT_EQ(lane(path), http::Lane::here) << path;
}

TEST(OgcItems, RandomBoxesSelectWhatTheDefinitionSays) {
  std::mt19937_64 random(7);
  const auto below = [&](std::uint64_t n) { return static_cast<std::int32_t>(random() % n); };
  for (const int year : {2024, 2025}) {
    const auto zones = ogc_world().package.zones({engine::Stage::primary, year, "general"});
    std::vector<geo::Point> vertices;
    geo::Box all;
    for (const engine::Zone& zone : zones) {
      geo::for_each_ring(zone.shape, [&](const geo::Ring& ring) {
        vertices.insert(vertices.end(), ring.begin(), ring.end());
        for (const geo::Point p : ring) all.extend(p);
      });
    }
    for (int round = 0; round < 150; ++round) {
      // Corners at vertices, near them, or anywhere; some boxes are lines or points.
      geo::Box box;
      for (int corner = 0; corner < (round % 7 == 0 ? 1 : 2); ++corner) {
        geo::Point p = vertices[random() % vertices.size()];
        if (round % 3 == 1) p = {p.lon + below(2001) - 1000, p.lat + below(2001) - 1000};
        if (round % 3 == 2) {
          p = {all.min.lon + below(static_cast<std::uint64_t>(all.max.lon - all.min.lon)),
               all.min.lat + below(static_cast<std::uint64_t>(all.max.lat - all.min.lat))};
        }
        box.extend(p);
      }
      if (round % 5 == 0) box.max.lon = box.min.lon;
      std::vector<std::string> want;
      for (const engine::Zone& zone : zones) {
        if (test::meets_box(zone.shape, box)) want.push_back(zone.id);
      }
      const std::string bbox = degrees_of(box.min.lon) + "," + degrees_of(box.min.lat) + "," + degrees_of(box.max.lon) +
                               "," + degrees_of(box.max.lat);
      const json got = ogc_json("/collections/zones-primary-" + std::to_string(year) + "-general/items",
                                {{"bbox", bbox}, {"limit", "100"}});
      EXPECT_EQ(ogc_ids(got), want) << bbox;
      EXPECT_EQ(got["numberMatched"], want.size());
    }
  }
}

TEST(OgcItems, ABoxBetweenUnitsIsNotRoundedAway) {
  // Strictly inside a zone and thinner than a unit of positions.
  const json got = ogc_json("/collections/zones-primary-2025-general/items",
                            {{"bbox", "110.50000001,33.50000001,110.500000012,33.500000012"}});
  EXPECT_THAT(ogc_ids(got), ElementsAre("two parts"));
  // A nanodegree outside its edge.
  EXPECT_THAT(ogc_ids(ogc_json("/collections/zones-primary-2025-general/items",
                               {{"bbox", "110.500100001,33.5,110.5002,33.5001"}})),
              IsEmpty());
}

TEST(BoxTree, FindsWhatAScanFinds) {
  std::mt19937_64 random(3);
  const auto below = [&](std::int64_t n) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n));
  };
  const auto box_of = [&](std::int64_t size) {
    ogc::FineBox box;
    const ogc::FinePoint p{below(1000), below(1000)};
    box.extend(p);
    box.extend(ogc::FinePoint{p.x + below(size), p.y + below(size)});
    return box;
  };
  for (const std::size_t count : {0u, 1u, 15u, 16u, 17u, 300u, 5000u}) {
    std::vector<ogc::FineBox> boxes;
    for (std::size_t i = 0; i < count; ++i) boxes.push_back(i % 11 == 5 ? ogc::FineBox() : box_of(20));
    const ogc::BoxTree tree(boxes);
    for (int round = 0; round < 50; ++round) {
      const ogc::FineBox wanted = box_of(round % 2 == 0 ? 1 : 400);
      std::vector<std::uint32_t> scan;
      for (std::uint32_t i = 0; i < boxes.size(); ++i) {
        if (!boxes[i].empty() && boxes[i].intersects(wanted)) scan.push_back(i);
      }
      EXPECT_EQ(tree.find(wanted), scan);
    }
  }
}

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

TEST(OgcItems, ZonesAreThePackages) {
  for (const engine::LayerKey& key : ogc_world().package.layers()) {
    const std::string id =
        "zones-" + std::string(engine::to_word(key.stage)) + "-" + std::to_string(key.school_year) + "-" + key.kind;
    const json items = ogc_json("/collections/" + id + "/items", {{"limit", "1000"}});
    const auto zones = ogc_world().package.zones(key);
    ASSERT_EQ(items["features"].size(), zones.size());
    for (std::size_t i = 0; i < zones.size(); ++i) {
      const json& properties = items["features"][i]["properties"];
      EXPECT_EQ(items["features"][i]["id"], zones[i].id);
      EXPECT_EQ(properties["name"], text_or_null(zones[i].name));
      EXPECT_EQ(properties["school_ids"], zones[i].school_ids);
      EXPECT_EQ(properties["schools"].size(), zones[i].school_ids.size());
      EXPECT_EQ(properties["stage"], engine::to_word(key.stage));
      EXPECT_EQ(properties["school_year"], key.school_year);
      EXPECT_EQ(properties["kind"], key.kind);
      EXPECT_EQ(properties["notice_id"], text_or_null(zones[i].notice_id));
      EXPECT_EQ(properties["valid_from"], text_or_null(zones[i].valid_from));
      EXPECT_EQ(properties["valid_to"], text_or_null(zones[i].valid_to));
      EXPECT_EQ(shape_of(items["features"][i]["geometry"]), turned_rings(zones[i].shape)) << zones[i].id;
    }
  }
}

TEST(OgcItems, UnitsSchoolsAndCampusesAreThePackages) {
  const auto& package = ogc_world().package;
  const json units = ogc_json("/collections/units/items", {{"limit", "1000"}});
  const auto all_units = package.units();
  ASSERT_EQ(units["features"].size(), all_units.size());
  for (std::size_t i = 0; i < all_units.size(); ++i) {
    EXPECT_EQ(shape_of(units["features"][i]["geometry"]), turned_rings(all_units[i].shape));
    EXPECT_EQ(units["features"][i]["properties"]["name"], all_units[i].name);
    EXPECT_EQ(units["features"][i]["properties"]["district_id"], text_or_null(all_units[i].district_id));
    // Told by the package, else by where its middle lies.
    EXPECT_THAT(units["features"][i]["properties"]["district"].get<std::string>(), ::testing::AnyOf("西区", "东区"));
  }
  const auto campuses = package.campuses();
  const json places = ogc_json("/collections/campuses/items", {{"limit", "1000"}});
  ASSERT_EQ(places["features"].size(), campuses.size());
  for (std::size_t i = 0; i < campuses.size(); ++i) {
    EXPECT_EQ(places["features"][i]["id"], campuses[i].id);
    EXPECT_EQ(places["features"][i]["properties"]["name"], campuses[i].name);
    EXPECT_EQ(places["features"][i]["properties"]["school_id"], campuses[i].school_id);
    EXPECT_EQ(point_of(places["features"][i]["geometry"]["coordinates"]), campuses[i].position);
  }
  const json schools = ogc_json("/collections/schools/items", {{"limit", "1000"}});
  const auto all_schools = package.schools();
  ASSERT_EQ(schools["features"].size(), all_schools.size());
  for (std::size_t i = 0; i < all_schools.size(); ++i) {
    const json& properties = schools["features"][i]["properties"];
    EXPECT_EQ(properties["id"], all_schools[i].id);
    EXPECT_EQ(properties["name"], all_schools[i].name);
    EXPECT_EQ(properties["stages"], json::array({"primary"}));
    EXPECT_EQ(properties["status"], "open");
    EXPECT_EQ(properties["ownership"], "public");
    EXPECT_EQ(properties["campuses"], i == 0 ? 2 : i == 8 ? 0 : 1);
  }
}

TEST(OgcItems, FiltersAreEqualitiesThatAllHold) {
  const auto ids = [](const std::string& collection, http::Query query) {
    return ogc_ids(ogc_json("/collections/" + collection + "/items", std::move(query)));
  };
  EXPECT_THAT(ids("schools", {{"name", "学校0"}}), ElementsAre("S0", "S8"));
  EXPECT_THAT(ids("schools", {{"name", "学校0"}, {"id", "S8"}}), ElementsAre("S8"));
  EXPECT_THAT(ids("schools", {{"name", "学校1"}, {"id", "S8"}}), IsEmpty());
  EXPECT_THAT(ids("zones-primary-2024-general", {{"school_ids", "S0"}}), ElementsAre("Z0", "Z1"));
  EXPECT_THAT(ids("zones-primary-2024-general", {{"schools", "学校0"}, {"datetime", "2024-10-01"}}),
              ElementsAre("Z0", "Z1", "Z8"));
  EXPECT_THAT(ids("zones-primary-2024-general", {{"name", "<b>\"片区\" & '零'"}}), ElementsAre("Z0"));
  EXPECT_THAT(ids("campuses", {{"school_id", "S0"}, {"name", "东校区"}}), ElementsAre("C0b"));
  EXPECT_THAT(ids("units", {{"name", ""}}), IsEmpty());
  EXPECT_THAT(ids("schools", {{"stages", "junior"}}), IsEmpty());
  const json queryables = ogc_json("/collections/schools/queryables");
  for (const auto& [name, schema] : queryables["properties"].items())
    EXPECT_EQ(ogc_world().get("/collections/schools/items", {{name, "x"}}).status, 200) << name;
}

TEST(OgcCaching, UnchangedAnswersAreNotSentAgain) {
  const auto again = [](const std::string& path, http::Query query, const std::string& tag) {
    http::Request request;
    request.method = "GET";
    request.path = "/ogc" + path;
    request.query = std::move(query);
    request.base_url = kOgcBase;
    request.set_header(http::Header::if_none_match, tag);
    return ogc_world().service.answer(request).value();
  };
  const std::string items = "/collections/units/items";
  const std::string tag = ogc_header(ogc_world().get(items), "ETag");
  EXPECT_TRUE(tag.starts_with("W/\""));  // the time stamp differs, the features do not
  for (const std::string& sent : {tag, "\"x\", " + tag, tag.substr(2), std::string("*")}) {
    const http::Response response = again(items, {}, sent);
    EXPECT_EQ(response.status, 304);
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(ogc_header(response, "ETag"), tag);
  }
  EXPECT_EQ(again(items, {}, "W/\"other\"").status, 200);
  for (const http::Query& query :
       {http::Query{{"limit", "3"}}, {{"offset", "3"}}, {{"crs", "http://www.opengis.net/def/crs/EPSG/0/4490"}}})
    EXPECT_EQ(again(items, query, tag).status, 200);
  EXPECT_NE(ogc_header(ogc_world().get("/collections/schools/items"), "ETag"), tag);
  EXPECT_EQ(again(items, {{"limit", "0"}}, tag).status, 400);
  // Documents carry a tag of their bytes, which the server answers by itself.
  EXPECT_NE(ogc_world().get("/collections").content, nullptr);
  EXPECT_NE(ogc_world().get("/collections/units/items/u100").content, nullptr);
  EXPECT_EQ(ogc_header(ogc_world().get(items), "Vary"), "Accept");
}

TEST(OgcPaging, APageEndsWhereItsBytesDo) {
  const ogc::Published published = ogc::publish(ogc_world().package);
  const ogc::Collection& units = *published.find("units");
  const auto systems = ogc::list_crs(published);
  const ogc::ItemQuery query = ogc::read_item_query({{"limit", "20"}}, units, systems);
  const ogc::Selection all = ogc::select(units, query);
  const ogc::ItemPage whole = ogc::write_page(units, all, query, ogc::kMostBytes);
  EXPECT_EQ(whole.returned, 20u);
  const ogc::ItemPage cut = ogc::write_page(units, all, query, whole.features.size() / 2);
  EXPECT_GE(cut.returned, 9u);
  EXPECT_LE(cut.returned, 12u);
  EXPECT_EQ(ogc::write_page(units, all, query, 1).returned, 1u);  // always one, so that next leads on
  EXPECT_EQ(whole.features.substr(0, cut.features.size()), cut.features);
}

TEST(OgcHostile, WhatWasSentNeverBreaksOutOfLinksOrPages) {
  const std::string evil = "\"><script>alert(1)</script>\r\nX-Evil: 1";
  const http::Response json_answer = ogc_world().get("/collections/units/items", {{"name", evil}, {"limit", "5"}});
  EXPECT_EQ(json_answer.status, 200);
  EXPECT_EQ(json::parse(json_answer.body)["numberMatched"], 0);
  for (const auto& [name, value] : json_answer.headers)
    EXPECT_EQ(value.find_first_of("\r\n"), std::string::npos) << name;
  EXPECT_EQ(ogc_header(json_answer, "Link").find("<script"), std::string::npos);
  const http::Response page = ogc_world().get("/collections/units/items", {{"name", evil}}, "text/html");
  EXPECT_EQ(ogc_body(page).find("<script"), std::string::npos);
  // A filter so long that its links might not pass a proxy leaves the header and stays in the body.
  const http::Response lengthy = ogc_world().get("/collections/units/items", {{"name", std::string(2000, 'x')}});
  EXPECT_EQ(ogc_header(lengthy, "Link"), "");
  EXPECT_NE(ogc_link(json::parse(lengthy.body), "self"), "");
  // Refusals name parameters that are ours, and no long or foreign ones.
  const http::Response refused = ogc_world().get("/collections", {{std::string(100, 'x'), "1"}});
  EXPECT_EQ(refused.body.find("xxxx"), std::string::npos);
  const http::Response unknown = ogc_world().get("/collections/" + evil + "/items");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.body.find("script"), std::string::npos);
}

TEST(OgcHostile, RandomParametersAreAnsweredOrRefused) {
  std::mt19937_64 random(11);
  const std::vector<std::string> names{"limit", "offset", "bbox", "bbox-crs", "datetime",
                                       "crs",   "f",      "name", "id",       "x"};
  const std::string alphabet = "0123456789.,-+eE/:TZ 路\"<>%&=\x7f";
  for (int round = 0; round < 3000; ++round) {
    http::Query query;
    for (std::size_t k = 0; k <= random() % 3; ++k) {
      std::string value;
      for (std::size_t i = random() % 24; i > 0; --i) value += alphabet[random() % alphabet.size()];
      query.emplace_back(names[random() % names.size()], value);
    }
    const http::Response response = ogc_world().get("/collections/zones-primary-2024-general/items", query);
    EXPECT_TRUE(response.status == 200 || response.status == 400);
  }
}

TEST(OgcBase, HostsThatAreNoPlainNameGiveNoBase) {
  EXPECT_EQ(http::base_url("example.org:8080"), "http://example.org:8080");
  EXPECT_EQ(http::base_url("[::1]:80"), "http://[::1]:80");
  for (const char* host : {"", "a b", "a/b", "a>b", "a\"b", "user@host", "a\r\nb", "例子"})
    EXPECT_EQ(http::base_url(host), "");
  // Without one, links are paths.
  http::Request request;
  request.method = "GET";
  request.path = "/ogc";
  EXPECT_EQ(ogc_link(json::parse(ogc_body(ogc_world().service.answer(request).value())), "data"),
            "/ogc/collections?f=json");
}

TEST(OgcTimes, MomentsTurnToBeijing) {
  const auto text = [](const char* moment) { return ogc::to_text(ogc::find_moment(moment).value()); };
  EXPECT_EQ(text("2024-12-31T23:30:00Z"), "2025-01-01T07:30:00+08:00");
  EXPECT_EQ(text("2024-03-01T00:00:00+09:00"), "2024-02-29T23:00:00+08:00");
  EXPECT_EQ(text("2016-12-31T23:59:60.5-00:30"), "2017-01-01T08:30:00+08:00");
}

}  // namespace
}  // namespace catchment::testing
