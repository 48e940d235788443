#include "server/publish/notice_lines.hpp"

namespace catchment::publish {

std::string with_partners(std::string words, const std::string& partners) {
  constexpr std::string_view kStop = "。";
  const bool stopped = words.ends_with(kStop);
  if (stopped) words.erase(words.size() - kStop.size());
  words += "（与" + partners + "为共同学区）";
  if (stopped) words += kStop;
  return words;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

}  // namespace catchment::publish
