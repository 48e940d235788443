// Where the rows of one import wait, per table, until the whole source has been read; then they replace the rows the
// same source wrote before, and what that changed is told.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "datasets/gpkg_geometry.hpp"
#include "datasets/importer/evaluate.hpp"
#include "datasets/importer/report.hpp"
#include "datasets/package_tables.hpp"
#include "datasets/sqlite.hpp"

namespace catchment::datasets {

// Where a staged row came from.
struct Origin {
  std::int64_t row = 0;
  std::int64_t fid = 0;
  std::size_t target = 0;
};

class Stage {
 public:
  // direct: the package's table is empty, so rows go straight into it, and its key index is built at the end; for the
  // tables of millions of rows. The origin's row is then the fid, so there can be one target only.
  Stage(Database& database, const Table& table, const std::string& source, bool direct);

  bool direct() const { return direct_; }
  const Table& table() const { return table_; }
  // geometry: empty for none.
  void add(const Origin& origin, std::span<const std::byte> geometry, std::span<const Cell> cells);

  // Calls refuse(origin, code, reason) for rows whose key occurs before in this source or belongs to another source's
  // row; they are dropped.
  using Refuse = std::function<void(const Origin&, const char* code, const std::string& reason)>;
  void drop_conflicts(const Refuse& refuse);
  // Calls refuse for rows whose value of that column none of the columns it refers to has; they are dropped.
  // select(table, column) gives a SELECT of a column's values as they will be.
  using Select = std::function<std::string(const std::string& table, std::string_view column)>;
  void drop_unknown(const Column& column, const Select& select, const Refuse& refuse);
  // What select() is for this table.
  std::string select_of(std::string_view column) const;
  // Drops what one origin staged here: a zone's schools when the zone itself was refused.
  void drop(const Origin& origin);
  std::int64_t count();
  // Replaces the source's rows; fills the counts and id lists of the report.
  void apply(TableReport& report, std::size_t id_limit);

 private:
  void create();
  void remove(const std::string& name, const std::string& mine, const std::string& same_key, TableReport& report,
              std::size_t id_limit);
  void drop_direct_duplicates(const Refuse& refuse);
  void refuse_rows(const std::string& select, const char* code, const std::string& reason, const Refuse& refuse);
  std::vector<std::string> ids(const std::string& from_where, std::size_t limit);
  std::int64_t scalar(const std::string& sql);
  std::string key_equals(const char* a, const char* b) const;
  std::string key_text(const char* alias) const;

  Database& database_;
  const Table& table_;
  std::string source_;
  bool direct_;
  std::string stage_;                 // the table the rows are put into
  std::vector<std::string> columns_;  // geom first if there is one
  std::unique_ptr<Statement> insert_;
};

// The values a column has in the package.
std::string select_all(const std::string& table, std::string_view column);

}  // namespace catchment::datasets
