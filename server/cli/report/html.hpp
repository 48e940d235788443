// Pieces of a report page: well-formed XML that browsers read as HTML, Chinese first, English behind it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace catchment::cli::report {

std::string escape(std::string_view text);  // for text and attributes; control characters become spaces
// Chinese, then English in a lighter voice. Both are escaped.
std::string both(std::string_view chinese, std::string_view english);
std::string heading(int level, std::string_view id, std::string_view chinese, std::string_view english);
std::string paragraph(std::string_view chinese, std::string_view english);

std::string whole(double number);              // rounded, thousands apart by commas
std::string span_of(double low, double high);  // "38–52", outward to whole children
std::string percent(double share, int digits = 0);
std::string years_of(std::vector<int> years);  // "2027–2029、2031"

struct Column {
  std::string head;  // markup
  bool number = false;
};
// In a box that scrolls sideways where the page is narrow. Cells are markup; the first of a row heads it.
std::string table(std::string_view caption, const std::vector<Column>& columns,
                  const std::vector<std::vector<std::string>>& rows);

}  // namespace catchment::cli::report
