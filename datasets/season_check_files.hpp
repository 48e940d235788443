// The checker's own reading of a run's files.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace catchment::datasets::season_check {

// A CSV table by the names of its columns. Texts live as long as the table.
class CheckTable {
 public:
  CheckTable(const std::filesystem::path& folder, const std::string& file, std::vector<std::string> columns);
  std::size_t rows() const { return columns_.empty() ? 0 : cells_.size() / columns_.size(); }
  // Columns in the order asked for.
  std::string_view at(std::size_t row, std::size_t column) const { return cells_[row * columns_.size() + column]; }
  std::int64_t number(std::size_t row, std::size_t column) const;

 private:
  std::string bytes_;
  std::vector<std::string> columns_;
  std::vector<std::string_view> cells_;
};

std::string read_bytes(const std::filesystem::path& file);

using Bytes32 = std::array<unsigned char, 32>;
Bytes32 hash_of(bool sm3, std::string_view bytes);
Bytes32 keyed_hash(bool sm3, const Bytes32& key, std::string_view bytes);
std::string hex_of(const Bytes32& bytes);

std::vector<std::string_view> split_at(std::string_view text, char separator);

}  // namespace catchment::datasets::season_check
