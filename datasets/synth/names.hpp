// Invented names from lists of syllables. A name may happen to exist somewhere; none is taken from there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace catchment::datasets::synth {

// 1 to 99 as Chinese writes them: 一, 十, 十二, 三十四.
std::string to_chinese(int number);

// ('P', 12, 4) -> "P0012"
std::string padded(char letter, std::int64_t number, std::size_t digits);

// Hands out name stems of two characters (青禾, 云溪, ...) in an order that follows from the seed, none twice; once all
// are used, stems of three characters (新青禾).
class Stems {
 public:
  Stems(std::uint64_t seed, std::uint64_t stream);
  std::string next();

 private:
  std::vector<std::uint16_t> order_;
  std::size_t used_ = 0;
};

}  // namespace catchment::datasets::synth
