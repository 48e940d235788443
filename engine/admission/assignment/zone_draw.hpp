// One draw over the schools of a multi-school zone (多校划片).
//
// Units (a child, or a bundle of one family's) are taken in order: tier, keys, ticket. Each has the first school that
// has seats for all of it: of its own list of choices, or without lists of the zone's schools in the order published.
// Nobody gains by listing other than as wished, and nobody behind has a seat that somebody before it wanted more,
// except where a bundle did not fit. Equal rules for all schools are what makes one pass enough; where a school has
// priorities of its own, see `deferred_acceptance.hpp`.
//
// Seats may be set aside by sex. A child takes a seat of its own sex first, then one open to both.
#pragma once

#include <optional>

#include "engine/admission/assignment/standing.hpp"

namespace catchment::engine::admission {

enum class Sex : std::uint8_t { male, female };
enum class SeatPool : std::uint8_t { male, female, both };

struct DrawSchool {
  int male = 0, female = 0, both = 0;  // seats by pool
};

struct DrawApplicant {
  std::uint32_t child = 0;  // the caller's number, once in a list
  Sex sex = Sex::male;
  std::uint32_t bundle = kNobody;      // a bundle stands where its last member does
  std::vector<std::uint32_t> choices;  // into the schools, best first; of a bundle all the same
  Standing standing;
};

enum class DrawMethod : std::uint8_t {
  choices,       // only schools of the own list; who gets none of them waits
  school_order,  // no lists: the first tickets to the first school. A child's chances are the schools' seats
};

struct ZoneDraw {
  std::vector<DrawSchool> schools;
  DrawMethod method = DrawMethod::choices;
  OrderRule order;
  std::string clause;  // cited with every result
};

struct DrawPlacement {
  std::uint32_t child = 0;
  std::uint32_t school = kNobody;  // nobody's: waits
  SeatPool pool = SeatPool::both;  // of the seat
  int choice = 0;                  // 1: the first of its list (or of the schools); 0: waits
  int rank = 0;                    // in the order of the zone, 1 first
};

struct DrawCutOff {
  int taken = 0;
  std::optional<Standing> last;  // of the last one seated; nothing: seats are left
};

struct ZoneDrawResult {
  std::vector<DrawPlacement> placements;            // as the applicants were given
  std::vector<std::array<DrawCutOff, 3>> cut_offs;  // by school, by pool
  std::vector<std::uint32_t> waiting;               // child numbers in order
};

// Throws InputError: "zone_draw" (negative seats, a school not there or twice in a list, members' lists that differ),
// "order_rule", "applicants" (a number twice), "no_ticket" (two units that neither order nor ticket tells apart, unless
// everybody has the first choice). O(n log n + choices).
ZoneDrawResult draw_zone(const ZoneDraw& zone, std::span<const DrawApplicant> applicants);

// Why a child was refused a school before the one it has: its standing against the last one seated in a pool open to
// it, the later of the two. By bundle: there were seats, but not for all of its bundle. None: no seat there is open to
// it. Nothing: it was not refused there. O(applicants).
std::optional<Separation> refusal(const ZoneDraw& zone, const ZoneDrawResult& result, const DrawApplicant& applicant,
                                  std::uint32_t school);

}  // namespace catchment::engine::admission
