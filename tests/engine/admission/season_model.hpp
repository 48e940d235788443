// Every order in which the events of a small season can happen, explored breadth first, with what must hold of it.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/admission/season/season.hpp"

namespace catchment::engine::admission::testing {

struct ModelWorld {
  SeasonWorld world;
  SeasonRules rules;
  std::vector<std::chrono::local_seconds> instants;
  std::set<SeasonEventKind> never;  // what does not happen here
  int most_extra = 1;               // approvals above plan that are explored, of each school
  bool twins = false;               // children 0 and 1 are one unit where both are drawn
};

struct ModelResult {
  std::size_t states = 0, transitions = 0;
  std::set<ChildStage> stages;  // that some child reached
  std::size_t closed = 0;       // states in which the season is over
  std::size_t stuck = 0;        // states from which it cannot come to an end
  std::string violation;        // of the first state or step that breaks an invariant; empty: none
};

class SeasonModel {
 public:
  SeasonModel(ModelWorld world, std::vector<SeasonGuard> without = {})
      : model_(std::move(world)), without_(std::move(without)) {}

  // Stops at the first violation. `liveness`: also looks for states that cannot end.
  ModelResult explore(bool liveness) {
    add(Season(model_.world, model_.rules, without_, false), 0);
    for (std::size_t at = 0; at < states_.size() && result_.violation.empty(); ++at) expand(at);
    result_.states = states_.size();
    if (liveness && result_.violation.empty()) count_stuck();
    return result_;
  }

 private:
  struct Move {
    SeasonEvent event;
    std::vector<DrawnPlace> order;
  };

  static std::string key_of(const Season& s, std::uint32_t clock) {
    std::string key;
    const auto put = [&key](std::uint32_t v) { key.push_back(static_cast<char>(v & 0xFF)); };
    for (const ChildState& c : s.children())
      put(static_cast<std::uint32_t>(c.stage)), put(c.choice), put(c.seat), put(c.place),
          put(static_cast<std::uint32_t>(c.answer_by.time_since_epoch().count()));
    for (const SchoolState& school : s.schools()) {
      put(static_cast<std::uint32_t>(school.taken)), put(static_cast<std::uint32_t>(school.extra)), put(school.drawn);
      for (const DrawnPlace& p : school.line) put(p.child), put(p.first);
      put(0xEE);
    }
    put(clock), put(s.closed());
    return key;
  }

  std::size_t add(Season season, std::uint32_t clock) {
    const auto [found, fresh] = index_.try_emplace(key_of(season, clock), states_.size());
    if (fresh) {
      for (const ChildState& c : season.children()) result_.stages.insert(c.stage);
      if (season.closed()) ++result_.closed;
      states_.push_back(std::move(season));
      clocks_.push_back(clock);
      if (const std::string broken = broken_state(states_.back()); !broken.empty()) result_.violation = broken;
    }
    return found->second;
  }

  void expand(std::size_t at) {
    const Season before = states_[at];
    const std::uint32_t clock = clocks_[at];
    if (clock + 1 < model_.instants.size() && !before.closed()) edges_.emplace_back(at, add(before, clock + 1));
    for (const Move& move : moves_of(before, model_.instants[clock])) {
      if (before.check(move.event, move.order)) continue;
      Season after = before;
      after.apply(move.event, move.order);
      ++result_.transitions;
      if (const std::string broken = broken_step(before, move, after); !broken.empty()) {
        result_.violation = broken + " by " + std::string(to_word(move.event.kind));
        return;
      }
      edges_.emplace_back(at, add(std::move(after), clock));
      if (!result_.violation.empty()) return;
    }
  }

