#include "datasets/importer/notice_rows.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "datasets/importer/notice_columns.hpp"
#include "datasets/text.hpp"
#include "geo/address/normal_text.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using Severity = NoticeFinding::Severity;

constexpr std::size_t kMaxAlikes = 200;  // unknown schools whose like ones are looked for
constexpr std::size_t kQuoteBytes = 120;

std::string shortened(std::string_view text) {
  if (text.size() <= kQuoteBytes) return std::string(text);
  std::size_t end = kQuoteBytes;
  while ((static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
  return std::string(text.substr(0, end)) + "…";
}

// One row as written, before its school is known.
struct Written {
  std::string place;
  std::string school;
  std::string school_id;
  std::string campus;
  std::string text;
  std::string classes;
  std::string phone;
  std::string remark;
  bool from_above = false;  // the school's cell was empty: merged with the one above
};

class Collector {
 public:
  Collector(const SchoolBook& book, const engine::LayerKey& layer) : book_(book), layer_(layer) {}

  void find(Severity severity, const char* code, const Written& row, const char* field, std::string_view quote,
            std::string message, std::vector<std::string> candidates = {}, std::string row_id = {}) {
    out_.findings.push_back({severity, code, row.place, field, std::move(row_id), shortened(quote), std::move(message),
                             std::move(candidates)});
  }

  void title(const std::string& text) {
    if (!text.empty()) out_.titles.push_back(text);
  }

  void take(const Written& row) {
    const auto hit = find_school(row);
    if (!hit) return;
    engine::ZoneRow zone;
    zone.layer = layer_;
    zone.school_id = hit->school->id;
    zone.campus = row.campus.empty() ? hit->campus : row.campus;
    zone.id = zone.school_id + (zone.campus.empty() ? "" : "/" + zone.campus);
    zone.text = row.text;
    zone.place = row.place;
    zone.phone = row.phone;
    zone.remark = row.remark;
    if (!check_school(row, *hit, zone.id)) return;
    if (row.from_above) {
      find(Severity::warning, "school_from_above", row, "school", hit->school->name,
           "the school's cell is empty; it is taken for merged with the one above", {}, zone.id);
    }
    if (row.text.empty()) {
      find(Severity::warning, "zone_empty", row, "zone", row.school, "the row has no zone text", {}, zone.id);
    }
    zone.classes = find_classes(row, zone.id);
    const auto [at, added] = place_of_.emplace(zone.id, row.place);
    if (!added) {
      find(Severity::error, "school_twice", row, "school", row.school,
           "the school (and campus) has a row already, at " + at->second, {}, zone.id);
      return;
    }
    out_.rows.push_back(std::move(zone));
  }

  NoticeRows finish() {
    std::ranges::sort(out_.rows, {}, &engine::ZoneRow::id);
    return std::move(out_);
  }

 private:
  std::optional<SchoolBook::Hit> find_school(const Written& row) {
    const std::string& written = row.school_id.empty() ? row.school : row.school_id;
    std::optional<SchoolBook::Hit> by_name;
    if (!row.school.empty()) by_name = book_.find(row.school);
    if (!row.school_id.empty()) {
      const engine::School* school = book_.find_id(row.school_id);
      if (school != nullptr && (!by_name || by_name->school == school)) {
        return SchoolBook::Hit{school, by_name ? by_name->campus : "", false};
      }
      if (school != nullptr) {
        find(Severity::error, "school_contradicts", row, "school", row.school,
             "the id " + row.school_id + " is " + school->name + ", the name is another school's",
             {by_name->school->name + " (" + by_name->school->id + ")"});
        return std::nullopt;
      }
    }
    if (by_name && row.school_id.empty()) return by_name;
    // A cell that moved one column along: the name stands where the campus or the zone should.
    for (const auto& [cell, column] : {std::pair(&row.campus, "campus"), std::pair(&row.text, "zone")}) {
      if (!by_name && !cell->empty() && book_.find(*cell)) {
        find(Severity::error, "cells_shifted", row, "school", *cell,
             std::string("a school's name stands in the column ") + column + ": the row's cells have moved");
        return std::nullopt;
      }
    }
    std::vector<std::string> alike;
    if (++unknown_ <= kMaxAlikes) alike = book_.alike(written);
    find(Severity::error, "school_unknown", row, "school", written,
         "the package has no school of this name or id, nor one known by it", std::move(alike));
    return std::nullopt;
  }

  bool check_school(const Written& row, const SchoolBook::Hit& hit, const std::string& id) {
    if (hit.by_other_name) {
      find(Severity::note, "school_other_name", row, "school", row.school, "taken for " + hit.school->name, {}, id);
    }
    if (std::ranges::find(hit.school->stages, layer_.stage) == hit.school->stages.end()) {
      find(Severity::error, "school_stage", row, "school", row.school,
           hit.school->name + " does not teach the layer's stage, " + std::string(to_word(layer_.stage)), {}, id);
      return false;
    }
    if (hit.school->status == "closed") {
      find(Severity::warning, "school_closed", row, "school", row.school, hit.school->name + " is closed", {}, id);
    }
    return true;
  }

  // 4, 4.0, 4个班, 四班.
  std::optional<int> find_classes(const Written& row, const std::string& id) {
    std::string text = geo::normalise(row.classes).text;
    for (const char* word : {"计划招生", "个", "班", ".0"}) {
      for (std::size_t at = 0; (at = text.find(word)) != std::string::npos;) text.erase(at, std::string(word).size());
    }
    if (trimmed(text).empty()) return std::nullopt;
    const auto number = geo::parse_numeral(trimmed(text));
    if (number && *number <= 1000) return *number;
    if (text == "0") return 0;
    find(Severity::warning, "classes_unread", row, "classes", row.classes, "is no number of classes; left out", {}, id);
    return std::nullopt;
  }

  const SchoolBook& book_;
  const engine::LayerKey layer_;
  NoticeRows out_;
  std::map<std::string, std::string> place_of_;  // row id -> where it first stood
  std::size_t unknown_ = 0;
};

// --- tables ---------------------------------------------------------------------------------------------------------

class NoticeTable {
 public:
  NoticeTable(const NoticeSheet& sheet, const NoticeHeader& header, const SchoolBook& book, Collector& out)
      : sheet_(sheet), header_(header), book_(book), out_(out) {}

  void read() {
    for (std::size_t i = 0; i < header_.first_line; ++i) {
      for (const std::string& cell : sheet_.lines[i].cells) out_.title(cell);
    }
    for (std::size_t i = header_.first_line + header_.lines; i < sheet_.lines.size(); ++i) take(sheet_.lines[i]);
  }

 private:
  static bool filled(const std::string& cell) { return !cell.empty(); }

  void take(const NoticeLine& line) {
    if (std::ranges::none_of(line.cells, filled) || line.cells == sheet_.lines[header_.first_line].cells) return;
    Written row = written(line);
    if (is_remark_below(line, row)) {
      out_.find(Severity::note, "line_passed", row, "", line.cells.front(), "is no row of a school; passed over");
      return;
    }
    if (line.cells.size() > header_.width &&
        std::any_of(line.cells.begin() + static_cast<std::ptrdiff_t>(header_.width), line.cells.end(), filled)) {
      out_.find(Severity::error, "cells_shifted", row, "", line.cells.back(),
                "the row has " + std::to_string(line.cells.size()) + " cells, the header " +
                    std::to_string(header_.width) + ": its cells have moved");
      return;
    }
    if (row.school.empty() && row.school_id.empty()) {
      if (above_.school.empty() && above_.school_id.empty()) {
        out_.find(Severity::error, "school_missing", row, "school", row.text, "the row names no school");
        return;
      }
      row.school = above_.school;
      row.school_id = above_.school_id;
      row.from_above = true;
    }
    above_ = row;
    out_.take(row);
  }

  std::string cell(const NoticeLine& line, NoticeColumn which) const {
    const auto at = header_.at(which);
    return at && *at < line.cells.size() ? line.cells[*at] : "";
  }

  Written written(const NoticeLine& line) const {
    Written row;
    row.place = line.place;
    // A name broken over two lines within its cell is one name.
    row.school = cell(line, NoticeColumn::school);
    std::erase(row.school, '\n');
    row.school_id = cell(line, NoticeColumn::school_id);
    row.campus = cell(line, NoticeColumn::campus);
    row.text = cell(line, NoticeColumn::zone);
    row.classes = cell(line, NoticeColumn::classes);
    row.phone = cell(line, NoticeColumn::phone);
    row.remark = cell(line, NoticeColumn::remark);
    return row;
  }

  // 注：…, 合计, headings between the rows: one text in a row of its own, and no school.
  bool is_remark_below(const NoticeLine& line, const Written& row) const {
    const auto texts = std::ranges::count_if(line.cells, filled);
    const bool first = filled(line.cells.front());
    if (texts == 1 && first) return !book_.find(line.cells.front()) || row.school.empty();
    const bool total = line.cells.front().starts_with("合计") || line.cells.front().starts_with("总计");
    return total && row.text.empty();
  }

  const NoticeSheet& sheet_;
  const NoticeHeader& header_;
  const SchoolBook& book_;
  Collector& out_;
  Written above_;
};

// --- plain text -----------------------------------------------------------------------------------------------------

// 1. 1、 （1） 一、 ① before a school's name.
std::string_view without_ordinal(std::string_view text) {
  constexpr std::array<std::string_view, 4> kStops{"、", ".", "．", "）"};
  std::size_t best = std::string_view::npos;
  std::size_t length = 0;
  for (const std::string_view stop : kStops) {
    const std::size_t at = text.find(stop);
    if (at < best) best = at, length = stop.size();
  }
  if (best == std::string_view::npos || best > 12) return text;
  std::string_view number = trimmed(text.substr(0, best));
  if (number.starts_with("（")) number.remove_prefix(std::string_view("（").size());
  std::string normal;
  geo::normalise_into(number, normal);
  return geo::parse_numeral(normal) ? trimmed(text.substr(best + length)) : text;
}

bool looks_like_school(std::string_view name) {
  constexpr std::array<std::string_view, 8> kEnds{"小学", "中学", "学校", "校区", "一小", "一中", "国小", "国中"};
  return std::ranges::any_of(kEnds, [&](std::string_view end) { return name.ends_with(end); });
}

class Blocks {
 public:
  Blocks(const SchoolBook& book, Collector& out) : book_(book), out_(out) {}

  bool read(const NoticeSheet& sheet) {
    for (const NoticeLine& line : sheet.lines) take(line);
    if (open_) out_.take(row_);
    return any_;
  }

 private:
  void take(const NoticeLine& line) {
    const std::string& text = line.cells.front();
    if (text.empty()) return;
    std::size_t colon = text.find("：");
    std::size_t width = std::string_view("：").size();
    if (const std::size_t plain = text.find(':'); plain < colon) colon = plain, width = 1;
    if (colon != std::string::npos) {
      const std::string_view name = without_ordinal(trimmed(std::string_view(text).substr(0, colon)));
      if (book_.find(name) || looks_like_school(name)) {
        if (open_) out_.take(row_);
        row_ = {};
        row_.place = line.place;
        row_.school = name;
        row_.text = trimmed(std::string_view(text).substr(colon + width));
        open_ = any_ = true;
        return;
      }
    }
    if (!open_) return out_.title(text);
    row_.text.append(row_.text.empty() ? "" : "\n").append(text);
  }

  const SchoolBook& book_;
  Collector& out_;
  Written row_;
  bool open_ = false;
  bool any_ = false;
};

std::string first_lines(const NoticeDocument& document) {
  for (const NoticeSheet& sheet : document.sheets) {
    for (const NoticeLine& line : sheet.lines) {
      std::string text;
      for (const std::string& cell : line.cells) text.append(text.empty() ? "" : " | ").append(cell);
      if (!text.empty()) return "it begins: " + shortened(text);
    }
  }
  return "it is empty";
}

}  // namespace

std::string_view to_word(NoticeFinding::Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

NoticeRows find_notice_rows(const NoticeDocument& document, const SchoolBook& book, const engine::LayerKey& layer) {
  Collector out(book, layer);
  bool any = false;
  for (const NoticeSheet& sheet : document.sheets) {
    if (document.blocks) {
      any = Blocks(book, out).read(sheet) || any;
      continue;
    }
    const auto header = find_notice_header(sheet, document.file);
    if (!header) {
      Written nowhere;
      nowhere.place = sheet.name.empty() ? "" : "sheet " + sheet.name;
      const bool empty = sheet.lines.empty();
      if (!empty && document.sheets.size() > 1) {
        out.find(Severity::note, "sheet_passed", nowhere, "", sheet.name,
                 "no row of the sheet names a school and a zone column; passed over");
      }
      continue;
    }
    any = true;
    NoticeTable(sheet, *header, book, out).read();
  }
  if (!any) {
    throw InputError("notice_header", document.file,
                     document.blocks ? "no line begins with a school and a colon (学校：文字); " + first_lines(document)
                                     : "no row names a school and a zone column (such as 学校 and 招生范围); " +
                                           first_lines(document));
  }
  return out.finish();
}

}  // namespace catchment::datasets
