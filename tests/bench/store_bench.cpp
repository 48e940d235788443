// Durable commands a second of 64 callers, against a plain loop over sqlite3 that commits each command by itself, on
// the same disk in turns of the same run, beside the median of fdatasync there.
//   store_bench [FOLDER] [SECONDS]
// A command of the store: three tables, the journal's chain and the answer kept. The loop writes the same rows, without
// reckoning hashes.
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "tests/server/store/crash_world.hpp"

namespace catchment {
namespace {

using Seconds = std::chrono::duration<double>;
using Steady = std::chrono::steady_clock;
constexpr int kCallers = 64;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

double fdatasync_median_ms(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "sync";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  std::vector<double> times;
  const std::string block(4096, 'x');
  for (int i = 0; i < 200; ++i) {
    if (::pwrite(file, block.data(), block.size(), i * 4096) < 0) std::abort();
    const auto start = Steady::now();
    ::fdatasync(file);
    times.push_back(Seconds(Steady::now() - start).count() * 1e3);
  }
  ::close(file);
  return median(times);
}

struct Rate {
  double commands = 0;
  double commits = 0;
  std::vector<double> waits_ms;
};

Rate rate_of_store(store::Store& store, std::vector<std::int64_t>& numbers, double seconds) {
  const store::Store::Counts before = store.counts();
  std::atomic<bool> stop = false;
  std::vector<std::vector<double>> waits(numbers.size());
  std::vector<std::thread> callers;
  const auto start = Steady::now();
  for (std::size_t caller = 0; caller < numbers.size(); ++caller) {
    callers.emplace_back([&, caller] {
      while (!stop) {
        const auto asked = Steady::now();
        testing::send_registration(store, static_cast<std::int64_t>(caller), ++numbers[caller]);
        waits[caller].push_back(Seconds(Steady::now() - asked).count() * 1e3);
      }
    });
  }
  std::this_thread::sleep_for(Seconds(seconds));
  stop = true;
  for (std::thread& caller : callers) caller.join();
  const double took = Seconds(Steady::now() - start).count();
  const store::Store::Counts after = store.counts();
  Rate rate;
  rate.commands = static_cast<double>(after.commands - before.commands) / took;
  rate.commits = static_cast<double>(after.commits - before.commits) / took;
  for (const auto& some : waits) rate.waits_ms.insert(rate.waits_ms.end(), some.begin(), some.end());
  return rate;
}

class PlainLoop {
 public:
  explicit PlainLoop(const std::string& path) {
    sqlite3_open(path.c_str(), &database_);
    sqlite3_exec(
        database_,
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
        "CREATE TABLE registration (client INTEGER, number INTEGER, PRIMARY KEY (client, number)) STRICT;"
        "CREATE TABLE detail (client INTEGER, number INTEGER, text TEXT, PRIMARY KEY (client, number)) STRICT;"
        "CREATE TABLE tally (client INTEGER PRIMARY KEY, number INTEGER) STRICT;"
        "CREATE TABLE journal (number INTEGER PRIMARY KEY, at INTEGER, actor TEXT, kind TEXT, subject TEXT, "
        "body TEXT, hash BLOB UNIQUE) STRICT;"
        "CREATE TABLE idempotency (actor TEXT, key TEXT, request_hash BLOB, status INTEGER, headers TEXT, body "
        "BLOB, at INTEGER, PRIMARY KEY (actor, key)) STRICT;",
        nullptr, nullptr, nullptr);
    for (const char* sql :
         {"BEGIN IMMEDIATE", "INSERT INTO registration VALUES (?1, ?2)",
          "INSERT INTO tally VALUES (?1, 1) ON CONFLICT (client) DO UPDATE SET number = number + 1",
          "INSERT INTO journal VALUES (?2, ?2, 'client', 'registration.submit', ?2, '{}', randomblob(32))",
          "INSERT INTO detail VALUES (?1, ?2, ?3)",
          "INSERT INTO idempotency VALUES ('client', ?2, zeroblob(32), 201, '', zeroblob(32), ?2)", "COMMIT"}) {
      sqlite3_stmt* statement = nullptr;
      sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr);
      statements_.push_back(statement);
    }
  }
  ~PlainLoop() {
    for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
    sqlite3_close(database_);
  }
  PlainLoop(const PlainLoop&) = delete;
  PlainLoop& operator=(const PlainLoop&) = delete;

