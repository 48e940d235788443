// Door numbers as a notice writes them: singles and the fewest ranges. Internal to the printer.
#pragma once

#include <string>
#include <vector>

#include "engine/zone_text/printing/print_doors.hpp"

namespace catchment::engine::zone_text {

// What numbers are called: 号, 弄, 号楼.
struct NumberName {
  NumberUnit unit = NumberUnit::door;
  const char* word = "号";
};

struct Numbered {
  std::string text;
  NumberRange range;
  geo::DoorNumber first;
};

struct NumberMark {
  std::int32_t number = 0;
  bool may_end = true;  // a range may begin or end here
  Need need = Need::may;
};

// 12号, 12号附1号, 12-1号.
std::string to_words(const geo::DoorNumber& number, const char* unit);
Numbered single(const geo::DoorNumber& number, const NumberName& name);
// Ranges that begin and end with a number that must be picked and hold none that must not; odd and even ones each by
// themselves unless that takes more of them. Marks by number.
std::vector<Numbered> fewest_runs(const std::vector<NumberMark>& marks, const NumberName& name);

}  // namespace catchment::engine::zone_text
