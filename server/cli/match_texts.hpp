// Address texts in, one line per text and layer out with the schools and the clause that decided, a chunk at a time.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "datasets/city_finder.hpp"
#include "server/answers/answer_json.hpp"

namespace catchment::cli {

struct TextRow {
  std::string id;
  std::string text;
  engine::HouseholdFacts household;
  std::string primary_school_id;
  std::string problem;  // why the row cannot be used, if it cannot
};

enum class TextFormat { csv, geojson, json };  // json: an array with the whole evidence of every row

struct TextMatchOptions {
  int threads = 1;
  TextFormat format = TextFormat::csv;
};

using StatusCounts = std::array<std::int64_t, 5>;  // by engine::FinderStatus

// Column names of the CSV and property names of the GeoJSON are the same; README.md documents them.
class TextMatchWriter {
 public:
  // An empty path writes to standard output. A file appears only when finish() has succeeded. The finders' gazetteer is
  // `names`; all three must outlive the writer.
  TextMatchWriter(const geo::Gazetteer& names, std::span<const datasets::LayerFinder> layers,
                  const answers::Labels& labels, const TextMatchOptions& options, const std::filesystem::path& path);
  ~TextMatchWriter();
  TextMatchWriter(const TextMatchWriter&) = delete;
  TextMatchWriter& operator=(const TextMatchWriter&) = delete;

  // Throws std::system_error when the output cannot be written.
  void add(TextRow row);
  void finish();

  std::int64_t rows() const;
  std::span<const StatusCounts> counts() const;  // by layer

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What one text answers with in every layer, with all the evidence.
answers::ordered_json explain_text(const TextRow& row, const geo::Gazetteer& names,
                                   std::span<const datasets::LayerFinder> layers, const answers::Labels& labels);
// The same for people.
std::string to_lines(const answers::ordered_json& explanation);

}  // namespace catchment::cli