  void count_stuck() {
    std::vector<std::vector<std::uint32_t>> into(states_.size());
    for (const auto& [from, to] : edges_) into[to].push_back(static_cast<std::uint32_t>(from));
    std::vector<char> ends(states_.size());
    std::vector<std::size_t> queue;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_[i].closed()) ends[i] = 1, queue.push_back(i);
    }
    while (!queue.empty()) {
      const std::size_t at = queue.back();
      queue.pop_back();
      for (const std::uint32_t from : into[at]) {
        if (!ends[from]) ends[from] = 1, queue.push_back(from);
      }
    }
    result_.stuck = static_cast<std::size_t>(std::ranges::count(ends, 0));
  }

  bool wanted(SeasonEventKind kind) const { return !model_.never.contains(kind); }

  std::vector<Move> moves_of(const Season& s, std::chrono::local_seconds at) const {
    std::vector<Move> moves;
    for (std::size_t k = 0; k < kSeasonEvents; ++k) {
      const auto kind = static_cast<SeasonEventKind>(k);
      if (wanted(kind)) add_moves(s, at, kind, moves);
    }
    return moves;
  }

  void add_moves(const Season& s, std::chrono::local_seconds at, SeasonEventKind kind, std::vector<Move>& moves) const {
    using Kind = SeasonEventKind;
    SeasonEvent event;
    event.at = at, event.kind = kind;
    const auto n_children = static_cast<std::uint32_t>(s.children().size());
    const auto n_schools = static_cast<std::uint32_t>(s.schools().size());
    if (kind == Kind::close) return moves.push_back({event, {}});
    if (kind == Kind::draw) {
      for (event.school = 0; event.school < n_schools; ++event.school) add_draws(s, event, moves);
      return;
    }
    if (kind == Kind::approve_extra) {
      event.number = 1;
      for (event.school = 0; event.school < n_schools; ++event.school) {
        if (s.schools()[event.school].extra >= model_.most_extra) continue;
        for (const std::uint32_t by : {kNobody, 0u}) event.approver = by, moves.push_back({event, {}});
      }
      return;
    }
    const bool names_school =
        kind == Kind::choose_private || kind == Kind::offer || kind == Kind::lock_first || kind == Kind::transfer;
    for (event.child = 0; event.child < n_children; ++event.child) {
      for (event.school = 0; event.school < (names_school ? n_schools : 1); ++event.school) {
        SeasonEvent full = event;
        if (!names_school) full.school = kNobody;
        add_approvals(full, moves);
      }
    }
  }

  static void add_approvals(SeasonEvent event, std::vector<Move>& moves) {
    using Kind = SeasonEventKind;
    switch (event.kind) {
      case Kind::register_late:
      case Kind::defer:
        for (const std::uint32_t by : {kNobody, 0u}) event.approver = by, moves.push_back({event, {}});
        return;
      case Kind::release:
      case Kind::transfer:
        for (const auto& [a, b] :
             std::vector<std::pair<std::uint32_t, std::uint32_t>>{{0, kNobody}, {0, 0}, {0, 1}, {1, 0}, {0, 2}}) {
          event.approver = a, event.second = b;
          moves.push_back({event, {}});
        }
        return;
      case Kind::pay:
        for (const std::uint32_t receipt : {0u, 7u}) event.number = receipt, moves.push_back({event, {}});
        return;
      default:
        moves.push_back({event, {}});
    }
  }

  // Every order of those who chose the school, and each with one left out or taken twice.
  void add_draws(const Season& s, const SeasonEvent& event, std::vector<Move>& moves) const {
    std::vector<std::uint32_t> who;
    for (std::uint32_t c = 0; c < s.children().size(); ++c) {
      if (s.children()[c].stage == ChildStage::private_choice && s.children()[c].choice == event.school)
        who.push_back(c);
    }
    if (s.schools()[event.school].drawn) {  // would draw again
      for (const DrawnPlace& p : s.schools()[event.school].line) who.push_back(p.child);
      std::ranges::sort(who);
      who.erase(std::unique(who.begin(), who.end()), who.end());
      std::ranges::reverse(who);
    }
    if (who.empty()) return;
    do {
      std::vector<DrawnPlace> order;
      bool together = true;
      for (std::size_t i = 0; i < who.size(); ++i) {
        const bool second = model_.twins && i > 0 && who[i - 1] + who[i] == 1;
        order.push_back({who[i], !second});
      }
      if (model_.twins && std::ranges::count(order, false, &DrawnPlace::first) == 0)
        together = std::ranges::count_if(who, [](std::uint32_t c) { return c < 2; }) < 2;
      if (together) {
        moves.push_back({event, order});
        order.pop_back();
        moves.push_back({event, order});
      }
    } while (std::ranges::next_permutation(who).found);
  }

  int seats_of(std::uint32_t school, const Season& s) const {
    return static_cast<int>(std::ranges::count(s.children(), school, &ChildState::seat));
  }

  std::string broken_state(const Season& s) const {
    for (const ChildState& c : s.children()) {
      const HoldsSeat holds = holds_seat(c.stage);
      if (holds != HoldsSeat::perhaps && (c.seat != kNobody) != (holds == HoldsSeat::yes))
        return "a stage and a seat that do not agree";
      if (s.closed() && c.stage != ChildStage::enrolled && c.stage != ChildStage::dropout_ledger &&
          c.stage != ChildStage::deferred && c.stage != ChildStage::withdrawn)
        return "a child nobody placed when the season closed";
    }
    for (std::uint32_t school = 0; school < s.schools().size(); ++school) {
      const SchoolState& state = s.schools()[school];
      if (state.taken != seats_of(school, s)) return "two seats for one child";
      if (state.taken > model_.world.schools[school].plan + state.extra) return "more seats than plan and approvals";
    }
    if (model_.rules.dwelling_lock && !dwellings_hold(s)) return "one dwelling, two families' seats";
    return "";
  }

  bool dwellings_hold(const Season& s) const {
    const auto seated = [&](std::size_t c) {
      const std::uint32_t seat = s.children()[c].seat;
      return seat != kNobody && model_.world.schools[seat].pool;
    };
    for (std::size_t a = 0; a < s.children().size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        const SeasonChild &x = model_.world.children[a], &y = model_.world.children[b];
        if (seated(a) && seated(b) && s.children()[a].seat == s.children()[b].seat && x.dwelling != kNobody &&
            x.dwelling == y.dwelling && x.family != y.family)
          return false;
      }
    }
    return true;
  }

  bool within(SeasonWindow w, std::chrono::local_seconds at) const {
    const WindowTimes& t = model_.rules.windows[static_cast<std::size_t>(w)];
    return t.from <= at && at <= t.until;
  }
  bool after(SeasonWindow w, std::chrono::local_seconds at) const {
    return at > model_.rules.windows[static_cast<std::size_t>(w)].until;
  }

  std::string broken_step(const Season& before, const Move& move, const Season& then) const;
  std::string broken_child(const Season& before, const Move& move, std::uint32_t child, const Season& then) const;
  std::string broken_time(const ChildState& was, const SeasonEvent& event) const;
  std::string broken_draw(const Season& before, const Move& move, const Season& then) const;
  bool first_of_line(const Season& s, std::uint32_t child) const;

  ModelWorld model_;
  std::vector<SeasonGuard> without_;
  std::vector<Season> states_;
  std::vector<std::uint32_t> clocks_;  // of each state, into the instants; the season's own is that of its last event
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<std::pair<std::size_t, std::size_t>> edges_;
  ModelResult result_;
};

