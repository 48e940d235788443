// From a point to the schools whose zone it lies in, with the reason in words.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/model.hpp"
#include "geo/snapshot.hpp"
#include "geo/zone_index.hpp"

namespace catchment::engine {

// What is said of a zone in an answer; the shape stays in the index.
struct ZoneInfo {
  std::string id;
  std::string name;
  std::vector<std::string> school_ids;  // sorted
  std::string notice_id;
};

struct MatchedZone {
  geo::ZoneNumber zone = 0;             // position in ZoneLayer::zones()
  double margin_m = 0;                  // to the nearest line of this zone
  std::vector<geo::ZoneNumber> across;  // zones on the other side of that line
};

struct Match {
  // As geo::Location, except that a point nearer to a line than its own error is `boundary`, and then `zones` also
  // names the zones across that line.
  geo::PointStatus status = geo::PointStatus::outside;
  std::vector<MatchedZone> zones;    // covering zones first, sorted by number, then those within the error, sorted
  std::vector<MatchedZone> nearest;  // outside only: at most one, the nearest zone within 1 km
  std::string reason;                // one English sentence with the figures that decided; the UI words its own
};

// Tells whether a layer was built from just these zones: their order, texts, schools and every vertex.
std::uint64_t zones_fingerprint(std::span<const Zone> zones);

// One layer (stage, school year, kind), immutable.
class ZoneLayer {
 public:
  // Zones in the order given become zone numbers 0, 1, ...
  static ZoneLayer build(const LayerKey& key, std::span<const Zone> zones);

  const LayerKey& key() const { return key_; }
  const std::vector<ZoneInfo>& zones() const { return zones_; }
  const geo::ZoneIndex& index() const { return index_; }
  std::uint64_t fingerprint() const { return fingerprint_; }  // zones_fingerprint() of what it was built from

  // error_m: how far the point may be from the true place, >= 0.
  Match match(geo::Point p, double error_m = 0) const;

 private:
  friend std::vector<ZoneLayer> open_layers(const geo::Snapshot&);
  ZoneLayer(LayerKey key, std::vector<ZoneInfo> zones, geo::ZoneIndex index, std::uint64_t fingerprint);

  LayerKey key_;
  std::vector<ZoneInfo> zones_;
  geo::ZoneIndex index_;
  std::uint64_t fingerprint_;
};

// All layers of a city in one snapshot file.
void save_layers(std::span<const ZoneLayer> layers, geo::SnapshotWriter& writer);
// Throws InputError("snapshot_corrupt").
std::vector<ZoneLayer> open_layers(const geo::Snapshot& snapshot);

}  // namespace catchment::engine
