// What the indicators of one stage and entry year are made of: sums of whole numbers, so that the order in which units
// came and went leaves no trace.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace catchment::engine::planning {

// How many children (in parts) walk how many metres, rounded up; those beyond the last bin are in it.
class MetreBins {
 public:
  static constexpr int kBins = 16'384;

  void add(int metres, std::int64_t parts) {
    all_ += parts;
    for (int i = std::min(metres, kBins - 1) + 1; i <= kBins; i += i & -i) tree_[static_cast<std::size_t>(i)] += parts;
  }
  std::int64_t all() const { return all_; }
  std::int64_t within(int metres) const {
    std::int64_t sum = 0;
    for (int i = std::min(metres, kBins - 1) + 1; i > 0; i -= i & -i) sum += tree_[static_cast<std::size_t>(i)];
    return sum;
  }
  // The least metres within which `parts` children walk; 0 < parts <= all().
  int reaching(std::int64_t parts) const {
    int at = 0;
    for (int step = kBins; step > 0; step /= 2) {
      const auto next = static_cast<std::size_t>(at + step);
      if (at + step <= kBins && tree_[next] < parts) at += step, parts -= tree_[next];
    }
    return at;
  }
  bool operator==(const MetreBins&) const = default;

 private:
  std::int64_t all_ = 0;
  std::vector<std::int64_t> tree_ = std::vector<std::int64_t>(kBins + 1, 0);  // Fenwick (1994): prefix sums
};

// The least of a list that changes one by one.
class LeastOf {
 public:
  static constexpr std::int64_t kNothing = INT64_MAX;

  explicit LeastOf(std::size_t size = 0) {
    while (leaves_ < size) leaves_ *= 2;
    tree_.assign(2 * leaves_, kNothing);
  }
  void set(std::size_t at, std::int64_t value) {
    tree_[at += leaves_] = value;
    for (at /= 2; at > 0; at /= 2) tree_[at] = std::min(tree_[2 * at], tree_[2 * at + 1]);
  }
  std::int64_t least() const { return tree_[1]; }
  bool operator==(const LeastOf& other) const { return least() == other.least(); }

 private:
  std::size_t leaves_ = 1;
  std::vector<std::int64_t> tree_;
};

// Children are in parts of 1/65,536 throughout. A shared zone's children go to its schools in equal parts.
struct YearTally {
  // Of units, each with what its schools are to it.
  std::int64_t children = 0;                            // of units somebody has
  std::int64_t nobodys = 0;                             // of units nobody has
  std::int64_t far = 0;                                 // without a walk: beyond the city's limit, or of no known place
  std::int64_t straight = 0;                            // whose walk is a straight line
  std::int64_t walk_mm = 0;                             // parts x millimetres
  MetreBins walks;                                      // of those that have one
  std::int64_t trunk_roads = 0, rails = 0, rivers = 0;  // parts x crossings
  std::int64_t estates = 0, estates_without = 0;        // there by then; whose unit nobody has, or that have no unit
  // Of units whose schools are not those of the reference plan.
  std::int64_t moved_children = 0, moved_households = 0, moved_addresses = 0;
  std::int64_t moved_uncounted = 0;                // units whose households are not known
  std::int64_t moved_before = 0, moved_again = 0;  // addresses x times rezoned before; addresses rezoned before
  std::int64_t apart_from_elder = 0;               // parts x entry years of elder siblings who sit elsewhere
  // Of zones: units of one answer.
  std::int64_t zones = 0, zones_apart = 0, pieces = 0;  // in several pieces; pieces of all
  std::int64_t compact_zones = 0, compactness = 0;      // of known shape; sum of 4 pi area / perimeter^2 x 2^32
  LeastOf least_compact;
  // Of leavers of the stage before, by the school they leave.
  std::int64_t leavers = 0;
  std::int64_t parted = 0;  // parts x probability that another of the class goes elsewhere
  // Of schools. What draws say is a sum over the draws.
  std::int64_t open = 0, empty = 0, seats_unknown = 0;
  std::int64_t loaded = 0, load = 0, load_squares = 0;  // schools with seats; children parts a seat, and squared
  std::int64_t over = 0, free = 0;                      // children parts beyond the seats; seats (in parts) left
  std::int64_t classes_over = 0, classes_free = 0;
  std::int64_t schools_over = 0, schools_under = 0;
  // Of the seat flow: everybody to a seat at the least walk.
  bool flow_known = false;
  std::int64_t flow_children = 0, flow_unplaced = 0, flow_walk = 0;  // parts; parts x metres of those placed

  bool operator==(const YearTally&) const = default;
};

}  // namespace catchment::engine::planning
