// `catchment plan optimize` from outside, on made-up tables, and `plan apply` on a made-up city.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "datasets/city_package.hpp"
#include "datasets/package_writer.hpp"
#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
namespace run = catchment::testing;

constexpr const char* kHead = "OID\tpop\tPointX\tPointY\tfcadidature\tfcost\tfcapacity\n";

class PlanCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    // Four units in a row, a km apart, a school at each end.
    run::write_file(dir_ / "units.txt", std::string(kHead) +
                                            "a\t10\t0\t0\t1\t0\t25\nb\t10\t1000\t0\t0\t0\t0\n"
                                            "c\t10\t2000\t0\t0\t0\t0\nd\t10\t3000\t0\t1\t0\t20\n");
    run::write_file(dir_ / "borders.txt", "\"OID_\",\"ID1\",\"ID2\",\"dist12\"\n,a,b,1\n,b,a,1\n,b,c,1\n,c,d,1\n");
  }
  auto optimize(const std::string& more) {
    return run::run_catchment(dir_, "plan optimize --units units.txt --adjacency borders.txt " + more);
  }

  run::TempDir dir_;
};

TEST_F(PlanCommand, ATinyPlanIsOptimalAndPrintedWhole) {
  const auto done = optimize("--rounds 2 --seed 3 --json plan.json");
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("objective 20.000000"));
  const json plan = json::parse(run::read_file(dir_ / "plan.json"));
  EXPECT_EQ(plan["feasible"], true);
  EXPECT_NEAR(plan["objective"].get<double>(), 20, 1e-9);
  EXPECT_LE(plan["bound"].get<double>(), 20 + 1e-9);
  EXPECT_EQ(plan["assignment"], (json{{"a", "a"}, {"b", "a"}, {"c", "d"}, {"d", "d"}}));
}

TEST_F(PlanCommand, WithoutAPlanItSaysWhichUnitsAndSeatsAreInConflict) {
  run::write_file(dir_ / "units.txt", std::string(kHead) +
                                          "a\t10\t0\t0\t1\t0\t15\nb\t10\t1000\t0\t0\t0\t0\n"
                                          "c\t10\t2000\t0\t0\t0\t0\nd\t10\t3000\t0\t1\t0\t24\n");
  const auto done = optimize("--seconds 1 --json plan.json");
  EXPECT_EQ(done.exit_code, 1) << done.err;
  const json plan = json::parse(run::read_file(dir_ / "plan.json"));
  EXPECT_EQ(plan["status"], "infeasible");
  EXPECT_EQ(plan["feasible"], false);
  ASSERT_FALSE(plan["findings"].empty());
  EXPECT_TRUE(plan["assignment"].empty());
}

TEST_F(PlanCommand, BadRowsAreRefusedWithFileRowAndField) {
  const auto refused = [&](const std::string& file, const std::string& text, const std::string& where,
                           const std::string& what) {
    SetUp();
    run::write_file(dir_ / file, text);
    const auto done = optimize("--seconds 1");
    EXPECT_EQ(done.exit_code, 2) << text;
    EXPECT_THAT(done.err, HasSubstr(where));
    EXPECT_THAT(done.err, HasSubstr(what));
  };
  const std::string head = kHead;
  refused("units.txt", head + "a\tx\t0\t0\t1\t0\t25\n", "units.txt:2", "pop is no number");
  refused("units.txt", head + "a\t1.5\t0\t0\t1\t0\t25\n", "units.txt:2", "pop is no whole number");
  refused("units.txt", head + "a\t1\t0\t0\t1\t0\t-5\n", "units.txt:2", "fcapacity is out of range");
  refused("units.txt", head + "a\t1\tnan\t0\t1\t0\t5\n", "units.txt:2", "PointX is no number");
  refused("units.txt", head + "a\t1\t0\t0\t1\t0\t5\na\t1\t0\t0\t1\t0\t5\n", "units.txt:3", "OID a stands there twice");
  refused("units.txt", head + "a\t1\t0\n", "units.txt:2", "3 fields instead of 7");
  refused("units.txt", "OID\tpop\n", "units.txt:1", "no column PointX");
  refused("units.txt", head, "units.txt", "no rows");
  refused("borders.txt", "ID1,ID2\na,q\n", "borders.txt:2", "ID2 q is no unit");
  refused("borders.txt", "", "borders.txt", "is empty");
}

