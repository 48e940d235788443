#include "server/ogc/negotiation.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "geo/input_error.hpp"
#include "server/ogc/item_query.hpp"

namespace catchment::ogc {
namespace {

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// How much a client wants either, by the most exact range that names it.
struct Wish {
  double quality = 0;
  int exactness = -1;

  void hear(double q, int exact) {
    if (exact > exactness || (exact == exactness && q > quality)) *this = {q, exact};
  }
};

// "q=0.5" among the parameters of a media range; 1 without one, 0 for one that is no number.
double quality_of(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::size_t end = std::min(parameters.find(';'), parameters.size());
    std::string_view item = without_blanks(parameters.substr(0, end));
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    if (!item.starts_with("q=") && !item.starts_with("Q=")) continue;
    item.remove_prefix(2);
    double q = 0;
    const auto [stop, error] = std::from_chars(item.data(), item.data() + item.size(), q, std::chars_format::fixed);
    return error == std::errc{} && stop == item.data() + item.size() && q > 0 ? std::min(q, 1.0) : 0;
  }
  return 1;
}

}  // namespace

std::optional<Format> find_format(const http::Request& request) {
  if (const std::string* f = find_value(request.query, "f")) {
    if (*f == "json") return Format::json;
    if (*f == "html") return Format::html;
    throw InputError("parameter_invalid", "f", "must be json or html");
  }
  std::string_view accept = request.header(http::Header::accept);
  if (without_blanks(accept).empty()) return Format::json;
  Wish json, html;
  while (!accept.empty()) {
    const std::size_t comma = std::min(accept.find(','), accept.size());
    const std::string_view item = accept.substr(0, comma);
    accept.remove_prefix(std::min(comma + 1, accept.size()));
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    std::string range(without_blanks(item.substr(0, semicolon)));
    std::transform(range.begin(), range.end(), range.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const double q = quality_of(item.substr(semicolon));
    if (range == "*/*") {
      json.hear(q, 0);
      html.hear(q, 0);
    } else if (range == "application/*") {
      json.hear(q, 1);
    } else if (range == "text/*") {
      html.hear(q, 1);
    } else if (range == "text/html" || range == "application/xhtml+xml") {
      html.hear(q, 2);
    } else if (range == "application/json" || range == "application/geo+json" || range == "application/schema+json" ||
               range == "application/vnd.oai.openapi+json") {
      json.hear(q, 2);
    }
  }
  if (json.quality <= 0 && html.quality <= 0) return std::nullopt;
  return html.quality > json.quality ? Format::html : Format::json;
}

}  // namespace catchment::ogc
