// An import killed or cancelled at any moment leaves the package it found.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "datasets/city_package.hpp"
#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using testing::read_file;
using testing::TempDir;
using testing::write_file;

constexpr int kRows = 30000;

void write_addresses(const TempDir& dir, const std::string& name, int first) {
  std::string csv = "id,x,y\n";
  for (int i = first; i < first + kRows; ++i)
    csv += std::to_string(i) + ",113.6" + std::to_string(i % 1000) + ",34.7\n";
  write_file(dir / name, csv);
}

pid_t start_import(const TempDir& dir, const std::string& file) {
  const std::string package = (dir / "city.gpkg").string();
  const std::string source = (dir / file).string();
  const std::string mapping = (dir / "m.json").string();
  std::string words[] = {CATCHMENT_PROGRAM, "import", package,     source,     "--mapping",
                         mapping,           "--crs",  "EPSG:4490", "--source", "a"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int fd : {STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  EXPECT_EQ(posix_spawn(&child, CATCHMENT_PROGRAM, &actions, nullptr, arguments.data(), environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

// The package must hold exactly one of the two versions of the source, whole.
void expect_whole(const TempDir& dir, std::string& last) {
  const auto package = datasets::CityPackage::open(dir / "city.gpkg");
  std::int64_t count = 0;
  std::string first;
  package.for_each_address([&](const engine::Address& row) {
    if (count++ == 0) first = row.id;
    return true;
  });
  ASSERT_EQ(count, kRows);
  last = first;
}

struct ImportKill : ::testing::Test {
  TempDir dir;
  void SetUp() override {
    write_file(dir / "m.json",
               R"({"targets":[{"table":"address","position":{"x":"x","y":"y"},"columns":{"id":"id"}}]})");
    write_addresses(dir, "old.csv", 1000000);
    write_addresses(dir, "new.csv", 2000000);
    ASSERT_EQ(wait_for(start_import(dir, "old.csv")), 0);
  }

  void kill_rounds(int rounds) {
    // How long a whole import takes here, so that the kills spread over all of it and a little beyond.
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_EQ(wait_for(start_import(dir, "new.csv")), 0);
    const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
    int killed = 0;
    std::uint32_t seed = 20241121;
    for (int round = 0; round < rounds; ++round) {
      seed = seed * 1664525u + 1013904223u;
      const auto delay = whole * static_cast<int>(seed >> 20) / 3700;
      const pid_t child = start_import(dir, round % 2 == 0 ? "old.csv" : "new.csv");
      std::this_thread::sleep_for(delay);
      ::kill(child, SIGKILL);
      killed += WIFSIGNALED(wait_for(child)) ? 1 : 0;
      std::string first;
      ASSERT_NO_FATAL_FAILURE(expect_whole(dir, first)) << "round " << round;
    }
    std::printf("%d of %d imports were killed under way\n", killed, rounds);
    ASSERT_EQ(wait_for(start_import(dir, "old.csv")), 0);
    for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
      EXPECT_EQ(entry.path().string().find(".partial-"), std::string::npos)
          << "the next import clears up: " << entry.path();
    }
  }
};

TEST_F(ImportKill, KilledAtRandomMomentsThePackageIsTheOldOrTheNewOne) { kill_rounds(20); }

TEST_F(ImportKill, Nightly) {
  const char* rounds = std::getenv("CATCHMENT_KILLS");
  if (rounds == nullptr) GTEST_SKIP() << "set CATCHMENT_KILLS to the number of kills (nightly: 3000)";
  kill_rounds(std::atoi(rounds));
}

TEST_F(ImportKill, CtrlCLeavesNothingBehindAndSaysSoBy130) {
  const std::string before = read_file(dir / "city.gpkg");
  for (int i = 3; i < 40; ++i) {  // long enough to be met under way
    std::ofstream(dir / "new.csv", std::ios::app | std::ios::binary) << read_file(dir / "old.csv").substr(7);
  }
  const pid_t child = start_import(dir, "new.csv");
  while (std::filesystem::exists(dir / "city.gpkg") &&
         !std::filesystem::exists(dir / ("city.gpkg.partial-" + std::to_string(child)))) {
    std::this_thread::yield();
  }
  ::kill(child, SIGINT);
  const int status = wait_for(child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  EXPECT_EQ(read_file(dir / "city.gpkg"), before);
  EXPECT_FALSE(std::filesystem::exists(dir / ("city.gpkg.partial-" + std::to_string(child))));
}

}  // namespace
}  // namespace catchment
