// A made-up season from outside: made, run under real packs, checked, and broken in many ways.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "datasets/season_check.hpp"
#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
namespace run = catchment::testing;

std::string pack(const std::string& name) {
  return std::string(CATCHMENT_SOURCE_DIR) + "/datasets/policy/packs/" + name + ".json";
}

using Rows = std::vector<std::vector<std::string>>;

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out{""};
  for (const char c : line) {
    if (c == ',') {
      out.emplace_back();
    } else {
      out.back().push_back(c);
    }
  }
  return out;
}

Rows read_rows(const std::filesystem::path& file) {
  std::ifstream in(file);
  Rows rows;
  for (std::string line; std::getline(in, line);) rows.push_back(cells(line));
  return rows;
}

void write_rows(const std::filesystem::path& file, const Rows& rows) {
  std::ofstream out(file);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) out << (i != 0 ? "," : "") << row[i];
    out << "\n";
  }
}

std::size_t column(const Rows& rows, const std::string& name) {
  return static_cast<std::size_t>(std::ranges::find(rows[0], name) - rows[0].begin());
}

// One run for all tests; they break copies of it.
class SeasonCommand : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = new run::TempDir;
    const std::string policy = "--policy " + pack("zhengzhou-2024");
    const auto made = run::run_catchment(*dir_, "synth season s --children 3000 --seed 7 " + policy);
    ASSERT_EQ(made.exit_code, 0) << made.err;
    const auto done = run::run_catchment(*dir_, "season run s -o out --seed 3 --json run.json " + policy);
    ASSERT_EQ(done.exit_code, 0) << done.err;
  }
  static void TearDownTestSuite() { delete dir_; }

  // The rules that a copy of the run breaks after `spoil`.
  std::set<std::string> broken_by(const std::string& file, const std::function<void(Rows&)>& spoil) {
    const auto copy = *dir_ / "copy";
    std::filesystem::remove_all(copy);
    std::filesystem::copy(*dir_ / "out", copy, std::filesystem::copy_options::recursive);
    Rows rows = read_rows(copy / file);
    spoil(rows);
    write_rows(copy / file, rows);
    std::set<std::string> rules;
    for (const auto& breach : datasets::check_season_run(copy).breaches) rules.insert(breach.rule);
    return rules;
  }

  static run::TempDir* dir_;
};
run::TempDir* SeasonCommand::dir_ = nullptr;

std::size_t find_row(const Rows& rows, const std::string& name, const std::string& value, std::size_t from = 1) {
  for (std::size_t i = from; i < rows.size(); ++i) {
    if (rows[i][column(rows, name)] == value) return i;
  }
  ADD_FAILURE() << "no row with " << name << " " << value;
  return 1;
}

// serves: CQ19 CQ21 CQ22 CQ26 GY18 GY20 GY25 ZZ10 ZZ19 ZZ26 ZZ27 ZZ34 ZZ41
TEST_F(SeasonCommand, EveryRuleIsKeptByAWholeSeason) {
  const auto check = datasets::check_season_run(*dir_ / "out");
  for (const auto& b : check.breaches) ADD_FAILURE() << b.rule << " " << b.file << " " << b.row << " " << b.message;
  EXPECT_EQ(check.children, 3000);
  EXPECT_GT(check.draws, 10);
  const json summary = json::parse(run::read_file(*dir_ / "run.json"));
  std::int64_t forfeits = 0, overflow = 0, enrolled = 0;
  for (const json& level : summary["levels"]) {
    forfeits += level["forfeits"].get<std::int64_t>(), overflow += level["overflow"].get<std::int64_t>();
    enrolled += level["stages"]["enrolled"].get<std::int64_t>();
  }
  EXPECT_GT(forfeits, 0);
  EXPECT_GT(overflow, 0);
  EXPECT_GT(enrolled, 2500);
}

TEST_F(SeasonCommand, TheSameSeedGivesTheSameBytesForAnyThreads) {
  const std::string policy = "--policy " + pack("zhengzhou-2024");
  ASSERT_EQ(run::run_catchment(*dir_, "season run s -o again --seed 3 --threads 1 " + policy).exit_code, 0);
  for (const char* file : {"outcomes.csv", "events.csv", "admissions.csv", "class_pupils.csv", "approvals.csv"})
    EXPECT_EQ(run::read_file(*dir_ / "again" / file), run::read_file(*dir_ / "out" / file)) << file;
}

