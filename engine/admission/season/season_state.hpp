// The whole state of a season of one level as one text: what is the same text is the same season. For telling whether a
// season that was replayed from its events, restored, or moved to another machine is the one that was.
//
//   season-state/1, then a line a thing, its fields divided by tabs, "-" for none, children by code, schools by id:
//   event   number, time, kind, child, school, approver, second, figure, and the order of a draw (code, * begins a
//   unit) child   code, stage, choice, seat, place in line, answer by, then its answer (way, clause, reason, rank,
//   margin,
//           metres, wanted, class), ticket, whether it won, and how the season knows it (way, tier, keys, clause, leaf)
//   school  id, taken, extra, drawn, to confirm, first of the line that waits, line
//   over    seats approved above a plan;  overflow  order of who was placed outside its zone
//   draw    id, kind, school, applicants, seats, time, SHA-256 of each file
//
// Codes only: no name, number, home or family.
#pragma once

#include <string>

#include "engine/admission/season/season_office.hpp"

namespace catchment::engine::admission {

std::string print_state(const SeasonOffice& office);

}  // namespace catchment::engine::admission
