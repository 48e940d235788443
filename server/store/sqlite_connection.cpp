// SQLite in WAL mode. The writer's connection alone writes and alone runs checkpoints: SQLite before 3.51.3 can damage
// a database if two connections do so at the same instant.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <system_error>
#include <thread>

#include "datasets/sqlite.hpp"
#include "geo/input_error.hpp"
#include "server/store/connection.hpp"
#include "server/store/sql_text.hpp"

namespace catchment::store {
namespace {

namespace fs = std::filesystem;
using datasets::Database;
using datasets::SqliteError;
using datasets::Statement;

constexpr int kApplicationId = 0x43415453;  // "CATS", in the file's header
constexpr int kBusyMs = 5000;
// The log is that long only if readers kept it from starting anew; then they are waited for, a moment.
constexpr int kLongLogFrames = 16000;
constexpr int kLongLogWaitMs = 50;
constexpr std::size_t kMaxStatements = 512;

StoreErrorKind kind_of(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return StoreErrorKind::unique;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return StoreErrorKind::foreign_key;
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      return StoreErrorKind::check;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return StoreErrorKind::busy;
    case SQLITE_ERROR:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
    case SQLITE_MISUSE:
    case SQLITE_TOOBIG:
    case SQLITE_AUTH:
      return StoreErrorKind::statement;
    default:
      return StoreErrorKind::lost;
  }
}

// Throws what the wrapper throws as StoreError.
template <class F>
auto translating(Database& database, F&& work) {
  try {
    return work();
  } catch (const SqliteError& error) {
    throw StoreError(kind_of(sqlite3_extended_errcode(database.handle())), error.what());
  } catch (const std::system_error& error) {
    const bool refused = (sqlite3_errcode(database.handle()) & 0xff) == SQLITE_READONLY;
    throw StoreError(refused ? StoreErrorKind::read_only : StoreErrorKind::lost, error.what());
  } catch (const std::bad_alloc&) {
    throw StoreError(StoreErrorKind::lost, "out of memory");
  }
}

// Held until the process ends, whatever way it does.
class WriterLock {
 public:
  WriterLock(const std::string& database, std::chrono::milliseconds wait) {
    const std::string path = database + "-writer";
    fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ < 0) throw InputError("store_unreachable", path, std::strerror(errno));
    const auto give_up = std::chrono::steady_clock::now() + wait;
    while (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
      if (std::chrono::steady_clock::now() >= give_up) {
        ::close(fd_);
        throw StoreError(StoreErrorKind::busy, database + ": another process writes to this store");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  ~WriterLock() { ::close(fd_); }
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  int fd_ = -1;
};

// True if it is ours or has nothing in it.
bool is_store_file(Database& database) {
  Statement id = database.prepare("PRAGMA application_id");
  id.step();
  if (id.integer(0) == kApplicationId) return true;
  return id.integer(0) == 0 && !database.prepare("SELECT 1 FROM sqlite_schema").step();
}

void bind_value(Statement& statement, int index, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value.variant())) {
    statement.bind(index, *integer);
  } else if (const auto* text = std::get_if<std::string>(&value.variant())) {
    statement.bind(index, std::string_view(*text));
  } else if (const auto* bytes = std::get_if<Bytes>(&value.variant())) {
    statement.bind(index, std::as_bytes(std::span(*bytes)));
  } else {
    statement.bind_null(index);
  }
}

Value value_of(const Statement& statement, int column) {
  switch (statement.type(column)) {
    case Statement::Type::integer:
      return statement.integer(column);
    case Statement::Type::text:
      return statement.text(column);
    case Statement::Type::blob: {
      const auto blob = statement.blob(column);
      const auto* first = reinterpret_cast<const std::uint8_t*>(blob.data());
      return Bytes(first, first + blob.size());
    }
    case Statement::Type::real:
      throw StoreError(StoreErrorKind::statement, "the result is no whole number");
    case Statement::Type::null:
      break;
  }
  return {};
}

class SqliteConnection : public Connection {
 public:
  SqliteConnection(Database database, std::unique_ptr<WriterLock> lock, int checkpoint_frames)
      : lock_(std::move(lock)),
        database_(std::move(database)),
        checkpoint_frames_(checkpoint_frames),
        next_checkpoint_(checkpoint_frames) {
    sqlite3_busy_timeout(database_.handle(), kBusyMs);
    if (lock_ == nullptr) {
      sqlite3_db_config(database_.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
      return;
    }
    use_write_ahead_log();
  }

  Dialect dialect() const override { return Dialect::sqlite; }

  Rows run(std::string_view sql, const std::vector<Value>& values) override {
    return translating(database_, [&] { return step_all(prepared(sql), values); });
  }

  void run_each(std::string_view sql, const std::vector<Row>& rows) override {
    translating(database_, [&] {
      Statement& statement = prepared(sql);
      for (const Row& row : rows) step_all(statement, row);
    });
  }

  void execute(const std::string& sql) override {
    translating(database_, [&] { database_.execute(sql); });
  }

  void begin(Access access) override { control(access == Access::write ? "BEGIN IMMEDIATE" : "BEGIN"); }
  void commit() override { control("COMMIT"); }
  void roll_back() noexcept override {
    try {
      if (sqlite3_get_autocommit(database_.handle()) == 0) control("ROLLBACK");
    } catch (const std::exception&) {  // closing will undo it
    }
  }
  void set_savepoint() override { control("SAVEPOINT s"); }
  void release_savepoint() override { control("RELEASE s"); }
  void roll_back_to_savepoint() override {
    control("ROLLBACK TO s");
    control("RELEASE s");
  }

  bool stands() override { return true; }

  void tidy() override {
    if (lock_ == nullptr || frames_ < next_checkpoint_) return;
    const bool is_long = frames_ >= kLongLogFrames;
    if (is_long) sqlite3_busy_timeout(database_.handle(), kLongLogWaitMs);
    run(is_long ? "PRAGMA wal_checkpoint(RESTART)" : "PRAGMA wal_checkpoint(PASSIVE)", {});
    if (is_long) sqlite3_busy_timeout(database_.handle(), kBusyMs);
    next_checkpoint_ = frames_ + checkpoint_frames_;
  }

  std::vector<Table> tables() override {
    std::vector<Table> tables;
    for (const Row& row :
         run("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' "
             "ORDER BY rowid",
             {})) {
      tables.push_back(table_of(row[0].text()));
    }
    return tables;
  }

  void mark_new() override { execute("PRAGMA application_id = " + std::to_string(kApplicationId)); }

  std::vector<std::string> find_faults() override {
    std::vector<std::string> faults;
    for (const Row& row : run("PRAGMA integrity_check(20)", {})) {
      if (row[0].text() != "ok") faults.push_back("integrity_check: " + row[0].text());
    }
    for (const Row& row : run("PRAGMA foreign_key_check", {})) {
      faults.push_back("foreign_key_check: a row of " + row[0].text() + " refers to none of " + row[2].text());
    }
    return faults;
  }

 private:
  static int count_frames(void* self, sqlite3*, const char*, int frames) {
    auto* connection = static_cast<SqliteConnection*>(self);
    if (frames < connection->frames_)
      connection->next_checkpoint_ = connection->checkpoint_frames_;  // the log began anew
    connection->frames_ = frames;
    return SQLITE_OK;
  }

  void use_write_ahead_log() {
    if (run("PRAGMA journal_mode = WAL", {}).one()[0].text() != "wal") {
      throw StoreError(StoreErrorKind::lost, "this file system does not carry SQLite's write-ahead log");
    }
    execute(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; "
        "PRAGMA cache_size = -131072;");                       // KiB: codes and hashes go to pages all over the file
    sqlite3_wal_hook(database_.handle(), count_frames, this);  // in place of SQLite's own, which hides errors
  }

  void control(const char* sql) { run(sql, {}); }

  Statement& prepared(std::string_view sql) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return found->second;
    if (statements_.size() >= kMaxStatements) statements_.clear();
    return statements_.emplace(std::string(sql), database_.prepare(to_sqlite_placeholders(sql))).first->second;
  }

