// Addresses in, one line per address and layer out, a chunk at a time: memory does not grow with rows.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/matching/zone_layer.hpp"

namespace catchment::cli {

struct AddressRow {
  std::string id;
  std::string text;
  std::optional<geo::Point> position;
  double error_m = 0;
  std::string problem;  // why there is no position, if there is more to say than that
};

enum class MatchFormat { csv, geojson };

struct MatchOptions {
  int threads = 1;
  double error_m = 0;  // for rows that state none
  MatchFormat format = MatchFormat::csv;
};

struct LayerCounts {
  std::array<std::int64_t, 4> by_status{};  // by geo::PointStatus
  std::int64_t no_position = 0;
};

// Column names of the CSV and property names of the GeoJSON are the same; README.md documents them.
class MatchWriter {
 public:
  // An empty path writes to standard output. A file appears only when finish() has succeeded. school_names: by id.
  MatchWriter(std::span<const engine::ZoneLayer> layers, const std::map<std::string, std::string>& school_names,
              const MatchOptions& options, const std::filesystem::path& path);
  ~MatchWriter();
  MatchWriter(const MatchWriter&) = delete;
  MatchWriter& operator=(const MatchWriter&) = delete;

  // Throws std::system_error when the output cannot be written.
  void add(AddressRow row);
  void finish();

  std::int64_t rows() const;
  std::span<const LayerCounts> counts() const;  // by layer

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::cli
