// A place typed as LON,LAT.
#pragma once

#include <string>

#include "geo/point.hpp"

namespace catchment::cli {

// In degrees; blanks around the comma are allowed. Throws InputError("position").
geo::Point parse_place(const std::string& text);

}  // namespace catchment::cli
