// How a service is told of the bureau's identity provider: a JSON file, because a secret on a command line is read by
// everybody on the machine.
#pragma once

#include <filesystem>

#include "server/access/oidc.hpp"

namespace catchment::access {

// {"issuer": "https://id.example", "client_id": "catchment", "client_secret": "...", "algorithms": ["RS256"],
//  "second_factors": ["mfa"], "redirect_uri": "https://catchment.example/v1/oidc/return"}
// The last four may be left out; redirect_uri then is `public_url` with kOidcReturnPath. Throws InputError(oidc_file)
// with the file and the member: unknown, missing or of another type, or no redirect_uri although there is no public
// URL.
OidcRules read_oidc_file(const std::filesystem::path& file, const std::string& public_url);

inline constexpr std::string_view kOidcReturnPath = "/v1/oidc/return";

}  // namespace catchment::access