TEST_F(SeasonCommand, AFolderThatIsNoRunIsNotReplaced) {
  std::filesystem::create_directory(*dir_ / "mine");
  run::write_file(*dir_ / "mine/letter.txt", "dear");
  const auto done = run::run_catchment(*dir_, "season run s -o mine --policy " + pack("zhengzhou-2024"));
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_EQ(run::read_file(*dir_ / "mine/letter.txt"), "dear");
  EXPECT_EQ(run::run_catchment(*dir_, "season run s -o z --policy " + pack("zhanhe-2024")).exit_code, 2);
}

// Zhengzhou has no points: the bureau places migrants; but a graduate of the city goes by its zone, whoever it is.
const std::map<std::string, std::string> kExpected{{"hukou_home", "zone"},     {"hukou_only", "zone"},
                                                   {"migrant", "coordinated"}, {"direct_promotion", "direct_promotion"},
                                                   {"not_yet_of_age", "none"}, {"migrant_without_permit", "none"}};

// What the season was made with comes out of its papers again.
// serves: ZZ8 ZZ23 ZZ29 ZZ40
TEST_F(SeasonCommand, EligibilityFindsTheTruthTheSeasonWasMadeWith) {
  const Rows truth = read_rows(*dir_ / "s/truth.csv"), outcomes = read_rows(*dir_ / "out/outcomes.csv");
  std::map<std::string, std::string> entered;
  for (std::size_t i = 1; i < outcomes.size(); ++i)
    entered[outcomes[i][0]] = outcomes[i][column(outcomes, "entered_by")];
  std::set<std::string> primary;
  for (const auto& row : outcomes) {
    if (row[column(outcomes, "level")] == "primary") primary.insert(row[0]);
  }
  for (std::size_t i = 1; i < truth.size(); ++i) {
    const std::string& situation = truth[i][1];
    const std::string& found = entered.at(truth[i][0]);
    const auto expected = kExpected.find(situation);
    const bool junior_migrant = !primary.contains(truth[i][0]) && situation.starts_with("migrant");
    if (expected == kExpected.end() || junior_migrant) continue;
    EXPECT_EQ(found, expected->second) << truth[i][0] << " " << situation;
  }
}

// serves: GY19
TEST_F(SeasonCommand, ASecondSeatIsFound) {
  const auto broken = broken_by("admissions.csv", [](Rows& rows) {
    rows.push_back(rows[1]);
    rows.back()[1] = rows[1][1] == rows[2][1] ? rows[3][1] : rows[2][1];
  });
  EXPECT_THAT(broken, Contains("one_seat"));
}

TEST_F(SeasonCommand, ASeatWithoutAnAnswerOrAClauseIsFound) {
  EXPECT_THAT(broken_by("admissions.csv", [](Rows& rows) { rows.pop_back(); }), Contains("one_seat"));
  EXPECT_THAT(broken_by("outcomes.csv", [](Rows& rows) { rows[5][column(rows, "clause")].clear(); }),
              Contains("answers"));
  EXPECT_THAT(broken_by("outcomes.csv", [](Rows& rows) { rows.erase(rows.begin() + 9); }), Contains("answers"));
  EXPECT_THAT(broken_by("outcomes.csv", [](Rows& rows) { rows.push_back(rows[4]); }), Contains("answers"));
}

// serves: CQ22 ZZ53
TEST_F(SeasonCommand, AChildLeftInThePoolIsFound) {
  EXPECT_THAT(broken_by("outcomes.csv",
                        [](Rows& rows) {
                          auto& row = rows[find_row(rows, "stage", "enrolled")];
                          row[column(rows, "stage")] = "public_pool";
                          row[column(rows, "school_id")].clear(), row[column(rows, "way")].clear();
                        }),
              Contains("guarantee"));
}

TEST_F(SeasonCommand, ASchoolAboveItsPlanIsFound) {
  EXPECT_THAT(
      broken_by("schools.csv",
                [](Rows& rows) { rows[find_row(rows, "school_id", "P0001")][column(rows, "plan_seats")] = "3"; }),
      Contains("plan"));
}

