// The durable store of a season: SQLite in a file, or PostgreSQL 15, behind one door.
//
//   Store store = Store::open("sqlite:/var/lib/catchment/season.db");
//   const std::int64_t id = store.write([&](Session& session) {
//     session.run("insert into note (child, text) values ($1, $2) on conflict do nothing", {child, text});
//     return session.run("select count(*) from note").one()[0].integer();
//   });                                                         // durable now, also if the power fails
//   store.read([&](Session& session) { ... });
//
// One SQL text serves both: placeholders $1 to $n, ON CONFLICT, RETURNING, WITH, window functions. Text is compared by
// its bytes on both. Sums of whole numbers are whole numbers.
//
// Nothing acknowledged is ever lost: write() returns after the COMMIT that holds its changes has returned, with the
// disk synced. Commands of several callers share one COMMIT. What a crash may leave is a durable command that nobody
// was told of; idempotency.hpp makes asking again safe.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "server/store/migration.hpp"
#include "server/store/value.hpp"

namespace catchment::store {

class Connection;

// A transaction under way. Belongs to the function it is given to, and to its thread.
class Session {
 public:
  // One statement, without a semicolon. $n may be used several times; values.size() is the highest n. Statements are
  // prepared once for each text, so values are bound and never written into the text.
  // Throws StoreError. A statement that failed dooms its command: every later run() throws the same error and write()
  // throws it even if fn returned, because PostgreSQL would go no further either. Where a row may be there already, say
  // ON CONFLICT; where it must be tried, attempt().
  Rows run(std::string_view sql, const std::vector<Value>& values = {});

  // fn(*this); if it throws, its changes alone are undone, the session is as before, and the exception goes on. Nests.
  template <class F>
  auto attempt(F&& fn) {
    using Result = std::invoke_result_t<F&, Session&>;
    if constexpr (std::is_void_v<Result>) {
      run_attempt([&](Session& session) { fn(session); });
    } else {
      std::optional<Result> result;
      run_attempt([&](Session& session) { result.emplace(fn(session)); });
      return std::move(*result);
    }
  }

 private:
  friend struct SessionAccess;
  explicit Session(Connection& connection) : connection_(connection) {}
  void run_attempt(const std::function<void(Session&)>& fn);

  Connection& connection_;
  std::optional<StoreError> doom_;
};

struct StoreOptions {
  // Look only: no lock, no migration, write() throws StoreError{read_only}. For backups beside a running service.
  bool read_only = false;
  int readers = 8;          // connections of read(); one more caller waits
  int batch_commands = 64;  // at most so many commands share a COMMIT
  // How long a COMMIT waits for as many commands as the one before it had. A caller who is alone is never made to wait.
  std::chrono::microseconds batch_wait{2000};
  std::chrono::milliseconds lock_wait{5000};            // for another writer to let go, at opening
  int checkpoint_pages = 1000;                          // SQLite's log is carried into the database when it is so long
  std::function<std::chrono::local_seconds()> clock;    // stamps migrations; none: the system's, in Beijing
  std::function<void(const std::string& why)> on_lost;  // none: a line on standard error and std::abort
  std::span<const Migration> migrations = all_migrations();
};

class Store {
 public:
  // url: "sqlite:PATH" (made if it is not there) or "postgresql://..." as libpq reads it (the database must exist).
  // Takes the writer's lock, which a process holds until it ends, and brings the schema up to date.
  // Throws InputError: store_url; store_unreachable; store_foreign (a file or database of something else), store_newer
  // (of a later Catchment), store_migration_changed; store_unsafe (a PostgreSQL that does not sync). StoreError{busy}:
  // another process writes to it.
  static Store open(const std::string& url, StoreOptions options = {});
  ~Store();  // commits what was handed in before
  Store(Store&&) noexcept;
  Store& operator=(Store&&) = delete;

  // fn(session) on the caller's thread over one consistent snapshot, which has all that was acknowledged before.
  // Throws what fn throws, StoreError{lost} if the server went away (the next read() connects again).
  template <class F>
  auto read(F&& fn) const {
    using Result = std::invoke_result_t<F&, Session&>;
    if constexpr (std::is_void_v<Result>) {
      run_read([&](Session& session) { fn(session); });
    } else {
      std::optional<Result> result;
      run_read([&](Session& session) { result.emplace(fn(session)); });
      return std::move(*result);
    }
  }

  // fn(session) once, on the writer's thread, after every command handed in before: all of it or nothing, and durable
  // when this returns. If fn throws, its changes are undone and the exception is thrown here, also only after COMMIT,
  // since fn may have seen other commands' changes. From within fn: std::logic_error.
  //
  // If the disk or the server fails, nothing of the batch is acknowledged, on_lost is called and nothing is ever tried
  // again: a second fsync may lie. Should on_lost return, this and every later write() throws StoreError{lost}.
  // fn must be quick: nobody else can write meanwhile. Secrets and hashes are reckoned before.
  template <class F>
  auto write(F&& fn) {
    using Result = std::invoke_result_t<F&, Session&>;
    if constexpr (std::is_void_v<Result>) {
      run_write([&](Session& session) { fn(session); });
    } else {
      std::optional<Result> result;
      run_write([&](Session& session) { result.emplace(fn(session)); });
      return std::move(*result);
    }
  }

  // How many commands were acknowledged by how many COMMITs, since opening.
  struct Counts {
    std::int64_t commands = 0;
    std::int64_t commits = 0;
  };
  Counts counts() const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  void run_read(const std::function<void(Session&)>& fn) const;
  void run_write(const std::function<void(Session&)>& fn);

  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::store
