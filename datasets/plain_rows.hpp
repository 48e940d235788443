// Tables of a season that only this program writes: comma between fields, LF behind a row, no quotes. Fast, and strict.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::datasets {

// One row in hand; where errors are, "families.csv:17#x_m".
struct PlainRow {
  std::string_view file;
  std::int64_t number = 0;  // the header is 1
  std::span<const std::string_view> names, fields;

  std::string text(std::size_t i) const { return std::string(fields[i]); }
  bool flag(std::size_t i) const;  // yes | no
  int number_at(std::size_t i) const;
  std::optional<int> maybe_number(std::size_t i) const;  // empty: nothing
  std::optional<std::chrono::local_days> maybe_day(std::size_t i) const;
  [[noreturn]] void fail(std::size_t i, const std::string& message) const;  // InputError("season_value")
};

std::vector<std::string_view> names_in(std::string_view header);  // between its commas

// Throws InputError("season_open" | "season_header" | "season_row"). `header` with commas.
void read_plain_rows(const std::filesystem::path& file, std::string_view header,
                     const std::function<void(const PlainRow&)>& row);

// Writes as it goes, a megabyte at a time.
class PlainWriter {
 public:
  // Throws std::system_error, as close() does.
  PlainWriter(std::filesystem::path file, std::string_view header);
  PlainWriter& put(std::string_view text);  // a text with a comma, quote or line end is a defect
  PlainWriter& put(std::int64_t number);
  PlainWriter& put(std::optional<int> number) { return number ? put(std::int64_t{*number}) : put(std::string_view{}); }
  PlainWriter& put_flag(bool flag) { return put(flag ? std::string_view("yes") : std::string_view("no")); }
  PlainWriter& put_day(std::optional<std::chrono::local_days> day);
  PlainWriter& put_time(std::chrono::local_seconds time);
  void end_row();
  void close();

 private:
  std::filesystem::path file_;
  std::ofstream out_;
  std::string text_;
  std::chrono::local_days day_{std::chrono::days(-1'000'000)};  // the last one put, as text
  std::string day_text_;
};

}  // namespace catchment::datasets