inline std::string SeasonModel::broken_time(const ChildState& was, const SeasonEvent& event) const {
  using Kind = SeasonEventKind;
  const auto at = event.at;
  switch (event.kind) {
    case Kind::register_online:
    case Kind::amend:
      return within(SeasonWindow::online, at) ? "" : "registered online outside the window";
    case Kind::register_on_site:
      return within(SeasonWindow::on_site, at) ? "" : "registered on site outside the window";
    case Kind::register_late:
      return event.approver != kNobody && within(SeasonWindow::late, at) ? "" : "late without approval";
    case Kind::choose_private:
      return within(SeasonWindow::private_choice, at) ? "" : "chose outside the window";
    case Kind::confirm:
    case Kind::pay: {
      const bool receipt = model_.world.schools[was.choice].taken_by == TakenBy::receipt;
      if (at < model_.rules.window(SeasonWindow::confirm).from || at > was.answer_by) return "confirmed too late";
      if (receipt != (event.kind == Kind::pay)) return "confirmed in the wrong way";
      return receipt && event.number == 0 ? "paid without a receipt" : "";
    }
    case Kind::forfeit:
      return at > was.answer_by ? "" : "forfeited in time";
    case Kind::lapse:
      return at > was.answer_by ? "" : "lapsed in time";
    case Kind::no_report:
    case Kind::trace:
      return after(SeasonWindow::report, at) ? "" : "missed before it was due";
    case Kind::defer:
      return event.approver != kNobody ? "" : "deferred without approval";
    default:
      return "";
  }
}

// By counting the whole line anew.
inline bool SeasonModel::first_of_line(const Season& s, std::uint32_t child) const {
  const std::uint32_t school = s.children()[child].choice;
  const int free = model_.world.schools[school].plan + s.schools()[school].extra - seats_of(school, s);
  const auto& line = s.schools()[school].line;
  for (std::size_t i = 0; i < line.size();) {
    std::vector<std::uint32_t> unit;
    do {
      if (s.children()[line[i].child].stage == ChildStage::waiting) unit.push_back(line[i].child);
    } while (++i < line.size() && !line[i].first);
    if (!unit.empty() && static_cast<int>(unit.size()) <= free) return unit.front() == child;
  }
  return false;
}

