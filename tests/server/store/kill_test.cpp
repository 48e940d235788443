// SIGKILL at random instants under 64 clients: nothing acknowledged is lost, nothing is half, nothing is double.
// CATCHMENT_KILLS: how often (300; under the sanitizers, which start slowly, 40).
#include <thread>

#include "../../support/random.hpp"
#include "../process.hpp"
#include "crash_world.hpp"
#include "server/store/backup.hpp"

namespace catchment::testing {
namespace {

constexpr int kClients = 64;

int kills_to_do() {
  const char* text = std::getenv("CATCHMENT_KILLS");
  return text == nullptr ? CATCHMENT_KILLS : std::atoi(text);
}

class Kills : public ::testing::Test {
 protected:
  std::map<std::int64_t, std::int64_t> acknowledged() {
    std::map<std::int64_t, std::int64_t> told;
    for (int client = 0; client < kClients; ++client) {
      std::int64_t number = 0;
      std::ifstream(folder_ / std::to_string(client), std::ios::binary)
          .read(reinterpret_cast<char*>(&number), sizeof number);
      told[client] = number;
    }
    return told;
  }

  std::unique_ptr<Process> victim(const std::string& url, int seed) {
    return std::make_unique<Process>(
        std::vector<std::string>{CATCHMENT_STORE_VICTIM, url, (folder_ / "").string(), std::to_string(seed)},
        (folder_ / "log").string());
  }

  // What a look from outside finds; the journal only beyond what was seen before.
  void expect_whole(const std::string& url) {
    store::StoreOptions options = crash_options();
    options.read_only = true;
    const store::Store store = store::Store::open(url, options);
    const std::map<std::int64_t, std::int64_t> told = acknowledged();
    store.read([&](store::Session& session) {
      EXPECT_EQ(what_is_wrong(session, told), "");
      const std::int64_t size = store::journal_head(session).size;
      const auto fault = store::check_journal(session, std::max<std::int64_t>(1, checked_), size);
      EXPECT_FALSE(fault) << "journal entry " << fault->number << " " << fault->what;
      checked_ = size;
    });
  }

  // Until a client was answered, three times out of four; then up to 30 ms more. False if it ended by itself.
  bool wait_a_moment(Process& process, int kill) {
    const std::int64_t client = random_.between(0, kClients - 1);
    const std::int64_t before = acknowledged()[client];
    while (kill % 4 != 0 && process.running() && acknowledged()[client] == before) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random_.between(0, 30'000)));
    return process.running();
  }

  TemporaryFolder folder_;
  test::Random random_{20261127};
  std::int64_t checked_ = 0;
};

// serves: GY20
TEST_F(Kills, OfTheProcessLoseNothingOnSqlite) {
  const std::string url = "sqlite:" + (folder_ / "store.db").string();
  { store::Store::open(url, crash_options()); }
  for (int kill = 0; kill < kills_to_do() && !HasFailure(); ++kill) {
    const auto process = victim(url, kill);
    ASSERT_TRUE(wait_a_moment(*process, kill)) << "it ended by itself, " << process->wait();
    process->signal(SIGKILL);
    EXPECT_EQ(process->wait(), -SIGKILL);
    expect_whole(url);
  }
  RecordProperty("registrations", static_cast<int>(checked_));
  EXPECT_GT(checked_, kills_to_do());
  EXPECT_TRUE(store::check_store(store::Store::open(url, crash_options())).faults.empty());
}

// Of the service 19 times out of 20, else of PostgreSQL itself, whose loss must end the service.
TEST_F(Kills, OfTheProcessOrTheServerLoseNothingOnPostgres) {
  if (!PostgresServer::is_installed()) GTEST_SKIP() << "PostgreSQL 15 is not installed: scripts/install.sh test";
  PostgresServer server;
  const std::string url = server.make_database();
  { store::Store::open(url, crash_options()); }
  for (int kill = 0; kill < kills_to_do() && !HasFailure(); ++kill) {
    const auto process = victim(url, kill);
    ASSERT_TRUE(wait_a_moment(*process, kill)) << "it ended by itself, " << process->wait();
    if (kill % 20 == 19) {
      server.kill();
      EXPECT_NE(process->wait(), 0);
      server.start();
    } else {
      process->signal(SIGKILL);
      EXPECT_EQ(process->wait(), -SIGKILL);
    }
    expect_whole(url);
  }
  RecordProperty("registrations", static_cast<int>(checked_));
  EXPECT_GT(checked_, kills_to_do());
  EXPECT_TRUE(store::check_store(store::Store::open(url, crash_options())).faults.empty());
}

}  // namespace
}  // namespace catchment::testing
