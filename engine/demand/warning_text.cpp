#include <cmath>
#include <string>

#include "engine/demand/warning_series.hpp"

namespace catchment::engine::demand {
namespace {

std::string whole(double number) { return std::to_string(std::lround(number)); }
std::string percent(double share) { return whole(100 * share) + " %"; }
std::string counted(int number, const char* one, const char* many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

std::string numbers(const SeatWarning& warning) {
  // Whole children: the interval is told outward.
  return whole(warning.demand.mean) + " children expected (80 %: " + whole(std::floor(warning.demand.low[1])) + " to " +
         whole(std::ceil(warning.demand.high[1])) + ") for " + counted(warning.seats, "seat", "seats") + " in " +
         counted(warning.classes, "class", "classes");
}

std::string what(const SeatWarning& warning, const DemandRules& rules) {
  const std::string sure = " with probability " + percent(warning.probability);
  if (warning.kind == SeatWarning::Kind::under_use) {
    return "; less than " + percent(warning.threshold) + " of the seats" + sure + " in each of " +
           counted(warning.years, "year", "years");
  }
  if (warning.kind == SeatWarning::Kind::small_classes) {
    return "; classes of fewer than " + whole(warning.threshold) + sure + " in each of " +
           counted(warning.years, "year", "years");
  }
  for (const WarningLevel& level : rules.shortage) {
    if (level.id == warning.level)
      return "; " + percent(level.pressure) + " of the seats or more" + sure + " (" + level.id + ")";
  }
  return {};
}

std::string shortage_cure(const Relief& relief) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? " Cleared by " : ", or ") + part; };
  if (relief.classes) {
    std::string part = counted(relief.classes->amount, "more class", "more classes");
    if (relief.rooms_lacking > 0) part += " (" + counted(relief.rooms_lacking, "room", "rooms") + " lacking)";
    add(part);
  }
  if (relief.seats) {
    std::string part = counted(relief.seats->amount, "child", "children") + " seated elsewhere";
    for (const Relief::Placement& placement : relief.placements) {
      part += (&placement == relief.placements.data() ? " (" : ", ") + std::to_string(placement.seats) + " at " +
              placement.admission_unit_id;
    }
    if (!relief.placements.empty()) part += ")";
    if (relief.seats_unplaced > 0) part += ", " + std::to_string(relief.seats_unplaced) + " of them not found a seat";
    add(part);
  }
  if (relief.children) add("moving " + counted(relief.children->amount, "child", "children") + " to other zones");
  return text.empty() ? " Nothing tried clears it." : text + ".";
}

std::string under_use_cure(const Relief& relief) {
  std::string text;
  if (relief.classes) text = " Cleared by " + counted(relief.classes->amount, "class", "classes") + " fewer";
  if (relief.merger) {
    text += (text.empty() ? " Cleared by merging with " : ", or merging with ") + relief.merger->admission_unit_id;
    if (relief.merger->rooms_lacking > 0) {
      text += " (" + counted(relief.merger->rooms_lacking, "room", "rooms") + " lacking)";
    }
    text += "; the children's ways are not judged here";
  }
  return text.empty() ? " Neither fewer classes nor a merger tried clears it." : text + ".";
}

}  // namespace

std::string message_of(const SeatWarning& warning, const DemandRules& rules) {
  std::string text = std::to_string(warning.school_year) + ": " + numbers(warning) + what(warning, rules) + ".";
  text += warning.kind == SeatWarning::Kind::shortage ? shortage_cure(warning.relief) : under_use_cure(warning.relief);
  if (warning.shrunk) {
    text += " Its own past is too short: the forecast leans on its " +
            (warning.leans_on.empty() ? std::string("district") : warning.leans_on) + ".";
  }
  return text;
}

}  // namespace catchment::engine::demand
