// The style of report pages: one sheet, so that all of them look alike on screen, on a phone and on paper.
#pragma once

#include <string>
#include <string_view>

namespace catchment::cli::report {

std::string page_style();

// The page down to its <main>: title in both languages, `more` below it in the header; and its end.
std::string page_head(std::string_view chinese, std::string_view english, std::string_view style, bool synthetic,
                      std::string_view more);
std::string page_end();

}  // namespace catchment::cli::report
