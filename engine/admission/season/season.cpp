#include "engine/admission/season/season.hpp"

#include <algorithm>

#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

bool still_to_deal_with(ChildStage stage) { return stage == ChildStage::registered || stage == ChildStage::verified; }

bool needs_school(SeasonEventKind kind) {
  return kind == SeasonEventKind::draw || kind == SeasonEventKind::approve_extra;
}

bool is_of_child(SeasonEventKind kind) { return !needs_school(kind) && kind != SeasonEventKind::close; }

bool is_settled(ChildStage stage) {
  return stage == ChildStage::enrolled || stage == ChildStage::dropout_ledger || stage == ChildStage::deferred ||
         stage == ChildStage::withdrawn;
}

}  // namespace

bool WindowTimes::holds(std::chrono::local_seconds at) const {
  if (at < from || at > until) return false;
  const auto minute = std::chrono::floor<std::chrono::minutes>(at - std::chrono::floor<std::chrono::days>(at)).count();
  return minute >= open_minute && minute < close_minute;
}

Season::Season(SeasonWorld world, SeasonRules rules, const std::vector<SeasonGuard>& without, bool keeps_log)
    : world_(std::make_shared<SeasonWorld>(std::move(world))),
      rules_(std::make_shared<const SeasonRules>(std::move(rules))),
      keeps_log_(keeps_log) {
  for (const SeasonGuard guard : without) without_ |= 1u << static_cast<unsigned>(guard);
  children_.resize(world_->children.size());
  schools_.resize(world_->schools.size());
  applicants_.resize(world_->schools.size());
  claims_pending_.resize(world_->schools.size());
}

// Copies of a season share a world until one of them changes it.
SeasonWorld& Season::own_world() {
  if (world_.use_count() > 1) world_ = std::make_shared<SeasonWorld>(*world_);
  return *world_;
}

void Season::add_child(const SeasonChild& child) {
  own_world().children.push_back(child);
  children_.emplace_back();
}

void Season::change_child(std::uint32_t child, const SeasonChild& changed) {
  const std::uint32_t before = world_->children[child].claim;
  const bool pending = still_to_deal_with(children_[child].stage);
  if (pending && before != kNobody) --claims_pending_[before];
  if (pending && changed.claim != kNobody) ++claims_pending_[changed.claim];
  own_world().children[child] = changed;
}

int Season::free_seats(std::uint32_t school) const {
  const SchoolState& state = schools_[school];
  return world_->schools[school].plan + state.extra - state.taken;
}

std::uint32_t Season::unit_size(std::uint32_t school, std::uint32_t place) const {
  const std::vector<DrawnPlace>& line = schools_[school].line;
  while (!line[place].first) --place;
  std::uint32_t waiting = 0;
  do {
    const ChildState& child = children_[line[place].child];
    if (child.stage == ChildStage::waiting) ++waiting;
  } while (++place < line.size() && !line[place].first);
  return waiting;
}

std::optional<std::uint32_t> Season::next_in_line(std::uint32_t school) const {
  const SchoolState& state = schools_[school];
  const int free = free_seats(school);
  for (std::uint32_t at = state.line_begin; free > 0 && at < state.line.size(); ++at) {
    const std::uint32_t child = state.line[at].child;
    if (children_[child].stage != ChildStage::waiting) continue;
    if (static_cast<int>(unit_size(school, at)) <= free) return child;
  }
  return std::nullopt;
}

bool Season::line_over(std::uint32_t child) const {
  const ChildState& state = children_[child];
  return schools_[state.choice].to_confirm == 0 &&
         static_cast<int>(unit_size(state.choice, state.place)) > free_seats(state.choice);
}

bool Season::right_school(SeasonEventKind kind, std::uint32_t child, std::uint32_t school) const {
  if (school == kNobody) return false;
  const SeasonSchool& at = world_->schools[school];
  if (kind == SeasonEventKind::choose_private) return at.draws;
  if (kind == SeasonEventKind::offer) return at.pool;
  return kind != SeasonEventKind::transfer || school != children_[child].seat;
}

// Of the lock that a seat of the school puts on the child's dwelling; nothing: none.
std::optional<std::uint64_t> Season::dwelling_key(std::uint32_t child, std::uint32_t school) const {
  const std::uint32_t dwelling = world_->children[child].dwelling;
  if (!rules_->dwelling_lock || school == kNobody || !world_->schools[school].pool || dwelling == kNobody)
    return std::nullopt;
  return static_cast<std::uint64_t>(dwelling) << 32 | school;
}

