// What the confined importer says of a file, taken apart again: it read what a stranger sent, so it is believed no more
// than the stranger. Whatever is not just as it should be makes all of it worthless.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::imports {

struct TableChanges {
  std::string table;
  std::int64_t read = 0, passed = 0, refused = 0;                   // rows of the file
  std::int64_t added = 0, changed = 0, removed = 0, unchanged = 0;  // rows of the package, of this source
  std::vector<std::string> added_ids, changed_ids, removed_ids;     // the first of them
};

struct ImportFinding {
  std::string layer;
  std::int64_t row = 0;  // 1: the first of its layer
  std::string table, field, code, reason;
};

struct ImportAnswer {
  std::string crs, crs_check;
  std::vector<TableChanges> tables;
  std::vector<ImportFinding> findings;  // rows refused, the first of them
  std::int64_t findings_total = 0;
};

inline constexpr int kFindingsListed = 200, kIdsListed = 100;

// Throws InputError("importer_answer") for what is no report of an importer.
ImportAnswer read_import_answer(std::string_view json);

// Why it could not be taken at all, as the importer says it: code and message, both short and plain.
struct ImportRefusal {
  std::string code, message;
};
// Throws as above.
ImportRefusal read_import_refusal(std::string_view json);

}  // namespace catchment::imports
