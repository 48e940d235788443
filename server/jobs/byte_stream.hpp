// Numbers and texts as bytes, little-endian, the same on every machine.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "geo/input_error.hpp"

namespace catchment::jobs {

class ByteWriter {
 public:
  void number(std::uint64_t value) {
    for (int k = 0; k < 8; ++k) bytes_.push_back(static_cast<char>(value >> (8 * k) & 0xFF));
  }
  void real(double value) { number(std::bit_cast<std::uint64_t>(value)); }
  void text(std::string_view value) {
    number(value.size());
    bytes_.append(value);
  }
  template <typename List, typename Each>
  void list(const List& values, const Each& each) {
    number(values.size());
    for (const auto& value : values) each(value);
  }

  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Throws InputError("job_bytes") where bytes lack, are left over, or say what cannot be.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    const std::string_view eight = take(8);
    std::uint64_t value = 0;
    for (std::size_t k = 0; k < 8; ++k) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(eight[k])) << (8 * k);
    }
    return value;
  }
  std::uint64_t number(std::uint64_t most) {
    const std::uint64_t value = number();
    if (value > most) fail();
    return value;
  }
  std::uint32_t index() { return static_cast<std::uint32_t>(number(std::numeric_limits<std::uint32_t>::max())); }
  int count() { return static_cast<int>(number(std::numeric_limits<int>::max())); }
  bool yes() { return number(1) != 0; }
  double real() { return std::bit_cast<double>(number()); }
  std::string text() { return std::string(take(number(bytes_.size()))); }
  template <typename Each>
  auto list(const Each& each) {
    std::vector<decltype(each())> values;
    for (std::uint64_t left = number(bytes_.size()); left > 0; --left) values.push_back(each());
    return values;
  }
  void finish() const {
    if (!bytes_.empty()) fail();
  }

  [[noreturn]] static void fail() { throw InputError("job_bytes", "", "the bytes of a job cannot be read"); }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size()) fail();
    const std::string_view part = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return part;
  }

  std::string_view bytes_;
};

}  // namespace catchment::jobs
