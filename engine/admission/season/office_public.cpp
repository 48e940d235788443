// Seats of the public pool: a zone's school by its order, points into what is left, free seats nearby for the rest.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>

#include "engine/admission/season/season_office.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::admission {

namespace {

constexpr std::size_t kMostWays = 4'000'000;  // beyond it each child is given ways to its nearest schools only
constexpr std::size_t kNearSchools = 64;
constexpr int kPointsTier = 1000, kLateTier = 2000;  // of overflow, behind every tier of a pack

}  // namespace

int SeasonOffice::metres(std::uint32_t child, std::uint32_t school) const {
  const RunChild& from = in_.children[child];
  const RunSchool& to = in_.schools[school];
  return std::abs(from.x_m - to.x_m) + std::abs(from.y_m - to.y_m);
}

void SeasonOffice::enter_pool() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    if (find_transition(season_.children()[child].stage, Kind::enter_pool) == nullptr) continue;
    decide(event_of(Kind::enter_pool, child));
    memory_.answers[child] = {};
  }
}

std::optional<RunDraw> SeasonOffice::open_lots() const {
  std::vector<std::uint32_t> who = without_seat();
  std::erase_if(who, [this](std::uint32_t child) { return memory_.tickets[child] != Ticket{}; });
  if (who.empty()) return std::nullopt;
  RunDraw draw;
  draw.id = in_.place + "-" + in_.level + "-lots", draw.kind = "public";
  return open_draw(std::move(draw), who, static_cast<int>(who.size()));
}

void SeasonOffice::conclude_lots(RunDraw draw, const Ceremony& ceremony) {
  for (const ResultLine& line : conclude(draw, ceremony)) memory_.tickets[child_of(line.code)] = line.ticket;
  memory_.draws.push_back(std::move(draw));
}

Applicant SeasonOffice::applicant_of(std::uint32_t child) const {
  const RunChild& who = in_.children[child];
  Applicant applicant;
  applicant.child = child;
  applicant.parts = who.way == SeatWay::points ? 2u : 1u;
  applicant.bundle = who.unit == kNobody || who.unit == child ? kNobody : who.unit;
  applicant.standing = {who.tier, who.keys, memory_.tickets[child]};
  return applicant;
}

void SeasonOffice::offer(std::uint32_t child, std::uint32_t school) {
  const SeasonEvent event = event_of(Kind::offer, child, school);
  const auto refused = season_.check(event);
  if (refused && refused->guard == SeasonGuard::dwelling_free) return;  // stays in the pool
  decide(event);
  await(child);
}

void SeasonOffice::seat_zone(std::uint32_t school, const std::vector<std::uint32_t>& who) {
  const RunSchool& at = in_.schools[school];
  SchoolPlan plan;
  plan.plan = std::max(season_.free_seats(school), 0);
  plan.classes = at.classes, plan.class_cap = at.class_cap, plan.bundles = BundleFit::skip;
  plan.parts = {{rules_.zone_within, rules_.zone_beyond, {}, Leftover::rest, rules_.zone_order},
                {rules_.points_within, rules_.points_beyond, {}, Leftover::rest, rules_.points_order}};
  std::vector<Applicant> applicants;
  applicants.reserve(who.size());
  for (const std::uint32_t child : who) applicants.push_back(applicant_of(child));
  std::vector<std::uint32_t> firsts;  // of siblings; where another one is here they are of the bundle too
  for (const Applicant& a : applicants) {
    if (a.bundle != kNobody) firsts.push_back(a.bundle);
  }
  std::ranges::sort(firsts);
  for (Applicant& a : applicants) {
    if (std::ranges::binary_search(firsts, a.child)) a.bundle = a.child;
  }
  const SchoolSeats seats(plan, applicants);
  for (const Placement& placed : seats.placements()) {
    ChildAnswer& answer = memory_.answers[placed.child];
    answer.clause = seats.clause_of(placed);
    answer.rank = placed.rank;
    answer.margin = placed.beyond ? seats.margin_of(placed) : Separation{};
    answer.reason = placed.beyond ? "order" : "within_plan";
    if (placed.status != SeatStatus::admitted) continue;
    answer.way = placed.part == 1 ? "points" : "zone";
    if (placed.part == 0) offer(placed.child, school);  // points later: offer_by_points()
  }
}

// Of those who have a lot; whoever came later finds a seat with the overflow.
void SeasonOffice::seat_zones() {
  std::vector<std::vector<std::uint32_t>> of_school(in_.schools.size());
  for (const std::uint32_t child : without_seat()) {
    const RunChild& who = in_.children[child];
    if (memory_.tickets[child] == Ticket{} || who.zone_school == kNobody) continue;
    if (who.way == SeatWay::zone || who.way == SeatWay::points) of_school[who.zone_school].push_back(child);
  }
  for (std::uint32_t school = 0; school < in_.schools.size(); ++school) {
    if (!of_school[school].empty()) seat_zone(school, of_school[school]);
  }
}

void SeasonOffice::offer_by_points() {
  for (const std::uint32_t child : without_seat()) {
    if (memory_.answers[child].way == "points") offer(child, in_.children[child].zone_school);
  }
}

std::vector<std::uint32_t> SeasonOffice::without_seat() const {
  std::vector<std::uint32_t> who;
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    if (season_.children()[child].stage == ChildStage::public_pool) who.push_back(child);
  }
  return who;
}

