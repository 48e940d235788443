// Linear-time stable sort by an unsigned key. Internal to the zone index's builder.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace catchment::geo {

// Sorts by key(item), a std::uint64_t. O(items x ceil(used bits / 11)); passes in which every key agrees are skipped.
template <class Item, class Key>
void radix_sort(std::vector<Item>& items, Key key) {
  constexpr int kBits = 11;
  constexpr std::size_t kBuckets = std::size_t{1} << kBits;
  std::uint64_t all_or = 0;
  std::uint64_t all_and = ~std::uint64_t{0};
  for (const Item& item : items) {
    all_or |= key(item);
    all_and &= key(item);
  }
  const std::uint64_t varying = all_or & ~all_and;
  std::vector<Item> other(items.size());
  for (int shift = 0; shift < 64; shift += kBits) {
    if (((varying >> shift) & (kBuckets - 1)) == 0) continue;
    const auto digit = [&](const Item& item) { return static_cast<std::size_t>(key(item) >> shift) & (kBuckets - 1); };
    std::array<std::size_t, kBuckets> position{};
    for (const Item& item : items) ++position[digit(item)];
    std::size_t sum = 0;
    for (std::size_t& p : position) sum += std::exchange(p, sum);
    for (const Item& item : items) other[position[digit(item)]++] = item;
    items.swap(other);
  }
}

}  // namespace catchment::geo
