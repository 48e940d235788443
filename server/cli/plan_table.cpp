#include "server/cli/plan_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "datasets/importer/csv_reader.hpp"
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

PlanTable::PlanTable(const std::string& path, std::vector<std::string> wanted)
    : path_(path), wanted_(std::move(wanted)), file_(std::fopen(path.c_str(), "rb"), &std::fclose) {
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
  for (const std::string& name : wanted_) {
    const auto found = std::ranges::find_if(fields_, [&](auto f) { return lower(trimmed(f)) == lower(name); });
    if (found == fields_.end()) throw InputError("plan_table", path + ":1", "has no column " + name);
    places_.push_back(static_cast<std::size_t>(found - fields_.begin()));
  }
}

PlanTable::~PlanTable() = default;

bool PlanTable::next() {
  ++row_;
  if (!reader_->next(fields_)) return false;
  if (fields_.size() != width_) {
    throw InputError("plan_table", where(),
                     std::to_string(fields_.size()) + " fields instead of " + std::to_string(width_));
  }
  return true;
}

std::string_view PlanTable::field(std::size_t column) const { return trimmed(fields_[places_[column]]); }

std::string_view PlanTable::text(std::size_t column) const {
  const std::string_view found = field(column);
  if (found.empty()) fail(column, "is empty");
  return found;
}

double PlanTable::number(std::size_t column, double least, double most) const {
  const std::string_view found = text(column);
  double value = 0;
  const auto [end, error] = std::from_chars(found.data(), found.data() + found.size(), value);
  if (error != std::errc{} || end != found.data() + found.size() || !std::isfinite(value)) fail(column, "is no number");
  if (value < least || value > most) fail(column, "is out of range");
  return value;
}

int PlanTable::count(std::size_t column) const {
  const double value = number(column, 0, kMostCount);
  if (value != std::floor(value)) fail(column, "is no whole number");
  return static_cast<int>(value);
}

void PlanTable::fail(std::size_t column, const std::string& what) const {
  throw InputError("plan_table", where(), wanted_[column] + " " + what);
}

std::string PlanTable::where() const { return path_ + ":" + std::to_string(row_); }

}  // namespace catchment::cli
