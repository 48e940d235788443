#include "server/publish/bundle_city.hpp"

#include <algorithm>
#include <exception>
#include <set>
#include <thread>

#include "datasets/city_names.hpp"
#include "geo/input_error.hpp"

namespace catchment::publish {
namespace {

using engine::LayerKey;

std::string list_of(const std::vector<LayerKey>& keys) {
  std::string list;
  for (const LayerKey& key : keys) list += (list.empty() ? "" : ", ") + engine::to_text(key);
  return list.empty() ? "none" : list;
}

std::vector<LayerKey> keys_to_publish(const std::vector<LayerKey>& there, const CityOptions& options) {
  std::vector<LayerKey> keys;
  for (const std::string& name : options.layers) {
    const auto key = engine::find_layer_key(name);
    if (!key || std::ranges::find(there, *key) == there.end()) {
      throw InputError("layer_unknown", "--layer " + name, "the package has no such layer; it has " + list_of(there));
    }
    keys.push_back(*key);
  }
  int year = options.school_year;
  for (const LayerKey& key : keys) {
    if (year == 0) year = key.school_year;
    if (key.school_year != year) {
      throw InputError("layer_years", "--layer " + engine::to_text(key),
                       "a bundle is of one school year, here " + std::to_string(year));
    }
  }
  if (keys.empty()) {
    for (const LayerKey& key : there) year = options.school_year != 0 ? year : std::max(year, key.school_year);
    std::ranges::copy_if(there, std::back_inserter(keys), [&](const LayerKey& k) { return k.school_year == year; });
  }
  if (keys.empty()) {
    throw InputError("layer_none", options.package.string(),
                     "the package has no zones of " + std::to_string(year) + "; it has " + list_of(there));
  }
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

std::optional<LayerKey> layer_before(const std::vector<LayerKey>& there, const LayerKey& of) {
  std::optional<LayerKey> found;
  for (const LayerKey& key : there) {
    if (key.stage == of.stage && key.kind == of.kind && key.school_year < of.school_year) found = key;
  }
  return found;
}

std::string file_name_of(const LayerKey& key) {
  std::string name = engine::to_text(key);
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!plain) c = '-';
  }
  return name;
}

void read_nouns(BundleCity& city) {
  const auto meta = city.package.meta();
  const auto text = [&](const char* key) { return meta.contains(key) ? meta.at(key) : std::string(); };
  city.city = text("city");
  city.attribution = text("attribution");
  city.synthetic = city.package.synthetic();
  for (engine::School& school : city.package.schools()) {
    city.labels.schools.emplace(school.id, school.name);
    city.schools.emplace(school.id, std::move(school));
  }
  for (engine::Campus& campus : city.package.campuses()) city.campuses[campus.school_id].push_back(std::move(campus));
  for (engine::Notice& notice : city.package.notices()) city.labels.notices.emplace(notice.id, std::move(notice));
}

void open_finders(BundleCity& city, const std::vector<LayerKey>& keys, const CityOptions& options,
                  const Report& report) {
  std::vector<const engine::ZoneLayer*> layers;
  const std::vector<LayerKey> with_zones = city.package.layers();
  for (const LayerKey& key : keys) {
    if (std::ranges::find(with_zones, key) == with_zones.end()) continue;
    city.zone_layers.push_back(engine::ZoneLayer::build(key, city.package.zones(key)));
    layers.push_back(&city.zone_layers.back());
  }
  datasets::FinderOptions how;
  how.threads = options.threads;
  how.progress = [&](std::size_t done, std::size_t of) {
    return !report || report("notices", static_cast<double>(done) / static_cast<double>(std::max<std::size_t>(of, 1)));
  };
  city.finders = datasets::build_finders(city.package, *city.names, layers, keys, how);
  if (city.finders.size() != keys.size()) throw Stopped{};
}

const engine::SchoolFinder* finder_of(const BundleCity& city, const LayerKey& key) {
  for (const datasets::LayerFinder& f : city.finders) {
    if (f.key == key) return &f.finder;
  }
  return nullptr;
}

}  // namespace

std::string BundleCity::zone_label(const engine::Zone& zone) const {
  const std::string name = hidden.shown(zone.name);
  if (!name.empty()) return name;
  std::string schools_text;
  for (const std::string& id : zone.school_ids) schools_text += (schools_text.empty() ? "" : "、") + school_name(id);
  return schools_text.empty() ? zone.id : schools_text;
}

std::unique_ptr<BundleCity> read_bundle_city(const CityOptions& options, const Report& report) {
  auto city = std::make_unique<BundleCity>(datasets::CityPackage::open(options.package));
  city->hidden = HiddenNames::read(options.hidden_names);
  const std::vector<LayerKey> keys = keys_to_publish(city->package.layers(), options);
  city->school_year = keys.front().school_year;
  read_nouns(*city);
  tell(report, "names", 0);
  city->names = std::make_unique<const geo::Gazetteer>(datasets::open_names(options.snapshot, city->package));
  const std::vector<LayerKey> answering = datasets::finder_layers(city->package);
  std::set<LayerKey> all(keys.begin(), keys.end());
  for (const LayerKey& key : keys) {
    if (const auto before = layer_before(answering, key)) all.insert(*before);
  }
  open_finders(*city, {all.begin(), all.end()}, options, report);
  const std::vector<LayerKey> with_rows = city->package.zone_row_layers();
  for (const LayerKey& key : keys) {
    BundleLayer& layer = city->layers.emplace_back();
    layer.key = key;
    layer.name = file_name_of(key);
    layer.zones = city->package.zones(key);
    if (std::ranges::find(with_rows, key) != with_rows.end()) layer.rows = city->package.zone_rows(key);
    for (const engine::ZoneLayer& built : city->zone_layers) {
      if (built.key() == key) layer.layer = &built;
    }
    layer.finder = finder_of(*city, key);
    layer.before = layer_before(answering, key);
    if (layer.before) layer.finder_before = finder_of(*city, *layer.before);
  }
  return city;
}

void in_shares(std::size_t count, unsigned threads, const std::function<void(std::size_t, std::size_t)>& work) {
  const std::size_t slices = std::max<std::size_t>(1, std::min<std::size_t>(threads, count));
  std::vector<std::exception_ptr> failures(slices);
  std::vector<std::thread> helpers;
  const auto run = [&](std::size_t slice) {
    try {
      work(count * slice / slices, count * (slice + 1) / slices);
    } catch (...) {
      failures[slice] = std::current_exception();
    }
  };
  for (std::size_t slice = 1; slice < slices; ++slice) helpers.emplace_back(run, slice);
  run(0);
  for (std::thread& helper : helpers) helper.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace catchment::publish
