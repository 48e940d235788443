// Packages made for tests.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "datasets/city_package.hpp"
#include "datasets/package_writer.hpp"
#include "datasets/synth/city.hpp"
#include "datasets/synth/ring_tests.hpp"

namespace catchment::datasets::synth {

// A package in a file that goes away with it.
class MadeCity {
 public:
  explicit MadeCity(const SynthOptions& options) {
    static int number = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("catchment_synth_" + std::to_string(::getpid()) + "_" + std::to_string(number++) + ".gpkg");
    PackageWriter writer(path_, PackageWriter::Start::empty);
    summary = write_city(options, writer);
    writer.commit();
  }
  ~MadeCity() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    std::filesystem::remove(path_.string() + ".lock", ignored);
  }
  MadeCity(const MadeCity&) = delete;
  MadeCity& operator=(const MadeCity&) = delete;

  CityPackage open() const { return CityPackage::open(path_); }
  std::string bytes() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  SynthSummary summary;

 private:
  std::filesystem::path path_;
};

inline SynthOptions of_three() {
  SynthOptions options;
  options.schools = 3;
  options.years = 1;
  return options;
}

inline SynthOptions of_forty() {
  SynthOptions options;
  options.seed = 5;
  options.schools = 40;
  options.children = 30'000;
  options.addresses = 12'000;
  return options;
}

inline bool covers(const geo::MultiPolygon& shape, geo::Point p) {
  int rings = 0;
  geo::for_each_ring(shape, [&](const geo::Ring& ring) { rings += locate(ring, p) == RingSide::inside ? 1 : 0; });
  return rings % 2 == 1;
}

template <class Rows>
std::vector<geo::MultiPolygon> shapes_of(const Rows& rows) {
  std::vector<geo::MultiPolygon> shapes;
  for (const auto& row : rows) shapes.push_back(row.shape);
  return shapes;
}

}  // namespace catchment::datasets::synth
