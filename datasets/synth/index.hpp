// Numbers of places, streets and units are int32; what they index is a vector.
#pragma once

#include <cstddef>
#include <cstdint>

namespace catchment::datasets::synth {

constexpr std::size_t at(std::int32_t i) { return static_cast<std::size_t>(i); }

}  // namespace catchment::datasets::synth
