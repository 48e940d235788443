// A published notice into a city package: read, compared with what the package has, shown; written only once someone
// has confirmed just that comparison.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "datasets/importer/notice_rows.hpp"
#include "engine/zone_text/diff.hpp"

namespace catchment::datasets {

struct NoticeRequest {
  std::filesystem::path package;
  std::filesystem::path file;
  std::string snapshot;    // with the package's names; empty: they are built
  engine::LayerKey layer;  // the rows are of
  engine::Notice notice;   // an empty id: N-<stage>-<year>; what else is empty stays as the package has it
  std::string source;      // the name the rows carry; empty: "notice:" and the notice's id
  std::string confirm;     // the digest of the changes someone has looked at
  bool yes = false;        // write whatever the changes are
  bool partial = false;    // write the rows that can be taken though others cannot; none is removed then
  std::string last_change;
  // What is being done, how much of how much; false cancels.
  std::function<bool(const std::string& what, std::size_t done, std::size_t of)> progress;
};

enum class RowChange { added, removed, changed };
std::string_view to_word(RowChange change);

struct NoticeRowChange {
  struct Field {
    std::string name;
    std::string before;
    std::string after;
  };
  RowChange change = RowChange::changed;
  std::string row_id;
  std::string school;  // its name
  std::string place;   // in the file; removed: where it was
  std::vector<Field> fields;
};

// What happens to a zone derived from the rows' words.
struct DerivedZoneChange {
  RowChange change = RowChange::changed;
  std::string zone_id;
  double area_m2 = 0;  // removed: 0
};

struct NoticeReport {
  std::string package;
  std::string file;
  std::string sha256;
  std::string encoding;
  engine::LayerKey layer;
  engine::Notice notice;  // as it will be
  std::string source;
  std::size_t rows = 0;       // taken from the file
  std::size_t unchanged = 0;  // of them
  std::size_t with_area = 0;  // whose words give an area
  std::size_t linked = 0;     // whose zone another source drew
  bool notice_changed = false;
  std::vector<NoticeRowChange> changes;                // by row id
  std::vector<engine::zone_text::ClauseDiff> clauses;  // school_id and from_school_id are row ids
  std::vector<DerivedZoneChange> zones;                // by zone id
  std::vector<NoticeFinding> findings;                 // those of reading, then by row id
  std::string digest;                                  // of all that would be written; empty: nothing would
  bool blocked = false;                                // rows were refused, and the rest was not asked for
  bool written = false;
  bool cancelled = false;

  std::size_t count(RowChange change) const;
};

// Rows of the same notice that the file lacks are removed, unless `partial`. A row takes over one that another notice
// has for the same school and campus, and says so. Where a zone of another source names the row's school, the row is
// linked to it and the two areas are compared; else the area its words give becomes a zone of this notice; rows with
// one area share a zone. The package is the old one or the new one, never a part.
// Throws InputError: notice_* (datasets/importer/notice_rows.hpp), notice_changed (`confirm` is of other changes),
// source_*, package_*, snapshot_*.
NoticeReport import_notice(const NoticeRequest& request);

std::string to_json(const NoticeReport& report);
// As a person reads it: findings and changes, the words that differ marked [-so-]{+so+}.
std::string to_text(const NoticeReport& report);

}  // namespace catchment::datasets
