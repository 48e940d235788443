#include "server/api/routes.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "geo/input_error.hpp"
#include "server/access/field_seal.hpp"
#include "server/api/door.hpp"
#include "server/api/json_text.hpp"
#include "server/api/resources.hpp"
#include "server/api/service.hpp"
#include "server/desk/refused.hpp"
#include "server/http/serialise.hpp"
#include "server/store/idempotency.hpp"

namespace catchment::api {
namespace {

using http::Lane;

constexpr const char* kRetryAfter = "5";  // seconds, where something is being made ready

constexpr std::array kRoutes{
    // The city: read from memory, by anybody.
    Route{"GET", "/v1/health", get_health, "service.read"},
    Route{"GET", "/v1/version", get_version, "service.read"},
    Route{"GET", "/v1/door", get_door, "service.read"},
    Route{"GET", "/openapi.json", get_openapi, "service.read"},
    Route{"GET", "/v1/layers", get_layers, "city.read"},
    Route{"GET", "/v1/lookup", get_lookup, "city.read"},
    Route{"GET", "/v1/addresses", get_addresses, "city.read"},
    Route{"GET", "/v1/addresses/suggest", get_suggestions, "city.read"},
    Route{"GET", "/v1/addresses/nearest", get_nearest_address, "city.read"},
    Route{"GET", "/v1/match", get_match, "city.read"},
    Route{"GET", "/v1/walk", get_walk, "city.read", Lane::browse, true},
    Route{"GET", "/v1/zones", get_zones, "city.read"},
    Route{"GET", "/v1/schools", get_schools, "city.read"},
    Route{"GET", "/v1/tiles/{stage}/{school_year}/{kind}/{z}/{x}/{y}.mvt", get_tile, "city.read"},
    Route{"GET", "/v1/tiles/{stage}/{school_year}/{kind}.json", get_tile_json, "city.read"},
    Route{"GET", "/v1/style.json", get_style, "city.read"},
    // Signing in.
    Route{"POST", "/v1/sessions", post_session, "session.open", Lane::submit},
    Route{"GET", "/v1/oidc", get_oidc, "session.open", Lane::browse},
    Route{"GET", "/v1/oidc/return", get_oidc_return, "session.open", Lane::browse},
    Route{"GET", "/v1/sessions/current", get_session, "session.read", Lane::read},
    Route{"DELETE", "/v1/sessions/current", delete_session, "session.close", Lane::read},
    Route{"POST", "/v1/guardians/codes", post_guardian_code, "session.open", Lane::submit, false, true},
    Route{"POST", "/v1/guardians/sessions", post_guardian_session, "session.open", Lane::submit, false, true},
    Route{"GET", "/v1/accounts", get_accounts, "account.list", Lane::browse},
    Route{"POST", "/v1/accounts", post_account, "account.create", Lane::submit},
    Route{"PUT", "/v1/accounts/{number}", put_account, "account.change", Lane::submit},
    Route{"PUT", "/v1/accounts/{number}/identity", put_identity, "account.change", Lane::submit},
    Route{"POST", "/v1/accounts/own/second-factor", post_second_factor, "account.secure", Lane::submit},
    Route{"PUT", "/v1/accounts/own/second-factor", put_second_factor, "account.secure", Lane::submit},
    // A child's way to its seat.
    Route{"GET", "/v1/policy", get_policy, "city.read", Lane::browse},
    Route{"GET", "/v1/calendar", get_calendar, "season.read", Lane::browse},
    Route{"POST", "/v1/eligibility", post_eligibility, "city.read", Lane::read},
    Route{"GET", "/v1/registrations", get_registrations, "registration.list", Lane::read},
    Route{"POST", "/v1/registrations", post_registration, "registration.create", Lane::submit},
    Route{"GET", "/v1/registrations/{code}", get_registration, "registration.read", Lane::read},
    Route{"PUT", "/v1/registrations/{code}", put_registration, "registration.change", Lane::submit},
    Route{"DELETE", "/v1/registrations/{code}", delete_registration, "registration.discard", Lane::submit},
    Route{"GET", "/v1/registrations/{code}/history", get_history, "registration.history", Lane::read},
    Route{"GET", "/v1/registrations/{code}/openers", get_openers, "registration.openers", Lane::read},
    Route{"GET", "/v1/registrations/{code}/notice", get_notice, "registration.notice", Lane::read},
    Route{"POST", "/v1/registrations/{code}/submit", post_submit, "registration.submit", Lane::submit},
    Route{"POST", "/v1/registrations/{code}/on-site", post_on_site, "registration.on_site", Lane::submit},
    Route{"POST", "/v1/registrations/{code}/late", post_late, "registration.late", Lane::submit},
    Route{"POST", "/v1/registrations/{code}/withdraw", post_withdraw, "registration.withdraw", Lane::submit},
    Route{"POST", "/v1/registrations/{code}/verify", post_verify, "registration.verify", Lane::submit},
    Route{"POST", "/v1/registrations/{code}/reject", post_reject, "registration.reject", Lane::submit},
    Route{"POST", "/v1/registrations/{code}/choose", post_choose, "registration.choose", Lane::submit},
    Route{"POST", "/v1/registrations/{code}/confirm", post_confirm, "registration.confirm", Lane::confirm},
    Route{"POST", "/v1/registrations/{code}/accept", post_accept, "registration.accept", Lane::confirm},
    Route{"POST", "/v1/registrations/{code}/payment", post_payment, "payment.record", Lane::confirm},
    Route{"POST", "/v1/registrations/{code}/report", post_report, "report.record", Lane::submit},
    Route{"POST", "/v1/registrations/{code}/return", post_return, "report.record", Lane::submit},
    Route{"POST", "/v1/registrations/{code}/place", post_place, "place.manual", Lane::submit},
    Route{"POST", "/v1/registrations/{code}/release", post_release, "seat.release", Lane::submit},
    Route{"POST", "/v1/registrations/{code}/transfer", post_transfer, "seat.transfer", Lane::submit},
    // The bureau's side.
    Route{"GET", "/v1/seasons/{level}", get_season, "season.read", Lane::browse},
    Route{"POST", "/v1/seasons/{level}/steps", post_step, "season.step", Lane::submit},
    Route{"GET", "/v1/seats/{level}", get_seats, "seat.read_ledger", Lane::browse},
    Route{"POST", "/v1/seats/{level}/{school}/extra", post_extra_seats, "seat.approve_extra", Lane::submit},
    Route{"GET", "/v1/classes/{level}/{school}", get_classes, "class.read", Lane::browse},
    Route{"GET", "/v1/draws", get_draws, "draw.read_proof", Lane::browse},
    Route{"POST", "/v1/draws", post_draw, "draw.freeze", Lane::submit},
    Route{"GET", "/v1/draws/{id}", get_draw, "draw.read_proof", Lane::browse},
    Route{"GET", "/v1/draws/{id}/files/{name}", get_draw_file, "draw.read_proof", Lane::browse},
    Route{"POST", "/v1/draws/{id}/ceremony", post_ceremony, "draw.ceremony", Lane::submit},
    Route{"POST", "/v1/draws/{id}/finalise", post_finalise, "draw.finalise", Lane::submit},
    // Plans, and the long reckoning over them.
    Route{"GET", "/v1/plans", get_plans, "plan.read", Lane::browse},
    Route{"POST", "/v1/plans", post_plan, "plan.create", Lane::submit},
    Route{"GET", "/v1/plans/{number}", get_plan, "plan.read", Lane::browse},
    Route{"PUT", "/v1/plans/{number}", put_plan, "plan.change", Lane::submit},
    Route{"DELETE", "/v1/plans/{number}", delete_plan, "plan.change", Lane::submit},
    Route{"POST", "/v1/plans/{number}/evaluate", post_evaluate, "plan.evaluate", Lane::browse},
    Route{"POST", "/v1/plans/{number}/live", post_live, "plan.evaluate", Lane::browse},
    Route{"GET", "/v1/plans/{number}/comparison", get_plan_comparison, "plan.read", Lane::browse},
    Route{"GET", "/v1/plans/{number}/statement", get_plan_statement, "plan.read", Lane::browse},
    Route{"GET", "/v1/plans/{number}/certificate", get_plan_certificate, "plan.read", Lane::browse},
    Route{"GET", "/v1/plans/{number}/notice", get_plan_notice, "plan.read", Lane::browse},
    Route{"GET", "/v1/plans/{number}/zones", get_plan_zones, "plan.read", Lane::browse},
    Route{"GET", "/v1/plans/{number}/units", get_plan_units, "plan.read", Lane::browse},
    Route{"GET", "/v1/plans/{number}/units.geojson", get_plan_unit_shapes, "plan.read", Lane::browse},
    Route{"GET", "/v1/plans/{number}/export", get_plan_export, "plan.read", Lane::browse},
    Route{"GET", "/v1/plans/{number}/comments", get_plan_comments, "plan.read", Lane::browse},
    Route{"POST", "/v1/plans/{number}/comments", post_plan_comment, "plan.comment", Lane::submit},
    Route{"PUT", "/v1/plans/{number}/comments/{comment}/answer", put_plan_answer, "plan.answer", Lane::submit},
    Route{"GET", "/v1/plans/{number}/steps", get_plan_steps, "plan.read", Lane::browse},
    Route{"POST", "/v1/plans/{number}/advance", post_plan_advance, "plan.advance", Lane::submit},
    Route{"POST", "/v1/plans/{number}/publish", post_plan_publish, "plan.publish", Lane::submit},
    Route{"GET", "/v1/jobs", get_jobs, "job.read", Lane::browse},
    Route{"POST", "/v1/jobs", post_job, "job.start", Lane::submit},
    Route{"GET", "/v1/jobs/{number}", get_job, "job.read", Lane::browse},
    Route{"GET", "/v1/jobs/{number}/scenario", get_job_scenario, "job.read", Lane::browse},
    Route{"GET", "/v1/jobs/{number}/events", get_job_events, "job.read", Lane::browse},
    Route{"POST", "/v1/jobs/{number}/cancel", post_job_cancel, "job.cancel", Lane::submit},
    // Files from outside.
    Route{"POST", "/v1/imports", post_import, "import.check", Lane::browse},
    Route{"GET", "/v1/imports/mappings", get_mappings, "import.check", Lane::browse},
    Route{"PUT", "/v1/imports/{digest}", put_import, "import.confirm", Lane::browse},
    // Seats to come.
    Route{"GET", "/v1/seat-forecasts", get_seat_forecasts, "warning.read", Lane::browse},
    Route{"GET", "/v1/warnings", get_warnings, "warning.read", Lane::browse},
    Route{"POST", "/v1/warnings/publications", post_warning_publication, "warning.publish", Lane::submit},
    Route{"GET", "/v1/audits", get_audits, "audit.run", Lane::browse},
    Route{"GET", "/v1/ledgers/{kind}", get_ledger, "ledger.read", Lane::browse},
    Route{"GET", "/v1/exports", get_exports, "export.read", Lane::browse},
    Route{"GET", "/v1/exports/{file}", get_export, "export.read", Lane::browse},
    Route{"GET", "/v1/seasons/{level}/state", get_season_state, "state.read", Lane::browse},
    Route{"GET", "/v1/journal", get_journal, "journal.read", Lane::browse},
    Route{"GET", "/v1/journal/{number}/proof", get_journal_proof, "journal.prove", Lane::browse},
    Route{"PUT", "/v1/clock", put_clock, "clock.set", Lane::submit},
};

// One segment of a pattern against one of a path; a {part} must not be empty.
bool match_segment(std::string_view pattern, std::string_view text, std::vector<std::string>& captured) {
  if (pattern.empty() || pattern.front() != '{') return pattern == text;
  const std::string_view suffix = pattern.substr(pattern.find('}') + 1);
  if (text.size() <= suffix.size() || !text.ends_with(suffix)) return false;
  captured.emplace_back(text.substr(0, text.size() - suffix.size()));
  return true;
}

bool match_path(std::string_view pattern, std::string_view path, std::vector<std::string>& captured) {
  captured.clear();
  for (;;) {
    const std::size_t p = std::min(pattern.find('/', 1), pattern.size());
    const std::size_t t = std::min(path.find('/', 1), path.size());
    if (path.empty() || !match_segment(pattern.substr(1, p - 1), path.substr(1, t - 1), captured)) return false;
    pattern.remove_prefix(p);
    path.remove_prefix(t);
    if (pattern.empty() || path.empty()) return pattern.empty() && path.empty();
  }
}

int status_of(const InputError& error) {
  return error.code.ends_with("_unknown") && error.code != "parameter_unknown" ? 404 : 400;
}

// How much of a pattern comes before its first {part}.
constexpr auto kLiteralStarts = [] {
  std::array<std::size_t, kRoutes.size()> starts{};
  for (std::size_t i = 0; i < kRoutes.size(); ++i)
    starts[i] = std::min(kRoutes[i].path.find('{'), kRoutes[i].path.size());
  return starts;
}();

// What the classifier found, if it was ours.
const Route* find_routed(const http::Request& request, std::vector<std::string>& captured) {
  const auto at = static_cast<std::size_t>(request.routing.route);
  if (request.routing.route < 0 || at >= kRoutes.size() || kRoutes[at].path.data() != request.routing.pattern.data())
    return nullptr;
  return match_path(kRoutes[at].path, request.path, captured) ? &kRoutes[at] : nullptr;
}

// Pattern and captures of the route, or null; `allowed`: methods of other routes of this path.
const Route* find_route(const http::Request& request, std::vector<std::string>& captured, std::string* allowed) {
  for (std::size_t i = 0; i < kRoutes.size(); ++i) {
    const Route& route = kRoutes[i];
    if (!request.path.starts_with(route.path.substr(0, kLiteralStarts[i]))) continue;
    if (!match_path(route.path, request.path, captured)) continue;
    if (route.method == request.method) return &route;
    if (allowed == nullptr) continue;
    *allowed += allowed->empty() ? "" : ", ";
    *allowed += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  return nullptr;
}

// The rest are bugs of ours, for whoever called to answer.
http::Response store_away(const store::StoreError& error) {
  if (error.kind != store::StoreErrorKind::lost && error.kind != store::StoreErrorKind::busy) throw;
  return problem(
      503, "store_away", "",
      "What is kept cannot be reached now. Whether this was done is not known: try again later, with the same "
      "Idempotency-Key.");
}

http::Response call_route(const Route& route, const Call& call) {
  try {
    return route.answer(call);
  } catch (const InputError& error) {
    return problem(status_of(error), error.code, error.where, error.what());
  } catch (const desk::Refused& refused) {
    return problem(refused.status, refused.code, refused.field, refused.what(), refused.clause);
  } catch (const store::KeyReused& reused) {
    return problem(422, "idempotency_key_reused", "Idempotency-Key", reused.what());
  } catch (const store::StoreError& error) {
    return store_away(error);
  } catch (const access::SealError&) {
    return problem(410, "season_purged", "", "The personal data of this season were destroyed at its end.");
  }
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

http::Routing classify(const http::Request& request, const Service* service) {
  std::vector<std::string> captured;
  const Route* route = find_route(request, captured, nullptr);
  if (route == nullptr) return {};
  const bool held = route->door && service != nullptr && service->door != nullptr && service->door->holds(request);
  return {held ? Lane::here : route->lane, route->path, static_cast<int>(route - kRoutes.data())};
}

std::optional<http::Response> answer_api(const CityService& city, Service* service, const http::Request& request) {
  Call call{city, request, {}};
  std::string allowed;
  const Route* route = find_routed(request, call.captured);
  if (route == nullptr) route = find_route(request, call.captured, &allowed);
  if (route != nullptr) {
    if (!route->of_city && service == nullptr)
      return problem(404, "no_season", "", "This service keeps no season: it was started without a store.");
    call.action = route->action, call.service = service;
    if (route->door && service->door != nullptr)
      return service->door->pass(request, [&] { return call_route(*route, call); });
    return call_route(*route, call);
  }
  if (!allowed.empty()) {
    http::Response response = problem(405, "method_not_allowed", "", "This path answers " + allowed + ".");
    response.headers.emplace_back("Allow", allowed);
    return response;
  }
  if (request.path.starts_with("/v1/") || request.path == "/v1")
    return problem(404, "path_unknown", "", "There is nothing at this path.");
  return std::nullopt;
}

http::Response problem(int status, std::string_view code, std::string_view field, std::string_view detail,
                       std::string_view clause) {
  http::Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body.append(R"({"type":"about:blank","title":)").append(json_string(http::reason_phrase(status)));
  response.body.append(R"(,"status":)").append(std::to_string(status)).append(R"(,"code":)").append(json_string(code));
  if (!field.empty()) response.body.append(R"(,"field":)").append(json_string(field));
  if (!clause.empty()) response.body.append(R"(,"clause":)").append(json_string(clause));
  response.body.append(R"(,"detail":)").append(json_string(detail)).append("}");
  response.headers.emplace_back("Cache-Control", "no-store");
  if (status == 503) response.headers.emplace_back("Retry-After", kRetryAfter);
  return response;
}

http::Response cached(const std::shared_ptr<const http::Content>& content) {
  http::Response response;
  response.content = content;
  response.headers.emplace_back("Cache-Control", "no-cache");
  return response;
}

http::Response json_response(std::string body, std::string_view cache_control) {
  http::Response response;
  response.content_type = "application/json";
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", cache_control);
  return response;
}

}  // namespace catchment::api
