#include "geo/street_network/search.hpp"

#include <algorithm>

namespace catchment::geo {
namespace {

constexpr unsigned kBucketShift = 13;  // 8,192 mm

std::size_t bucket_of(WalkKey key) { return static_cast<std::size_t>(key.length_mm() >> kBucketShift); }

}  // namespace

WalkSearch::WalkSearch(const Graph& graph, Keep keep) : graph_(graph), labels_(graph.nodes.size(), WalkKey::none()) {
  if (keep == Keep::labels) return;
  arcs_.assign(graph.nodes.size(), kSeed);
  previous_.assign(graph.nodes.size(), 0);
}

void WalkSearch::put(std::uint32_t node, WalkKey key) {
  if (labels_[node] == WalkKey::none()) reached_.push_back(node);
  labels_[node] = key;
  const std::size_t b = bucket_of(key);
  if (b >= buckets_.size()) buckets_.resize(b + b / 2 + 64);
  buckets_[b].push_back({key, node});
  ++waiting_;
}

void WalkSearch::spread(Entry entry, WalkKey bound) {
  for (std::uint32_t a = graph_.first_arc[entry.node]; a < graph_.first_arc[entry.node + 1]; ++a) {
    const GraphArc& arc = graph_.arcs[a];
    const WalkKey key = entry.key + arc.key;
    if (key >= labels_[arc.to] || key > bound) continue;
    put(arc.to, key);
    if (arcs_.empty()) continue;
    arcs_[arc.to] = a;
    previous_[arc.to] = entry.node;
  }
}

void WalkSearch::run(std::span<const Seed> seeds, WalkKey bound) {
  for (const std::uint32_t node : reached_) labels_[node] = WalkKey::none();
  reached_.clear();
  for (const Seed& seed : seeds) {
    if (seed.key > bound || seed.key >= labels_[seed.node]) continue;
    put(seed.node, seed.key);
    if (arcs_.empty()) continue;
    arcs_[seed.node] = kSeed;
    previous_[seed.node] = seed.source;
  }
  for (std::size_t b = 0; waiting_ > 0; ++b) {
    for (std::size_t i = 0; i < buckets_[b].size(); ++i) {  // grows while it is gone through
      const Entry entry = buckets_[b][i];
      if (entry.key == labels_[entry.node]) spread(entry, bound);
    }
    waiting_ -= buckets_[b].size();
    buckets_[b].clear();
  }
}

}  // namespace catchment::geo