// serves: ZZ19
TEST_F(SeasonCommand, AHigherTierRefusedIsFound) {
  EXPECT_THAT(broken_by("outcomes.csv",
                        [](Rows& rows) {
                          for (std::size_t i = 1; i < rows.size(); ++i) {
                            const bool coordinated = rows[i][column(rows, "way")] == "coordinated";
                            if (coordinated && rows[i][column(rows, "entered_by")] == "zone" &&
                                rows[i][column(rows, "margin_by")] != "bundle")
                              rows[i][column(rows, "tier")] = "-1";
                          }
                        }),
              Contains("tiers"));
}

TEST_F(SeasonCommand, AnotherTicketIsFound) {
  EXPECT_THAT(broken_by("outcomes.csv",
                        [](Rows& rows) {
                          for (std::size_t i = 1; i < rows.size(); ++i) {
                            std::string& ticket = rows[i][column(rows, "ticket")];
                            if (ticket.empty()) continue;
                            ticket[0] = ticket[0] == '0' ? '1' : '0';
                            return;
                          }
                        }),
              Contains("draws"));
}

// serves: ZZ10
TEST_F(SeasonCommand, AChangedRollCeremonyOrResultIsFound) {
  std::string id;
  const Rows draws = read_rows(*dir_ / "out/draws.csv");
  id = draws[find_row(draws, "kind", "private")][0];
  for (const char* file : {"roll.tsv", "ceremony.txt", "result.tsv", "manifest.txt"}) {
    EXPECT_THAT(broken_by("draws/" + id + "/" + file,
                          [&](Rows& rows) {
                            std::string& text = rows[0][0];
                            const std::size_t at = std::string(file) == "manifest.txt"
                                                       ? text.size() - 1
                                                       : text.find_first_of("0123456789");
                            text[at] = text[at] == '1' ? '2' : '1';
                          }),
                Contains("draws"))
        << file;
  }
}

// serves: CQ21 GY25
TEST_F(SeasonCommand, APromotionOutOfTurnIsFound) {
  EXPECT_THAT(broken_by("events.csv",
                        [](Rows& rows) {  // the first that was promoted gives way to one who was not
                          const std::size_t promoted = find_row(rows, "event", "promote");
                          const std::size_t lost = find_row(rows, "event", "end_line");
                          const std::string winner = rows[promoted][column(rows, "child_id")];
                          const std::string loser = rows[lost][column(rows, "child_id")];
                          for (std::size_t i = promoted; i < rows.size(); ++i) {
                            std::string& who = rows[i][column(rows, "child_id")];
                            if (who == winner)
                              who = loser;
                            else if (who == loser)
                              who = winner;
                          }
                        }),
              Contains("line"));
}

// serves: CQ21
TEST_F(SeasonCommand, AnAnswerAfterItsLastMomentIsFound) {
  EXPECT_THAT(broken_by("offers.csv",
                        [](Rows& rows) {
                          auto& row = rows[find_row(rows, "answer", "confirmed")];
                          row[column(rows, "answered")] = "2030-01-01T00:00:00";
                        }),
              Contains("answered"));
}

TEST_F(SeasonCommand, AReleaseOrTransferWithoutASecondApproverIsFound) {
  for (const char* event : {"release", "transfer"}) {
    EXPECT_THAT(broken_by("events.csv",
                          [&](Rows& rows) {
                            auto& row = rows[find_row(rows, "event", event)];
                            row[column(rows, "second")] = row[column(rows, "approver")];
                          }),
                Contains("approvals"));
  }
}

// serves: CQ20 ZZ38
TEST_F(SeasonCommand, ASecondRegistrationOrChoiceIsFound) {
  for (const char* event : {"register_online", "choose_private"}) {
    EXPECT_THAT(broken_by("events.csv",
                          [&](Rows& rows) {
                            const std::size_t at = find_row(rows, "event", event);
                            const std::size_t next = find_row(rows, "event", event, at + 1);
                            rows[next][column(rows, "child_id")] = rows[at][column(rows, "child_id")];
                          }),
                Contains("once"));
  }
}

