#include "engine/admission/assignment/standing.hpp"

#include <algorithm>
#include <numeric>

#include "geo/input_error.hpp"

namespace catchment::engine::admission {

std::strong_ordering compare(const Standing& a, const Standing& b, const OrderRule& rule) {
  if (rule.by_tier && a.tier != b.tier) return a.tier <=> b.tier;
  for (const OrderKey& k : rule.keys) {
    const std::int64_t mine = a.keys[k.key], other = b.keys[k.key];
    if (mine != other) return k.higher_first ? other <=> mine : mine <=> other;
  }
  return a.ticket <=> b.ticket;
}

Separation separation(const Standing& a, const Standing& b, const OrderRule& rule) {
  if (rule.by_tier && a.tier != b.tier) return {Criterion::tier, 0, std::int64_t{b.tier} - a.tier};
  for (std::size_t i = 0; i < rule.keys.size(); ++i) {
    const std::int64_t mine = a.keys[rule.keys[i].key], other = b.keys[rule.keys[i].key];
    if (mine != other) return {Criterion::key, i, rule.keys[i].higher_first ? mine - other : other - mine};
  }
  return {a.ticket == b.ticket ? Criterion::none : Criterion::ticket, 0, 0};
}

std::vector<std::uint32_t> places_in_order(std::span<const Standing> standings, const OrderRule& rule) {
  check_order_rule(rule);
  std::vector<std::uint32_t> order(standings.size()), places(standings.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(
      order, [&](std::uint32_t a, std::uint32_t b) { return compare(standings[a], standings[b], rule) < 0; });
  for (std::uint32_t place = 0; place < order.size(); ++place) places[order[place]] = place;
  return places;
}

void check_order_rule(const OrderRule& rule) {
  std::array<bool, kOrderKeys> named{};
  for (std::size_t i = 0; i < rule.keys.size(); ++i) {
    const std::string where = "keys/" + std::to_string(i);
    if (rule.keys[i].key >= kOrderKeys) throw InputError("order_rule", where, "there is no such key");
    if (named[rule.keys[i].key]) throw InputError("order_rule", where, "the key is named twice");
    named[rule.keys[i].key] = true;
  }
}

}  // namespace catchment::engine::admission
