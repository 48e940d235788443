// `catchment plan optimize` from outside, on made-up tables.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
