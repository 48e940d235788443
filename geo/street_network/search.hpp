// Shortest ways from some places to every node within a bound. Internal to the street network.
#pragma once

#include <span>
#include <vector>

#include "geo/street_network/graph.hpp"

namespace catchment::geo {

struct Seed {
  std::uint32_t node = 0;
  WalkKey key;
  std::uint32_t source = 0;  // the gate's number twice, plus one at its edge's `to`: for who follows a way back
};

// Dijkstra with buckets 8 m wide instead of a heap: within a bucket a node may be reached again, shorter, so the labels
// are exact all the same. One per thread; its tables are kept from run to run.
class WalkSearch {
 public:
  static constexpr std::uint32_t kSeed = UINT32_MAX;  // as an arc: the way begins here
  enum class Keep { labels, arcs };

  WalkSearch(const Graph& graph, Keep keep);  // refers to the graph

  void run(std::span<const Seed> seeds, WalkKey bound);

  // Of the last run; WalkKey::none() beyond the bound.
  WalkKey label(std::uint32_t node) const { return labels_[node]; }
  std::span<const std::uint32_t> reached() const { return reached_; }
  // With Keep::arcs: the arc that leads to this node, numbered in the graph, or kSeed.
  std::uint32_t arc(std::uint32_t node) const { return arcs_[node]; }
  std::uint32_t previous(std::uint32_t node) const { return previous_[node]; }  // a node, or the seed's source

 private:
  struct Entry {
    WalkKey key;
    std::uint32_t node;
  };
  void put(std::uint32_t node, WalkKey key);
  void spread(Entry entry, WalkKey bound);

  const Graph& graph_;
  std::vector<WalkKey> labels_;
  std::vector<std::uint32_t> arcs_, previous_;
  std::vector<std::uint32_t> reached_;
  std::vector<std::vector<Entry>> buckets_;  // all empty between runs
  std::size_t waiting_ = 0;
};

}  // namespace catchment::geo
