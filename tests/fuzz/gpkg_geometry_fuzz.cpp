// Any bytes as a geometry blob: refused with InputError or read; what was read survives being written and read again.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "datasets/gpkg_geometry.hpp"
#include "geo/input_error.hpp"

namespace {

using namespace catchment;

template <class Action>
void refused_or_done(Action&& action) {
  try {
    action();
  } catch (const InputError&) {
  }
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto blob = std::as_bytes(std::span(data, size));
  datasets::Blob again;
  refused_or_done([&] {
    const geo::MultiPolygon area = datasets::area_from_gpkg(blob);
    datasets::to_gpkg(area, again);
    const geo::MultiPolygon back = datasets::area_from_gpkg(again);
    require(geo::bounding_box(back).min == geo::bounding_box(area).min);
    datasets::Blob twice;
    datasets::to_gpkg(back, twice);
    require(datasets::area_from_gpkg(twice) == back);
  });
  refused_or_done([&] {
    const geo::Polyline line = datasets::line_from_gpkg(blob);
    datasets::to_gpkg(line, again);
    require(datasets::line_from_gpkg(again) == line);
  });
  refused_or_done([&] {
    if (const auto point = datasets::point_from_gpkg(blob)) {
      datasets::to_gpkg(*point, again);
      require(datasets::point_from_gpkg(again) == point);
    }
  });
  refused_or_done([&] { datasets::box_from_gpkg(blob); });
  return 0;
}
