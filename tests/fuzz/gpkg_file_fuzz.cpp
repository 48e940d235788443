// Any bytes as a city package: refused with InputError, or each of its tables read or refused.
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "datasets/city_package.hpp"
#include "geo/input_error.hpp"

namespace {

using namespace catchment;

class MemoryFile {
 public:
  MemoryFile() {
    const std::filesystem::path folder =
        std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
    path_ = (folder / ("catchment-gpkg-fuzz-" + std::to_string(::getpid()) + ".gpkg")).string();
  }
  ~MemoryFile() { ::unlink(path_.c_str()); }
  const std::string& put(const std::uint8_t* data, std::size_t size) {
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || ::write(file, data, size) != static_cast<ssize_t>(size)) std::abort();
    ::close(file);
    return path_;
  }

 private:
  std::string path_;
};

template <class Action>
void refused_or_done(Action&& action) {
  try {
    action();
  } catch (const InputError&) {
  }
}

void read_all(const datasets::CityPackage& city) {
  refused_or_done([&] { city.meta(); });
  refused_or_done([&] { city.stamp(); });
  refused_or_done([&] {
    for (const engine::LayerKey& layer : city.layers()) {
      refused_or_done([&] { city.zones(layer); });
      refused_or_done([&] { city.zone_sources(layer); });
    }
  });
  refused_or_done([&] {
    for (const engine::LayerKey& layer : city.zone_row_layers()) refused_or_done([&] { city.zone_rows(layer); });
  });
  refused_or_done([&] { city.schools(); });
  refused_or_done([&] { city.campuses(); });
  refused_or_done([&] { city.notices(); });
  refused_or_done([&] { city.places(); });
  refused_or_done([&] { city.aliases(); });
  refused_or_done([&] { city.units(); });
  refused_or_done([&] { city.streets(); });
  refused_or_done([&] { city.housing(); });
  refused_or_done([&] { city.enrolment(); });
  refused_or_done([&] { city.feeders(); });
  refused_or_done([&] { city.rooms(); });
  refused_or_done([&] { city.admission_units(); });
  refused_or_done([&] { city.admission_plans(); });
  refused_or_done([&] { city.plans(); });
  refused_or_done([&] { city.plan_units(); });
  refused_or_done([&] { city.for_each_address([](const engine::Address&) { return true; }); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static MemoryFile file;
  const std::string& path = file.put(data, size);
  refused_or_done([&] { read_all(datasets::CityPackage::open(path)); });
  return 0;
}
