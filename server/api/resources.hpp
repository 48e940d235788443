// The resources of the API; one source file each.
#pragma once

#include "server/api/routes.hpp"

namespace catchment::api {

http::Response get_health(const Call& call);
http::Response get_version(const Call& call);
http::Response get_openapi(const Call& call);
http::Response get_layers(const Call& call);
http::Response get_lookup(const Call& call);
http::Response get_suggestions(const Call& call);
http::Response get_addresses(const Call& call);
http::Response get_nearest_address(const Call& call);
http::Response get_match(const Call& call);
http::Response get_zones(const Call& call);
http::Response get_schools(const Call& call);
http::Response get_tile(const Call& call);
http::Response get_tile_json(const Call& call);
http::Response get_style(const Call& call);

// sign_in.cpp
http::Response post_session(const Call& call);
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
http::Response post_release(const Call& call);
http::Response post_transfer(const Call& call);

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

// journal.cpp
http::Response get_journal(const Call& call);
http::Response get_journal_proof(const Call& call);

// The layer named "stage/school_year/kind" or its three parts. Throws InputError("layer_unknown") with this field.
const ServedLayer& get_layer(const CityService& city, const std::string& text, const std::string& field);

// What every answer of unchanging content shares: revalidate, so that a new package shows at once.
http::Response cached(const std::shared_ptr<const http::Content>& content);
http::Response json_response(std::string body, std::string_view cache_control);

}  // namespace catchment::api
