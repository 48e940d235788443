// The parts of bundle.cpp: each writes its files into the folder.
#pragma once

#include <string>
#include <vector>

#include "server/publish/bundle.hpp"
#include "server/publish/bundle_dir.hpp"
#include "server/publish/layer_words.hpp"
#include "server/publish/look_up.hpp"
#include "server/publish/tile_files.hpp"

namespace catchment::publish {

// What was reckoned of one layer.
struct LayerParts {
  const BundleLayer* layer = nullptr;
  LayerNotice notice;
  LayerChanges changes;
  TileSet tiles;
};

// data/: zones and schools for other programs.
void write_data_files(const BundleCity& city, const BundleOptions& options, BundleDir& dir);

// site/city.js: all that the site knows but the addresses.
std::string site_data(const BundleCity& city, const BundleOptions& options, const std::vector<LayerParts>& layers,
                      const AddressAnswers& answers, const LookUp& look_up, const answers::ordered_json& backtest,
                      const std::vector<std::pair<std::string, std::uintmax_t>>& downloads);

std::string readme_text(const BundleCity& city, const BundleOptions& options, const LookUp& look_up);

}  // namespace catchment::publish