// serves: GY33 LB3
TEST_F(SeasonCommand, ClassesThatAreNotEvenAreFound) {
  EXPECT_THAT(broken_by("class_pupils.csv",
                        [](Rows& rows) {
                          std::size_t moved = 0;
                          for (auto& row : rows) {
                            if (row[0] == "P0001-1" && moved < 3) row[0] = "P0001-2", ++moved;
                          }
                        }),
              Contains("classes"));
  EXPECT_THAT(broken_by("class_pupils.csv", [](Rows& rows) { rows.push_back(rows[1]); }), Contains("classes"));
  EXPECT_THAT(broken_by("class_pupils.csv", [](Rows& rows) { rows.pop_back(); }), Contains("classes"));
}

// serves: ZZ19
TEST_F(SeasonCommand, AnOverflowSeatOverSomebodysHeadIsFound) {
  EXPECT_THAT(broken_by("outcomes.csv",
                        [](Rows& rows) {  // they now live where those who took the seats come behind
                          for (std::size_t i = 1; i < rows.size(); ++i) {
                            if (rows[i][column(rows, "reason")] != "overflow") continue;
                            rows[i][column(rows, "x_m")] = std::to_string(i % 7 * 900);
                            rows[i][column(rows, "y_m")] = std::to_string(i % 5 * 900);
                          }
                        }),
              Contains("overflow"));
}

// serves: ZZ19
TEST_F(SeasonCommand, UnderTheLeastWalkAnExchangeThatWouldShortenWaysIsFound) {
  const std::string arguments = "season run s -o walked --overflow least_walk --policy " + pack("zhengzhou-2024");
  ASSERT_EQ(run::run_catchment(*dir_, arguments).exit_code, 0);
  const auto sound = datasets::check_season_run(*dir_ / "walked");
  for (const auto& b : sound.breaches) ADD_FAILURE() << b.rule << " " << b.file << " " << b.row << " " << b.message;
  const Rows rows = read_rows(*dir_ / "walked/outcomes.csv");
  Rows spoilt = rows;  // two of one level who were placed together change homes, and neither is of a bundle
  std::vector<std::size_t> placed;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i][column(rows, "reason")] == "overflow" && rows[i][column(rows, "level")] == "primary")
      placed.push_back(i);
  }
  ASSERT_GT(placed.size(), 10u);
  for (std::size_t k = 0; k + 1 < placed.size(); k += 2) {
    for (const char* at : {"x_m", "y_m"})
      std::swap(spoilt[placed[k]][column(rows, at)], spoilt[placed[k + 1]][column(rows, at)]);
  }
  write_rows(*dir_ / "walked/outcomes.csv", spoilt);
  std::set<std::string> broken;
  for (const auto& breach : datasets::check_season_run(*dir_ / "walked").breaches) broken.insert(breach.rule);
  EXPECT_THAT(broken, Contains("overflow"));
}

// serves: GY34
TEST_F(SeasonCommand, HeadTeachersAreDrawnByACeremonyOfTheirOwnAndAnotherDealingIsFound) {
  const std::string policy = " --policy " + pack("guiyang-2024");
  ASSERT_EQ(run::run_catchment(*dir_, "synth season g --children 1200 --seed 5" + policy).exit_code, 0);
  ASSERT_EQ(run::run_catchment(*dir_, "season run g -o led" + policy).exit_code, 0);
  const auto sound = datasets::check_season_run(*dir_ / "led");
  for (const auto& b : sound.breaches) ADD_FAILURE() << b.rule << " " << b.file << " " << b.row << " " << b.message;
  const Rows draws = read_rows(*dir_ / "led/draws.csv"), classes = read_rows(*dir_ / "led/classes.csv");
  const std::string heads = draws[find_row(draws, "kind", "head_teachers")][0];
  const std::size_t led = find_row(classes, "teacher_draw_id", heads);
  const std::string dealing = classes[led][column(classes, "pupil_draw_id")];
  EXPECT_EQ(run::run_catchment(*dir_, "draw verify led/draws/" + heads).exit_code, 0);
  EXPECT_NE(run::read_file(*dir_ / ("led/draws/" + heads + "/ceremony.txt")),
            run::read_file(*dir_ / ("led/draws/" + dealing + "/ceremony.txt")));
  const auto other = std::ranges::find_if(
      draws, [&](const auto& row) { return row[column(draws, "kind")] == "classes" && row[0] != dealing; });
  run::write_file(*dir_ / ("led/draws/" + heads + "/deal.tsv"),
                  run::read_file(*dir_ / ("led/draws/" + (*other)[0] + "/result.tsv")));
  EXPECT_EQ(run::run_catchment(*dir_, "draw verify led/draws/" + heads).exit_code, 1);
  std::set<std::string> broken;
  for (const auto& breach : datasets::check_season_run(*dir_ / "led").breaches) broken.insert(breach.rule);
  EXPECT_THAT(broken, Contains("draws"));
}

