// A town of 64 units in a square, with a school in each quarter, as the tables that `catchment plan` reads.
#pragma once

#include <string>

#include "tests/datasets/program.hpp"

namespace catchment::testing {

// units.txt, borders.txt, and plan.csv, the plan of four square quarters. 10 children a unit, 220 seats a school; the
// schools are u9, u14, u49 and u54, named after their units.
inline void write_ensemble_tables(const TempDir& dir) {
  std::string units = "OID,pop,PointX,PointY,fcapacity\n", borders = "ID1,ID2\n", plan = "unit,school\n";
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 8; ++x) {
      const std::string id = "u" + std::to_string(8 * y + x);
      const bool school = (x == 1 || x == 6) && (y == 1 || y == 6);
      units += id + ",10," + std::to_string(500 * x) + "," + std::to_string(500 * y) + (school ? ",220\n" : ",0\n");
      if (x > 0) borders += "u" + std::to_string(8 * y + x - 1) + "," + id + "\n";
      if (y > 0) borders += "u" + std::to_string(8 * y + x - 8) + "," + id + "\n";
      plan += id + ",u" + std::to_string(8 * (y < 4 ? 1 : 6) + (x < 4 ? 1 : 6)) + "\n";
    }
  }
  write_file(dir / "units.txt", units);
  write_file(dir / "borders.txt", borders);
  write_file(dir / "plan.csv", plan);
}

}  // namespace catchment::testing
