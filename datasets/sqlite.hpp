// A thin RAII wrapper over SQLite's C interface: enough for the package, nothing more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace catchment::datasets {

// What SQLite says went wrong. Disk full, I/O errors and lack of permission never come as SqliteError but as
// std::system_error.
struct SqliteError : std::runtime_error {
  SqliteError(int code_, const std::string& message) : std::runtime_error(message), code(code_) {}
  bool is_constraint() const;

  int code;  // primary result code
};

// A prepared statement. Parameters and columns count from 0.
class Statement {
 public:
  void bind_null(int index);
  void bind(int index, std::int64_t value);
  void bind(int index, double value);
  // The bytes must stay as they are until the next step() has returned.
  void bind(int index, std::string_view text);
  void bind(int index, std::span<const std::byte> blob);

  // True while there is a row. After false the statement is reset and may be bound and stepped again.
  bool step();
  // For a statement without rows.
  void run();
  void reset();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;            // valid until the next step
  std::span<const std::byte> blob(int column) const;  // valid until the next step
  bool is_integer(int column) const;

  enum class Type { null, integer, real, text, blob };
  Type type(int column) const;
  int column_count() const;
  int parameter_count() const;  // the highest number of a parameter ?n

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  [[noreturn]] void fail() const;

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  enum class Mode { read, write };  // write creates the file; one thread at a time

  Database() = default;  // closed

  // Hardened for files of unknown origin: no triggers, views, extensions or functions run from the schema.
  static Database open(const std::filesystem::path& path, Mode mode);

  Statement prepare(std::string_view sql);
  void execute(const std::string& sql);                // one or more statements
  sqlite3* handle() const { return database_.get(); }  // for what is not wrapped here

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(sqlite3* database) : database_(database) {}

  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace catchment::datasets
