// The work queue: threads, and a real nats-server with real workers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "server/jobs/byte_stream.hpp"
#include "server/jobs/ensemble_job.hpp"
#include "server/jobs/nats_queue.hpp"
#include "server/jobs/thread_queue.hpp"
#include "tests/datasets/program.hpp"
#include "tests/server/ensemble_tables.hpp"
#include "tests/server/process.hpp"

namespace catchment {
namespace {

using namespace jobs;
using ::testing::HasSubstr;
namespace run = catchment::testing;

const auto kGoOn = [](const BatchProgress&) { return true; };

Handlers made_up() {
  return {{"join",
           [](std::string_view input, std::string_view shard, const Alive& alive) {
             for (int k = 0; k < 50; ++k) alive(k / 50.0);
             return std::string(input) + std::string(shard);
           }},
          {"fail",
           [](std::string_view, std::string_view, const Alive&) -> std::string {
             throw std::runtime_error("no such thing");
           }},
          {"endless", [](std::string_view, std::string_view, const Alive& alive) {
             while (alive(0.5)) std::this_thread::yield();
             return std::string("left");
           }}};
}

TEST(ThreadQueue, ResultsComeInTheOrderOfShardsWithAnyNumberOfThreads) {
  for (const int threads : {0, 1, 3, 8}) {
    std::size_t last = 0;
    const BatchResult result =
        ThreadQueue(made_up(), threads).run({"join", "x", {"a", "b", "c", "d", "e"}}, [&](const BatchProgress& at) {
          EXPECT_GE(at.done, last);
          EXPECT_LE(at.share, 1 + 1e-9);
          last = at.done;
          return true;
        });
    EXPECT_EQ(result.results, (std::vector<std::string>{"xa", "xb", "xc", "xd", "xe"}));
    EXPECT_FALSE(result.cancelled);
  }
}

TEST(ThreadQueue, AFailureEndsTheBatchWithItsReason) {
  for (const int threads : {0, 2}) {
    ThreadQueue queue(made_up(), threads);
    EXPECT_THROW(queue.run({"fail", "", {"a", "b"}}, kGoOn), ShardFailure);
    EXPECT_THROW(queue.run({"unheard of", "", {"a"}}, kGoOn), ShardFailure);
  }
}

TEST(ThreadQueue, CancelledShardsLeave) {
  for (const int threads : {0, 2}) {
    int asked = 0;
    const BatchResult result =
        ThreadQueue(made_up(), threads).run({"endless", "", {"a", "b", "c"}}, [&](const auto&) { return ++asked < 3; });
    EXPECT_TRUE(result.cancelled);
    EXPECT_TRUE(result.results.empty());
  }
}

TEST(EnsembleJob, BytesThatAreNoJobAreRefused) {
  const Alive alive = [](double) { return true; };
  engine::planning::EnsembleProblem problem;
  problem.units = {{"a", 1}, {"b", 1}};
  problem.borders = {{0, 1}};
  problem.zones.resize(2);
  const Batch batch = to_batch(problem, {});
  EXPECT_TRUE(read_shard_result(run_ensemble_shard(batch.input, batch.shards[0], alive)).started);
  for (std::size_t cut = 0; cut < batch.input.size(); cut += 5) {
    EXPECT_THROW(run_ensemble_shard(batch.input.substr(0, cut), batch.shards[0], alive), InputError);
  }
  EXPECT_THROW(run_ensemble_shard(batch.input + "x", batch.shards[0], alive), InputError);
  EXPECT_THROW(run_ensemble_shard(batch.input, "?", alive), InputError);
}

class Nats : public ::testing::Test {
 protected:
  void SetUp() override {
    // 64 kB a message, so that everything larger travels in chunks.
    run::write_file(dir_ / "nats.conf", "port: -1\nhost: 127.0.0.1\nmax_payload: 65536\njetstream { store_dir: \"" +
                                            (dir_ / "store").string() + "\" }\nports_file_dir: \"" +
                                            dir_.path().string() + "\"\n");
    server_ = std::make_unique<run::Process>(
        std::vector<std::string>{"nats-server", "-c", (dir_ / "nats.conf").string()}, (dir_ / "nats.log").string());
    while (url_.empty()) {
      ASSERT_TRUE(server_->running()) << "nats-server does not start: " << run::read_file(dir_ / "nats.log");
      find_url();
      std::this_thread::yield();
    }
    run::write_ensemble_tables(dir_);
  }

  void find_url() {
    for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) {
      if (entry.path().extension() != ".ports") continue;
      const auto ports = nlohmann::json::parse(run::read_file(entry.path()), nullptr, false);
      if (ports.is_object() && !ports["nats"].empty()) url_ = ports["nats"][0].get<std::string>();
    }
  }

  std::unique_ptr<run::Process> start(std::vector<std::string> words) {
    words.insert(words.begin(), CATCHMENT_PROGRAM);
    return std::make_unique<run::Process>(words, (dir_ / "said.txt").string());
  }
  std::unique_ptr<run::Process> start_worker() { return start({"worker", "--nats", url_}); }

  std::string path(const std::string& name) const { return (dir_ / name).string(); }
  std::vector<std::string> ensemble(const std::string& out, const std::string& steps) const {
    return {"plan",        "ensemble",
            "--units",     path("units.txt"),
            "--adjacency", path("borders.txt"),
            "--plan",      path("plan.csv"),
            "--shards",    "6",
            "--steps",     steps,
            "--json",      path(out)};
  }
  std::unique_ptr<run::Process> submit(const std::string& out, const std::string& steps) {
    auto words = ensemble(out, steps);
    words.insert(words.end(), {"--nats", url_});
    return start(words);
  }

