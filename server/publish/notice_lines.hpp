// Words of a notice's rows as its files have them.
#pragma once

#include <string>

namespace catchment::publish {

// The statement that others share the zone (A、B), before the full stop of its words.
std::string with_partners(std::string words, const std::string& partners);

// A field of a CSV file, quoted where it has to be.
std::string csv_field(const std::string& text);

}  // namespace catchment::publish
