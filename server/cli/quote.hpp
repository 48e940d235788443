// Text for the terminal: a line of a notice or an address with what is meant underlined.
#pragma once

#include <string>
#include <string_view>

#include "geo/address/normal_text.hpp"

namespace catchment::cli {

// Columns a text takes: Chinese characters two each.
std::size_t columns_of(std::string_view text);

// The same with every control character replaced, so that what a file holds cannot steer the terminal.
std::string printable(std::string_view text);

// Two lines, each after `indent` and ended by a newline: the line of `text` that the span begins in, cut to about
// `columns` around it, and ^~~~ below the span.
std::string underline(std::string_view text, geo::Span span, std::string_view indent = "    ",
                      std::size_t columns = 96);

}  // namespace catchment::cli
