// What an import did, row by row where it refused.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace catchment::datasets {

struct RefusedRow {
  std::string layer;
  std::int64_t row = 0;  // 1 = the first of its layer
  std::int64_t fid = 0;  // the source's own number
  std::string table;
  std::string field;  // column of the package, "geometry", or empty
  std::string code;
  std::string reason;
};

struct TableReport {
  std::string table;
  std::int64_t read = 0;    // rows of the source looked at for this table
  std::int64_t passed = 0;  // not wanted by where / skip
  std::int64_t refused = 0;
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t removed = 0;  // were there from the same source and are not in it any more
  std::int64_t unchanged = 0;
  std::vector<std::string> added_ids, changed_ids,
      removed_ids;  // up to the limit, sorted; parts of a key joined by '/'
};

struct ImportReport {
  std::string package;
  std::string file;
  std::string source;
  std::string sha256;
  std::string crs;         // as used; empty if nothing has a geometry
  std::string crs_check;   // what the anchors said, in words
  bool cancelled = false;  // nothing was written
  bool dry_run = false;
  std::vector<TableReport> tables;
  std::vector<RefusedRow> refused;  // up to the limit, in the order met
  std::int64_t refused_total = 0;
};

std::string to_json(const ImportReport& report);
std::string to_text(const ImportReport& report);  // for a terminal, several lines

}  // namespace catchment::datasets
