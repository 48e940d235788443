// The bureau's steps, and draws from the frozen roll to the result.
#include <algorithm>

#include "engine/admission/classes/class_files.hpp"
#include "engine/admission/lottery/proof_check.hpp"
#include "engine/admission/season/run_heads.hpp"
#include "geo/input_error.hpp"
#include "server/desk/desk_state.hpp"

namespace catchment::desk {

namespace admission = engine::admission;
namespace policy = engine::policy;
using admission::SeasonOffice;
using admission::SeasonWindow;
using store::Session;

namespace {

// From when on a step may be taken.
Time earliest(const admission::RunRules& rules, std::string_view step) {
  const admission::RunTimes& t = rules.times;
  if (step == "claims") return t.claims;
  if (step == "private") return t.draw;
  if (step == "pool" || step == "zones") return t.place;
  if (step == "points") return t.points;
  if (step == "overflow") return t.overflow;
  if (step == "lock") return t.lock;
  if (step == "absent") return rules.season.window(SeasonWindow::report).until + std::chrono::seconds(1);
  if (step == "close") return t.close;
  return {};  // forfeit, promote, end_lines, lapse ask each child's own last moment
}

void take_step(SeasonOffice& office, std::string_view step) {
  if (step == "claims") office.settle_claims();
  if (step == "private") {
    office.pass_on_claims();
    for (std::uint32_t school = 0; school < office.input().schools.size(); ++school) {
      const bool drawn = office.season().schools()[school].drawn;
      if (office.input().schools[school].is_private && !drawn && !office.over_subscribed(school))
        office.take_all(school);
    }
  }
  if (step == "forfeit") office.forfeit_overdue();
  if (step == "promote") office.promote_next();
  if (step == "end_lines") office.end_lines();
  if (step == "pool") office.enter_pool();
  if (step == "zones") office.seat_zones();
  if (step == "points") office.offer_by_points();
  if (step == "overflow") office.place_rest();
  if (step == "lapse") office.lapse_overdue();
  if (step == "lock") office.place_rest(), office.lock_seats();
  if (step == "absent") office.note_absent(), office.give_up_families();
  if (step == "close") office.close();
}

// The head teachers of a school whose classes were dealt: one a class.
admission::RunDraw open_heads_of(const SeasonOffice& office, std::uint32_t school,
                                 const std::vector<admission::Code>& heads) {
  const admission::RunDraw* classes = office.find_draw("classes", school);
  if (classes == nullptr) throw Refused(409, "classes_first", "The classes of this school have not been dealt.");
  if (office.find_draw("head_teachers", school) != nullptr)
    throw Refused(409, "one_draw", "The head teachers of this school have been drawn.");
  const std::size_t wanted = admission::count_classes(*classes);
  if (heads.size() != wanted)
    throw Refused(422, "heads_count",
                  "Name as many head teachers as there are classes: " + std::to_string(wanted) + ".", "", "/heads");
  return admission::open_heads(office.input(), office.rules(), *classes, heads);
}

void put_file(Session& session, const std::string& draw, std::string_view name, const std::string& body) {
  session.run(
      "insert into draw_file (draw, name, body) values ($1, $2, $3) on conflict (draw, name) do update set body "
      "= excluded.body",
      {draw, name, body});
}

// A sealed number is the one its manifest commits to, or stands as its commitment: that one was not opened.
void check_opened(admission::Suite suite, std::string_view manifest, std::string_view role,
                  const admission::Digest& number) {
  const std::string key = "\ncommit-" + std::string(role) + ": ";
  const std::size_t at = manifest.find(key);
  if (at == std::string_view::npos) return;
  const std::string_view committed = manifest.substr(at + key.size(), 64);
  if (admission::to_hex(number) == committed) return;
  if (admission::to_hex(admission::nonce_commitment(suite, role, number)) == committed) return;
  throw Refused(422, "not_committed", "This is not the number that the manifest commits to.", "",
                "/" + std::string(role));
}

void check_too_early(const admission::RunRules& rules, Time from, Time at) {
  if (at >= from) return;
  throw Refused(409, "too_early", "Not before " + policy::to_text(from) + ".",
                rules.season.clause(admission::SeasonHook::draw));
}

}  // namespace

void Desk::step(Session& session, const std::string& level_id, std::string_view step, Time at) {
  Level& level = state_->level(level_id);
  if (std::ranges::find(kSteps, step) == kSteps.end()) throw Refused(404, "step_unknown", "There is no such step.");
  const admission::RunRules& rules = level.setup.run.rules;
  check_too_early(rules, earliest(rules, step), at);
  SeasonOffice& office = *level.office;
  if (office.season().closed()) state_->refuse(level, {admission::Refusal::Why::closed, {}, {}});
  if (step == "zones" && office.open_lots())
    throw Refused(409, "lots_first", "Some children of the pool have no lot yet: draw lots first.",
                  rules.season.clause(admission::SeasonHook::offer));
  if (step == "pool" && std::ranges::any_of(office.season().children(), [](const admission::ChildState& c) {
        return c.stage == admission::ChildStage::private_choice || c.stage == admission::ChildStage::drawn ||
               c.stage == admission::ChildStage::waiting;
      }))
    throw Refused(409, "private_first", "Private schools have not done with every child that chose them.",
                  rules.season.clause(admission::SeasonHook::public_guarantee));
  if (step == "close") {
    admission::SeasonEvent event = office.event_of(admission::SeasonEventKind::close, admission::kNobody);
    event.at = std::max(event.at, at);
    if (const auto refused = office.season().check(event)) state_->refuse(level, *refused);
  }
  state_->touched = true;
  office.set_time(at);
  take_step(office, step);
  level.rows->save(session, office, SeasonRows::Reach::step);
}

std::vector<DrawRow> Desk::freeze(Session& session, const std::string& level_id, const std::string& kind,
                                  const std::string& school_id, const admission::CeremonyTerms& terms, Time at,
                                  const std::vector<admission::Code>& heads) {
  Level& level = state_->level(level_id);
  SeasonOffice& office = *level.office;
  const admission::RunRules& rules = level.setup.run.rules;
  std::vector<admission::RunDraw> open;
  office.set_terms(terms);
  if (kind == "private") {
    check_too_early(rules, rules.times.draw, at);
    const std::uint32_t school = state_->school(level, school_id);
    if (office.season().schools()[school].drawn) throw Refused(409, "one_draw", "This school has drawn.");
    if (!office.over_subscribed(school))
      throw Refused(409, "no_draw_needed", "There are seats for all who chose this school.");
    open.push_back(office.open_private_draw(school));
  } else if (kind == "lots") {
    check_too_early(rules, rules.times.place, at);
    if (auto lots = office.open_lots()) open.push_back(std::move(*lots));
    if (open.empty()) throw Refused(409, "no_draw_needed", "Every child of the pool has a lot.");
  } else if (kind == "classes") {
    check_too_early(rules, rules.times.deal, at);
    open = office.open_classes();
    if (open.empty()) throw Refused(409, "no_draw_needed", "No school has pupils to deal.");
  } else if (kind == "heads") {
    open.push_back(open_heads_of(office, state_->school(level, school_id), heads));
  } else {
    throw InputError("draw_kind", "/kind", "is private, lots, classes or heads");
  }
  std::vector<DrawRow> rows;
  for (const admission::RunDraw& draw : open) {
    if (const auto known = find_draw(session, draw.id))
      throw Refused(409, "roll_frozen", "The roll of " + draw.id + " is frozen already.");
    const bool of_school = draw.school != admission::kNobody;
    const auto& schools = level.setup.input.schools;
    session.run(
        "insert into draw (id, level, kind, school, district, state, applicants, seats, frozen_at) values ($1, "
        "$2, $3, $4, $5, 'frozen', $6, $7, $8)",
        {draw.id, level_id, kind, of_school ? schools[draw.school].id : "",
         of_school ? level.setup.districts[schools[draw.school].district] : "", draw.applicants, draw.seats, at});
    put_file(session, draw.id, admission::kManifestFile, draw.files.manifest);
    put_file(session, draw.id, draw.files.list_name, draw.files.list);
    if (!draw.files.deal.empty()) put_file(session, draw.id, admission::kDealFile, draw.files.deal);
    rows.push_back(*find_draw(session, draw.id));
  }
  return rows;
}

void Desk::put_dice(Session& session, const DrawRow& draw, const admission::Ceremony& ceremony) {
  if (draw.state == "concluded") throw Refused(409, "one_draw", "This draw is concluded.");
  const std::string text = admission::print(ceremony);
  admission::parse_ceremony(text);  // what it would refuse later is refused now
  const admission::Suite suite = state_->level(draw.level).setup.run.rules.suite;
  const std::string manifest = draw_file(session, draw.id, std::string(admission::kManifestFile)).value_or("");
  check_opened(suite, manifest, "notary", ceremony.notary);
  check_opened(suite, manifest, "bureau", ceremony.bureau);
  put_file(session, draw.id, admission::kCeremonyFile, text);
  session.run("update draw set state = 'dice' where id = $1", {draw.id});
}

void Desk::conclude(Session& session, const DrawRow& row, Time at) {
  Level& level = state_->level(row.level);
  SeasonOffice& office = *level.office;
  if (row.state != "dice") throw Refused(409, "dice_first", "The dice of this draw have not been typed in.");
  admission::RunDraw draw;
  draw.id = row.id, draw.kind = kind_of_draw(row.kind);
  if (!row.school.empty()) draw.school = state_->school(level, row.school);
  draw.applicants = row.applicants, draw.seats = row.seats;
  draw.files.list_name = row.kind == "classes" ? admission::kClassesKind.list_file
                         : row.kind == "heads" ? admission::kHeadsKind.list_file
                                               : admission::kRollFile;
  draw.files.manifest = draw_file(session, row.id, std::string(admission::kManifestFile)).value_or("");
  draw.files.list = draw_file(session, row.id, draw.files.list_name).value_or("");
  draw.files.deal = draw_file(session, row.id, std::string(admission::kDealFile)).value_or("");
  const std::string ceremony_text = draw_file(session, row.id, std::string(admission::kCeremonyFile)).value_or("");
  const admission::Ceremony ceremony = admission::parse_ceremony(ceremony_text);
  if (row.kind == "private") {
    admission::SeasonEvent event = office.event_of(admission::SeasonEventKind::draw, admission::kNobody, draw.school);
    event.at = std::max(event.at, at);
    std::vector<admission::DrawnPlace> roll;
    for (const std::uint32_t child : office.applicants(draw.school)) roll.push_back({child, true});
    if (const auto refused = office.season().check(event, roll)) state_->refuse(level, *refused);
  }
  state_->touched = true;
  office.set_time(at);
  if (row.kind == "private") office.conclude_private_draw(std::move(draw), ceremony);
  if (row.kind == "lots") office.conclude_lots(std::move(draw), ceremony);
  if (row.kind == "classes") office.conclude_classes(std::move(draw), ceremony);
  if (row.kind == "heads") {
    admission::conclude_heads(draw, level.setup.run.rules, ceremony);
    draw.at = office.time();
    office.publish(std::move(draw));
  }
  const admission::RunDraw& concluded = office.memory().draws.back();
  put_file(session, row.id, admission::kResultFile, concluded.files.result);
  session.run("update draw set state = 'concluded', concluded_at = $2 where id = $1", {row.id, concluded.at});
  level.rows->save(session, office, SeasonRows::Reach::step);
}

}  // namespace catchment::desk
