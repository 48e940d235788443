#include "server/imports/new_package.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "engine/admission/lottery/hash_suite.hpp"

namespace catchment::imports {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMarkDigits = 16;
constexpr mode_t kPackageMode = 0644;  // less the umask

[[noreturn]] void throw_file(const fs::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string());
}

class FileHandle {
 public:
  FileHandle(int fd, const fs::path& path) : fd_(fd) {
    if (fd < 0) throw_file(path);
  }
  ~FileHandle() { ::close(fd_); }
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::uint64_t size_of(const FileHandle& file, const fs::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_file(path);
  if (!S_ISREG(status.st_mode)) throw std::system_error(EINVAL, std::generic_category(), path.string());
  return static_cast<std::uint64_t>(status.st_size);
}

void write_all(const FileHandle& to, const char* at, std::size_t left, const fs::path& path) {
  while (left > 0) {
    const ssize_t wrote = ::write(to.get(), at, left);
    if (wrote < 0 && errno != EINTR) throw_file(path);
    if (wrote > 0) at += wrote, left -= static_cast<std::size_t>(wrote);
  }
}

void copy_bytes(const FileHandle& from, const FileHandle& to, const fs::path& path, std::uint64_t most) {
  std::array<char, 1 << 16> block;
  for (std::uint64_t copied = 0;;) {
    const ssize_t got = ::read(from.get(), block.data(), block.size());
    if (got < 0 && errno != EINTR) throw_file(path);
    if (got == 0) return;
    if (got < 0) continue;
    copied += static_cast<std::uint64_t>(got);
    if (copied > most) throw std::system_error(EFBIG, std::generic_category(), path.string());
    write_all(to, block.data(), static_cast<std::size_t>(got), path);
  }
}

}  // namespace

std::string sha256_of(std::string_view bytes) {
  return engine::admission::to_hex(engine::admission::hash(engine::admission::Suite::sha256, bytes));
}

std::string sha256_of_file(const fs::path& file) {
  const FileHandle opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC), file);
  const std::uint64_t size = size_of(opened, file);
  if (size == 0) return sha256_of(std::string_view());
  void* bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, opened.get(), 0);
  if (bytes == MAP_FAILED) throw_file(file);
  const std::string digest = sha256_of(std::string_view(static_cast<const char*>(bytes), size));
  ::munmap(bytes, size);
  return digest;
}

void take_over(const fs::path& from, const fs::path& to, std::uint64_t most_bytes) {
  const FileHandle source(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), from);
  size_of(source, from);
  const FileHandle target(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), to);
  copy_bytes(source, target, to, most_bytes);
}

bool put_new_file(const fs::path& from, const fs::path& to) {
  const fs::path where = to.has_parent_path() ? to.parent_path() : ".";
  const FileHandle folder(::open(where.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), where);
  const FileHandle source(::open(from.c_str(), O_RDONLY | O_CLOEXEC), from);
  const FileHandle made(::open(where.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kPackageMode), where);
  copy_bytes(source, made, to, size_of(source, from));
  if (::fsync(made.get()) != 0) throw_file(to);
  const std::string handle = "/proc/self/fd/" + std::to_string(made.get());
  const bool linked = ::linkat(AT_FDCWD, handle.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) == 0;
  if (!linked && errno != EEXIST) throw_file(to);
  // Also where it was there: whoever put it may have been killed before it was durable.
  if (::fsync(folder.get()) != 0) throw_file(where);
  return linked;
}

std::string new_package_name(const fs::path& package, std::string_view digest) {
  std::string stem = package.stem().string();
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  const bool marked = stem.size() > kMarkDigits + 1 && stem[stem.size() - kMarkDigits - 1] == '-' &&
                      std::all_of(stem.end() - static_cast<std::ptrdiff_t>(kMarkDigits), stem.end(), is_digit);
  if (marked) stem.resize(stem.size() - kMarkDigits - 1);
  return stem + "-" + std::string(digest.substr(0, kMarkDigits)) + ".gpkg";
}

}  // namespace catchment::imports
