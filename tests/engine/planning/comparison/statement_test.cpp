#include "engine/planning/comparison/statement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/engine/planning/city_world.hpp"

namespace catchment::testing {
namespace {

using namespace engine::planning;
using ::testing::HasSubstr;
using ::testing::Not;

// The grid with names and seats: west has 300 primary seats, east 320.
CityPlan named_halves(bool children = true, bool households = true) {
  const CityPlan plan = GridWorld{}.halves();
  PlanCity city = plan.city();
  const char* names[] = {"河东里", "槐荫里", "青松里", "云溪里", "北河里", "平安里", "松涛里", "东坡里"};
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    city.units[u].name = names[u];
    if (!households) city.units[u].households.reset();
  }
  city.schools[0].name = "第一小学", city.schools[1].name = "实验学校";
  for (YearIndex y = 0; y < 4; ++y) {
    for (SchoolIndex s = 0; s < 2; ++s) {
      EntrySeats& seats = city.seats[(s * 2) * 4 + y];
      seats.seats = s == 0 ? 450 : 420, seats.known = true;
    }
  }
  if (!children) city.children.assign(city.children.size(), 0);
  return plan.on_city(settle(std::move(city)));
}

std::string statement_of(const CityPlan& before, const CityPlan& after, Language language) {
  const PlanMoves moves = find_moves(before, after);
  const PlanCertificate certificate = certify(after);
  const StatementInput input{before, after, moves, certificate, nullptr, nullptr, "城东学区调整方案", false};
  return to_markdown(make_statement(input), language);
}

// Holds the text against its golden file; CATCHMENT_BLESS=1 writes the file instead, for the difference to be read.
void expect_golden(const std::string& text, const std::string& name) {
  const std::string file = CATCHMENT_SOURCE_DIR "/tests/golden/plan_statement/" + name;
  if (std::getenv("CATCHMENT_BLESS") != nullptr) std::ofstream(file, std::ios::binary) << text;
  std::ifstream in(file, std::ios::binary);
  EXPECT_EQ(text, (std::string{std::istreambuf_iterator<char>(in), {}})) << name;
}

CityPlan changed(const CityPlan& before) {
  PlanChange moved = reassign({"u1_0", "u1_1"}, "east", 2027);
  moved.phasing.siblings_until = 2029;
  const CityPlan plan = apply(before, moved);
  return apply(
      plan, PlanChange{
                DeclareZone{SchoolSet::Kind::transition, Stage::junior, 2028, 2028, {"u2_1"}, {"west", "east"}, "west"},
                {},
                {}});
}

TEST(Statement, ReadsAsItsGoldenTexts) {
  const CityPlan before = named_halves();
  expect_golden(statement_of(before, changed(before), Language::chinese), "zh.md");
  expect_golden(statement_of(before, changed(before), Language::english), "en.md");
}

TEST(Statement, LeavesOutWhatIsZeroAndSaysWhatIsUnknown) {
  const CityPlan before = named_halves(false, false);
  const CityPlan after = apply(before, reassign({"u1_0"}, "east", 2027));
  const std::string zh = statement_of(before, after, Language::chinese);
  EXPECT_THAT(zh, HasSubstr("受影响儿童人数不明"));
  EXPECT_THAT(zh, HasSubstr("户数不明"));
  EXPECT_THAT(zh, Not(HasSubstr("0名")));
  EXPECT_THAT(zh, Not(HasSubstr("上学距离")));
  EXPECT_THAT(zh, Not(HasSubstr("学位供需")));
  EXPECT_THAT(zh, HasSubstr("五、意见反馈"));  // sections count on
}

TEST(Statement, OfAPlanThatChangesNothingSaysSo) {
  const CityPlan before = named_halves();
  const std::string zh = statement_of(before, before, Language::chinese);
  EXPECT_THAT(zh, HasSubstr("各单元的对口学校均不变"));
  EXPECT_THAT(zh, Not(HasSubstr("老生老办法")));
  EXPECT_THAT(statement_of(before, before, Language::english), HasSubstr("Every unit keeps its school."));
}

TEST(Statement, PupilsWhoHaveToMoveAreSaid) {
  const CityPlan before = named_halves();
  PlanChange change = reassign({"u1_0"}, "east", 2027);
  change.phasing.move_grades = {1, 2};
  change.phasing.opt_in_until = "2027-05-31";
  const std::string zh = statement_of(before, apply(before, change), Language::chinese);
  EXPECT_THAT(zh, HasSubstr("调整当年在一年级、二年级就读的学生一并转入新学校"));
  EXPECT_THAT(zh, HasSubstr("可在2027年5月31日以前提出申请"));
  EXPECT_THAT(zh, Not(HasSubstr("不因本次调整转学")));
}

TEST(Statement, NamesCannotBreakTheMarkdown) {
  std::vector<StatementLine> lines{{StatementLine::Kind::item, "甲*乙_丙\n# 丁", ""}};
  EXPECT_EQ(to_markdown(lines, Language::chinese), "- 甲\\*乙\\_丙 \\# 丁\n");
}

}  // namespace
}  // namespace catchment::testing
