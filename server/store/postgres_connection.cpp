// PostgreSQL by libpq in pipeline mode: BEGIN, savepoints and their release travel with the next statement, so that a
// command costs as many round trips as it has statements. Values and results are binary.
#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <cstring>
#include <map>
#include <thread>

#include "geo/input_error.hpp"
#include "server/store/connection.hpp"
#include "server/store/postgres_value.hpp"
#include "server/store/sql_text.hpp"

namespace catchment::store {
namespace {

// "CATCHMNT": the advisory lock of the one that writes to a database.
constexpr std::int64_t kWriterLock = 0x434154'43484D4E54;
constexpr std::size_t kEachBatch = 200;

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, FreeResult>;

struct FinishConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};

StoreErrorKind kind_of_state(std::string_view state) {
  if (state == "23505") return StoreErrorKind::unique;
  if (state == "23503") return StoreErrorKind::foreign_key;
  if (state == "23502" || state == "23514" || state == "42804") return StoreErrorKind::check;
  if (state == "08P01") return StoreErrorKind::statement;  // of the protocol, not of the line
  if (state == "25006") return StoreErrorKind::read_only;
  if (state.starts_with("40") || state == "55P03") return StoreErrorKind::busy;
  for (const char* fault : {"08", "53", "57", "58", "F0", "XX"}) {
    if (state.starts_with(fault)) return StoreErrorKind::lost;
  }
  return state.empty() ? StoreErrorKind::lost : StoreErrorKind::statement;
}

std::string field_of(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? "" : text;
}

// Only a message about the SQL itself is passed on: others may quote values.
StoreError error_of(const PGresult* result) {
  const std::string state = field_of(result, PG_DIAG_SQLSTATE);
  std::string message = "PostgreSQL " + (state.empty() ? "went away" : state);
  for (const int code : {PG_DIAG_TABLE_NAME, PG_DIAG_COLUMN_NAME, PG_DIAG_CONSTRAINT_NAME}) {
    if (const std::string name = field_of(result, code); !name.empty()) message += " " + name;
  }
  if (state.starts_with("42")) message += ": " + field_of(result, PG_DIAG_MESSAGE_PRIMARY);
  return {kind_of_state(state), message};
}

class PostgresConnection : public Connection {
 public:
  using Handle = std::unique_ptr<PGconn, FinishConnection>;
  explicit PostgresConnection(Handle handle) : handle_(std::move(handle)) {
    PQsetNoticeProcessor(
        handle_.get(), [](void*, const char*) {}, nullptr);
    if (PQenterPipelineMode(handle_.get()) != 1) throw_lost();
  }

  Dialect dialect() const override { return Dialect::postgres; }

  Rows run(std::string_view sql, const std::vector<Value>& values) override {
    const PostgresValues encoded(values);
    const Statement statement = statement_of(sql, encoded);
    const std::size_t before = send_pending();
    send(statement, encoded);
    return finish(before);
  }

  void run_each(std::string_view sql, const std::vector<Row>& rows) override {
    // Answers are small; a batch of them fits the sockets' buffers, so that neither side waits for the other.
    for (std::size_t first = 0; first < rows.size(); first += kEachBatch) {
      const std::size_t before = send_pending();
      const std::size_t last = std::min(rows.size(), first + kEachBatch);
      for (std::size_t i = first; i < last; ++i) {
        const PostgresValues encoded(rows[i]);
        send(statement_of(sql, encoded), encoded);
      }
      finish(before);
    }
  }

  void execute(const std::string& sql) override {
    const std::size_t before = send_pending();
    send_text(sql);
    finish(before);
  }

