#include "server/cli/city_layers.hpp"

#include <algorithm>

#include "geo/input_error.hpp"

namespace catchment::cli {

using engine::LayerKey;

std::vector<LayerKey> choose_layers(const std::vector<LayerKey>& there, const std::vector<std::string>& names) {
  if (names.empty()) return there;
  std::vector<LayerKey> chosen;
  for (const std::string& name : names) {
    const auto key = engine::find_layer_key(name);
    if (!key || std::ranges::find(there, *key) == there.end()) {
      std::string list;
      for (const LayerKey& k : there) list += (list.empty() ? "" : ", ") + engine::to_text(k);
      throw InputError("layer_unknown", "--layer " + name, "the package has no such layer; it has " + list);
    }
    chosen.push_back(*key);
  }
  return chosen;
}

std::vector<LayerKey> chosen_layers(const datasets::CityPackage& package, const std::vector<std::string>& names) {
  return names.empty() ? std::vector<LayerKey>() : choose_layers(package.layers(), names);
}

std::vector<engine::ZoneLayer> load_layers(const datasets::CityPackage& package, const std::string& snapshot,
                                           const std::vector<std::string>& names) {
  const std::vector<LayerKey> keys = choose_layers(package.layers(), names);
  if (keys.empty()) throw InputError("layer_none", "", "the package has no zones: import a zone layer first");
  std::vector<engine::ZoneLayer> layers;
  if (snapshot.empty()) {
    for (const LayerKey& key : keys) layers.push_back(engine::ZoneLayer::build(key, package.zones(key)));
    return layers;
  }
  const std::vector<engine::ZoneLayer> saved = engine::open_layers(geo::Snapshot::open(snapshot));
  for (const LayerKey& key : keys) {
    const auto found = std::ranges::find(saved, key, &engine::ZoneLayer::key);
    if (found == saved.end() || found->fingerprint() != engine::zones_fingerprint(package.zones(key))) {
      throw InputError(
          "snapshot_stale", snapshot,
          "the snapshot was not made from the package's layer " + engine::to_text(key) + "; make it again");
    }
    layers.push_back(*found);
  }
  return layers;
}

std::map<std::string, std::string> school_names(const datasets::CityPackage& package) {
  std::map<std::string, std::string> names;
  for (const engine::School& school : package.schools()) names[school.id] = school.name;
  return names;
}

}  // namespace catchment::cli
