// Interned sets of zones with a symmetric difference. Internal to the zone index's builder.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

namespace catchment::geo {

class ZoneSets {
 public:
  using Id = std::uint32_t;
  static constexpr Id kEmpty = 0;

  ZoneSets() { intern({}); }

  // items: sorted, without repeats.
  Id intern(const std::vector<std::uint32_t>& items) {
    const auto [it, added] = ids_.try_emplace(items, static_cast<Id>(sets_.size()));
    if (added) sets_.push_back(items);
    return it->second;
  }

  const std::vector<std::uint32_t>& items(Id id) const { return sets_[id]; }
  std::size_t size() const { return sets_.size(); }

  // The zones in exactly one of the two.
  Id toggle(Id set, Id by) {
    if (by == kEmpty) return set;
    if (set == kEmpty) return by;
    const std::uint64_t key = (std::uint64_t{set} << 32) | by;
    const auto known = toggled_.find(key);
    if (known != toggled_.end()) return known->second;
    std::vector<std::uint32_t> result;
    std::ranges::set_symmetric_difference(sets_[set], sets_[by], std::back_inserter(result));
    const Id id = intern(result);
    toggled_.emplace(key, id);
    return id;
  }

 private:
  std::map<std::vector<std::uint32_t>, Id> ids_;
  std::vector<std::vector<std::uint32_t>> sets_;
  std::unordered_map<std::uint64_t, Id> toggled_;
};

}  // namespace catchment::geo