  void begin(Access access) override {
    pending_ = {access == Access::write ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                                        : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
    open_ = true;
  }

  void commit() override {
    const std::size_t before = send_pending();
    send_text("COMMIT");
    finish(before);
    open_ = false;
    // The COMMIT of a transaction that cannot be committed succeeds, and says so only here.
    if (last_tag_ != "COMMIT") throw StoreError(StoreErrorKind::lost, "PostgreSQL rolled back in place of COMMIT");
  }

  void roll_back() noexcept override {
    pending_.clear();
    if (!open_) return;
    open_ = false;
    try {
      send_text("ROLLBACK");
      finish(0);
    } catch (const std::exception&) {  // the server does it when the connection ends
    }
  }

  void set_savepoint() override { pending_.emplace_back("SAVEPOINT s"); }
  void release_savepoint() override {
    if (!forget_savepoint()) pending_.emplace_back("RELEASE SAVEPOINT s");
  }
  void roll_back_to_savepoint() override {
    if (forget_savepoint()) return;
    pending_.emplace_back("ROLLBACK TO SAVEPOINT s");
    pending_.emplace_back("RELEASE SAVEPOINT s");
  }

  // A server that goes says so, or closes; it says nothing else to who has asked nothing, but now and then a notice.
  bool stands() override {
    pollfd end{.fd = PQsocket(handle_.get()), .events = POLLIN, .revents = 0};
    return PQstatus(handle_.get()) == CONNECTION_OK && ::poll(&end, 1, 0) == 0;
  }

  void tidy() override {}
  void mark_new() override {}
  std::vector<std::string> find_faults() override { return {}; }

  std::vector<Table> tables() override {
    std::vector<Table> tables;
    for (const Row& row : run("SELECT c.oid::bigint, c.relname::text FROM pg_class c WHERE c.relkind IN ('r', 'p') "
                              "AND c.relnamespace = current_schema()::regnamespace AND NOT EXISTS (SELECT 1 FROM "
                              "pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY c.oid",
                              {})) {
      tables.push_back(table_of(row[0].integer(), row[1].text()));
    }
    return tables;
  }

 private:
  [[noreturn]] void throw_lost() const { throw StoreError(StoreErrorKind::lost, "PostgreSQL: the connection is lost"); }

  // A savepoint that was never sent need not be undone.
  bool forget_savepoint() {
    if (pending_.empty() || pending_.back() != "SAVEPOINT s") return false;
    pending_.pop_back();
    return true;
  }

  void send_text(const std::string& sql) {
    if (PQsendQueryParams(handle_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1) != 1) throw_lost();
    ++expected_;
  }

  // How many results come before that of what is sent next.
  std::size_t send_pending() {
    expected_ = 0;
    for (const std::string& sql : pending_) send_text(sql);
    pending_.clear();
    return expected_;
  }

  // Prepared once for each text and the types of its values. Refused before anything is sent.
  struct Statement {
    std::string key;
    std::string sql;  // empty: prepared already
    std::string name;
  };
  Statement statement_of(std::string_view sql, const PostgresValues& values) {
    std::string key = values.signature();
    key += sql;
    const auto found = prepared_.find(key);
    if (found != prepared_.end()) return {std::move(key), "", found->second};
    const int wanted = highest_placeholder(sql);
    if (wanted != values.count()) {
      throw StoreError(StoreErrorKind::statement,
                       std::to_string(values.count()) + " values for " + std::to_string(wanted) + " placeholders");
    }
    return {std::move(key), std::string(sql), "s" + std::to_string(names_++)};
  }

  void send(const Statement& statement, const PostgresValues& values) {
    const char* name = statement.name.c_str();
    if (!statement.sql.empty()) {
      if (PQsendPrepare(handle_.get(), name, statement.sql.c_str(), values.count(), values.types()) != 1) throw_lost();
      unproven_[expected_++] = statement.key;
      prepared_.emplace(statement.key, statement.name);
    }
    if (PQsendQueryPrepared(handle_.get(), name, values.count(), values.data(), values.lengths(), values.formats(),
                            1) != 1) {
      throw_lost();
    }
    ++expected_;
  }

  // Sends the batch off and reads its results; the rows are those of the last.
  Rows finish(std::size_t controls) {
    if (PQpipelineSync(handle_.get()) != 1) throw_lost();
    std::optional<StoreError> error;
    Rows rows;
    for (std::size_t i = 0; i < expected_; ++i) {
      const PgResult result(PQgetResult(handle_.get()));
      if (result == nullptr) throw_lost();
      const ExecStatusType status = PQresultStatus(result.get());
      if (status == PGRES_FATAL_ERROR && !error) {
        error = error_of(result.get());
        // A savepoint or BEGIN that fails: nothing is known of the transaction any more.
        if (i < controls) error->kind = StoreErrorKind::lost;
      }
      if (!error) unproven_.erase(i);
      if (!error && i + 1 == expected_) rows = take_rows(result.get(), error);
      if (const PgResult end(PQgetResult(handle_.get())); end != nullptr) throw_lost();
    }
    const PgResult sync(PQgetResult(handle_.get()));
    if (sync == nullptr || PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC) throw_lost();
    for (const auto& [place, key] : unproven_) prepared_.erase(key);
    unproven_.clear();
    if (error) throw StoreError(*error);
    return rows;
  }

  Rows take_rows(const PGresult* result, std::optional<StoreError>& error) {
    last_tag_ = PQcmdStatus(const_cast<PGresult*>(result));
    try {
      return rows_of(result);
    } catch (const StoreError& wrong) {
      error = wrong;
      return {};
    }
  }

  Table table_of(std::int64_t oid, const std::string& name) {
    Table table{.name = name, .columns = {}, .key = {}};
    for (const Row& row : run("SELECT attname::text FROM pg_attribute WHERE attrelid = $1::bigint::oid "
                              "AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                              {oid})) {
      table.columns.push_back(row[0].text());
    }
    for (const Row& row :
         run("SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND "
             "a.attnum = ANY (i.indkey) WHERE i.indrelid = $1::bigint::oid AND i.indisprimary ORDER BY "
             "array_position(i.indkey::int2[], a.attnum)",
             {oid})) {
      table.key.push_back(row[0].text());
    }
    return table;
  }

  Handle handle_;
  std::vector<std::string> pending_;  // control statements not sent yet
  std::size_t expected_ = 0;          // results of the batch under way
  std::string last_tag_;
  bool open_ = false;
  std::map<std::string, std::string, std::less<>> prepared_;  // signature and text, to name
  std::map<std::size_t, std::string> unproven_;               // sent in the batch under way, by place of its result
  int names_ = 0;
};

class PostgresBackend : public Backend {
 public:
  PostgresBackend(std::string url, std::chrono::milliseconds lock_wait) : url_(std::move(url)), lock_wait_(lock_wait) {}

  std::unique_ptr<Connection> connect(Access access) override {
    PostgresConnection::Handle handle(connect_to(url_));
    if (PQstatus(handle.get()) != CONNECTION_OK) {
      throw InputError("store_unreachable", "postgresql", PQerrorMessage(handle.get()));
    }
    PQsetClientEncoding(handle.get(), "UTF8");
    auto connection = std::make_unique<PostgresConnection>(std::move(handle));
    refuse_unsafe(*connection);
    // Whatever the database's defaults are: durable at COMMIT, and no one is cut off half-way.
    connection->execute("SET statement_timeout = 0");
    connection->execute("SET idle_in_transaction_session_timeout = 0");
    if (access == Access::write) take_lock(*connection);
    return connection;
  }

 private:
  // A machine that is gone says nothing: unless the URL says otherwise, it is taken for lost within seconds, not within
  // the quarter of an hour that the system waits.
  static PGconn* connect_to(const std::string& url) {
    constexpr std::array kNames{"connect_timeout", "tcp_user_timeout",    "keepalives_idle",
                                "keepalives_count", "keepalives_interval", "dbname", static_cast<const char*>(nullptr)};
    const std::array values{"5", "10000", "5", "3", "2", url.c_str(), static_cast<const char*>(nullptr)};
    return PQconnectdbParams(kNames.data(), values.data(), 1);
  }

  static std::string setting(Connection& connection, const char* name) {
    return connection.run("SELECT current_setting($1)", {name}).one()[0].text();
  }

  static void refuse_unsafe(Connection& connection) {
    const auto refuse = [](const char* why) { throw InputError("store_unsafe", "postgresql", why); };
    if (setting(connection, "fsync") != "on") refuse("this server runs with fsync = off and may lose everything");
    if (setting(connection, "server_encoding") != "UTF8") refuse("the encoding of this database is not UTF8");
    if (setting(connection, "synchronous_commit") == "off") connection.execute("SET synchronous_commit = on");
  }

  // The server lets it go when the connection ends, which after a kill takes it a moment to notice.
  void take_lock(Connection& connection) const {
    const auto give_up = std::chrono::steady_clock::now() + lock_wait_;
    while (connection.run("SELECT pg_try_advisory_lock($1)", {kWriterLock}).one()[0].integer() == 0) {
      if (std::chrono::steady_clock::now() >= give_up) {
        throw StoreError(StoreErrorKind::busy, "another process writes to this store");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  std::string url_;
  std::chrono::milliseconds lock_wait_;
};

}  // namespace

std::unique_ptr<Backend> postgres_backend(const std::string& url, std::chrono::milliseconds lock_wait) {
  return std::make_unique<PostgresBackend>(url, lock_wait);
}

}  // namespace catchment::store
