// Any bytes as a GeoJSON text: taken or refused, the same however they come in pieces; what nlohmann's parser refuses
// as JSON is refused, and what it takes is refused only for its limits.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "datasets/importer/geojson_check.hpp"
#include "geo/input_error.hpp"

namespace {

using catchment::datasets::GeoJsonCheck;

std::string checked(std::string_view text, std::size_t piece) {
  try {
    GeoJsonCheck check("f");
    for (std::size_t at = 0; at < text.size(); at += std::min(piece, text.size() - at))
      check.read(text.substr(at, piece));
    return check.end().has_crs ? "crs" : "";
  } catch (const catchment::InputError& error) {
    return error.code + " " + error.where;
  }
}

bool is_about_form(std::string_view told) {
  return told.starts_with("geojson_syntax") || told.starts_with("geojson_utf8") || told.starts_with("source_damaged");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string told = checked(text, std::max<std::size_t>(size, 1));
  for (const std::size_t piece : {std::size_t{1}, std::size_t{5}}) {
    if (checked(text, piece) != told) std::abort();
  }
  if (text.find('\0') != std::string_view::npos) return 0;  // which nlohmann's parser takes for the end
  const bool json = nlohmann::json::accept(text);
  if (json && is_about_form(told)) std::abort();
  // A sequence of several values is no JSON text.
  const bool taken = told.empty() || told == "crs";
  if (taken && !json && !checked("[" + std::string(text) + "]", size + 2).starts_with("geojson_")) std::abort();
  return 0;
}
