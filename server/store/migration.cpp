#include "server/store/migration.hpp"

#include <algorithm>
#include <cctype>

#include "engine/admission/lottery/hash_suite.hpp"
#include "geo/input_error.hpp"
#include "server/store/sql_text.hpp"

namespace catchment::store {
namespace {

[[noreturn]] void refuse_form(const Migration& migration, const std::string& why) {
  throw InputError("migration_form", std::string(migration.name), why);
}

std::string type_word(const Migration& migration, std::string_view token, Dialect dialect) {
  const bool sqlite = dialect == Dialect::sqlite;
  if (token == "int") return sqlite ? "INTEGER" : "bigint";
  if (token == "text") return sqlite ? "TEXT" : "text COLLATE \"C\"";
  if (token == "blob") return sqlite ? "BLOB" : "bytea";
  refuse_form(migration, "no type {" + std::string(token) + "}");
}

std::string in_lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// A statement as it stands, without comments at its beginning and end.
class StatementReader {
 public:
  StatementReader(const Migration& migration, Dialect dialect) : migration_(migration), dialect_(dialect) {}

  std::vector<std::string> read() {
    const std::string_view sql = migration_.sql;
    for (std::size_t i = 0; i < sql.size();) {
      const std::size_t end = skip_quoted(sql, i);
      if (end == std::string_view::npos) refuse_form(migration_, "a quote or comment does not end");
      if (end > i) {
        if (sql[i] == '\'' || sql[i] == '"') statement_ += sql.substr(i, end - i);
        i = end;
      } else {
        i = take(sql, i);
      }
    }
    if (statement_.find_first_not_of(" \n\r\t") != std::string::npos) {
      refuse_form(migration_, "text after the last semicolon");
    }
    return std::move(statements_);
  }

 private:
  std::size_t take(std::string_view sql, std::size_t at) {
    if (sql[at] == '{') {
      const std::size_t end = sql.find('}', at);
      if (end == std::string_view::npos) refuse_form(migration_, "{ without }");
      statement_ += type_word(migration_, sql.substr(at + 1, end - at - 1), dialect_);
      return end + 1;
    }
    if (sql[at] == ';') {
      finish();
    } else {
      statement_ += sql[at];
    }
    return at + 1;
  }

  void finish() {
    const std::size_t first = statement_.find_first_not_of(" \n\r\t");
    if (first == std::string::npos) refuse_form(migration_, "a semicolon without a statement");
    statement_.erase(0, first);
    const std::string words = in_lower_case(statement_);
    // Checked at COMMIT, it would fail the commands of others.
    if (words.find("deferrable") != std::string::npos) refuse_form(migration_, "constraints are checked at once");
    if (dialect_ == Dialect::sqlite && words.starts_with("create table")) statement_ += " STRICT";
    statements_.push_back(std::move(statement_));
    statement_.clear();
  }

  const Migration& migration_;
  Dialect dialect_;
  std::string statement_;
  std::vector<std::string> statements_;
};

}  // namespace

std::vector<std::string> statements_of(const Migration& migration, Dialect dialect) {
  return StatementReader(migration, dialect).read();
}

std::string sha256_of(const Migration& migration) {
  return engine::admission::to_hex(engine::admission::hash(engine::admission::Suite::sha256, migration.sql));
}

}  // namespace catchment::store
