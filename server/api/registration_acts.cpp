// Acts on one registration: each an event of its season.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/admission/lottery/hash_suite.hpp"
#include "geo/input_error.hpp"
#include "server/api/registration_view.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"

namespace catchment::api {
namespace {

using access::Actor;
using desk::Desk;
using desk::Registration;
using engine::admission::SeasonEventKind;
using nlohmann::ordered_json;

bool by_family(const Actor& actor) { return actor.role == access::Role::guardian; }

http::Response act_on(const Call& call,
                      const std::function<Registration(Session&, const Registration&, const Actor&)>& fn) {
  return run_command(call, [&](Session& session, const Actor& actor) {
    const Registration before = get_allowed(call, session, actor);
    const Registration after = fn(session, before, actor);
    note_opened(call, session, actor, after.child_key);
    note(call, session, actor, after.code, R"({"stage":")" + after.stage + "\"}");
    return registration_answer(call, session, 200, after, by_family(actor), by_family(actor));
  });
}

http::Response take(const Call& call, Desk::Act act) {
  return act_on(call, [&](Session& session, const Registration& before, const Actor&) {
    return call.service->desk.act(session, before, act, call.service->clock.now());
  });
}

http::Response submit(const Call& call, Desk::Channel channel) {
  return act_on(call, [&](Session& session, const Registration& before, const Actor&) {
    return call.service->desk.submit(session, before, channel, call.service->clock.now());
  });
}

// What two officers must want: done, or only asked whether it may be.
using ActOfTwo = std::function<Registration(Session&, const Registration&, bool check_only)>;

// Of a transfer the district that has the child asks first: until it has, to the others there is no such child.
http::Response take_with_two(const Call& call, const std::string& other_school, const ActOfTwo& act) {
  return run_command(call, [&](Session& session, const Actor& actor) {
    Service& s = *call.service;
    auto before = s.desk.find(session, call.captured[0]);
    const bool proposed = is_proposed(call, session);
    access::Object object;
    if (before) {
      object = object_of(*before);
      const auto* seat = s.desk.find_school(before->level, before->seat);
      if (seat != nullptr) object.district = *s.desk.find_district(before->level, seat->district);
      const auto* other = s.desk.find_school(before->level, other_school);
      if (other != nullptr) object.other_district = *s.desk.find_district(before->level, other->district);
      const bool own = std::ranges::find(actor.districts, object.district) != actor.districts.end();
      if (!own && !proposed) object = {};
    }
    return run_with_two(
        call, session, actor, object, call.captured[0],
        [&] {
          const Registration after = act(session, *before, false);
          note_opened(call, session, actor, after.child_key);
          note(call, session, actor, after.code, R"({"stage":")" + after.stage + "\"}");
          return registration_answer(call, session, 200, after, false, false);
        },
        [&] {
          act(session, *before, true);
          note_opened(call, session, actor, before->child_key);
        });
  });
}

http::Response take_with_two(const Call& call, const Desk::Act& wanted) {
  return take_with_two(call, wanted.school, [&](Session& session, const Registration& before, bool check_only) {
    Service& s = *call.service;
    if (!check_only) return s.desk.act(session, before, wanted, s.clock.now());
    s.desk.check(session, before, wanted, s.clock.now());
    return before;
  });
}

}  // namespace

http::Response post_submit(const Call& call) { return submit(call, Desk::Channel::online); }
http::Response post_on_site(const Call& call) { return submit(call, Desk::Channel::on_site); }
http::Response post_late(const Call& call) { return submit(call, Desk::Channel::late); }

http::Response post_withdraw(const Call& call) { return take(call, {.kind = SeasonEventKind::withdraw}); }
http::Response post_confirm(const Call& call) { return take(call, {.kind = SeasonEventKind::confirm}); }
http::Response post_accept(const Call& call) { return take(call, {.kind = SeasonEventKind::accept}); }
http::Response post_report(const Call& call) { return take(call, {.kind = SeasonEventKind::report}); }
http::Response post_return(const Call& call) { return take(call, {.kind = SeasonEventKind::return_to_school}); }
http::Response post_reject(const Call& call) { return take(call, {.kind = SeasonEventKind::reject}); }

http::Response post_choose(const Call& call) {
  const ordered_json body = read_body(call, {"school"});
  return take(call, {.kind = SeasonEventKind::choose_private, .school = body_text(body, "school")});
}

http::Response post_payment(const Call& call) {
  const ordered_json body = read_body(call, {"receipt"});
  // The season keeps a number; the receipt itself stays with whoever shows it.
  const auto digest =
      engine::admission::hash(engine::admission::Suite::sha256, "receipt\n" + body_text(body, "receipt"));
  const std::uint32_t number = (std::uint32_t{digest[0]} << 16 | std::uint32_t{digest[1]} << 8 | digest[2]) + 1;
  return take(call, {.kind = SeasonEventKind::pay, .receipt = number});
}

http::Response post_verify(const Call& call) {
  const ordered_json body = read_body(call, {"office", "priority"});
  return act_on(call, [&](Session& session, const Registration& before, const Actor& actor) {
    Service& s = *call.service;
    if (actor.role == access::Role::school && !body.empty())
      throw desk::Refused(403, "forbidden", "What offices find is not for a school to say.");
    ordered_json whole = ordered_json::parse(print_record(s.desk.record(session, before)));
    for (const char* part : {"office", "priority"}) {
      if (body.contains(part)) whole[part] = body[part];
    }
    const desk::Record record = desk::parse_record(whole.dump(), true);
    return s.desk.verify(session, before, record.office, record.priority, s.clock.now());
  });
}

http::Response post_release(const Call& call) {
  return take_with_two(call, {.kind = SeasonEventKind::release, .approved = true});
}

http::Response post_transfer(const Call& call) {
  const ordered_json body = read_body(call, {"school"});
  return take_with_two(call,
                       {.kind = SeasonEventKind::transfer, .school = body_text(body, "school"), .approved = true});
}

http::Response post_place(const Call& call) {
  const ordered_json body = read_body(call, {"school", "clause"});
  const std::string school = body_text(body, "school"), clause = body_text(body, "clause");
  return take_with_two(call, "", [&](Session& session, const Registration& before, bool check_only) {
    Service& s = *call.service;
    return s.desk.place(session, before, school, clause, s.clock.now(), check_only);
  });
}

}  // namespace catchment::api