class PlanApply : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    made_ = std::make_unique<run::TempDir>();
    const auto made = run::run_catchment(*made_, "synth raw.gpkg --seed 5 --schools 12 --addresses 2000");
    ASSERT_EQ(made.exit_code, 0) << made.err;
    // Addresses with neither unit nor position, which no plan can answer, get a unit.
    std::filesystem::copy(*made_ / "raw.gpkg", *made_ / "city.gpkg");
    const auto package = datasets::CityPackage::open(*made_ / "raw.gpkg");
    datasets::PackageWriter writer(*made_ / "city.gpkg", datasets::PackageWriter::Start::from_existing);
    package.for_each_address([&](engine::Address address) {
      if (!address.unit_id.empty() || address.position) return true;
      address.unit_id = package.units().front().id;
      writer.add(address);
      return true;
    });
    writer.commit();
  }
  static void TearDownTestSuite() { made_.reset(); }
  void SetUp() override {
    std::filesystem::copy(*made_ / "city.gpkg", dir_ / "city.gpkg");
    const auto package = datasets::CityPackage::open(dir_ / "city.gpkg");
    for (const engine::PlanUnit& row : package.plan_units()) units_[row.school_id].push_back(row.unit_id);
    ASSERT_GE(units_.size(), 5u);
    from_ = units_.begin()->first;
    to_ = std::next(units_.begin())->first;
  }

  auto apply(const std::string& more) { return run::run_catchment(dir_, "plan apply city.gpkg " + more); }
  void write_scenario(const json& changes) { run::write_file(dir_ / "s.json", changes.dump()); }
  json reassign(const std::string& unit, int from_year = 2028) const {
    return {{"change", "reassign_units"},
            {"stage", "primary"},
            {"from_year", from_year},
            {"units", json::array({unit})},
            {"school", to_}};
  }
  std::string file(const std::string& name) const { return run::read_file(dir_ / name); }
  bool there(const std::string& name) const { return std::filesystem::exists(dir_ / name); }

  static std::unique_ptr<run::TempDir> made_;
  run::TempDir dir_;
  std::map<std::string, std::vector<std::string>> units_;  // of the package's plan, by school
  std::string from_, to_;
};
std::unique_ptr<run::TempDir> PlanApply::made_;

TEST_F(PlanApply, TheZonesOfThePackageAreThePlanOneBeginsWith) {
  const auto done = apply("--no-text --units units.csv --json plan.json");
  EXPECT_EQ(done.exit_code, 0) << done.out << done.err;
  const json plan = json::parse(file("plan.json"));
  EXPECT_EQ(plan["certificate"]["holds"], true);
  EXPECT_EQ(plan["base_year"], 2026);
  EXPECT_TRUE(plan["changes"].empty());
  const json& line = plan["certificate"]["lines"][0];
  EXPECT_EQ(line["one_school"].get<int>() + line["shared"].get<int>() + line["none"].get<int>(), 2000);
  const auto package = datasets::CityPackage::open(dir_ / "city.gpkg");
  std::set<std::string> zones;
  for (const json& zone : plan["zones"]) {
    if (zone["stage"] == "primary") zones.insert(zone["zone"]);
  }
  EXPECT_EQ(zones.size(), package.zones({engine::Stage::primary, 2026, "general"}).size());
}

