#include "server/store/backup.hpp"
#include "server/store/schema.hpp"
#include "server/store/table_rows.hpp"

namespace catchment::store {
namespace {

constexpr int kRowsAtOnce = 1000;

std::string names_of(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + quoted_name(name);
  return list;
}

std::vector<std::size_t> places_of_key(const Table& table) {
  std::vector<std::size_t> places;
  for (const std::string& name : table.key) {
    std::size_t place = 0;
    while (table.columns[place] != name) ++place;
    places.push_back(place);
  }
  return places;
}

}  // namespace

std::string quoted_name(const std::string& name) { return '"' + name + '"'; }

std::string column_list(const Table& table) { return names_of(table.columns); }

void each_row(Session& session, const Table& table, const std::function<void(const Row&)>& take) {
  if (table.key.empty()) throw StoreError(StoreErrorKind::statement, table.name + " has no primary key");
  const std::vector<std::size_t> places = places_of_key(table);
  const std::string select = "SELECT " + column_list(table) + " FROM " + quoted_name(table.name);
  const std::string keys = names_of(table.key);
  std::string after;
  for (std::size_t i = 0; i < places.size(); ++i) after += (i == 0 ? "$" : ", $") + std::to_string(i + 1);
  const std::string order = " ORDER BY " + keys + " LIMIT " + std::to_string(kRowsAtOnce);
  std::string sql = select + order;
  std::vector<Value> last;
  for (;;) {
    const Rows rows = session.run(sql, last);
    for (const Row& row : rows) take(row);
    if (rows.size() < kRowsAtOnce) return;
    last.clear();
    for (const std::size_t place : places) last.push_back(rows.back()[place]);
    sql = select + " WHERE (" + keys + ") > (" + after + ")" + order;
  }
}

StoreCheck check_store(const Store& store) {
  return store.read([](Session& session) {
    StoreCheck check;
    Connection& connection = SessionAccess::connection(session);
    check.faults = connection.find_faults();
    // A damaged file can end any of what follows.
    if (!check.faults.empty()) return check;
    for (const Table& table : connection.tables()) {
      ++check.tables;
      each_row(session, table, [&](const Row&) { ++check.rows; });
    }
    check.journal = journal_head(session);
    if (const auto fault = check_journal(session)) {
      check.faults.push_back("journal entry " + std::to_string(fault->number) + ": " + fault->what);
    }
    return check;
  });
}

}  // namespace catchment::store
