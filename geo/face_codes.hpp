// Numbers for faces such that crossing a line is one XOR wherever along it one crosses: a face's code is the XOR of its
// zones' codes. Internal to the zone index's builder.
#pragma once

#include <span>
#include <vector>

#include "geo/zone_index_tables.hpp"

namespace catchment::geo {

struct FaceCodes {
  std::vector<std::uint32_t> of_zone;
  bool direct = true;           // a face's code is its number
  std::vector<CodeSlot> slots;  // code -> face, if not direct

  std::uint32_t of_zones(std::span<const ZoneNumber> zones) const {
    std::uint32_t code = 0;
    for (const ZoneNumber z : zones) code ^= of_zone[z];
    return code;
  }
};

// faces[f]: the zones of face f, sorted; faces[0] is empty, no two are the same. Without overlaps a zone's code is its
// face; otherwise codes are drawn from a fixed sequence until every face has its own. Throws
// InputError("layer_too_many_faces").
FaceCodes choose_face_codes(std::size_t zone_count, std::span<const std::vector<ZoneNumber>> faces);

}  // namespace catchment::geo
