#include "engine/policy/calendar.hpp"

#include <gtest/gtest.h>

#include <string>

namespace catchment::engine::policy {
namespace {

Day day(const char* text) { return find_day(text).value(); }
Time at(const char* text) { return find_time(text).value(); }
Moment moment(const char* text) { return find_moment(text).value(); }

Window window(const char* opens, const char* closes, bool closes_inclusive) {
  Window out;
  out.span = {moment(opens), moment(closes), true, closes_inclusive};
  return out;
}

bool open_at(const Window& w, const char* time, const std::string& district = "") {
  return ask_window(w, district, at(time)).state == OpenState::open;
}

TEST(Moments, AreReadOnlyAsTheyAreWritten) {
  EXPECT_EQ(to_text(moment("2024-06-20T18:00")), "2024-06-20T18:00");
  EXPECT_EQ(to_text(moment("2024-06-20")), "2024-06-20");
  EXPECT_EQ(begin_of(moment("2024-06-20T24:00")), at("2024-06-21T00:00"));
  EXPECT_EQ(to_text(at("2024-06-20T18:00:59")), "2024-06-20T18:00:59");
  for (const char* bad : {"2024-02-30", "2023-02-29", "2024-6-1", "2024-06-20T", "2024-06-20T24:01", "2024-06-20 18:00",
                          "2024-06-20T18:0", "2024-06-20T18:00:00", "1899-01-01", "", "二〇二四"}) {
    EXPECT_FALSE(find_moment(bad)) << bad;
  }
  EXPECT_TRUE(find_day("2024-02-29"));
  EXPECT_FALSE(find_time("2024-06-20T24:00:01"));
}

// serves: ZZ25 ZZ31
TEST(Windows, AnInclusiveMinuteIsInWhole) {
  const Window w = window("2024-08-04T08:00", "2024-08-05T23:59", true);
  EXPECT_FALSE(open_at(w, "2024-08-04T07:59:59"));
  EXPECT_TRUE(open_at(w, "2024-08-04T08:00:00"));
  EXPECT_TRUE(open_at(w, "2024-08-05T23:59:00"));
  EXPECT_TRUE(open_at(w, "2024-08-05T23:59:59"));
  EXPECT_FALSE(open_at(w, "2024-08-06T00:00:00"));
}

// serves: CQ21
TEST(Windows, AnExclusiveMinuteIsOverWhenItBegins) {
  const Window w = window("2024-06-20", "2024-06-20T18:00", false);
  EXPECT_FALSE(open_at(w, "2024-06-19T23:59:59"));
  EXPECT_TRUE(open_at(w, "2024-06-20T00:00:00"));
  EXPECT_TRUE(open_at(w, "2024-06-20T17:59:59"));
  EXPECT_FALSE(open_at(w, "2024-06-20T18:00:00"));
  EXPECT_EQ(ask_window(w, "", at("2024-06-20T12:00")).closes_next, at("2024-06-20T18:00"));
  EXPECT_EQ(ask_window(w, "", at("2024-06-20T18:00")).state, OpenState::after);
}

// serves: GY13
TEST(Windows, DailyHoursEndAtMidnight) {
  Window w = window("2024-06-11", "2024-06-20", true);
  w.daily = DailyHours{8 * 60, 24 * 60};
  EXPECT_EQ(ask_window(w, "", at("2024-06-11T07:59:59")).state, OpenState::before);
  EXPECT_TRUE(open_at(w, "2024-06-11T08:00:00"));
  EXPECT_TRUE(open_at(w, "2024-06-11T23:59:59"));
  const WindowAnswer night = ask_window(w, "", at("2024-06-12T00:00:00"));
  EXPECT_EQ(night.state, OpenState::closed);
  EXPECT_EQ(night.opens_next, at("2024-06-12T08:00"));
  EXPECT_TRUE(open_at(w, "2024-06-20T23:59:59"));
  EXPECT_EQ(ask_window(w, "", at("2024-06-21T00:00:00")).state, OpenState::after);
  EXPECT_EQ(stretches_of(w, "").size(), 10u);
}

TEST(Windows, HoursOfAllDayAreOneStretch) {
  Window w = window("2024-06-11", "2024-06-20", true);
  w.daily = DailyHours{0, 24 * 60};
  EXPECT_EQ(stretches_of(w, ""), (std::vector<Stretch>{{at("2024-06-11T00:00"), at("2024-06-21T00:00")}}));
}

// serves: CQ18 CQ20
TEST(Windows, ADistrictHasItsBatchAndOneWithoutIsToldSo) {
  Window w = window("2024-05-07", "2024-05-31", true);
  w.batched = true;
  w.batches = {{{"north"}, {moment("2024-05-07"), moment("2024-05-10"), true, true}},
               {{"south"}, {moment("2024-05-11"), moment("2024-05-15"), true, true}},
               {{"north"}, {moment("2024-05-20"), moment("2024-06-05"), true, true}}};
  EXPECT_TRUE(open_at(w, "2024-05-10T23:59:59", "north"));
  EXPECT_EQ(ask_window(w, "north", at("2024-05-11T00:00")).state, OpenState::closed);
  EXPECT_EQ(ask_window(w, "north", at("2024-05-11T00:00")).opens_next, at("2024-05-20T00:00"));
  EXPECT_TRUE(open_at(w, "2024-05-31T23:59:59", "north"));
  EXPECT_FALSE(open_at(w, "2024-06-01T00:00:00", "north"));  // never beyond the window
  EXPECT_EQ(ask_window(w, "south", at("2024-05-10T12:00")).state, OpenState::before);
  EXPECT_EQ(ask_window(w, "east", at("2024-05-10T12:00")).state, OpenState::batch_unknown);
}

// The State Council's table for 2024, the part around the Dragon Boat and Labour Day holidays.
Holidays holidays_2024() {
  return {"test",
          day("2024-01-01"),
          day("2024-12-31"),
          {{"labour", day("2024-05-01"), day("2024-05-05")}, {"dragon boat", day("2024-06-10"), day("2024-06-10")}},
          {day("2024-04-28"), day("2024-05-11")}};
}

// serves: CQ23
TEST(WorkingDays, PassOverHolidaysAndCountMadeUpDays) {
  const Holidays h = holidays_2024();
  EXPECT_EQ(is_working_day(h, day("2024-04-28")), true);   // a Sunday made up
  EXPECT_EQ(is_working_day(h, day("2024-05-01")), false);  // a Wednesday off
  EXPECT_EQ(is_working_day(h, day("2025-01-01")), std::nullopt);
  EXPECT_EQ(working_days_after(h, day("2024-06-07"), 1), day("2024-06-11"));  // Friday before the holiday
  EXPECT_EQ(working_days_after(h, day("2024-06-08"), 1), day("2024-06-11"));
  EXPECT_EQ(working_days_after(h, day("2024-04-30"), 1), day("2024-05-06"));
  EXPECT_EQ(working_days_after(h, day("2024-05-10"), 1), day("2024-05-11"));  // a Saturday made up
  EXPECT_EQ(working_days_after(h, day("2024-12-31"), 1), std::nullopt);
}

// serves: CQ23
TEST(Deadlines, WhicheverComesFirstDecides) {
  Deadline d;
  d.by = moment("2024-07-10");
  d.working_days = 10;
  d.after = "registration";
  const Holidays h = holidays_2024();
  EXPECT_EQ(due_of(h, d, day("2024-06-03")).end, at("2024-06-19T00:00"));  // 10 working days: 18 June
  EXPECT_EQ(due_of(h, d, day("2024-06-29")).end, at("2024-07-11T00:00"));
  EXPECT_EQ(due_of(h, d).state, DueState::event_needed);
  EXPECT_EQ(due_of(h, d).end, at("2024-07-11T00:00"));
  EXPECT_EQ(due_of(h, d, day("2024-12-30")).state, DueState::beyond_calendar);
  d.by_inclusive = false;
  EXPECT_EQ(due_of(h, d, day("2024-06-29")).end, at("2024-07-10T00:00"));
}

// serves: CQ1 GY10
TEST(Age, TheCutOffDayIsInOrOut) {
  AgeRule rule;
  rule.years = 6;
  rule.cutoff = day("2024-08-31");
  EXPECT_EQ(is_old_enough(rule, day("2018-08-31")), true);
  EXPECT_EQ(is_old_enough(rule, day("2018-09-01")), false);
  rule.cutoff_inclusive = false;
  EXPECT_EQ(is_old_enough(rule, day("2018-08-31")), false);
  EXPECT_EQ(is_old_enough(rule, day("2018-08-30")), true);
  rule.cutoff.reset();
  EXPECT_EQ(is_old_enough(rule, day("2018-08-30")), std::nullopt);
}

TEST(Age, ALeapDayChildCompletesAYearOnTheLastOfFebruary) {
  EXPECT_EQ(completes_years(day("2020-02-29"), 6), day("2026-02-28"));
  EXPECT_EQ(completes_years(day("2020-02-29"), 8), day("2028-02-29"));
  EXPECT_EQ(completes_years(day("2020-03-01"), 6), day("2026-03-01"));
  AgeRule rule;
  rule.years = 6;
  rule.cutoff = day("2026-02-28");
  EXPECT_EQ(is_old_enough(rule, day("2020-02-29")), true);
  rule.cutoff_inclusive = false;
  EXPECT_EQ(is_old_enough(rule, day("2020-02-29")), false);
}

}  // namespace
}  // namespace catchment::engine::policy
