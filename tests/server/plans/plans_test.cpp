// Plans over the service: their rows, figures, way to the public, and who may what.
#include <gmock/gmock.h>

#include <set>
#include <thread>

#include "datasets/city_package.hpp"
#include "tests/datasets/temp_dir.hpp"
#include "tests/server/plans/plan_world.hpp"

namespace catchment {
namespace {

using access::Role;
using testing::Answer;
using ::testing::HasSubstr;
using testing::json;

class Plans : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<testing::TempDir>();
    service_ = std::make_unique<testing::PlanService>(folder_->path());
    city_ = service_->sign_in(Role::city, "account:1"), city_2_ = service_->sign_in(Role::city, "account:2");
    north_ = service_->sign_in(Role::district, "account:3", {"north"});
    south_ = service_->sign_in(Role::district, "account:4", {"south"});
    family_ = service_->sign_in(Role::guardian, "guardian:aa"),
    other_family_ = service_->sign_in(Role::guardian, "guardian:bb");
    const Answer made = create("the city as it is", json::array());
    ASSERT_EQ(made.status, 201) << made.text;
    const json units = ask("GET", "/v1/plans/1/units", city_).body()["units"];
    for (const json& unit : units) {
      if (unit["schools"].size() == 1) units_[unit["schools"][0]].push_back(unit["unit"]);
    }
    ASSERT_GE(units_.size(), 2u);
    west_ = units_.begin()->first, east_ = std::next(units_.begin())->first;
  }
  static void TearDownTestSuite() {
    service_.reset();
    folder_.reset();
  }

  static Answer ask(const std::string& method, const std::string& target, const std::string& token,
                    const json& body = {}, const std::string& if_match = "", const std::string& last_event = "") {
    return service_->ask(method, target, token, body, if_match, last_event);
  }
  static Answer create(const std::string& name, const json& scenario, const std::string& district = "",
                       const std::string& token = "") {
    json body{{"name", name}, {"scenario", scenario}};
    if (!district.empty()) body["district"] = district;
    return ask("POST", "/v1/plans", token.empty() ? city_ : token, body);
  }
  static std::string path_of(const Answer& made) {
    return "/v1/plans/" + std::to_string(made.body()["number"].get<int>());
  }
  static json reassign(const std::string& unit, const std::string& school, int year = 2028) {
    return {
        {"change", "reassign_units"}, {"stage", "primary"}, {"from_year", year}, {"units", {unit}}, {"school", school}};
  }
  static json move_one() { return json::array({reassign(units_[west_].front(), east_)}); }
  static Answer advance(const std::string& path, const std::string& to, const std::string& token) {
    const json version = ask("GET", path, token).body()["version"];
    return ask("POST", path + "/advance", token, {{"to", to}, {"version", version}});
  }
  static void expect_problem(const Answer& answer, int status, const std::string& code, const std::string& field = "") {
    EXPECT_EQ(answer.status, status) << answer.text;
    EXPECT_EQ(answer.body().value("code", ""), code) << answer.text;
    if (!field.empty()) {
      EXPECT_EQ(answer.body().value("field", ""), field);
    }
  }

  static inline std::unique_ptr<testing::TempDir> folder_;
  static inline std::unique_ptr<testing::PlanService> service_;
  static inline std::string city_, city_2_, north_, south_, family_, other_family_, west_, east_;
  static inline std::map<std::string, std::vector<std::string>> units_;  // of primary schools
};

TEST_F(Plans, APlanIsChangedOnlyByWhoHasReadItsLastVersion) {
  const Answer made = create("first", json::array());
  ASSERT_EQ(made.status, 201) << made.text;
  const std::string path = path_of(made);
  expect_problem(ask("PUT", path, city_, {{"name", "second"}, {"scenario", move_one()}}), 428, "if_match_missing");
  const Answer changed = ask("PUT", path, city_, {{"name", "second"}, {"scenario", move_one()}}, made.etag);
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.body()["version"], 2);
  EXPECT_EQ(changed.body()["scenario"], move_one());
  expect_problem(ask("PUT", path, city_2_, {{"name", "lost"}, {"scenario", json::array()}}, made.etag), 412,
                 "changed_meanwhile");
  EXPECT_EQ(ask("GET", path, city_).body(), changed.body());
  expect_problem(ask("DELETE", path, city_, json(), made.etag), 412, "changed_meanwhile");
  EXPECT_EQ(ask("DELETE", path, city_, json(), changed.etag).status, 204);
  expect_problem(ask("GET", path, city_), 404, "not_found");
}

