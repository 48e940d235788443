#include "engine/admission/season/season_run.hpp"

#include <array>
#include <queue>
#include <tuple>

#include "engine/admission/season/run_heads.hpp"
#include "engine/admission/season/season_office.hpp"

namespace catchment::engine::admission {

std::string_view to_word(SeatWay way) {
  constexpr std::array<std::string_view, 8> kWords{
      "none", "zone", "points", "coordinated", "direct_promotion", "attached_estate", "policy", "placement"};
  return kWords.at(static_cast<std::size_t>(way));
}

namespace {

// What families do, in the order of time, between the office's steps.
class LevelRun {
 public:
  LevelRun(const RunInput& input, const RunRules& rules);

  void register_families();  // their acts are queued
  void settle_claims();
  void hold_draws();
  void settle_private_seats();
  void place_in_zones();
  void offer_by_points();
  void place_rest();
  void deal_classes();
  void see_who_comes();
  RunResult finish();

 private:
  using Kind = SeasonEventKind;
  using Time = std::chrono::local_seconds;
  struct Act {
    Time at{};
    std::uint32_t child = 0;
    SeasonEventKind kind = SeasonEventKind::close;
    std::uint32_t school = kNobody;
    bool operator>(const Act& other) const {
      return std::tie(at, child, kind) > std::tie(other.at, other.child, other.kind);
    }
  };

  void queue(FamilyActs::When at, std::uint32_t child, SeasonEventKind kind, std::uint32_t school = kNobody);
  void run_until(Time at);
  void run_to(Time at) { run_until(std::max(at, office_.season().now())); }
  void act(const Act& act);
  void look_at_papers(std::uint32_t child);
  void await_answer(std::uint32_t child);
  void lock_seats(Time at);
  const ChildState& state_of(std::uint32_t child) const { return office_.season().children()[child]; }

  const RunInput& in_;
  const RunRules& rules_;
  SeasonOffice office_;
  std::vector<char> mended_;  // papers that do not agree any more
  std::priority_queue<Act, std::vector<Act>, std::greater<>> acts_;
  std::int64_t refused_acts_ = 0;
};

LevelRun::LevelRun(const RunInput& input, const RunRules& rules) : in_(input), rules_(rules), office_(input, rules) {
  office_.reserve(input.children.size() * 9);
  office_.on_offer = [this](std::uint32_t child) { await_answer(child); };
  mended_.resize(input.children.size());
}

void LevelRun::queue(FamilyActs::When at, std::uint32_t child, SeasonEventKind kind, std::uint32_t school) {
  if (at) acts_.push({*at, child, kind, school});
}

void LevelRun::register_families() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const FamilyActs& acts = in_.children[child].acts;
    queue(acts.registers, child, Kind::register_online);
    queue(acts.amends, child, Kind::amend);
    queue(acts.on_site, child, Kind::register_on_site);
    queue(acts.late, child, Kind::register_late);
    queue(acts.chooses, child, Kind::choose_private, acts.choice);
    queue(acts.moves, child, Kind::release);
    queue(acts.transfers, child, Kind::transfer, acts.transfers_to);
    queue(acts.reports, child, Kind::report);
    queue(acts.returns, child, Kind::return_to_school);
  }
}

void LevelRun::run_until(Time at) {
  while (!acts_.empty() && acts_.top().at <= at) {
    const Act next = acts_.top();
    acts_.pop();
    act(next);
  }
  office_.set_time(at);
}

void LevelRun::act(const Act& next) {
  const RunChild& child = in_.children[next.child];
  const std::uint32_t official = child.district * 2u;
  SeasonEvent event;
  event.at = std::max(next.at, office_.season().now());
  event.kind = next.kind, event.child = next.child, event.school = next.school;
  if (next.kind == Kind::register_late) event.approver = official;
  if (next.kind == Kind::pay) event.number = next.child + 1;
  if (next.kind == Kind::release || next.kind == Kind::transfer) {
    const std::uint32_t seat = state_of(next.child).seat;
    if (seat == kNobody) return;
    event.approver = in_.schools[seat].district * 2u;
    event.second = next.kind == Kind::release ? event.approver + 1 : in_.schools[next.school].district * 2u + 1;
  }
  if (next.kind == Kind::amend || next.kind == Kind::register_on_site) {
    if (next.kind == Kind::amend && state_of(next.child).stage != ChildStage::rejected) return;  // nothing to mend
    mended_[next.child] = 1;
  }
  if (office_.act(event)) {
    ++refused_acts_;
    return;
  }
  if (next.kind == Kind::release) office_.decide(office_.event_of(Kind::withdraw, next.child));
  if (next.kind == Kind::register_late) mended_[next.child] = 1;
  if (state_of(next.child).stage == ChildStage::registered) look_at_papers(next.child);
}