void SeasonOffice::add_ways(std::span<const std::uint32_t> who, OverflowInput& overflow) const {
  std::vector<std::uint32_t> open;
  for (std::uint32_t school = 0; school < in_.schools.size(); ++school) {
    if (overflow.seats[school] > 0) open.push_back(school);
  }
  const std::size_t near = who.size() * open.size() > kMostWays ? std::min(kNearSchools, open.size()) : open.size();
  std::vector<std::pair<int, std::uint32_t>> ways;
  for (std::uint32_t i = 0; i < who.size(); ++i) {
    ways.clear();
    for (const std::uint32_t school : open) {
      const auto refused = season_.check(event_of(Kind::offer, who[i], school));
      if (!refused) ways.emplace_back(metres(who[i], school), school);
    }
    if (near < ways.size()) std::ranges::nth_element(ways, ways.begin() + static_cast<std::ptrdiff_t>(near));
    ways.resize(std::min(near, ways.size()));
    for (const auto& [length, school] : ways) overflow.ways.push_back({i, school, length});
  }
}

void SeasonOffice::place_rest() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    if (season_.children()[child].stage == ChildStage::verified) decide(event_of(Kind::enter_pool, child));
  }
  const std::vector<std::uint32_t> who = without_seat();
  if (who.empty()) return;
  std::vector<Standing> standings;
  std::map<int, int> tiers;
  for (const std::uint32_t child : who) {
    const RunChild& c = in_.children[child];
    const bool late = memory_.tickets[child] == Ticket{};
    standings.push_back(
        {late ? kLateTier : c.tier + (c.way == SeatWay::points ? kPointsTier : 0), c.keys, memory_.tickets[child]});
    tiers[standings.back().tier];
  }
  int next = 0;
  for (auto& [tier, dense] : tiers) dense = std::min(next++, 7);
  OverflowInput overflow;
  overflow.rule = rules_.overflow;
  const std::vector<std::uint32_t> places = places_in_order(standings, rules_.zone_order);
  for (std::size_t i = 0; i < who.size(); ++i) {
    const std::uint32_t unit = in_.children[who[i]].unit;
    overflow.children.push_back({tiers[standings[i].tier], places[i], unit});
  }
  for (std::uint32_t school = 0; school < in_.schools.size(); ++school) {
    const bool takes = !in_.schools[school].is_private && !in_.schools[school].special;
    overflow.seats.push_back(takes ? std::max(season_.free_seats(school), 0) : 0);
  }
  add_ways(who, overflow);
  const OverflowResult placed = place_overflow(overflow);
  for (std::size_t i = 0; i < who.size(); ++i) {
    const std::uint32_t child = who[i];
    memory_.overflow.push_back({child, memory_.rounds, overflow.children[i].tier, places[i]});
    memory_.answers[child].way = memory_.tickets[child] == Ticket{} ? "late" : "coordinated";
    memory_.answers[child].clause = rules_.overflow_clause, memory_.answers[child].reason = "overflow";
    memory_.answers[child].wanted = placed.seats[i].wanted.school;
    if (placed.seats[i].status == OverflowStatus::seated) {
      offer(child, placed.seats[i].school);
    } else {
      approve_and_offer(child);
    }
  }
  ++memory_.rounds;
}

// Nothing is free where it may go: a seat above the plan of the nearest school, recorded.
void SeasonOffice::approve_and_offer(std::uint32_t child) {
  std::pair<int, std::uint32_t> best{0, kNobody};
  for (std::uint32_t school = 0; school < in_.schools.size(); ++school) {
    const RunSchool& at = in_.schools[school];
    const auto refused = season_.check(event_of(Kind::offer, child, school));
    if (at.is_private || at.special || (refused && refused->guard != SeasonGuard::seat_free)) continue;
    if (best.second == kNobody || std::pair(metres(child, school), school) < best)
      best = {metres(child, school), school};
  }
  if (best.second == kNobody)
    throw InputError("season_seats", in_.level, "no school may take a child that is left over");
  const RunSchool& at = in_.schools[best.second];
  SeasonEvent event = event_of(Kind::approve_extra, kNobody, best.second);
  event.approver = at.district * 2u, event.number = 1;
  decide(event);
  const int most = at.plan + season_.schools()[best.second].extra;  // who may sit there from now on
  memory_.approvals.push_back({best.second, 1, event.approver, event.at, most > at.classes * at.class_cap});
  memory_.answers[child].reason = "above_plan";
  offer(child, best.second);
}

void SeasonOffice::place_by_hand(const SeasonEvent& offer, const std::string& clause) {
  decide(offer);
  ChildAnswer& answer = memory_.answers[offer.child];
  answer = {};
  answer.way = to_word(SeatWay::placement), answer.clause = clause, answer.reason = "by_hand";
  await(offer.child);
}

// A family that let its last moment go by keeps its seat until the bureau takes it back.
void SeasonOffice::lapse_overdue() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const ChildState& state = season_.children()[child];
    if (state.stage != ChildStage::offered) continue;
    const SeasonEvent event = event_of(Kind::lapse, child);
    if (event.at > state.answer_by) decide(event);
  }
}

void SeasonOffice::lock_seats() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const ChildStage stage = season_.children()[child].stage;
    if (stage == ChildStage::confirmed || stage == ChildStage::offered) decide(event_of(Kind::lock, child));
  }
}

}  // namespace catchment::engine::admission
