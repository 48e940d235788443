#include "server/store/backup_blocks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "engine/admission/lottery/hash_suite.hpp"
#include "geo/input_error.hpp"

namespace catchment::store {
namespace {

constexpr std::string_view kFirstLine = "catchment-backup-1\n";
constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
constexpr std::int64_t kMaxValue = std::int64_t{256} << 20;

Digest hash_of(std::string_view bytes) { return engine::admission::hash(engine::admission::Suite::sha256, bytes); }

Digest hash_after(const Digest& before, std::string_view block) {
  std::string bytes(before.begin(), before.end());
  bytes += block;
  return hash_of(bytes);
}

std::string_view as_text(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

template <std::size_t N>
std::array<char, N> least_first(std::uint64_t value) {
  std::array<char, N> bytes{};
  for (char& byte : bytes) {
    byte = static_cast<char>(value & 0xFF);
    value >>= 8;
  }
  return bytes;
}

template <std::size_t N>
std::uint64_t from_least_first(const std::array<char, N>& bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = N; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

}  // namespace

BlockWriter::BlockWriter(const std::filesystem::path& file) : file_(file), hash_(hash_of(kFirstLine)) {
  fd_ = ::open(file_.path().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), file_.path().string());
  block_.reserve(kBlockBytes);
  write_all(kFirstLine);
}

BlockWriter::~BlockWriter() {
  if (fd_ >= 0) ::close(fd_);
}

void BlockWriter::put(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t part = std::min(bytes.size(), kBlockBytes - block_.size());
    block_ += bytes.substr(0, part);
    bytes.remove_prefix(part);
    if (block_.size() == kBlockBytes) write_block();
  }
}

void BlockWriter::put_integer(std::int64_t value) {
  const auto bytes = least_first<8>(static_cast<std::uint64_t>(value));
  put({bytes.data(), bytes.size()});
}

void BlockWriter::put_text(std::string_view text) {
  put_integer(static_cast<std::int64_t>(text.size()));
  put(text);
}

void BlockWriter::put_value(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value.variant())) {
    put_byte('i');
    put_integer(*integer);
  } else if (const auto* text = std::get_if<std::string>(&value.variant())) {
    put_byte('t');
    put_text(*text);
  } else if (const auto* bytes = std::get_if<Bytes>(&value.variant())) {
    put_byte('b');
    put_text({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  } else {
    put_byte('n');
  }
}

Digest BlockWriter::finish() {
  if (!block_.empty()) write_block();
  write_block();
  const int fd = std::exchange(fd_, -1);
  if (::close(fd) != 0) throw std::system_error(errno, std::generic_category(), file_.path().string());
  file_.publish();
  return hash_;
}

void BlockWriter::write_block() {
  hash_ = hash_after(hash_, block_);
  const auto length = least_first<4>(block_.size());
  write_all({length.data(), length.size()});
  write_all(block_);
  write_all(as_text(hash_));
  block_.clear();
}

void BlockWriter::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw std::system_error(errno, std::generic_category(), file_.path().string());
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

BlockReader::BlockReader(const std::filesystem::path& file) : path_(file), hash_(hash_of(kFirstLine)) {
  fd_ = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) throw InputError("backup_unreadable", file.string(), std::strerror(errno));
  std::string line(kFirstLine.size(), '\0');
  std::size_t got = 0;
  for (ssize_t part = 1; got < line.size() && part > 0; got += static_cast<std::size_t>(part)) {
    part = std::max<ssize_t>(0, ::read(fd_, line.data() + got, line.size() - got));
  }
  if (line != kFirstLine) {
    ::close(fd_);
    throw InputError("backup_foreign", file.string(), "this is no backup of a store");
  }
}

BlockReader::~BlockReader() { ::close(fd_); }

void BlockReader::refuse(const std::string& why) const {
  throw InputError("backup_damaged", path_.string() + ":block " + std::to_string(blocks_), why);
}

void BlockReader::read_all(char* to, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::read(fd_, to, size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw InputError("backup_unreadable", path_.string(), std::strerror(errno));
    if (got == 0) refuse("the file ends here");
    to += got;
    size -= static_cast<std::size_t>(got);
  }
}

void BlockReader::read_block() {
  ++blocks_;
  std::array<char, 4> length{};
  read_all(length.data(), length.size());
  const std::uint64_t size = from_least_first(length);
  if (size > kBlockBytes) refuse("its length is impossible");
  block_.resize(size);
  at_ = 0;
  read_all(block_.data(), size);
  Digest hash{};
  read_all(reinterpret_cast<char*>(hash.data()), hash.size());
  if (hash != hash_after(hash_, block_)) refuse("its bytes are not those that were written");
  hash_ = hash;
  ended_ = size == 0;
}

void BlockReader::take(char* to, std::size_t size) {
  while (size > 0) {
    if (at_ == block_.size()) {
      if (ended_) refuse("more was expected");
      read_block();
      continue;
    }
    const std::size_t part = std::min(size, block_.size() - at_);
    std::memcpy(to, block_.data() + at_, part);
    at_ += part;
    to += part;
    size -= part;
  }
}

char BlockReader::take_byte() {
  char byte = 0;
  take(&byte, 1);
  return byte;
}

std::int64_t BlockReader::take_integer() {
  std::array<char, 8> bytes{};
  take(bytes.data(), bytes.size());
  return static_cast<std::int64_t>(from_least_first(bytes));
}

std::int64_t BlockReader::take_count(std::int64_t limit) {
  const std::int64_t count = take_integer();
  if (count < 0 || count > limit) refuse("a count is impossible");
  return count;
}

std::string BlockReader::take_text() {
  std::string text(static_cast<std::size_t>(take_count(kMaxValue)), '\0');
  take(text.data(), text.size());
  return text;
}

Value BlockReader::take_value() {
  switch (take_byte()) {
    case 'n':
      return {};
    case 'i':
      return take_integer();
    case 't':
      return take_text();
    case 'b': {
      const std::string bytes = take_text();
      return Bytes(bytes.begin(), bytes.end());
    }
    default:
      refuse("a value of no known kind");
  }
}

Digest BlockReader::take_end() {
  if (at_ != block_.size()) refuse("less was expected");
  if (!ended_) read_block();
  if (!ended_) refuse("less was expected");
  char more = 0;
  if (::read(fd_, &more, 1) != 0) refuse("something follows the end");
  return hash_;
}

}  // namespace catchment::store
