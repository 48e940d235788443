// What an auditor does with a draw: opens leaves, and picks winners whose papers are looked at.
#pragma once

#include <span>

#include "engine/admission/lottery/proof_files.hpp"

namespace catchment::engine::admission {

// H(0x00 | record | salt): binds a line of the roll to a child without saying whose it is.
// A record is UTF-8 lines `key: value`, the first `code: CODE`; a family's receipt holds it with its salt.
Digest leaf_hash(Suite suite, std::string_view record, const Digest& salt);

struct LeafOpening {
  Code code{};
  std::string record;
  Digest salt{};
};

enum class LeafFault : std::uint8_t {
  missing,        // nobody opened this line of the roll
  unknown,        // opened, but not in the roll
  other_leaf,     // record and salt are not those of the leaf
  other_code,     // the record is of another code
  other_tier,     // the record names another tier
  same_identity,  // another opened record has the same `id:`
};

struct LeafFinding {
  Code code{};
  LeafFault fault = LeafFault::missing;

  bool operator==(const LeafFinding&) const = default;
};

// Every line of the roll against its opening, in the roll's order, then openings not in the roll. Give the rolls of a
// whole city one after another to find a child who stands in two. n log n.
std::vector<LeafFinding> check_openings(Suite suite, std::span<const RollLine> roll,
                                        std::span<const LeafOpening> openings);

// audit/1: the `count` codes with the lowest HMAC-H(seed, "audit/1 ticket\n" draw "\n" code "\n"), lowest first. Sixty
// find a share of 5 % of phantoms with 95 %: 1 - 0.95^60 = 0.954.
std::vector<Code> audit_sample(Suite suite, std::string_view draw, const Digest& seed, std::span<const Code> codes,
                               std::size_t count);

}  // namespace catchment::engine::admission