bool Season::dwelling_free(std::uint32_t child, std::uint32_t school) const {
  const auto key = dwelling_key(child, school);
  const auto found = key ? dwellings_.find(*key) : dwellings_.end();
  return found == dwellings_.end() || found->second.seats == 0 ||
         found->second.family == world_->children[child].family;
}

bool Season::districts_agree(const SeasonEvent& event) const {
  if (event.approver == kNobody || event.second == kNobody || event.school == kNobody) return false;
  const std::uint32_t from = children_[event.child].seat;
  return world_->official_districts[event.approver] == world_->schools[from].district &&
         world_->official_districts[event.second] == world_->schools[event.school].district;
}

bool Season::holds(SeasonGuard guard, const Transition& row, const SeasonEvent& event) const {
  const ChildState& child = children_[event.child];
  const auto taken_by = [&](TakenBy by) {
    return child.choice != kNobody && world_->schools[child.choice].taken_by == by;
  };
  switch (guard) {
    case SeasonGuard::one_registration:
      return child.stage == ChildStage::unregistered ||
             (child.stage == ChildStage::dropout_ledger && child.seat == kNobody);
    case SeasonGuard::in_window: {
      WindowTimes window = rules_->window(row.window, world_->children[event.child].district);
      window.until = answer_by(row, event.child);
      return window.holds(event.at);
    }
    case SeasonGuard::overdue:
      return event.at > answer_by(row, event.child);
    case SeasonGuard::approved:
      return event.approver != kNobody;
    case SeasonGuard::one_choice:
      return child.choice == kNobody && event.school != kNobody && !schools_[event.school].drawn;
    case SeasonGuard::right_school:
      return right_school(event.kind, event.child, event.school);
    case SeasonGuard::has_claim:
      return event.school != kNobody && world_->children[event.child].claim == event.school;
    case SeasonGuard::one_seat:
      return child.seat == kNobody;
    case SeasonGuard::own_seat:
      return child.seat != kNobody;
    case SeasonGuard::seat_free:
      return event.school != kNobody && free_seats(event.school) > 0;
    case SeasonGuard::next_in_line:
      return next_in_line(event.school) == event.child;
    case SeasonGuard::line_over:
      return line_over(event.child);
    case SeasonGuard::by_clock:
      return taken_by(TakenBy::clock);
    case SeasonGuard::by_receipt:
      return taken_by(TakenBy::receipt) && event.number != 0;
    case SeasonGuard::two_approvers:
      return event.approver != kNobody && event.second != kNobody && event.approver != event.second;
    case SeasonGuard::both_districts:
      return districts_agree(event);
    case SeasonGuard::dwelling_free:
      return dwelling_free(event.child, event.school);
    case SeasonGuard::claims_first:
    case SeasonGuard::roll_complete:
    case SeasonGuard::one_draw:
    case SeasonGuard::all_settled:
      return true;  // of draw and close
  }
  return true;
}

// When the window of a transition closes for this child.
std::chrono::local_seconds Season::answer_by(const Transition& row, std::uint32_t child) const {
  const bool own = row.window == SeasonWindow::confirm || row.window == SeasonWindow::accept;
  return own ? children_[child].answer_by : rules_->window(row.window, world_->children[child].district).until;
}

void Season::take(std::uint32_t child, std::uint32_t school) {
  children_[child].seat = school;
  ++schools_[school].taken;
  if (const auto key = dwelling_key(child, school)) {
    DwellingSeats& dwelling = dwellings_[*key];
    dwelling.family = world_->children[child].family;
    ++dwelling.seats;
  }
}

void Season::give_back(std::uint32_t child) {
  const std::uint32_t school = std::exchange(children_[child].seat, kNobody);
  --schools_[school].taken;
  if (const auto key = dwelling_key(child, school)) --dwellings_[*key].seats;
}

void Season::leave_line(std::uint32_t child) {
  ChildState& state = children_[child];
  if (state.stage == ChildStage::private_choice) --applicants_[state.choice];
  state.choice = kNobody;
}

// Changes the stage alone, and what is counted by stage.
void Season::move(std::uint32_t child, ChildStage to) {
  ChildState& state = children_[child];
  const std::uint32_t claim = world_->children[child].claim;
  if (claim != kNobody) {
    claims_pending_[claim] +=
        static_cast<int>(still_to_deal_with(to)) - static_cast<int>(still_to_deal_with(state.stage));
  }
  if (state.choice != kNobody) {
    schools_[state.choice].to_confirm +=
        static_cast<int>(to == ChildStage::drawn) - static_cast<int>(state.stage == ChildStage::drawn);
  }
  state.stage = to;
  if (state.choice == kNobody) return;
  SchoolState& school = schools_[state.choice];
  while (school.line_begin < school.line.size() &&
         children_[school.line[school.line_begin].child].stage != ChildStage::waiting) {
    ++school.line_begin;
  }
}

