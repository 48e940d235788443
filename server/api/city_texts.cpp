#include "server/api/city_texts.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "server/api/json_text.hpp"

namespace catchment::api {
namespace {

std::string joined(std::span<const std::string> quoted_items) {
  std::string out;
  for (const std::string& item : quoted_items) {
    if (!out.empty()) out += ',';
    out += item;
  }
  return out;
}

std::string string_array(std::span<const std::string> items) {
  std::vector<std::string> texts;
  for (const std::string& item : items) texts.push_back(json_string(item));
  return concat({"[", joined(texts), "]"});
}

std::string bounds_json(const geo::Box& box) {
  if (box.empty()) return "[-180,-85.05113,180,85.05113]";
  std::string out = "[";
  for (const std::int32_t value : {box.min.lon, box.min.lat, box.max.lon, box.max.lat}) {
    if (out.size() > 1) out += ',';
    append_degrees(out, value);
  }
  return concat({out, "]"});
}

// For one segment of a path.
std::string encoded_segment(std::string_view text) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out.append({'%', kHex[byte >> 4], kHex[byte & 15u]});
    }
  }
  return out;
}

std::string tiles_path(const engine::LayerKey& key) {
  std::string path = "/v1/tiles/";
  path.append(engine::to_word(key.stage)).append("/").append(std::to_string(key.school_year));
  return path.append("/").append(encoded_segment(key.kind));
}

std::string feature(std::string properties, const std::string& geometry) {
  return std::string(R"({"type":"Feature","properties":{)")
      .append(properties)
      .append(R"(},"geometry":)")
      .append(geometry)
      .append("}");
}

std::string collection(std::span<const std::string> features) {
  return concat({R"({"type":"FeatureCollection","features":[)", joined(features), "]}"});
}

std::string zone_feature(const engine::Zone& zone) {
  std::string properties = concat({R"("id":)", json_string(zone.id), R"(,"name":)", json_string(zone.name),
                                   R"(,"school_ids":)", string_array(zone.school_ids)});
  properties += concat({R"(,"notice_id":)", json_string(zone.notice_id), R"(,"valid_from":)",
                        json_string(zone.valid_from), R"(,"valid_to":)", json_string(zone.valid_to)});
  std::string geometry;
  append_geometry(geometry, zone.shape);
  return feature(std::move(properties), geometry);
}

}  // namespace

CityTexts::CityTexts(const datasets::CityPackage& package) {
  for (const engine::School& school : package.schools()) schools_.emplace(school.id, school);
  for (const engine::Campus& campus : package.campuses()) campuses_[campus.school_id].push_back(campus);
  for (const engine::Notice& notice : package.notices()) notices_.emplace(notice.id, notice);
  const auto meta = package.meta();
  if (const auto found = meta.find("city"); found != meta.end()) city_ = found->second;
  if (const auto found = meta.find("attribution"); found != meta.end()) attribution_ = found->second;
}

std::string CityTexts::school_name(const std::string& id) const {
  const auto found = schools_.find(id);
  return found == schools_.end() ? id : found->second.name;
}

std::string CityTexts::school(const std::string& id) const {
  std::vector<std::string> places;
  if (const auto found = campuses_.find(id); found != campuses_.end()) {
    for (const engine::Campus& campus : found->second) {
      std::string place =
          concat({R"({"id":)", json_string(campus.id), R"(,"name":)", json_string(campus.name), R"(,"lon":)"});
      append_degrees(place, campus.position.lon);
      place += R"(,"lat":)";
      append_degrees(place, campus.position.lat);
      places.push_back(place + "}");
    }
  }
  return concat({R"({"id":)", json_string(id), R"(,"name":)", json_string(school_name(id)), R"(,"campuses":[)",
                 joined(places), "]}"});
}

std::string CityTexts::notice(const std::string& id) const {
  const auto found = notices_.find(id);
  if (found == notices_.end()) return "null";
  const engine::Notice& n = found->second;
  return concat({R"({"id":)", json_string(n.id), R"(,"title":)", json_string(n.title), R"(,"bureau":)",
                 json_string(n.bureau), R"(,"published":)", json_string(n.published), R"(,"url":)", json_string(n.url),
                 "}"});
}

std::string CityTexts::zone_members(const engine::ZoneInfo& zone) const {
  std::vector<std::string> schools;
  for (const std::string& id : zone.school_ids) schools.push_back(school(id));
  return concat({R"("id":)", json_string(zone.id), R"(,"name":)", json_string(zone.name), R"(,"schools":[)",
                 joined(schools), R"(],"notice":)", notice(zone.notice_id)});
}

std::string CityTexts::zone_brief(const engine::ZoneInfo& zone) const {
  return concat({R"({"id":)", json_string(zone.id), R"(,"name":)", json_string(zone.name), "}"});
}

