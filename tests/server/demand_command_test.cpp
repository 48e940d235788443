// `catchment demand fit|forecast|backtest|seats|warn` from outside, on a made-up city.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <thread>

#include "datasets/city_package.hpp"
#include "datasets/package_writer.hpp"
#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace run = catchment::testing;

constexpr int kBaseYear = 2026;

using Table = std::vector<std::map<std::string, std::string>>;

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '"') {
      cells.back() += c;
    }
  }
  return cells;
}

Table read_csv(const std::string& text) {
  Table table;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  const auto heads = cells_of(line);
  while (std::getline(lines, line)) {
    const auto cells = cells_of(line);
    EXPECT_EQ(cells.size(), heads.size()) << line;
    auto& row = table.emplace_back();
    for (std::size_t i = 0; i < std::min(cells.size(), heads.size()); ++i) row[heads[i]] = cells[i];
  }
  return table;
}

class DemandCommand : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    made_ = std::make_unique<run::TempDir>();
    const auto made = run::run_catchment(*made_, "synth city.gpkg --seed 5 --schools 12 --addresses 2000");
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }
  static void TearDownTestSuite() { made_.reset(); }
  void SetUp() override { std::filesystem::copy(*made_ / "city.gpkg", dir_ / "city.gpkg"); }

  // What a command that must be refused says, and where; its exit code is checked.
  json error_of(const std::string& arguments) const {
    const run::Outcome outcome = run::run_catchment(dir_, arguments + " --json -");
    EXPECT_EQ(outcome.exit_code, 2) << arguments << "\n" << outcome.out << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("catchment: "));
    return json::parse(outcome.out, nullptr, false);
  }
  std::string file(const std::string& name) const { return run::read_file(dir_ / name); }
  // Names in the folder beside the city and what the runner leaves.
  std::vector<std::string> others() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) {
      const std::string name = entry.path().filename().string();
      if (name != "city.gpkg" && name != "stdout.txt" && name != "stderr.txt" && !name.ends_with(".lock")) {
        names.push_back(name);
      }
    }
    std::ranges::sort(names);
    return names;
  }
  datasets::CityPackage package() const { return datasets::CityPackage::open(dir_ / "city.gpkg"); }

  static std::unique_ptr<run::TempDir> made_;
  run::TempDir dir_;
};
std::unique_ptr<run::TempDir> DemandCommand::made_;

TEST_F(DemandCommand, FitGivesEveryRatioWithItsSampleAndItsLevel) {
  const json fit = run::run_json(dir_, "demand fit city.gpkg");
  EXPECT_EQ(fit.at("base_year"), kBaseYear);
  EXPECT_EQ(fit.at("schools").size(), package().schools().size());
  EXPECT_GE(fit.at("city").at("ageing").size(), 6u);
  for (const json& school : fit.at("schools")) {
    for (const json& step : school.at("progression")) {
      EXPECT_GT(step.at("value").get<double>(), 0.5) << school.at("id");
      EXPECT_LT(step.at("value").get<double>(), 2) << school.at("id");
      EXPECT_TRUE(step.contains("sample") && step.contains("log_sd") && step.contains("from"));
    }
  }
  EXPECT_EQ(fit.at("calibration").at("factors").size(), 6u * 12u);
  for (const json& factor : fit.at("calibration").at("factors")) EXPECT_TRUE(factor.at("kind").is_string());
  for (const json& district : fit.at("districts")) {
    for (const json& entry : district.at("entry")) EXPECT_GT(entry.at("log_sd").get<double>(), 0);
  }
  for (const json& entry : fit.at("city").at("entry")) EXPECT_GT(entry.at("log_sd").get<double>(), 0);
  EXPECT_GT(fit.at("calibration").at("origins").get<int>(), 2);
  const run::Outcome printed = run::run_catchment(dir_, "demand fit city.gpkg --school S0001");
  EXPECT_EQ(printed.exit_code, 0);
  EXPECT_THAT(printed.out, HasSubstr("into grade 2"));
  EXPECT_THAT(printed.out, HasSubstr("seen on"));
  EXPECT_THAT(printed.out, HasSubstr("school S0001"));
  EXPECT_THAT(printed.out, HasSubstr("district D01"));
  for (const char* kind : {"entry", "arriving", "sitting", "zone_children", "city_grade", "city_stage"}) {
    EXPECT_THAT(printed.out, HasSubstr("\n  " + std::string(kind) + "  "));
  }
}

