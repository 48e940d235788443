// How the projection sources hold PROJ's objects, and the way from a datum to CGCS2000. Not for use elsewhere.
#pragma once

#include <proj.h>

#include <cmath>
#include <memory>

#include "geo/point.hpp"

namespace catchment::geo {

class ProjContext {
 public:
  ProjContext() : context_(proj_context_create()) {
    proj_context_set_enable_network(context_, 0);
    proj_log_level(context_, PJ_LOG_NONE);
  }
  ~ProjContext() { proj_context_destroy(context_); }
  ProjContext(const ProjContext&) = delete;
  ProjContext& operator=(const ProjContext&) = delete;
  PJ_CONTEXT* get() const { return context_; }

 private:
  PJ_CONTEXT* context_;
};

template <auto Destroy>
struct Destroyer {
  template <class T>
  void operator()(T* p) const {
    Destroy(p);
  }
};
using PjPtr = std::unique_ptr<PJ, Destroyer<proj_destroy>>;

// A closed box on the globe that may cross the antimeridian.
struct AreaOfUse {
  double west = -180;
  double width = 360;
  double south = -90;
  double north = 90;

  Degrees at(double across, double up) const {
    return {std::remainder(west + width * across, 360.0), south + (north - south) * up};
  }

  bool holds(Degrees d) const {
    if (!(std::fabs(d.lon) <= 180.0 && south <= d.lat && d.lat <= north)) return false;
    if (width >= 360) return true;
    const double east_of_west = d.lon - west;
    return (east_of_west < 0 ? east_of_west + 360.0 : east_of_west) <= width;
  }
};

// A system's or operation's area of use, 6 degrees wider on each side; the globe if it has none.
AreaOfUse area_with_slack(PJ_CONTEXT* context, const PJ* object);

// With (east, north) order at both ends; null stays null.
PjPtr normalized(PJ_CONTEXT* context, const PjPtr& operation);

// True if the operation leaves degrees as they are, to 1e-11 degree.
bool is_null_operation(PJ* operation, const AreaOfUse& area);

enum class DatumSearch { published, published_directly, ballpark };

// From `base`, the geographic system under `crs`, to WGS 84; null if there is no such operation for the area of use of
// `crs`.
PjPtr find_datum_operation(PJ_CONTEXT* context, const PJ* crs, const PJ* base, DatumSearch search);

}  // namespace catchment::geo
