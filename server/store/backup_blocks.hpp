// The outer form of a backup: a stream of bytes in blocks, each with the hash of itself and of the block before.
//
//   "catchment-backup-1\n", then blocks: length (4 bytes, least first; 0 ends it), bytes, SHA-256(hash before || bytes)
//
// The hash before the first block is that of the first line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "datasets/partial_file.hpp"
#include "engine/admission/lottery/ticket.hpp"
#include "server/store/value.hpp"

namespace catchment::store {

using engine::admission::Digest;

class BlockWriter {
 public:
  explicit BlockWriter(const std::filesystem::path& file);
  ~BlockWriter();  // leaves nothing behind unless finished
  BlockWriter(const BlockWriter&) = delete;
  BlockWriter& operator=(const BlockWriter&) = delete;

  void put(std::string_view bytes);
  void put_byte(char byte) { put({&byte, 1}); }
  void put_integer(std::int64_t value);  // 8 bytes, least first
  void put_text(std::string_view text);  // its length, then its bytes
  void put_value(const Value& value);    // a letter (n, i, t, b), then the value

  // Synced and in place when it returns. The hash of the last block.
  Digest finish();

 private:
  void write_block();
  void write_all(std::string_view bytes);

  datasets::PartialFile file_;
  int fd_ = -1;
  std::string block_;
  Digest hash_{};
};

// Every take throws InputError backup_damaged, naming the block, before a byte of a damaged block is given out.
class BlockReader {
 public:
  // Throws InputError backup_foreign if the first line is another, backup_unreadable.
  explicit BlockReader(const std::filesystem::path& file);
  ~BlockReader();
  BlockReader(const BlockReader&) = delete;
  BlockReader& operator=(const BlockReader&) = delete;

  char take_byte();
  std::int64_t take_integer();
  std::int64_t take_count(std::int64_t limit);
  std::string take_text();
  Value take_value();
  // The last block has been given out, and the file ends where it says. The hash of the last block.
  Digest take_end();

  [[noreturn]] void refuse(const std::string& why) const;

 private:
  void take(char* to, std::size_t size);
  void read_block();
  void read_all(char* to, std::size_t size);

  std::filesystem::path path_;
  int fd_ = -1;
  std::int64_t blocks_ = 0;
  bool ended_ = false;
  std::string block_;
  std::size_t at_ = 0;
  Digest hash_{};
};

}  // namespace catchment::store
