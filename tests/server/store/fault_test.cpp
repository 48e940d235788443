// What a failing disk and a failing power supply leave of a store on SQLite.
// CATCHMENT_CRASHES: how many crash images (300). CATCHMENT_ALL_FAULTS: fail each call, not every third.
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <thread>

#include "../../support/random.hpp"
#include "crash_world.hpp"
#include "fault_vfs.hpp"
#include "geo/input_error.hpp"
#include "server/store/backup.hpp"

namespace catchment::testing {
namespace {

namespace fs = std::filesystem;

constexpr int kCommands = 12;
constexpr int kExitLost = 70;

// Between the program that fails and the test that looks on.
struct Shared {
  std::int64_t told = 0;
  std::int64_t calls = 0;
  bool failed_under_way = false;  // a call failed while commands were given
};

// A new store, twelve commands one after the other with checkpoints among them, a few from four threads, the end.
[[noreturn]] void run_scenario(const std::string& url, std::int64_t call, DiskFault fault, Shared& shared) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  FaultVfs disk;
  disk.fail_at(call, fault);
  store::StoreOptions options = crash_options();
  options.checkpoint_pages = 12;
  options.on_lost = [&](const std::string&) {
    shared.failed_under_way = true;
    std::_Exit(kExitLost);
  };
  try {
    {
      store::Store store = store::Store::open(url, options);
      const bool failed_at_opening = disk.has_failed();
      for (int i = 1; i <= kCommands; ++i) {
        send_registration(store, 1, i);
        shared.told = i;
      }
      // Let the checkpoint after the last command end, if there is one.
      store.write([](store::Session&) {});
      shared.failed_under_way = disk.has_failed() && !failed_at_opening;
    }
    shared.calls = disk.calls();
  } catch (const std::exception&) {
    std::_Exit(2);
  }
  std::_Exit(0);
}

class Faults : public ::testing::Test {
 protected:
  Faults() {
    void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared_ = new (memory) Shared;
  }
  ~Faults() override { ::munmap(shared_, sizeof(Shared)); }

  int exit_code_with(std::int64_t call, DiskFault fault) {
    *shared_ = {};
    const pid_t child = ::fork();
    if (child == 0) run_scenario(url_, call, fault, *shared_);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  void clear() {
    for (const char* ending : {"", "-wal", "-shm", "-journal", "-writer"}) fs::remove(path_.string() + ending);
  }

  void fail_each_call(DiskFault fault) {
    clear();
    ASSERT_EQ(exit_code_with(0, fault), 0);
    ASSERT_EQ(shared_->told, kCommands);
    const std::int64_t calls = shared_->calls;
    ASSERT_GT(calls, 100);
    int under_way = 0;
    const std::int64_t step = std::getenv("CATCHMENT_ALL_FAULTS") == nullptr ? 3 : 1;
    for (std::int64_t call = 1 + static_cast<std::int64_t>(fault) % step; call <= calls && !HasFailure();
         call += step) {
      clear();
      const int code = exit_code_with(call, fault);
      SCOPED_TRACE("call " + std::to_string(call) + " of " + std::to_string(calls) + ", exit code " +
                   std::to_string(code));
      under_way += shared_->failed_under_way ? 1 : 0;
      if (shared_->failed_under_way) {
        EXPECT_EQ(code, kExitLost);
      }
      if (code == 0) {
        EXPECT_EQ(shared_->told, kCommands);
      }
      expect_whole();
    }
    EXPECT_GT(under_way, 20);
  }

  // With a sound disk again: opens, has what was told, is sound.
  void expect_whole() {
    store::Store store = store::Store::open(url_, crash_options());
    store.read([&](store::Session& session) { EXPECT_EQ(what_is_wrong(session, {{1, shared_->told}}), ""); });
    EXPECT_EQ(store::check_store(store).faults, std::vector<std::string>());
  }

  TemporaryFolder folder_;
  fs::path path_ = folder_ / "store.db";
  std::string url_ = "sqlite:" + path_.string();
  Shared* shared_ = nullptr;
};

TEST_F(Faults, AnIoErrorEndsTheProcessAndLosesNothing) { fail_each_call(DiskFault::io_error); }
TEST_F(Faults, AFullDiskEndsTheProcessAndLosesNothing) { fail_each_call(DiskFault::disk_full); }
TEST_F(Faults, AShortWriteEndsTheProcessAndLosesNothing) { fail_each_call(DiskFault::short_write); }

// Without on_lost the process aborts, and a store whose on_lost returns says lost for ever.
TEST_F(Faults, NothingIsTriedAgainAfterAFailedSync) {
  FaultVfs disk;
  int lost = 0;
  store::StoreOptions options = crash_options();
  options.on_lost = [&](const std::string&) { ++lost; };
  store::Store store = store::Store::open(url_, options);
  send_registration(store, 1, 1);
  disk.fail_at(disk.calls() + 1, DiskFault::io_error);
  EXPECT_EQ(kind_thrown([&] { send_registration(store, 1, 2); }), "lost");
  EXPECT_EQ(kind_thrown([&] { send_registration(store, 1, 3); }), "lost");
  EXPECT_EQ(lost, 1);
  store.read([](store::Session& session) { EXPECT_EQ(store::journal_head(session).size, 1); });
}

void fail_by_default(const std::string& url) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  FaultVfs disk;
  store::Store store = store::Store::open(url, crash_options());
  disk.fail_at(disk.calls() + 1, DiskFault::io_error);
  send_registration(store, 1, 1);
}

TEST_F(Faults, ByDefaultTheProcessAborts) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(fail_by_default(url_), ::testing::KilledBySignal(SIGABRT), "nothing of it was acknowledged");
}

