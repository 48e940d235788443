// Draws of private schools, and what becomes of the seats that are won.
#include <algorithm>
#include <stdexcept>

#include "engine/admission/lottery/draw.hpp"
#include "engine/admission/season/season_office.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::admission {

// Siblings of one unit are drawn together if all of them are there.
RunDraw SeasonOffice::open_draw(RunDraw draw, std::span<const std::uint32_t> who, int seats) const {
  std::vector<RollLine> roll;
  roll.reserve(who.size());
  for (const std::uint32_t child : who) {
    const Code& code = in_.children[child].code;
    const std::uint32_t first = in_.children[child].unit;
    const bool together = first != kNobody && std::ranges::binary_search(who, first);
    roll.push_back({code, together ? in_.children[first].code : code, 0, leaf_of(child)});
  }
  std::ranges::sort(roll, {}, &RollLine::code);
  Manifest manifest;
  manifest.draw = draw.id, manifest.suite = rules_.suite, manifest.seats = seats, manifest.bundle = rules_.bundle;
  manifest.terms = in_.terms;
  draw.files.list = print(roll), draw.files.list_name = kRollFile;
  manifest.roll = hash(rules_.suite, draw.files.list);
  manifest.rules = in_.rules_digest.value_or(hash(rules_.suite, "rules\n"));
  draw.files.manifest = print(manifest);
  draw.applicants = static_cast<int>(who.size()), draw.seats = seats;
  return draw;
}

std::vector<ResultLine> SeasonOffice::conclude(RunDraw& draw, const Ceremony& ceremony) const {
  draw.files.ceremony = print(ceremony);
  const Digest seed = proof_seed("draw/1", rules_.suite, draw.files.manifest, draw.files.ceremony);
  std::vector<ResultLine> result = run_draw(parse_manifest(draw.files.manifest), parse_roll(draw.files.list), seed);
  draw.files.result = print(result), draw.at = time();
  return result;
}

std::vector<std::uint32_t> SeasonOffice::applicants(std::uint32_t school) const {
  std::vector<std::uint32_t> who;
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const ChildState& state = season_.children()[child];
    if (state.stage == ChildStage::private_choice && state.choice == school) who.push_back(child);
  }
  return who;
}

bool SeasonOffice::over_subscribed(std::uint32_t school) const {
  return static_cast<int>(applicants(school).size()) > std::max(season_.free_seats(school), 0);
}

void SeasonOffice::take_all(std::uint32_t school) {
  std::vector<DrawnPlace> order;
  for (const std::uint32_t child : applicants(school)) order.push_back({child, true});
  decide(event_of(Kind::draw, kNobody, school), order);
  for (const DrawnPlace& place : order) {
    memory_.answers[place.child].reason = "registered";
    memory_.won[place.child] = 1;
    await(place.child);
  }
}

RunDraw SeasonOffice::open_private_draw(std::uint32_t school) const {
  RunDraw draw;
  draw.id = in_.place + "-" + in_.level + "-" + in_.schools[school].id;
  draw.kind = "private", draw.school = school;
  return open_draw(std::move(draw), applicants(school), std::max(season_.free_seats(school), 0));
}

void SeasonOffice::conclude_private_draw(RunDraw draw, const Ceremony& ceremony) {
  const std::vector<ResultLine> result = conclude(draw, ceremony);
  std::vector<DrawnPlace> order;
  for (std::size_t i = 0; i < result.size(); ++i)
    order.push_back({child_of(result[i].code), i == 0 || result[i].unit != result[i - 1].unit});
  decide(event_of(Kind::draw, kNobody, draw.school), order);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::uint32_t child = order[i].child;
    if ((season_.children()[child].stage == ChildStage::drawn) != result[i].admitted)
      throw std::logic_error("draw and season give seats to different children");
    memory_.answers[child].rank = result[i].rank;
    memory_.answers[child].reason = "drawn";
    if (!result[i].admitted) continue;
    memory_.won[child] = 1;
    await(child);
  }
  draw.at = time();
  memory_.draws.push_back(std::move(draw));
}

void SeasonOffice::await(std::uint32_t child) const {
  if (on_offer) on_offer(child);
}

void SeasonOffice::forfeit_overdue() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const ChildState& state = season_.children()[child];
    if (state.stage != ChildStage::drawn) continue;
    const SeasonEvent event = event_of(Kind::forfeit, child);
    if (event.at > state.answer_by) decide(event);
  }
}

bool SeasonOffice::promote_next() {
  bool any = false;
  for (std::uint32_t school = 0; school < in_.schools.size(); ++school) {
    while (const auto next = season_.next_in_line(school)) {
      decide(event_of(Kind::promote, *next));
      memory_.answers[*next].reason = "promoted";
      await(*next);
      any = true;
    }
  }
  return any;
}

void SeasonOffice::end_lines() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const ChildStage stage = season_.children()[child].stage;
    const SeasonEvent event = event_of(Kind::end_line, child);
    if (stage == ChildStage::waiting && !season_.check(event)) decide(event);
    ChildAnswer& answer = memory_.answers[child];
    if (stage == ChildStage::confirmed) answer.way = answer.reason == "registered" ? "wish" : "draw";
    if (stage == ChildStage::confirmed) answer.clause = rules_.season.clause(SeasonHook::confirm);
  }
}

}  // namespace catchment::engine::admission
