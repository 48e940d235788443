#include "geo/snapshot.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "geo/input_error.hpp"

namespace catchment::geo {
namespace {

static_assert(std::endian::native == std::endian::little, "the snapshot format is little-endian");

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::uint32_t kFormatVersion = 1;
constexpr char kMagic[8] = {'C', 'A', 'T', 'C', 'H', 'S', 'N', 'P'};

struct Header {
  char magic[8];
  std::uint32_t version;
  std::uint32_t sections;
  std::uint64_t size;      // of the whole file
  std::uint64_t checksum;  // XXH3-64 of the whole file with this field zero
};
static_assert(sizeof(Header) == 32);

struct Entry {
  char name[48];  // zero-padded
  std::uint64_t offset;
  std::uint64_t size;
};
static_assert(sizeof(Entry) == 64);

constexpr std::size_t aligned(std::size_t n) { return (n + kAlignment - 1) / kAlignment * kAlignment; }

std::uint64_t checksum_of(std::span<const std::byte> file) {
  Header header;
  std::memcpy(&header, file.data(), sizeof header);
  header.checksum = 0;
  XXH3_state_t* state = XXH3_createState();
  XXH3_64bits_reset(state);
  XXH3_64bits_update(state, &header, sizeof header);
  XXH3_64bits_update(state, file.data() + sizeof header, file.size() - sizeof header);
  const std::uint64_t sum = XXH3_64bits_digest(state);
  XXH3_freeState(state);
  return sum;
}

[[noreturn]] void fail_write(const std::filesystem::path& path) {
  const int error = errno;
  throw InputError("snapshot_write", path.string(), std::string("cannot write: ") + std::strerror(error));
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

void write_all(int fd, std::span<const std::byte> bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_write(path);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

}  // namespace

std::uint64_t fingerprint(std::span<const std::byte> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

void SnapshotWriter::add_bytes(std::string_view name, std::span<const std::byte> bytes) {
  const auto same = [&](const Section& s) { return s.name == name; };
  if (name.empty() || name.size() >= sizeof(Entry::name) || std::ranges::any_of(sections_, same)) {
    throw std::logic_error("snapshot section name: " + std::string(name));
  }
  sections_.push_back({std::string(name), {bytes.begin(), bytes.end()}});
}

std::vector<std::byte> SnapshotWriter::bytes() const {
  std::size_t size = aligned(sizeof(Header) + sections_.size() * sizeof(Entry));
  std::vector<Entry> entries(sections_.size());
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    std::memcpy(entries[i].name, sections_[i].name.data(), sections_[i].name.size());
    entries[i].offset = size;
    entries[i].size = sections_[i].bytes.size();
    size = aligned(size + sections_[i].bytes.size());
  }
  std::vector<std::byte> file(size);
  Header header{{}, kFormatVersion, static_cast<std::uint32_t>(sections_.size()), size, 0};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  std::memcpy(file.data(), &header, sizeof header);
  if (!entries.empty()) std::memcpy(file.data() + sizeof header, entries.data(), entries.size() * sizeof(Entry));
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    if (!sections_[i].bytes.empty()) {
      std::memcpy(file.data() + entries[i].offset, sections_[i].bytes.data(), sections_[i].bytes.size());
    }
  }
  header.checksum = checksum_of(file);
  std::memcpy(file.data(), &header, sizeof header);
  return file;
}

void SnapshotWriter::write(const std::filesystem::path& path) const {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {  // renaming over a device would take it away
    throw InputError("snapshot_write", path.string(), "only a file can be replaced");
  }
  const std::vector<std::byte> file = bytes();
  const std::filesystem::path partial = path.string() + ".partial-" + std::to_string(::getpid());
  try {
    const FileDescriptor fd(::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (fd.get() < 0) fail_write(partial);
    write_all(fd.get(), file, partial);
    if (::fsync(fd.get()) != 0) fail_write(partial);
    if (::rename(partial.c_str(), path.c_str()) != 0) fail_write(path);
  } catch (...) {
    ::unlink(partial.c_str());
    throw;
  }
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) ::fsync(directory.get());
}

struct Snapshot::Storage {
  std::byte* data = nullptr;
  std::size_t size = 0;
  bool mapped = false;
  std::vector<Entry> entries;

  Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  ~Storage() {
    if (data == nullptr) return;
    if (mapped) {
      ::munmap(data, size);
    } else {
      std::free(data);
    }
  }