TEST_F(PlanApply, AScenarioGivesTheSameBytesAgainAndForAnyNumberOfThreads) {
  write_scenario(
      {reassign(units_[from_].front()),
       {{"change", "lock_units"}, {"units", json::array({units_[from_].back()})}, {"reason", "r"}, {"owner", "o"}}});
  const auto done = apply("--scenario s.json --no-text --out z.csv --json a.json --threads 1");
  EXPECT_EQ(done.exit_code, 0) << done.out << done.err;
  EXPECT_THAT(done.out, HasSubstr("0 reassign_units: 1 units answer otherwise"));
  EXPECT_THAT(done.out, HasSubstr("every address has exactly one answer"));
  const std::string csv = file("z.csv");
  EXPECT_EQ(apply("--scenario s.json --no-text --out z.csv --json b.json --threads 3").exit_code, 0);
  EXPECT_EQ(file("z.csv"), csv);
  EXPECT_EQ(file("a.json"), file("b.json"));
  EXPECT_EQ(apply("--scenario s.json --out z.geojson").exit_code, 0);
  const std::string geojson = file("z.geojson");
  // Two editions of primary zones, and the moved unit in another zone from its year on.
  const json map = json::parse(geojson);
  std::set<int> begins;
  for (const json& f : map["features"]) {
    if (f["properties"]["stage"] == "primary") begins.insert(f["properties"]["from_year"].get<int>());
    EXPECT_EQ(f["geometry"]["type"], "MultiPolygon");
    EXPECT_FALSE(f["properties"]["text"].get<std::string>().empty());
  }
  EXPECT_EQ(begins, (std::set<int>{2027, 2028}));
  EXPECT_THAT(csv, HasSubstr("primary,2027,2027," + from_));
}

TEST_F(PlanApply, AddressesThatNoUnitHasBreakTheCertificate) {
  std::filesystem::copy(*made_ / "raw.gpkg", dir_ / "raw.gpkg");
  const auto done = run::run_catchment(dir_, "plan apply raw.gpkg --no-text");
  EXPECT_EQ(done.exit_code, 1);
  EXPECT_THAT(done.out, HasSubstr("6 addresses are of no unit"));
}

TEST_F(PlanApply, WhatCannotBeIsRefusedWithItsPlaceAndNothingIsWritten) {
  const auto refused = [&](const json& changes, const std::string& code, const std::string& where) {
    write_scenario(changes);
    const auto done = apply(
        "--scenario s.json --no-text --out z.csv --units u.csv --write-plan new --package-out p.gpkg --json e.json");
    EXPECT_EQ(done.exit_code, 2) << done.out << done.err;
    const json error = json::parse(file("e.json"));
    EXPECT_EQ(error["code"], code);
    EXPECT_EQ(error["where"], where);
    EXPECT_FALSE(there("z.csv") || there("u.csv") || there("p.gpkg"));
  };
  const std::string unit = units_[from_].front();
  refused(json::array({json{{"change", "burn"}}}), "scenario_value", "s.json#/0/change");
  refused({reassign(unit), reassign("U999999")}, "plan_unknown", "s.json#/1/units/0");
  refused(json::array({reassign(unit, 2026)}), "plan_year", "s.json#/0/from_year");
  refused({{{"change", "lock_units"}, {"units", json::array({unit})}, {"reason", "r"}, {"owner", "o"}}, reassign(unit)},
          "plan_locked", "s.json#/1/units/0");
  refused(json::array({json{{"change", "close_school"}, {"school", from_}, {"from_year", 2028}}}), "plan_school",
          "s.json#/0/school");
  EXPECT_EQ(apply("--no-text --out z.txt").exit_code, 2);
  EXPECT_EQ(apply("--no-text --write-plan general --package-out p.gpkg").exit_code, 2);
  EXPECT_EQ(apply("--no-text --write-plan new --package-out city.gpkg").exit_code, 2);
  EXPECT_FALSE(there("p.gpkg"));
}

