// The addresses of a made-up city, one at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "datasets/synth/divisions.hpp"
#include "datasets/synth/estates.hpp"
#include "datasets/synth/layout.hpp"
#include "datasets/synth/streets.hpp"
#include "engine/model.hpp"

namespace catchment::datasets::synth {

struct AddressInput {
  const Layout* layout = nullptr;
  const std::vector<geo::Ring>* rings = nullptr;       // per unit
  const std::vector<std::string>* unit_ids = nullptr;  // per unit
  const Divisions* divisions = nullptr;
  std::string city;  // the head of every text
  const std::vector<Street>* streets = nullptr;
  std::vector<Estate>* estates = nullptr;  // gate_* are filled in
  std::int64_t count = 0;
  std::uint64_t seed = 0;
};

// Calls emit exactly `count` times, or until it returns false.
// * Every text begins with city and district; one in 16 names the town too, one in 16 town and community.
// * Doors along streets: odd numbers on one side, even on the other, rising along the street, about level across it; 4
//   to 15 m from the centreline and strictly inside the unit on that side. Where there are more addresses than doors,
//   and on three streets of ten anyway: 12号附1号, or as the street has it 12号之一 or 12-1号. One door in 170 stands
//   between two numbers: 甲12号 after 12号.
// * Lanes in one unit of 14 without an estate: 青禾路209弄5号, in the larger ones 209弄3支弄5号; a lane takes a number
// of
//   the street, and its houses stand up to 60 m off it.
// * Doors in estates: 青禾路12号云溪花园3号楼2单元, the number that of the estate's gate; with 501室 where units do not
//   suffice. In a compound: 青禾路12号院3号楼2单元.
// * Villages have no streets in their texts: 青禾街道云溪村3组12号, numbered within the group.
// One address in 200 has no position and no unit; one in 30 states an error of 10 to 80 m.
void make_addresses(const AddressInput& input, const std::function<bool(const engine::Address&)>& emit);

}  // namespace catchment::datasets::synth
