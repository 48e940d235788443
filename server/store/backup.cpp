#include "server/store/backup.hpp"

#include <algorithm>

#include "geo/input_error.hpp"
#include "server/store/backup_blocks.hpp"
#include "server/store/schema.hpp"
#include "server/store/table_rows.hpp"

namespace catchment::store {
namespace {

constexpr std::int64_t kMaxNames = 10'000;
constexpr std::size_t kInsertRows = 1000;
constexpr const char* kJournalTable = "journal";

// After the schema's steps: for each table 'T' and its columns, 'R' and its values for each row; then 'E' and the sums.
class BackupReader {
 public:
  explicit BackupReader(const std::filesystem::path& file) : blocks_(file), where_(file.string()) {}

  std::vector<AppliedMigration> take_steps() {
    std::vector<AppliedMigration> steps;
    for (std::int64_t left = blocks_.take_count(kMaxNames); left > 0; --left) {
      AppliedMigration step;
      step.version = static_cast<int>(blocks_.take_count(1'000'000));
      step.name = blocks_.take_text();
      step.sha256 = blocks_.take_text();
      steps.push_back(std::move(step));
    }
    summary_.version = steps.empty() ? 0 : steps.back().version;
    return steps;
  }

  // Calls on_table, then on_row for each of its rows; checks sums and the journal.
  template <class OnTable, class OnRow>
  BackupSummary take_tables(OnTable&& on_table, OnRow&& on_row) {
    Table table;
    for (char tag = blocks_.take_byte(); tag != 'E'; tag = blocks_.take_byte()) {
      if (tag == 'T') {
        table = take_table();
        ++summary_.tables;
        on_table(table);
      } else if (tag == 'R' && !table.columns.empty()) {
        Row row;
        for (std::size_t i = 0; i < table.columns.size(); ++i) row.push_back(blocks_.take_value());
        ++summary_.rows;
        if (table.name == kJournalTable) check_entry(table, row);
        on_row(std::move(row));
      } else {
        blocks_.refuse("neither a table nor a row");
      }
    }
    take_sums();
    return summary_;
  }

 private:
  Table take_table() {
    Table table{.name = blocks_.take_text(), .columns = {}, .key = {}};
    for (std::int64_t left = blocks_.take_count(kMaxNames); left > 0; --left) {
      table.columns.push_back(blocks_.take_text());
    }
    return table;
  }

  void check_entry(const Table& table, const Row& row) {
    const auto field = [&](std::string_view name) -> const Value& {
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (table.columns[i] == name) return row[i];
      }
      throw InputError("backup_damaged", where_, "the journal has no column " + std::string(name));
    };
    JournalRow entry{field("number").integer(),
                     {field("at").time(), field("actor").text(), field("kind").text(), field("subject").text(),
                      field("body").text()},
                     {}};
    const Bytes& hash = field("hash").bytes();
    if (hash.size() == entry.hash.size()) std::copy(hash.begin(), hash.end(), entry.hash.begin());
    if (const auto fault = journal_.take(entry)) {
      throw InputError("backup_damaged", where_ + ":journal entry " + std::to_string(fault->number), fault->what);
    }
  }

  void take_sums() {
    const bool same = blocks_.take_integer() == summary_.tables && blocks_.take_integer() == summary_.rows &&
                      blocks_.take_integer() == journal_.head().size &&
                      blocks_.take_text() == engine::admission::to_hex(journal_.head().hash);
    if (!same) throw InputError("backup_incomplete", where_, "tables, rows or journal are not those it was made of");
    summary_.journal = journal_.head();
    summary_.digest = engine::admission::to_hex(blocks_.take_end());
  }

