#include "geo/crs_detector.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "geo/china_datum.hpp"
#include "geo/input_error.hpp"

namespace catchment::geo {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSearchDeg = 3;
constexpr double kShiftedReachM = 300;
constexpr double kLookAlikeM = 200;

struct Offset {
  double east_m = kInfinity;
  double north_m = kInfinity;

  double length_m() const { return std::hypot(east_m, north_m); }
};

Offset offset(Degrees from, Degrees to) {
  const auto origin = find_point(from);
  if (!origin || !std::isfinite(to.lon) || !std::isfinite(to.lat)) return {};
  const LocalScale scale = local_scale(origin->lat);
  return {std::remainder(to.lon - from.lon, 360.0) * kUnitsPerDegree * scale.lon_m,
          (to.lat - from.lat) * kUnitsPerDegree * scale.lat_m};
}

// The upper median for an even count; infinite for none.
double median(std::vector<double> values) {
  if (values.empty()) return kInfinity;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// A projection with what decides whose name is plainer.
struct Frame {
  std::string code;
  Projection projection;
  bool projected = false;
  bool extra = false;
  double extent_deg2 = 0;  // infinite if the area of use does not hold the place
};

enum class Shift { none, gcj02, bd09 };

struct Reading {
  const Frame* frame = nullptr;
  bool swapped = false;
  Shift shift = Shift::none;
  std::vector<Degrees> position;  // by anchor; NaN where it cannot be read
  std::vector<Offset> error;      // truth minus position

  std::string text() const {
    const std::string shifted = shift == Shift::none ? "" : shift == Shift::gcj02 ? "GCJ02" : "BD09";
    Crs crs{frame->code, swapped};
    if (!shifted.empty()) crs.code = frame->projected ? frame->code + "+" + shifted : shifted;
    return to_text(crs);
  }

  auto preference() const {
    return std::tuple(!frame->extra, !frame->projection.is_plain_datum(), shift, frame->extent_deg2,
                      frame->projection.authority_puts_north_first() != swapped, frame->code.size(), frame->code,
                      swapped);
  }
};

using Members = std::vector<std::size_t>;

double residual_m(const Reading& reading, const Members& members) {
  std::vector<double> distances;
  for (const std::size_t i : members) distances.push_back(reading.error[i].length_m());
  return median(std::move(distances));
}

double apart_m(const Reading& a, const Reading& b, const Members& members) {
  std::vector<double> distances;
  for (const std::size_t i : members) distances.push_back(offset(a.position[i], b.position[i]).length_m());
  return median(std::move(distances));
}

void describe_shift(const Reading& reading, CrsCluster& cluster) {
  std::vector<double> east, north, left;
  for (const std::size_t i : cluster.anchors) {
    east.push_back(reading.error[i].east_m);
    north.push_back(reading.error[i].north_m);
  }
  cluster.nearest = reading.text();
  cluster.residual_m = residual_m(reading, cluster.anchors);
  cluster.shift_east_m = median(east);
  cluster.shift_north_m = median(north);
  for (std::size_t i = 0; i < east.size(); ++i) {
    left.push_back(std::hypot(east[i] - cluster.shift_east_m, north[i] - cluster.shift_north_m));
  }
  cluster.scatter_m = median(left);
}

std::size_t fewest(std::size_t anchors) {
  return std::max<std::size_t>(kFewestAnchors,
                               static_cast<std::size_t>(std::ceil(kFewestShare * static_cast<double>(anchors))));
}

Members explained(const Reading& reading, const Members& remaining, double reach_m) {
  Members members;
  std::copy_if(remaining.begin(), remaining.end(), std::back_inserter(members),
               [&](std::size_t i) { return reading.error[i].length_m() <= reach_m; });
  return members;
}

// How well a reading explains the anchors left: each counts from 1 at its truth down to 0 at reach.
double support(const Reading& reading, const Members& remaining, double reach_m) {
  double sum = 0;
  for (const std::size_t i : remaining) sum += std::max(0.0, 1.0 - reading.error[i].length_m() / reach_m);
  return sum;
}

const Reading* find_best(const std::vector<Reading>& readings, const Members& remaining, double reach_m) {
  const Reading* best = nullptr;
  double best_support = 0;
  for (const Reading& reading : readings) {
    const double s = support(reading, remaining, reach_m);
    if (s > best_support) {
      best_support = s;
      best = &reading;
    }
  }
  return best;
}

// True if the anchors exclude a constant shift of kFitM or more. Cutting at reach alone would let a wide scatter around
// a shifted place pass for a narrow one, so the median is also taken of what lies up to twice as far.
bool is_placed(const Reading& reading, const CrsCluster& cluster, const Members& remaining) {
  const double size = static_cast<double>(cluster.anchors.size());
  const double shift_m = std::hypot(cluster.shift_east_m, cluster.shift_north_m);
  return shift_m + 2 * cluster.scatter_m / std::sqrt(size) < kFitM &&
         residual_m(reading, explained(reading, remaining, 2 * kReachM)) < kFitM;
}

// Names the cluster's place if it fits and no other place comes near, else says what comes nearest.
void name_cluster(const std::vector<Reading>& readings, const Reading& best, const Members& remaining,
                  CrsCluster& cluster) {
  constexpr double kAsGoodM = 10;
  const double best_m = residual_m(best, cluster.anchors);
  std::vector<const Reading*> fitting;
  double rival_m = kInfinity;
  for (const Reading& reading : readings) {
    const double m = residual_m(reading, cluster.anchors);
    if (apart_m(best, reading, cluster.anchors) > kReachM) {
      rival_m = std::min(rival_m, m);
    } else if (m < kFitM && m <= best_m + kAsGoodM) {
      fitting.push_back(&reading);
    }
  }
  std::sort(fitting.begin(), fitting.end(),
            [](const Reading* a, const Reading* b) { return a->preference() < b->preference(); });
  const Reading& chosen = fitting.empty() ? best : *fitting.front();
  describe_shift(chosen, cluster);
  cluster.margin_m = rival_m - cluster.residual_m;
  const bool named = !fitting.empty() && cluster.margin_m > kMarginM && is_placed(chosen, cluster, remaining);
  cluster.crs = named ? cluster.nearest : "unknown";
  for (std::size_t i = named ? 1 : 0; i < fitting.size(); ++i) cluster.alternatives.push_back(fitting[i]->text());
}

}  // namespace

struct CrsDetector::Impl {
  std::shared_ptr<ProjContext> context = make_proj_context();
  std::vector<Frame> frames;       // may be named
  std::vector<Frame> look_alikes;  // may not