std::string CityTexts::schools_geojson() const {
  std::vector<std::string> features;
  for (const auto& [school_id, campuses] : campuses_) {
    const auto found = schools_.find(school_id);
    const engine::School school =
        found == schools_.end() ? engine::School{school_id, school_id, {}, "open", "public"} : found->second;
    std::vector<std::string> stages;
    for (const engine::Stage stage : school.stages) stages.emplace_back(engine::to_word(stage));
    for (const engine::Campus& campus : campuses) {
      std::string properties = concat({R"("id":)", json_string(campus.id), R"(,"school_id":)", json_string(school.id),
                                       R"(,"name":)", json_string(school.name)});
      properties += concat({R"(,"campus":)", json_string(campus.name), R"(,"stages":)", string_array(stages)});
      properties +=
          concat({R"(,"status":)", json_string(school.status), R"(,"ownership":)", json_string(school.ownership)});
      std::string geometry;
      append_geometry(geometry, campus.position);
      features.push_back(feature(std::move(properties), geometry));
    }
  }
  return collection(features);
}

std::vector<tiles::TileSchool> CityTexts::tile_schools(engine::Stage stage) const {
  std::vector<tiles::TileSchool> out;
  for (const auto& [id, school] : schools_) {
    const auto campuses = campuses_.find(id);
    if (campuses == campuses_.end() || school.status == "closed" ||
        std::ranges::find(school.stages, stage) == school.stages.end())
      continue;
    for (const engine::Campus& campus : campuses->second)
      out.push_back({id, school.name, campus.name, campus.position});
  }
  return out;
}

answers::Labels CityTexts::labels() const {
  answers::Labels labels;
  for (const auto& [id, school] : schools_) labels.schools.emplace(id, school.name);
  labels.notices = notices_;
  return labels;
}

std::map<std::string, answers::ordered_json> CityTexts::campuses() const {
  std::map<std::string, answers::ordered_json> out;
  for (const auto& [school, campuses] : campuses_) {
    answers::ordered_json& list = out[school] = answers::ordered_json::array();
    for (const engine::Campus& campus : campuses) {
      answers::ordered_json item{{"id", campus.id}, {"name", campus.name}};
      item.update(answers::point_json(campus.position));
      list.push_back(std::move(item));
    }
  }
  return out;
}

std::string key_json(const engine::LayerKey& key) {
  return concat({R"("layer":)", json_string(engine::to_text(key)), R"(,"stage":)",
                 json_string(engine::to_word(key.stage)), R"(,"school_year":)", std::to_string(key.school_year),
                 R"(,"kind":)", json_string(key.kind)});
}

std::string zones_geojson(std::span<const engine::Zone> zones) {
  std::vector<std::string> features;
  for (const engine::Zone& zone : zones) features.push_back(zone_feature(zone));
  return collection(features);
}

std::string layers_json(std::span<const ServedLayer> layers) {
  std::vector<std::string> items;
  for (const ServedLayer& served : layers) {
    items.push_back(concat({"{", served.key_json, R"(,"zones":)", std::to_string(served.layer.zones().size()),
                            R"(,"bounds":)", bounds_json(served.tiles.box()), R"(,"tiles":)",
                            json_string(tiles_path(served.layer.key()) + ".json"), "}"}));
  }
  return concat({R"({"layers":[)", joined(items), "]}"});
}

std::string tile_json(const ServedLayer& served, const std::string& attribution) {
  constexpr std::string_view kVectorLayers =
      R"([{"id":"zones","fields":{"id":"String","name":"String","schools":"String","colour":"Number"}},)"
      R"({"id":"zone_lines","fields":{"outer":"Boolean"}},)"
      R"({"id":"zone_labels","fields":{"id":"String","name":"String","schools":"String"}},)"
      R"({"id":"schools","fields":{"id":"String","name":"String","campus":"String"}}])";
  const std::string path = tiles_path(served.layer.key());
  std::string out = concat({R"({"tilejson":"3.0.0","name":)", json_string(engine::to_text(served.layer.key())),
                            R"(,"scheme":"xyz","tiles":[)"});
  out += concat(
      {json_string(path + "/{z}/{x}/{y}.mvt?v=" + served.version), R"(],"minzoom":)", std::to_string(tiles::kMinZoom)});
  out += concat({R"(,"maxzoom":)", std::to_string(tiles::kMaxZoom), R"(,"bounds":)", bounds_json(served.tiles.box())});
  if (!attribution.empty()) out += concat({R"(,"attribution":)", json_string(attribution)});
  return out.append(R"(,"vector_layers":)").append(kVectorLayers).append("}");
}

}  // namespace catchment::api