  run::TempDir dir_;
  std::string url_;
  std::unique_ptr<run::Process> server_;
};

TEST_F(Nats, BytesOfAnySizeComeBackWholeAndDroppedOnesAreGone) {
  NatsLink link(url_);
  std::string large;
  for (int k = 0; large.size() < 1'000'000; ++k) large += std::to_string(k) + " ";
  for (const std::string& bytes : {std::string(), std::string("short"), large}) {
    link.put("result.a.1", bytes);
    EXPECT_EQ(link.get("result.a.1"), bytes);
  }
  link.put("result.ab.1", "other");
  link.drop("result.a");
  EXPECT_EQ(link.get("result.a.1"), std::nullopt);
  EXPECT_EQ(link.get("result.ab.1"), "other");
}

TEST_F(Nats, AKilledWorkersShardIsRedoneAndTheBytesAreThoseOfThreads) {
  constexpr const char* kSteps = "40000";
  auto words = ensemble("threads.json", kSteps);
  words.insert(words.end(), {"--threads", "0"});
  EXPECT_EQ(start(words)->wait(), 0);
  const std::string expected = run::read_file(path("threads.json"));
  ASSERT_FALSE(expected.empty());

  NatsLink ear(url_);
  ear.listen("catchment.event.*");
  auto submitter = submit("nats.json", kSteps);
  auto worker = start_worker();
  while (!ear.hear(1000)) ASSERT_TRUE(submitter->running()) << run::read_file(path("said.txt"));
  worker->signal(SIGKILL);  // it has told of its first shard and finished none
  worker->wait();
  std::vector<std::unique_ptr<run::Process>> workers;
  for (int k = 0; k < 4; ++k) workers.push_back(start_worker());
  EXPECT_EQ(submitter->wait(), 0) << run::read_file(path("said.txt"));
  EXPECT_EQ(run::read_file(path("nats.json")), expected);

  workers.resize(1);
  EXPECT_EQ(submit("one.json", kSteps)->wait(), 0);
  EXPECT_EQ(run::read_file(path("one.json")), expected);
  workers[0]->signal(SIGTERM);
  EXPECT_EQ(workers[0]->wait(), 0);
}

TEST_F(Nats, CancelCrossesTheQueue) {
  const auto worker = start_worker();
  NatsLink ear(url_);
  ear.listen("catchment.event.*");
  auto submitter = submit("never.json", "1000000000000");
  while (!ear.hear(1000)) ASSERT_TRUE(submitter->running()) << run::read_file(path("said.txt"));
  submitter->signal(SIGINT);
  EXPECT_EQ(submitter->wait(), 130);
  EXPECT_FALSE(std::filesystem::exists(dir_ / "never.json"));
  // The worker has left the endless shard: it does others.
  EXPECT_EQ(submit("next.json", "50")->wait(), 0) << run::read_file(path("said.txt"));
  EXPECT_TRUE(std::filesystem::exists(dir_ / "next.json"));
}

TEST_F(Nats, AShardThatCannotBeDoneEndsTheBatchWithItsReason) {
  const auto worker = start_worker();
  NatsQueue queue(url_);
  const auto failure = [&](const Batch& batch) {
    try {
      queue.run(batch, kGoOn);
    } catch (const ShardFailure& error) {
      return std::string(error.what());
    }
    return std::string("done");
  };
  EXPECT_THAT(failure({"ensemble", "rubbish", {"a"}}), HasSubstr("cannot be read"));
  EXPECT_THAT(failure({"unheard of", "", {"a", "b"}}), HasSubstr("unheard of"));
}

constexpr const char* kDyingWorker = "CATCHMENT_DYING_WORKER";  // its server, in the environment

// What this program is when the test below starts it again: a worker that dies of every shard.
void die_of_shards(const std::string& url) {
  const Handlers handlers{{"deadly", [](auto, auto, const Alive&) -> std::string { ::_exit(9); }}};
  serve_shards(url, handlers, [] { return false; });
}

TEST_F(Nats, AShardThatKillsEveryWorkerIsGivenUp) {
  ::setenv(kDyingWorker, url_.c_str(), 1);
  const auto start_dying = [&] {
    return std::make_unique<run::Process>(std::vector<std::string>{"/proc/self/exe"}, path("said.txt"));
  };
  auto dying = start_dying();
  std::uint64_t deaths = 0;
  NatsQueue queue(url_);
  try {
    queue.run({"deadly", "", {"a"}}, [&](const BatchProgress&) {
      if (!dying->running()) ++deaths, dying = start_dying();
      return true;
    });
    ADD_FAILURE() << "it was done";
  } catch (const ShardFailure& failure) {
    EXPECT_THAT(failure.what(), HasSubstr("fell silent"));
  }
  EXPECT_EQ(deaths, kMostDeliveries);
}

TEST(NatsQueue, WithoutAServerItSaysSo) { EXPECT_THROW(NatsQueue("nats://127.0.0.1:1"), std::system_error); }

}  // namespace
}  // namespace catchment

int main(int count, char** arguments) {
  if (const char* url = std::getenv(catchment::kDyingWorker)) {
    catchment::die_of_shards(url);
    return 1;
  }
  ::testing::InitGoogleMock(&count, arguments);
  return RUN_ALL_TESTS();
}
