// JSON or HTML?
#pragma once

#include <optional>
#include <string_view>

#include "server/http/message.hpp"

namespace catchment::ogc {

enum class Format { json, html };

// By the parameter f (json | html), else by the Accept header: the better of the two, JSON where they are equal; empty
// if it wants neither. Throws InputError("parameter_invalid") for another f.
std::optional<Format> find_format(const http::Request& request);

}  // namespace catchment::ogc
