// A waiting list from published files: who gave a seat up when (gone.tsv), and who came in (promotions.tsv), so that
// anybody can follow a draw to its last seat.
//
//   gone.tsv        moment, code          of who gave up a seat, or waited and withdrew; by moment, then code
//   promotions.tsv  moment, rank, code    of who came in; by moment, rank, code
//
// A moment is YYYY-MM-DDTHH:MM:SS, local time. Seats given up at one moment are free together: a pair that waits first
// gets two of them, where one after the other they would have gone to two who wait behind it.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "engine/admission/lottery/proof_files.hpp"

namespace catchment::engine::admission {

inline constexpr std::string_view kGoneFile = "gone.tsv", kPromotionsFile = "promotions.tsv";

struct GoneChild {
  std::chrono::local_seconds at{};
  Code code{};
};

struct PromotedChild {
  std::chrono::local_seconds at{};
  int rank = 0;  // of the unit, as the result has it
  Code code{};
};

// Throw InputError{"draw_form", "file:line", ...}.
std::vector<GoneChild> parse_gone(std::string_view text);
std::vector<PromotedChild> parse_promotions(std::string_view text);
std::string print(std::span<const GoneChild> gone);
std::string print(std::span<const PromotedChild> promotions);

// After each moment waiting units come in by rank while the manifest's bundle rule lets them: under `skip` the first
// that fits, under `over` the first while a seat is free; seats over plan fall away first. After the day waitlist-until
// nobody comes in. Throws InputError{"draw_gone"} for a code not in the result or named twice, and {"draw_waitlist"}
// where the manifest says that a fresh draw gives seats on (see waiting_roll). Moments x result.
std::vector<PromotedChild> pass_on_seats(const Manifest& manifest, std::span<const ResultLine> result,
                                         std::span<const GoneChild> gone);

}  // namespace catchment::engine::admission
