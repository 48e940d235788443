// The two shifted datums of Chinese web maps. Neither is in PROJ. Convert only what is declared to be shifted: nothing
// here looks at where a point is.
#pragma once

#include "geo/point.hpp"

namespace catchment::geo {

// GCJ-02 (the public formula, as in eviltransform and gcoord). Vendors' own services differ from it by 1-10 m.
Degrees gcj02_from_cgcs2000(Degrees position);
Degrees cgcs2000_from_gcj02(Degrees position);  // iterated to below 1e-9 degree

// BD-09, a further shift of GCJ-02.
Degrees bd09_from_gcj02(Degrees position);
Degrees gcj02_from_bd09(Degrees position);  // iterated to below 1e-9 degree
Degrees bd09_from_cgcs2000(Degrees position);
Degrees cgcs2000_from_bd09(Degrees position);

}  // namespace catchment::geo
