// Tainan's enrolment zones of 2014 in 里 and 鄰: the city's data as the engine takes it, and a second, independent
// reading of the texts to hold the engine's answers against.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/model.hpp"
#include "geo/gazetteer/gazetteer.hpp"

namespace catchment::real_text {

struct TainanSchool {
  std::string code, name, level, text;
  std::string district;  // 東區, of its address
};

struct TainanAddress {
  engine::Address address;
  std::string district, village;  // as stated: 東區, 大學里
  int group = 0;                  // 鄰
  std::string polygon_village;    // 東區大學里, whose polygon of 2017 covers the point
  bool village_known = false;     // the stated one is one of 2017's
  bool exact = false;             // the geocoder found the door itself, not one like it
  double stated_m = 0;            // from the point to the polygon of the stated village; 0 inside, -1 unknown
};

struct Tainan {
  std::vector<engine::Place> places;  // districts and villages
  std::vector<engine::Alias> aliases;
  std::vector<TainanSchool> schools;
  std::vector<TainanAddress> addresses;  // those with a place
  std::map<std::string, std::set<std::string>> districts_of_village;
  std::set<std::string> former_villages;  // of the schools' own addresses, that 2017 does not have
};

Tainan load_tainan(const std::filesystem::path& folder);

// 鄰 of one village that a text gives; empty `groups` with `all`: every one.
struct Given {
  bool all = false;
  std::set<int> groups;
};
// By district and village. Reads a village's name where one stands between punctuation, and the 鄰 list beside it;
// nothing else. Whatever it does not know, it leaves out.
std::map<std::string, Given> read_plainly(const Tainan& city, const TainanSchool& school);

}  // namespace catchment::real_text
