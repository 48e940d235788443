#include "datasets/partial_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>
#include <thread>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

namespace fs = std::filesystem;

constexpr auto kLockWait = std::chrono::seconds(5);
constexpr auto kLockStep = std::chrono::milliseconds(50);

[[noreturn]] void throw_errno(const fs::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string());
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags, mode_t mode = 0) : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (fd_ < 0) throw_errno(path);
  }
  ~Descriptor() { ::close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

int take_lock(const fs::path& target) {
  fs::path path = target;
  path += ".lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) throw_errno(path);
  const auto give_up = std::chrono::steady_clock::now() + kLockWait;
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      ::close(fd);
      throw_errno(path);
    }
    if (std::chrono::steady_clock::now() >= give_up) {
      ::close(fd);
      throw InputError("package_locked", target.string(), "another program is writing this package");
    }
    std::this_thread::sleep_for(kLockStep);
  }
  return fd;
}

// Under the lock, whatever partial file there is belongs to a writer that was killed.
void remove_stale(const fs::path& target) {
  const std::string prefix = target.filename().string() + ".partial-";
  const fs::path directory = target.has_parent_path() ? target.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().filename().string().starts_with(prefix)) fs::remove(entry.path());
  }
}

void sync(const fs::path& path, int flags) {
  const Descriptor file(path, flags);
  if (::fsync(file.get()) != 0) throw_errno(path);
}

// A program that has the target open in WAL mode keeps committed rows beside it; renaming over it would lose them.
void refuse_open_journal(const fs::path& target) {
  for (const char* suffix : {"-wal", "-journal"}) {
    fs::path journal = target;
    journal += suffix;
    std::error_code ignored;
    const auto size = fs::file_size(journal, ignored);
    if (!ignored && size > 0) {
      throw InputError(
          "package_in_use", target.string(),
          "another program has this package open (" + journal.filename().string() + " exists); close it there");
    }
  }
}

// The file that is to be replaced: what a link points to, not the link. Only a file can be: renaming over a device,
// such as /dev/null, would take it away from the whole machine.
fs::path find_file(const fs::path& target) {
  struct stat status = {};
  if (::stat(target.c_str(), &status) != 0) return target;  // not there, or its folder will say what is wrong
  if (!S_ISREG(status.st_mode)) throw InputError("target_not_a_file", target.string(), "only a file can be replaced");
  return fs::is_symlink(target) ? fs::canonical(target) : target;
}

}  // namespace

PartialFile::PartialFile(const fs::path& target) : target_(find_file(target)), path_(target_) {
  path_ += ".partial-" + std::to_string(::getpid());
  lock_ = take_lock(target_);
  try {
    refuse_open_journal(target_);
    remove_stale(target_);
  } catch (...) {
    ::close(lock_);
    throw;
  }
}

PartialFile::~PartialFile() {
  if (!published_) {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  ::close(lock_);
}

void PartialFile::copy_target() {
  const Descriptor from(target_, O_RDONLY);
  const Descriptor to(path_, O_WRONLY | O_CREAT | O_EXCL, 0666);
  struct stat status = {};
  if (::fstat(from.get(), &status) != 0) throw_errno(target_);
  // Who else may read the package is not for an import to change.
  if (::fchmod(to.get(), (status.st_mode & 0777) | S_IRUSR | S_IWUSR) != 0) throw_errno(path_);
  for (off_t left = status.st_size; left > 0;) {
    const auto want = static_cast<std::size_t>(left);
    ssize_t copied = ::copy_file_range(from.get(), nullptr, to.get(), nullptr, want, 0);
    if (copied < 0 && (errno == EXDEV || errno == EINVAL || errno == EOPNOTSUPP || errno == ENOSYS)) {
      copied = ::sendfile(to.get(), from.get(), nullptr, want);
    }
    if (copied < 0 && errno == EINTR) continue;
    if (copied < 0) throw_errno(path_);
    if (copied == 0) break;
    left -= copied;
  }
}

void PartialFile::publish() {
  refuse_open_journal(target_);  // the work may have taken minutes
  sync(path_, O_RDWR);
  if (::rename(path_.c_str(), target_.c_str()) != 0) throw_errno(target_);
  published_ = true;
  sync(target_.has_parent_path() ? target_.parent_path() : fs::path("."), O_RDONLY | O_DIRECTORY);
}

}  // namespace catchment::datasets