TEST_F(Plans, OfEditorsAtOnceOneIsTaken) {
  const Answer made = create("contended", json::array());
  const std::string path = path_of(made);
  std::vector<int> statuses(8);
  std::vector<std::thread> editors;
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    editors.emplace_back([&, i] {
      statuses[i] = ask("PUT", path, i % 2 == 0 ? city_ : city_2_,
                        json{{"name", "editor " + std::to_string(i)}, {"scenario", json::array()}}, made.etag)
                        .status;
    });
  }
  for (std::thread& t : editors) t.join();
  EXPECT_EQ(std::ranges::count(statuses, 200), 1);
  EXPECT_EQ(std::ranges::count(statuses, 412), 7);
  EXPECT_EQ(ask("GET", path, city_).body()["version"], 2);
}

TEST_F(Plans, AScenarioIsRefusedByNameAndPlace) {
  const std::string unit = units_[west_].front();
  expect_problem(create("x", json::array({reassign(unit, east_), reassign("nowhere", east_)})), 422, "plan_unknown",
                 "/scenario/1/units/0");
  expect_problem(create("x", json::array({reassign(unit, east_, 1999)})), 422, "plan_year", "/scenario/0/from_year");
  const json lock{{"change", "lock_units"}, {"units", {unit}}, {"reason", "旧改"}, {"owner", "规划科"}};
  expect_problem(create("x", json::array({lock, reassign(unit, east_)})), 422, "plan_locked", "/scenario/1/units/0");
  expect_problem(create("x", json::array({json{{"change", "fly"}}})), 400, "scenario_value", "/scenario/0/change");
  expect_problem(ask("POST", "/v1/plans", city_, {{"name", "x"}, {"base", "no-such-plan"}}), 422, "base_unknown",
                 "/base");
  expect_problem(ask("POST", "/v1/plans", city_, {{"name", "x"}, {"wings", 2}}), 400, "body_key");
}

TEST_F(Plans, ANoticeIsWrittenOfTheZonesThatChangeAndOfNoOthers) {
  const json none = ask("GET", path_of(create("nothing", json::array())) + "/notice", city_).body();
  EXPECT_EQ(none["zones"], json::array());
  const std::string path = path_of(create("words", move_one()));
  EXPECT_EQ(ask("GET", path + "/notice?stage=primary&school_year=2027", city_).body()["zones"], json::array());
  const Answer words = ask("GET", path + "/notice?stage=primary&school_year=2028", city_);
  ASSERT_EQ(words.status, 200) << words.text;
  std::set<std::string> zones;
  const json body = words.body();
  for (const json& zone : body["zones"]) {
    zones.insert(zone["zone"].get<std::string>());
    EXPECT_NE(zone["text"], "");
    EXPECT_GT(zone["iou"], 0.9);
  }
  EXPECT_EQ(zones, (std::set{east_, west_})) << words.text;
}

