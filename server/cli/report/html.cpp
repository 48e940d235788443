#include "server/cli/report/html.hpp"

#include <algorithm>
#include <cmath>

#include "server/cli/row_output.hpp"

namespace catchment::cli::report {

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
  }
  return out;
}

std::string both(std::string_view chinese, std::string_view english) {
  return escape(chinese) + " <span class=\"en\" lang=\"en\">" + escape(english) + "</span>";
}

std::string heading(int level, std::string_view id, std::string_view chinese, std::string_view english) {
  const std::string tag = "h" + std::to_string(level);
  const std::string name = id.empty() ? "" : " id=\"" + std::string(id) + "\"";
  return "<" + tag + name + ">" + both(chinese, english) + "</" + tag + ">\n";
}

std::string paragraph(std::string_view chinese, std::string_view english) {
  return "<p>" + escape(chinese) + "</p>\n<p class=\"en\" lang=\"en\">" + escape(english) + "</p>\n";
}

std::string whole(double number) {
  std::string digits = std::to_string(std::llround(std::fabs(number)));
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return (std::llround(number) < 0 ? "−" : "") + digits;
}

std::string span_of(double low, double high) { return whole(std::floor(low)) + "–" + whole(std::ceil(high)); }

std::string percent(double share, int digits) { return fixed(100 * share, digits) + "%"; }

std::string years_of(std::vector<int> years) {
  std::ranges::sort(years);
  years.erase(std::unique(years.begin(), years.end()), years.end());
  std::string out;
  for (std::size_t i = 0; i < years.size();) {
    std::size_t end = i;
    while (end + 1 < years.size() && years[end + 1] == years[end] + 1) ++end;
    out += (out.empty() ? "" : "、") + std::to_string(years[i]);
    if (end > i) out += "–" + std::to_string(years[end]);
    i = end + 1;
  }
  return out;
}

std::string table(std::string_view caption, const std::vector<Column>& columns,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string out = "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + escape(caption) +
                    "\">\n<table>\n<caption>" + escape(caption) + "</caption>\n<thead><tr>";
  const auto kind = [&](std::size_t i) { return columns[i].number ? " class=\"n\"" : ""; };
  for (std::size_t i = 0; i < columns.size(); ++i) {
    out += std::string("<th scope=\"col\"") + kind(i) + ">" + columns[i].head + "</th>";
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const std::vector<std::string>& row : rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += i == 0 ? "<th scope=\"row\">" + row[i] + "</th>" : std::string("<td") + kind(i) + ">" + row[i] + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n</div>\n";
}

}  // namespace catchment::cli::report
