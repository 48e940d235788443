// Draws: the roll is frozen, the dice are typed in, a second officer concludes; the files are anybody's.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/policy/moment.hpp"
#include "geo/input_error.hpp"
#include "server/api/command.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"

namespace catchment::api {
namespace {

namespace admission = engine::admission;
namespace policy = engine::policy;
using access::Actor;
using desk::DrawRow;
using desk::Refused;
using nlohmann::ordered_json;

constexpr std::size_t kMostHeads = 999;

access::Object draw_object(const DrawRow& draw) {
  // Manifest and roll are published when they are frozen, the rest when the draw is concluded.
  return {.district = draw.district, .school = draw.school, .state = access::ObjectState::published};
}

DrawRow get_draw_row(const Call& call, Session& session) {
  if (const auto found = call.service->desk.find_draw(session, call.captured[0])) return *found;
  throw Refused(404, "draw_unknown", "There is no such draw.");
}

ordered_json draw_json(const DrawRow& d) {
  ordered_json out{{"id", d.id},       {"level", d.level},
                   {"kind", d.kind},   {"school", d.school},
                   {"state", d.state}, {"applicants", d.applicants},
                   {"seats", d.seats}, {"frozen_at", policy::to_text(d.frozen_at)}};
  if (d.concluded_at) out["concluded_at"] = policy::to_text(*d.concluded_at);
  return out;
}

admission::Digest digest_at(const ordered_json& body, const char* key) {
  admission::Digest digest{};
  if (!admission::parse_hex(body_text(body, key), digest))
    throw InputError("body_value", std::string("/") + key, "must be 64 hexadecimal digits");
  return digest;
}

admission::CeremonyTerms terms_of(const ordered_json& body) {
  admission::CeremonyTerms terms;
  if (body.contains("commitments")) {
    const ordered_json& c = body["commitments"];
    if (!c.is_object() || c.size() != 2)
      throw InputError("body_type", "/commitments", "must have notary and bureau, and nothing else");
    terms.commitments = {digest_at(c, "notary"), digest_at(c, "bureau")};
  }
  const std::string at = find_body_text(body, "ceremony");
  if (!at.empty()) {
    terms.ceremony = policy::find_time(at);
    if (!terms.ceremony) throw InputError("body_value", "/ceremony", "is no time such as 2024-07-05T09:00");
  }
  terms.place = find_body_text(body, "place");
  return terms;
}

// Codes of head teachers, of a draw of heads.
std::vector<admission::Code> heads_of(const ordered_json& body) {
  std::vector<admission::Code> heads;
  if (!body.contains("heads")) return heads;
  if (!body["heads"].is_array() || body["heads"].size() > kMostHeads)
    throw InputError("body_type", "/heads", "must be a list of codes");
  for (const ordered_json& code : body["heads"]) {
    if (!code.is_string() || !admission::parse_code(code.get<std::string>(), heads.emplace_back()))
      throw InputError("body_value", "/heads", "must be codes of eight digits and capitals");
  }
  auto sorted = heads;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) throw InputError("body_value", "/heads", "has a code twice");
  return heads;
}

admission::Ceremony ceremony_of(const ordered_json& body) {
  admission::Ceremony ceremony;
  if (!body.contains("dice") || !body["dice"].is_object())
    throw InputError("body_type", "/dice", "must be role: digits");
  for (const auto& [role, digits] : body["dice"].items()) {
    if (!digits.is_string()) throw InputError("body_type", "/dice/" + role, "must be digits");
    ceremony.dice.push_back({role, digits.get<std::string>()});
  }
  std::ranges::sort(ceremony.dice, {}, &admission::Ceremony::Dice::role);
  ceremony.notary = digest_at(body, "notary"), ceremony.bureau = digest_at(body, "bureau");
  return ceremony;
}

}  // namespace

http::Response get_draws(const Call& call) {
  return run_read(call, [&](Session& session, const Actor& actor) {
    require(call, actor, {.state = access::ObjectState::published});
    ordered_json rows = ordered_json::array();
    for (const DrawRow& draw : call.service->desk.draws(session)) rows.push_back(draw_json(draw));
    return json_answer(200, {{"draws", std::move(rows)}});
  });
}

http::Response post_draw(const Call& call) {
  const ordered_json body = read_body(call, {"level", "kind", "school", "heads", "commitments", "ceremony", "place"});
  const std::string level = body_text(body, "level"), kind = body_text(body, "kind");
  const std::string school = find_body_text(body, "school");
  return run_command(call, [&](Session& session, const Actor& actor) {
    Service& s = *call.service;
    const auto* at = school.empty() ? nullptr : s.desk.find_school(level, school);
    require(call, actor, {.district = at == nullptr ? "" : *s.desk.find_district(level, at->district)});
    ordered_json rows = ordered_json::array();
    for (const DrawRow& draw :
         s.desk.freeze(session, level, kind, school, terms_of(body), s.clock.now(), heads_of(body))) {
      rows.push_back(draw_json(draw));
      note(call, session, actor, draw.id, R"({"applicants":)" + std::to_string(draw.applicants) + "}");
    }
    return json_answer(201, {{"draws", std::move(rows)}});
  });
}

http::Response get_draw(const Call& call) {
  return run_read(call, [&](Session& session, const Actor& actor) {
    const DrawRow draw = get_draw_row(call, session);
    require(call, actor, draw_object(draw));
    ordered_json out = draw_json(draw);
    const desk::Desk& desk = call.service->desk;
    out["files"] = desk.draw_files(session, draw.id);
    const admission::Suite suite = desk.rules(draw.level).suite;
    ordered_json hashes = ordered_json::object();
    for (const std::string& name : desk.draw_files(session, draw.id))
      hashes[name] = admission::to_hex(admission::hash(suite, desk.draw_file(session, draw.id, name).value_or("")));
    out["suite"] = admission::to_word(suite), out["hashes"] = std::move(hashes);
    return json_answer(200, out);
  });
}

http::Response get_draw_file(const Call& call) {
  return run_read(call, [&](Session& session, const Actor& actor) {
    const DrawRow draw = get_draw_row(call, session);
    require(call, actor, draw_object(draw));
    auto body = call.service->desk.draw_file(session, draw.id, call.captured[1]);
    if (!body) throw Refused(404, "file_unknown", "This draw has no such file.");
    http::Response response;
    response.content_type = "text/plain; charset=utf-8";
    response.etag = http::make_etag(*body);
    response.body = std::move(*body);
    response.headers.emplace_back("Cache-Control", "no-cache");
    return response;
  });
}

http::Response post_ceremony(const Call& call) {
  const ordered_json body = read_body(call, {"dice", "notary", "bureau"});
  return run_command(call, [&](Session& session, const Actor& actor) {
    const DrawRow draw = get_draw_row(call, session);
    require(call, actor, {.district = draw.district, .school = draw.school});
    call.service->desk.put_dice(session, draw, ceremony_of(body));
    note(call, session, actor, draw.id);
    return json_answer(200, draw_json(*call.service->desk.find_draw(session, draw.id)));
  });
}

http::Response post_finalise(const Call& call) {
  return run_command(call, [&](Session& session, const Actor& actor) {
    Service& s = *call.service;
    const DrawRow draw = get_draw_row(call, session);
    return run_with_two(call, session, actor, {.district = draw.district, .school = draw.school}, draw.id, [&] {
      s.desk.conclude(session, draw, s.clock.now());
      note(call, session, actor, draw.id);
      return json_answer(200, draw_json(*s.desk.find_draw(session, draw.id)));
    });
  });
}

}  // namespace catchment::api
