#include "datasets/season_tables_of_run.hpp"

#include <algorithm>

#include "engine/admission/season/run_heads.hpp"

namespace catchment::datasets {
namespace {

namespace admission = engine::admission;
using admission::kNobody;
using Kind = admission::SeasonEventKind;

admission::Day day_of(admission::Time at) { return std::chrono::floor<std::chrono::days>(at); }

// One level's rows, made by going through its events once.
class LevelTables {
 public:
  LevelTables(const SeasonRun& run, std::size_t level, admission::SeasonTables& out)
      : run_(run),
        in_(run.levels[level].input),
        rows_(run.levels[level].rows),
        schools_(run.levels[level].schools),
        result_(run.results[level]),
        out_(out) {
    offer_.assign(in_.children.size(), kNobody), registration_ = offer_;
    locked_.resize(in_.children.size());
    for (const engine::policy::Channel& channel : run.pack.channels) {
      if (channel.kind != "on_site" || platform_.empty()) platform_ = channel.id;
      if (channel.kind != "on_site") break;
    }
  }

  void add() {
    for (const admission::SeasonEvent& event : result_.season.log().events) add_event(event);
    add_admissions();
    add_classes();
    add_draws();
    add_caps();
  }

 private:
  const admission::ChildRow& child_row(std::uint32_t child) const { return run_.dir.tables.children[rows_[child]]; }
  std::string code(std::uint32_t child) const { return std::string(admission::view(in_.children[child].code)); }
  const std::string& school(std::uint32_t s) const { return in_.schools[s].id; }
  std::string office(std::uint32_t official) const {
    return "office-" + std::to_string(official / 2 + 1) + (official % 2 == 0 ? "a" : "b");
  }

  void add_event(const admission::SeasonEvent& event);
  void add_registration(const admission::SeasonEvent& event);
  void add_check(const admission::SeasonEvent& event, bool match);
  void add_offer(const admission::SeasonEvent& event, std::uint32_t child, std::uint32_t school_id);
  void answer_offer(std::uint32_t child, const char* answer, admission::MaybeTime at);
  void add_approval(const char* kind, std::string subject, const admission::SeasonEvent& event, int figure);
  void add_trace(const admission::SeasonEvent& event, const char* kind);
  void add_admissions();
  void add_classes();
  void add_draws();
  void add_caps();

