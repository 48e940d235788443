// What families do, and what offices do about one child.
#include "geo/input_error.hpp"
#include "server/desk/desk_state.hpp"

namespace catchment::desk {

namespace admission = engine::admission;
using admission::ChildStage;
using admission::kNobody;
using admission::SeasonEvent;
using admission::SeasonEventKind;
using store::Session;

namespace {

std::string_view channel_word(Desk::Channel channel) {
  return channel == Desk::Channel::online ? "online" : channel == Desk::Channel::on_site ? "on_site" : "late";
}

SeasonEventKind kind_of(Desk::Channel channel) {
  return channel == Desk::Channel::online    ? SeasonEventKind::register_online
         : channel == Desk::Channel::on_site ? SeasonEventKind::register_on_site
                                             : SeasonEventKind::register_late;
}

Registration must_find(const Desk& desk, Session& session, const std::string& code) {
  const auto found = desk.find(session, code);
  if (!found) throw std::logic_error("a registration went away in its own command");
  return *found;
}

}  // namespace

void Desk::State::refuse(const Level& level, const admission::Refusal& refusal) const {
  using Why = admission::Refusal::Why;
  const admission::SeasonRules& clauses = level.office->season().rules();
  if (refusal.why == Why::no_transition)
    throw Refused(409, "not_now", "This cannot happen where the registration stands now.");
  if (refusal.why == Why::closed) throw Refused(409, "season_closed", "The season is over.");
  if (refusal.why != Why::guard) throw Refused(409, std::string(to_word(refusal.why)), "The season refuses this.");
  const std::string guard(admission::to_word(refusal.guard));
  throw Refused(409, guard, "The rule of this place forbids it: " + guard + ".", clauses.clause(refusal.hook));
}

void Desk::State::take(Session& session, Level& level, admission::SeasonEvent event) {
  event.at = std::max(event.at, level.office->season().now());
  if (const auto refused = level.office->season().check(event)) refuse(level, *refused);
  touched = true;
  if (level.office->act(event)) throw std::logic_error("the season refuses what it had checked");
  level.rows->save(session, *level.office, SeasonRows::Reach::act);
}

void Desk::State::save_record(Session& session, const Registration& r, const Record& record, Time at) {
  session.run(
      "update registration set record = $2, changed = $3, version = version + 1, district = $4, child_key = $5 "
      "where code = $1",
      {r.code, seal_record(r.code, print_record(record)), at, record.district, child_key(record)});
}

void Desk::State::update_child(Session& session, Level& level, const Registration& r, const Record& record) {
  check_sibling(session, r, record);
  touched = true;
  level.office->change_child(*r.number, child_of(level, r.code, record, judge(record)));
  level.rows->child_changed(session, *level.office, *r.number);
}

Desk::Draft Desk::prepare(Record record, const std::string& guardian, const std::string& filed_by, Time at) const {
  State& s = *state_;
  s.district(s.level(record.level), record.district);
  s.check_document(record);
  Registration r;
  r.code = s.new_code(), r.level = record.level, r.child_key = s.child_key(record);
  r.guardian = guardian, r.district = record.district, r.filed_by = filed_by;
  r.channel = "online", r.stage = "draft", r.version = 1, r.created = r.changed = at;
  std::string for_family = print_for_family(record);
  store::Bytes sealed = s.seal_record(r.code, print_record(record, for_family));
  return {std::move(r), std::move(record), std::move(for_family), std::move(sealed)};
}

Registration Desk::create(Session& session, const Draft& draft) {
  const Registration& r = draft.registration;
  if (!session.run("select 1 from registration where child_key = $1", {r.child_key}).empty())
    throw Refused(409, "child_registered", "This child is registered already.",
                  state_->level(r.level).office->season().rules().clause(admission::SeasonHook::registration),
                  "/child/document/number");
  if (find(session, r.code)) return create(session, prepare(draft.record, r.guardian, r.filed_by, r.created));
  session.run(
      "insert into registration (code, level, number, child_key, guardian, district, filed_by, channel, stage, "
      "choice, seat, answer_by, version, created, changed, record) values ($1, $2, null, $3, $4, $5, $6, $7, $8, '', "
      "'', null, $9, $10, $10, $11)",
      {r.code, r.level, r.child_key, r.guardian, r.district, r.filed_by, r.channel, r.stage, r.version, r.created,
       draft.sealed});
  return r;
}

Registration Desk::change(Session& session, const Registration& before, const Record& record, Time at) {
  State& s = *state_;
  if (record.level != before.level) throw InputError("registration_value", "/level", "cannot change");
  s.district(s.level(record.level), record.district);
  s.check_document(record);
  const auto others =
      session.run("select 1 from registration where child_key = $1 and code <> $2", {s.child_key(record), before.code});
  if (!others.empty())
    throw Refused(409, "child_registered", "This child is registered already.", "", "/child/document/number");
  if (before.number) {
    Level& level = s.level(before.level);
    admission::SeasonEvent event = level.office->event_of(SeasonEventKind::amend, *before.number);
    event.at = at;
    s.take(session, level, event);
    s.update_child(session, level, before, record);
  }
  s.save_record(session, before, record, at);
  return must_find(*this, session, before.code);
}

void Desk::discard(Session& session, const Registration& draft) {
  if (draft.number) throw Refused(409, "not_now", "Handed in already; it can be withdrawn.");
  session.run("delete from registration where code = $1", {draft.code});
}

Registration Desk::submit(Session& session, const Registration& draft, Channel channel, Time at) {
  State& s = *state_;
  Level& level = s.level(draft.level);
  admission::SeasonEvent event;
  event.at = std::max(at, level.office->season().now());
  event.kind = kind_of(channel);
  if (draft.number) {  // on site after a refusal
    event.child = *draft.number;
    if (channel == Channel::late) event.approver = s.district(level, draft.district) * 2u;
    s.take(session, level, event);
    return must_find(*this, session, draft.code);
  }
  const Record record = this->record(session, draft);
  const admission::Transition* row = admission::find_transition(ChildStage::unregistered, event.kind);
  const admission::WindowTimes& window =
      level.setup.run.rules.season.window(row->window, s.district(level, draft.district));
  if (!window.holds(event.at))
    s.refuse(level, {admission::Refusal::Why::guard, admission::SeasonGuard::in_window, row->hook});
  if (level.office->season().closed()) s.refuse(level, {admission::Refusal::Why::closed, {}, {}});
  s.check_sibling(session, draft, record);
  admission::RunChild child = s.child_of(level, draft.code, record, s.judge(record));
  s.touched = true;
  event.child = level.office->add_child(std::move(child));
  if (channel == Channel::late) event.approver = s.district(level, draft.district) * 2u;
  session.run("update registration set number = $2, channel = $3 where code = $1",
              {draft.code, event.child, channel_word(channel)});
  level.rows->child_changed(session, *level.office, event.child);
  s.take(session, level, event);
  return must_find(*this, session, draft.code);
}

Registration Desk::verify(Session& session, const Registration& before, const OfficeNotes& notes,
                          const Priority& priority, Time at) {
  State& s = *state_;
  Level& level = s.level(before.level);
  if (!before.number) throw Refused(409, "not_now", "It has not been handed in.");
  Record record = this->record(session, before);
  record.office = notes, record.priority = priority;
  const admission::Eligibility judged = s.judge(record);
  admission::RunChild child = s.child_of(level, before.code, record, judged);
  if (child.way == admission::SeatWay::none)
    throw Refused(422, "not_eligible", "The rules of this place do not let this child enter here.", child.clause);
  if (!notes.claim.empty()) s.check_private(level, record, notes.claim);
  admission::SeasonEvent event = level.office->event_of(SeasonEventKind::verify, *before.number);
  event.at = std::max(at, level.office->season().now());
  if (const auto refused = level.office->season().check(event)) s.refuse(level, *refused);
  const bool deferred = child.deferred;
  s.update_child(session, level, before, record);
  s.take(session, level, event);
  if (deferred) {
    event.kind = SeasonEventKind::defer, event.approver = s.district(level, before.district) * 2u;
    s.take(session, level, event);
  }
  s.save_record(session, before, record, at);
  return must_find(*this, session, before.code);
}

SeasonEvent Desk::State::event_of(Session& session, Level& level, const Registration& before, const Act& act,
                                  Time at) const {
  if (!before.number) throw Refused(409, "not_now", "It has not been handed in.");
  const admission::ChildState& state = level.office->season().children()[*before.number];
  SeasonEvent event = level.office->event_of(act.kind, *before.number);
  event.at = std::max(at, level.office->season().now());
  if (!act.school.empty()) event.school = school(level, act.school);
  event.number = act.receipt;
  const std::uint16_t own =
      state.seat == kNobody ? district(level, before.district) : level.setup.input.schools[state.seat].district;
  if (act.approved) event.approver = own * 2u;
  if (act.kind == SeasonEventKind::release) event.second = own * 2u + 1;
  if (act.kind == SeasonEventKind::transfer)
    event.second = event.school == kNobody ? kNobody : level.setup.input.schools[event.school].district * 2u + 1;
  // While a roll is frozen nobody leaves it: the dice must meet the list that was published.
  const bool leaves = act.kind == SeasonEventKind::withdraw || act.kind == SeasonEventKind::release ||
                      act.kind == SeasonEventKind::transfer;
  const std::string& on_roll = state.stage == ChildStage::private_choice ? before.choice : before.seat;
  if (leaves && !on_roll.empty() &&
      !session
           .run("select 1 from draw where level = $1 and school = $2 and state <> 'concluded'", {before.level, on_roll})
           .empty())
    throw Refused(409, "roll_frozen", "A draw in which this child takes part is under way.", "");
  return event;
}

Registration Desk::act(Session& session, const Registration& before, const Act& act, Time at) {
  State& s = *state_;
  Level& level = s.level(before.level);
  const SeasonEvent event = s.event_of(session, level, before, act, at);
  if (act.kind == SeasonEventKind::choose_private && !level.office->season().check(event))
    s.check_private(level, record(session, before), act.school);
  s.take(session, level, event);
  return must_find(*this, session, before.code);
}

void Desk::check(Session& session, const Registration& before, const Act& act, Time at) {
  State& s = *state_;
  Level& level = s.level(before.level);
  if (const auto refused = level.office->season().check(s.event_of(session, level, before, act, at)))
    s.refuse(level, *refused);
}

Registration Desk::place(Session& session, const Registration& before, const std::string& school,
                         const std::string& clause, Time at, bool check_only) {
  State& s = *state_;
  Level& level = s.level(before.level);
  if (!before.number) throw Refused(409, "not_now", "It has not been handed in.");
  SeasonEvent event = level.office->event_of(SeasonEventKind::offer, *before.number, s.school(level, school));
  event.at = std::max(at, event.at);
  const std::uint32_t own = s.district(level, before.district) * 2u;
  event.approver = own, event.second = own + 1;
  if (engine::policy::find_clause(s.rules.pack(), clause) == nullptr)
    throw Refused(422, "clause_unknown", "The rules of this place have no such clause.", "", "/clause");
  // Of what is seated the season knows another offer, which is not for a hand to make.
  if (level.office->season().children()[*before.number].stage != ChildStage::public_pool)
    s.refuse(level, {admission::Refusal::Why::no_transition, {}, {}});
  if (const auto refused = level.office->season().check(event)) s.refuse(level, *refused);
  if (check_only) return before;
  s.touched = true;
  level.office->place_by_hand(event, clause);
  level.rows->save(session, *level.office, SeasonRows::Reach::act);
  return must_find(*this, session, before.code);
}

void Desk::approve_extra(Session& session, const std::string& level_id, const std::string& school_id, int seats,
                         Time at) {
  State& s = *state_;
  Level& level = s.level(level_id);
  if (seats < 1 || seats > 1000) throw InputError("seats_value", "/seats", "must be 1 to 1000");
  admission::SeasonEvent event =
      level.office->event_of(SeasonEventKind::approve_extra, kNobody, s.school(level, school_id));
  event.at = std::max(at, event.at);
  event.approver = level.setup.input.schools[event.school].district * 2u;
  event.number = static_cast<std::uint32_t>(seats);
  s.take(session, level, event);
}

}  // namespace catchment::desk
