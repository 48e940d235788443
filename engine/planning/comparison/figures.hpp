// The one place where a comparison's figures are rounded for people to read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace catchment::engine::planning {

std::string grouped(std::int64_t number);  // thousands apart by commas
// Children in whole numbers. "<1" where there are some, but they round to none.
std::string people_text(std::int64_t parts);
std::int64_t people(std::int64_t parts);
// Metres to the next ten.
std::int64_t metres(double m);
std::string metres_text(double m);
// An indicator's figure, as long as its size is worth: whole from 100 on, one digit from 10 on, else three.
std::string figure_text(double value);
std::string percent_text(double share);  // whole; one digit below 10 %

}  // namespace catchment::engine::planning
