// The resources of the API; one source file each.
#pragma once

#include "server/api/routes.hpp"

namespace catchment::api {

http::Response get_health(const Call& call);
http::Response get_door(const Call& call);
http::Response get_version(const Call& call);
http::Response get_openapi(const Call& call);
http::Response get_layers(const Call& call);
http::Response get_lookup(const Call& call);
http::Response get_suggestions(const Call& call);
http::Response get_addresses(const Call& call);
http::Response get_nearest_address(const Call& call);
http::Response get_match(const Call& call);
http::Response get_walk(const Call& call);
http::Response get_zones(const Call& call);
http::Response get_schools(const Call& call);
http::Response get_tile(const Call& call);
http::Response get_tile_json(const Call& call);
http::Response get_style(const Call& call);

// sign_in.cpp
http::Response post_session(const Call& call);
http::Response get_oidc(const Call& call);
http::Response get_oidc_return(const Call& call);
http::Response put_identity(const Call& call);
http::Response get_session(const Call& call);
http::Response delete_session(const Call& call);
http::Response post_guardian_code(const Call& call);
http::Response post_guardian_session(const Call& call);
http::Response get_accounts(const Call& call);
http::Response post_account(const Call& call);
http::Response put_account(const Call& call);
http::Response post_second_factor(const Call& call);
http::Response put_second_factor(const Call& call);

// policy.cpp
http::Response get_policy(const Call& call);
http::Response get_calendar(const Call& call);
http::Response post_eligibility(const Call& call);

// registrations.cpp
http::Response get_registrations(const Call& call);
http::Response post_registration(const Call& call);
http::Response get_registration(const Call& call);
http::Response put_registration(const Call& call);
http::Response delete_registration(const Call& call);
http::Response get_history(const Call& call);
http::Response get_openers(const Call& call);
http::Response get_notice(const Call& call);

// registration_acts.cpp
http::Response post_submit(const Call& call);
http::Response post_on_site(const Call& call);
http::Response post_late(const Call& call);
http::Response post_withdraw(const Call& call);
http::Response post_verify(const Call& call);
http::Response post_reject(const Call& call);
http::Response post_choose(const Call& call);
http::Response post_confirm(const Call& call);
http::Response post_accept(const Call& call);
http::Response post_payment(const Call& call);
http::Response post_report(const Call& call);
http::Response post_return(const Call& call);
http::Response post_place(const Call& call);
http::Response post_release(const Call& call);
http::Response post_transfer(const Call& call);

// imports.cpp
http::Response post_import(const Call& call);
http::Response get_mappings(const Call& call);
http::Response put_import(const Call& call);

// seasons.cpp
http::Response get_season(const Call& call);
http::Response post_step(const Call& call);
http::Response get_seats(const Call& call);
http::Response post_extra_seats(const Call& call);
http::Response get_classes(const Call& call);
http::Response put_clock(const Call& call);

// draws.cpp
http::Response get_draws(const Call& call);
http::Response post_draw(const Call& call);
http::Response get_draw(const Call& call);
http::Response get_draw_file(const Call& call);
http::Response post_ceremony(const Call& call);
http::Response post_finalise(const Call& call);

// plans.cpp
http::Response get_plans(const Call& call);
http::Response post_plan(const Call& call);
http::Response get_plan(const Call& call);
http::Response put_plan(const Call& call);
http::Response delete_plan(const Call& call);

// plan_figures.cpp
http::Response post_evaluate(const Call& call);
http::Response post_live(const Call& call);
http::Response get_plan_comparison(const Call& call);
http::Response get_plan_statement(const Call& call);
http::Response get_plan_certificate(const Call& call);
http::Response get_plan_notice(const Call& call);
http::Response get_plan_zones(const Call& call);
http::Response get_plan_units(const Call& call);
http::Response get_plan_unit_shapes(const Call& call);
http::Response get_plan_export(const Call& call);

// plan_approval.cpp
http::Response get_plan_comments(const Call& call);
http::Response post_plan_comment(const Call& call);
http::Response put_plan_answer(const Call& call);
http::Response get_plan_steps(const Call& call);
http::Response post_plan_advance(const Call& call);
http::Response post_plan_publish(const Call& call);

// jobs.cpp
http::Response post_job(const Call& call);
http::Response get_jobs(const Call& call);
http::Response get_job(const Call& call);
http::Response get_job_scenario(const Call& call);
http::Response get_job_events(const Call& call);
http::Response post_job_cancel(const Call& call);

// seat_outlook.cpp
http::Response get_seat_forecasts(const Call& call);
http::Response get_warnings(const Call& call);
http::Response post_warning_publication(const Call& call);

// audits.cpp
http::Response get_audits(const Call& call);

// ledgers.cpp
http::Response get_ledger(const Call& call);

// exports.cpp
http::Response get_exports(const Call& call);
http::Response get_export(const Call& call);
http::Response get_season_state(const Call& call);

// journal.cpp
http::Response get_journal(const Call& call);
http::Response get_journal_proof(const Call& call);

// The layer named "stage/school_year/kind" or its three parts. Throws InputError("layer_unknown") with this field.
const ServedLayer& get_layer(const CityService& city, const std::string& text, const std::string& field);

// What every answer of unchanging content shares: revalidate, so that a new package shows at once.
http::Response cached(const std::shared_ptr<const http::Content>& content);
http::Response json_response(std::string body, std::string_view cache_control);

}  // namespace catchment::api