std::optional<Refusal> Season::check_child(const SeasonEvent& event) const {
  const Transition* row = find_transition(children_[event.child].stage, event.kind);
  if (row == nullptr) return Refusal{Refusal::Why::no_transition, {}, {}};
  for (std::size_t g = 0; g < kSeasonGuards; ++g) {
    const auto guard = static_cast<SeasonGuard>(g);
    if (!row->guards.has(guard) || !asks(guard) || holds(guard, *row, event)) continue;
    return Refusal{Refusal::Why::guard, guard, hook_of(guard, row->hook)};
  }
  return std::nullopt;
}

void Season::carry_out(const SeasonEvent& event) {
  const ChildState before = children_[event.child];
  const Transition* row = find_transition(before.stage, event.kind);
  switch (row->effect) {
    case SeasonEffect::nothing:
      break;
    case SeasonEffect::set_choice:
      if (before.stage == ChildStage::private_choice) --applicants_[before.choice];
      children_[event.child].choice = event.school;
      ++applicants_[event.school];
      break;
    case SeasonEffect::drop_choice:
      leave_line(event.child);
      break;
    case SeasonEffect::take_seat:
      take(event.child, event.school);
      break;
    case SeasonEffect::free_seat:
      give_back(event.child);
      break;
    case SeasonEffect::exchange_seat:
      give_back(event.child);
      take(event.child, event.school);
      break;
  }
  std::chrono::local_seconds& by = children_[event.child].answer_by;
  by = {};
  if (row->to == ChildStage::drawn || row->to == ChildStage::offered) {
    const SeasonWindow window = row->to == ChildStage::drawn ? SeasonWindow::confirm : SeasonWindow::accept;
    by = std::max(rules_->window(window).until, event.at + rules_->answer_term);
  }
  move(event.child, row->to);
}

bool Season::roll_complete(std::uint32_t school, std::span<const DrawnPlace> order) const {
  if (static_cast<int>(order.size()) != applicants_[school] || (!order.empty() && !order.front().first)) return false;
  std::vector<std::uint32_t> seen;
  seen.reserve(order.size());
  for (const DrawnPlace& place : order) {
    if (place.child >= children_.size()) return false;
    const ChildState& child = children_[place.child];
    if (child.stage != ChildStage::private_choice || child.choice != school) return false;
    seen.push_back(place.child);
  }
  std::ranges::sort(seen);
  return std::ranges::adjacent_find(seen) == seen.end();
}

std::optional<Refusal> Season::check_draw(const SeasonEvent& event, std::span<const DrawnPlace> order) const {
  const auto refused = [](SeasonGuard guard, SeasonHook hook) { return Refusal{Refusal::Why::guard, guard, hook}; };
  if (asks(SeasonGuard::right_school) && !world_->schools[event.school].draws)
    return refused(SeasonGuard::right_school, SeasonHook::draw);
  if (asks(SeasonGuard::one_draw) && schools_[event.school].drawn)
    return refused(SeasonGuard::one_draw, SeasonHook::draw);
  if (asks(SeasonGuard::claims_first) && claims_pending_[event.school] != 0)
    return refused(SeasonGuard::claims_first, SeasonHook::direct_promotion);
  if (asks(SeasonGuard::roll_complete) && !roll_complete(event.school, order))
    return refused(SeasonGuard::roll_complete, SeasonHook::draw);
  return std::nullopt;
}

void Season::carry_out_draw(std::uint32_t school_id, std::span<const DrawnPlace> order) {
  SchoolState& school = schools_[school_id];
  school.drawn = true;
  school.line.assign(order.begin(), order.end());
  school.line_begin = 0;
  for (std::uint32_t at = 0; at < order.size();) {
    std::uint32_t end = at + 1;
    while (end < order.size() && !order[end].first) ++end;
    const bool fits = !asks(SeasonGuard::seat_free) || static_cast<int>(end - at) <= free_seats(school_id);
    for (; at < end; ++at) {
      ChildState& child = children_[order[at].child];
      child.place = at;
      if (child.stage == ChildStage::private_choice) --applicants_[school_id];
      if (fits) take(order[at].child, school_id);
      child.stage = fits ? ChildStage::drawn : ChildStage::waiting;
      if (!fits) continue;
      child.answer_by = rules_->window(SeasonWindow::confirm).until;
      ++school.to_confirm;
    }
  }
}

