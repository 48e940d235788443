#include "engine/admission/season/season_run.hpp"

#include <array>
#include <stdexcept>

#include "engine/admission/season/level_run.hpp"

namespace catchment::engine::admission {
namespace {

SeasonWorld run_world_of(const RunInput& in) {
  SeasonWorld world;
  for (const RunSchool& school : in.schools) {
    world.schools.push_back({school.plan, school.district, school.is_private, !school.is_private, school.taken_by});
  }
  for (const RunChild& child : in.children) world.children.push_back({child.claim, child.dwelling, child.family});
  for (std::uint16_t d = 0; d < in.districts; ++d)
    world.official_districts.insert(world.official_districts.end(), 2, d);
  return world;
}

}  // namespace

std::string_view to_word(SeatWay way) {
  constexpr std::array<std::string_view, 8> kWords{
      "none", "zone", "points", "coordinated", "direct_promotion", "attached_estate", "policy", "placement"};
  return kWords.at(static_cast<std::size_t>(way));
}

LevelRun::LevelRun(const RunInput& input, const RunRules& rules)
    : in_(input), rules_(rules), season_(run_world_of(input), rules.season) {
  season_.reserve(input.children.size() * 9);
  mended_.resize(input.children.size());
  answers_.resize(input.children.size());
  won_.resize(input.children.size());
  tickets_.resize(input.children.size());
  by_points_.resize(input.schools.size());
}

SeasonEvent LevelRun::event_of(SeasonEventKind kind, std::uint32_t child, std::uint32_t school) const {
  SeasonEvent event;
  event.at = std::max(at_, season_.now());
  event.kind = kind, event.child = child, event.school = school;
  return event;
}

void LevelRun::bureau(SeasonEvent event, std::span<const DrawnPlace> order) {
  if (const auto refused = season_.apply(event, order)) {
    throw std::logic_error(
        "the season refuses " + std::string(to_word(event.kind)) + ": " +
        std::string(refused->why == Refusal::Why::guard ? to_word(refused->guard) : to_word(refused->why)));
  }
}

bool LevelRun::family(SeasonEvent event) {
  const bool taken = !season_.apply(event);
  refused_acts_ += taken ? 0 : 1;
  return taken;
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
  at_ = std::max(at_, at);
}

void LevelRun::act(const Act& next) {
  const RunChild& child = in_.children[next.child];
  const std::uint32_t official = child.district * 2u;
  SeasonEvent event;
  event.at = std::max(next.at, season_.now());
  event.kind = next.kind, event.child = next.child, event.school = next.school;
  if (next.kind == Kind::register_late) event.approver = official;
  if (next.kind == Kind::pay) event.number = next.child + 1;
  if (next.kind == Kind::release || next.kind == Kind::transfer) {
    const std::uint32_t seat = season_.children()[next.child].seat;
    if (seat == kNobody) return;
    event.approver = in_.schools[seat].district * 2u;
    event.second = next.kind == Kind::release ? event.approver + 1 : in_.schools[next.school].district * 2u + 1;
  }
  if (next.kind == Kind::amend || next.kind == Kind::register_on_site) {
    const ChildStage stage = season_.children()[next.child].stage;
    if (next.kind == Kind::amend && stage != ChildStage::rejected) return;  // nothing to mend
    mended_[next.child] = 1;
  }
  if (!family(event)) return;
  if (next.kind == Kind::release) bureau(event_of(Kind::withdraw, next.child));
  if (next.kind == Kind::register_late) mended_[next.child] = 1;
  if (season_.children()[next.child].stage == ChildStage::registered) look_at_papers(next.child);
}

// The registers of other offices answer at once.
void LevelRun::look_at_papers(std::uint32_t child) {
  const RunChild& who = in_.children[child];
  const bool refused = who.way == SeatWay::none || (who.acts.mistaken && mended_[child] == 0);
  SeasonEvent event = event_of(refused ? SeasonEventKind::reject : SeasonEventKind::verify, child);
  event.at = season_.now();
  bureau(event);
  if (refused || !who.deferred) return;
  event.kind = SeasonEventKind::defer;
  event.approver = who.district * 2u;
  bureau(event);
}

RunResult LevelRun::finish() {
  return {std::move(season_),   std::move(answers_), std::move(tickets_),
          std::move(won_),      std::move(draws_),   std::move(approvals_),
          std::move(overflow_), refused_acts_,       false};
}

RunResult run_season(const RunInput& input, const RunRules& rules, const RunProgress& progress) {
  LevelRun run(input, rules);
  const std::vector<std::pair<std::string_view, std::function<void()>>> steps{
      {"register", [&] { run.register_families(); }},
      {"claims", [&] { run.settle_claims(); }},
      {"draws", [&] { run.hold_draws(); }},
      {"confirm or forfeit", [&] { run.settle_private_seats(); }},
      {"zones", [&] { run.place_in_zones(); }},
      {"points", [&] { run.offer_by_points(); }},
      {"overflow", [&] { run.place_rest(rules.times.overflow); }},
      {"locks", [&] { run.lock_seats(); }},
      {"classes", [&] { run.deal_classes_of_schools(); }},
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
