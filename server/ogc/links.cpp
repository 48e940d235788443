#include "server/ogc/links.hpp"

#include "server/api/json_text.hpp"

namespace catchment::ogc {

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out.append({'%', kHex[byte >> 4], kHex[byte & 15u]});
    }
  }
  return out;
}

std::string to_query(const http::Query& query) {
  std::string out;
  for (const auto& [name, value] : query) {
    out += out.empty() ? '?' : '&';
    out.append(percent_encoded(name)).append("=").append(percent_encoded(value));
  }
  return out;
}

std::string links_json(std::span<const Link> links) {
  std::string out = "[";
  for (const Link& link : links) {
    if (out.size() > 1) out += ',';
    out.append(R"({"href":)")
        .append(api::json_string(link.href))
        .append(R"(,"rel":)")
        .append(api::json_string(link.rel));
    out.append(R"(,"type":)").append(api::json_string(link.type));
    if (!link.title.empty()) out.append(R"(,"title":)").append(api::json_string(link.title));
    out += '}';
  }
  return out.append("]");
}

std::string link_header(std::span<const Link> links) {
  std::string out;
  for (const Link& link : links) {
    if (!out.empty()) out += ", ";
    out.append("<").append(link.href).append(">; rel=\"").append(link.rel).append("\"; type=\"");
    out.append(link.type).append("\"");
  }
  return out;
}

}  // namespace catchment::ogc
