#include "engine/demand/draws.hpp"

#include <array>
#include <cmath>
#include <cstddef>

namespace catchment::engine::demand {
namespace {

constexpr unsigned kBits = 14;
constexpr std::size_t kCells = std::size_t{1} << kBits;
constexpr double kCut = 4.0;

// The quantile of p by bisection on erfc: slow, exact to a double's last digits, done once.
double quantile(double p) {
  double low = -kCut;
  double high = kCut;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::array<float, kCells + 1> make_table() {
  std::array<float, kCells + 1> table{};
  for (std::size_t i = 0; i <= kCells / 2; ++i) {
    const double p = static_cast<double>(i) / static_cast<double>(kCells);
    const double q = i == kCells / 2 ? 0 : quantile(p);
    table[i] = static_cast<float>(q);
    table[kCells - i] = static_cast<float>(-q);
  }
  return table;
}

}  // namespace

std::uint64_t key_of(std::string_view id) noexcept {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return mix(hash);
}

void fill_normal(std::uint64_t stream, std::span<float> out) noexcept {
  static const std::array<float, kCells + 1> table = make_table();
  std::uint64_t counter = mix(stream);
  for (float& value : out) {
    const std::uint64_t bits = mix(counter++);
    const std::size_t cell = bits >> (64 - kBits);
    const auto within = static_cast<float>((bits >> 16) & 0xFFFFFF) * (1.0f / 16777216.0f);
    value = table[cell] + (table[cell + 1] - table[cell]) * within;
  }
}

}  // namespace catchment::engine::demand
