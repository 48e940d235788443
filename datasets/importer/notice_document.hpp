// A published notice file as plain rows of texts, whatever it came in: CSV, a spreadsheet (xlsx), Markdown tables, or
// text. What the rows mean is for notice_rows to say.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace catchment::datasets {

struct NoticeLine {
  std::string place;  // "row 7", "sheet 小学, row 7", "line 12": as an editor or a spreadsheet counts
  std::vector<std::string> cells;
};

struct NoticeSheet {
  std::string name;  // of a spreadsheet's sheet; else empty
  std::vector<NoticeLine> lines;
};

struct NoticeDocument {
  std::string file;
  std::string encoding;  // "UTF-8", "GB18030", "UTF-16": what the bytes were read as
  bool blocks = false;   // plain text: one cell a line, 学校：文字
  std::vector<NoticeSheet> sheets;
};

// By the suffix: .csv .tsv, .xlsx, .md, .txt. Text that is not UTF-8 is read as GB18030 (which GBK is part of) if it is
// well-formed in that, else refused. Throws InputError: source_open, source_empty, source_format, source_encoding,
// source_damaged, source_archive, source_large (a file over 64 MB, a text over 1 MB, over 100,000 rows).
NoticeDocument read_notice_document(const std::filesystem::path& file);

// One sheet after the other, through GDAL. `path` is gdal_path(file).
std::vector<NoticeSheet> read_xlsx(const std::string& file, const std::string& path);

}  // namespace catchment::datasets
