// A whole season of one level, from the first registration to the first day of school: what families do, in the order
// of time, and between their acts the bureau's steps. Every act and every step is an event that the season (season.hpp)
// takes or refuses; nothing else gives or takes a seat. Draws are draw/1, seats of public schools are SchoolSeats, who
// finds none goes to free seats nearby (place_overflow), classes are dealt by ticket.
//
//   registration -> claims (direct promotion, policy groups) -> private choice -> draws -> confirm or forfeit, promote
//   -> public pool: zone seats, then points into what is left -> overflow -> locks -> transfers -> classes -> reports
//
// Pure and deterministic: no clock, and the randomness of draws comes from the ceremony's digits alone.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/admission/assignment/overflow.hpp"
#include "engine/admission/assignment/school_seats.hpp"
#include "engine/admission/lottery/proof_files.hpp"
#include "engine/admission/season/season.hpp"

namespace catchment::engine::admission {

// What a family does. Nothing: it does not.
struct FamilyActs {
  using When = std::optional<std::chrono::local_seconds>;
  When registers;         // online
  bool mistaken = false;  // its first papers do not agree with the registers
  When amends, on_site, late, chooses;
  std::uint32_t choice = kNobody;  // school
  // When it answers, in millionths of the time it has: 1,000,000 and more is too late; -1: never.
  int answers_private = -1;
  int answers_public = -1;  // if never, the bureau keeps the seat for the child all the same
  When moves;               // away, after the seat was locked
  When transfers;
  std::uint32_t transfers_to = kNobody;
  When reports, returns;  // on the first days of school; later, after somebody went to see it
};

// What eligibility said of a child, by the pack.
enum class SeatWay : std::uint8_t {
  none,              // may not enter here; the clause says why
  zone,              // its zone's school, by tier and keys
  points,            // seats left over, by points
  bureau,            // the bureau places it near its home
  direct_promotion,  // its claim
  attached_estate,
  policy,
  placement,  // children with disabilities
};
std::string_view to_word(SeatWay way);

struct RunChild {
  Code code{};
  std::uint32_t unit = kNobody;  // the first of the siblings who are to stay together; itself if alone
  std::uint32_t zone_school = kNobody;
  std::uint32_t claim = kNobody;
  std::uint32_t dwelling = kNobody, family = kNobody;
  std::uint16_t district = 0;
  bool girl = false, needs = false;
  int namesake = 0;
  int x_m = 0, y_m = 0;
  SeatWay way = SeatWay::zone;
  int tier = 0;
  std::array<std::int64_t, kOrderKeys> keys{};
  std::string clause;     // of the verdict
  bool deferred = false;  // entry put off, granted
  FamilyActs acts;
};

struct RunSchool {
  std::string id;
  std::uint16_t district = 0;
  bool is_private = false;
  bool special = false;               // takes children whose claim it is, and nobody else
  TakenBy taken_by = TakenBy::clock;  // how a won seat is kept
  int plan = 0, classes = 0, class_cap = 0;
  int x_m = 0, y_m = 0;
  std::vector<Code> heads;  // head teachers there are; none: they are not drawn
};

// The bureau's steps; each is taken then or as soon as what comes before it is over.
struct RunTimes {
  std::chrono::local_seconds claims{}, draw{}, place{}, points{}, overflow{}, lock{}, deal{}, trace{}, close{};
};

struct RunRules {
  SeasonRules season;
  RunTimes times;
  Suite suite = Suite::sha256;
  BundleRule bundle = BundleRule::skip;
  OverflowRule overflow = OverflowRule::no_leapfrog;
  OrderRule zone_order, points_order;
  std::string zone_within, zone_beyond, points_within, points_beyond, overflow_clause, class_cap_clause;
};

struct RunInput {
  std::string place;  // part of the ids of draws: letters, digits, '-'
  std::string level;  // primary | junior
  std::size_t districts = 1;
  std::vector<RunSchool> schools;
  std::vector<RunChild> children;
  Ceremony ceremony;        // of all draws of seats
  Ceremony class_ceremony;  // a later one
  Ceremony head_ceremony;   // later still
};

// The bytes of a draw's files.
struct ProofFiles {
  std::string manifest, list, ceremony, result;
  std::string list_name;  // roll.tsv | pupils.tsv | heads.tsv
  std::string deal;       // of head teachers: the class list they are drawn for
};

// One draw as it is published.
struct RunDraw {
  std::string id;
  std::string kind;  // private | public | classes | head_teachers
  std::uint32_t school = kNobody;
  int applicants = 0, seats = 0;
  std::chrono::local_seconds at{};
  ProofFiles files;
};

// Why a child has the seat it has, or none.
struct ChildAnswer {
  std::string way;                 // as the tables of a season have it; empty: no seat
  std::string clause;              // of the pack
  std::string reason;              // a word: see run_reasons
  int rank = 0;                    // among those of its part, where an order decided
  Separation margin;               // from the cut-off, where an order decided
  int metres = 0;                  // from home to the seat
  std::uint32_t wanted = kNobody;  // overflow: a nearer school it did not get
  std::uint32_t school_class = 0;  // from 1
};

struct SeatOverPlan {
  std::uint32_t school = kNobody;
  int seats = 0;
  std::uint32_t approver = kNobody;
  std::chrono::local_seconds at{};
  bool over_cap = false;  // a class may then be larger than the cap
};

// A child's order among those who were placed together.
struct OverflowRow {
  std::uint32_t child = kNobody;
  int round = 0;  // later ones for who came later
  int tier = 0;
  std::uint32_t place = 0;
};

struct RunResult {
  Season season;
  std::vector<ChildAnswer> answers;
  std::vector<Ticket> tickets;  // of the zone draw; all zero: took no part
  std::vector<char> won;        // at a draw, not by promotion
  std::vector<RunDraw> draws;
  std::vector<SeatOverPlan> approvals;
  std::vector<OverflowRow> overflow;  // whoever the zone's school could not take
  std::int64_t refused_acts = 0;      // of families, by guards: too late, twice ...
  bool cancelled = false;
};

struct RunProgress {
  std::function<bool(std::string_view step)> step;  // false cancels
};

// Throws InputError as the parts do, and std::logic_error where a step of the bureau is refused: a defect of this
// program.
RunResult run_season(const RunInput& input, const RunRules& rules, const RunProgress& progress);

}  // namespace catchment::engine::admission
