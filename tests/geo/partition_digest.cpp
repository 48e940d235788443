// Prints one line of digests of everything the zone index answers for a zone file. Compiled by several compilers at
// several optimisation levels (tests/same_bytes.sh); the lines must be equal.
//   partition_digest ZONE_FILE POINTS THREADS
#include <xxhash.h>

#include <cstdio>
#include <cstdlib>

#include "tests/support/partition_points.hpp"
#include "tests/support/zone_file.hpp"

namespace {

using namespace catchment;

template <class T>
unsigned long long digest(const std::vector<T>& values) {
  return XXH3_64bits(values.data(), values.size() * sizeof(T));
}

unsigned long long answers(const geo::ZoneIndex& index, const std::vector<geo::Point>& points, int threads) {
  std::vector<geo::FaceHit> hits(points.size());
  index.faces_at(points, hits, threads);
  return digest(hits);
}

unsigned long long margins(const geo::ZoneIndex& index, const std::vector<geo::Point>& points) {
  std::vector<double> metres;
  for (const geo::Point p : points) {
    for (const geo::ZoneMargin& m : index.locate(p).zones) metres.push_back(m.margin_m);
  }
  return digest(metres);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  const auto zones = test::read_zone_file(argv[1]);
  const std::size_t count = std::strtoull(argv[2], nullptr, 10);
  const int threads = std::atoi(argv[3]);
  const geo::ZoneIndex index = geo::ZoneIndex::build(zones);
  geo::SnapshotWriter writer;
  index.save(writer, "");
  std::printf("index %016llx uniform %016llx lines %016llx vertices %016llx margins %016llx\n", digest(writer.bytes()),
              answers(index, test::uniform_points(index.box(), count, 1), threads),
              answers(index, test::points_on_lines(index.borders(), count / 10, 2), threads),
              answers(index, test::points_around_vertices(zones), threads),
              margins(index, test::uniform_points(index.box(), count / 100, 3)));
  return 0;
}
