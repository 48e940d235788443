#include "datasets/season_files.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <system_error>

#include "datasets/importer/csv_reader.hpp"
#include "engine/admission/audits/season_columns.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

namespace admission = engine::admission;
using admission::Day;
using admission::Time;
using admission::Words;

// A field of a file, for complaints.
struct SeasonField {
  std::string_view file;
  std::int64_t row;
  std::string_view column;

  [[noreturn]] void fail(const std::string& code, const std::string& message) const {
    throw InputError("season_" + code,
                     std::string(file) + ":" + std::to_string(row) + (column.empty() ? "" : "#") + std::string(column),
                     message);
  }
};

int season_digits(std::string_view text, const SeasonField& field) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.starts_with('-')) {
    field.fail("value", "not a whole number: " + std::string(text));
  }
  return value;
}

Day read_season_day(std::string_view text, const SeasonField& field) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    field.fail("value", "not a day as 2024-08-31: " + std::string(text));
  }
  const std::chrono::year_month_day day{
      std::chrono::year(season_digits(text.substr(0, 4), field)),
      std::chrono::month(static_cast<unsigned>(season_digits(text.substr(5, 2), field))),
      std::chrono::day(static_cast<unsigned>(season_digits(text.substr(8, 2), field)))};
  if (!day.ok()) field.fail("value", "no such day: " + std::string(text));
  return Day(day);
}

Time read_season_time(std::string_view text, const SeasonField& field) {
  if (text.size() != 19 || text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    field.fail("value", "not a time as 2024-08-04T08:00:00: " + std::string(text));
  }
  const Day day = read_season_day(text.substr(0, 10), field);
  const int hour = season_digits(text.substr(11, 2), field);
  const int minute = season_digits(text.substr(14, 2), field);
  const int second = season_digits(text.substr(17, 2), field);
  if (hour > 23 || minute > 59 || second > 59) field.fail("value", "no such time: " + std::string(text));
  return day + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

Words split_season_words(std::string_view text) {
  Words words;
  while (!text.empty()) {
    const std::size_t end = text.find(';');
    words.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
  }
  return words;
}

bool season_allows(std::string_view words, std::string_view text) {
  if (words.empty() || text.empty()) return true;
  while (!words.empty()) {
    const std::size_t end = words.find('|');
    if (words.substr(0, end) == text) return true;
    words = end == std::string_view::npos ? "" : words.substr(end + 1);
  }
  return false;
}

// Puts a field's text into a row, whatever the member's type.
template <class Row>
struct PutSeasonField {
  Row& row;
  std::string_view text;
  const SeasonField& field;

  void operator()(std::string Row::*member) const { row.*member = text; }
  void operator()(Words Row::*member) const {
    row.*member = split_season_words(text);
    for (const std::string& word : row.*member) {
      if (word.empty()) field.fail("value", "an empty entry in a list");
    }
  }
  void operator()(int Row::*member) const { row.*member = text.empty() ? 0 : season_digits(text, field); }
  void operator()(bool Row::*member) const {
    if (text != "yes" && text != "no") field.fail("value", "must be yes or no");
    row.*member = text == "yes";
  }
  void operator()(std::optional<int> Row::*member) const {
    if (!text.empty()) row.*member = season_digits(text, field);
  }
  void operator()(admission::MaybeDay Row::*member) const {
    if (!text.empty()) row.*member = read_season_day(text, field);
  }
  void operator()(admission::MaybeTime Row::*member) const {
    if (!text.empty()) row.*member = read_season_time(text, field);
  }
};

// The digits of a number below 10 to the power of `width`.
void append_padded(std::string& out, int value, std::size_t width) {
  out.append(width, '0');
  for (std::size_t at = out.size(); value > 0 && width > 0; value /= 10, --width)
    out[--at] = static_cast<char>('0' + value % 10);
}

void append_season_day(std::string& out, Day day) {
  const std::chrono::year_month_day date(day);
  append_padded(out, static_cast<int>(date.year()), 4);
  out += '-', append_padded(out, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  out += '-', append_padded(out, static_cast<int>(static_cast<unsigned>(date.day())), 2);
}

void append_season_time(std::string& out, Time time) {
  const Day day = std::chrono::floor<std::chrono::days>(time);
  const auto second = static_cast<int>((time - day).count());
  append_season_day(out, day);
  out += 'T', append_padded(out, second / 3600, 2);
  out += ':', append_padded(out, second / 60 % 60, 2);
  out += ':', append_padded(out, second % 60, 2);
}

void append_quoted(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\n\r;\t|") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  out += '"';
}

// Puts one member of a row behind `out`.
template <class Row>
struct AppendSeasonField {
  const Row& row;
  std::string& out;

  void operator()(std::string Row::*member) const { append_quoted(out, row.*member); }
  void operator()(Words Row::*member) const {
    std::string text;
    for (const std::string& word : row.*member) text += (text.empty() ? "" : ";") + word;
    append_quoted(out, text);
  }
  void operator()(int Row::*member) const { out += std::to_string(row.*member); }
  void operator()(bool Row::*member) const { out += row.*member ? "yes" : "no"; }
  void operator()(std::optional<int> Row::*member) const {
    if (row.*member) out += std::to_string(*(row.*member));
  }
  void operator()(admission::MaybeDay Row::*member) const {
    if (row.*member) append_season_day(out, *(row.*member));
  }
  void operator()(admission::MaybeTime Row::*member) const {
    if (row.*member) append_season_time(out, *(row.*member));
  }
};

template <class Row>
void check_season_header(const admission::Table<Row>& table, const std::vector<std::string_view>& fields) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const SeasonField field{table.file, 1, table.columns[i].name};
    if (i >= fields.size()) field.fail("header", "this column is missing at the end of the header");
    if (fields[i] != table.columns[i].name) {
      field.fail("header", "expected here, found " + std::string(fields[i]));
    }
  }
  if (fields.size() > table.columns.size()) {
    SeasonField{table.file, 1, fields[table.columns.size()]}.fail("header", "no column of this table");
  }
}