TEST_F(DemandCommand, ForecastHasARowForEverySchoolGradeAndYearAndForZonesAndCity) {
  const run::Outcome outcome =
      run::run_catchment(dir_, "demand forecast city.gpkg --horizon 3 --draws 200 --out f.csv");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string text = file("f.csv");
  EXPECT_THAT(text, StartsWith("area,id,name,stage,grade,school_year,mean,median,low_50,high_50,low_80,high_80,low_90,"
                               "high_90,shrunk,from\n"));
  const Table rows = read_csv(text);
  std::map<std::string, std::size_t> count;
  std::map<std::pair<std::string, std::string>, double> sums;
  for (const auto& row : rows) {
    ++count[row.at("area")];
    if (row.at("area") == "school") sums[{row.at("grade"), row.at("school_year")}] += std::stod(row.at("mean"));
  }
  std::size_t expected = 0;
  for (const engine::School& school : package().schools()) {
    for (const engine::Stage stage : school.stages) expected += stage == engine::Stage::primary ? 18 : 9;
  }
  EXPECT_EQ(count["school"], expected);
  EXPECT_EQ(count["zone"], 3 * (package().zones({engine::Stage::primary, 2026, "general"}).size() +
                                package().zones({engine::Stage::junior, 2026, "general"}).size()));
  EXPECT_EQ(count["city"], 3u * (9 + 2));
  for (const auto& row : rows) {
    const auto figure = [&](const char* name) { return std::stod(row.at(name)); };
    EXPECT_LE(figure("low_90"), figure("low_80"));
    EXPECT_LE(figure("low_50"), figure("median"));
    EXPECT_LE(figure("high_80"), figure("high_90"));
    if (row.at("area") != "city" || row.at("grade") == "all") continue;
    EXPECT_NEAR(figure("mean"), (sums[{row.at("grade"), row.at("school_year")}]), 0.5) << row.at("grade");
  }
}

TEST_F(DemandCommand, SameSeedSameBytesAtAnyThreadCount) {
  const std::string common = "demand forecast city.gpkg --horizon 4 --draws 200 ";
  ASSERT_EQ(run::run_catchment(dir_, common + "--threads 1 --out a.csv --report a.html").exit_code, 0);
  ASSERT_EQ(run::run_catchment(dir_, common + "--threads 2 --out b.csv --report b.html").exit_code, 0);
  ASSERT_EQ(run::run_catchment(dir_, common + "--seed 2 --out c.csv").exit_code, 0);
  EXPECT_EQ(file("a.csv"), file("b.csv"));
  EXPECT_EQ(file("a.html"), file("b.html"));
  EXPECT_NE(file("a.csv"), file("c.csv"));
}

TEST_F(DemandCommand, ForecastAsJsonAndAsGeoPackageHoldTheSameFigures) {
  ASSERT_EQ(run::run_catchment(dir_, "demand forecast city.gpkg --horizon 2 --draws 200 --out f.gpkg").exit_code, 0);
  const json forecast = run::run_json(dir_, "demand forecast city.gpkg --horizon 2 --draws 200");
  EXPECT_EQ(forecast.at("synthetic"), true);
  const json& zone = forecast.at("zones").at(0);
  const run::Outcome told = run::run_command(
      dir_, "ogrinfo -q f.gpkg zone_forecast -geom=NO -where \"zone_id = '" + zone.at("id").get<std::string>() +
                "' AND school_year = 2027 AND stage = '" + zone.at("stage").get<std::string>() + "'\"");
  ASSERT_EQ(told.exit_code, 0) << told.err;
  char mean[40];
  std::snprintf(mean, sizeof mean, "mean (Real) = %.12g\n", zone.at("years").at(0).at("mean").get<double>());
  EXPECT_THAT(told.out, HasSubstr(mean));
  const run::Outcome points = run::run_command(dir_, "ogrinfo -so f.gpkg campus_forecast");
  EXPECT_THAT(points.out, HasSubstr("Geometry: Point"));
}