TEST_F(PlanApply, TheTableOfUnitsIsReadAsThePlanItSays) {
  write_scenario(json::array({reassign(units_[from_].front())}));
  ASSERT_EQ(apply("--scenario s.json --no-text --units u.csv --out a.csv").exit_code, 0);
  ASSERT_EQ(apply("--assignment u.csv --no-text --units v.csv --out b.csv").exit_code, 0);
  EXPECT_EQ(file("u.csv"), file("v.csv"));
  EXPECT_EQ(file("a.csv"), file("b.csv"));
  run::write_file(dir_ / "w.csv",
                  "unit,stage,schools\n" + units_[from_].front() + ",primary," + from_ + "+" + to_ + "\n");
  const auto done = apply("--assignment w.csv --no-text");
  EXPECT_EQ(done.exit_code, 1);  // of all other units nobody says anything
  EXPECT_THAT(done.out, HasSubstr("unassigned"));
  run::write_file(dir_ / "w.csv", "unit,stage,schools\n" + units_[from_].front() + ",primary,nobody\n");
  EXPECT_THAT(apply("--assignment w.csv --no-text").err, HasSubstr("w.csv:2"));
}

TEST_F(PlanApply, ACopyOfThePackageHasThePlanAndTheForecastTakesIt) {
  const std::string source = file("city.gpkg");
  write_scenario(json::array({reassign(units_[from_].front(), 2027)}));
  const auto done = apply("--scenario s.json --no-text --write-plan new --package-out p.gpkg --demand d.json");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(file("city.gpkg"), source);
  const auto copy = datasets::CityPackage::open(dir_ / "p.gpkg");
  EXPECT_FALSE(copy.zones({engine::Stage::primary, 2027, "new"}).empty());
  std::string school;
  for (const engine::PlanUnit& row : copy.plan_units()) {
    if (row.plan_id == "new-primary-2027" && row.unit_id == units_[from_].front()) school = row.school_id;
  }
  EXPECT_EQ(school, to_);
  // No file of the work is left but the locks.
  for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) {
    EXPECT_THAT(entry.path().filename().string(), ::testing::Not(HasSubstr("partial")));
  }
  // Told as changes or read as a plan, the forecast is the same.
  const auto with = [&](const std::string& package, const std::string& more) {
    return run::run_catchment(dir_, "demand forecast " + package + " --horizon 3 --draws 100 --seed 2 " + more);
  };
  ASSERT_EQ(with("city.gpkg", "--scenario d.json --out a.csv").exit_code, 0);
  ASSERT_EQ(with("p.gpkg", "--plan new-primary-2027 --out b.csv").exit_code, 0);
  EXPECT_EQ(json::parse(file("d.json")).size(), 1u);
  EXPECT_EQ(apply("--no-text --write-plan new --package-out q.gpkg").exit_code, 0);
  EXPECT_EQ(run::run_catchment(dir_, "plan apply p.gpkg --no-text --write-plan new --package-out q.gpkg").exit_code, 2);
}

TEST_F(PlanApply, RoomsSchoolsAndEstatesChangeOnARealLedger) {
  write_scenario({{{"change", "open_school"},
                   {"school", "S9000"},
                   {"name", "新校"},
                   {"stages", json::array({"primary"})},
                   {"from_year", 2028},
                   {"gates", json::array({{110.5, 33.5}})},
                   {"rooms", 24}},
                  {{"change", "reassign_units"},
                   {"stage", "primary"},
                   {"from_year", 2028},
                   {"units", units_[from_]},
                   {"school", "S9000"}},
                  {{"change", "change_rooms"}, {"campus", to_ + "-1"}, {"from_year", 2029}, {"rooms", 40}},
                  {{"change", "add_housing"},
                   {"id", "H9000"},
                   {"unit", units_[to_].front()},
                   {"kind", "commodity"},
                   {"dwellings", 500},
                   {"completion_year", 2028}},
                  {{"change", "close_school"}, {"school", from_}, {"from_year", 2028}}});
  const auto done = apply("--scenario s.json --no-text --demand d.json --out z.gpkg");
  EXPECT_EQ(done.exit_code, 0) << done.out << done.err;
  EXPECT_TRUE(there("z.gpkg"));
  EXPECT_EQ(run::run_catchment(dir_, "demand forecast city.gpkg --horizon 3 --draws 100 --scenario d.json --out f.csv")
                .exit_code,
            0);
}

