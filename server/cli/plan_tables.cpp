#include "server/cli/plan_tables.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>

#include "datasets/importer/csv_reader.hpp"
#include "geo/input_error.hpp"

namespace catchment::cli {
namespace {

using engine::planning::PlanProblem;
using engine::planning::UnitIndex;

constexpr double kMostMetres = 1e8;  // beyond any local grid
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

// A table with a header line, row by row. Rows are counted as records, the header being 1.
class Table {
 public:
  Table(const std::string& path, std::vector<std::string> wanted)
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

  bool next() {
    ++row_;
    if (!reader_->next(fields_)) return false;
    if (fields_.size() != width_) {
      throw InputError("plan_table", where(),
                       std::to_string(fields_.size()) + " fields instead of " + std::to_string(width_));
    }
    return true;
  }

  std::string_view text(std::size_t column) const {
    const std::string_view field = trimmed(fields_[places_[column]]);
    if (field.empty()) fail(column, "is empty");
    return field;
  }

  double number(std::size_t column, double least, double most) const {
    const std::string_view field = text(column);
    double value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc{} || end != field.data() + field.size() || !std::isfinite(value))
      fail(column, "is no number");
    if (value < least || value > most) fail(column, "is out of range");
    return value;
  }

  int count(std::size_t column) const {
    const double value = number(column, 0, kMostCount);
    if (value != std::floor(value)) fail(column, "is no whole number");
    return static_cast<int>(value);
  }

  [[noreturn]] void fail(std::size_t column, const std::string& what) const {
    throw InputError("plan_table", where(), wanted_[column] + " " + what);
  }

  std::string where() const { return path_ + ":" + std::to_string(row_); }

 private:
  std::string path_;
  std::vector<std::string> wanted_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::unique_ptr<datasets::CsvReader> reader_;
  std::vector<std::string_view> fields_;
  std::vector<std::size_t> places_;
  std::size_t width_ = 0;
  std::int64_t row_ = 1;
};

}  // namespace

PlanProblem read_plan_tables(const std::string& units, const std::string& adjacency) {
  PlanProblem problem;
  std::map<std::string, UnitIndex, std::less<>> by_id;
  std::vector<std::pair<double, double>> places;
  Table unit_rows(units, {"OID", "pop", "PointX", "PointY", "fcapacity"});
  while (unit_rows.next()) {
    const std::string id(unit_rows.text(0));
    const auto unit = static_cast<UnitIndex>(problem.units.size());
    if (!by_id.emplace(id, unit).second) unit_rows.fail(0, id + " stands there twice");
    problem.units.push_back({id, unit_rows.count(1)});
    places.emplace_back(unit_rows.number(2, -kMostMetres, kMostMetres), unit_rows.number(3, -kMostMetres, kMostMetres));
    if (const int seats = unit_rows.count(4); seats > 0) problem.schools.push_back({id, unit, seats});
  }
  if (problem.units.empty()) throw InputError("plan_table", units, "has no rows");
  Table border_rows(adjacency, {"ID1", "ID2"});
  while (border_rows.next()) {
    UnitIndex ends[2] = {};
    for (std::size_t k = 0; k < 2; ++k) {
      const auto found = by_id.find(border_rows.text(k));
      if (found == by_id.end()) border_rows.fail(k, std::string(border_rows.text(k)) + " is no unit of " + units);
      ends[k] = found->second;
    }
    problem.borders.emplace_back(ends[0], ends[1]);
  }
  for (UnitIndex u = 0; u < problem.units.size(); ++u) {
    for (const engine::planning::PlanSchool& school : problem.schools) {
      const auto [x, y] = places[school.unit];
      const double dx = places[u].first - x, dy = places[u].second - y;
      problem.cost.push_back(problem.units[u].children * std::sqrt(dx * dx + dy * dy) / 1000);
    }
  }
  return problem;
}

engine::planning::Assignment read_plan(const std::string& path, const PlanProblem& problem) {
  constexpr std::uint32_t kNone = UINT32_MAX;
  std::map<std::string_view, std::uint32_t> units, schools;
  for (const auto& unit : problem.units) units.emplace(unit.id, static_cast<std::uint32_t>(units.size()));
  for (const auto& school : problem.schools) schools.emplace(school.id, static_cast<std::uint32_t>(schools.size()));
  engine::planning::Assignment plan(problem.units.size(), kNone);
  Table rows(path, {"unit", "school"});
  while (rows.next()) {
    const auto unit = units.find(rows.text(0)), school = schools.find(rows.text(1));
    if (unit == units.end()) rows.fail(0, std::string(rows.text(0)) + " is unknown");
    if (school == schools.end()) rows.fail(1, std::string(rows.text(1)) + " is unknown");
    if (plan[unit->second] != kNone) rows.fail(0, std::string(unit->first) + " stands there twice");
    plan[unit->second] = school->second;
  }
  for (UnitIndex u = 0; u < plan.size(); ++u) {
    if (plan[u] == kNone) throw InputError("plan_table", path, "has no row for unit " + problem.units[u].id);
  }
  return plan;
}

}  // namespace catchment::cli