TEST_F(DemandCommand, AScenarioMovesChildrenFromOneSchoolToAnother) {
  const json before = run::run_json(dir_, "demand forecast city.gpkg --horizon 2 --draws 200");
  const auto zones = package().zones({engine::Stage::primary, 2026, "general"});
  const std::string from = zones.at(0).school_ids.at(0), to = zones.at(1).school_ids.at(0);
  run::write_file(dir_ / "s.json", R"([{"change":"merge_school","from_year":2027,"school":")" + from + R"(","into":")" +
                                       to + R"(","note":"too few"}])");
  const json after = run::run_json(dir_, "demand forecast city.gpkg --horizon 2 --draws 200 --scenario s.json");
  const auto entrants = [](const json& forecast, const std::string& id) {
    for (const json& school : forecast.at("schools")) {
      if (school.at("id") != id || school.at("grades").empty()) continue;
      return school.at("grades").at(0).at("years").at(0).at("mean").get<double>();
    }
    return 0.0;
  };
  EXPECT_GT(entrants(before, from), 1);
  EXPECT_LT(entrants(after, from), 1);
  EXPECT_GT(entrants(after, to), entrants(before, to) + 1);
}

TEST_F(DemandCommand, APlanOfThePackageStandsForItsZones) {
  const auto plans = package().plans();
  ASSERT_FALSE(plans.empty());
  const std::string plan = plans.front().id;
  {
    // All units of the plan to its first school.
    std::string school;
    std::vector<engine::PlanUnit> rows;
    for (engine::PlanUnit row : package().plan_units()) {
      if (row.plan_id != plan) continue;
      if (school.empty()) school = row.school_id;
      row.school_id = school;
      rows.push_back(row);
    }
    datasets::PackageWriter writer(dir_ / "city.gpkg", datasets::PackageWriter::Start::from_existing);
    for (const engine::PlanUnit& row : rows) writer.add(row);
    writer.commit();
  }
  const json zones = run::run_json(dir_, "demand forecast city.gpkg --horizon 1 --draws 200");
  const json planned = run::run_json(dir_, "demand forecast city.gpkg --horizon 1 --draws 200 --plan " + plan);
  std::size_t more = 0, fewer = 0;
  for (std::size_t i = 0; i < zones.at("schools").size(); ++i) {
    const json& a = zones.at("schools").at(i);
    const json& b = planned.at("schools").at(i);
    if (a.at("grades").empty() || a.at("grades").at(0).at("grade") != 1) continue;
    const double was = a.at("grades").at(0).at("years").at(0).at("mean"),
                 is = b.at("grades").at(0).at("years").at(0).at("mean");
    more += is > was * 1.5 ? 1 : 0, fewer += is < was * 0.7 ? 1 : 0;
  }
  EXPECT_EQ(more, 1u);
  EXPECT_GE(fewer, 3u);
  EXPECT_EQ(error_of("demand forecast city.gpkg --plan nowhere").at("code"), "plan_unknown");
}

TEST_F(DemandCommand, BacktestStandsBesideEveryBaselineAndClaimsOnlyWhatIsShown) {
  const json report =
      run::run_json(dir_, "demand backtest city.gpkg --horizon 2 --draws 200 --first-origin 2021 --out b.csv");
  ASSERT_FALSE(report.at("rows").empty());
  for (const json& row : report.at("rows")) {
    EXPECT_EQ(row.at("baselines").size(), 5u);
    EXPECT_EQ(row.at("coverage").size(), 3u);
    for (const json& beside : row.at("baselines")) {
      const double gain = beside.at("gain"), se = beside.at("gain_se");
      const std::string verdict = beside.at("verdict");
      EXPECT_EQ(verdict == "worse", beside.at("errors").at("n") != 0 && gain + 1.645 * se < 0) << beside;
      EXPECT_THAT(verdict, ::testing::AnyOf("better", "not shown better", "worse", "no cases"));
      EXPECT_EQ(verdict == "better", beside.at("errors").at("n") != 0 && gain - 1.645 * se > 0);
    }
  }
  EXPECT_THAT(file("b.csv"), StartsWith("ahead,group,forecast,n,mape,mae,bias,rmse,coverage_50,"));
  for (const auto& row : read_csv(file("b.csv"))) EXPECT_EQ(row.at("forecast") == "model", row.at("verdict").empty());
  const run::Outcome printed =
      run::run_catchment(dir_, "demand backtest city.gpkg --horizon 1 --draws 200 --first-origin 2023");
  EXPECT_EQ(printed.exit_code, 0);
  EXPECT_THAT(printed.out, HasSubstr("MAPE"));
  EXPECT_THAT(printed.out, HasSubstr("the model is "));
  EXPECT_THAT(printed.out, HasSubstr("coverage"));
  EXPECT_EQ(error_of("demand backtest city.gpkg --first-origin 1950").at("code"), "demand_base_year");
}