// --- Power loss: of the calls since a file's last sync, each may have reached the disk, or a part of it, or not at
// all.

using Image = std::map<std::string, std::string>;  // file to bytes

void apply_write(std::string& file, std::int64_t offset, std::string_view bytes) {
  const auto at = static_cast<std::size_t>(offset);
  if (file.size() < at + bytes.size()) file.resize(at + bytes.size());
  file.replace(at, bytes.size(), bytes);
}

class PowerLoss {
 public:
  PowerLoss(Image image, std::uint64_t seed) : image_(std::move(image)), random_(seed) {
    sector_ = random_.between(0, 1) == 0 ? 512 : 4096;
    mode_ = random_.between(0, 3);
  }

  void take(const DiskCall& call) {
    if (call.kind == DiskCall::Kind::sync) {
      for (const DiskCall* pending : std::exchange(pending_[call.file], {})) apply(*pending);
    } else {
      pending_[call.file].push_back(&call);
    }
  }

  Image cut() {
    for (auto& [file, calls] : pending_) {
      // Mode 1: as far as some call, no further.
      const std::size_t reached =
          calls.empty() ? 0 : static_cast<std::size_t>(random_.between(0, static_cast<int>(calls.size())));
      for (std::size_t i = 0; i < calls.size(); ++i) {
        const bool kept = mode_ == 1 ? i < reached : mode_ != 0 && random_.between(0, 1) == 0;
        if (!kept) continue;
        if (mode_ == 3 && calls[i]->kind == DiskCall::Kind::write) {
          tear(*calls[i]);
        } else {
          apply(*calls[i]);
        }
      }
    }
    return image_;
  }

 private:
  void apply(const DiskCall& call) {
    if (call.kind == DiskCall::Kind::write) apply_write(image_[call.file], call.offset, call.bytes);
    if (call.kind == DiskCall::Kind::truncate) image_[call.file].resize(static_cast<std::size_t>(call.offset));
    if (call.kind == DiskCall::Kind::remove) image_.erase(call.file);
  }

  // Some of its sectors.
  void tear(const DiskCall& call) {
    const std::int64_t end = call.offset + static_cast<std::int64_t>(call.bytes.size());
    for (std::int64_t at = call.offset; at < end;) {
      const std::int64_t next = std::min(end, (at / sector_ + 1) * sector_);
      if (random_.between(0, 1) == 0) {
        apply_write(image_[call.file], at,
                    std::string_view(call.bytes)
                        .substr(static_cast<std::size_t>(at - call.offset), static_cast<std::size_t>(next - at)));
      }
      at = next;
    }
  }

  Image image_;
  test::Random random_;
  std::map<std::string, std::vector<const DiskCall*>> pending_;
  std::int64_t sector_ = 512;
  int mode_ = 0;  // 0: nothing unsynced; 1: a beginning of it; 2: any of it; 3: any sectors of it
};

std::string file_bytes(const fs::path& file) {
  std::ostringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  return bytes.str();
}

// serves: GY20
TEST_F(Faults, PowerLossLeavesAllThatWasAcknowledged) {
  constexpr int kSent = 60;
  { store::Store::open(url_, crash_options()); }
  const Image before = {{"store.db", file_bytes(path_)}};
  std::vector<DiskCall> calls;
  {
    FaultVfs disk;
    disk.record();
    {
      store::StoreOptions options = crash_options();
      options.checkpoint_pages = 25;
      store::Store store = store::Store::open(url_, options);
      for (int i = 1; i <= kSent; ++i) {
        send_registration(store, 1, i);
        disk.mark(i);
      }
    }
    calls = disk.recorded();
  }
  const char* wanted = std::getenv("CATCHMENT_CRASHES");
  const int crashes = wanted == nullptr ? 300 : std::atoi(wanted);
  const fs::path folder = folder_ / "image";
  fs::create_directory(folder);
  const std::string url = "sqlite:" + (folder / "store.db").string();
  test::Random random(7);
  for (int crash = 0; crash < crashes && !HasFailure(); ++crash) {
    const int at = random.between(0, static_cast<int>(calls.size()));
    PowerLoss power(before, random.next());
    std::int64_t told = 0;
    for (int i = 0; i < at; ++i) {
      const DiskCall& call = calls[static_cast<std::size_t>(i)];
      if (call.kind == DiskCall::Kind::mark) {
        told = call.offset;
      } else {
        power.take(call);
      }
    }
    for (const auto& entry : fs::directory_iterator(folder)) fs::remove(entry.path());
    for (const auto& [name, bytes] : power.cut()) std::ofstream(folder / name, std::ios::binary) << bytes;
    SCOPED_TRACE("image " + std::to_string(crash) + ", call " + std::to_string(at));
    store::Store store = store::Store::open(url, crash_options());
    store.read([&](store::Session& session) { EXPECT_EQ(what_is_wrong(session, {{1, told}}), ""); });
    EXPECT_EQ(store::check_store(store).faults, std::vector<std::string>());
  }
}

}  // namespace
}  // namespace catchment::testing