template <class Row>
Row read_season_row(const admission::Table<Row>& table, std::int64_t number,
                    const std::vector<std::string_view>& fields) {
  if (fields.size() != table.columns.size()) {
    SeasonField{table.file, number, {}}.fail(
        "row", std::to_string(fields.size()) + " fields, not " + std::to_string(table.columns.size()));
  }
  Row row;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& column = table.columns[i];
    const SeasonField field{table.file, number, column.name};
    if (column.required && fields[i].empty()) field.fail("value", "must not be empty");
    if (!season_allows(column.words, fields[i])) {
      field.fail("value", "must be one of " + std::string(column.words) + ", not " + std::string(fields[i]));
    }
    std::visit(PutSeasonField<Row>{row, fields[i], field}, column.member);
  }
  return row;
}

template <class Row>
void read_season_table(const std::filesystem::path& folder, const admission::Table<Row>& table,
                       admission::SeasonTables& tables) {
  const std::filesystem::path path = folder / table.file;
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    if (std::filesystem::exists(path)) throw InputError("season_open", std::string(table.file), "cannot be read");
    tables.absent.emplace_back(table.file);
    return;
  }
  CsvReader reader(
      [&](char* buffer, std::size_t size) {
        in.read(buffer, static_cast<std::streamsize>(size));
        return static_cast<std::size_t>(in.gcount());
      },
      std::string(table.file));
  std::vector<std::string_view> fields;
  if (!reader.next(fields)) throw InputError("season_header", std::string(table.file), "the file is empty");
  check_season_header(table, fields);
  std::set<std::string, std::less<>> keys;
  auto& rows = tables.*table.rows;
  for (std::int64_t number = 2; reader.next(fields); ++number) {
    rows.push_back(read_season_row(table, number, fields));
    if (table.keyed && !keys.emplace(fields[0]).second) {
      SeasonField{table.file, number, table.columns[0].name}.fail(
          "key", "an id that stands above already: " + std::string(fields[0]));
    }
  }
}

template <class Row>
void write_season_table(const std::filesystem::path& folder, const admission::Table<Row>& table,
                        const admission::SeasonTables& tables) {
  for (const std::string& absent : tables.absent) {
    if (absent == table.file) return;
  }
  std::ofstream out(folder / table.file, std::ios::binary);
  constexpr std::size_t kBuffer = 1 << 20;
  std::string text;
  text.reserve(kBuffer + 4096);
  for (std::size_t i = 0; i < table.columns.size(); ++i) text += (i ? "," : "") + std::string(table.columns[i].name);
  text += '\n';
  for (const Row& row : tables.*table.rows) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (i != 0) text += ',';
      std::visit(AppendSeasonField<Row>{row, text}, table.columns[i].member);
    }
    text += '\n';
    if (text.size() < kBuffer) continue;
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    text.clear();
  }
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) {
    throw std::system_error(std::make_error_code(std::errc::io_error), (folder / table.file).string());
  }
}

template <class Row>
void cells_of_table(const admission::Table<Row>& table, const admission::SeasonTables& tables, std::string_view file,
                    std::optional<SeasonCells>& out) {
  if (table.file != file || std::ranges::find(tables.absent, file) != tables.absent.end()) return;
  out.emplace();
  for (const auto& column : table.columns)
    out->columns.push_back(column.name), out->required.push_back(column.required);
  for (const Row& row : tables.*table.rows) {
    auto& cells = out->rows.emplace_back();
    for (const auto& column : table.columns)
      std::visit(AppendSeasonField<Row>{row, cells.emplace_back()}, column.member);
  }
}

}  // namespace

std::optional<SeasonCells> season_cells(const admission::SeasonTables& tables, std::string_view file) {
  std::optional<SeasonCells> out;
  std::apply([&](const auto&... table) { (cells_of_table(table, tables, file, out), ...); },
             admission::all_season_tables());
  return out;
}

admission::SeasonTables read_season_tables(const std::filesystem::path& folder) {
  admission::SeasonTables tables;
  std::apply([&](const auto&... table) { (read_season_table(folder, table, tables), ...); },
             admission::all_season_tables());
  if (tables.season.size() != 1) {
    throw InputError("season_open", (folder / "season.csv").string(), "must be there with exactly one row");
  }
  return tables;
}

void write_season_tables(const std::filesystem::path& folder, const admission::SeasonTables& tables) {
  std::filesystem::create_directories(folder);
  std::apply([&](const auto&... table) { (write_season_table(folder, table, tables), ...); },
             admission::all_season_tables());
}

}  // namespace catchment::datasets
