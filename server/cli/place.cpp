#include "server/cli/place.hpp"

#include <cstdio>

#include "geo/input_error.hpp"

namespace catchment::cli {

geo::Point parse_place(const std::string& text) {
  double lon = 0, lat = 0;
  int used = 0;
  const bool read =
      std::sscanf(text.c_str(), "%lf ,%lf %n", &lon, &lat, &used) == 2 && used == static_cast<int>(text.size());
  const auto point = read ? geo::find_point({lon, lat}) : std::nullopt;
  if (!point) throw InputError("position", text, "not a longitude,latitude in degrees");
  return *point;
}

}  // namespace catchment::cli