  // Checks everything; entries are in range and aligned afterwards.
  void verify(const std::string& where) {
    Header header;
    if (size < sizeof header) throw InputError("snapshot_truncated", where, "the file ends inside the header");
    std::memcpy(&header, data, sizeof header);
    if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) {
      throw InputError("snapshot_foreign", where, "this is not a Catchment snapshot");
    }
    if (header.version != kFormatVersion) {
      throw InputError("snapshot_version", where,
                       "format version " + std::to_string(header.version) + ", but this program reads version " +
                           std::to_string(kFormatVersion) + "; make the snapshot again");
    }
    if (header.size != size) {
      throw InputError("snapshot_truncated", where,
                       "the file has " + std::to_string(size) + " bytes but says " + std::to_string(header.size));
    }
    if (checksum_of({data, size}) != header.checksum) {
      throw InputError("snapshot_corrupt", where, "the checksum does not match: the file was changed or damaged");
    }
    if (header.sections > (size - sizeof header) / sizeof(Entry)) {
      throw InputError("snapshot_corrupt", where, "the section directory is longer than the file");
    }
    entries.resize(header.sections);
    if (!entries.empty()) std::memcpy(entries.data(), data + sizeof header, entries.size() * sizeof(Entry));
    for (const Entry& entry : entries) {
      if (entry.offset % kAlignment != 0 || entry.offset > size || entry.size > size - entry.offset ||
          entry.name[sizeof entry.name - 1] != '\0') {
        throw InputError("snapshot_corrupt", where, "a section lies outside the file");
      }
    }
  }
};

Snapshot::Snapshot(std::shared_ptr<const Storage> storage) : storage_(std::move(storage)) {}

Snapshot Snapshot::open(const std::filesystem::path& path) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (fd.get() < 0 || ::fstat(fd.get(), &info) != 0) {
    const int error = errno;
    throw InputError("snapshot_open", path.string(), std::string("cannot open: ") + std::strerror(error));
  }
  auto storage = std::make_shared<Storage>();
  storage->size = static_cast<std::size_t>(info.st_size);
  if (storage->size > 0) {
    void* map = ::mmap(nullptr, storage->size, PROT_READ, MAP_SHARED, fd.get(), 0);
    if (map == MAP_FAILED) {
      const int error = errno;
      throw InputError("snapshot_open", path.string(), std::string("cannot map: ") + std::strerror(error));
    }
    storage->data = static_cast<std::byte*>(map);
    storage->mapped = true;
  }
  storage->verify(path.string());
  return Snapshot(std::move(storage));
}

Snapshot Snapshot::from_bytes(std::vector<std::byte> bytes) {
  auto storage = std::make_shared<Storage>();
  storage->size = bytes.size();
  // Random look-ups in a big table miss the TLB on 4 KiB pages.
  const std::size_t page = bytes.size() < kHugePage ? kAlignment : kHugePage;
  const std::size_t room = (bytes.size() + page) / page * page;
  storage->data = static_cast<std::byte*>(std::aligned_alloc(page, room));
  if (storage->data == nullptr) throw std::bad_alloc();
  if (page == kHugePage) ::madvise(storage->data, room, MADV_HUGEPAGE);
  if (!bytes.empty()) std::memcpy(storage->data, bytes.data(), bytes.size());
  storage->verify("snapshot in memory");
  return Snapshot(std::move(storage));
}

bool Snapshot::has(std::string_view name) const {
  return std::ranges::any_of(storage_->entries, [&](const Entry& e) { return name == e.name; });
}

std::size_t Snapshot::size_bytes() const { return storage_->size; }

std::span<const std::byte> Snapshot::get_bytes(std::string_view name, std::size_t item_size) const {
  for (const Entry& entry : storage_->entries) {
    if (name != entry.name) continue;
    if (entry.size % item_size != 0) break;
    return {storage_->data + entry.offset, entry.size};
  }
  throw InputError("snapshot_corrupt", std::string(name), "the snapshot lacks this section or it has a wrong size");
}

}  // namespace catchment::geo
