#include "engine/matching/zone_layer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

#include "geo/input_error.hpp"

namespace catchment::engine {
namespace {

using nlohmann::json;

constexpr double kNearestSchoolM = 1000;

std::string metres(double m) {
  std::array<char, 32> text{};  // of a distance within a layer
  const auto end = std::to_chars(text.begin(), text.end(), m, std::chars_format::fixed, m < 10 ? 2 : 0).ptr;
  return std::string(text.begin(), end).append(" m");
}

bool is_among(const std::vector<MatchedZone>& zones, geo::ZoneNumber zone) {
  return std::ranges::any_of(zones, [&](const MatchedZone& m) { return m.zone == zone; });
}

json to_json(const ZoneInfo& zone) {
  return {{"id", zone.id}, {"name", zone.name}, {"schools", zone.school_ids}, {"notice", zone.notice_id}};
}

ZoneInfo zone_info(const json& value) {
  return {value.at("id"), value.at("name"), value.at("schools"), value.at("notice")};
}

}  // namespace

ZoneLayer::ZoneLayer(LayerKey key, std::vector<ZoneInfo> zones, geo::ZoneIndex index, std::uint64_t fingerprint)
    : key_(std::move(key)), zones_(std::move(zones)), index_(std::move(index)), fingerprint_(fingerprint) {}

std::uint64_t zones_fingerprint(std::span<const Zone> zones) {
  // Lengths go in before what they measure, so that no two lists of zones spell the same bytes.
  std::vector<std::byte> bytes;
  const auto add = [&](const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    bytes.insert(bytes.end(), first, first + size);
  };
  const auto add_count = [&](std::uint64_t n) { add(&n, sizeof n); };
  const auto add_text = [&](const std::string& text) {
    add_count(text.size());
    add(text.data(), text.size());
  };
  for (const Zone& zone : zones) {
    for (const std::string* text : {&zone.id, &zone.name, &zone.notice_id}) add_text(*text);
    add_count(zone.school_ids.size());
    for (const std::string& id : zone.school_ids) add_text(id);
    add_count(zone.shape.size());
    for (const geo::Polygon& part : zone.shape) add_count(part.holes.size());
    geo::for_each_ring(zone.shape, [&](const geo::Ring& ring) {
      add_count(ring.size());
      add(ring.data(), ring.size() * sizeof(geo::Point));
    });
  }
  return geo::fingerprint(bytes);
}

ZoneLayer ZoneLayer::build(const LayerKey& key, std::span<const Zone> zones) {
  std::vector<ZoneInfo> infos;
  std::vector<geo::MultiPolygon> shapes;
  for (const Zone& zone : zones) {
    infos.push_back({zone.id, zone.name, zone.school_ids, zone.notice_id});
    std::ranges::sort(infos.back().school_ids);
    shapes.push_back(zone.shape);
  }
  return {key, std::move(infos), geo::ZoneIndex::build(shapes), zones_fingerprint(zones)};
}

Match ZoneLayer::match(geo::Point p, double error_m) const {
  const geo::Location at = index_.locate(p, kNearestSchoolM);
  Match match;
  match.status = at.status;
  for (const geo::ZoneMargin& m : at.zones) match.zones.push_back({m.zone, m.margin_m, m.across});
  if (at.nearest) match.nearest.push_back({at.nearest->zone, at.nearest->margin_m, {}});

  // A point on a line is certain to be on it only if its position is certain; near a line it may be on either side.
  double least = std::numeric_limits<double>::infinity();
  if (error_m > 0) {
    const std::size_t covering = match.zones.size();
    for (const geo::ZoneMargin& m : index_.zones_near(p, error_m)) {
      least = std::min(least, m.margin_m);
      if (!is_among(match.zones, m.zone)) match.zones.push_back({m.zone, m.margin_m, m.across});
    }
    if (least <= error_m && match.status != geo::PointStatus::boundary) {
      match.status = geo::PointStatus::boundary;
      match.nearest.clear();
      match.reason = "The point is " + metres(least) + " from a line and may be off by " + metres(error_m) +
                     (covering == 0 ? "; it lies outside every zone." : ".");
      return match;
    }
  }
  switch (match.status) {
    case geo::PointStatus::inside:
      match.reason = "The point lies inside the zone, " + metres(match.zones.front().margin_m) + " from its line.";
      break;
    case geo::PointStatus::boundary:
      match.reason = "The point lies exactly on a line.";
      break;
    case geo::PointStatus::overlap:
      match.reason = "The point lies inside " + std::to_string(match.zones.size()) + " zones at once.";
      break;
    case geo::PointStatus::outside:
      match.reason = match.nearest.empty() ? "The point lies in no zone, and none is within 1 km."
                                           : "The point lies in no zone; the nearest is " +
                                                 metres(match.nearest.front().margin_m) + " away.";
      break;
  }
  return match;
}

void save_layers(std::span<const ZoneLayer> layers, geo::SnapshotWriter& writer) {
  json list = json::array();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    json zones = json::array();
    for (const ZoneInfo& zone : layers[i].zones()) zones.push_back(to_json(zone));
    list.push_back(
        {{"key", to_text(layers[i].key())}, {"fingerprint", layers[i].fingerprint()}, {"zones", std::move(zones)}});
    layers[i].index().save(writer, "layer/" + std::to_string(i) + "/");
  }
  writer.add_text("layers", list.dump());
}

std::vector<ZoneLayer> open_layers(const geo::Snapshot& snapshot) {
  std::vector<ZoneLayer> layers;
  try {
    const json list = json::parse(snapshot.get_text("layers"));
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto key = find_layer_key(list[i].at("key").get<std::string>());
      std::vector<ZoneInfo> zones;
      for (const json& zone : list[i].at("zones")) zones.push_back(zone_info(zone));
      geo::ZoneIndex index = geo::ZoneIndex::open(snapshot, "layer/" + std::to_string(i) + "/");
      if (!key || zones.size() != index.zone_count()) {
        throw InputError("snapshot_corrupt", "layers", "the zones do not fit the index");
      }
      layers.push_back(
          ZoneLayer(*key, std::move(zones), std::move(index), list[i].at("fingerprint").get<std::uint64_t>()));
    }
  } catch (const json::exception& error) {
    throw InputError("snapshot_corrupt", "layers", error.what());
  }
  return layers;
}

}  // namespace catchment::engine
