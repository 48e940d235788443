// `catchment plan ensemble` from outside, on made-up tables; no queue but threads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/program.hpp"
#include "tests/server/ensemble_tables.hpp"

namespace catchment {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
namespace run = catchment::testing;

class PlanEnsemble : public ::testing::Test {
 protected:
  void SetUp() override { run::write_ensemble_tables(dir_); }
  auto ensemble(const std::string& more) {
    return run::run_catchment(dir_, "plan ensemble --units units.txt --adjacency borders.txt " + more);
  }
  json ensemble_json(const std::string& more) {
    const auto done = ensemble(more + " --json out.json");
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return json::parse(run::read_file(dir_ / "out.json"));
  }

  run::TempDir dir_;
};

TEST_F(PlanEnsemble, SaysWhereAPlanStands) {
  const json out = ensemble_json("--plan plan.csv --steps 1000 --shards 4 --tolerance 0.3");
  EXPECT_EQ(out["plans"], 4000);
  EXPECT_EQ(out["mixed"], true);
  ASSERT_EQ(out["figures"].size(), 5u);
  EXPECT_EQ(out["figures"][0]["figure"], "cut_edges");
  EXPECT_LT(out["figures"][0]["r_hat"].get<double>(), 1.05);
  EXPECT_EQ(out["zones"].size(), 4u);
  EXPECT_EQ(out["plan"]["legal"], true);
  ASSERT_EQ(out["plan"]["figures"].size(), 3u);
  // Four square quarters: no plan is shorter in borders, few are in ways.
  EXPECT_EQ(out["plan"]["figures"][0]["better"], 0);
  EXPECT_EQ(out["plan"]["figures"][0]["rank"], 1);
  EXPECT_LT(out["plan"]["figures"][2]["better"].get<double>(), 0.05);
}

TEST_F(PlanEnsemble, TheSameBytesWithAnyNumberOfThreads) {
  for (const std::string method : {"recom", "revrecom", "flip"}) {
    const std::string arguments = "--steps 400 --shards 5 --method " + method + " --json - --threads ";
    const auto none = ensemble(arguments + "0"), three = ensemble(arguments + "3");
    EXPECT_EQ(none.exit_code, 0) << none.err;
    EXPECT_EQ(none.out, three.out);
    EXPECT_NE(none.out, ensemble(arguments + "1 --seed 2").out);
  }
}

TEST_F(PlanEnsemble, AnIllegalPlanIsPlacedAndItsBreachesNamed) {
  std::string rows = run::read_file(dir_ / "plan.csv");
  rows.replace(rows.find("u0,u9"), 5, "u0,u54");  // the corner to the quarter opposite
  run::write_file(dir_ / "plan.csv", rows);
  const json out = ensemble_json("--plan plan.csv --steps 50 --shards 2");
  EXPECT_EQ(out["plan"]["legal"], false);
  EXPECT_THAT(out["plan"]["breaches"][0].get<std::string>(), HasSubstr("in 2 pieces"));
}

TEST_F(PlanEnsemble, WithoutALegalPlanItSaysWhyAndExitsWithOne) {
  run::write_file(dir_ / "borders.txt", "ID1,ID2\nu0,u1\n");
  const auto done = ensemble("--json out.json");
  EXPECT_EQ(done.exit_code, 1) << done.err;
  EXPECT_THAT(done.out, HasSubstr("parts_without_zones"));
  const json out = json::parse(run::read_file(dir_ / "out.json"));
  EXPECT_EQ(out["plans"], 0);
  EXPECT_EQ(out["findings"][0]["kind"], "parts_without_zones");
}

TEST_F(PlanEnsemble, BadPlansAreRefusedWithRowAndField) {
  const auto refused = [&](const std::string& text, const std::string& what) {
    run::write_file(dir_ / "plan.csv", text);
    const auto done = ensemble("--plan plan.csv");
    EXPECT_EQ(done.exit_code, 2);
    EXPECT_THAT(done.err, HasSubstr(what));
  };
  refused("unit,school\nu0,u9\nu0,u9\n", "unit u0 stands there twice");
  refused("unit,school\nu0,u1\n", "school u1 is unknown");
  refused("unit,school\nx,u9\n", "unit x is unknown");
  refused("unit,school\nu0,u9\n", "no row for unit u1");
  refused("unit\nu0\n", "no column school");
}

TEST_F(PlanEnsemble, CancelledItWritesNothing) {
  const auto done = run::run_command(dir_, "timeout --preserve-status -s INT 0.5 " + std::string(CATCHMENT_PROGRAM) +
                                               " plan ensemble --units units.txt --adjacency borders.txt"
                                               " --steps 1000000000 --json out.json --threads 2");
  EXPECT_EQ(done.exit_code, 130);
  EXPECT_FALSE(std::filesystem::exists(dir_ / "out.json"));
  EXPECT_EQ(done.out, "");
}

}  // namespace
}  // namespace catchment