  Rows step_all(Statement& statement, const std::vector<Value>& values) {
    const auto count = static_cast<int>(values.size());
    if (statement.parameter_count() != count) {
      throw StoreError(StoreErrorKind::statement, std::to_string(count) + " values for " +
                                                      std::to_string(statement.parameter_count()) + " placeholders");
    }
    for (int i = 0; i < count; ++i) bind_value(statement, i, values[static_cast<std::size_t>(i)]);
    const std::int64_t before = sqlite3_total_changes64(database_.handle());
    Rows rows;
    try {
      while (statement.step()) {
        Row& row = rows.emplace_back();
        for (int i = 0; i < statement.column_count(); ++i) row.push_back(value_of(statement, i));
      }
    } catch (...) {
      statement.reset();
      throw;
    }
    // Counts of a statement that changes nothing are those of the one before.
    const bool changed = sqlite3_total_changes64(database_.handle()) != before;
    rows.changed = changed ? sqlite3_changes64(database_.handle()) : 0;
    return rows;
  }

  Table table_of(const std::string& name) {
    Table table{.name = name, .columns = {}, .key = {}};
    std::map<std::int64_t, std::string> key;
    for (const Row& row : run("SELECT name, pk FROM pragma_table_info($1)", {name})) {
      table.columns.push_back(row[0].text());
      if (row[1].integer() > 0) key[row[1].integer()] = row[0].text();
    }
    for (const auto& [place, column] : key) table.key.push_back(column);
    return table;
  }