TEST_F(PlanApply, EvaluateSaysEveryIndicatorByStageAndYearOrWhyItIsUnknown) {
  write_scenario(json::array({reassign(units_[from_].front())}));
  const auto evaluate = [&](const std::string& more) {
    return run::run_catchment(dir_, "plan evaluate city.gpkg --horizon 4 --draws 100 " + more);
  };
  const auto done = evaluate("--scenario s.json --json a.json");
  ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
  EXPECT_THAT(done.out, HasSubstr("children_moved"));
  const json found = json::parse(file("a.json"));
  std::map<std::string, json> values;  // primary, by id and year
  for (const json& indicator : found["indicators"]) {
    for (const json& v : indicator["values"]) {
      EXPECT_TRUE(v["value"].is_number() || (v["value"] == "unknown" && v.contains("remark"))) << indicator["id"];
      if (v["stage"] == "primary")
        values[indicator["id"].get<std::string>() + std::to_string(v["school_year"].get<int>())] = v["value"];
    }
  }
  EXPECT_EQ(values["children_moved2027"], 0);
  EXPECT_GT(values["children_moved2028"], 0);
  EXPECT_EQ(values["siblings_split2027"], 0);
  EXPECT_EQ(values["siblings_split2028"], "unknown");
  EXPECT_GT(values["walk_mean2028"], 0);
  EXPECT_TRUE(values["schools_over2030"].is_number());
  EXPECT_FALSE(found["schools"].empty());
  EXPECT_EQ(evaluate("--scenario s.json --json b.json --threads 1").exit_code, 0);
  EXPECT_EQ(file("a.json"), file("b.json"));
  EXPECT_EQ(evaluate("--scenario s.json --sibling-share 0.2 --json c.json").exit_code, 0);
  EXPECT_NE(file("a.json"), file("c.json"));
  write_scenario(json::array({reassign("U999999")}));
  const auto refused = evaluate("--scenario s.json");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("s.json#/0/units/0"));
}

TEST_F(PlanApply, ZonesRedrawnWithinLimitsAreAScenarioOfTheOtherCommands) {
  const auto redraw = [&](const std::string& more) {
    return run::run_catchment(dir_, "plan redraw city.gpkg --horizon 4 --rounds 2 --move-share 20 " + more);
  };
  const auto done = redraw("--soft-seats --goal distance=1 --goal seats_over=5000 --json a.json --out a.scenario.json");
  ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
  const json found = json::parse(file("a.json"));
  EXPECT_LE(found["bound"].get<double>(), found["objective"].get<double>());
  EXPECT_LE(found["plan"]["children_over_seats"], found["now"]["children_over_seats"]);
  EXPECT_LE(5 * found["plan"]["units_moved"].get<int>(), found["units"].get<int>());
  EXPECT_EQ(found["changes"], json::parse(file("a.scenario.json")));
  EXPECT_EQ(
      run::run_catchment(dir_, "plan evaluate city.gpkg --horizon 4 --draws 100 --scenario a.scenario.json").exit_code,
      0);
  redraw("--soft-seats --goal distance=1 --goal seats_over=5000 --json b.json");
  EXPECT_EQ(file("a.json"), file("b.json"));
}

