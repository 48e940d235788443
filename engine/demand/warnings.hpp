// Seat warnings (学位预警) of shortage and of under-use, with the numbers behind each and what would clear it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/demand/forecast.hpp"
#include "engine/demand/seats.hpp"

namespace catchment::engine::demand {

// Who might take an admission unit's children, or be merged with.
struct Neighbour {
  std::string admission_unit_id;
  std::string kind;                // adjacent_zone | shared_zone | school_group | private | ...: told on, not judged
  std::optional<int> spare_seats;  // a year; else found from its own demand and ledger: see spare_seats()
};

// Entry-grade demand of an admission unit in every draw; draw i of one unit and year belongs with draw i of another.
struct EntryDemand {
  struct Year {
    int school_year = 0;
    std::span<const float> draws;  // not owned
  };
  std::string admission_unit_id;
  std::vector<Year> years;
  double share = 1;                   // of the draws (those of a school that has several units)
  bool shrunk = false;                // the forecast leans on others for want of a past of its own
  std::string leans_on;               // on whom: "district"
  std::vector<Neighbour> neighbours;  // in the order to ask them
};

// A change that clears a warning: how much of it, and the probability that is left of what was warned of.
struct Remedy {
  int amount = 0;
  double probability = 0;
};

struct Relief {
  // Entry classes: more in a shortage, fewer in under-use. More are of the class cap; how many of them no room remains
  // for is told.
  std::optional<Remedy> classes;
  int rooms_spare = 0;
  int rooms_lacking = 0;

  // Shortage: children of the zone to be seated at others, who they may be, and how many are left without.
  std::optional<Remedy> seats;
  struct Placement {
    std::string admission_unit_id;
    std::string kind;
    int seats = 0;
  };
  std::vector<Placement> placements;
  int seats_unplaced = 0;

  // Shortage: children expected of units to be given to other zones. All draws shrink alike.
  std::optional<Remedy> children;

  // Under-use: the first neighbour that could take all children without a shortage, under-use or want of rooms; if
  // there is none, the one that wants fewest rooms.
  struct Merger {
    std::string admission_unit_id;
    int rooms_lacking = 0;  // in the worst year
    double shortage = 0;    // probability of the mildest level, in the worst year
  };
  std::optional<Merger> merger;
};

struct SeatWarning {
  enum class Kind {
    shortage,
    under_use,     // seats stand empty
    small_classes  // entry classes below the smallest size
  };
  Kind kind = Kind::shortage;
  std::string admission_unit_id;
  std::string school_id;
  Stage stage = Stage::primary;
  int school_year = 0;
  int years = 1;      // under-use: how many years running, this one first; the numbers are of this one
  std::string level;  // shortage: the id of the level; else empty
  Estimate demand;    // entry children; [1] of the bounds is 80 %
  int classes = 0;
  int seats = 0;                      // that the demand meets
  double pressure = 0;                // expected demand / seats; 0 if there are no seats
  double threshold = 0;               // pressure of the level; share of seats, or pupils a class, of under-use
  double probability = 0;             // of reaching it (under-use: of staying below it; the least of its years)
  std::vector<double> probabilities;  // shortage: of every level, severest first
  bool shrunk = false;
  std::string leans_on;
  Relief relief;
  std::string message;  // English, with the figures; the interface words its own
};
std::string_view to_word(SeatWarning::Kind kind);

// All warnings, by unit, year and kind. A year without one has no entry. Each warning is judged by itself: two may
// count on the same neighbour's seats. Throws InputError("seat_draws") for draws that are none, a year that is not
// ahead or a unit the ledger lacks.
std::vector<SeatWarning> seat_warnings(const SeatLedger& ledger, std::span<const EntryDemand> demand,
                                       const DemandRules& rules);

// The most severe level whose probability reaches its threshold, by place in rules.shortage.
std::optional<std::size_t> shortage_level(std::span<const float> draws, int seats, const DemandRules& rules);

// How many of its seats a unit could give away in a year without reaching any level of shortage; 0 if it reaches one.
int spare_seats(std::span<const float> draws, int seats, const DemandRules& rules);

}  // namespace catchment::engine::demand