  const SeasonRun& run_;
  const admission::RunInput& in_;
  const std::vector<std::size_t>&rows_, &schools_;
  const admission::RunResult& result_;
  admission::SeasonTables& out_;
  std::string platform_;  // where registrations come in: the pack's first channel that is no desk
  std::vector<std::uint32_t> offer_, registration_;  // of each child, its latest row
  std::vector<admission::MaybeTime> locked_;
};

void LevelTables::add_registration(const admission::SeasonEvent& event) {
  const bool again = registration_[event.child] != kNobody;
  if (again && event.kind == Kind::amend) return;  // the same data, put right
  admission::RegistrationRow row;
  row.child_id = code(event.child), row.district = child_row(event.child).district;
  row.route = "public", row.channel = event.kind == Kind::register_online ? "online" : "on_site";
  row.platform = platform_, row.time = event.at, row.outcome = "pending";
  row.late = event.kind == Kind::register_late;
  if (row.late) add_approval("late_registration", row.child_id, event, 1);
  registration_[event.child] = static_cast<std::uint32_t>(out_.registrations.size());
  out_.registrations.push_back(std::move(row));
}

void LevelTables::add_check(const admission::SeasonEvent& event, bool match) {
  admission::RegistrationRow& row = out_.registrations[registration_[event.child]];
  row.outcome = match ? "passed" : "failed", row.verified = day_of(event.at);
  admission::DataCheckRow check;
  check.child_id = row.child_id, check.time = event.at, check.result = match ? "match" : "mismatch";
  check.source = child_row(event.child).household == "hukou" ? "hukou" : "residence_permit";
  if (!match) check.settled = day_of(event.at);
  out_.data_checks.push_back(std::move(check));
}

void LevelTables::add_approval(const char* kind, std::string subject, const admission::SeasonEvent& event, int figure) {
  admission::ApprovalRow row;
  row.approval_id = in_.level + "-" + std::to_string(out_.approvals.size() + 1), row.kind = kind;
  row.subject = std::move(subject), row.step = "district", row.by = office(event.approver);
  if (event.second != kNobody) row.second_by = office(event.second);
  row.day = day_of(event.at), row.filed = row.day, row.figure = figure, row.reason = "season run";
  out_.approvals.push_back(std::move(row));
}

void LevelTables::add_offer(const admission::SeasonEvent& event, std::uint32_t child, std::uint32_t school_id) {
  const admission::SeasonRules& rules = result_.season.rules();
  admission::OfferRow row;
  row.child_id = code(child), row.school_id = school(school_id), row.time = event.at;
  const bool drawn = event.kind != Kind::offer;
  const std::string& way = result_.answers[child].way;
  row.way = drawn ? "draw" : way.empty() || way == "draw" || way == "wish" ? "zone" : way;
  row.clause = rules.clause(drawn ? admission::SeasonHook::draw : admission::SeasonHook::offer);
  const auto until = rules.window(drawn ? admission::SeasonWindow::confirm : admission::SeasonWindow::accept).until;
  row.answer_by = event.kind == Kind::draw ? until : std::max(until, event.at + rules.answer_term);
  row.answer = "pending";
  offer_[child] = static_cast<std::uint32_t>(out_.offers.size());
  out_.offers.push_back(std::move(row));
}

void LevelTables::answer_offer(std::uint32_t child, const char* answer, admission::MaybeTime at) {
  admission::OfferRow& row = out_.offers[offer_[child]];
  row.answer = answer, row.answered = at;
}

void LevelTables::add_trace(const admission::SeasonEvent& event, const char* kind) {
  out_.traces.push_back({code(event.child), kind, "", day_of(event.at), child_row(event.child).district});
}

void LevelTables::add_event(const admission::SeasonEvent& event) {
  switch (event.kind) {
    case Kind::register_online:
    case Kind::register_on_site:
    case Kind::register_late:
    case Kind::amend:
      return add_registration(event);
    case Kind::verify:
    case Kind::reject:
      return add_check(event, event.kind == Kind::verify);
    case Kind::choose_private: {
      admission::RegistrationRow& row = out_.registrations[registration_[event.child]];
      row.route = "private", row.school_id = school(event.school), row.time = event.at;
      return;
    }
    case Kind::draw:
      for (std::uint32_t i = 0; i < event.order_count; ++i) {
        const std::uint32_t child = result_.season.log().orders[event.order_from + i].child;
        if (result_.won[child]) add_offer(event, child, event.school);
      }
      return;
    case Kind::promote:
    case Kind::offer:
      if (event.approver != kNobody) add_approval("by_hand", code(event.child), event, 1);
      return add_offer(event, event.child, event.school);
    case Kind::confirm:
    case Kind::accept:
      return answer_offer(event.child, "confirmed", event.at);
    case Kind::pay: {
      answer_offer(event.child, "confirmed", event.at);
      const admission::OfferRow& offer = out_.offers[offer_[event.child]];
      out_.payments.push_back(
          {offer.child_id, offer.school_id, "term_fee", 0, event.at, "R" + std::to_string(event.number)});
      return;
    }
    case Kind::forfeit:
      return answer_offer(event.child, "forfeited", {});
    case Kind::lock_first: {
      const std::string& way = result_.answers[event.child].way;
      const char* kind = way == "direct_promotion" || way == "attached_estate" ? way.c_str() : "policy_group";
      add_approval(kind, code(event.child), event, 1);
      locked_[event.child] = event.at;
      return;
    }
    case Kind::lock:
      locked_[event.child] = event.at;
      return;
    case Kind::approve_extra:
      return add_approval("plan", school(event.school), event, static_cast<int>(event.number));
    case Kind::lapse:
      return answer_offer(event.child, "declined", {});
    case Kind::release:
      return add_approval("withdrawal", code(event.child), event, 1);
    case Kind::transfer:
      return add_approval("transfer", code(event.child), event, 1);
    case Kind::defer:
      return add_approval("deferral", code(event.child), event, 1);
    case Kind::trace:
      return add_trace(event, "visit");
    case Kind::return_to_school:
      return add_trace(event, "returned");
    case Kind::withdraw:
      if (out_.registrations[registration_[event.child]].outcome == "passed")
        out_.registrations[registration_[event.child]].outcome = "withdrawn";
      return add_trace(event, "elsewhere");
    default:
      return;
  }
}

void LevelTables::add_admissions() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const admission::ChildState& state = result_.season.children()[child];
    const admission::ChildAnswer& answer = result_.answers[child];
    // A seat that is held while its family may still answer is no admission yet.
    if (state.seat == kNobody || answer.way.empty()) continue;
    admission::AdmissionRow row;
    row.child_id = code(child), row.school_id = school(state.seat), row.way = answer.way, row.clause = answer.clause;
    row.time = locked_[child], row.channel = "platform", row.locked = locked_[child].has_value();
    if (locked_[child]) row.notified = day_of(*locked_[child]);
    row.arrival = state.stage == admission::ChildStage::enrolled ? "arrived" : "missing";
    out_.student_records.push_back(
        {row.child_id, row.child_id, row.school_id, run_.dir.tables.season.front().term_starts, {}});
    if (answer.way == "direct_promotion" && locked_[child])
      out_.commitments.push_back({row.child_id, row.school_id, "direct_promotion", row.notified});
    out_.admissions.push_back(std::move(row));
  }
}