TEST_F(DemandCommand, EveryLineOfTheSeatLedgerBalances) {
  ASSERT_EQ(run::run_catchment(dir_, "demand seats city.gpkg --horizon 2 --draws 200 --out s.csv").exit_code, 0);
  const Table rows = read_csv(file("s.csv"));
  ASSERT_FALSE(rows.empty());
  for (const auto& row : rows) {
    const auto n = [&](const char* name) { return std::stoi(row.at(name)); };
    EXPECT_EQ(n("seats") + n("purchased") + n("over"), n("sitting") + n("reserved_promotion") + n("reserved_estate") +
                                                           n("reserved_policy") + n("sold") + n("buffer") + n("free"))
        << row.at("admission_unit") << " " << row.at("school_year") << " " << row.at("grade");
  }
  const auto is_base = [](const auto& row) { return row.at("school_year") == "2026"; };
  std::int64_t pupils = 0, sitting = 0;
  for (const engine::Enrolment& e : package().enrolment()) pupils += e.school_year == kBaseYear ? e.pupils : 0;
  for (const auto& row : rows) sitting += is_base(row) ? std::stoi(row.at("sitting")) : 0;
  EXPECT_EQ(sitting, pupils);
  const json ledger = run::run_json(dir_, "demand seats city.gpkg --horizon 2 --draws 200");
  EXPECT_EQ(ledger.at("units").size(), rows.size());
  EXPECT_FALSE(ledger.at("campuses").empty());
  const run::Outcome campuses =
      run::run_catchment(dir_, "demand seats city.gpkg --horizon 1 --draws 200 --by campus --out -");
  EXPECT_THAT(campuses.out, StartsWith("campus,school,name,school_year,rooms,rooms_known,rooms_used\n"));
}

class DemandWarn : public DemandCommand {
 protected:
  // Every campus has this many rooms from the next year on.
  void set_rooms(int rooms) const {
    std::vector<engine::CampusRooms> rows;
    for (const engine::Campus& campus : package().campuses()) rows.push_back({campus.id, kBaseYear + 1, rooms});
    datasets::PackageWriter writer(dir_ / "city.gpkg", datasets::PackageWriter::Start::from_existing);
    for (const engine::CampusRooms& row : rows) writer.add(row);
    writer.commit();
  }
};

TEST_F(DemandWarn, WithoutRoomsEverySchoolIsWarnedOfAndTheExitCodeSaysSo) {
  set_rooms(0);
  const run::Outcome outcome =
      run::run_catchment(dir_, "demand warn city.gpkg --horizon 2 --draws 200 --json w.json --out w.csv");
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  const json warnings = json::parse(file("w.json")).at("warnings");
  ASSERT_FALSE(warnings.empty());
  std::size_t red = 0;
  for (const json& w : warnings) {
    if (w.at("level") != "red") continue;
    ++red;
    EXPECT_EQ(w.at("kind"), "shortage");
    EXPECT_GE(w.at("probability").get<double>(), 0.5);
    EXPECT_FALSE(w.at("relief").at("classes").is_null()) << w;
    EXPECT_THAT(w.at("message").get<std::string>(), HasSubstr("children expected"));
  }
  EXPECT_GT(red, 5u);
  EXPECT_EQ(read_csv(file("w.csv")).size(), warnings.size());
  ASSERT_EQ(run::run_catchment(dir_, "demand warn city.gpkg --horizon 2 --draws 200 --out w.gpkg").exit_code, 1);
  EXPECT_THAT(run::run_command(dir_, "ogrinfo -so w.gpkg zone_warning").out, HasSubstr("Multi Polygon"));
}

TEST_F(DemandWarn, WithRoomsInPlentyNoShortageIsLeft) {
  set_rooms(400);
  {
    // The published plans would hold the entry grades down.
    std::vector<engine::AdmissionPlan> plans = package().admission_plans();
    datasets::PackageWriter writer(dir_ / "city.gpkg", datasets::PackageWriter::Start::from_existing);
    for (engine::AdmissionPlan& plan : plans) {
      plan.classes = 400, plan.seats.reset();
      writer.add(plan);
    }
    writer.commit();
  }
  const run::Outcome outcome = run::run_catchment(dir_, "demand warn city.gpkg --horizon 4 --draws 200 --json -");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const json warnings = json::parse(outcome.out).at("warnings");
  ASSERT_FALSE(warnings.empty());
  for (const json& w : warnings) EXPECT_NE(w.at("kind"), "shortage");
}

