#include "datasets/importer/stage.hpp"

#include "datasets/gpkg_file.hpp"

namespace catchment::datasets {
namespace {

std::string joined(const std::vector<std::string>& parts, const char* separator = ", ") {
  std::string text;
  for (const std::string& part : parts) text.append(text.empty() ? "" : separator).append(part);
  return text;
}

std::string sql_text(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out.append("'");
}

std::vector<std::string> prefixed(const std::string& alias, const std::vector<std::string>& columns) {
  std::vector<std::string> out;
  for (const std::string& column : columns) out.push_back(alias + "." + column);
  return out;
}

void bind(Statement& statement, int index, const Cell& cell) {
  if (std::holds_alternative<std::monostate>(cell)) return statement.bind_null(index);
  std::visit(
      [&](const auto& value) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) statement.bind(index, value);
      },
      cell);
}

}  // namespace

Stage::Stage(Database& database, const Table& table, const std::string& source, bool direct)
    : database_(database), table_(table), source_(source), direct_(direct) {
  if (table.shape != Shape::none) columns_.emplace_back("geom");
  for (const Column& column : table.columns) columns_.emplace_back(column.name);
  create();
}

void Stage::create() {
  const std::string name(table_.name);
  std::vector<std::string> marks(columns_.size(), "?");
  std::string sql = "INSERT INTO ";
  if (direct_) {
    stage_ = name;
    database_.execute("DROP INDEX IF EXISTS " + name + "_key");
    sql.append(stage_)
        .append(" (fid, source, ")
        .append(joined(columns_))
        .append(") VALUES (?, ")
        .append(sql_text(source_));
  } else {
    stage_ = "temp.stage_" + name;
    database_.execute("CREATE TEMP TABLE stage_" + name +
                      " (seq INTEGER PRIMARY KEY, row INTEGER, fid INTEGER, target INTEGER, " + joined(columns_) + ")");
    sql.append(stage_).append(" (row, fid, target, ").append(joined(columns_)).append(") VALUES (?, ?, ?");
  }
  sql.append(", ").append(joined(marks)).append(")");
  insert_ = std::make_unique<Statement>(database_.prepare(sql));
}

void Stage::add(const Origin& origin, std::span<const std::byte> geometry, std::span<const Cell> cells) {
  int index = 0;
  insert_->bind(index++, origin.row);
  if (!direct_) {
    insert_->bind(index++, origin.fid);
    insert_->bind(index++, static_cast<std::int64_t>(origin.target));
  }
  if (table_.shape != Shape::none) {
    if (geometry.empty()) {
      insert_->bind_null(index++);
    } else {
      insert_->bind(index++, geometry);
    }
  }
  for (const Cell& cell : cells) bind(*insert_, index++, cell);
  insert_->run();
}