// The registers of other offices answer at once.
void LevelRun::look_at_papers(std::uint32_t child) {
  const RunChild& who = in_.children[child];
  const bool refused = who.way == SeatWay::none || (who.acts.mistaken && mended_[child] == 0);
  SeasonEvent event = office_.event_of(refused ? Kind::reject : Kind::verify, child);
  event.at = office_.season().now();
  office_.decide(event);
  if (refused || !who.deferred) return;
  event.kind = Kind::defer;
  event.approver = who.district * 2u;
  office_.decide(event);
}

// The family answers in its own time, which may be too late.
void LevelRun::await_answer(std::uint32_t child) {
  const ChildState& state = state_of(child);
  const bool drawn = state.stage == ChildStage::drawn;
  const FamilyActs& acts = in_.children[child].acts;
  const std::int64_t after = drawn ? acts.answers_private : acts.answers_public;
  if (after < 0) return;
  const WindowTimes& window = rules_.season.window(drawn ? SeasonWindow::confirm : SeasonWindow::accept);
  const bool by_receipt = drawn && in_.schools[state.choice].taken_by == TakenBy::receipt;
  const Time from = std::max(office_.season().now(), window.from);
  queue(from + (state.answer_by - from) * after / 1'000'000, child,
        !drawn       ? Kind::accept
        : by_receipt ? Kind::pay
                     : Kind::confirm);
}

void LevelRun::settle_claims() {
  run_until(rules_.times.claims);
  office_.settle_claims();
}

void LevelRun::hold_draws() {
  run_until(rules_.times.draw);
  office_.pass_on_claims();
  std::vector<int> applicants(in_.schools.size());
  for (const ChildState& child : office_.season().children()) {
    if (child.stage == ChildStage::private_choice) ++applicants[child.choice];
  }
  for (std::uint32_t school = 0; school < in_.schools.size(); ++school) {
    if (applicants[school] == 0) continue;
    if (applicants[school] > office_.season().free_seats(school)) {
      office_.conclude_private_draw(office_.open_private_draw(school), in_.ceremony);
    } else {
      office_.take_all(school);
    }
  }
}

// Waits each time until nobody who won a seat may still answer.
void LevelRun::settle_private_seats() {
  do {
    Time last = office_.time();
    for (const ChildState& child : office_.season().children()) {
      if (child.stage == ChildStage::drawn) last = std::max(last, child.answer_by);
    }
    run_until(last);
    office_.set_time(last + std::chrono::seconds(1));
    office_.forfeit_overdue();
  } while (office_.promote_next());
  office_.end_lines();
}

void LevelRun::place_in_zones() {
  run_to(rules_.times.place);
  office_.enter_pool();
  if (auto lots = office_.open_lots()) office_.conclude_lots(std::move(*lots), in_.ceremony);
  office_.seat_zones();
}

void LevelRun::offer_by_points() {
  run_to(rules_.times.points);
  office_.offer_by_points();
}

void LevelRun::place_rest() {
  run_to(rules_.times.overflow);
  office_.place_rest();
}

void LevelRun::lock_seats(Time at) {
  run_to(at);
  office_.place_rest();
  office_.lock_seats();
}

void LevelRun::deal_classes() {
  lock_seats(rules_.times.lock);
  run_to(rules_.times.deal);
  office_.place_rest();  // whoever registered since
  office_.lock_seats();
  for (RunDraw& draw : office_.open_classes()) {
    office_.conclude_classes(std::move(draw), in_.class_ceremony);
    if (auto heads = draw_heads(in_, rules_, office_.memory().draws.back())) office_.publish(std::move(*heads));
  }
}

void LevelRun::see_who_comes() {
  const Time last = rules_.season.window(SeasonWindow::report).until;
  run_until(last);
  office_.set_time(last + std::chrono::seconds(1));
  office_.note_absent();
  run_to(rules_.times.trace);
  office_.give_up_families();
  run_to(rules_.times.close);
  office_.close();
}

RunResult LevelRun::finish() {
  RunResult result = std::move(office_).finish();
  result.refused_acts = refused_acts_;
  return result;
}

}  // namespace

RunResult run_season(const RunInput& input, const RunRules& rules, const RunProgress& progress) {
  LevelRun run(input, rules);
  const std::vector<std::pair<std::string_view, std::function<void()>>> steps{
      {"register", [&] { run.register_families(); }}, {"claims", [&] { run.settle_claims(); }},
      {"draws", [&] { run.hold_draws(); }},           {"confirm or forfeit", [&] { run.settle_private_seats(); }},
      {"zones", [&] { run.place_in_zones(); }},       {"points", [&] { run.offer_by_points(); }},
      {"overflow", [&] { run.place_rest(); }},        {"locks and classes", [&] { run.deal_classes(); }},
      {"first day", [&] { run.see_who_comes(); }},
  };
  for (const auto& [name, step] : steps) {
    if (progress.step && !progress.step(name)) {
      RunResult cancelled = run.finish();
      cancelled.cancelled = true;
      return cancelled;
    }
    step();
  }
  return run.finish();
}

}  // namespace catchment::engine::admission
