// Answering many points at once: table reads are prefetched a batch ahead, because a random point's cost is the wait
// for memory. Internal to the zone index.
#pragma once

#include <span>

#include "geo/zone_index_tables.hpp"

namespace catchment::geo {

void find_faces(const ZoneIndex::Tables& tables, std::span<const Point> points, std::span<FaceHit> out);
void find_faces(const ZoneIndex::Tables& tables, std::span<const Degrees> points, std::span<FaceHit> out);

}  // namespace catchment::geo