  std::unique_ptr<WriterLock> lock_;  // let go after the database is closed
  Database database_;
  std::map<std::string, Statement, std::less<>> statements_;  // finalised before the database is closed
  int frames_ = 0;
  const int checkpoint_frames_;
  int next_checkpoint_;
};

// The name of a new file is as durable as what is in it.
void sync_folder_of(const std::string& path) {
  const fs::path folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : fs::path(".");
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (!synced) throw InputError("store_unreachable", folder.string(), std::strerror(error));
}

class SqliteBackend : public Backend {
 public:
  SqliteBackend(std::string path, const StoreOptions& options)
      : path_(std::move(path)), lock_wait_(options.lock_wait), checkpoint_pages_(options.checkpoint_pages) {}

  std::unique_ptr<Connection> connect(Access access) override {
    const bool writes = access == Access::write;
    std::unique_ptr<WriterLock> lock = writes ? std::make_unique<WriterLock>(path_, lock_wait_) : nullptr;
    try {
      if (writes) refuse_foreign();
      Database database = Database::open(path_, writes ? Database::Mode::write : Database::Mode::read);
      if (writes) {
        ::chmod(path_.c_str(), 0600);
        sync_folder_of(path_);
      }
      if (!is_store_file(database)) throw_foreign();
      return std::make_unique<SqliteConnection>(std::move(database), std::move(lock), checkpoint_pages_);
    } catch (const SqliteError& error) {
      if (error.code == SQLITE_NOTADB) throw_foreign();
      throw InputError("store_unreachable", path_, error.what());
    } catch (const std::system_error& error) {
      throw InputError("store_unreachable", path_, error.what());
    } catch (const StoreError& error) {
      if (error.kind == StoreErrorKind::busy) throw;
      throw InputError("store_unreachable", path_, error.what());
    }
  }

 private:
  [[noreturn]] void throw_foreign() const {
    throw InputError("store_foreign", path_, "this is a file of something else, no store of Catchment");
  }

  // Before anything is written to it, the journal mode among it.
  void refuse_foreign() const {
    std::error_code ignored;
    if (!fs::exists(path_, ignored) || fs::file_size(path_, ignored) == 0) return;
    try {
      Database database = Database::open(path_, Database::Mode::read);
      sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
      if (!is_store_file(database)) throw_foreign();
    } catch (const std::system_error&) {
      // A process that died while it made the store left a journal, which only a writer can roll back: it looks again.
    }
  }

  std::string path_;
  std::chrono::milliseconds lock_wait_;
  int checkpoint_pages_;
};

}  // namespace

std::unique_ptr<Backend> sqlite_backend(const std::string& path, const StoreOptions& options) {
  return std::make_unique<SqliteBackend>(path, options);
}

}  // namespace catchment::store
