#include "datasets/synth/estates.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "datasets/synth/names.hpp"
#include "datasets/synth/ring_tests.hpp"

namespace catchment::datasets::synth {
namespace {

constexpr std::uint64_t kEstateShapeStream = 401;
constexpr std::uint64_t kStemStream = 402;
constexpr int kEstatePermille = 560;
constexpr int kCompoundPermille = 80;
constexpr int kLargeCompoundPermille = 250;
constexpr double kColumn_m = 58;
constexpr double kRow_m = 44;
constexpr std::array kWords{"花园", "家园", "小区", "苑", "新村", "佳苑", "雅居", "公寓", "名邸", "馨园"};

bool fits(const Layout& layout, const geo::Ring& ring, geo::Point centre) {
  if (locate(ring, centre) != RingSide::inside) return false;
  for (const double x : {-22.0, 22.0}) {
    for (const double y : {-12.0, 12.0}) {
      if (locate(ring, layout.metric.moved(centre, x, y)) != RingSide::inside) return false;
    }
  }
  return true;
}

std::optional<std::uint32_t> longest_street_border(const CellMap& map, std::int32_t unit,
                                                   const std::vector<char>& closed, const Metric& metric) {
  std::optional<std::uint32_t> best;
  double longest = 0;
  for (const Side side : map.cells[static_cast<std::size_t>(unit)]) {
    if (closed[side.border]) continue;
    const Border& b = map.borders[side.border];
    const double length = metric.distance_m(map.vertices[b.from], map.vertices[b.to]);
    if (length > longest) {
      longest = length;
      best = side.border;
    }
  }
  return best;
}

}  // namespace

std::vector<geo::Point> building_spots(const Layout& layout, const geo::Ring& ring) {
  geo::Box box;
  for (const geo::Point p : ring) box.extend(p);
  const double width = layout.metric.x_m(box.min, box.max);
  const double height = layout.metric.y_m(box.min, box.max);
  std::vector<geo::Point> spots;
  for (double y = kRow_m / 2; y < height; y += kRow_m) {
    for (double x = kColumn_m / 2; x < width; x += kColumn_m) {
      const geo::Point p = layout.metric.moved(box.min, x, y);
      if (fits(layout, ring, p)) spots.push_back(p);
    }
  }
  return spots;
}

std::vector<Estate> make_estates(const Layout& layout, const std::vector<geo::Ring>& rings,
                                 const std::vector<char>& closed_borders, const std::vector<char>& without,
                                 std::uint64_t seed) {
  Stems stems(seed, kStemStream);
  std::vector<Estate> estates;
  for (std::int32_t unit = 0; unit < static_cast<std::int32_t>(rings.size()); ++unit) {
    Random random(seed, kEstateShapeStream, static_cast<std::uint64_t>(unit));
    if (layout.weight[static_cast<std::size_t>(unit)] == 0 || without[static_cast<std::size_t>(unit)] != 0) continue;
    if (!random.chance_permille(kEstatePermille)) continue;
    const auto gate = longest_street_border(layout.map, unit, closed_borders, layout.metric);
    const auto buildings = building_spots(layout, rings[static_cast<std::size_t>(unit)]).size();
    if (!gate || buildings < 4) continue;
    Estate estate{unit, "", "", static_cast<int>(buildings), *gate, 0, 0};
    if (random.chance_permille(kCompoundPermille)) {
      estate.compound = random.chance_permille(kLargeCompoundPermille) ? "号大院" : "号院";
    } else {
      estate.name = stems.next() + kWords.at(random.below(kWords.size()));
    }
    estates.push_back(std::move(estate));
  }
  return estates;
}

}  // namespace catchment::datasets::synth
