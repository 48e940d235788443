// Children beyond a school's plan go to free seats of schools nearby.
//
// Two wishes conflict: that all walk as little as possible, and that nobody has a seat which somebody nearer, or higher
// in order, wanted and did not get (a leapfrog). X and Y have one seat each; Ann is 10 m from X and 11 m from Y, Bob 12
// m from X and 1,000 m from Y. The least walk sends Bob to X, over Ann's head: 23 m. Without a leapfrog Ann has X, and
// together they walk 1,010 m; and were Y out of Bob's reach, he would have no seat at all. A pack says which rule:
//
// least_walk (the default) settles, each as far as those before leave open:
//   1. As many children have a seat as can.
//   2. Who: the first in order (tier, then place). Nobody is without a seat that could have one instead of somebody
//      lower in order.
//   3. The metres of the first tier's ways are in all the least; then those of the second, and so on.
//   4. Of equally good assignments: the first in order walks the least it can, then the second, and so on. So children
//      of one house at equal walks are seated by order.
//   Guaranteed against leapfrogs: if A is nearer to the seat that B has than to its own, then B is of a higher tier, or
//   seating A there, with all others moved as is best, would leave somebody without a seat, or lengthen the ways of A's
//   tier or a higher one in all, or take from somebody before A in order. So of A's tier somebody farther and lower
//   sits there only if those who would have to make room lose at least as much as A gains; `WantedSeat` says how much.
//
// no_leapfrog: nobody has a seat that somebody of a higher tier, or of its tier and nearer, or equally near and higher
//   in order, wanted and did not get; nor is a wanted seat free. Of all assignments of which this holds every child has
//   its nearest seat in this one (deferred acceptance, see there), so their walks are also the least in all. More
//   children may be without a seat than need be.
//
// A child wants every school it has a way to, the nearer the more; at equal metres the lower number. Whom a seat is not
// for (a purchased one, a boarding school's) has no way to it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/admission/assignment/standing.hpp"

namespace catchment::engine::admission {

enum class OverflowRule : std::uint8_t { least_walk, no_leapfrog };

struct OverflowChild {
  int tier = 0;                    // smaller first; at most 8 different ones
  std::uint32_t place = 0;         // in order among all children, smaller first, all different (`places_in_order`)
  std::uint32_t bundle = kNobody;  // equal numbers: to be kept together
};

// A way on foot to one gate of a school. Of several gates the nearest counts.
struct OverflowWay {
  std::uint32_t child = 0;
  std::uint32_t school = 0;
  int metres = 0;
};

struct OverflowInput {
  std::vector<OverflowChild> children;
  std::vector<int> seats;         // by school: free ones
  std::vector<OverflowWay> ways;  // by child, in any order
  OverflowRule rule = OverflowRule::least_walk;
};

enum class OverflowStatus : std::uint8_t {
  seated,
  no_way,   // no way to any school with a free seat was given
  no_seat,  // the schools it has ways to are full with children whose seats it cannot have
};

// The nearest school a child wanted more than what it got, with seats but none for it, and what speaks against it.
struct WantedSeat {
  std::uint32_t school = kNobody;  // nobody's: has the nearest there was
  int metres = 0;
  // least_walk: seating it there, the others moved as is best, would make the ways of tier `tier` longer by so much in
  // all, its own counted in (at least so much, where more than 400 schools would have to be looked at). 0: those who
  // come before it in order have as much from it. Or it would cost somebody the seat.
  int tier = 0;
  std::int64_t others_m = 0;
  bool costs_a_seat = false;
  // no_leapfrog: the last one admitted there.
  std::uint32_t last_child = kNobody;
};

struct OverflowSeat {
  OverflowStatus status = OverflowStatus::no_way;
  std::uint32_t school = kNobody;
  int metres = 0;
  WantedSeat wanted;
};

struct OverflowResult {
  std::vector<OverflowSeat> seats;      // by child
  std::vector<std::int64_t> tier_m;     // by tier present, first first: metres of its ways in all
  std::vector<std::uint32_t> unseated;  // children, in order: no_way and no_seat
  // Bundles whose members are not at one school. least_walk: each bundle in order is brought together at the school
  // where most of it is (then the one with the least metres), if that leaves as many children seated; from there on the
  // above holds of the others, given the schools of bundles. no_leapfrog: as they fall; listed only.
  std::vector<std::uint32_t> parted_bundles;
};

// Throws InputError("overflow", part): figures negative or above 1,000,000 m, numbers out of range, places twice, more
// than 8 tiers. The same for any order of the ways. About O(ways log ways + displaced x schools searched).
OverflowResult place_overflow(const OverflowInput& input);

// What is wrong with a result, in words: seats sold twice or without a way, sums that do not add up, somebody without a
// seat while one is free for it. Nothing: it is legal. Shares nothing with the solver. O(ways).
std::vector<std::string> check_overflow(const OverflowInput& input, const OverflowResult& result);

}  // namespace catchment::engine::admission
