// Shapes as GeoJSON geometries.
#pragma once

#include <nlohmann/json.hpp>

#include "geo/shapes.hpp"

namespace catchment::cli {

// A MultiPolygon in degrees, rings closed; null of an empty shape.
nlohmann::ordered_json shape_json(const geo::MultiPolygon& shape);

}  // namespace catchment::cli