  double rate(double seconds) {
    const auto start = Steady::now();
    std::int64_t done = 0;
    for (; Seconds(Steady::now() - start).count() < seconds; ++done) command();
    return static_cast<double>(done) / Seconds(Steady::now() - start).count();
  }

 private:
  void command() {
    static const std::string text(60, 'd');
    ++number_;
    for (sqlite3_stmt* statement : statements_) {
      sqlite3_reset(statement);
      const int count = sqlite3_bind_parameter_count(statement);
      if (count >= 1) sqlite3_bind_int64(statement, 1, number_ % kCallers);
      if (count >= 2) sqlite3_bind_int64(statement, 2, number_);
      if (count >= 3) sqlite3_bind_text(statement, 3, text.data(), 60, SQLITE_STATIC);
      if (sqlite3_step(statement) != SQLITE_DONE) {
        std::fprintf(stderr, "plain loop: %s\n", sqlite3_errmsg(database_));
        std::abort();
      }
      sqlite3_reset(statement);
    }
  }

  sqlite3* database_ = nullptr;
  std::vector<sqlite3_stmt*> statements_;
  std::int64_t number_ = 0;
};

double at_share(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void compare(const char* name, store::Store& store, PlainLoop& loop, const std::filesystem::path& folder, int callers,
             std::int64_t offset, double seconds) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(callers), offset);
  std::vector<double> syncs, ours, theirs, commits, waits;
  for (int turn = 0; turn < 3; ++turn) {
    syncs.push_back(fdatasync_median_ms(folder));
    const Rate rate = rate_of_store(store, numbers, seconds);
    ours.push_back(rate.commands);
    commits.push_back(rate.commits);
    waits.insert(waits.end(), rate.waits_ms.begin(), rate.waits_ms.end());
    theirs.push_back(loop.rate(seconds));
  }
  std::printf(
      "%-10s %2d callers: %7.0f commands/s in %6.0f commits/s; p50 %6.2f ms, p99 %6.2f ms; plain sqlite3 loop %6.0f/s; "
      "ratio %5.2f; fdatasync median %.3f ms\n",
      name, callers, median(ours), median(commits), at_share(waits, 0.5), at_share(waits, 0.99), median(theirs),
      median(ours) / median(theirs), median(syncs));
  std::fflush(stdout);
}

void run(const std::filesystem::path& folder, double seconds) {
  PlainLoop loop((folder / "plain.db").string());
  store::Store lite = store::Store::open("sqlite:" + (folder / "store.db").string(), testing::crash_options());
  compare("sqlite", lite, loop, folder, kCallers, 0, seconds);
  compare("sqlite", lite, loop, folder, 1, 1'000'000, seconds);
  if (!testing::PostgresServer::is_installed()) return;
  testing::PostgresServer server;
  store::Store elephant = store::Store::open(server.make_database(), testing::crash_options());
  compare("postgresql", elephant, loop, folder, kCallers, 0, seconds);
  compare("postgresql", elephant, loop, folder, 1, 1'000'000, seconds);
}

}  // namespace
}  // namespace catchment

int main(int count, char** words) {
  const std::filesystem::path base = count > 1 ? words[1] : std::filesystem::temp_directory_path().string();
  std::string folder = (base / "store-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 2;
  catchment::run(folder, count > 2 ? std::atof(words[2]) : 2.0);
  std::filesystem::remove_all(folder);
}
