// Just enough of SQL's lexical form to find placeholders and ends of statements.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace catchment::store {

// If a string, a quoted name or a comment begins at `at`, the position after it, else `at`. npos if it does not end; a
// "--" comment ends with the text too.
std::size_t skip_quoted(std::string_view sql, std::size_t at);

// The highest n of the placeholders $n; 0 without any.
int highest_placeholder(std::string_view sql);

// $n as ?n. SQLite takes $n for a name and numbers names by first appearance, so `select $2, $1` would bind the other
// way round without a word.
std::string to_sqlite_placeholders(std::string_view sql);

}  // namespace catchment::store
