// Answering many points at once: table reads are issued a batch ahead, because a random point's cost is the wait for
// memory. Internal to the zone index.
#pragma once

#include <array>
#include <span>

#include "geo/zone_index_tables.hpp"

namespace catchment::geo {

inline constexpr std::size_t kBatch = 128;

struct Batch {
  alignas(64) std::array<Point, kBatch> points;
  alignas(64) std::array<std::uint32_t, kBatch> entries;  // of the level last read
  alignas(64) std::array<std::uint32_t, kBatch> open;     // points not answered yet
  std::size_t open_count = 0;
};

// How a batch's points are converted and looked up in the first level. The two give the same answers.
struct BatchKernel {
  // batch.points[i] = the nearest point to degrees[i], or `nowhere` if that is off the globe.
  void (*convert)(const Degrees* degrees, std::size_t count, Point nowhere, Batch& batch);
  // Reads the blocks of batch.points[0 .. count) into batch.entries, lists in batch.open those that lie deeper.
  void (*read_blocks)(const ZoneIndex::Tables& tables, std::size_t count, Batch& batch);
};
extern const BatchKernel kBaselineKernel;
const BatchKernel* find_avx512_kernel();  // nullptr where the processor lacks it
const BatchKernel& best_kernel();

void find_faces(const ZoneIndex::Tables& tables, std::span<const Point> points, std::span<FaceHit> out,
                const BatchKernel& kernel = best_kernel());
void find_faces(const ZoneIndex::Tables& tables, std::span<const Degrees> points, std::span<FaceHit> out,
                const BatchKernel& kernel = best_kernel());

}  // namespace catchment::geo
