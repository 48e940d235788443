// `catchment plan sites` from outside, on made-up tables.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
namespace run = catchment::testing;

class PlanSitesCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    // Four units in a row, a km apart. A school at a may close, one at d stays; b and c may get one, and a second at d
    // may not.
    run::write_file(dir_ / "units.csv", "id,children,x,y\na,10,0,0\nb,40,1000,0\nc,30,2000,0\nd,10,3000,0\n");
    run::write_file(dir_ / "sites.csv",
                    "id,unit,seats,state,open_cost,close_cost\nA,a,60,open,0,500\nB,b,,candidate,1000,\n"
                    "C,c,50,,1000,\nD,d,50,fixed,,\nE,d,,closed,,\n");
  }
  auto sites(const std::string& more) {
    return run::run_catchment(dir_, "plan sites --units units.csv --candidates sites.csv " + more);
  }
  json answer(const std::string& more) {
    EXPECT_EQ(sites(more + " --rounds 50 --json sites.json").exit_code, 0);
    return json::parse(run::read_file(dir_ / "sites.json"));
  }

  run::TempDir dir_;
};

TEST_F(PlanSitesCommand, SaysWhatOpensAndClosesAndThatItIsTheBest) {
  const auto done = sites("--open 2 --rounds 50 --json sites.json");
  EXPECT_EQ(done.exit_code, 0) << done.err;
  // B and D: a walks 1 km, c the same to either.
  EXPECT_THAT(done.out, HasSubstr("4 units, 5 sites: optimal"));
  EXPECT_THAT(done.out, HasSubstr("2 open  objective 41500.000000  bound 41500.000000  gap 0.0000 %"));
  EXPECT_THAT(done.out, HasSubstr("A closes"));
  EXPECT_THAT(done.out, HasSubstr("B opens: "));
  EXPECT_THAT(done.out, HasSubstr("D stays: "));
  const json plan = json::parse(run::read_file(dir_ / "sites.json"));
  EXPECT_EQ(plan["status"], "optimal");
  EXPECT_EQ(plan["site_costs"], 1500);
  EXPECT_EQ(plan["sites"][0]["change"], "closes");
  EXPECT_EQ(plan["sites"][4]["change"], "stays_closed");
  EXPECT_EQ(plan["assignment"]["a"], "B");
  EXPECT_EQ(plan["assignment"]["d"], "D");
}

TEST_F(PlanSitesCommand, WaysOnAGraphAndGivenDistancesCountAsTheyAre) {
  // A junction on the way; the longer of two edges between the same nodes does not count.
  run::write_file(dir_ / "edges.csv", "u,v,metres\na,x,300\nx,b,300\na,b,9000\nb,c,100\nb,c,50\nc,d,70\n");
  EXPECT_EQ(answer("--most 2 --edges edges.csv")["objective"], 10 * 600 + 30 * 50 + 1500);
  run::write_file(dir_ / "far.csv", "unit,site,metres\na,A,5\nb,A,6\nc,D,7\nd,D,8\n");
  EXPECT_EQ(answer("--distances far.csv")["objective"], 50 + 240 + 210 + 80);
  run::write_file(dir_ / "far.csv", "unit,site,cost\na,A,5\nb,A,6\nc,D,7\nd,D,8\n");
  EXPECT_EQ(answer("--distances far.csv")["objective"], 5 + 6 + 7 + 8);
}

TEST_F(PlanSitesCommand, ZonesAreConnectedWhereBordersAreGiven) {
  run::write_file(dir_ / "borders.csv", "ID1,ID2\na,d\nd,c\nc,b\n");
  const json plan = answer("--open 2 --adjacency borders.csv");
  EXPECT_EQ(plan["connected"], true);
  EXPECT_EQ(plan["assignment"]["a"], "D");  // B is behind D and C
  EXPECT_GT(plan["objective"], plan["bound"]);
  EXPECT_EQ(plan["bound"], 41500);
  EXPECT_EQ(plan["status"], "feasible");
}

TEST_F(PlanSitesCommand, WithoutAPlanItSaysWhy) {
  const auto done = sites("--open 1 --rounds 9 --json sites.json");
  EXPECT_EQ(done.exit_code, 1) << done.err;
  EXPECT_THAT(done.out, HasSubstr("no plan: open_seats_short"));
  const json plan = json::parse(run::read_file(dir_ / "sites.json"));
  EXPECT_EQ(plan["status"], "infeasible");
  EXPECT_TRUE(plan["bound"].is_null());
  EXPECT_TRUE(plan["assignment"].empty());
}

TEST_F(PlanSitesCommand, BadRowsAreRefusedWithFileRowAndField) {
  const auto refused = [&](const std::string& file, const std::string& text, const std::string& where,
                           const std::string& what) {
    SetUp();
    run::write_file(dir_ / file, text);
    const auto done = sites(file == "sites.csv" || file == "units.csv"
                                ? "--rounds 1"
                                : "--rounds 1 --" + file.substr(0, file.find('.')) + " " + file);
    EXPECT_EQ(done.exit_code, 2) << text;
    EXPECT_THAT(done.err, HasSubstr(where));
    EXPECT_THAT(done.err, HasSubstr(what));
  };
  refused("units.csv", "id,children\na,1\n", "units.csv:1", "no column x");
  refused("units.csv", "id,children,x,y\na,1,0,0\na,1,0,0\n", "units.csv:3", "id a stands there twice");
  refused("sites.csv", "id,unit\nA,q\n", "sites.csv:2", "unit q is no unit of units.csv");
  refused("sites.csv", "id,unit,seats\nA,a,-1\n", "sites.csv:2", "seats is out of range");
  refused("sites.csv", "id,unit,state\nA,a,perhaps\n", "sites.csv:2", "state is none of");
  refused("sites.csv", "id,unit,open_cost\nA,a,inf\n", "sites.csv:2", "open_cost is no number");
  refused("distances.csv", "unit,site\na,A\n", "distances.csv:1", "needs a column metres, or cost");
  refused("distances.csv", "unit,site,metres\na,A,1\na,A,2\n", "distances.csv:3", "stand there twice");
  refused("edges.csv", "u,v,metres\na,b,-1\n", "edges.csv:2", "metres is out of range");
}

}  // namespace
}  // namespace catchment
