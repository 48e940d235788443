// The arithmetic within one line of the seat ledger.
#pragma once

#include "engine/demand/seats.hpp"

namespace catchment::engine::demand {

// Class sizes from sitting (entry: expected) and classes, then buffer, free and over from all that is set.
void settle(SeatRow& row, const StageRule& rule);

}  // namespace catchment::engine::demand