  Projection open_declared(const std::string& code) const {
    try {
      return Projection({code, false}, Ballpark::refuse, context);
    } catch (const InputError& error) {
      if (error.code != "crs_no_transformation") throw;
      return Projection({code, false}, Ballpark::allow, context);
    }
  }

  void add_extra(const std::string& text) {
    std::string code = parse_crs(text).code;
    if (code == "GCJ02" || code == "BD09") return;
    code = code.substr(0, code.find('+'));
    const auto known = [&](const Frame& frame) { return frame.code == code; };
    if (std::any_of(frames.begin(), frames.end(), known)) return;
    Projection projection = open_declared(code);
    const bool nameable = !projection.is_ballpark();
    const bool projected = projection.is_projected();
    (nameable ? frames : look_alikes).push_back({code, std::move(projection), projected, nameable, kInfinity});
  }

  void add(const ListedCrs& listed) {
    constexpr double kGlobal = 300.0 * 100.0;
    const auto known = [&](std::vector<Frame>& list) {
      for (Frame& frame : list) {
        if (frame.code != listed.code) continue;
        frame.extent_deg2 = listed.holds_place ? listed.extent_deg2 : kInfinity;
        return true;
      }
      return false;
    };
    if (known(frames) || known(look_alikes)) return;
    const bool degrees = listed.code == "EPSG:4490" || listed.code == "EPSG:4326";
    if (!listed.projected && !degrees && (!listed.holds_place || listed.extent_deg2 > kGlobal)) return;
    try {
      Projection projection({listed.code, false}, Ballpark::allow, context);
      const bool plain = projection.is_plain_datum();
      const bool nameable = degrees || (listed.projected && !projection.is_ballpark());
      if (!plain && !listed.holds_place) return;
      (nameable ? frames : look_alikes)
          .push_back({listed.code, std::move(projection), listed.projected, false,
                      listed.holds_place ? listed.extent_deg2 : kInfinity});
    } catch (const InputError&) {
      // What PROJ cannot compute here cannot be the layer's system either.
    }
  }

  // The layer read as one frame, with and without a web map's shift under it; readings near no anchor are left out.
  void read(const Frame& frame, bool swapped, std::span<const Anchor> anchors, std::vector<Reading>& out) const {
    std::vector<Xy> numbers;
    for (const Anchor& a : anchors) numbers.push_back(swapped ? Xy{a.y, a.x} : Xy{a.x, a.y});
    std::vector<Degrees> positions(anchors.size());
    if (frame.projection.to_cgcs2000(numbers, positions) == 0) return;
    for (const Shift shift : {Shift::none, Shift::gcj02, Shift::bd09}) {
      if (shift != Shift::none && !frame.projected && frame.code != "EPSG:4490") continue;
      if (shift != Shift::none && !frame.projection.is_plain_datum()) continue;
      Reading reading{&frame, swapped, shift, positions, {}};
      bool near = false;
      for (std::size_t i = 0; i < anchors.size(); ++i) {
        Degrees& p = reading.position[i];
        if (shift == Shift::gcj02) p = cgcs2000_from_gcj02(p);
        if (shift == Shift::bd09) p = cgcs2000_from_bd09(p);
        reading.error.push_back(offset(p, anchors[i].truth));
        near = near || reading.error.back().length_m() <= kShiftedReachM;
      }
      if (near) out.push_back(std::move(reading));
    }
  }