TEST_F(Plans, AChangeTriedLiveShowsTheLoadsAndTheUnitsThatDiffer) {
  const std::string path = path_of(create("shown", json::array()));
  const std::string unit = units_[east_].front();
  const json show{{"stage", "primary"}, {"school_year", 2028}};
  const auto shown = [&](const json& changes) {
    return ask("POST", path + "/live", city_, {{"changes", changes}, {"show", show}});
  };
  const json before = shown(json::array()).body();
  EXPECT_TRUE(before["units"].empty());
  EXPECT_TRUE(before["gone"].empty());
  const json after = shown(json::array({reassign(unit, west_)})).body();
  ASSERT_EQ(after["units"].size(), 1u);
  EXPECT_EQ(after["units"][0]["unit"], unit);
  EXPECT_EQ(after["units"][0]["schools"], json::array({west_}));
  EXPECT_FALSE(after["units"][0].contains("geometry"));
  const auto units_of = [](const json& live, const std::string& school) {
    for (const json& s : live["schools"]) {
      if (s["school"] == school) return s["units"].get<int>();
    }
    return -1;
  };
  EXPECT_EQ(units_of(after, west_), units_of(before, west_) + 1);
  EXPECT_EQ(units_of(after, east_), units_of(before, east_) - 1);
  expect_problem(ask("POST", path + "/live", city_, {{"changes", json::array()}, {"show", {{"stage", "primary"}}}}),
                 400, "body_type", "/show");
  const json last{{"stage", "primary"}, {"school_year", 1999}};
  expect_problem(ask("POST", path + "/live", city_, {{"changes", json::array()}, {"show", last}}), 400, "body_value",
                 "/show/school_year");
  // A unit cut through its middle is gone, and its parts come with their shapes.
  const std::string whole = units_[west_].front();
  double west = 180, east = -180, south = 90, north = -90;
  const json shapes = ask("GET", path + "/units.geojson", city_).body();
  for (const json& f : shapes["features"]) {
    if (f["properties"]["unit"] != whole) continue;
    for (const json& at : f["geometry"]["coordinates"][0][0]) {
      west = std::min(west, at[0].get<double>()), east = std::max(east, at[0].get<double>());
      south = std::min(south, at[1].get<double>()), north = std::max(north, at[1].get<double>());
    }
  }
  const double middle = (west + east) / 2;
  const json line{{middle, south - 0.001}, {middle, north + 0.001}};
  const json split{{"change", "split_unit"}, {"unit", whole}, {"line", line}};
  const json cut = shown(json::array({split})).body();
  EXPECT_EQ(cut["gone"], json::array({whole})) << cut;
  ASSERT_EQ(cut["units"].size(), 2u);
  for (const json& part : cut["units"]) EXPECT_EQ(part["geometry"]["type"], "MultiPolygon");
}

TEST_F(Plans, AChangeTriedLiveHasTheFiguresOfAFullEvaluation) {
  const std::string path = path_of(create("live", json::array()));
  const Answer before = ask("POST", path + "/live", city_, {{"changes", json::array()}});
  ASSERT_EQ(before.status, 200) << before.text;
  ask("POST", path + "/live", city_, {{"changes", {reassign(units_[east_].front(), west_)}}});
  const Answer tried = ask("POST", path + "/live", city_, {{"changes", move_one()}});
  ASSERT_EQ(tried.status, 200) << tried.text;
  EXPECT_NE(tried.body()["indicators"], before.body()["indicators"]);
  const std::string moved = path_of(create("moved", move_one()));
  const json full = ask("POST", moved + "/evaluate", city_, json::object()).body();
  const json live = tried.body();
  ASSERT_EQ(full["indicators"].size(), live["indicators"].size());
  for (std::size_t i = 0; i < full["indicators"].size(); ++i) {
    const json& whole = full["indicators"][i];
    std::map<std::string, std::size_t> at;
    for (const json& value : whole["values"]) {
      const std::string stage = value["stage"];
      const json& brief = live["indicators"][i][stage][at[stage]++];
      EXPECT_EQ(brief, value["value"] == "unknown" ? json() : value["value"]) << whole["id"];
    }
  }
  expect_problem(ask("POST", path + "/live", city_, {{"changes", {reassign("nowhere", east_)}}}), 422, "plan_unknown",
                 "/changes/0/units/0");
  EXPECT_EQ(ask("POST", path + "/live", city_, {{"changes", json::array()}}).body(), before.body());
}

