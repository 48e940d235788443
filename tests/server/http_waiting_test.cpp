#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "geo/input_error.hpp"
#include "server/http/waiting_room.hpp"

namespace catchment::http {
namespace {

using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const local_seconds kOpening = local_days(std::chrono::May / 9 / 2026) + std::chrono::hours(8);

WaitingOptions room_options(std::uint32_t per_second = 10) {
  WaitingOptions options;
  options.key = std::string(32, 'k');
  options.opens_at = kOpening;
  options.per_second = per_second;
  return options;
}

Request with_ticket(std::string_view sealed, std::string_view accept = "application/json") {
  Request request;
  request.method = "GET";
  request.path = "/";
  request.set_header(Header::accept, accept);
  if (!sealed.empty()) request.set_header(Header::cookie, std::string("other=1; __Host-waiting=").append(sealed));
  return request;
}

std::string sealed_in(const std::string& set_cookie) {
  const std::size_t begin = set_cookie.find('=') + 1;
  return set_cookie.substr(begin, set_cookie.find(';') - begin);
}

TEST(Waiting, ATicketComesBackAsItWasGiven) {
  const WaitingRoom room(room_options());
  for (const std::uint64_t number : {0ull, 1ull, 249'999ull, ~0ull}) {
    const std::string sealed = room.seal({kOpening, number});
    EXPECT_EQ(sealed.size(), 43u);
    const auto ticket = room.find_ticket(sealed);
    ASSERT_TRUE(ticket);
    EXPECT_EQ(ticket->number, number);
    EXPECT_EQ(ticket->given, kOpening);
  }
}

TEST(Waiting, OfAHundredThousandForgedTicketsNoneIsTaken) {
  const WaitingRoom room(room_options());
  WaitingOptions other = room_options();
  other.key.back() = 'l';
  const WaitingRoom stranger(other);
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::mt19937_64 random(7);
  const std::string real = room.seal({kOpening, 12'345});
  int taken = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string forged = real;
    if (i % 4 == 0) forged = stranger.seal({kOpening, static_cast<std::uint64_t>(i)});
    if (i % 4 == 1) forged[random() % forged.size()] = kDigits[random() % 64];
    if (i % 4 == 2) std::ranges::generate(forged, [&] { return kDigits[random() % 64]; });
    if (i % 4 == 3) forged.resize(random() % 60, 'A');
    taken += forged != real && room.find_ticket(forged).has_value();
  }
  EXPECT_EQ(taken, 0);
}

TEST(Waiting, AKeyTooShortIsRefused) {
  WaitingOptions options = room_options();
  options.key.resize(31);
  EXPECT_THROW(WaitingRoom{options}, InputError);
}

TEST(Waiting, NobodyPassesBeforeTheOpening) {
  WaitingRoom room(room_options());
  const Passage passage = room.enter(with_ticket(""), kOpening - seconds(1));
  EXPECT_FALSE(passage.open);
  EXPECT_THAT(passage.set_cookie, AllOf(HasSubstr("__Host-waiting="), HasSubstr("Secure; HttpOnly; SameSite=Lax")));
  EXPECT_EQ(room.released(kOpening - seconds(1)), 0u);
  EXPECT_EQ(passage.answer.status, 503);
}

TEST(Waiting, EarlyPlacesAreAPermutationThatFollowsNoArrival) {
  for (const std::uint64_t size : {1ull, 2ull, 3ull, 64ull, 65ull, 1000ull}) {
    WaitingOptions options = room_options();
    options.state = {size, size, 0, {}};
    const WaitingRoom room(options);
    std::vector<std::uint64_t> places;
    for (std::uint64_t i = 0; i < size; ++i) places.push_back(room.place_of({kOpening - seconds(60), i}));
    if (size == 1000) {
      // Of the first hundred to come about ten are among the first hundred to pass.
      const auto lucky = std::count_if(places.begin(), places.begin() + 100, [](std::uint64_t p) { return p < 100; });
      EXPECT_GT(lucky, 0);
      EXPECT_LT(lucky, 30);
    }
    std::ranges::sort(places);
    for (std::uint64_t i = 0; i < size; ++i) ASSERT_EQ(places[i], i) << size;
  }
}

TEST(Waiting, PlacesAreReleasedAtTheRateEarlyOnesFirstThenInOrder) {
  WaitingRoom room(room_options(10));
  std::vector<std::string> tickets;
  for (int i = 0; i < 100; ++i)
    tickets.push_back(sealed_in(room.enter(with_ticket(""), kOpening - seconds(300)).set_cookie));
  for (int i = 0; i < 100; ++i) tickets.push_back(sealed_in(room.enter(with_ticket(""), kOpening).set_cookie));
  for (int second = 1; second <= 20; ++second) {
    std::vector<bool> open;
    for (const std::string& ticket : tickets) {
      const Passage passage = room.enter(with_ticket(ticket), kOpening + seconds(second));
      EXPECT_EQ(passage.set_cookie, "");
      open.push_back(passage.open);
    }
    EXPECT_EQ(std::count(open.begin(), open.begin() + 100, true), std::min(100, second * 10));
    EXPECT_EQ(std::count(open.begin() + 100, open.end(), true), std::max(0, second * 10 - 100));
    EXPECT_TRUE(std::is_sorted(open.begin() + 100, open.end(), std::greater<>()));
  }
}

TEST(Waiting, WhileFewComeNobodyWaitsAndUnusedPlacesAreNotSavedUp) {
  WaitingRoom room(room_options(10));
  const local_seconds later = kOpening + std::chrono::hours(1);
  int passed = 0;
  for (int i = 0; i < 100; ++i) passed += room.enter(with_ticket(""), later).open;
  EXPECT_EQ(passed, 10);
  for (int s = 1; s < 9; ++s) room.released(later + seconds(s));
  EXPECT_EQ(room.state().released, 90u);
}

TEST(Waiting, WhoWouldPassIsWhoPasses) {
  WaitingRoom room(room_options(3));
  std::mt19937_64 random(11);
  std::vector<std::string> tickets{""};
  local_seconds now = kOpening - seconds(20);
  int passed = 0, waited = 0;
  for (int i = 0; i < 2000; ++i) {
    now += seconds(random() % 25 == 0);
    const std::string& ticket = tickets[random() % 3 == 0 ? 0 : random() % tickets.size()];
    const Request request = with_ticket(ticket);
    const std::uint64_t issued = room.state().issued;
    const bool would = room.would_pass(request, now);
    ASSERT_EQ(room.state().issued, issued) << "asking gives no ticket";
    const Passage passage = room.enter(request, now);
    ASSERT_EQ(passage.open, would) << i;
    ++(passage.open ? passed : waited);
    if (!passage.set_cookie.empty()) tickets.push_back(sealed_in(passage.set_cookie));
  }
  EXPECT_GT(passed, 100);
  EXPECT_GT(waited, 100);
}

TEST(Waiting, WhoIsHeldWaitsThoughHisPlaceIsFree) {
  WaitingRoom room(room_options(10));
  const local_seconds now = kOpening + seconds(5);
  ASSERT_TRUE(room.would_pass(with_ticket(""), now));
  const Passage held = room.enter(with_ticket(""), now, true);
  EXPECT_FALSE(held.open);
  EXPECT_EQ(held.answer.status, 503);
  EXPECT_EQ(held.before_you, 0u);
  EXPECT_TRUE(room.enter(with_ticket(sealed_in(held.set_cookie)), now).open);
}

TEST(Waiting, APassageSaysHowLong) {
  WaitingRoom room(room_options(10));
  const Passage early = room.enter(with_ticket(""), kOpening - seconds(90));
  EXPECT_EQ(early.wait_s, 90u);
  for (int i = 0; i < 500; ++i) room.enter(with_ticket(""), kOpening);
  const Passage late = room.enter(with_ticket(""), kOpening + seconds(1));
  EXPECT_EQ(late.before_you, 501u - 10u);
  EXPECT_EQ(late.wait_s, 50u);
  EXPECT_GE(late.again_s, 5);
}

TEST(Waiting, WhoHasPassedPassesAgainUntilHisTicketIsOld) {
  WaitingRoom room(room_options(10));
  const std::string ticket = sealed_in(room.enter(with_ticket(""), kOpening + seconds(5)).set_cookie);
  for (const int hour : {0, 1, 11})
    EXPECT_TRUE(room.enter(with_ticket(ticket), kOpening + seconds(6) + std::chrono::hours(hour)).open);
  EXPECT_NE(room.enter(with_ticket(ticket), kOpening + std::chrono::hours(13)).set_cookie, "");
  EXPECT_NE(
      room.enter(with_ticket(room.seal({kOpening + std::chrono::hours(40), 0})), kOpening + std::chrono::hours(13))
          .set_cookie,
      "");
}

TEST(Waiting, ARestartSendsNobodyBack) {
  WaitingRoom room(room_options(10));
  std::vector<std::string> tickets;
  for (int i = 0; i < 200; ++i)
    tickets.push_back(sealed_in(room.enter(with_ticket(""), kOpening - seconds(9)).set_cookie));
  const local_seconds now = kOpening + seconds(7);
  std::vector<bool> open;
  for (const std::string& ticket : tickets) open.push_back(room.enter(with_ticket(ticket), now).open);
  WaitingOptions options = room_options(10);
  options.state = room.state();
  WaitingRoom again(options);
  for (std::size_t i = 0; i < tickets.size(); ++i) EXPECT_EQ(again.enter(with_ticket(tickets[i]), now).open, open[i]);
  // Without a state: it learns from the tickets how many there are.
  WaitingRoom anew(room_options(10));
  for (const std::string& ticket : tickets) anew.enter(with_ticket(ticket), now);
  EXPECT_EQ(anew.state().issued, 200u);
  for (std::size_t i = 0; i < tickets.size(); ++i) EXPECT_GE(anew.enter(with_ticket(tickets[i]), now).open, open[i]);
}

TEST(Waiting, OperatorsMayHoldEverybodyAndGoOn) {
  WaitingRoom room(room_options(10));
  for (int i = 0; i < 100; ++i) room.enter(with_ticket(""), kOpening);
  room.set_rate(0, kOpening + seconds(2));
  EXPECT_EQ(room.released(kOpening + seconds(60)), 20u);
  EXPECT_THAT(room.enter(with_ticket("", "text/html"), kOpening + seconds(60)).answer.body,
              HasSubstr("The door is closed for a moment"));
  room.set_rate(5, kOpening + seconds(60));
  EXPECT_EQ(room.released(kOpening + seconds(62)), 30u);
}

TEST(Waiting, PagesSayInBothLanguagesThatOrderGivesNoAdvantage) {
  WaitingRoom room(room_options(1));
  const Passage early = room.enter(with_ticket("", "text/html,*/*"), kOpening - seconds(1));
  for (int i = 0; i < 300; ++i) room.enter(with_ticket(""), kOpening + seconds(1));
  const Passage waiting = room.enter(with_ticket("", "text/html,*/*"), kOpening + seconds(1));
  for (const std::string& page : {early.answer.body, waiting.answer.body, fallback_page()}) {
    EXPECT_THAT(page, AllOf(HasSubstr("先到不占优势"), HasSubstr("gives no advantage"),
                            HasSubstr("http-equiv=\"refresh\""), Not(HasSubstr("<script")), Not(HasSubstr("style"))));
  }
  EXPECT_EQ(waiting.answer.status, 200);
  EXPECT_THAT(waiting.answer.body,
              AllOf(HasSubstr("300 people are before you"), HasSubstr("您前面还有 300 人"), HasSubstr("about 6 min")));
  EXPECT_THAT(waiting.answer.headers, testing::Contains(testing::Pair("Cache-Control", "no-store")));
  const Passage program = room.enter(with_ticket(""), kOpening + seconds(1));
  EXPECT_THAT(program.answer.body, HasSubstr(R"("code":"waiting")"));
  EXPECT_THAT(program.answer.headers, testing::Contains(testing::Key("Retry-After")));
}

}  // namespace
}  // namespace catchment::http
