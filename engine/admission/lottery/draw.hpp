// The draw itself: seed, tickets, order, seats. Pure; the same bytes everywhere.
//
//   seed   = H("draw/1 seed\n" | H(manifest.txt) | H(ceremony.txt))
//   ticket = HMAC-H(seed, "draw/1 ticket\n" | draw | "\n" | unit | "\n")
//
// Units are ordered by (tier, ticket, unit) and admitted while they fit. A ticket depends on seed, draw and unit alone,
// so neither the order of the roll nor who else is in it can matter, and one child's leaving moves nobody else.
#pragma once

#include "engine/admission/lottery/proof_check.hpp"

namespace catchment::engine::admission {

// Sorted by (rank, code). A unit that stands in two tiers is two units with one ticket. n log n.
std::vector<ResultLine> run_draw(const Manifest& manifest, std::span<const RollLine> roll, const Digest& seed);

// Seats given beyond plan by bundles that came in whole.
int seats_over_plan(const Manifest& manifest, std::span<const ResultLine> result);

// Who takes what is given up.
struct Promotion {
  Code code{};
  int rank = 0;
  Code freed_by{};  // whose leaving made room
};

// `gone` in the order in which seats were given up or waiting children withdrew; a code not in the result, or named
// twice, throws InputError{"draw_gone"}. After each, waiting units come in by rank while the bundle rule lets them:
// under `skip` the first that fits, under `over` the first while a seat is free. Seats that are over plan fall away
// first. Days and clocks (waitlist-until) are the caller's.
std::vector<Promotion> promote(const Manifest& manifest, std::span<const ResultLine> result,
                               std::span<const Code> gone);

// The roll of a fresh draw for seats given up (waitlist: fresh): those who still wait, as they stood in the roll. A
// sibling whose unit's child left is a unit of its own.
std::vector<RollLine> waiting_roll(std::span<const RollLine> roll, std::span<const ResultLine> result,
                                   std::span<const Code> gone);

// draw/1 for check_proof and run_proof.
extern const ProofKind kDrawKind;

// Several draws under one ceremony: each by itself, then that their ceremonies and quotas are the same, that every draw
// of the quotas is there, and that no code stands in two rolls. `names` of the folders are for findings.
std::vector<ProofFinding> check_pools(std::span<const ProofFolder> pools, std::span<const std::string> names);

}  // namespace catchment::engine::admission
