// From the plain rows of a notice file to its rows of schools: which row is the header, what each column holds, which
// school a row means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "datasets/importer/notice_document.hpp"
#include "datasets/importer/school_book.hpp"

namespace catchment::datasets {

// What a person should look at before confirming. An error keeps its row out.
struct NoticeFinding {
  enum class Severity { note, warning, error };

  Severity severity = Severity::warning;
  std::string code;
  std::string place;   // in the file
  std::string field;   // school, campus, zone, classes; may be empty
  std::string row_id;  // of the row, when its school is known
  std::string quote;
  std::string message;
  std::vector<std::string> candidates;
};
std::string_view to_word(NoticeFinding::Severity severity);

struct NoticeRows {
  std::vector<engine::ZoneRow> rows;    // with id, layer, school, campus, text, place, phone, remark, classes; by id
  std::vector<std::string> titles;      // texts above the headers
  std::vector<NoticeFinding> findings;  // in the order of the file
};

// A row's id is its school's, with "/" and the campus if the row names one: the same from year to year.
// Throws InputError("notice_header", file) if no sheet has a row that names both a school and a zone column (of
// plain text: if no line begins with a school), ("notice_column") if two columns would hold the same.
NoticeRows find_notice_rows(const NoticeDocument& document, const SchoolBook& book, const engine::LayerKey& layer);

}  // namespace catchment::datasets