  void add_look_alikes(const Reading& named, std::span<const Anchor> anchors, CrsCluster& cluster) const {
    if (named.shift != Shift::none) return;
    for (const Frame& frame : look_alikes) {
      std::vector<double> distances;
      for (const std::size_t i : cluster.anchors) {
        const Anchor& a = anchors[i];
        const auto p = named.swapped ? frame.projection.to_cgcs2000(a.y, a.x) : frame.projection.to_cgcs2000(a.x, a.y);
        distances.push_back(p ? offset(named.position[i], *p).length_m() : kInfinity);
      }
      if (median(std::move(distances)) <= kLookAlikeM) {
        cluster.look_alikes.push_back(to_text({frame.code, named.swapped}));
      }
    }
  }

  std::vector<CrsCluster> detect(std::span<const Anchor> anchors) const {
    std::vector<Reading> readings;
    for (const Frame& frame : frames) {
      for (const bool swapped : {false, true}) read(frame, swapped, anchors, readings);
    }
    Members remaining(anchors.size());
    std::iota(remaining.begin(), remaining.end(), std::size_t{0});
    std::vector<CrsCluster> clusters;
    // The wider reach comes last: it finds what a constant shift keeps from fitting, and never names.
    for (const double reach_m : {kReachM, kShiftedReachM}) {
      while (const Reading* best = find_best(readings, remaining, reach_m)) {
        CrsCluster cluster;
        cluster.anchors = explained(*best, remaining, reach_m);
        if (cluster.anchors.size() < fewest(anchors.size())) break;
        name_cluster(readings, *best, remaining, cluster);
        if (reach_m > kReachM) cluster.crs = "unknown";
        const auto named = std::find_if(readings.begin(), readings.end(),
                                        [&](const Reading& r) { return r.text() == cluster.nearest; });
        add_look_alikes(*named, anchors, cluster);
        Members left;
        std::set_difference(remaining.begin(), remaining.end(), cluster.anchors.begin(), cluster.anchors.end(),
                            std::back_inserter(left));
        remaining = std::move(left);
        clusters.push_back(std::move(cluster));
      }
    }
    if (!remaining.empty()) {
      CrsCluster rest;
      rest.anchors = std::move(remaining);
      rest.crs = "unknown";
      rest.residual_m = rest.margin_m = rest.scatter_m = kInfinity;
      clusters.push_back(std::move(rest));
    }
    std::sort(clusters.begin(), clusters.end(), [](const CrsCluster& a, const CrsCluster& b) {
      return a.anchors.size() != b.anchors.size() ? a.anchors.size() > b.anchors.size() : a.anchors < b.anchors;
    });
    return clusters;
  }
};

CrsDetector::CrsDetector(Degrees place, std::span<const std::string> extra) : impl_(std::make_unique<Impl>()) {
  for (const std::string& text : extra) impl_->add_extra(text);
  for (const ListedCrs& listed : list_crs(place, kSearchDeg, impl_->context)) impl_->add(listed);
}
CrsDetector::~CrsDetector() = default;
CrsDetector::CrsDetector(CrsDetector&&) noexcept = default;
CrsDetector& CrsDetector::operator=(CrsDetector&&) noexcept = default;

std::vector<CrsCluster> CrsDetector::detect(std::span<const Anchor> anchors) const { return impl_->detect(anchors); }

namespace {

Degrees median_truth(std::span<const Anchor> anchors) {
  std::vector<double> lon, lat;
  for (const Anchor& a : anchors) {
    if (!find_point(a.truth)) continue;
    lon.push_back(a.truth.lon);
    lat.push_back(a.truth.lat);
  }
  return {median(std::move(lon)), median(std::move(lat))};
}

bool readable(const Crs& crs, std::span<const Anchor> anchors) {
  const Projection projection(crs, Ballpark::allow);
  return std::any_of(anchors.begin(), anchors.end(),
                     [&](const Anchor& a) { return projection.to_cgcs2000(a.x, a.y).has_value(); });
}

}  // namespace

std::vector<CrsCluster> detect_crs(std::span<const Anchor> anchors, std::span<const std::string> extra) {
  const Degrees place = median_truth(anchors);
  if (!find_point(place)) return {};
  return CrsDetector(place, extra).detect(anchors);
}

CrsVerification verify_crs(const Crs& declared, std::span<const Anchor> anchors) {
  const std::string text = to_text(parse_crs(to_text(declared)));
  const bool any = readable(declared, anchors);
  CrsVerification result;
  result.clusters = detect_crs(anchors, std::span(&text, 1));
  const auto lists = [&](const std::vector<std::string>& texts) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
  };
  std::size_t agreeing = 0;
  bool contradicted = !any && anchors.size() >= std::size_t{kFewestAnchors};
  for (const CrsCluster& cluster : result.clusters) {
    if (cluster.crs == "unknown") continue;
    const bool same = cluster.crs == text || lists(cluster.alternatives);
    if (same) agreeing += cluster.anchors.size();
    contradicted = contradicted || (!same && !lists(cluster.look_alikes));
  }
  if (contradicted) {
    result.verdict = CrsVerdict::contradicts;
  } else if (agreeing > 0 && 2 * agreeing >= anchors.size()) {
    result.verdict = CrsVerdict::agrees;
  }
  return result;
}

}  // namespace catchment::geo