TEST_F(DemandCommand, BadInputIsRefusedByPlace) {
  const auto scenario = [&](const std::string& text) {
    run::write_file(dir_ / "s.json", text);
    return error_of("demand forecast city.gpkg --horizon 2 --draws 200 --scenario s.json --out f.csv");
  };
  json error = scenario(R"([{"change":"close_school","from_year":2027,"school":"NONE"}])");
  EXPECT_EQ(error.at("where"), "s.json#/0");
  EXPECT_EQ(error.at("message"), "s.json#/0: the school NONE is not known");
  std::string planned;  // delaying what is built already would be refused first
  for (const engine::Housing& project : package().housing()) {
    if (project.completion_year > 2026) planned = project.id;
  }
  ASSERT_FALSE(planned.empty());
  error = scenario(R"([{"change":"delay_housing","id":")" + planned + R"(","completion_year":2036},
                       {"change":"close_school","from_year":2050,"school":"S0001"}])");
  EXPECT_EQ(error.at("where"), "s.json#/1");
  EXPECT_THAT(error.at("message").get<std::string>(), HasSubstr("2027 to 2028, not 2050"));
  error = scenario(R"([{"change":"close_school","from_year":"soon","school":"S0001"}])");
  EXPECT_EQ(error.at("code"), "scenario_type");
  EXPECT_EQ(error.at("where"), "s.json#/0/from_year");
  error = scenario(R"([{"change":"close_school","from_year":2027,"school":"S0001","into":"S0002"}])");
  EXPECT_EQ(error.at("code"), "scenario_key");
  EXPECT_EQ(scenario(R"([{"change":"wish"}])").at("where"), "s.json#/0/change");
  EXPECT_EQ(scenario("[]").at("code"), "scenario_value");
  EXPECT_EQ(scenario("[{").at("code"), "scenario_json");
  EXPECT_EQ(error_of("demand forecast city.gpkg --scenario missing.json").at("code"), "scenario_open");
  EXPECT_EQ(error_of("demand forecast city.gpkg --rules missing.json").at("code"), "rules_open");
  EXPECT_EQ(error_of("demand fit city.gpkg --rules s.json").at("code"), "rules_json");
  EXPECT_EQ(error_of("demand fit city.gpkg --base-year 1950").at("code"), "demand_base_year");
  EXPECT_EQ(error_of("demand fit city.gpkg --school NONE").at("where"), "--school NONE");
  EXPECT_EQ(error_of("demand fit missing.gpkg").at("code"), "package_open");
  EXPECT_EQ(error_of("demand warn city.gpkg --layer primary/1999").at("code"), "layer_unknown");
  EXPECT_EQ(error_of("demand forecast city.gpkg --horizon 2 --map-year 2040 --report r.html").at("where"),
            "--map-year");
  EXPECT_EQ(run::run_catchment(dir_, "demand forecast city.gpkg --horizon 31").exit_code, 64);
  EXPECT_EQ(run::run_catchment(dir_, "demand forecast city.gpkg --draws 5").exit_code, 64);
  EXPECT_EQ(others(), std::vector<std::string>{"s.json"});
}

TEST_F(DemandCommand, APackageWithoutEnrolmentSaysWhatToImport) {
  { datasets::PackageWriter(dir_ / "empty.gpkg", datasets::PackageWriter::Start::empty).commit(); }
  for (const char* command : {"fit", "forecast", "backtest", "seats", "warn"}) {
    const json error = error_of(std::string("demand ") + command + " empty.gpkg");
    EXPECT_EQ(error.at("code"), "demand_no_enrolment") << command;
    EXPECT_THAT(error.at("message").get<std::string>(), HasSubstr("import pupils"));
  }
}

TEST_F(DemandCommand, CtrlCLeavesNoFileAndSaysSoBy130) {
  const std::string package = (dir_ / "city.gpkg").string(), out = (dir_ / "f.csv").string();
  const std::string report = (dir_ / "r.html").string();
  for (const int wait_ms : {150, 400, 1500}) {
    std::string words[] = {CATCHMENT_PROGRAM, "demand", "forecast", package, "--draws",  "100000",
                           "--horizon",       "30",     "--out",    out,     "--report", report};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t child = 0;
    ASSERT_EQ(posix_spawn(&child, CATCHMENT_PROGRAM, nullptr, nullptr, arguments.data(), environ), 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
    ::kill(child, SIGINT);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) {
      EXPECT_EQ(WTERMSIG(status), SIGINT);  // it came while libraries were loaded, before main
    } else {
      EXPECT_EQ(WEXITSTATUS(status), 130);
    }
    EXPECT_EQ(others(), std::vector<std::string>{});
  }
}

}  // namespace
}  // namespace catchment
