#include "server/access/key_ring.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <algorithm>
#include <cerrno>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "geo/input_error.hpp"

namespace catchment::access {
namespace {

constexpr std::string_view kRingHeading = "catchment key ring 1\n";
constexpr off_t kLargestRing = 1 << 20;

[[noreturn]] void ring_error(const char* code, const std::filesystem::path& file, const std::string& message) {
  throw InputError(code, file.string(), message);
}

class FileHandle {
 public:
  explicit FileHandle(int fd = -1) : fd_(fd) {}
  ~FileHandle() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileHandle(FileHandle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

void write_all(const FileHandle& file, std::string_view bytes, const std::filesystem::path& name) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) ring_error("key_ring_write", name, "The key ring cannot be written.");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0) ring_error("key_ring_write", name, "The key ring cannot be synced.");
}

void sync_folder_of(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const FileHandle handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.get() < 0 || ::fsync(handle.get()) != 0)
    ring_error("key_ring_write", file, "The key ring's folder cannot be synced.");
}

// Of this user, and nobody else's to read: the ring would be worth nothing.
void check_mode(const FileHandle& file, const std::filesystem::path& name) {
  struct stat state {};
  if (::fstat(file.get(), &state) != 0 || !S_ISREG(state.st_mode) || state.st_uid != ::geteuid())
    ring_error("key_ring_mode", name, "The key ring is no plain file of this user's.");
  if ((state.st_mode & 077) != 0) ring_error("key_ring_mode", name, "Others may read the key ring: chmod 600.");
}

std::string read_all(const FileHandle& file, const std::filesystem::path& name) {
  struct stat state {};
  if (::fstat(file.get(), &state) != 0 || state.st_size > kLargestRing)
    ring_error("key_ring_broken", name, "The key ring is too large.");
  std::string text(static_cast<std::size_t>(state.st_size), '\0');
  std::size_t have = 0;
  while (have < text.size()) {
    const ssize_t got = ::pread(file.get(), text.data() + have, text.size() - have, static_cast<off_t>(have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) ring_error("key_ring_broken", name, "The key ring cannot be read.");
    have += static_cast<std::size_t>(got);
  }
  return text;
}

bool is_ring_label(std::string_view label) {
  return !label.empty() && label.size() <= 32 && std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

using RingKeys = std::map<std::string, std::shared_ptr<const RingKey>, std::less<>>;  // null: destroyed

// One word up to a blank or the end, taken off the text.
std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

bool read_ring_line(std::string_view line, RingKeys& keys) {
  const std::string_view kind = take_word(line), label = take_word(line);
  if (!is_ring_label(label) || keys.contains(label)) return false;
  if (kind == "gone" && line.empty()) {
    keys.emplace(label, nullptr);
    return true;
  }
  const auto suite = find_seal_suite(take_word(line));
  if (kind != "key" || !suite || line.size() != 64) return false;
  auto bytes = find_hex(line);
  if (!bytes) return false;
  const Key32 key(std::span<const std::uint8_t, 32>(reinterpret_cast<const std::uint8_t*>(bytes->data()), 32));
  wipe(*bytes);
  keys.emplace(label, std::make_shared<RingKey>(RingKey{*suite, key}));
  return true;
}

std::string ring_sum_line(std::string_view above) {
  const Hash32 hash = sha256(above);
  return "sum " + to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()}) + "\n";
}

// False: not this format, or altered.
bool read_ring(std::string_view text, RingKeys& keys) {
  const std::size_t sum = text.rfind("sum ");
  if (!text.starts_with(kRingHeading) || sum == std::string_view::npos) return false;
  if (ring_sum_line(text.substr(0, sum)) != text.substr(sum)) return false;
  text = text.substr(kRingHeading.size(), sum - kRingHeading.size());
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || !read_ring_line(text.substr(0, end), keys)) return false;
    text.remove_prefix(end + 1);
  }
  return true;
}

std::string ring_text(const RingKeys& keys) {
  std::string text(kRingHeading);
  text.reserve(text.size() + 128 * keys.size() + 80);  // no copies of keys left behind by growing
  for (const auto& [label, key] : keys) {
    if (!key) {
      text.append("gone ").append(label).append("\n");
      continue;
    }
    std::string digits = to_hex(key->key.view());
    text.append("key ").append(label).append(" ").append(to_word(key->suite)).append(" ").append(digits).append("\n");
    wipe(digits);
  }
  return text.append(ring_sum_line(text));
}

}  // namespace

std::string_view to_word(SealSuite suite) { return suite == SealSuite::aes_gcm ? "aes_gcm" : "sm4_sm3"; }

std::optional<SealSuite> find_seal_suite(std::string_view word) {
  if (word == "aes_gcm") return SealSuite::aes_gcm;
  if (word == "sm4_sm3") return SealSuite::sm4_sm3;
  return std::nullopt;
}