std::optional<Refusal> Season::check_close() const {
  if (!asks(SeasonGuard::all_settled)) return std::nullopt;
  const bool settled = std::ranges::all_of(children_, [](const ChildState& c) { return is_settled(c.stage); });
  if (settled) return std::nullopt;
  return Refusal{Refusal::Why::guard, SeasonGuard::all_settled, SeasonHook::public_guarantee};
}

std::optional<Refusal> Season::check(const SeasonEvent& given, std::span<const DrawnPlace> order) const {
  const auto known = [](std::uint32_t id, std::size_t count) { return id == kNobody || id < count; };
  const std::size_t officials = world_->official_districts.size();
  if (!known(given.child, children_.size()) || !known(given.school, schools_.size()) ||
      !known(given.approver, officials) || !known(given.second, officials) ||
      (is_of_child(given.kind) ? given.child == kNobody : needs_school(given.kind) && given.school == kNobody))
    return Refusal{Refusal::Why::unknown, {}, {}};
  if (closed_) return Refusal{Refusal::Why::closed, {}, {}};
  if (given.at < now_) return Refusal{Refusal::Why::backwards, {}, {}};
  if (given.kind == SeasonEventKind::draw) return check_draw(given, order);
  if (given.kind == SeasonEventKind::close) return check_close();
  if (given.kind == SeasonEventKind::approve_extra) {
    if (!asks(SeasonGuard::approved) || (given.approver != kNobody && given.number != 0)) return std::nullopt;
    return Refusal{Refusal::Why::guard, SeasonGuard::approved, SeasonHook::plan};
  }
  SeasonEvent event = given;
  if (event.kind == SeasonEventKind::promote) event.school = children_[event.child].choice;
  if (event.kind == SeasonEventKind::promote && event.school == kNobody)
    return Refusal{Refusal::Why::no_transition, {}, {}};
  return check_child(event);
}

std::optional<Refusal> Season::apply(SeasonEvent event, std::span<const DrawnPlace> order) {
  if (auto refused = check(event, order)) return refused;
  if (event.kind == SeasonEventKind::promote) event.school = children_[event.child].choice;
  if (event.kind == SeasonEventKind::draw) carry_out_draw(event.school, order);
  if (event.kind == SeasonEventKind::approve_extra) schools_[event.school].extra += static_cast<int>(event.number);
  if (is_of_child(event.kind)) carry_out(event);
  closed_ = event.kind == SeasonEventKind::close;
  now_ = event.at;
  if (!keeps_log_) return std::nullopt;
  event.order_from = static_cast<std::uint32_t>(log_.orders.size());
  event.order_count = static_cast<std::uint32_t>(order.size());
  log_.orders.insert(log_.orders.end(), order.begin(), order.end());
  log_.events.push_back(event);
  return std::nullopt;
}

bool Season::same_state(const Season& other) const {
  if (children_ != other.children_ || closed_ != other.closed_ || now_ != other.now_) return false;
  return std::ranges::equal(schools_, other.schools_, [](const SchoolState& a, const SchoolState& b) {
    return a.taken == b.taken && a.extra == b.extra && a.drawn == b.drawn && a.to_confirm == b.to_confirm &&
           std::ranges::equal(a.line, b.line, [](const DrawnPlace& x, const DrawnPlace& y) {
             return x.child == y.child && x.first == y.first;
           });
  });
}

Season replay(const SeasonWorld& world, const SeasonRules& rules, const SeasonLog& log) {
  Season season(world, rules);
  season.reserve(log.events.size());
  for (std::size_t i = 0; i < log.events.size(); ++i) {
    const SeasonEvent& event = log.events[i];
    const auto order = std::span(log.orders).subspan(event.order_from, event.order_count);
    if (const auto refused = season.apply(event, order)) {
      throw InputError(
          "season_event", "event " + std::to_string(i + 1),
          std::string(to_word(event.kind)) + " is refused: " +
              std::string(refused->why == Refusal::Why::guard ? to_word(refused->guard) : to_word(refused->why)));
    }
  }
  return season;
}

std::string_view to_word(Refusal::Why why) {
  constexpr std::array<std::string_view, 5> kWhy{"unknown", "backwards", "closed", "no_transition", "guard"};
  return kWhy.at(static_cast<std::size_t>(why));
}

}  // namespace catchment::engine::admission
