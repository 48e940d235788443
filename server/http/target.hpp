// The request target, strictly: origin form only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/http/message.hpp"

namespace catchment::http {

// Decodes %XX ('+' stays a plus sign in paths and is a space in queries). Empty on a bad escape, a control character,
// NUL or invalid UTF-8.
std::optional<std::string> find_decoded(std::string_view text, bool plus_is_space);

// Splits "/path?query" into request.path and request.query. False if it is not origin form, does not decode, holds an
// encoded slash or backslash, a "." or ".." segment, or more than 64 parameters.
bool read_target(std::string_view target, Request& request);

// "http://host" if the Host header is a plain name or address with or without a port, so that it may stand in a link;
// else empty.
std::string base_url(std::string_view host);

bool valid_utf8(std::string_view text);

}  // namespace catchment::http
