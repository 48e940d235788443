#include <algorithm>

#include "geo/input_error.hpp"
#include "geo/projection.hpp"

namespace catchment::geo {
namespace {

[[noreturn]] void fail_unknown(std::string_view text) {
  throw InputError("crs_unknown", "",
                   "unknown reference system \"" + std::string(text) +
                       "\"; expected EPSG:n, GCJ02, BD09 or EPSG:n+GCJ02, with @yx if north comes first");
}

std::string trimmed_upper(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return 'a' <= c && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return upper;
}

std::string shifted_name(std::string_view name) {
  if (name == "GCJ02" || name == "GCJ-02") return "GCJ02";
  if (name == "BD09" || name == "BD-09") return "BD09";
  return {};
}

// "EPSG:4547" without leading zeros, or empty.
std::string epsg_name(std::string_view name) {
  constexpr std::string_view kPrefix = "EPSG:";
  if (name == "CRS84" || name == "OGC:CRS84") return "EPSG:4326";
  if (!name.starts_with(kPrefix)) return {};
  std::string_view digits = name.substr(kPrefix.size());
  const bool numeric =
      !digits.empty() && digits.size() <= 9 && digits.find_first_not_of("0123456789") == std::string_view::npos;
  if (!numeric || digits.find_first_not_of('0') == std::string_view::npos) return {};
  digits.remove_prefix(digits.find_first_not_of('0'));
  return std::string(kPrefix) + std::string(digits);
}

}  // namespace

Crs parse_crs(std::string_view text) {
  const std::string upper = trimmed_upper(text);
  if (upper.empty()) throw InputError("crs_undeclared", "", "no reference system is declared");
  std::string_view name = upper;
  Crs crs;
  constexpr std::string_view kNorthFirst = "@YX";
  if (name.ends_with(kNorthFirst)) {
    crs.north_first = true;
    name.remove_suffix(kNorthFirst.size());
  }
  crs.code = shifted_name(name);
  if (!crs.code.empty()) return crs;
  const auto plus = name.find('+');
  crs.code = epsg_name(name.substr(0, plus));
  if (crs.code.empty()) fail_unknown(text);
  if (plus == std::string_view::npos) return crs;
  const std::string shifted = shifted_name(name.substr(plus + 1));
  if (shifted.empty()) fail_unknown(text);
  const bool degrees = crs.code == "EPSG:4490" || crs.code == "EPSG:4326";
  crs.code = degrees ? shifted : crs.code + "+" + shifted;
  return crs;
}

std::string to_text(const Crs& crs) { return crs.north_first ? crs.code + "@yx" : crs.code; }

}  // namespace catchment::geo
