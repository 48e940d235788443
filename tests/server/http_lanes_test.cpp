#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <queue>
#include <vector>

#include "server/http/lane_queues.hpp"
#include "server/http/worker_pool.hpp"

namespace catchment::http {
namespace {

using namespace std::chrono_literals;
using LaneTime = LaneQueues::Time;
using LaneSpan = LaneQueues::Span;

constexpr std::array kFourLanes{Lane::confirm, Lane::submit, Lane::read, Lane::browse};
constexpr LaneTime kStart{LaneSpan(1h)};

Job no_job() {
  return {[] {}, [](Shed) {}};
}

std::optional<Shed> offer_one(LaneQueues& queues, Lane lane, LaneTime now) {
  Job job = no_job();
  return queues.offer(lane, job, now);
}

TEST(Lanes, TheFirstLaneIsServedFirstAndEachInOrder) {
  LaneQueues queues(PoolOptions{});
  std::vector<std::string> run;
  for (int round = 0; round < 2; ++round) {
    for (const Lane lane : {Lane::browse, Lane::submit, Lane::read, Lane::confirm}) {
      Job job{[&run, lane, round] { run.push_back(std::string(to_word(lane)) + std::to_string(round)); }, [](Shed) {}};
      ASSERT_FALSE(queues.offer(lane, job, kStart));
    }
  }
  std::vector<ShedJob> shed;
  while (auto claimed = queues.claim(kStart, shed)) claimed->job.run();
  EXPECT_THAT(
      run, testing::ElementsAre("confirm0", "confirm1", "submit0", "submit1", "read0", "read1", "browse0", "browse1"));
  EXPECT_TRUE(shed.empty());
}

TEST(Lanes, LowerLanesNeverHoldAllWorkers) {
  PoolOptions options;
  options.workers = 8;
  LaneQueues queues(options);
  std::vector<ShedJob> shed;
  int browsers = 0;
  for (int i = 0; i < 8; ++i) offer_one(queues, Lane::browse, kStart);
  while (queues.claim(kStart, shed)) ++browsers;
  EXPECT_EQ(browsers, 4);
  EXPECT_FALSE(queues.due());
  EXPECT_FALSE(offer_one(queues, Lane::confirm, kStart));
  EXPECT_EQ(queues.claim(kStart, shed)->lane, Lane::confirm);
  queues.done(Lane::browse, 1ms);
  EXPECT_EQ(queues.claim(kStart, shed)->lane, Lane::browse);
}

TEST(Lanes, AFullLaneRefusesAndTheOthersDoNot) {
  PoolOptions options;
  options.lanes[3].bound = 3;
  LaneQueues queues(options);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(offer_one(queues, Lane::browse, kStart));
  EXPECT_EQ(offer_one(queues, Lane::browse, kStart), Shed::full);
  EXPECT_FALSE(offer_one(queues, Lane::read, kStart));
  EXPECT_EQ(queues.counts(Lane::browse).waiting, 3u);
  EXPECT_EQ(queues.counts(Lane::browse).shed[static_cast<std::size_t>(Shed::full)], 1u);
}

TEST(Lanes, NobodyWaitsLongerThanMostWaitThoughNoWorkerComesFree) {
  LaneQueues queues(PoolOptions{});
  std::vector<ShedJob> shed;
  for (const Lane lane : kFourLanes) offer_one(queues, lane, kStart);
  queues.expire(kStart + 400ms, shed);
  EXPECT_EQ(shed.size(), 0u);
  queues.expire(kStart + 1001ms, shed);
  EXPECT_EQ(shed.size(), 2u);
  queues.expire(kStart + 5001ms, shed);
  EXPECT_EQ(shed.size(), 4u);
  EXPECT_EQ(queues.waiting(), 0u);
  for (const ShedJob& job : shed) EXPECT_EQ(job.reason, Shed::late);
}

// Played through in virtual time: workers that need 5 to 15 ms a job, newcomers at a constant rate.
class LaneWorld {
 public:
  static constexpr int kWorkers = 8;
  static constexpr double kCapacity = kWorkers / 0.010;  // jobs a second

  LaneWorld() : queues_(options()) {}