TEST_F(Plans, AComparisonNamesWhoMovesAndSaysSoInBothLanguages) {
  const std::string path = path_of(create("比较", move_one()));
  const Answer answer = ask("GET", path + "/comparison", city_);
  ASSERT_EQ(answer.status, 200) << answer.text.substr(0, 300);
  const json body = answer.body();
  ASSERT_EQ(body["moves"]["units"].size(), 1u);
  EXPECT_EQ(body["moves"]["units"][0]["unit"], units_[west_].front());
  EXPECT_EQ(body["moves"]["units"][0]["to"], json::array({east_}));
  ASSERT_FALSE(body["statement"].empty());
  EXPECT_TRUE(body["certificate"].contains("holds"));
  EXPECT_EQ(body["indicators"][0]["values"][0]["plans"].size(), 2u);
  EXPECT_THAT(ask("GET", path + "/statement?lang=zh", city_).text, HasSubstr("比较"));
  EXPECT_EQ(ask("GET", path + "/statement?lang=en", city_).status, 200);
  const std::string back = path_of(create("back", json::array()));
  const json reverse = ask("GET", back + "/comparison?with=" + path.substr(10), city_).body();
  EXPECT_EQ(reverse["moves"]["units"][0]["to"], json::array({west_}));
}

TEST_F(Plans, ZonesUnitsAndFilesSayThePlan) {
  const std::string path = path_of(create("files", move_one())), moved = units_[west_].front();
  const auto school_in = [&](int year) -> json {
    const json body = ask("GET", path + "/units?stage=primary&school_year=" + std::to_string(year), city_).body();
    for (const json& unit : body["units"]) {
      if (unit["unit"] == moved) return unit["schools"];
    }
    return {};
  };
  EXPECT_EQ(school_in(2027), json::array({west_}));
  EXPECT_EQ(school_in(2028), json::array({east_}));
  const json zones = ask("GET", path + "/zones?stage=primary&school_year=2028", city_).body();
  EXPECT_EQ(zones["type"], "FeatureCollection");
  std::size_t units = 0;
  for (const json& zone : zones["features"]) {
    EXPECT_FALSE(zone["geometry"].is_null());
    units += zone["properties"]["units"].get<std::size_t>();
  }
  const json shapes = ask("GET", path + "/units.geojson", city_).body();
  EXPECT_EQ(shapes["features"].size(), units);
  EXPECT_EQ(json::parse(ask("GET", path + "/export?format=scenario", city_).text), move_one());
  EXPECT_THAT(ask("GET", path + "/export?format=units", city_).text,
              HasSubstr(moved + ",primary,2028,2038," + east_ + ","));
  EXPECT_THAT(ask("GET", path + "/export?format=geopackage", city_).text, ::testing::StartsWith("SQLite format 3"));
  EXPECT_EQ(ask("GET", path + "/certificate", city_).status, 200);
  expect_problem(ask("GET", path + "/zones?stage=senior", city_), 400, "parameter_invalid", "stage");
}

