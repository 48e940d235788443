#include "server/cli/plan_city.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "datasets/importer/csv_reader.hpp"
#include "datasets/plan_scenario.hpp"
#include "geo/input_error.hpp"
#include "server/cli/cli.hpp"
#include "server/cli/notice_lines.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/plans/plan_ground.hpp"

namespace catchment::cli {
using datasets::PlanRow;
using engine::planning::PlanCity;

void add_plan_year_options(CLI::App& command, PlanCityOptions& options) {
  command.add_option("--rules", options.rules,
                     "The city's rules (datasets/policy/demand_rules.schema.json); those shipped if not given");
  command
      .add_option("--base-year", options.base_year,
                  "Last school year that was; the last with enrolment if not given, else the last layer's")
      ->check(CLI::Range(1900, 2200));
  command.add_option("--horizon", options.horizon, "Years planned")->check(CLI::Range(1, 30))->capture_default_str();
}

void add_plan_city_options(CLI::App& command, PlanCityOptions& options) {
  command.add_option("package", options.package, "City package (GeoPackage)")->required();
  auto* plan = command.add_option("--plan", options.plan, "Begin with this plan of the package instead of its zones");
  command
      .add_option("--assignment", options.assignment,
                  "Begin with a table: unit, stage, schools (ids joined by +), from_year, to_year, kind")
      ->excludes(plan);
  add_plan_year_options(command, options);
  command.add_option("--threads", options.threads, "Threads; the result does not depend on it")
      ->check(CLI::Range(1, 256));
}

std::optional<PlanDesk> open_plan_desk(const PlanCityOptions& options) {
  datasets::CityPackage package = datasets::CityPackage::open(options.package);
  ProgressBar bar("%");
  const auto progress = [&bar](double done) {
    bar.show(static_cast<std::int64_t>(done * 100), done);
    return !cancelled();
  };
  auto city = plans::load_ground(
      package, {options.package, options.rules, options.base_year, options.horizon, options.threads, progress});
  if (!city) return std::nullopt;
  const bool has_demand = !package.enrolment().empty();
  datasets::LoadedPlan start =
      !options.assignment.empty()
          ? datasets::LoadedPlan{datasets::plan_of_rows(city, read_plan_rows(options.assignment, *city)), {}}
      : !options.plan.empty() ? datasets::plan_of_package(package, city, options.plan)
                              : datasets::plan_of_zones(package, city);
  return PlanDesk{std::move(package), std::move(city), std::move(start), has_demand};
}

namespace {

constexpr std::array<std::string_view, 6> kPackageColumns{"unit", "stage", "from_year", "to_year", "schools", "kind"};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// Rows of a table with a header line; the header is row 1.
class PlanRowReader {
 public:
  PlanRowReader(const std::string& path, const PlanCity& city)
      : path_(path), city_(city), file_(std::fopen(path.c_str(), "rb")) {
    if (!file_) throw InputError("file_missing", path, "cannot be opened");
  }

  std::vector<PlanRow> read() {
    datasets::CsvReader reader(
        [this](char* buffer, std::size_t size) {
          const std::size_t got = std::fread(buffer, 1, size, file_.get());
          if (got == 0 && std::ferror(file_.get()) != 0) throw InputError("file_unreadable", path_, "cannot be read");
          return got;
        },
        path_);
    if (!reader.next(fields_)) fail("is empty");
    find_columns();
    std::vector<PlanRow> rows;
    for (++row_; reader.next(fields_); ++row_) {
      if (fields_.size() != width_)
        fail(std::to_string(fields_.size()) + " fields instead of " + std::to_string(width_));
      rows.push_back(read_row());
    }
    if (rows.empty()) fail("no rows");
    return rows;
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw InputError("plan_row", path_ + ":" + std::to_string(row_), message);
  }

  void find_columns() {
    width_ = fields_.size();
    for (std::size_t c = 0; c < kPackageColumns.size(); ++c) {
      const auto at = std::ranges::find(fields_, kPackageColumns[c]);
      if (at != fields_.end()) places_[c] = static_cast<std::size_t>(at - fields_.begin());
      const bool needed = c == 0 || c == 1 || c == 4;
      if (needed && !places_[c]) fail("has no column " + std::string(kPackageColumns[c]));
    }
  }

  std::string text(std::size_t column) const {
    return places_[column] ? std::string(fields_[*places_[column]]) : std::string();
  }

  int year(std::size_t column, int otherwise) const {
    const std::string field = text(column);
    if (field.empty()) return otherwise;
    int value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc{} || end != field.data() + field.size())
      fail(std::string(kPackageColumns[column]) + " is no year");
    return value;
  }

  PlanRow read_row() const {
    PlanRow row;
    row.where = path_ + ":" + std::to_string(row_);
    row.unit = text(0);
    const auto stage = engine::find_stage(text(1));
    if (!stage) fail("stage must be primary, junior or senior");
    row.stage = *stage;
    row.from_year = year(2, city_.school_year(0));
    row.to_year = year(3, city_.base_year + static_cast<int>(city_.years));
    const std::string schools = text(4);
    for (std::size_t begin = 0; begin <= schools.size();) {
      const std::size_t end = std::min(schools.find('+', begin), schools.size());
      if (end == begin) fail("schools must be ids joined by +");
      row.schools.push_back(schools.substr(begin, end - begin));
      begin = end + 1;
    }
    row.kind = text(5);
    if (!row.kind.empty() && row.kind != "shared" && row.kind != "transition")
      fail("kind must be shared or transition");
    return row;
  }

  std::string path_;
  const PlanCity& city_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::vector<std::string_view> fields_;
  std::array<std::optional<std::size_t>, kPackageColumns.size()> places_;
  std::size_t width_ = 0, row_ = 1;
};

}  // namespace

engine::planning::CityPlan change_plan(const engine::planning::CityPlan& start,
                                       const std::vector<engine::planning::PlanChange>& changes,
                                       const std::string& file) {
  try {
    return engine::planning::apply(start, changes);
  } catch (const InputError& error) {
    throw InputError(error.code, datasets::plan_scenario_place(error.where, file),
                     std::string(error.what()).substr(error.where.empty() ? 0 : error.where.size() + 2));
  }
}

std::vector<PlanRow> read_plan_rows(const std::string& file, const PlanCity& city) {
  return PlanRowReader(file, city).read();
}

std::string plan_rows_csv(const std::vector<PlanRow>& rows) {
  std::string out = "unit,stage,from_year,to_year,schools,kind";
  for (const PlanRow& row : rows) {
    std::string schools;
    for (const std::string& id : row.schools) schools += (schools.empty() ? "" : "+") + id;
    out += "\n" + csv_field(row.unit) + "," + std::string(engine::to_word(row.stage)) + "," +
           std::to_string(row.from_year) + "," + std::to_string(row.to_year) + "," + csv_field(schools) + "," +
           row.kind;
  }
  return out;
}

}  // namespace catchment::cli
