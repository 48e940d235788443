// Where an applicant stands: tier, then the keys the rule names, then the ticket.
//
// Whoever runs a season translates its policy pack into these numbers; nothing here knows what a key means. Dates go in
// as days, distances as metres, points as hundredths: whole numbers, so that equal means equal.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/admission/lottery/ticket.hpp"

namespace catchment::engine::admission {

inline constexpr std::size_t kOrderKeys = 6;
inline constexpr std::uint32_t kNobody = 0xFFFFFFFF;

struct Standing {
  int tier = 0;  // smaller first
  std::array<std::int64_t, kOrderKeys> keys{};
  Ticket ticket{};  // of draw/1; all zero: not drawn
};

struct OrderKey {
  std::size_t key = 0;        // into Standing::keys
  bool higher_first = false;  // points; otherwise the smaller first: the earlier date, the nearer home
  std::string clause;         // of the pack, cited where this key decides
};

// Tier (unless told not to), keys in this order, ticket. Nothing else: names, codes and the order of registration do
// not count.
struct OrderRule {
  bool by_tier = true;
  std::vector<OrderKey> keys;  // each key once
};

enum class Criterion : std::uint8_t { none, tier, key, ticket, bundle };

// What separates one standing from another: the first criterion in which they differ.
struct Separation {
  Criterion by = Criterion::none;  // none: nothing does
  std::size_t key = 0;             // by key: into OrderRule::keys
  std::int64_t amount = 0;         // tiers, or units of the key, that the first is ahead; negative: behind. Ticket: 0

  bool operator==(const Separation&) const = default;
};

// Less: `a` comes first. Equal only if rule and ticket do not tell them apart. Throws nothing; O(keys).
std::strong_ordering compare(const Standing& a, const Standing& b, const OrderRule& rule);
Separation separation(const Standing& a, const Standing& b, const OrderRule& rule);

// By standing: how many stand before it, equals in the order given; so a permutation of 0..n-1. O(n log n).
std::vector<std::uint32_t> places_in_order(std::span<const Standing> standings, const OrderRule& rule);

// Throws InputError("order_rule", "keys/i") for a key out of range or named twice.
void check_order_rule(const OrderRule& rule);

}  // namespace catchment::engine::admission
