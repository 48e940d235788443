// A school's name without the words every school's has, so that 民德 can be told to be 某市立民德国民中学.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace catchment::engine::zone_text {

// "新兴国小" -> "新兴"; as name_key writes it.
std::string school_stem(std::string_view name);

// Primary and junior schools of one name are two schools.
enum class SchoolLevel : std::uint8_t { unknown, primary, secondary };
SchoolLevel school_level(std::string_view name);

// yes: `said` is the name without what stands before it (city, district, 立); no: it cannot even be short for it, as a
// short name keeps characters of the long one in their order, or it is of another level; maybe: all between.
enum class SameSchool : std::uint8_t { yes, maybe, no };
SameSchool same_school(std::string_view said, std::string_view full_name);

}  // namespace catchment::engine::zone_text
