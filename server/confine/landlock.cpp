#include "server/confine/landlock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

namespace catchment::confine {
namespace {

// linux/landlock.h, by version of the interface.
constexpr std::uint64_t kWriteFile = 1 << 1, kReadFile = 1 << 2, kReadDir = 1 << 3;
constexpr std::uint64_t kRemoveDir = 1 << 4, kRemoveFile = 1 << 5, kMakeDir = 1 << 7, kMakeReg = 1 << 8;
constexpr std::uint64_t kAllOfVersion1 = (1 << 13) - 1;
constexpr std::uint64_t kRefer = 1 << 13;     // 2
constexpr std::uint64_t kTruncate = 1 << 14;  // 3
constexpr std::uint64_t kIoctlDev = 1 << 15;  // 5
constexpr std::uint64_t kNetworkAll = 3;      // 4: bind, connect
constexpr std::uint64_t kScopeAll = 3;        // 6: abstract sockets, signals

struct Ruleset {
  std::uint64_t files = kAllOfVersion1, network = 0, scoped = 0;
};
struct [[gnu::packed]] PathBeneath {
  std::uint64_t allowed;
  std::int32_t folder;
};
constexpr int kPathBeneath = 1;
constexpr unsigned kAskVersion = 1;

class Owned {
 public:
  explicit Owned(int fd) : fd_(fd) {}
  ~Owned() {
    if (fd_ >= 0) ::close(fd_);
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void throw_wall(const std::string& what) { throw ConfineError(errno, "Landlock: " + what); }

// How much of it this kernel knows: the ruleset, and the size of its struct then.
std::pair<Ruleset, std::size_t> ruleset_of_kernel() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskVersion);
  if (version < 1) throw_wall("this kernel has none");
  Ruleset rules;
  std::size_t size = sizeof(std::uint64_t);
  if (version >= 2) rules.files |= kRefer;
  if (version >= 3) rules.files |= kTruncate;
  if (version >= 4) rules.network = kNetworkAll, size = 2 * sizeof(std::uint64_t);
  if (version >= 5) rules.files |= kIoctlDev;
  if (version >= 6) rules.scoped = kScopeAll, size = sizeof rules;
  return {rules, size};
}

void allow(int ruleset, const std::filesystem::path& path, std::uint64_t allowed, bool must_be_there) {
  const Owned opened(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (opened.get() < 0 && errno == ENOENT && !must_be_there) return;
  struct stat status {};
  if (opened.get() < 0 || ::fstat(opened.get(), &status) != 0) throw_wall(path.string());
  if (!S_ISDIR(status.st_mode)) allowed &= kReadFile | kWriteFile | kTruncate;
  const PathBeneath rule{allowed, opened.get()};
  if (::syscall(SYS_landlock_add_rule, ruleset, kPathBeneath, &rule, 0) != 0) throw_wall(path.string());
}

}  // namespace

void shut_files(const Room& room) {
  const auto [rules, size] = ruleset_of_kernel();
  const Owned ruleset(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, size, 0)));
  if (ruleset.get() < 0) throw_wall("no ruleset");
  constexpr std::uint64_t kRead = kReadFile | kReadDir;
  constexpr std::uint64_t kChange = kRead | kWriteFile | kRemoveFile | kRemoveDir | kMakeDir | kMakeReg | kTruncate;
  for (const auto& path : room.readable) allow(ruleset.get(), path, kRead, false);
  allow(ruleset.get(), room.scratch, kChange & rules.files, true);
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0) throw_wall("cannot be put up");
}

}  // namespace catchment::confine
