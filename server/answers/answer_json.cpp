#include "server/answers/answer_json.hpp"

namespace catchment::answers {
namespace {

using engine::Fired;

std::string_view effect_word(engine::zone_text::RuleEffect effect) {
  using engine::zone_text::RuleEffect;
  return effect == RuleEffect::allow ? "allow" : effect == RuleEffect::deny ? "deny" : "undetermined";
}

// The engine's fixed-point degrees as the shortest decimal that is the same number.
double degrees(std::int32_t units) { return units / geo::kUnitsPerDegree; }

ordered_json notice_json(const std::string& id, const Labels& labels) {
  const auto found = labels.notices.find(id);
  if (found != labels.notices.end()) return to_json(found->second);
  return nullptr;
}

ordered_json evidence(const std::vector<Fired>& list, const Labels& labels) {
  ordered_json out = ordered_json::array();
  for (const Fired& fired : list) out.push_back(to_json(fired, labels));
  return out;
}

}  // namespace

const std::string& Labels::school(const std::string& id) const {
  const auto found = schools.find(id);
  return found == schools.end() ? id : found->second;
}

const std::string& Labels::district(const std::string& id) const {
  const auto found = districts.find(id);
  return found == districts.end() ? id : found->second;
}

ordered_json point_json(const std::optional<geo::Point>& point) {
  if (!point) return nullptr;
  return {{"lon", degrees(point->lon)}, {"lat", degrees(point->lat)}};
}

ordered_json to_json(const engine::Notice& notice) {
  return {{"id", notice.id},
          {"title", notice.title},
          {"bureau", notice.bureau},
          {"published", notice.published},
          {"url", notice.url}};
}

ordered_json to_json(const engine::zone_text::Household& condition) {
  return {{"kind", engine::household_word(condition.kind)}, {"who", condition.who}, {"holds", !condition.excluded}};
}

ordered_json to_json(const geo::Candidate& candidate, std::string_view typed, const geo::Gazetteer& names) {
  ordered_json reasons = ordered_json::array();
  for (const geo::Reason& reason : candidate.reasons) {
    const bool whole = reason.span.begin <= reason.span.end && reason.span.end <= typed.size();
    reasons.push_back({{"evidence", geo::to_word(reason.evidence)},
                       {"typed", whole ? typed.substr(reason.span.begin, reason.span.end - reason.span.begin) : ""},
                       {"with", reason.with}});
  }
  ordered_json out{{"text", candidate.text}, {"level", geo::to_word(candidate.level)}};
  const bool has_entry = candidate.entry != geo::kNoEntry;
  out["entry"] = has_entry ? ordered_json(names.entry(candidate.entry).id) : ordered_json(nullptr);
  out["point"] = point_json(candidate.position);
  out["error_m"] = candidate.error_m;
  out["confidence"] = candidate.confidence;
  out["reasons"] = std::move(reasons);
  return out;
}

ordered_json to_json(const geo::Found& found, const geo::Gazetteer& names) {
  ordered_json candidates = ordered_json::array();
  for (const geo::Candidate& candidate : found.candidates) {
    candidates.push_back(to_json(candidate, found.parsed.original, names));
  }
  return {{"status", geo::to_word(found.status)}, {"candidates", std::move(candidates)}};
}

ordered_json to_json(const Fired& fired, const Labels& labels) {
  ordered_json out{{"school", fired.school_id},
                   {"level", engine::zone_text::to_word(fired.level)},
                   {"effect", effect_word(fired.effect)},
                   {"overridden", fired.overridden},
                   {"notice", notice_json(fired.notice_id, labels)},
                   {"row", fired.row_id},
                   {"place", fired.place},
                   {"campus", fired.campus},
                   {"quote", fired.quote},
                   {"span", {fired.span.begin, fired.span.end}},
                   {"zone", fired.zone_id}};
  out["margin_m"] = fired.zone_id.empty() ? ordered_json(nullptr) : ordered_json(fired.margin_m);
  out["feeder"] = fired.feeder.empty() || fired.feeder == "*" ? fired.feeder : labels.school(fired.feeder);
  return out;
}

ordered_json to_json(const engine::FinderAnswer& answer, const Labels& labels) {
  ordered_json schools = ordered_json::array();
  for (const engine::SchoolAnswer& school : answer.schools) {
    ordered_json conditions = ordered_json::array();
    for (const auto& condition : school.depends_on) conditions.push_back(to_json(condition));
    schools.push_back({{"id", school.school_id},
                       {"name", labels.school(school.school_id)},
                       {"mode", engine::zone_text::to_word(school.mode)},
                       {"mode_unsure", school.mode_unsure},
                       {"mode_doubts", school.mode_doubts},
                       {"depends_on", std::move(conditions)},
                       {"evidence", evidence(school.fired, labels)}});
  }
  return {{"status", engine::to_word(answer.status)},   {"reason", answer.reason},   {"phone", answer.phone},
          {"point", point_json(answer.place)},          {"error_m", answer.error_m}, {"schools", std::move(schools)},
          {"against", evidence(answer.against, labels)}};
}

std::string dump(const ordered_json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace catchment::answers
