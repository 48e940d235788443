// What families do, and what offices do about one child.
#include "geo/input_error.hpp"
#include "server/desk/desk_state.hpp"

namespace catchment::desk {

namespace admission = engine::admission;
using admission::ChildStage;
using admission::kNobody;
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
      {r.code, seal_record(r.code, record), at, record.district, child_key(record)});
}

void Desk::State::update_child(Session& session, Level& level, const Registration& r, const Record& record) {
  touched = true;
  level.office->change_child(*r.number, child_of(level, r.code, record, judge(record)));
  level.rows->child_changed(session, *level.office, *r.number);
}

Registration Desk::create(Session& session, const Record& record, const std::string& guardian,
                          const std::string& filed_by, Time at) {
  State& s = *state_;
  s.district(s.level(record.level), record.district);
  s.check_document(record);
  const std::string key = s.child_key(record);
  if (!session.run("select 1 from registration where child_key = $1", {key}).empty())
    throw Refused(409, "child_registered", "This child is registered already.",
                  s.level(record.level).office->season().rules().clause(admission::SeasonHook::registration),
                  "/child/document/number");
  const std::string code = s.new_code(session);
  session.run(
      "insert into registration (code, level, number, child_key, guardian, district, filed_by, channel, stage, "
      "choice, seat, answer_by, version, created, changed, record) values ($1, $2, null, $3, $4, $5, $6, "
      "'online', 'draft', '', '', null, 1, $7, $7, $8)",
      {code, record.level, key, guardian, record.district, filed_by, at, s.seal_record(code, record)});
  return must_find(*this, session, code);
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

Registration Desk::act(Session& session, const Registration& before, const Act& act, Time at) {
  State& s = *state_;
  Level& level = s.level(before.level);
  if (!before.number) throw Refused(409, "not_now", "It has not been handed in.");
  const admission::ChildState& state = level.office->season().children()[*before.number];
  admission::SeasonEvent event = level.office->event_of(act.kind, *before.number);
  event.at = at;
  if (!act.school.empty()) event.school = s.school(level, act.school);
  event.number = act.receipt;
  const std::uint16_t own =
      state.seat == kNobody ? s.district(level, before.district) : level.setup.input.schools[state.seat].district;
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
  s.take(session, level, event);
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
