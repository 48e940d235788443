// A small made-up city published by OGC API - Features, asked without a socket.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "datasets/package_writer.hpp"
#include "datasets/synth/tessellation.hpp"
#include "server/ogc/ogc_service.hpp"

namespace catchment::testing {

inline constexpr const char* kOgcBase = "http://catchment.test:8080";
inline const std::chrono::local_seconds kOgcNow =
    std::chrono::local_days(std::chrono::year(2026) / 11 / 27) + std::chrono::hours(22) + std::chrono::minutes(5);

// Three layers: primary 2024 (9 zones), primary 2025 (one zone of two parts, one with a hole, one without any shape,
// one with dates of its own), junior 2025 of kind 女生 (1 zone); two districts, 25 units, schools with two, one and no
// campuses.
inline void write_ogc_package(const std::filesystem::path& path) {
  datasets::PackageWriter writer(path, datasets::PackageWriter::Start::empty);
  writer.set_source("test");
  writer.set_meta("city", "示例市");
  writer.set_meta("attribution", "示例测绘 <made up>");
  writer.set_meta("synthetic", "yes");
  const auto map = datasets::synth::make_tessellation(3, 5, {.depth_min = 2, .depth_max = 4});
  const auto number = [](std::size_t i) { return std::to_string(i); };
  const auto square = [](std::int32_t west, std::int32_t south, std::int32_t side) {
    return geo::Ring{{west, south}, {west + side, south}, {west + side, south + side}, {west, south + side}};
  };
  for (std::size_t i = 0; i < map.zones.size(); ++i) {
    engine::Zone zone;
    zone.id = "Z" + number(i);
    zone.layer.school_year = 2024;
    zone.name = i == 0 ? "<b>\"片区\" & '零'" : "第" + number(i) + "片区";
    zone.school_ids = {"S" + number(i)};
    if (i == 1) zone.school_ids.push_back("S0");
    zone.notice_id = i == 2 ? "" : "N";
    zone.shape = map.zones[i];
    writer.add(zone);
    writer.add(engine::School{"S" + number(i), "学校" + number(i % 8), {engine::Stage::primary}, "open", "public"});
    if (i == 8) continue;
    writer.add(engine::Campus{"C" + number(i), "S" + number(i), "主校区", map.zones[i][0].shell[0]});
    if (i == 0) writer.add(engine::Campus{"C0b", "S0", "东校区", map.zones[4][0].shell[0]});
  }
  const geo::Point corner{1'105'000'000, 335'000'000};
  const auto at = [&](int dx, int dy, int side) { return square(corner.lon + dx, corner.lat + dy, side); };
  engine::Zone zone;
  zone.layer.school_year = 2025;
  zone.id = "two parts";
  zone.shape = {{at(0, 0, 1000), {}}, {at(5000, 0, 1000), {}}};
  writer.add(zone);
  zone.id = "孔";
  zone.shape = {{at(0, 5000, 9000), {at(3000, 8000, 3000)}}};
  writer.add(zone);
  zone.id = "no shape";
  zone.shape = {};
  writer.add(zone);
  zone.id = "own dates";
  zone.valid_from = "2025-10-08";
  zone.valid_to = "2026-02-01";
  zone.shape = {{at(20000, 0, 1000), {}}};
  writer.add(zone);
  engine::Zone girls;
  girls.id = "G";
  girls.layer = {engine::Stage::junior, 2025, "女生"};
  girls.shape = {{at(0, 0, 50000), {}}};
  writer.add(girls);
  for (int i = 0; i < 25; ++i) {
    writer.add(engine::Unit{"u" + std::to_string(100 + i),
                            "第" + std::to_string(i) + "街坊",
                            i % 2 == 0 ? "D1" : "",
                            {{at(i % 5 * 2000, i / 5 * 2000, 2000), {}}}});
  }
  const geo::Box box = map.box;
  const std::int32_t middle = box.min.lon + (box.max.lon - box.min.lon) / 2;
  for (const bool west : {true, false}) {
    engine::Place place;
    place.id = west ? "D1" : "D2";
    place.kind = "district";
    place.name = west ? "西区" : "东区";
    const std::int32_t left = west ? box.min.lon - 10 : middle, right = west ? middle : box.max.lon + 10;
    place.shape = {
        {{{left, box.min.lat - 10}, {right, box.min.lat - 10}, {right, box.max.lat + 10}, {left, box.max.lat + 10}},
         {}}};
    writer.add(place);
  }
  writer.add(engine::Notice{"N", "公告", "教育局", "2024-04-01", "", ""});
  writer.commit();
}

struct OgcWorld {
  OgcWorld()
      : folder(std::filesystem::temp_directory_path() / ("catchment-ogc-" + std::to_string(::getpid()))),
        package(make(folder)),
        service(ogc::OgcService::open(package, [] { return kOgcNow; })) {}
  ~OgcWorld() { std::filesystem::remove_all(folder); }
  OgcWorld(const OgcWorld&) = delete;
  OgcWorld& operator=(const OgcWorld&) = delete;

  static datasets::CityPackage make(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    write_ogc_package(folder / "city.gpkg");
    return datasets::CityPackage::open(folder / "city.gpkg");
  }
  http::Response get(const std::string& path, http::Query query = {}, const std::string& accept = "") const {
    http::Request request;
    request.method = "GET";
    request.path = "/ogc" + path;
    request.query = std::move(query);
    request.set_header(http::Header::accept, accept);
    request.base_url = kOgcBase;
    return service.answer(request).value();
  }

  std::filesystem::path folder;
  datasets::CityPackage package;
  ogc::OgcService service;
};

// One for the whole program.
inline const OgcWorld& ogc_world() {
  static const OgcWorld world;
  return world;
}

inline const std::string& ogc_body(const http::Response& response) {
  return response.content ? response.content->plain : response.body;
}
inline std::string ogc_type(const http::Response& response) {
  return response.content ? response.content->type : response.content_type;
}
inline std::string ogc_header(const http::Response& response, const std::string& name) {
  std::string out;
  for (const auto& [key, value] : response.headers) {
    if (key == name) out += (out.empty() ? "" : ", ") + value;
  }
  if (name == "ETag" && response.content) out = response.content->etag;
  return out;
}
// The JSON of a resource that must answer 200.
inline nlohmann::json ogc_json(const std::string& path, http::Query query = {}) {
  const http::Response response = ogc_world().get(path, std::move(query), "application/json");
  if (response.status != 200) throw std::runtime_error(path + ": " + response.body);
  return nlohmann::json::parse(ogc_body(response));
}
inline std::vector<std::string> ogc_ids(const nlohmann::json& collection) {
  std::vector<std::string> out;
  for (const auto& feature : collection.at("features")) out.push_back(feature.at("id"));
  return out;
}
// The link of a relation (and type), or "".
inline std::string ogc_link(const nlohmann::json& document, const std::string& rel, const std::string& type = "") {
  for (const auto& link : document.at("links")) {
    if (link.at("rel") == rel && (type.empty() || link.at("type") == type)) return link.at("href");
  }
  return "";
}

}  // namespace catchment::testing