std::int64_t Stage::scalar(const std::string& sql) {
  auto statement = database_.prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::string Stage::key_equals(const char* a, const char* b) const {
  std::vector<std::string> terms;
  for (const std::string_view key : table_.key) {
    const std::string column(key);
    terms.push_back(a + ("." + column) + " = " + b + "." + column);
  }
  return joined(terms, " AND ");
}

std::string Stage::key_text(const char* alias) const {
  std::vector<std::string> terms;
  for (const std::string_view key : table_.key) terms.push_back(alias + ("." + std::string(key)));
  return joined(terms, " || '/' || ");
}

void Stage::refuse_rows(const std::string& select, const char* code, const std::string& reason, const Refuse& refuse) {
  std::vector<std::int64_t> numbers;
  {
    auto statement = database_.prepare(select);
    while (statement.step()) {
      numbers.push_back(statement.integer(0));
      std::string text = reason;
      text.append(statement.text(4));
      refuse({statement.integer(1), statement.integer(2), static_cast<std::size_t>(statement.integer(3))}, code, text);
    }
  }
  auto remove = database_.prepare("DELETE FROM " + stage_ + (direct_ ? " WHERE fid = ?" : " WHERE seq = ?"));
  for (const std::int64_t number : numbers) {
    remove.bind(0, number);
    remove.run();
  }
}

// The index is several times faster built in one go than row by row; only if it cannot be are the repeats looked for.
void Stage::drop_direct_duplicates(const Refuse& refuse) {
  const std::string sql = key_index_sql(table_.name);
  try {
    database_.execute(sql);
  } catch (const SqliteError& error) {
    if (!error.is_constraint()) throw;
    const std::vector<std::string> keys(table_.key.begin(), table_.key.end());
    refuse_rows(
        "SELECT fid, fid, fid, 0, first FROM (SELECT fid, min(fid) OVER w AS first, row_number() OVER w AS n FROM " +
            stage_ + " WINDOW w AS (PARTITION BY " + joined(keys) + " ORDER BY fid)) WHERE n > 1 ORDER BY fid",
        "duplicate_id", "has the id of row ", refuse);
    database_.execute(sql);
  }
}

void Stage::drop_conflicts(const Refuse& refuse) {
  if (direct_) return drop_direct_duplicates(refuse);
  const std::string name(table_.name);
  std::string unique = key_index_sql(table_.name);
  unique.replace(0, std::string("CREATE UNIQUE INDEX").size(), "CREATE UNIQUE INDEX IF NOT EXISTS");
  database_.execute(unique);  // a new package builds the one of addresses last
  const std::string keys = joined(std::vector<std::string>(table_.key.begin(), table_.key.end()));
  const std::string stage_key = "CREATE UNIQUE INDEX temp.stage_" + name + "_key ON stage_" + name + " (" + keys + ")";
  try {
    database_.execute(stage_key);
  } catch (const SqliteError& error) {
    if (!error.is_constraint()) throw;
    refuse_rows(
        "SELECT seq, row, fid, target, first FROM (SELECT seq, row, fid, target, min(row) OVER w AS first, "
        "row_number() OVER w AS n FROM " +
            stage_ + " WINDOW w AS (PARTITION BY " + keys + " ORDER BY seq)) WHERE n > 1 ORDER BY seq",
        "duplicate_id", "has the id of row ", refuse);
    database_.execute(stage_key);
  }
  if (scalar("SELECT EXISTS (SELECT 1 FROM main." + name + " WHERE source <> " + sql_text(source_) + ")") == 0) return;
  refuse_rows("SELECT s.seq, s.row, s.fid, s.target, t.source FROM " + stage_ + " s JOIN main." + name + " t ON " +
                  key_equals("s", "t") + " WHERE t.source <> " + sql_text(source_) + " ORDER BY s.seq",
              "id_of_other_source", "the id is already there from source ", refuse);
}

void Stage::drop_unknown(const Column& column, const Select& select, const Refuse& refuse) {
  if (column.refers.empty()) return;
  const std::string value = "s." + std::string(column.name);
  std::string where = " s WHERE " + value + " <> ''";
  for (std::size_t at = 0; at < column.refers.size();) {
    const std::size_t dot = column.refers.find('.', at);
    const std::size_t space = std::min(column.refers.find(' ', dot), column.refers.size());
    where.append(" AND ").append(value).append(" NOT IN (");
    where.append(
        select(std::string(column.refers.substr(at, dot - at)), column.refers.substr(dot + 1, space - dot - 1)));
    where.append(")");
    at = space + 1;
  }
  const std::string reason = "no " + std::string(column.refers.substr(0, column.refers.find('.'))) + " has the id ";
  refuse_rows("SELECT s.seq, s.row, s.fid, s.target, " + value + " FROM " + stage_ + where + " ORDER BY s.seq",
              "reference_unknown", reason, refuse);
}

std::string select_all(const std::string& table, std::string_view column) {
  return "SELECT " + std::string(column) + " FROM main." + table;
}

std::string Stage::select_of(std::string_view column) const {
  if (direct_) return "SELECT " + std::string(column) + " FROM " + stage_;
  return "SELECT " + std::string(column) + " FROM " + stage_ + " UNION ALL " +
         select_all(std::string(table_.name), column) + " WHERE source <> " + sql_text(source_);
}

void Stage::drop(const Origin& origin) {
  if (direct_) return;
  auto remove = database_.prepare("DELETE FROM " + stage_ + " WHERE row = ? AND target = ?");
  remove.bind(0, origin.row);
  remove.bind(1, static_cast<std::int64_t>(origin.target));
  remove.run();
}

std::int64_t Stage::count() { return scalar("SELECT count(*) FROM " + stage_); }

std::vector<std::string> Stage::ids(const std::string& from_where, std::size_t limit) {
  std::vector<std::string> found;
  auto statement = database_.prepare("SELECT " + from_where + " ORDER BY 1 LIMIT " + std::to_string(limit));
  while (statement.step()) found.emplace_back(statement.text(0));
  return found;
}

void Stage::apply(TableReport& report, std::size_t id_limit) {
  if (direct_) {
    report.added = count();
    report.added_ids = ids(key_text("t") + " FROM main." + std::string(table_.name) + " t", id_limit);
    return;
  }
  const std::string name = "main." + std::string(table_.name);
  const std::string mine = "t.source = " + sql_text(source_);
  const std::string same_key = key_equals("s", "t");
  std::vector<std::string> differences;
  for (const std::string& column : columns_) differences.push_back("s." + column + " IS NOT t." + column);
  const std::string differs = "(" + joined(differences, " OR ") + ")";
  const std::string both = " FROM " + stage_ + " s JOIN " + name + " t ON " + same_key;

  // One pass tells all counts; what they show to be empty is not looked for.
  std::int64_t kept = 0;
  {
    auto compare = database_.prepare("SELECT count(*), coalesce(sum(" + differs + "), 0)" + both);
    compare.step();
    kept = compare.integer(0);
    report.changed = compare.integer(1);
  }
  report.unchanged = kept - report.changed;
  report.removed = scalar("SELECT count(*) FROM " + name + " t WHERE " + mine) - kept;
  report.added = count() - kept;
  if (report.removed != 0) remove(name, mine, same_key, report, id_limit);
  if (report.changed != 0) {
    std::vector<std::string> updates;
    for (const std::string& column : columns_) updates.push_back(column + " = s." + column);
    report.changed_ids = ids(key_text("t") + both + " WHERE " + differs, id_limit);
    database_.execute("UPDATE " + name + " AS t SET " + joined(updates) + " FROM " + stage_ + " s WHERE " + same_key +
                      " AND " + differs);
  }
  if (report.added != 0) {
    const std::string fresh =
        " FROM " + stage_ + " s WHERE NOT EXISTS (SELECT 1 FROM " + name + " t WHERE " + same_key + ")";
    report.added_ids = ids(key_text("s") + fresh, id_limit);
    database_.execute("INSERT INTO " + name + " (" + joined(columns_) + ", source) SELECT " +
                      joined(prefixed("s", columns_)) + ", " + sql_text(source_) + fresh + " ORDER BY s.seq");
  }
  insert_.reset();
  database_.execute("DROP TABLE " + stage_);
}

void Stage::remove(const std::string& name, const std::string& mine, const std::string& same_key, TableReport& report,
                   std::size_t id_limit) {
  const std::string gone =
      " FROM " + name + " t WHERE " + mine + " AND NOT EXISTS (SELECT 1 FROM " + stage_ + " s WHERE " + same_key + ")";
  report.removed_ids = ids(key_text("t") + gone, id_limit);
  database_.execute("DELETE FROM " + name + " WHERE fid IN (SELECT t.fid" + gone + ")");
}

}  // namespace catchment::datasets
