#include "datasets/sqlite.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <climits>
#include <new>
#include <system_error>

namespace catchment::datasets {
namespace {

// A hostile file must not make SQLite build values of a gigabyte.
constexpr int kMaxValueBytes = 256 << 20;
constexpr int kMaxSqlBytes = 1 << 20;

[[noreturn]] void throw_error(sqlite3* database, int code) {
  const std::string message = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  const int system = database != nullptr ? sqlite3_system_errno(database) : 0;
  const auto trouble = [&](int fallback) {
    return std::system_error(system != 0 ? system : fallback, std::generic_category(), message);
  };
  switch (code & 0xff) {
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    case SQLITE_FULL:
      throw trouble(ENOSPC);
    case SQLITE_IOERR:
      throw trouble(EIO);
    case SQLITE_READONLY:
    case SQLITE_PERM:
      throw trouble(EACCES);
    default:
      throw SqliteError(code & 0xff, message);
  }
}

int as_length(std::size_t size) {
  if (size > static_cast<std::size_t>(kMaxValueBytes)) throw SqliteError(SQLITE_TOOBIG, "value too long");
  return static_cast<int>(size);
}

void harden(sqlite3* database) {
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_limit(database, SQLITE_LIMIT_LENGTH, kMaxValueBytes);
  sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, kMaxSqlBytes);
  sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
}

}  // namespace

bool SqliteError::is_constraint() const { return code == SQLITE_CONSTRAINT; }

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::fail() const {
  sqlite3* database = sqlite3_db_handle(statement_.get());
  throw_error(database, sqlite3_errcode(database));
}

void Statement::bind_null(int index) {
  if (sqlite3_bind_null(statement_.get(), index + 1) != SQLITE_OK) fail();
}

void Statement::bind(int index, std::int64_t value) {
  if (sqlite3_bind_int64(statement_.get(), index + 1, value) != SQLITE_OK) fail();
}

void Statement::bind(int index, double value) {
  if (sqlite3_bind_double(statement_.get(), index + 1, value) != SQLITE_OK) fail();
}

void Statement::bind(int index, std::string_view text) {
  const char* data = text.empty() ? "" : text.data();  // a null pointer would bind NULL
  if (sqlite3_bind_text(statement_.get(), index + 1, data, as_length(text.size()), SQLITE_STATIC) != SQLITE_OK) fail();
}

void Statement::bind(int index, std::span<const std::byte> blob) {
  const void* data = blob.empty() ? "" : static_cast<const void*>(blob.data());  // a null pointer would bind NULL
  if (sqlite3_bind_blob(statement_.get(), index + 1, data, as_length(blob.size()), SQLITE_STATIC) != SQLITE_OK) fail();
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    sqlite3* database = sqlite3_db_handle(statement_.get());
    try {
      throw_error(database, code);
    } catch (...) {
      sqlite3_reset(statement_.get());
      throw;
    }
  }
  reset();
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
bool Statement::is_integer(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_INTEGER; }
int Statement::column_count() const { return sqlite3_column_count(statement_.get()); }
int Statement::parameter_count() const { return sqlite3_bind_parameter_count(statement_.get()); }

Statement::Type Statement::type(int column) const {
  switch (sqlite3_column_type(statement_.get(), column)) {
    case SQLITE_INTEGER:
      return Type::integer;
    case SQLITE_FLOAT:
      return Type::real;
    case SQLITE_TEXT:
      return Type::text;
    case SQLITE_BLOB:
      return Type::blob;
    default:
      return Type::null;
  }
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::span<const std::byte> Statement::blob(int column) const {
  const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Database Database::open(const std::filesystem::path& path, Mode mode) {
  const int access = mode == Mode::read ? SQLITE_OPEN_READONLY | SQLITE_OPEN_FULLMUTEX
                                        : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, access, nullptr);
  Database database(raw);
  if (code != SQLITE_OK) throw_error(raw, code);
  harden(raw);
  database.execute("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;");
  return database;
}

Statement Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), as_length(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  if (code != SQLITE_OK) throw_error(database_.get(), code);
  return Statement(statement);
}

void Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw_error(database_.get(), code);
}

}  // namespace catchment::datasets