  BlockReader blocks_;
  std::string where_;
  JournalChecker journal_;
  BackupSummary summary_;
};

void refuse_other_steps(const std::vector<AppliedMigration>& steps, std::span<const Migration> known) {
  try {
    refuse_other_schema(steps, known);
  } catch (const InputError& error) {
    throw InputError("backup_newer", "backup", error.what());
  }
}

void put_table(BlockWriter& blocks, const Table& table) {
  blocks.put_byte('T');
  blocks.put_text(table.name);
  blocks.put_integer(static_cast<std::int64_t>(table.columns.size()));
  for (const std::string& column : table.columns) blocks.put_text(column);
}

BackupSummary put_all(Session& session, BlockWriter& blocks) {
  BackupSummary summary;
  Connection& connection = SessionAccess::connection(session);
  const std::vector<AppliedMigration> steps = applied_migrations(connection);
  blocks.put_integer(static_cast<std::int64_t>(steps.size()));
  for (const AppliedMigration& step : steps) {
    blocks.put_integer(step.version);
    blocks.put_text(step.name);
    blocks.put_text(step.sha256);
    summary.version = step.version;
  }
  for (const Table& table : connection.tables()) {
    ++summary.tables;
    put_table(blocks, table);
    each_row(session, table, [&](const Row& row) {
      ++summary.rows;
      blocks.put_byte('R');
      for (const Value& value : row) blocks.put_value(value);
    });
  }
  summary.journal = journal_head(session);
  blocks.put_byte('E');
  for (const std::int64_t sum : {summary.tables, summary.rows, summary.journal.size}) blocks.put_integer(sum);
  blocks.put_text(engine::admission::to_hex(summary.journal.hash));
  return summary;
}

// Rows of one table after the other into a store that was just made.
class BackupLoader {
 public:
  explicit BackupLoader(Connection& connection) : connection_(connection), tables_(connection.tables()) {}

  void on_table(const Table& table) {
    flush();
    const auto same = [&](const Table& made) {
      return made.name == table.name && column_list(made) == column_list(table);
    };
    if (std::none_of(tables_.begin(), tables_.end(), same)) {
      throw InputError("backup_foreign", table.name, "the schema this backup names has no such table");
    }
    sql_ = "INSERT INTO " + quoted_name(table.name) + " (" + column_list(table) + ") VALUES (";
    for (std::size_t i = 1; i <= table.columns.size(); ++i) sql_ += (i == 1 ? "$" : ", $") + std::to_string(i);
    sql_ += ')';
  }

  void on_row(Row row) {
    rows_.push_back(std::move(row));
    if (rows_.size() >= kInsertRows) flush();
  }

  void flush() {
    if (!rows_.empty()) connection_.run_each(sql_, rows_);
    rows_.clear();
  }

 private:
  Connection& connection_;
  std::vector<Table> tables_;
  std::string sql_;
  std::vector<Row> rows_;
};

void load_backup(const std::filesystem::path& file, Connection& connection, std::span<const Migration> known) {
  if (!is_new_store(connection)) {
    throw InputError("restore_target", "store",
                     "there is a store already; restore into a new file or an empty database");
  }
  connection.begin(Access::write);
  try {
    BackupReader reader(file);
    make_tables(connection, known.first(reader.take_steps().size()));
    BackupLoader loader(connection);
    reader.take_tables([&](const Table& table) { loader.on_table(table); },
                       [&](Row row) { loader.on_row(std::move(row)); });
    loader.flush();
    connection.commit();
  } catch (...) {
    connection.roll_back();
    throw;
  }
}

BackupSummary check_against(const std::filesystem::path& file, std::span<const Migration> known) {
  BackupReader reader(file);
  refuse_other_steps(reader.take_steps(), known);
  return reader.take_tables([](const Table&) {}, [](const Row&) {});
}

}  // namespace

BackupSummary write_backup(const Store& store, const std::filesystem::path& file) {
  BlockWriter blocks(file);
  BackupSummary summary = store.read([&](Session& session) { return put_all(session, blocks); });
  summary.digest = engine::admission::to_hex(blocks.finish());
  return summary;
}

BackupSummary check_backup(const std::filesystem::path& file) { return check_against(file, all_migrations()); }

BackupSummary restore_backup(const std::filesystem::path& file, const std::string& url, StoreOptions options) {
  // All of it is read before anything is made.
  const BackupSummary summary = check_against(file, options.migrations);
  try {
    const std::unique_ptr<Backend> backend = find_backend(url, options);
    const std::unique_ptr<Connection> connection = backend->connect(Access::write);
    load_backup(file, *connection, options.migrations);
  } catch (const StoreError& error) {
    if (error.kind == StoreErrorKind::busy) throw;
    throw InputError("restore_failed", "store", error.what());
  }
  Store::open(url, std::move(options));
  return summary;
}

}  // namespace catchment::store
