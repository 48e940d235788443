#include "datasets/plain_rows.hpp"

#include <array>
#include <cassert>
#include <charconv>
#include <fstream>
#include <system_error>
#include <vector>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

constexpr std::size_t kPlainBuffer = 1 << 20;

std::string day_as_text(std::chrono::local_days day) {
  const std::chrono::year_month_day date(day);
  std::string text = std::to_string(static_cast<int>(date.year()));
  const auto two = [&text](unsigned n) {
    text += {'-', static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)};
  };
  two(static_cast<unsigned>(date.month())), two(static_cast<unsigned>(date.day()));
  return text;
}

void split_plain(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find(',', at), line.size());
    fields.push_back(line.substr(at, end - at));
    at = end + 1;
  }
}

std::optional<int> plain_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::vector<std::string_view> names_in(std::string_view header) {
  std::vector<std::string_view> names;
  split_plain(header, names);
  return names;
}

void PlainRow::fail(std::size_t i, const std::string& message) const {
  throw InputError("season_value", std::string(file) + ":" + std::to_string(number) + "#" + std::string(names[i]),
                   message);
}

bool PlainRow::flag(std::size_t i) const {
  if (fields[i] != "yes" && fields[i] != "no") fail(i, "must be yes or no");
  return fields[i] == "yes";
}

int PlainRow::number_at(std::size_t i) const {
  const auto value = plain_number(fields[i]);
  if (!value) fail(i, "not a whole number: " + text(i));
  return *value;
}

std::optional<int> PlainRow::maybe_number(std::size_t i) const {
  return fields[i].empty() ? std::nullopt : std::optional(number_at(i));
}

std::optional<std::chrono::local_days> PlainRow::maybe_day(std::size_t i) const {
  const std::string_view day = fields[i];
  if (day.empty()) return std::nullopt;
  const auto year = plain_number(day.substr(0, 4));
  const auto month = day.size() == 10 ? plain_number(day.substr(5, 2)) : std::nullopt;
  const auto date = day.size() == 10 ? plain_number(day.substr(8, 2)) : std::nullopt;
  if (!year || !month || !date || day[4] != '-' || day[7] != '-') fail(i, "not a day as 2024-08-31: " + text(i));
  const std::chrono::year_month_day found{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                          std::chrono::day(static_cast<unsigned>(*date))};
  if (!found.ok()) fail(i, "no such day: " + text(i));
  return std::chrono::local_days(found);
}

void read_plain_rows(const std::filesystem::path& file, std::string_view header,
                     const std::function<void(const PlainRow&)>& row) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const std::string name = file.filename().string();
  if (!in) throw InputError("season_open", name, "cannot be read");
  std::string bytes(static_cast<std::size_t>(in.tellg()), '\0');
  in.seekg(0).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  std::string_view rest = bytes;
  const auto next_line = [&rest] {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
  };
  if (next_line() != header) throw InputError("season_header", name, "the header must be " + std::string(header));
  std::vector<std::string_view> names, fields;
  split_plain(header, names);
  for (std::int64_t number = 2; !rest.empty(); ++number) {
    split_plain(next_line(), fields);
    if (fields.size() != names.size()) {
      throw InputError("season_row", name + ":" + std::to_string(number),
                       std::to_string(fields.size()) + " fields, not " + std::to_string(names.size()));
    }
    row({name, number, names, fields});
  }
}

PlainWriter::PlainWriter(std::filesystem::path file, std::string_view header)
    : file_(std::move(file)), out_(file_, std::ios::binary) {
  if (!out_) throw std::system_error(std::make_error_code(std::errc::io_error), file_.string());
  text_.reserve(kPlainBuffer + 4096);
  text_.append(header).push_back('\n');
}

PlainWriter& PlainWriter::put(std::string_view text) {
  assert(text.find_first_of(",\"\n\r") == std::string_view::npos);
  text_.append(text).push_back(',');
  return *this;
}

PlainWriter& PlainWriter::put(std::int64_t number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text_.append(digits.data(), end).push_back(',');
  return *this;
}

PlainWriter& PlainWriter::put_day(std::optional<std::chrono::local_days> day) {
  return day ? put(day_as_text(*day)) : put(std::string_view{});
}

PlainWriter& PlainWriter::put_time(std::chrono::local_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  if (day != day_) day_ = day, day_text_ = day_as_text(day) + "T";
  const auto second = static_cast<int>((time - day).count());
  std::array<char, 9> clock{};
  const auto two = [&clock](std::size_t at, int n) {
    clock[at] = static_cast<char>('0' + n / 10), clock[at + 1] = static_cast<char>('0' + n % 10);
  };
  two(0, second / 3600), two(3, second / 60 % 60), two(6, second % 60);
  clock[2] = clock[5] = ':', clock[8] = ',';
  text_.append(day_text_).append(clock.data(), clock.size());
  return *this;
}

void PlainWriter::end_row() {
  text_.back() = '\n';
  if (text_.size() < kPlainBuffer) return;
  out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
  text_.clear();
}

void PlainWriter::close() {
  out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
  text_.clear();
  out_.close();
  if (!out_) throw std::system_error(std::make_error_code(std::errc::io_error), file_.string());
}

}  // namespace catchment::datasets
