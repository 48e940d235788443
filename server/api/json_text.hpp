// JSON written straight into a string, for the answers that are asked for most or are large.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "geo/shapes.hpp"

namespace catchment::api {

// One after the other. (g++ 12 warns falsely of literal + std::string&&.)
std::string concat(std::initializer_list<std::string_view> parts);

// With quotes; bytes that are not UTF-8 become U+FFFD.
std::string json_string(std::string_view text);
void append_json_string(std::string& out, std::string_view text);

void append_degrees(std::string& out, std::int32_t units);  // exact, no trailing zeros
void append_metres(std::string& out, double metres);        // to a centimetre

// GeoJSON (RFC 7946): closed rings, shells counter-clockwise, holes clockwise.
void append_geometry(std::string& out, geo::Point point);
void append_geometry(std::string& out, const geo::MultiPolygon& area);

}  // namespace catchment::api
