// Checks on text that comes from outside.
#pragma once

#include <string_view>

namespace catchment::datasets {

// Well-formed UTF-8 (no surrogates, no overlong forms) without NUL.
bool is_utf8_text(std::string_view text);

// "2024-09-01", a date that exists.
bool is_iso_date(std::string_view text);

// Without leading and trailing white space, the ideographic space and no-break space among it.
std::string_view trimmed(std::string_view text);

}  // namespace catchment::datasets
