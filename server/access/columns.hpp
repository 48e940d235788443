// How access keeps its values in columns of the store. Ids of districts or schools are one text: each followed by a
// blank. Ids have neither blanks nor control characters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/store/value.hpp"

namespace catchment::access {

inline std::string join_ids(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text.append(id).append(" ");
  return text;
}

inline std::vector<std::string> parse_ids(std::string_view text) {
  std::vector<std::string> ids;
  for (std::size_t end; (end = text.find(' ')) != std::string_view::npos; text.remove_prefix(end + 1))
    ids.emplace_back(text.substr(0, end));
  return ids;
}

inline bool is_id(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return false;
  return true;
}

inline store::Bytes to_blob(std::string_view text) { return {text.begin(), text.end()}; }
inline std::string_view view_of(const store::Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace catchment::access