void LevelTables::add_classes() {
  const auto class_id = [&](std::uint32_t s, std::uint32_t number) { return school(s) + "-" + std::to_string(number); };
  std::vector<char> dealt(in_.schools.size());
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const std::uint32_t number = result_.answers[child].school_class;
    const std::uint32_t seat = result_.season.children()[child].seat;
    if (number == 0 || seat == kNobody) continue;
    dealt[seat] = 1;
    out_.class_pupils.push_back({class_id(seat, number), code(child)});
  }
  std::vector<const admission::RunDraw*> heads(in_.schools.size());
  for (const admission::RunDraw& draw : result_.draws) {
    if (draw.kind == "head_teachers") heads[draw.school] = &draw;
  }
  for (std::uint32_t s = 0; s < in_.schools.size(); ++s) {
    const std::vector<admission::Code> drawn =
        heads[s] != nullptr ? admission::heads_of_classes(*heads[s]) : std::vector<admission::Code>{};
    for (std::uint32_t c = 1; dealt[s] && c <= static_cast<std::uint32_t>(std::max(1, in_.schools[s].classes)); ++c) {
      const std::string draw = in_.place + "-" + in_.level + "-" + school(s) + "-classes";
      const bool led = c <= drawn.size();
      out_.classes.push_back({class_id(s, c), school(s), in_.level == "primary" ? 1 : 7, "ordinary",
                              led ? std::string(admission::view(drawn[c - 1])) : "", draw, led ? heads[s]->id : ""});
    }
  }
}

void LevelTables::add_draws() {
  for (const admission::RunDraw& draw : result_.draws) {
    admission::DrawRow row;
    row.draw_id = draw.id, row.kind = draw.kind;
    if (draw.school != kNobody) row.school_id = school(draw.school);
    row.district = draw.school == kNobody ? run_.dir.tables.schools.front().district
                                          : run_.dir.tables.schools[schools_[draw.school]].district;
    row.applicants = draw.applicants, row.seats = draw.seats, row.started = row.finished = row.published = draw.at;
    row.record = "draws/" + draw.id;
    out_.draws.push_back(std::move(row));
  }
}

// Classes that are larger than the cap, for the approvals that filled them.
void LevelTables::add_caps() {
  for (const admission::SeatOverPlan& over : result_.approvals) {
    if (!over.over_cap) continue;
    admission::SeasonEvent event;
    event.at = over.at, event.approver = over.approver;
    const int classes = std::max(1, in_.schools[over.school].classes);
    const int taken = result_.season.schools()[over.school].taken;
    for (int c = 1; c <= classes; ++c)
      add_approval("class_cap", school(over.school) + "-" + std::to_string(c), event, (taken + classes - 1) / classes);
  }
}

}  // namespace

admission::SeasonTables tables_of_run(const SeasonRun& run) {
  admission::SeasonTables out;
  out.season = run.dir.tables.season, out.zones = run.dir.tables.zones, out.children = run.dir.tables.children;
  out.schools = run.dir.tables.schools;
  const std::size_t children = out.children.size();
  out.registrations.reserve(children), out.data_checks.reserve(children + children / 8), out.offers.reserve(children);
  out.admissions.reserve(children), out.student_records.reserve(children), out.class_pupils.reserve(children);
  for (std::size_t level = 0; level < run.levels.size(); ++level) LevelTables(run, level, out).add();
  out.absent = {"form_fields.csv", "estates.csv", "publications.csv",   "complaints.csv",
                "incidents.csv",   "records.csv", "recommendations.csv"};
  return out;
}

}  // namespace catchment::datasets
