#include "server/store/sql_text.hpp"

#include <algorithm>

namespace catchment::store {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_to(std::string_view sql, std::size_t from, std::string_view end) {
  const std::size_t found = sql.find(end, from);
  return found == std::string_view::npos ? found : found + end.size();
}

}  // namespace

std::size_t skip_quoted(std::string_view sql, std::size_t at) {
  const char c = sql[at];
  // A doubled quote inside reads as the end of one string and the beginning of the next, which skips as much.
  if (c == '\'' || c == '"') return skip_to(sql, at + 1, sql.substr(at, 1));
  if (sql.substr(at, 2) == "/*") return skip_to(sql, at + 2, "*/");
  if (sql.substr(at, 2) != "--") return at;
  const std::size_t end = skip_to(sql, at + 2, "\n");
  return end == std::string_view::npos ? sql.size() : end;
}

int highest_placeholder(std::string_view sql) {
  int highest = 0;
  for (std::size_t i = 0; i < sql.size();) {
    const std::size_t end = std::min(skip_quoted(sql, i), sql.size());
    if (end == i && sql[i] == '$') {
      int number = 0;
      for (std::size_t k = i + 1; k < sql.size() && is_digit(sql[k]) && number < 100'000; ++k) {
        number = number * 10 + (sql[k] - '0');
      }
      highest = std::max(highest, number);
    }
    i = std::max(end, i + 1);
  }
  return highest;
}

std::string to_sqlite_placeholders(std::string_view sql) {
  std::string result;
  result.reserve(sql.size());
  for (std::size_t i = 0; i < sql.size();) {
    const std::size_t end = std::min(skip_quoted(sql, i), sql.size());
    if (end > i) {
      result += sql.substr(i, end - i);
      i = end;
      continue;
    }
    const bool placeholder = sql[i] == '$' && i + 1 < sql.size() && is_digit(sql[i + 1]);
    result += placeholder ? '?' : sql[i];
    ++i;
  }
  return result;
}

}  // namespace catchment::store
