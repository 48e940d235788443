#include "datasets/importer/import_run.hpp"

namespace catchment::datasets {

void record_import_run(Database& database, const ImportRun& run, const TableReport& table) {
  auto insert = database.prepare(
      "INSERT INTO import_run (source, file, sha256, crs, target, rows_read, rows_refused, rows_added, rows_changed,"
      " rows_removed, rows_unchanged) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  int index = 0;
  for (const std::string* text : {&run.source, &run.file, &run.sha256, &run.crs, &table.table}) {
    insert.bind(index++, std::string_view(*text));
  }
  for (const std::int64_t count :
       {table.read, table.refused, table.added, table.changed, table.removed, table.unchanged}) {
    insert.bind(index++, count);
  }
  insert.run();
}

}  // namespace catchment::datasets
