#include "geo/face_codes.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "geo/input_error.hpp"

namespace catchment::geo {
namespace {

constexpr std::uint64_t kMaxDraws = 10'000;

std::uint32_t draw_code(std::uint64_t draw, std::uint64_t zone) {  // splitmix64 (Steele, Lea, Flood 2014)
  std::uint64_t v = (draw << 32 | zone) * 0x9E3779B97F4A7C15ull;
  v = (v ^ (v >> 30)) * 0xBF58476D1CE4E5B9ull;
  v = (v ^ (v >> 27)) * 0x94D049BB133111EBull;
  return static_cast<std::uint32_t>((v ^ (v >> 31)) >> 32);
}

// False if two faces have the same code.
bool fill_slots(std::span<const std::vector<ZoneNumber>> faces, FaceCodes& codes) {
  codes.slots.assign(std::bit_ceil(faces.size() * 2), {});
  const std::size_t mask = codes.slots.size() - 1;
  for (FaceNumber f = 0; f < faces.size(); ++f) {
    const std::uint32_t code = codes.of_zones(faces[f]);
    std::size_t i = code & mask;
    for (; codes.slots[i].face != CodeSlot::kEmpty; i = (i + 1) & mask) {
      if (codes.slots[i].code == code) return false;
    }
    codes.slots[i] = {code, f};
  }
  return true;
}

}  // namespace

FaceCodes choose_face_codes(std::size_t zone_count, std::span<const std::vector<ZoneNumber>> faces) {
  FaceCodes codes;
  codes.of_zone.assign(zone_count, 0);
  codes.direct = std::none_of(faces.begin(), faces.end(), [](const auto& zones) { return zones.size() > 1; });
  if (codes.direct) {
    for (FaceNumber f = 1; f < faces.size(); ++f) codes.of_zone[faces[f].front()] = f;
    codes.slots.assign(1, {});
    return codes;
  }
  for (std::uint64_t draw = 1; draw <= kMaxDraws; ++draw) {
    for (std::size_t z = 0; z < zone_count; ++z) codes.of_zone[z] = draw_code(draw, z);
    if (fill_slots(faces, codes)) return codes;
  }
  throw InputError("layer_too_many_faces", "", "no distinct codes for " + std::to_string(faces.size()) + " faces");
}

}  // namespace catchment::geo
