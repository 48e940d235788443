#include "datasets/city_streets.hpp"

namespace catchment::datasets {

CityStreets read_streets(const CityPackage& package) {
  CityStreets out;
  out.streets = package.streets(), out.barriers = package.barriers();
  for (const engine::Line& line : out.streets) {
    const geo::StreetKind kind = geo::find_street_kind(line.kind).value_or(geo::StreetKind::residential);
    out.street_lines.push_back({line.shape, line.name, kind});
    if (kind == geo::StreetKind::trunk) out.barrier_lines.push_back({line.shape, geo::BarrierKind::trunk_road});
  }
  for (const engine::Line& line : out.barriers) {
    if (const auto kind = geo::find_barrier_kind(line.kind)) out.barrier_lines.push_back({line.shape, *kind});
  }
  return out;
}

}  // namespace catchment::datasets