TEST_F(PlanApply, ZonesHaveSeatsInTheDemandsDrawsOrItSaysThatTheyCannot) {
  const auto done =
      run::run_catchment(dir_, "plan redraw city.gpkg --horizon 4 --rounds 1 --robust 0.9 --draws 100 --json a.json");
  ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
  const json found = json::parse(file("a.json"));
  EXPECT_GT(found["now"]["children_over_seats"], 0);
  EXPECT_EQ(found["plan"]["children_over_seats"], 0);

  run::run_catchment(dir_, "synth small.gpkg --seed 5 --schools 6 --addresses 500");
  const std::string small = "plan redraw small.gpkg --horizon 2 --rounds 1 --draws 100 ";
  EXPECT_EQ(run::run_catchment(dir_, small + "--robust 1 --json b.json").exit_code, 1);
  EXPECT_EQ(json::parse(file("b.json"))["findings"][0]["kind"], "draws_short");
  const auto refused = run::run_catchment(dir_, small + "--robust 0.9 --soft-seats --goal seats_over=9");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--robust"));
}

TEST_F(PlanApply, ZonesOfAPackageAndChangesOfThemArePlacedAmongManyPlans) {
  const auto place = [&](const std::string& more) {
    const auto done = run::run_catchment(
        dir_, "plan ensemble city.gpkg --horizon 4 --steps 200 --shards 2 --ignore-seats --json e.json " + more);
    EXPECT_EQ(done.exit_code, 0) << done.out << done.err;
    return json::parse(file("e.json"));
  };
  const json now = place("");
  EXPECT_EQ(now["plans"], 400);
  EXPECT_EQ(now["plan"]["legal"], true);
  EXPECT_EQ(place("--threads 3"), now);
  ASSERT_EQ(run::run_catchment(dir_,
                               "plan redraw city.gpkg --horizon 4 --rounds 1 --soft-seats --goal distance=1 --goal "
                               "seats_over=1 --out r.json")
                .exit_code,
            0);
  const json nearer = place("--scenario r.json");
  ASSERT_EQ(nearer["plan"]["figures"][2]["figure"], "distance");
  EXPECT_LT(nearer["plan"]["figures"][2]["value"], now["plan"]["figures"][2]["value"]);

  const auto refused = run::run_catchment(dir_, "plan ensemble city.gpkg --units u.txt --adjacency b.txt");
  EXPECT_EQ(refused.exit_code, 64);
  EXPECT_EQ(run::run_catchment(dir_, "plan ensemble").exit_code, 64);
}

// Killed at whatever moment, a file is the old one or the new one.
TEST_F(PlanApply, AKilledRunLeavesTheOldFileOrTheNewOne) {
  ASSERT_EQ(apply("--no-text --out z.csv").exit_code, 0);
  const std::string old = file("z.csv");
  write_scenario(json::array({reassign(units_[from_].front())}));
  ASSERT_EQ(apply("--scenario s.json --no-text --out new.csv").exit_code, 0);
  // Ever later, until it is not killed any more.
  double after_s = 0.02;
  for (bool killed = true; killed; after_s *= 1.5) {
    run::write_file(dir_ / "z.csv", old);
    killed = run::run_command(dir_, "timeout -s KILL " + std::to_string(after_s) + " " + CATCHMENT_PROGRAM +
                                        " plan apply city.gpkg --scenario s.json --no-text --out z.csv")
                 .exit_code != 0;
    EXPECT_TRUE(file("z.csv") == old || file("z.csv") == file("new.csv")) << after_s;
    ASSERT_LT(after_s, 100);
  }
  EXPECT_EQ(file("z.csv"), file("new.csv"));
}

