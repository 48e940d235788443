// Long jobs over the service: found plans, events, cancelling, and what a service that ends leaves behind.
#include <gmock/gmock.h>

#include "tests/datasets/temp_dir.hpp"
#include "tests/server/plans/plan_world.hpp"

namespace catchment {
namespace {

using access::Role;
using testing::Answer;
using ::testing::HasSubstr;
using testing::json;
using ::testing::Not;

class PlanJobs : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<testing::TempDir>();
    open();
  }
  static void TearDownTestSuite() {
    service_.reset();
    folder_.reset();
  }
  static void open() {
    service_.reset();
    service_ = std::make_unique<testing::PlanService>(folder_->path());
    city_ = service_->sign_in(Role::city, "account:1");
  }
  static Answer ask(const std::string& method, const std::string& target, const std::string& token,
                    const json& body = {}, const std::string& if_match = "", const std::string& last_event = "") {
    return service_->ask(method, target, token, body, if_match, last_event);
  }
  // Its path.
  static std::string start(const json& body) {
    const Answer started = ask("POST", "/v1/jobs", city_, body);
    EXPECT_EQ(started.status, 202) << started.text;
    return "/v1/jobs/" + std::to_string(started.body()["number"].get<int>());
  }
  // The city is short of seats, so they are a goal.
  static json redraw(int seed) {
    return {{"kind", "redraw"},
            {"options",
             {{"rounds", 1},
              {"seed", seed},
              {"move_share", 30},
              {"soft_seats", true},
              {"goals", {{"distance", 1}, {"seats_over", 5000}}}}}};
  }
  static json endless() {
    return {{"kind", "ensemble"},
            {"options", {{"shards", 1}, {"steps", 1'000'000'000}, {"ignore_seats", true}, {"free_zones", true}}}};
  }
  static std::string watch(const std::string& path, const std::string& last = "") {
    const Answer answer = ask("GET", path + "/events", city_, json(), "", last);
    EXPECT_NE(answer.events, nullptr) << answer.text;
    return answer.events == nullptr ? "" : testing::read_to_end(*answer.events);
  }
  static json state_of(const std::string& path) { return ask("GET", path, city_).body()["state"]; }

  static inline std::unique_ptr<testing::TempDir> folder_;
  static inline std::unique_ptr<testing::PlanService> service_;
  static inline std::string city_;
};

TEST_F(PlanJobs, ARedrawEndsInAScenarioThatMakesAPlan) {
  const std::string path = start(redraw(3));
  EXPECT_THAT(watch(path), HasSubstr("event: done"));
  const json job = ask("GET", path, city_).body();
  ASSERT_EQ(job["state"], "done") << job;
  ASSERT_TRUE(job["result"].contains("plan")) << job["result"];
  EXPECT_LE(job["result"]["plan"]["children_over_seats"], job["result"]["now"]["children_over_seats"]);
  const Answer scenario = ask("GET", path + "/scenario", city_);
  ASSERT_EQ(scenario.status, 200) << scenario.text;
  const Answer made = ask("POST", "/v1/plans", city_, {{"name", "redrawn"}, {"scenario", scenario.body()}});
  ASSERT_EQ(made.status, 201) << made.text;
  const std::string again = start(redraw(3));
  watch(again);
  EXPECT_EQ(ask("GET", again, city_).body()["result"], job["result"]);
}

TEST_F(PlanJobs, AnEnsembleSaysWhereThePlanStands) {
  const std::string path =
      start({{"kind", "ensemble"},
             {"options", {{"shards", 2}, {"steps", 50}, {"ignore_seats", true}, {"free_zones", true}}}});
  watch(path);
  const json job = ask("GET", path, city_).body();
  ASSERT_EQ(job["state"], "done") << job;
  EXPECT_EQ(job["result"]["plans"], 100);
  EXPECT_TRUE(job["result"].contains("plan"));
  EXPECT_EQ(ask("GET", path + "/scenario", city_).status, 409);
}

TEST_F(PlanJobs, WhoComesBackWithTheLastEventIdIsSentTheRest) {
  const std::string path = start(redraw(5));
  const std::string all = watch(path, "0");  // all that is kept, whenever one comes
  EXPECT_THAT(all, HasSubstr("event: state"));
  const std::size_t id = all.find("id: ");
  ASSERT_NE(id, std::string::npos) << all;
  const std::string first = all.substr(id + 4, all.find('\n', id) - id - 4);
  const std::string rest = watch(path, first);
  EXPECT_THAT(rest, Not(HasSubstr("id: " + first + "\n")));
  EXPECT_THAT(rest, HasSubstr("event: done"));
  EXPECT_THAT(all, ::testing::EndsWith(rest));
}

TEST_F(PlanJobs, ARunningJobIsCancelledAndSoIsOneThatWaits) {
  const std::string runs = start(endless()), waits = start(endless());
  EXPECT_EQ(ask("POST", waits + "/cancel", city_, json::object()).status, 202);
  EXPECT_EQ(state_of(waits), "cancelled");
  EXPECT_EQ(ask("POST", runs + "/cancel", city_, json::object()).status, 202);
  EXPECT_THAT(watch(runs), HasSubstr("event: cancelled"));
  EXPECT_EQ(state_of(runs), "cancelled");
  EXPECT_THAT(watch(waits), HasSubstr("event: cancelled"));
  EXPECT_EQ(ask("POST", runs + "/cancel", city_, json::object()).status, 409);
  EXPECT_EQ(ask("GET", runs + "/scenario", city_).status, 409);
}

TEST_F(PlanJobs, AServiceThatEndsLeavesItsJobsInterrupted) {
  const std::string runs = start(endless()), waits = start(redraw(1));
  open();
  EXPECT_EQ(state_of(runs), "interrupted");
  EXPECT_EQ(state_of(waits), "interrupted");
  EXPECT_THAT(watch(waits), HasSubstr("event: interrupted"));
}

TEST_F(PlanJobs, AJobIsItsStartersAndItsOptionsAreHeld) {
  const auto refused = [](const json& body) { return ask("POST", "/v1/jobs", city_, body).body()["field"]; };
  EXPECT_EQ(refused({{"kind", "dream"}}), "/kind");
  EXPECT_EQ(refused({{"kind", "redraw"}, {"options", {{"hurry", 1}}}}), "/options/hurry");
  EXPECT_EQ(refused({{"kind", "redraw"}, {"options", {{"rounds", 0.5}}}}), "/options/rounds");
  EXPECT_EQ(refused({{"kind", "redraw"}, {"options", {{"goals", {{"beauty", 1}}}}}}), "/options/goals/beauty");
  const std::string path = start(endless());
  const std::string other = service_->sign_in(Role::district, "account:8", {"north"});
  EXPECT_EQ(ask("GET", path, other).status, 404);
  EXPECT_EQ(ask("GET", path + "/events", other).status, 404);
  EXPECT_EQ(ask("POST", path + "/cancel", other, json::object()).status, 404);
  const std::string operator_ = service_->sign_in(Role::operator_, "account:7");
  EXPECT_FALSE(ask("GET", path, operator_).body().contains("options"));
  EXPECT_EQ(ask("POST", path + "/cancel", operator_, json::object()).status, 202);
  watch(path);
  EXPECT_EQ(ask("POST", "/v1/jobs", service_->sign_in(Role::guardian, "guardian:aa"), redraw(1)).status, 403);
}

}  // namespace
}  // namespace catchment
