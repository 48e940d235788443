#include "engine/admission/season/season_office.hpp"

#include <algorithm>
#include <stdexcept>

#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

SeasonWorld office_world_of(const RunInput& in) {
  SeasonWorld world;
  for (const RunSchool& school : in.schools) {
    world.schools.push_back({school.plan, school.district, school.is_private, !school.is_private, school.taken_by});
  }
  for (const RunChild& child : in.children)
    world.children.push_back({child.claim, child.dwelling, child.family, child.district});
  for (std::uint16_t d = 0; d < in.districts; ++d)
    world.official_districts.insert(world.official_districts.end(), 2, d);
  return world;
}

}  // namespace

SeasonOffice::SeasonOffice(RunInput input, RunRules rules)
    : in_(std::move(input)), rules_(std::move(rules)), season_(office_world_of(in_), rules_.season) {
  memory_.answers.resize(in_.children.size());
  memory_.won.resize(in_.children.size());
  memory_.tickets.resize(in_.children.size());
}

std::uint32_t SeasonOffice::add_child(RunChild child) {
  if (find_child(child.code)) throw InputError("season_code", std::string(view(child.code)), "is another child's code");
  if (child.unit == kNobody) child.unit = static_cast<std::uint32_t>(in_.children.size());
  season_.add_child({child.claim, child.dwelling, child.family, child.district});
  in_.children.push_back(std::move(child));
  memory_.answers.emplace_back(), memory_.won.push_back(0), memory_.tickets.emplace_back();
  return static_cast<std::uint32_t>(in_.children.size() - 1);
}

void SeasonOffice::change_child(std::uint32_t child, RunChild changed) {
  changed.code = in_.children[child].code;
  if (changed.unit == kNobody) changed.unit = child;
  season_.change_child(child, {changed.claim, changed.dwelling, changed.family});
  in_.children[child] = std::move(changed);
}

// Codes that came since are few; they are merged in.
void SeasonOffice::sort_codes() const {
  if (by_code_.size() == in_.children.size()) return;
  const auto code_of = [this](std::uint32_t child) { return in_.children[child].code; };
  const auto old_end = static_cast<std::ptrdiff_t>(by_code_.size());
  while (by_code_.size() < in_.children.size()) by_code_.push_back(static_cast<std::uint32_t>(by_code_.size()));
  std::ranges::sort(by_code_.begin() + old_end, by_code_.end(), {}, code_of);
  std::ranges::inplace_merge(by_code_, by_code_.begin() + old_end, {}, code_of);
}

std::optional<std::uint32_t> SeasonOffice::find_child(const Code& code) const {
  sort_codes();
  const auto code_of = [this](std::uint32_t child) { return in_.children[child].code; };
  const auto found = std::ranges::lower_bound(by_code_, code, {}, code_of);
  if (found == by_code_.end() || in_.children[*found].code != code) return std::nullopt;
  return *found;
}

std::uint32_t SeasonOffice::child_of(const Code& code) const {
  if (const auto found = find_child(code)) return *found;
  throw InputError("season_code", std::string(view(code)), "is no child's code");
}

// A child without a record behind it, as a made-up one, has a leaf that says no more than its code.
Digest SeasonOffice::leaf_of(std::uint32_t child) const {
  const RunChild& who = in_.children[child];
  if (who.leaf != Digest{}) return who.leaf;
  std::string bytes(1, '\0');
  bytes += "code: " + std::string(view(who.code)) + "\n" + std::string(32, '\0');
  return hash(rules_.suite, bytes);
}

void SeasonOffice::set_time(Time at) { at_ = std::max(at_, at); }

SeasonEvent SeasonOffice::event_of(SeasonEventKind kind, std::uint32_t child, std::uint32_t school) const {
  SeasonEvent event;
  event.at = time();
  event.kind = kind, event.child = child, event.school = school;
  return event;
}

void SeasonOffice::decide(const SeasonEvent& event, std::span<const DrawnPlace> order) {
  if (const auto refused = season_.apply(event, order)) {
    throw std::logic_error(
        "the season refuses " + std::string(to_word(event.kind)) + ": " +
        std::string(refused->why == Refusal::Why::guard ? to_word(refused->guard) : to_word(refused->why)));
  }
}

void SeasonOffice::settle_claims() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const RunChild& who = in_.children[child];
    if (who.claim == kNobody || season_.children()[child].stage != ChildStage::verified) continue;
    SeasonEvent event = event_of(Kind::lock_first, child, who.claim);
    event.approver = who.district * 2u;
    if (season_.check(event)) continue;
    decide(event);
    memory_.answers[child].way = to_word(who.way);
    memory_.answers[child].clause = who.clause;
    memory_.answers[child].reason = "claim";
  }
}

void SeasonOffice::pass_on_claims() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const ChildState& state = season_.children()[child];
    if (state.stage == ChildStage::verified && in_.children[child].claim != kNobody)
      decide(event_of(Kind::enter_pool, child));
  }
}

const RunDraw* SeasonOffice::find_draw(std::string_view kind, std::uint32_t school) const {
  const auto of = [&](const RunDraw& draw) { return draw.kind == kind && draw.school == school; };
  const auto found = std::ranges::find_if(memory_.draws, of);
  return found == memory_.draws.end() ? nullptr : &*found;
}

void SeasonOffice::restore(OfficeMemory memory) {
  const std::size_t children = in_.children.size();
  if (memory.answers.size() != children || memory.tickets.size() != children || memory.won.size() != children)
    throw InputError("season_memory", in_.level, "the tables of the season do not have a row for each child");
  memory_ = std::move(memory);
}

RunResult SeasonOffice::result() const {
  return {season_, memory_.answers, memory_.tickets, memory_.won, memory_.draws, memory_.approvals, memory_.overflow, 0,
          false};
}

RunResult SeasonOffice::finish() && {
  return {std::move(season_),
          std::move(memory_.answers),
          std::move(memory_.tickets),
          std::move(memory_.won),
          std::move(memory_.draws),
          std::move(memory_.approvals),
          std::move(memory_.overflow),
          0,
          false};
}

}  // namespace catchment::engine::admission