// The same street as a problem file, with a plan in force, distances from x and y, and two draws of demand.
class PlanProblemFile : public ::testing::Test {
 protected:
  void SetUp() override {
    run::write_file(dir_ / "units.csv",
                    "id,n,x,y,now,a,p\na,10,0,0,A,1,4\nb,10,1000,0,A,1,4\nc,10,2000,0,A,1,4\nd,10,3000,0,D,1,4\n");
    run::write_file(dir_ / "borders.csv", "from,to,m\na,b,1\nb,c,1\nc,d,1\na,d,0\n");
    run::write_file(dir_ / "schools.csv", "id,unit,seats,rooms,zone\nA,a,25,1,\nD,d,20,1,\n");
    run::write_file(dir_ / "draws.csv", "unit,draw,n\na,1,10\nb,1,10\nc,1,10\nd,1,10\nb,2,10\nc,2,20\n");
    problem_ = json::parse(R"({
      "units": {"table": "units.csv", "id": "id", "children": "n", "x": "x", "y": "y", "current": "now",
                "area": "a", "perimeter": "p"},
      "borders": {"table": "borders.csv", "from": "from", "to": "to", "length": "m", "least_length": 0.5},
      "schools": {"table": "schools.csv", "id": "id", "unit": "unit", "seats": "seats", "classes": "rooms"},
      "goals": [{"goal": "distance", "weight": 1}]
    })");
  }
  auto optimize() {
    run::write_file(dir_ / "problem.json", problem_.dump());
    return run::run_catchment(dir_, "plan optimize --problem problem.json --rounds 1 --json plan.json");
  }
  json plan() { return json::parse(run::read_file(dir_ / "plan.json")); }

  run::TempDir dir_;
  json problem_;
};

TEST_F(PlanProblemFile, GoalsAreTakenWithTheirWeightsAndToldApartForThePlanAndTheOneInForce) {
  problem_["goals"] = json::parse(R"([{"goal": "distance", "weight": 2}, {"goal": "moved", "weight": 5},
    {"goal": "balance", "weight": 0.5}, {"goal": "classes_over", "weight": 1, "class_size": 15},
    {"goal": "compactness", "weight": 0.25}, {"goal": "distance_tail", "weight": 1, "beyond_m": 900}])");
  const auto done = optimize();
  EXPECT_EQ(done.exit_code, 0) << done.err;
  const json out = plan();
  EXPECT_EQ(out["distance"], "straight_line");
  EXPECT_EQ(out["assignment"], (json{{"a", "A"}, {"b", "A"}, {"c", "D"}, {"d", "D"}}));
  EXPECT_EQ(out["plan"]["units_moved"], 1);
  EXPECT_EQ(out["plan"]["children_moved"], 10);
  double sum = 0;
  for (const json& goal : out["plan"]["goals"]) sum += goal["weight"].get<double>() * goal["value"].get<double>();
  EXPECT_NEAR(sum, out["objective"].get<double>(), 1e-9);
  EXPECT_EQ(out["plan"]["goals"][0]["value"], 500);
  EXPECT_EQ(out["current"]["goals"][0]["value"], 750);
  EXPECT_EQ(out["current"]["breaches"][0]["kind"], "over_seats");
}

TEST_F(PlanProblemFile, HardLimitsHoldAndTheirConflictIsNamed) {
  problem_["limits"] = {{"units_moved", 0}};
  EXPECT_EQ(optimize().exit_code, 1);
  EXPECT_THAT(plan()["findings"].back()["message"].get<std::string>(), HasSubstr("budget of 0 units"));
  problem_["limits"] = {{"units_moved", 0}, {"seats", false}};
  EXPECT_EQ(optimize().exit_code, 0);
  EXPECT_EQ(plan()["plan"]["units_moved"], 0);
  problem_.erase("limits");
  problem_["locks"] = json::parse(R"([{"unit": "b", "school": "A", "must": false}])");
  EXPECT_EQ(optimize().exit_code, 1);  // d, c and b have 30 children, D 20 seats
}

