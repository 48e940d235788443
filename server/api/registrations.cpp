// Registrations: drafts, records, lists, history, letters.
#include <nlohmann/json.hpp>

#include "engine/policy/moment.hpp"
#include "geo/input_error.hpp"
#include "server/api/query.hpp"
#include "server/api/registration_view.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"

namespace catchment::api {
namespace {

namespace policy = engine::policy;
using access::Actor;
using access::ObjectState;
using access::Role;
using desk::Refused;
using desk::Registration;
using nlohmann::ordered_json;

constexpr std::uint32_t kLongestPage = 200;

std::string tag_of(const Registration& r) {
  return http::make_etag("registration " + r.code + " " + std::to_string(r.version));
}

bool is_family(const Actor& actor) { return actor.role == Role::guardian; }

// What offices find and rank is not for who hands in a record to say: neither a family nor a school.
bool is_office(const Actor& actor) { return actor.role != Role::guardian && actor.role != Role::school; }

void check_version(const Call& call, const Registration& r) {
  switch (http::if_match(call.request, tag_of(r))) {
    case http::Precondition::missing:
      throw Refused(428, "if_match_missing", "Send the ETag you have read as If-Match.", "", "If-Match");
    case http::Precondition::failed:
      throw Refused(412, "changed_meanwhile", "Somebody changed it since you read it.", "", "If-Match");
    default:
      return;
  }
}

http::Response with_tag(http::Response response, const Registration& r) {
  response.etag = tag_of(r);
  if (response.status == 201) response.headers.emplace_back("Location", "/v1/registrations/" + r.code);
  return response;
}

ordered_json seat_answer_json(const Call& call, const Registration& r, const desk::SeatAnswer& why) {
  ordered_json out{{"way", why.answer.way}, {"reason", why.answer.reason}};
  if (why.answer.rank > 0) out["rank"] = why.answer.rank;
  if (why.answer.metres > 0) out["metres"] = why.answer.metres;
  if (!why.wanted.empty()) out["wanted"] = why.wanted;
  if (why.answer.school_class > 0 && r.stage != "locked") out["class"] = why.answer.school_class;
  out["clause"] = clause_json(call.service->desk.pack(), why.answer.clause);
  return out;
}

// With the record, which is printed already and put in as it is, and why.
http::Response whole_answer(const Call& call, int status, const Registration& r, const std::string& record,
                            const engine::admission::Eligibility& judged, const std::optional<desk::SeatAnswer>& why) {
  http::Response response = json_answer(status, registration_json(r));
  std::string& body = response.body;
  body.pop_back();
  body += ",\"record\":" + record;
  body += ",\"eligibility\":" + eligibility_json(call.service->desk.pack(), judged).dump();
  if (why && !why->answer.clause.empty()) body += ",\"answer\":" + seat_answer_json(call, r, *why).dump();
  body += '}';
  return with_tag(std::move(response), r);
}

}  // namespace

access::Object object_of(const Registration& r) {
  access::Object object;
  object.district = r.district, object.owners = {r.guardian};
  object.school = r.seat.empty() ? r.filed_by : r.seat;
  object.state = r.stage == "draft"            ? ObjectState::draft
                 : !r.seat.empty()             ? ObjectState::seated
                 : r.stage == "private_choice" ? ObjectState::frozen
                                               : ObjectState::submitted;
  return object;
}

Registration get_allowed(const Call& call, Session& session, const Actor& actor) {
  const auto found = call.service->desk.find(session, call.captured[0]);
  if (!found) {
    require(call, actor, {});  // what a stranger is told of any code
    throw Refused(404, "not_found", "There is nothing here.");
  }
  require(call, actor, object_of(*found));
  return *found;
}

ordered_json registration_json(const Registration& r) {
  ordered_json out{{"code", r.code},
                   {"level", r.level},
                   {"district", r.district},
                   {"channel", r.channel},
                   {"stage", r.stage},
                   {"version", r.version},
                   {"created", policy::to_text(r.created)},
                   {"changed", policy::to_text(r.changed)}};
  if (!r.choice.empty()) out["choice"] = r.choice;
  if (!r.seat.empty()) out["seat"] = r.seat;
  if (r.answer_by) out["answer_by"] = policy::to_text(*r.answer_by);
  return out;
}

http::Response registration_answer(const Call& call, Session& session, int status, const Registration& r, bool whole,
                                   bool for_family) {
  if (!whole) return with_tag(json_answer(status, registration_json(r)), r);
  const desk::Desk& desk = call.service->desk;
  const desk::Record record = desk.record(session, r);
  return whole_answer(call, status, r, for_family ? print_for_family(record) : print_record(record), desk.judge(record),
                      desk.answer(session, r));
}

http::Response post_registration(const Call& call) {
  require_json(call);
  return run_prepared(call, [&](const Actor& actor) -> Command {
    desk::Record record = desk::parse_record(call.request.body, is_office(actor));
    Service& s = *call.service;
    std::string guardian = actor.subject, filed_by;
    if (!is_family(actor)) {  // a school or an officer types it in for the family
      guardian = s.guardians.subject_of(record.guardian_phone);
      if (!actor.schools.empty()) filed_by = actor.schools.front();
    }
    require(call, actor,
            {.district = record.district, .school = filed_by, .owners = {guardian}, .state = ObjectState::draft});
    const engine::admission::Eligibility judged = s.desk.judge(record);
    auto draft =
        std::make_shared<const desk::Desk::Draft>(s.desk.prepare(std::move(record), guardian, filed_by, s.clock.now()));
    const auto answer_for = [&call, draft, judged, family = is_family(actor)](const Registration& r) {
      return whole_answer(call, 201, r, family ? draft->for_family : print_record(draft->record, draft->for_family),
                          judged, std::nullopt);
    };
    Answer answer(answer_for(draft->registration));
    answer.sealed = seal_answer(call, actor, answer.response.body);
    return [&call, draft, answer, answer_for](Session& session, const Actor& who) {
      const Registration made = call.service->desk.create(session, *draft);
      note_opened(call, session, who, made.child_key);
      note(call, session, who, made.code);
      return made.code == draft->registration.code ? answer : Answer(answer_for(made));
    };
  });
}

http::Response put_registration(const Call& call) {
  require_json(call);
  return run_command(call, [&](Session& session, const Actor& actor) {
    Service& s = *call.service;
    const Registration before = get_allowed(call, session, actor);
    check_version(call, before);
    desk::Record record = desk::parse_record(call.request.body, is_office(actor));
    if (!is_office(actor)) {  // what offices found stays with them
      const desk::Record kept = s.desk.record(session, before);
      record.office = kept.office, record.priority = kept.priority;
    }
    const Registration after = s.desk.change(session, before, record, s.clock.now());
    note_opened(call, session, actor, after.child_key);
    note(call, session, actor, after.code);
    return registration_answer(call, session, 200, after, true, is_family(actor));
  });
}

http::Response delete_registration(const Call& call) {
  return run_command(call, [&](Session& session, const Actor& actor) {
    const Registration draft = get_allowed(call, session, actor);
    check_version(call, draft);
    call.service->desk.discard(session, draft);
    note_opened(call, session, actor, draft.child_key);
    note(call, session, actor, draft.code, R"({"discarded":true})");
    http::Response response;
    response.status = 204;
    return response;
  });
}

http::Response read_record(const Call& call,
                           const std::function<http::Response(Session&, const Registration&, const Actor&)>& show) {
  const Parameters strict(call.request.query, {"case"});
  const Actor actor = actor_of(call);
  const auto look = [&](Session& session) {
    const Registration r = get_allowed(call, session, actor);
    return std::pair(r, show(session, r, actor));
  };
  if (is_family(actor)) return call.service->store.read([&](Session& session) { return look(session).second; });
  // Whoever else opens a child's record is written down before he sees it.
  return call.service->store.write([&](Session& session) {
    auto [r, response] = look(session);
    note_opened(call, session, actor, r.child_key);
    return std::move(response);
  });
}

http::Response get_registration(const Call& call) {
  return read_record(call, [&](Session& session, const Registration& r, const Actor& actor) {
    return registration_answer(call, session, 200, r, true, is_family(actor));
  });
}

http::Response get_registrations(const Call& call) {
  static const std::initializer_list<std::string_view> kKnown{"district", "school", "level", "stage",
                                                              "after",    "limit",  "case"};
  const Parameters parameters(call.request.query, kKnown);
  return run_read(
      call,
      [&](Session& session, const Actor& actor) {
        desk::RegistrationFilter filter;
        access::Object object;
        if (is_family(actor)) {
          filter.guardian = actor.subject, object.owners = {actor.subject};
        } else if (actor.role == Role::school) {
          const std::string* school = parameters.find("school");
          if (school == nullptr && actor.schools.size() == 1) school = &actor.schools.front();
          if (school == nullptr) throw InputError("parameter_missing", "school", "say which of your schools");
          filter.seat = object.school = *school, object.state = ObjectState::seated;
        } else {
          const std::string* district = parameters.find("district");
          if (district == nullptr && actor.districts.size() == 1) district = &actor.districts.front();
          if (district != nullptr) filter.district = object.district = *district;
          if (const std::string* school = parameters.find("school")) filter.school = *school;
        }
        if (const std::string* stage = parameters.find("stage")) {
          if (!desk::is_stage(*stage)) throw InputError("parameter_invalid", "stage", "is no stage of a registration");
          filter.stage = *stage;
        }
        if (const std::string* level = parameters.find("level")) filter.level = *level;
        if (const std::string* after = parameters.find("after")) filter.after = *after;
        if (const std::string* limit = parameters.find("limit")) {
          const auto count = find_count(*limit, kLongestPage);
          if (!count || *count == 0) throw InputError("parameter_invalid", "limit", "must be 1 to 200");
          filter.limit = static_cast<int>(*count);
        }
        require(call, actor, object);
        ordered_json rows = ordered_json::array();
        const auto found = call.service->desk.list(session, filter);
        for (const Registration& r : found) rows.push_back(registration_json(r));
        ordered_json body{{"registrations", std::move(rows)}};
        if (static_cast<int>(found.size()) == filter.limit) body["next"] = found.back().code;
        return json_answer(200, body);
      },
      kKnown);
}

http::Response get_history(const Call& call) {
  return read_record(call, [&](Session& session, const Registration& r, const Actor&) {
    const auto& rules = call.service->desk.rules(r.level).season;
    ordered_json lines = ordered_json::array();
    for (const desk::HistoryLine& line : call.service->desk.history(session, r)) {
      ordered_json out{{"at", policy::to_text(line.at)}, {"event", line.kind}};
      if (!line.school.empty()) out["school"] = line.school;
      if (const auto hook = desk::hook_of_event(line.kind))
        out["clause"] = clause_json(call.service->desk.pack(), rules.clause(*hook));
      lines.push_back(std::move(out));
    }
    return json_answer(200, {{"code", r.code}, {"history", std::move(lines)}});
  });
}

http::Response get_openers(const Call& call) {
  return run_read(call, [&](Session& session, const Actor& actor) {
    const Registration r = get_allowed(call, session, actor);
    ordered_json rows = ordered_json::array();
    for (const store::Row& row : session.run(
             "select at, role, actor, action, reason, number from access_journal where object = $1 order by number",
             {r.child_key})) {
      rows.push_back({{"at", policy::to_text(row[0].time())},
                      {"role", row[1].text()},
                      {"who", row[2].text()},
                      {"action", row[3].text()},
                      {"case", open_case(*call.service, row[5].integer(), row[4].text())}});
    }
    return json_answer(200, {{"code", r.code}, {"openers", std::move(rows)}});
  });
}

http::Response get_notice(const Call& call) {
  return read_record(call, [&](Session& session, const Registration& r, const Actor&) {
    const bool given =
        r.stage == "locked" || r.stage == "transferred" || r.stage == "in_class" || r.stage == "enrolled";
    if (!given) throw Refused(409, "not_now", "There is no letter before the seat is the child's own.");
    const desk::Desk& desk = call.service->desk;
    const auto why = desk.answer(session, r);
    ordered_json out{{"code", r.code}, {"level", r.level}, {"school", r.seat}};
    out["school_name"] = call.city.labels.school(r.seat);
    const int school_class = why ? static_cast<int>(why->answer.school_class) : 0;
    if (school_class > 0) out["class"] = school_class;
    if (why) out["clause"] = clause_json(desk.pack(), why->answer.clause);
    const auto& report = desk.rules(r.level).season.window(engine::admission::SeasonWindow::report);
    out["report"] = {{"from", policy::to_text(report.from)}, {"until", policy::to_text(report.until)}};
    out["check_in_code"] = desk.check_in_code(r, school_class);
    out["check_in_key"] = desk.check_in_key();
    return json_answer(200, out);
  });
}

}  // namespace catchment::api
