// What a bundle says of a layer in words: its notice, and what changed since the layer before.
#pragma once

#include <string>
#include <vector>

#include "engine/zone_text/diff.hpp"
#include "engine/zone_text/ground.hpp"
#include "server/publish/address_answers.hpp"

namespace catchment::publish {

struct NoticeLine {
  std::string school_id, school, campus, zone_id, words;
};
// The rows of the package's notice as they are; where it has none, the zones in words (engine/zone_text/print).
struct LayerNotice {
  bool printed = false;   // from the zones, not from a notice
  engine::Notice notice;  // its id is empty where the zones name none
  std::vector<NoticeLine> lines;
};
LayerNotice notice_of(const BundleCity& city, const BundleLayer& layer, const engine::zone_text::Ground& ground);
std::string notice_csv(const LayerNotice& notice);       // as import --notice reads it
std::string notice_markdown(const LayerNotice& notice);  // likewise

struct MoveWords {
  std::vector<std::string> before, after;  // school ids
  bool sure = true;
  std::size_t addresses = 0;
  std::vector<std::string> ranges;  // "建设路1-23号单号"
};
struct LayerChanges {
  std::string before;  // the layer compared with; empty: there is none, and nothing below
  std::size_t addresses = 0;
  std::vector<MoveWords> moves;
  bool words_compared = false;  // both layers have a notice
  std::vector<engine::zone_text::ClauseDiff> clauses;
};
LayerChanges changes_of(const BundleCity& city, const BundleLayer& layer, const std::vector<AddressMove>& moves);
answers::ordered_json changes_json(const LayerChanges& changes);
std::string changes_csv(const BundleCity& city, const LayerChanges& changes);

}  // namespace catchment::publish
