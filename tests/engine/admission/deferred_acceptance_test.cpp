#include "engine/admission/assignment/deferred_acceptance.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "geo/input_error.hpp"
#include "tests/support/choice_world.hpp"

namespace catchment::engine::admission {
namespace {

using testing::make_choices;
using testing::match_by_heaps;

// Every matching: by applicant one choice of its list or none, within the quotas.
void for_every_matching(const ChoiceInput& in, const std::function<void(const std::vector<std::uint8_t>&)>& visit) {
  std::vector<std::uint8_t> choice(in.tickets.size(), kNoChoice);
  std::vector<int> left = in.quotas;
  const std::function<void(std::uint32_t)> next = [&](std::uint32_t i) {
    if (i == choice.size()) return visit(choice);
    choice[i] = kNoChoice;
    next(i + 1);
    for (std::uint32_t at = in.first_choice[i]; at < in.first_choice[i + 1]; ++at) {
      const std::uint32_t s = in.choices[at].school;
      if (left[s] == 0) continue;
      --left[s];
      choice[i] = static_cast<std::uint8_t>(at - in.first_choice[i]);
      next(i + 1);
      choice[i] = kNoChoice;
      ++left[s];
    }
  };
  next(0);
}

// The textbook's definition, pair by pair.
bool is_stable(const ChoiceInput& in, const std::vector<std::uint8_t>& choice) {
  const auto claim = [&](std::uint32_t i, std::uint32_t at) {
    return std::pair(in.choices[at].priority, in.tickets[i]);
  };
  for (std::uint32_t i = 0; i < choice.size(); ++i) {
    for (std::uint32_t at = in.first_choice[i]; at < in.first_choice[i + 1]; ++at) {
      if (at - in.first_choice[i] >= choice[i]) break;
      const std::uint32_t s = in.choices[at].school;
      int taken = 0;
      for (std::uint32_t o = 0; o < choice.size(); ++o) {
        if (choice[o] == kNoChoice || in.choices[in.first_choice[o] + choice[o]].school != s) continue;
        ++taken;
        if (claim(i, at) < claim(o, in.first_choice[o] + choice[o])) return false;
      }
      if (taken < in.quotas[s]) return false;
    }
  }
  return true;
}

ChoiceInput make_small(int round) {
  testing::ChoiceWorld world{.applicants = 3 + round % 3, .schools = 2 + round % 2, .choices = 3};
  world.seats = 0.4 + 0.2 * (round % 4);
  world.own_order = round % 2 == 1;
  world.seed = static_cast<std::uint64_t>(round) + 1;
  return make_choices(world);
}

TEST(DeferredAcceptance, IsTheStableMatchingEverybodyLikesBest) {
  for (int round = 0; round < 120; ++round) {
    const ChoiceInput in = make_small(round);
    const ChoiceResult result = match_choices(in);
    ASSERT_TRUE(is_stable(in, result.choice));
    for_every_matching(in, [&](const std::vector<std::uint8_t>& other) {
      const bool stable = is_stable(in, other);
      ASSERT_EQ(count_blocking_pairs(in, other) == 0, stable);
      if (!stable) return;
      for (std::uint32_t i = 0; i < other.size(); ++i) ASSERT_LE(result.choice[i], other[i]);
    });
  }
}

// Every other list an applicant could hand in: orders and parts of all schools.
TEST(DeferredAcceptance, NobodyGainsByAnotherList) {
  int lists = 0;
  for (int round = 0; round < 40; ++round) {
    const ChoiceInput in = make_small(round);
    const ChoiceResult honest = match_choices(in);
    for (std::uint32_t liar = 0; liar < in.tickets.size(); ++liar) {
      const std::vector<RankedChoice> own(in.choices.begin() + in.first_choice[liar],
                                          in.choices.begin() + in.first_choice[liar + 1]);
      std::vector<std::uint32_t> order(own.size());
      for (std::uint32_t r = 0; r < order.size(); ++r) order[r] = r;
      do {
        for (std::size_t length = 0; length <= order.size(); ++length) {
          ChoiceInput told = in;
          told.choices.assign(in.choices.begin(), in.choices.begin() + in.first_choice[liar]);
          for (std::size_t r = 0; r < length; ++r) told.choices.push_back(own[order[r]]);
          told.choices.insert(told.choices.end(), in.choices.begin() + in.first_choice[liar + 1], in.choices.end());
          for (std::uint32_t i = liar + 1; i < told.first_choice.size(); ++i)
            told.first_choice[i] -= static_cast<std::uint32_t>(own.size() - length);
          const std::uint8_t got = match_choices(told).choice[liar];
          const std::uint32_t truly = got == kNoChoice ? kNoChoice : order[got];
          ASSERT_GE(truly, honest.choice[liar]);
          ++lists;
        }
      } while (std::ranges::next_permutation(order).found);
    }
  }
  EXPECT_GT(lists, 1000);
}

TEST(DeferredAcceptance, EqualsTheTextbookAtAnyThreadCount) {
  for (const bool own_order : {false, true}) {
    const ChoiceInput in =
        make_choices({.applicants = 12'000, .schools = 40, .choices = 8, .own_order = own_order, .seed = 5});
    const ChoiceResult one = match_choices(in);
    EXPECT_EQ(one.choice, match_by_heaps(in));
    EXPECT_EQ(count_blocking_pairs(in, one.choice), 0);
    for (const unsigned threads : {2u, 3u}) {
      const ChoiceResult more = match_choices(in, threads);
      EXPECT_EQ(more.choice, one.choice);
      for (std::size_t s = 0; s < one.cut_offs.size(); ++s)
        ASSERT_EQ(more.cut_offs[s].applicant, one.cut_offs[s].applicant);
    }
  }
}

TEST(DeferredAcceptance, CutOffIsTheLastOneAFullSchoolHolds) {
  ChoiceInput in;
  in.quotas = {2, 1, 3};
  in.tickets = {3, 0, 2, 1};
  in.first_choice = {0, 2, 3, 5, 6};
  in.choices = {{0, 5}, {1, 0}, {0, 5}, {0, 4}, {1, 0}, {0, 5}};
  const ChoiceResult result = match_choices(in);
  EXPECT_EQ(result.choice, (std::vector<std::uint8_t>{1, 0, 0, kNoChoice}));
  EXPECT_TRUE(result.cut_offs[0].full);
  EXPECT_EQ(result.cut_offs[0].priority, 5u);
  EXPECT_EQ(result.cut_offs[0].ticket, 0u);
  EXPECT_EQ(result.cut_offs[0].applicant, 1u);
  EXPECT_EQ(result.cut_offs[0].admitted, 2);
  EXPECT_FALSE(result.cut_offs[2].full);
}

TEST(DeferredAcceptance, RefusesListsThatDoNotFit) {
  ChoiceInput good;
  good.quotas = {1, 0};
  good.tickets = {1, 0};
  good.first_choice = {0, 2, 3};
  good.choices = {{1, 0}, {0, 0}, {0, 0}};
  EXPECT_EQ(match_choices(good).choice, (std::vector<std::uint8_t>{kNoChoice, 0}));
  ChoiceInput bad = good;
  bad.tickets = {1, 1};
  EXPECT_THROW(match_choices(bad), InputError);
  bad = good, bad.choices[0].school = 0;
  EXPECT_THROW(match_choices(bad), InputError);
  bad = good, bad.choices[0].school = 2;
  EXPECT_THROW(match_choices(bad), InputError);
  bad = good, bad.first_choice = {0, 3};
  EXPECT_THROW(match_choices(bad), InputError);
  bad = good, bad.first_choice = {0, 4, 3};
  EXPECT_THROW(match_choices(bad), InputError);
  bad = good, bad.quotas[1] = -1;
  EXPECT_THROW(match_choices(bad), InputError);
}

}  // namespace
}  // namespace catchment::engine::admission