TEST_F(PlanProblemFile, DemandDrawsAreALimit) {
  problem_["limits"] = {{"seats", false}};
  problem_["draws"] =
      json::parse(R"({"table": "draws.csv", "unit": "unit", "draw": "draw", "children": "n", "share": 1})");
  EXPECT_EQ(optimize().exit_code, 0);
  EXPECT_EQ(plan()["assignment"]["c"], "D");
  run::write_file(dir_ / "draws.csv", "unit,draw,n\na,1,10\nb,1,10\nb,2,20\nc,2,30\n");
  EXPECT_EQ(optimize().exit_code, 1);
  problem_["draws"]["share"] = 0.5;
  EXPECT_EQ(optimize().exit_code, 0);
}

TEST_F(PlanProblemFile, SchoolsThatShareAZoneAreOneWithTheSeatsOfBoth) {
  run::write_file(dir_ / "schools.csv", "id,unit,seats,rooms,zone\nA,a,25,1,z\nC,c,5,1,z\nD,d,20,1,\n");
  problem_["schools"]["zone"] = "zone";
  EXPECT_EQ(optimize().exit_code, 0);
  EXPECT_EQ(plan()["assignment"], (json{{"a", "A+C"}, {"b", "A+C"}, {"c", "A+C"}, {"d", "D"}}));
  EXPECT_EQ(plan()["plan"]["goals"][0]["value"], 250);  // b's children, to the nearest of the two
}

TEST_F(PlanProblemFile, WhatItDoesNotKnowIsRefusedWithAPointer) {
  const json whole = problem_;
  const auto refused = [&](const char* pointer, const json& value, const char* where) {
    problem_ = whole;
    problem_[json::json_pointer(pointer)] = value;
    const auto done = optimize();
    EXPECT_EQ(done.exit_code, 2) << pointer;
    EXPECT_THAT(done.err, HasSubstr(where)) << pointer;
  };
  refused("/limit", 1, "problem.json");
  refused("/units/name", "id", "problem.json#/units");
  refused("/units/children", "pupils", "units.csv:1");
  refused("/goals/0/weight", -1, "problem.json#/goals/0/weight");
  refused("/goals/0/goal", "beauty", "problem.json#/goals/0/goal");
  refused("/goals/0", json{{"goal", "crossings"}, {"weight", 1}}, "problem.json#/goals/0");
  refused("/limits", json{{"seats", 1}}, "problem.json#/limits/seats");
  refused("/locks", json::parse(R"([{"unit": "q", "school": "A"}])"), "problem.json#/locks/0/unit");
  refused("/schools/only", json{{"zone", "none"}}, "problem.json#/schools/table");
}

TEST(Loudoun, PublishedScoresComeOutToEightDigits) {
  run::TempDir dir;
  const std::string golden = CATCHMENT_SOURCE_DIR "/tests/golden/loudoun/";
  const auto scored = [&](const std::string& level, const std::string& column) {
    json problem = json::parse(run::read_file(golden + level + ".json"));
    for (const char* table : {"units", "borders", "schools"}) {
      problem[table]["table"] = golden + problem[table]["table"].get<std::string>();
    }
    if (!column.empty()) {
      problem["current"] = {{"table", golden + "published_plans.csv"}, {"unit", "unit"}, {"school", column}};
    }
    run::write_file(dir / "problem.json", problem.dump());
    run::run_catchment(dir, "plan optimize --problem problem.json --seconds 0.01 --json plan.json");
    return json::parse(run::read_file(dir / "plan.json"))["current"]["objective"].get<double>();
  };
  EXPECT_NEAR(scored("elementary", ""), 18.119282, 5e-7);
  EXPECT_NEAR(scored("middle", ""), 4.956060, 5e-7);
  EXPECT_NEAR(scored("high", ""), 4.934627, 5e-7);
  EXPECT_NEAR(scored("elementary", "elementary"), 14.435917, 2e-6);
  EXPECT_NEAR(scored("middle", "middle"), 3.859771, 2e-6);
  EXPECT_NEAR(scored("high", "high"), 3.262294, 2e-6);
}

}  // namespace
}  // namespace catchment
