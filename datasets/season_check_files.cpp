#include "datasets/season_check_files.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <stdexcept>

#include "geo/input_error.hpp"

namespace catchment::datasets::season_check {

std::string read_bytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) throw InputError("season_open", file.string(), "cannot be read");
  std::string bytes(static_cast<std::size_t>(in.tellg()), '\0');
  in.seekg(0).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

std::vector<std::string_view> split_at(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

CheckTable::CheckTable(const std::filesystem::path& folder, const std::string& file, std::vector<std::string> columns)
    : bytes_(read_bytes(folder / file)), columns_(std::move(columns)) {
  std::size_t at = 0;
  std::vector<std::string_view> fields;
  const auto next = [&] {
    fields.clear();
    for (;;) {
      std::size_t end = at;
      if (at < bytes_.size() && bytes_[at] == '"') {
        end = bytes_.find('"', at + 1);
        fields.push_back(std::string_view(bytes_).substr(at + 1, end - at - 1));
        end = std::min(end, bytes_.size() - 1) + 1;
      } else {
        end = std::min(bytes_.find_first_of(",\n", at), bytes_.size());
        fields.push_back(std::string_view(bytes_).substr(at, end - at));
      }
      at = end + 1;
      if (end >= bytes_.size() || bytes_[end] != ',') return;
    }
  };
  next();
  const std::size_t width = fields.size();
  std::vector<std::size_t> places;
  for (const std::string& column : columns_) {
    const auto found = std::ranges::find(fields, column);
    if (found == fields.end()) throw InputError("season_header", file, "has no column " + column);
    places.push_back(static_cast<std::size_t>(found - fields.begin()));
  }
  for (std::int64_t row = 2; at < bytes_.size(); ++row) {
    next();
    if (fields.size() != width) throw InputError("season_row", file + ":" + std::to_string(row), "has too few fields");
    for (const std::size_t place : places) cells_.push_back(fields[place]);
  }
}

std::int64_t CheckTable::number(std::size_t row, std::size_t column) const {
  const std::string_view text = at(row, column);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Bytes32 hash_of(bool sm3, std::string_view bytes) {
  Bytes32 out{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, sm3 ? EVP_sm3() : EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("no such hash");
  return out;
}

Bytes32 keyed_hash(bool sm3, const Bytes32& key, std::string_view bytes) {
  std::string inner(64, '\x36'), outer(64, '\x5c');
  for (std::size_t i = 0; i < key.size(); ++i) {
    inner[i] = static_cast<char>(0x36 ^ key[i]), outer[i] = static_cast<char>(0x5c ^ key[i]);
  }
  const Bytes32 first = hash_of(sm3, inner.append(bytes));
  outer.append(first.begin(), first.end());
  return hash_of(sm3, outer);
}

std::string hex_of(const Bytes32& bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
  return text;
}

}  // namespace catchment::datasets::season_check