  struct Tally {
    int offered = 0, begun = 0, shed = 0;
    std::vector<LaneSpan> waits;       // of those begun
    std::vector<LaneSpan> shed_after;  // how long others waited for their refusal
  };

  // From now on nothing ends for so long: a disk that pauses.
  void stall(LaneSpan length) {
    stalled_until_ = now_ + length;
    std::vector<Finish> items;
    for (; !running_.empty(); running_.pop()) items.push_back(running_.top());
    for (auto& [at, job] : items) {
      if (at < stalled_until_) job.second += stalled_until_ - at;
      running_.push({std::max(at, stalled_until_), job});
    }
  }

  // rates: newcomers a second by lane. Returns what became of those who came within `length`.
  std::map<Lane, Tally> play(const std::map<Lane, double>& rates, LaneSpan length) {
    std::map<Lane, std::shared_ptr<Tally>> tallies;
    std::map<Lane, LaneTime> next;
    for (const auto& [lane, rate] : rates) {
      next[lane] = now_;
      tallies[lane] = std::make_shared<Tally>();
    }
    const LaneTime end = now_ + length;
    for (;;) {
      const auto first = std::ranges::min_element(next, {}, [](const auto& item) { return item.second; });
      while (!running_.empty() && running_.top().first <= std::min(first->second, end)) finish();
      if (first->second >= end) break;
      now_ = first->second;
      arrive(first->first, tallies.at(first->first));
      begin();
      first->second += std::chrono::duration_cast<LaneSpan>(std::chrono::duration<double>(1 / rates.at(first->first)));
    }
    now_ = end;
    std::map<Lane, Tally> out;
    for (const auto& [lane, tally] : tallies) out[lane] = *tally;
    return out;
  }

 private:
  static PoolOptions options() {
    PoolOptions out;
    out.workers = kWorkers;
    return out;
  }

