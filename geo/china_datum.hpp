// The two shifted datums of Chinese web maps. Neither is in PROJ. Convert only what is declared to be shifted: nothing
// here looks at where a point is, and no box says what is "in China" (the usual one holds Hong Kong, Taiwan and Korea).
#pragma once

#include "geo/point.hpp"

namespace catchment::geo {

// GCJ-02 (the public formula, as in eviltransform and gcoord). Vendors' own services differ from it by 1-10 m.
// Defined for any finite position off the poles; meant for 60-150 E, 0-60 N, where it moves a point by 20-1000 m.
Degrees gcj02_from_cgcs2000(Degrees position);

// Iterated until a step is below 1e-12 degree. Not a number in both fields if the iteration does not settle, which
// happens only far from China or for input that is not finite.
Degrees cgcs2000_from_gcj02(Degrees position);

// BD-09, a further shift of GCJ-02. The inverses are iterated as above.
Degrees bd09_from_gcj02(Degrees position);
Degrees gcj02_from_bd09(Degrees position);
Degrees bd09_from_cgcs2000(Degrees position);
Degrees cgcs2000_from_bd09(Degrees position);

}  // namespace catchment::geo
