// One connection to a back end: what the two have in common, and the only place where they may differ. Inside the store
// only. For one thread at a time. Everything throws StoreError; after `lost` a connection is of no use any more.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/migration.hpp"
#include "server/store/store.hpp"

namespace catchment::store {

enum class Access { read, write };

struct Table {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::string> key;  // columns of its primary key, in order
};

class Connection {
 public:
  Connection() = default;
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  virtual Dialect dialect() const = 0;

  // Texts among the values are UTF-8 without NUL.
  virtual Rows run(std::string_view sql, const std::vector<Value>& values) = 0;
  // The same statement for each row of values, none of which gives rows.
  virtual void run_each(std::string_view sql, const std::vector<Row>& rows) = 0;
  // A statement of a migration.
  virtual void execute(const std::string& sql) = 0;

  virtual void begin(Access access) = 0;
  virtual void commit() = 0;  // durable when it returns
  virtual void roll_back() noexcept = 0;
  virtual void set_savepoint() = 0;  // they nest
  virtual void release_savepoint() = 0;
  virtual void roll_back_to_savepoint() = 0;  // and releases it

  // Between transactions: false if the other end is known to have gone. Asks nobody.
  virtual bool stands() = 0;

  // House-keeping between transactions: SQLite's checkpoint.
  virtual void tidy() = 0;

  // Of the store, in the order they were made.
  virtual std::vector<Table> tables() = 0;
  // Within the first transaction of a new store.
  virtual void mark_new() = 0;
  // What the back end finds wrong with its own structure.
  virtual std::vector<std::string> find_faults() = 0;
};

// Where a store lies.
class Backend {
 public:
  Backend() = default;
  virtual ~Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  // A writer holds the store's lock as long as it lives.
  virtual std::unique_ptr<Connection> connect(Access access) = 0;
};

// Throws InputError as Store::open.
std::unique_ptr<Backend> find_backend(const std::string& url, const StoreOptions& options);
std::unique_ptr<Backend> sqlite_backend(const std::string& path, const StoreOptions& options);
std::unique_ptr<Backend> postgres_backend(const std::string& url, std::chrono::milliseconds lock_wait);

struct SessionAccess {
  static Connection& connection(Session& session) { return session.connection_; }
  static const std::optional<StoreError>& doom(const Session& session) { return session.doom_; }
  static Session on(Connection& connection) { return Session(connection); }
};

}  // namespace catchment::store
