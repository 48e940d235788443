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

}  // namespace
}  // namespace catchment
