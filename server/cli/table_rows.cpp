#include "server/cli/table_rows.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "geo/input_error.hpp"

namespace catchment::cli {
namespace {

constexpr int kMostCount = 10'000'000;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

TableRows::TableRows(const std::string& path, std::vector<std::string> wanted, std::vector<std::string> may_lack)
    : path_(path), names_(std::move(wanted)), file_(std::fopen(path.c_str(), "rb"), &std::fclose) {
  if (!file_) throw InputError("file_missing", path, "cannot be opened");
  reader_ = std::make_unique<datasets::CsvReader>(
      [this](char* buffer, std::size_t size) {
        const std::size_t got = std::fread(buffer, 1, size, file_.get());
        if (got == 0 && std::ferror(file_.get()) != 0) throw InputError("file_unreadable", path_, "cannot be read");
        return got;
      },
      path);
  if (!reader_->next(fields_)) throw InputError("plan_table", path, "is empty");
  width_ = fields_.size();
  const std::size_t needed = names_.size();
  names_.insert(names_.end(), may_lack.begin(), may_lack.end());
  for (std::size_t k = 0; k < names_.size(); ++k) {
    const auto found = std::ranges::find_if(fields_, [&](auto f) { return lower(trimmed(f)) == lower(names_[k]); });
    const bool lacks = found == fields_.end();
    if (lacks && k < needed) throw InputError("plan_table", path + ":1", "has no column " + names_[k]);
    places_.push_back(lacks ? SIZE_MAX : static_cast<std::size_t>(found - fields_.begin()));
  }
}

bool TableRows::next() {
  ++row_;
  if (!reader_->next(fields_)) return false;
  if (fields_.size() != width_) {
    throw InputError("plan_table", where(),
                     std::to_string(fields_.size()) + " fields instead of " + std::to_string(width_));
  }
  return true;
}

bool TableRows::has(std::size_t column) const { return places_[column] != SIZE_MAX; }

std::string_view TableRows::field(std::size_t column) const {
  return has(column) ? trimmed(fields_[places_[column]]) : std::string_view();
}

bool TableRows::empty(std::size_t column) const { return field(column).empty(); }

std::string_view TableRows::text(std::size_t column) const {
  if (empty(column)) fail(column, "is empty");
  return field(column);
}

double TableRows::number(std::size_t column, double least, double most) const {
  const std::string_view field = text(column);
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc{} || end != field.data() + field.size() || !std::isfinite(value)) fail(column, "is no number");
  if (value < least || value > most) fail(column, "is out of range");
  return value;
}

int TableRows::count(std::size_t column) const {
  const double value = number(column, 0, kMostCount);
  if (value != std::floor(value)) fail(column, "is no whole number");
  return static_cast<int>(value);
}

void TableRows::fail(std::size_t column, const std::string& what) const {
  throw InputError("plan_table", where(), names_[column] + " " + what);
}

std::string TableRows::where() const { return path_ + ":" + std::to_string(row_); }

}  // namespace catchment::cli