// Families choose within their district, so plans are made by district: else nobody waits, and no seat let go by is
// passed on.
TEST_F(SeasonCommand, PrivateSchoolsOfAMadeUpSeasonHaveFewerSeatsThanAreWished) {
  const Rows schools = read_rows(*dir_ / "out/schools.csv"), events = read_rows(*dir_ / "out/events.csv");
  std::map<std::string, int> wishes;
  for (const auto& row : events) {
    if (row[column(events, "event")] == "choose_private") ++wishes[row[column(events, "school_id")]];
  }
  ASSERT_FALSE(wishes.empty());
  for (const auto& [school, count] : wishes) {
    const auto& row = schools[find_row(schools, "school_id", school)];
    EXPECT_LT(std::stoi(row[column(schools, "plan_seats")]), count) << school;
  }
}

// serves: CQ21 GY25
TEST_F(SeasonCommand, WaitingListsFollowFromTheFilesOfTheirDraws) {
  int passed_on = 0;
  for (const auto& row : read_rows(*dir_ / "out/draws.csv")) {
    const std::string folder = "out/draws/" + row[0];
    if (!std::filesystem::exists(*dir_ / folder / "promotions.tsv")) continue;
    const auto said = run::run_catchment(*dir_, "draw promote " + folder);
    EXPECT_EQ(said.exit_code, 0) << said.out << said.err;
    passed_on += static_cast<int>(std::ranges::count(said.out, '\t')) / 2;
  }
  EXPECT_GT(passed_on, 0);
}

// serves: PD12
TEST_F(SeasonCommand, APackWithoutAWindowSaysWhatTheBureauHasToSet) {
  const auto said = run::run_catchment(*dir_, "season run s -o z --policy " + pack("zhanhe-2024"));
  EXPECT_EQ(said.exit_code, 2);
  for (const char* part : {"registration", "categories", "disclosure", "calendar.windows"})
    EXPECT_THAT(said.err, HasSubstr(part));
}

TEST_F(SeasonCommand, EventsOutOfOrderOrWithoutAnEndAreFound) {
  EXPECT_THAT(broken_by("events.csv", [](Rows& rows) { std::swap(rows[2][1], rows[rows.size() / 3][1]); }),
              Contains("events"));
  EXPECT_THAT(broken_by("events.csv", [](Rows& rows) { rows.pop_back(); }), Contains("events"));
}

// Set CATCHMENT_SEASON_CHILDREN, 300000 for a large city.
// serves: GY20 GY24 GY25 GY31 GY33 CQ21 CQ22
TEST_F(SeasonCommand, NightlyALargeSeasonKeepsEveryRule) {
  const char* children = std::getenv("CATCHMENT_SEASON_CHILDREN");
  if (children == nullptr) GTEST_SKIP() << "CATCHMENT_SEASON_CHILDREN is not set";
  for (const char* name : {"guiyang-2024", "chongqing-2024"}) {
    const std::string policy = " --policy " + pack(name);
    ASSERT_EQ(
        run::run_catchment(*dir_, std::string("synth season large --seed 8 --children ") + children + policy).exit_code,
        0);
    const auto done = run::run_catchment(*dir_, "season run large -o large_out" + policy);
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const auto check = datasets::check_season_run(*dir_ / "large_out");
    EXPECT_EQ(check.children, std::atoll(children));
    EXPECT_EQ(check.breaches.size(), 0u) << name;
  }
}

}  // namespace
}  // namespace catchment