  void arrive(Lane lane, const std::shared_ptr<Tally>& tally) {
    ++tally->offered;
    Job job;
    job.run = [this, tally, since = now_] {
      ++tally->begun;
      tally->waits.push_back(now_ - since);
    };
    job.shed = [this, tally, since = now_](Shed) {
      ++tally->shed;
      tally->shed_after.push_back(now_ - since);
    };
    if (const auto refused = queues_.offer(lane, job, now_)) job.shed(*refused);
  }
  void begin() {
    while (running_.size() < kWorkers && queues_.due()) {
      auto claimed = queues_.claim(now_, shed_);
      for (ShedJob& job : shed_) job.job.shed(job.reason);
      shed_.clear();
      if (!claimed) continue;
      claimed->job.run();
      const LaneSpan run = 5ms + std::chrono::microseconds((begun_++ * 7919) % 10'001);
      const LaneTime at = std::max(now_, stalled_until_) + run;
      running_.push({at, {claimed->lane, at - now_}});
    }
  }
  void finish() {
    const auto [at, job] = running_.top();
    running_.pop();
    now_ = at;
    queues_.done(job.first, job.second);
    begin();
  }

  using Finish = std::pair<LaneTime, std::pair<Lane, LaneSpan>>;
  LaneQueues queues_;
  LaneTime now_ = kStart, stalled_until_ = kStart;
  std::vector<ShedJob> shed_;
  std::priority_queue<Finish, std::vector<Finish>, std::greater<>> running_;
  int begun_ = 0;
};

LaneSpan percentile(std::vector<LaneSpan> spans, double part) {
  if (spans.empty()) return LaneSpan::zero();
  std::ranges::sort(spans);
  return spans[static_cast<std::size_t>(part * static_cast<double>(spans.size() - 1))];
}

TEST(Lanes, TenfoldOverloadKeepsGoodputWaitsAndTheOrderOfLanes) {
  LaneWorld world;
  constexpr double kC = LaneWorld::kCapacity;
  auto tallies = world.play(
      {{Lane::confirm, 0.2 * kC}, {Lane::submit, 0.5 * kC}, {Lane::read, 3 * kC}, {Lane::browse, 6.3 * kC}}, 20s);
  const auto part = [&](Lane lane) { return static_cast<double>(tallies[lane].begun) / tallies[lane].offered; };
  EXPECT_EQ(part(Lane::confirm), 1.0);
  EXPECT_GT(part(Lane::submit), 0.999);
  EXPECT_GT(part(Lane::read), 0.05);
  EXPECT_GT(part(Lane::read), part(Lane::browse));
  double begun = 0;
  std::vector<LaneSpan> waits, refusals;
  for (auto& [lane, tally] : tallies) {
    begun += tally.begun;
    waits.insert(waits.end(), tally.waits.begin(), tally.waits.end());
    refusals.insert(refusals.end(), tally.shed_after.begin(), tally.shed_after.end());
  }
  EXPECT_GT(begun, 0.9 * kC * 20);
  EXPECT_LT(percentile(waits, 0.99), 180ms);
  EXPECT_LT(percentile(refusals, 0.95), 5ms);
}

TEST(Lanes, OneLaneAloneTenfoldIsServedAtFullRate) {
  LaneWorld world;
  auto tallies = world.play({{Lane::submit, 10 * LaneWorld::kCapacity}}, 60s);
  // Seven workers of eight are its share.
  EXPECT_GT(tallies[Lane::submit].begun, 0.9 * 7.0 / 8 * LaneWorld::kCapacity * 60);
  EXPECT_LT(percentile(tallies[Lane::submit].waits, 0.99), 180ms);
}

TEST(Lanes, FiveSecondsAfterAnOverloadNobodyIsShed) {
  LaneWorld world;
  constexpr double kC = LaneWorld::kCapacity;
  world.play({{Lane::submit, 2 * kC}, {Lane::read, 8 * kC}}, 20s);
  world.play({{Lane::submit, 0.2 * kC}, {Lane::read, 0.3 * kC}}, 5s);
  auto tallies = world.play({{Lane::submit, 0.2 * kC}, {Lane::read, 0.3 * kC}}, 20s);
  EXPECT_EQ(tallies[Lane::submit].shed + tallies[Lane::read].shed, 0);
}

TEST(Lanes, ADiskThatPausesShedsNoSubmit) {
  for (const LaneSpan pause : {LaneSpan(170ms), LaneSpan(300ms), LaneSpan(450ms)}) {
    LaneWorld world;
    const std::map<Lane, double> rates{{Lane::submit, 0.4 * LaneWorld::kCapacity},
                                       {Lane::confirm, 0.05 * LaneWorld::kCapacity}};
    for (int i = 0; i < 3; ++i) {
      world.play(rates, 2s);
      world.stall(pause);
      auto tallies = world.play(rates, 4s);
      EXPECT_EQ(tallies[Lane::submit].shed + tallies[Lane::confirm].shed, 0) << pause.count();
    }
  }
}

TEST(Lanes, ADiskThatDoesNotComeBackFailsFastAfterAWhile) {
  LaneWorld world;
  const std::map<Lane, double> rates{{Lane::submit, 0.4 * LaneWorld::kCapacity}};
  world.play(rates, 2s);
  world.stall(10s);
  world.play(rates, 2s);
  auto tallies = world.play(rates, 2s);
  EXPECT_EQ(tallies[Lane::submit].begun, 0);
  EXPECT_LT(percentile(tallies[Lane::submit].shed_after, 0.9), 5ms);
}

TEST(Lanes, ABurstIsLetThrough) {
  LaneWorld world;
  constexpr double kC = LaneWorld::kCapacity;
  auto burst = world.play({{Lane::submit, 8 * kC}}, 50ms);
  EXPECT_EQ(burst[Lane::submit].shed, 0);
}

TEST(Lanes, RetryAfterIsSpreadAndLongerForLowerLanes) {
  const WorkerPool pool{PoolOptions{}};
  for (std::size_t i = 0; i < kFourLanes.size(); ++i) {
    std::map<int, int> seen;
    for (int k = 0; k < 1000; ++k) ++seen[pool.retry_after_s(kFourLanes[i])];
    EXPECT_EQ(seen.begin()->first, 1);
    EXPECT_EQ(seen.rbegin()->first, 4 << i);
    EXPECT_EQ(seen.size(), 4u << i);
  }
}

}  // namespace
}  // namespace catchment::http