// serves: ZZ7 CQ27
TEST_F(Plans, APlanReachesThePublicByTwoPersonsAndNotWhileACommentIsUnanswered) {
  const std::string path = path_of(create("to the public", move_one())), unit = units_[west_].front();
  expect_problem(ask("GET", path, family_), 404, "not_found");  // a draft is its office's
  expect_problem(ask("POST", path + "/publish", city_, json::object()), 409, "not_now");
  EXPECT_EQ(advance(path, "approved", city_).status, 409);
  EXPECT_EQ(advance(path, "consulting", city_).status, 202);
  expect_problem(advance(path, "consulting", city_), 403, "same_person");
  EXPECT_EQ(ask("GET", path, city_).body()["state"], "draft");
  ASSERT_EQ(advance(path, "consulting", city_2_).status, 200);
  EXPECT_EQ(ask("GET", path, family_).body()["state"], "consulting");

  expect_problem(ask("POST", path + "/comments", family_, {{"unit", "nowhere"}, {"text", "?"}}), 422, "plan_unknown",
                 "/unit");
  ASSERT_EQ(ask("POST", path + "/comments", family_, {{"unit", unit}, {"text", "过马路不安全"}}).status, 201);
  EXPECT_EQ(ask("GET", path + "/comments", family_).body()["comments"][0]["text"], "过马路不安全");
  EXPECT_EQ(ask("GET", path + "/comments", city_).body()["comments"][0]["text"], "过马路不安全");
  EXPECT_FALSE(ask("GET", path + "/comments", other_family_).body()["comments"][0].contains("text"));
  expect_problem(advance(path, "approved", city_), 409, "comments_unanswered");
  EXPECT_EQ(ask("PUT", path + "/comments/1/answer", family_, {{"text", "no"}}).status, 403);
  ASSERT_EQ(ask("PUT", path + "/comments/1/answer", city_, {{"text", "将设天桥"}}).status, 200);
  EXPECT_EQ(ask("GET", path + "/comments", "").body()["comments"][0]["answer"], "将设天桥");

  const Answer read = ask("GET", path, city_);
  expect_problem(ask("PUT", path, city_, {{"name", "late"}, {"scenario", json::array()}}, read.etag), 409, "not_now");
  EXPECT_EQ(advance(path, "approved", city_).status, 202);
  ASSERT_EQ(advance(path, "approved", city_2_).status, 200);
  ASSERT_EQ(ask("POST", path + "/publish", city_, json::object()).status, 200);
  EXPECT_EQ(ask("GET", path, "").body()["state"], "published");
  const json steps = ask("GET", path + "/steps", city_).body()["steps"];
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(steps[0]["by"], "account:2");
  const std::string journal = ask("GET", "/v1/journal", service_->sign_in(Role::auditor, "account:9")).text;
  for (const char* kind : {"plan.create", "plan.advance", "plan.comment", "plan.answer", "plan.publish"})
    EXPECT_THAT(journal, HasSubstr(kind));
  EXPECT_EQ(journal.find("马路"), std::string::npos);
}

TEST_F(Plans, ADistrictSeesItsOwnDraftsAndNoOthers) {
  const Answer made = create("北区", json::array(), "north", north_);
  ASSERT_EQ(made.status, 201) << made.text;
  const std::string path = path_of(made);
  EXPECT_EQ(ask("GET", path, north_).status, 200);
  const Answer foreign = ask("GET", path, south_), nowhere = ask("GET", "/v1/plans/999999", south_);
  EXPECT_EQ(foreign.status, 404);
  EXPECT_EQ(foreign.text, nowhere.text);
  EXPECT_EQ(ask("POST", path + "/live", south_, {{"changes", json::array()}}).status, 404);
  EXPECT_EQ(create("南区", json::array(), "south", north_).status, 404);
  const json listed = ask("GET", "/v1/plans", south_).body();
  for (const json& plan : listed["plans"]) EXPECT_NE(plan["district"], "north");
}

TEST_F(Plans, ForecastsAreTheOfficesUntilTheyArePublished) {
  Answer reckoned;
  do reckoned = ask("GET", "/v1/seat-forecasts?stage=primary", city_);  // each waits for a while
  while (reckoned.status == 503);
  const json staff = reckoned.body()["forecasts"];
  ASSERT_FALSE(staff.empty());
  EXPECT_GT(staff[0]["demand"]["mean"], 0);
  EXPECT_EQ(ask("GET", "/v1/warnings", city_).status, 200);
  const std::string school = staff[0]["school"];
  const json what{{"school", school}, {"stage", "primary"}, {"school_year", staff[0]["school_year"]}};
  EXPECT_TRUE(ask("GET", "/v1/seat-forecasts", "").body()["forecasts"].empty());
  EXPECT_EQ(ask("POST", "/v1/warnings/publications", family_, what).status, 403);
  ASSERT_EQ(ask("POST", "/v1/warnings/publications", city_, what).status, 200);
  const json open = ask("GET", "/v1/seat-forecasts", "").body()["forecasts"];
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0]["demand"], staff[0]["demand"]);
  EXPECT_TRUE(open[0].contains("published"));
}

}  // namespace
}  // namespace catchment