struct KeyRing::State {
  std::filesystem::path file;
  Randomness randomness;
  FileHandle lock;
  mutable std::shared_mutex mutex;
  RingKeys keys;

  std::filesystem::path beside(const char* ending) const { return file.string() + ending; }

  void take_lock() {
    lock = FileHandle(::open(beside(".lock").c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (lock.get() < 0) ring_error("key_ring_write", file, "The key ring's folder cannot be written.");
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
      ring_error("key_ring_busy", file, "Another process has the key ring open.");
  }

  // An old ring, overwritten before its blocks are given back. If it is still the ring, only the second name goes.
  void erase_old() {
    const auto old = beside(".old");
    const FileHandle handle(::open(old.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
    if (handle.get() < 0) return;
    struct stat here {
    }, ring{};
    const bool same = ::fstat(handle.get(), &here) == 0 && ::stat(file.c_str(), &ring) == 0 &&
                      here.st_ino == ring.st_ino && here.st_dev == ring.st_dev;
    if (!same) write_all(handle, std::string(static_cast<std::size_t>(here.st_size), '-'), old);
    ::unlink(old.c_str());
    sync_folder_of(file);
  }

  void load() {
    erase_old();
    const FileHandle handle(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (handle.get() < 0) {
      if (errno != ENOENT) ring_error("key_ring_mode", file, "The key ring cannot be opened.");
      return replace(keys);
    }
    check_mode(handle, file);
    std::string text = read_all(handle, file);
    const bool sound = read_ring(text, keys);
    wipe(text);
    if (!sound) ring_error("key_ring_broken", file, "This is no key ring, or it was altered.");
  }

  // The ring on disk becomes these keys. At every instant the file is either ring, whole, and what the old one held is
  // overwritten, if not now then at the next opening.
  void replace(const RingKeys& next) {
    const auto fresh = beside(".new"), old = beside(".old");
    ::unlink(fresh.c_str());
    {
      const FileHandle handle(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
      if (handle.get() < 0) ring_error("key_ring_write", file, "The key ring's folder cannot be written.");
      std::string text = ring_text(next);
      write_all(handle, text, fresh);
      wipe(text);
    }
    if (::link(file.c_str(), old.c_str()) != 0 && errno != ENOENT)
      ring_error("key_ring_write", file, "The old key ring cannot be kept to be overwritten.");
    if (::rename(fresh.c_str(), file.c_str()) != 0)
      ring_error("key_ring_write", file, "The key ring cannot be replaced.");
    sync_folder_of(file);
    erase_old();
  }
};

KeyRing::KeyRing(std::filesystem::path file, Randomness randomness) : state_(std::make_unique<State>()) {
  state_->file = std::move(file);
  state_->randomness = std::move(randomness);
  state_->take_lock();
  state_->load();
}
KeyRing::~KeyRing() = default;
KeyRing::KeyRing(KeyRing&&) noexcept = default;

void KeyRing::add(std::string_view label, SealSuite suite) {
  if (!is_ring_label(label)) throw InputError("key_label", "", "A label is 1 to 32 of a-z, 0-9 and '-'.");
  const std::unique_lock lock(state_->mutex);
  if (state_->keys.contains(label))
    throw InputError("key_exists", std::string(label), "There is or was a key of this label; labels are used once.");
  RingKeys next = state_->keys;
  next.emplace(label, std::make_shared<RingKey>(RingKey{suite, new_key(state_->randomness)}));
  state_->replace(next);
  state_->keys = std::move(next);
}

void KeyRing::destroy(std::string_view label) {
  const std::unique_lock lock(state_->mutex);
  const auto found = state_->keys.find(label);
  if (found == state_->keys.end() || !found->second)
    throw InputError("key_unknown", std::string(label), "There is no key of this label.");
  RingKeys next = state_->keys;
  next.find(label)->second = nullptr;
  state_->replace(next);
  state_->keys = std::move(next);
}

std::shared_ptr<const RingKey> KeyRing::find(std::string_view label) const {
  const std::shared_lock lock(state_->mutex);
  const auto found = state_->keys.find(label);
  return found == state_->keys.end() ? nullptr : found->second;
}

bool KeyRing::destroyed(std::string_view label) const {
  const std::shared_lock lock(state_->mutex);
  const auto found = state_->keys.find(label);
  return found != state_->keys.end() && !found->second;
}

std::vector<std::string> KeyRing::labels() const {
  const std::shared_lock lock(state_->mutex);
  std::vector<std::string> labels;
  for (const auto& [label, key] : state_->keys)
    if (key) labels.push_back(label);
  return labels;
}

}  // namespace catchment::access
