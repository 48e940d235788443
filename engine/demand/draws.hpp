// Random numbers for forecasts: counters hashed, so that every draw is known by its name and no order matters.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace catchment::engine::demand {

// SplitMix64's finalizer (Steele, Lea, Flood 2014): a bijection of 64 bits.
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept { return mix(mix(a) ^ b); }

std::uint64_t key_of(std::string_view id) noexcept;  // FNV-1a, then mixed

// Fills with standard normal variates number 0, 1, ... of the stream. A table of 16,384 quantiles, linear between them,
// cut at 4.0 standard deviations: the standard deviation is off by less than 0.1 %. O(out.size()).
void fill_normal(std::uint64_t stream, std::span<float> out) noexcept;

// e^x for |x| <= 20 with a relative error below 1e-6, from products and sums alone: the same on every machine.
inline float exp_of(float x) noexcept {
  // (1 + y + y^2/2 + ... + y^5/120)^256 with y = x / 256: three terms suffice for |x| < 1, five for 20.
  const double y = static_cast<double>(x) / 256;
  double p = 1 + y * (1 + y * (0.5 + y * (1.0 / 6 + y * (1.0 / 24 + y * (1.0 / 120)))));
  p *= p, p *= p, p *= p, p *= p, p *= p, p *= p, p *= p, p *= p;
  return static_cast<float>(p);
}

}  // namespace catchment::engine::demand