inline std::string SeasonModel::broken_draw(const Season& before, const Move& move, const Season& then) const {
  const std::uint32_t school = move.event.school;
  if (before.schools()[school].drawn) return "drawn twice";
  if (!model_.world.schools[school].draws) return "a draw where none is held";
  for (std::uint32_t c = 0; c < then.children().size(); ++c) {
    const ChildState &was = before.children()[c], &is = then.children()[c];
    if (is.stage == ChildStage::private_choice && is.choice == school) return "left out of the draw";
    if (model_.world.children[c].claim == school &&
        (was.stage == ChildStage::registered || was.stage == ChildStage::verified))
      return "drawn before a claim was dealt with";
  }
  return "";
}

inline std::string SeasonModel::broken_child(const Season& before, const Move& move, std::uint32_t child,
                                             const Season& then) const {
  using Kind = SeasonEventKind;
  const SeasonEvent& event = move.event;
  const ChildState &was = before.children()[child], &is = then.children()[child];
  if (was.choice != kNobody && is.choice != kNobody && was.choice != is.choice) return "a second private choice";
  if (was.place != is.place && was.place != kNobody) return "another place in the line";
  if (was.seat != kNobody && is.seat != was.seat) {
    const bool two = event.approver != kNobody && event.second != kNobody && event.approver != event.second;
    const bool given_up = event.kind == Kind::forfeit || event.kind == Kind::lapse;
    if (!given_up && !two) return "a seat that changed without two approvers";
    if (!given_up && is.seat != kNobody &&
        (event.kind != Kind::transfer ||
         model_.world.official_districts[event.approver] != model_.world.schools[was.seat].district ||
         model_.world.official_districts[event.second] != model_.world.schools[is.seat].district))
      return "a locked child admitted elsewhere";
  }
  if (is.answer_by != was.answer_by && is.answer_by != std::chrono::local_seconds{}) {
    const bool drawn = is.stage == ChildStage::drawn;
    const auto until = model_.rules.window(drawn ? SeasonWindow::confirm : SeasonWindow::accept).until;
    const auto by = event.kind == Kind::draw ? until : std::max(until, event.at + model_.rules.answer_term);
    if (is.answer_by != by || (!drawn && is.stage != ChildStage::offered)) return "another time to answer in";
  }
  if (event.child != child) return "";
  const bool registers =
      event.kind == Kind::register_online || event.kind == Kind::register_on_site || event.kind == Kind::register_late;
  const bool sought = was.stage == ChildStage::dropout_ledger && was.seat == kNobody;
  if (registers && was.stage != ChildStage::unregistered && was.stage != ChildStage::rejected && !sought)
    return "registered twice";
  if (event.kind == Kind::promote && !first_of_line(before, child)) return "promoted out of turn";
  if (event.kind == Kind::end_line) {
    const auto pending = std::ranges::count_if(
        before.children(), [&](const ChildState& c) { return c.stage == ChildStage::drawn && c.choice == was.choice; });
    if (pending > 0 || first_of_line(before, child)) return "lost while a seat could come";
  }
  if (event.kind == Kind::offer && !model_.world.schools[is.seat].pool) return "offered a seat outside the pool";
  if (event.kind == Kind::choose_private && !model_.world.schools[event.school].draws)
    return "chose what cannot be chosen";
  if (event.kind == Kind::choose_private && before.schools()[event.school].drawn) return "chose after the draw";
  if (event.kind == Kind::transfer && was.seat == is.seat) return "a transfer that goes nowhere";
  if (event.kind == Kind::lock_first && model_.world.children[child].claim != is.seat) return "locked without a claim";
  return broken_time(was, event);
}

inline std::string SeasonModel::broken_step(const Season& before, const Move& move, const Season& then) const {
  if (move.event.kind == SeasonEventKind::draw) {
    if (std::string broken = broken_draw(before, move, then); !broken.empty()) return broken;
  }
  if (move.event.kind == SeasonEventKind::approve_extra && move.event.approver == kNobody) return "nobody approved it";
  for (std::uint32_t child = 0; child < then.children().size(); ++child) {
    if (std::string broken = broken_child(before, move, child, then); !broken.empty()) return broken;
  }
  return "";
}

}  // namespace catchment::engine::admission::testing
