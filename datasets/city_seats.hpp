// What a city package knows of seats, as the input of the seat ledger.
#pragma once

#include <string>
#include <vector>

#include "datasets/city_package.hpp"
#include "engine/demand/seat_input.hpp"

namespace catchment::datasets {

struct CitySeats {
  engine::demand::SeatInput input;  // with the pupils of the base year; those expected are the caller's to add
  // Seats bought for the whole city, whose children nobody has named a zone for: by year. The ledger cannot give them
  // to a unit.
  struct CityWide {
    std::string school_id;
    int school_year = 0;
    int seats = 0;
  };
  std::vector<CityWide> city_wide;
  std::vector<std::string> split_schools;  // pupils of a stage split evenly between its admission units
};

// * A school has an admission unit for each of its stages that the rules have: those of the package, else one on all
// its
//   campuses. Its id is the school's; of a school of two stages without any, the second's is "<school>/<stage>". A row
//   that names the school is of the unit its grade belongs to, grade 0 of the first; an exception to all grades is of
//   both.
// * Classes and pupils are those enrolled in the base year; those of a school with several units of one stage are split
//   evenly.
// Schools that are closed have none. Rows that cannot be used throw InputError("seat_row", "file: table, row fid").
CitySeats load_city_seats(const CityPackage& package, const engine::demand::DemandRules& rules, int base_year,
                          int last_year);

}  // namespace catchment::datasets
