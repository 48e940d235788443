// Claims, draws of private schools, and what becomes of the seats that are won.
#include <algorithm>
#include <stdexcept>

#include "engine/admission/lottery/draw.hpp"
#include "engine/admission/season/level_run.hpp"

namespace catchment::engine::admission {

namespace {

// A leaf without a record behind it: made-up children have none.
Digest synthetic_leaf(Suite suite, const Code& code) {
  std::string bytes(1, '\0');
  bytes += "code: " + std::string(view(code)) + "\n" + std::string(32, '\0');
  return hash(suite, bytes);
}

}  // namespace

// Those whose claim has seats; the others go on as everybody does.
void LevelRun::settle_claims() {
  run_until(rules_.times.claims);
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const RunChild& who = in_.children[child];
    if (who.claim == kNobody || season_.children()[child].stage != ChildStage::verified) continue;
    SeasonEvent event = event_of(Kind::lock_first, child, who.claim);
    event.approver = who.district * 2u;
    if (season_.check(event)) continue;
    bureau(event);
    answers_[child].way = to_word(who.way);
    answers_[child].clause = who.clause;
    answers_[child].reason = "claim";
  }
}

void LevelRun::hold_draws() {
  run_until(rules_.times.draw);
  std::vector<std::vector<std::uint32_t>> who(in_.schools.size());
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const ChildState& state = season_.children()[child];
    if (state.stage == ChildStage::private_choice) who[state.choice].push_back(child);
    if (state.stage == ChildStage::verified && in_.children[child].claim != kNobody)  // found no seat there
      bureau(event_of(Kind::enter_pool, child));
  }
  for (std::uint32_t school = 0; school < in_.schools.size(); ++school) {
    if (!who[school].empty()) draw_school(school, std::move(who[school]));
  }
}

// Publishes a draw/1 over `who`. Siblings of one unit are drawn together if all of them are there; `alone`: never.
std::vector<ResultLine> LevelRun::publish_draw(RunDraw draw, std::span<const std::uint32_t> who, int seats,
                                               bool alone) {
  std::vector<RollLine> roll;
  roll.reserve(who.size());
  for (const std::uint32_t child : who) {
    const Code& code = in_.children[child].code;
    const std::uint32_t first = in_.children[child].unit;
    const bool together = !alone && first != kNobody && std::ranges::binary_search(who, first);
    roll.push_back({code, together ? in_.children[first].code : code, 0, synthetic_leaf(rules_.suite, code)});
  }
  std::ranges::sort(roll, {}, &RollLine::code);
  Manifest manifest;
  manifest.draw = draw.id, manifest.suite = rules_.suite, manifest.seats = seats, manifest.bundle = rules_.bundle;
  draw.files.list = print(roll), draw.files.ceremony = print(in_.ceremony);
  manifest.roll = hash(rules_.suite, draw.files.list);
  manifest.rules = hash(rules_.suite, "rules\n");
  draw.files.manifest = print(manifest);
  const Digest seed = proof_seed("draw/1", rules_.suite, draw.files.manifest, draw.files.ceremony);
  std::vector<ResultLine> result = run_draw(manifest, roll, seed);
  draw.files.result = print(result), draw.files.list_name = kRollFile;
  draw.applicants = static_cast<int>(who.size()), draw.seats = seats, draw.at = season_.now();
  draws_.push_back(std::move(draw));
  return result;
}

void LevelRun::draw_school(std::uint32_t school, std::vector<std::uint32_t> who) {
  const int seats = std::max(season_.free_seats(school), 0);
  std::vector<DrawnPlace> order;
  SeasonEvent event = event_of(Kind::draw, kNobody, school);
  const bool over = static_cast<int>(who.size()) > seats;
  if (!over) {
    for (const std::uint32_t child : who) order.push_back({child, true});
    bureau(event, order);
  } else {
    RunDraw draw;
    draw.id = in_.place + "-" + in_.level + "-" + in_.schools[school].id;
    draw.kind = "private", draw.school = school;
    const auto result = publish_draw(std::move(draw), who, seats, false);
    std::ranges::sort(who, {}, [this](std::uint32_t child) { return in_.children[child].code; });
    for (std::size_t i = 0; i < result.size(); ++i) {
      const auto found = std::ranges::lower_bound(who, result[i].code, {},
                                                  [this](std::uint32_t child) { return in_.children[child].code; });
      order.push_back({*found, i == 0 || result[i].unit != result[i - 1].unit});
      answers_[*found].rank = result[i].rank;
    }
    bureau(event, order);
    for (std::size_t i = 0; i < result.size(); ++i) {
      if ((season_.children()[order[i].child].stage == ChildStage::drawn) != result[i].admitted)
        throw std::logic_error("draw and season give seats to different children");
    }
  }
  for (const DrawnPlace& place : order) {
    answers_[place.child].reason = over ? "drawn" : "registered";
    if (season_.children()[place.child].stage != ChildStage::drawn) continue;
    won_[place.child] = 1;
    await_answer(place.child);
  }
}

// The family answers in its own time, which may be too late.
void LevelRun::await_answer(std::uint32_t child) {
  const ChildState& state = season_.children()[child];
  const bool drawn = state.stage == ChildStage::drawn;
  const FamilyActs& acts = in_.children[child].acts;
  const std::int64_t after = drawn ? acts.answers_private : acts.answers_public;
  if (after < 0) return;
  const WindowTimes& window = rules_.season.window(drawn ? SeasonWindow::confirm : SeasonWindow::accept);
  const Kind kind = !drawn                                                               ? Kind::accept
                    : season_.world().schools[state.choice].taken_by == TakenBy::receipt ? Kind::pay
                                                                                         : Kind::confirm;
  const Time from = std::max(season_.now(), window.from);
  queue(from + (state.answer_by - from) * after / 1'000'000, child, kind);
}

// Waits until nobody who won a seat may still answer.
void LevelRun::forfeit_overdue() {
  Time last{};
  for (const ChildState& child : season_.children()) {
    if (child.stage == ChildStage::drawn) last = std::max(last, child.answer_by);
  }
  run_until(std::max(last, at_));
  at_ += std::chrono::seconds(1);
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    if (season_.children()[child].stage == ChildStage::drawn) bureau(event_of(Kind::forfeit, child));
  }
}

bool LevelRun::promote_next() {
  bool any = false;
  for (std::uint32_t school = 0; school < in_.schools.size(); ++school) {
    while (const auto next = season_.next_in_line(school)) {
      bureau(event_of(Kind::promote, *next));
      answers_[*next].reason = "promoted";
      await_answer(*next);
      any = true;
    }
  }
  return any;
}

void LevelRun::settle_private_seats() {
  do {
    forfeit_overdue();
  } while (promote_next());
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const ChildStage stage = season_.children()[child].stage;
    if (stage == ChildStage::waiting) bureau(event_of(Kind::end_line, child));
    ChildAnswer& answer = answers_[child];
    if (stage == ChildStage::confirmed) answer.way = answer.reason == "registered" ? "wish" : "draw";
    if (stage == ChildStage::confirmed) answer.clause = rules_.season.clause(SeasonHook::confirm);
  }
}

}  // namespace catchment::engine::admission
