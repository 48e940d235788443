// What a bundle is made of: the layers of one school year with the finders that answer for them, and those of the year
// before to tell what changed.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/city_finder.hpp"
#include "datasets/city_package.hpp"
#include "geo/gazetteer/gazetteer.hpp"
#include "server/answers/answer_json.hpp"
#include "server/publish/hidden_names.hpp"

namespace catchment::publish {

// Told how far a step is (0 to 1); false stops, and Stopped is thrown.
using Report = std::function<bool(std::string_view step, double share)>;
struct Stopped {};
inline void tell(const Report& report, std::string_view step, double share) {
  if (report && !report(step, share)) throw Stopped{};
}

struct CityOptions {
  std::filesystem::path package;
  std::string snapshot;             // empty: names are built
  std::vector<std::string> layers;  // empty: all of the school year
  int school_year = 0;              // 0: that of the layers named, else the package's last
  std::filesystem::path hidden_names;
  unsigned threads = 1;
};

struct BundleLayer {
  engine::LayerKey key;
  std::string name;  // "primary-2026-general": of files
  std::vector<engine::Zone> zones;
  std::vector<engine::ZoneRow> rows;  // of its notice; may be empty
  const engine::ZoneLayer* layer = nullptr;
  const engine::SchoolFinder* finder = nullptr;
  std::optional<engine::LayerKey> before;  // the latest earlier layer of stage and kind
  const engine::SchoolFinder* finder_before = nullptr;
};

// Immutable and at one place.
struct BundleCity {
  explicit BundleCity(datasets::CityPackage package_) : package(std::move(package_)) {}
  BundleCity(const BundleCity&) = delete;
  BundleCity& operator=(const BundleCity&) = delete;

  datasets::CityPackage package;
  std::string city, attribution;
  bool synthetic = false;
  int school_year = 0;
  HiddenNames hidden;
  std::unique_ptr<const geo::Gazetteer> names;
  std::deque<engine::ZoneLayer> zone_layers;
  std::vector<datasets::LayerFinder> finders;
  std::vector<BundleLayer> layers;  // at least one, sorted by key; every one has zones
  std::map<std::string, engine::School> schools;
  std::map<std::string, std::vector<engine::Campus>> campuses;  // by school
  answers::Labels labels;

  const std::string& school_name(const std::string& id) const { return labels.school(id); }
  // What a map calls the zone: its name, else its schools', else its id; a hidden name is no name.
  std::string zone_label(const engine::Zone& zone) const;
};

// Throws InputError: layer_unknown, layer_years (layers of several school years), layer_none (no zones that year), and
// those of packages, snapshots and hidden names; Stopped.
std::unique_ptr<BundleCity> read_bundle_city(const CityOptions& options, const Report& report);

// work(slice, first, end) on `threads` threads; what one throws is thrown here.
void in_shares(std::size_t count, unsigned threads, const std::function<void(std::size_t, std::size_t)>& work);

}  // namespace catchment::publish
