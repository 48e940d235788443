#include "datasets/importer/notice_document.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "datasets/importer/csv_reader.hpp"
#include "datasets/importer/gdal_setup.hpp"
#include "datasets/importer/recoder.hpp"
#include "datasets/text.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{64} << 20;
constexpr std::size_t kMaxDocumentBytes = 1 << 20;
constexpr std::size_t kMaxRows = 100'000;

std::string lower_suffix(const fs::path& file) {
  std::string suffix = file.extension().string();
  std::ranges::transform(suffix, suffix.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return suffix;
}

std::string read_bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw InputError("source_open", file.string(), "cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<std::string> recoded(const std::string& bytes, const char* encoding) {
  std::string storage;
  const std::string text(Recoder(encoding).to_utf8(bytes, storage));
  if (!is_utf8_text(text)) return std::nullopt;
  return text;
}

// The text in UTF-8 without a byte-order mark, and what it was before.
std::string decoded(const std::string& bytes, const std::string& file, std::string& encoding) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    encoding = "UTF-16";
    const auto text = recoded(bytes.substr(2), bytes[0] == '\xFF' ? "UTF-16LE" : "UTF-16BE");
    if (text) return *text;
    throw InputError("source_encoding", file, "begins like UTF-16 but is not");
  }
  encoding = "UTF-8";
  if (bytes.starts_with("\xEF\xBB\xBF") && is_utf8_text(bytes)) return bytes.substr(3);
  if (is_utf8_text(bytes)) return bytes;
  encoding = "GB18030";
  if (auto text = recoded(bytes, "GB18030")) return std::move(*text);
  throw InputError("source_encoding", file, "is neither UTF-8 nor GBK/GB18030 text: save it as UTF-8");
}

void check_sizes(const std::string& file, const NoticeLine& line, std::size_t rows) {
  if (rows > kMaxRows) throw InputError("source_large", file, "more than 100,000 rows: no notice is that long");
  for (const std::string& cell : line.cells) {
    if (cell.size() > kMaxDocumentBytes) {
      throw InputError("source_large", file + ": " + line.place, "a text of more than 1 MB");
    }
  }
}

NoticeSheet read_csv(const std::string& text, const std::string& file) {
  std::size_t taken = 0;
  CsvReader reader(
      [&](char* buffer, std::size_t size) {
        const std::size_t count = std::min(size, text.size() - taken);
        std::memcpy(buffer, text.data() + taken, count);
        taken += count;
        return count;
      },
      file);
  NoticeSheet sheet;
  std::vector<std::string_view> fields;
  while (reader.next(fields)) {
    NoticeLine line{"row " + std::to_string(sheet.lines.size() + 1), {}};
    for (const std::string_view field : fields) line.cells.emplace_back(trimmed(field));
    sheet.lines.push_back(std::move(line));
    check_sizes(file, sheet.lines.back(), sheet.lines.size());
  }
  return sheet;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.emplace_back(trimmed(std::string_view(text).substr(at, end - at)));
    at = end + 1;
  }
  return lines;
}

// | a | b\|c | -> a, b|c; <br> is a line break.
std::vector<std::string> markdown_cells(const std::string& line) {
  std::vector<std::string> cells;
  std::string cell;
  const auto close = [&] {
    for (const char* word : {"<br>", "<br/>", "<br />"}) {
      for (std::size_t at = 0; (at = cell.find(word, at)) != std::string::npos; ++at) {
        cell.replace(at, std::strlen(word), "\n");
      }
    }
    cells.emplace_back(trimmed(cell));
    cell.clear();
  };
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cell += line[++i];
    } else if (line[i] == '|') {
      close();
    } else {
      cell += line[i];
    }
  }
  if (!trimmed(cell).empty()) close();
  return cells;
}

bool is_rule(const std::vector<std::string>& cells) {  // |---|:--:|
  return !cells.empty() && std::ranges::all_of(cells, [](const std::string& cell) {
    return !cell.empty() && cell.find_first_not_of("-: ") == std::string::npos;
  });
}

NoticeSheet read_markdown(const std::string& text, const std::string& file) {
  NoticeSheet sheet;
  std::size_t number = 0;
  for (const std::string& written : lines_of(text)) {
    ++number;
    if (written.empty()) continue;
    NoticeLine line{"line " + std::to_string(number), {}};
    if (written.starts_with('|')) {
      line.cells = markdown_cells(written);
    } else {
      const std::size_t heading = std::min(written.find_first_not_of("# "), written.size());
      line.cells = {written.substr(heading)};
    }
    if (is_rule(line.cells)) continue;
    sheet.lines.push_back(std::move(line));
    check_sizes(file, sheet.lines.back(), sheet.lines.size());
  }
  return sheet;
}

NoticeSheet read_plain(const std::string& text, const std::string& file) {
  NoticeSheet sheet;
  std::size_t number = 0;
  for (std::string& written : lines_of(text)) {
    sheet.lines.push_back({"line " + std::to_string(++number), {std::move(written)}});
    check_sizes(file, sheet.lines.back(), sheet.lines.size());
  }
  return sheet;
}

}  // namespace

NoticeDocument read_notice_document(const fs::path& file) {
  confine_gdal();
  NoticeDocument document;
  document.file = file.string();
  const std::string path = gdal_path(file);
  if (fs::file_size(file) > kMaxFileBytes) {
    throw InputError("source_large", document.file, "more than 64 MB: no notice is that long");
  }
  const std::string suffix = lower_suffix(file);
  if (suffix == ".xlsx") {
    document.encoding = "UTF-8";
    document.sheets = read_xlsx(document.file, path);
    std::size_t rows = 0;
    for (const NoticeSheet& sheet : document.sheets) {
      for (const NoticeLine& line : sheet.lines) check_sizes(document.file, line, ++rows);
    }
    return document;
  }
  if (suffix != ".csv" && suffix != ".tsv" && suffix != ".md" && suffix != ".txt") {
    throw InputError("source_format", document.file,
                     "a notice is read from .csv, .tsv, .xlsx, .md or .txt; save the table as one of these");
  }
  const std::string text = decoded(read_bytes(file), document.file, document.encoding);
  document.blocks = suffix == ".txt";
  document.sheets.push_back(document.blocks   ? read_plain(text, document.file)
                            : suffix == ".md" ? read_markdown(text, document.file)
                                              : read_csv(text, document.file));
  return document;
}

}  // namespace catchment::datasets
