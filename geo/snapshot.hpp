// An immutable file of named byte arrays that is mapped, not read: a process starts in milliseconds and every process
// that maps it shares the same pages. The checksum covers every byte, so a file of another version, cut short or with
// one bit flipped is refused before anything in it is used. Little-endian only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace catchment::geo {

// XXH3-64: tells content apart, proves nothing to an adversary. The same on every machine.
std::uint64_t fingerprint(std::span<const std::byte> bytes);

class SnapshotWriter {
 public:
  // Keeps a copy. Names are unique, at most 47 bytes. Sections are 64-byte aligned in the file.
  template <class T>
  void add(std::string_view name, std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    add_bytes(name, std::as_bytes(values));
  }
  void add_text(std::string_view name, std::string_view text) { add(name, std::span<const char>(text)); }

  // Writes beside the target, syncs, then renames over it: a reader sees the old file or the new one, never a part.
  // Throws InputError("snapshot_write") with the system's reason.
  void write(const std::filesystem::path& path) const;
  // The bytes write() would put in the file.
  std::vector<std::byte> bytes() const;

 private:
  void add_bytes(std::string_view name, std::span<const std::byte> bytes);

  struct Section {
    std::string name;
    std::vector<std::byte> bytes;
  };
  std::vector<Section> sections_;
};

class Snapshot {
 public:
  // Maps and verifies. Throws InputError: snapshot_open, snapshot_foreign (not a snapshot), snapshot_version,
  // snapshot_truncated, snapshot_corrupt.
  static Snapshot open(const std::filesystem::path& path);
  // Over bytes that the snapshot then owns; for a build that is used at once.
  static Snapshot from_bytes(std::vector<std::byte> bytes);

  // The section as an array of T. Throws InputError("snapshot_corrupt") if absent or not a whole number of T.
  template <class T>
  std::span<const T> get(std::string_view name) const {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 64);
    const std::span<const std::byte> raw = get_bytes(name, sizeof(T));
    return {reinterpret_cast<const T*>(raw.data()), raw.size() / sizeof(T)};
  }
  std::string_view get_text(std::string_view name) const {
    const auto chars = get<char>(name);
    return {chars.data(), chars.size()};
  }
  bool has(std::string_view name) const;
  std::size_t size_bytes() const;

 private:
  struct Storage;
  explicit Snapshot(std::shared_ptr<const Storage> storage);
  std::span<const std::byte> get_bytes(std::string_view name, std::size_t item_size) const;

  std::shared_ptr<const Storage> storage_;  // spans stay valid while any copy of this Snapshot lives
};

}  // namespace catchment::geo
