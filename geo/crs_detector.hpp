// Which reference system is a layer really in? Told from anchors: things whose true position is known (schools, named
// crossings) and which also occur in the layer.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "geo/projection.hpp"

namespace catchment::geo {

struct Anchor {
  double x = 0;  // as the layer holds it, before any conversion
  double y = 0;
  Degrees truth;  // CGCS2000
};

inline constexpr double kFitM = 30;       // a named reading's median residual is below this
inline constexpr double kMarginM = 100;   // and every reading of another place is at least this much worse
inline constexpr double kReachM = 100;    // an anchor farther than this from a reading is not explained by it
inline constexpr int kFewestAnchors = 3;  // that must agree before anything is named
inline constexpr double kFewestShare =
    0.02;  // and of all anchors: a thousand wrong matches agree by chance now and then

// A group of anchors one reading explains, or that none does.
struct CrsCluster {
  std::vector<std::size_t> anchors;  // positions in the span given, sorted
  std::string crs;                   // parse_crs() text ("GCJ02", "EPSG:4547@yx", ...) or "unknown"
  // The reading the figures below speak of: `crs`, or when unknown the nearest one. Empty if none comes near.
  std::string nearest;
  double residual_m = 0;  // median distance from truth under that reading
  double margin_m = 0;    // how much worse the best reading of another place is; infinite if there is no other
  // What a constant shift would explain, truth minus reading, and the median distance left after it. A shift of 40-200
  // m with a small scatter is what an old datum (Beijing 1954, Xi'an 1980), a conversion that forgot it or a city's own
  // grid looks like.
  double shift_east_m = 0;
  double shift_north_m = 0;
  double scatter_m = 0;
  // Other readings within kReachM on the ground that fit too: choosing one of them moves nothing by more than 2 kFitM.
  std::vector<std::string> alternatives;
  // Systems without a published transformation, or geographic ones on another datum, that hold the same numbers for
  // a place within 200 m. Anchors cannot rule them out as a label; they do bound the error made by not using it.
  std::vector<std::string> look_alikes;
};

// The readings that are possible around one place. Candidates: CGCS2000 / WGS 84 degrees; every EPSG projected
// system whose area of use comes within 3 degrees (within it, if its datum is not equal to CGCS2000); `extra`; each
// also with GCJ-02 and BD-09 degrees under it and with its axes swapped. Making one takes tenths of a second, so keep
// it for several layers of a city. Not thread-safe.
//
// A reading is named if the median residual is below kFitM, also when anchors up to 2 kReachM off are counted; if the
// anchors' own scatter leaves no room for a constant shift of kFitM (two standard errors); and if every reading of
// another place is kMarginM worse. With 8 m of noise on each axis three agreeing anchors mostly do; with over 25 m no
// number does.
//
// Readings within kReachM of each other on the ground are one place. Of those in it that fit, the name is that of
// `extra` first, then of a datum equal to CGCS2000, then of the smallest area of use that holds the place, then of the
// one whose authority has the layer's axis order, then of the lowest code. Systems without a published transformation
// are never named.
class CrsDetector {
 public:
  // Throws InputError if a text of `extra` is no Crs or PROJ does not know it.
  explicit CrsDetector(Degrees place, std::span<const std::string> extra = {});
  ~CrsDetector();
  CrsDetector(CrsDetector&&) noexcept;
  CrsDetector& operator=(CrsDetector&&) noexcept;

  // Largest cluster first. Wrong matches end in "unknown" clusters; every anchor is in exactly one cluster.
  std::vector<CrsCluster> detect(std::span<const Anchor> anchors) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One layer, around the median of its anchors.
std::vector<CrsCluster> detect_crs(std::span<const Anchor> anchors, std::span<const std::string> extra = {});

enum class CrsVerdict {
  agrees,       // most anchors fit the declared system and none of them names another
  contradicts,  // some cluster is another system, or none of the anchors can be read as the declared one
  unknown       // too few anchors, or they fit nothing
};

struct CrsVerification {
  CrsVerdict verdict = CrsVerdict::unknown;
  std::vector<CrsCluster> clusters;  // why
};

// Throws as Projection does; a declared system without a published transformation is compared as its numbers stand and
// never agreed to.
CrsVerification verify_crs(const Crs& declared, std::span<const Anchor> anchors);

}  // namespace catchment::geo
