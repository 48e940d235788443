#include "engine/zone_text/compiling/line_sections.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace catchment::engine::zone_text {
namespace {

constexpr double kAlongItsWord = 0.35;  // a line within 70 degrees of its word

double last_within(const std::vector<double>& crossings, double limit) {
  double last = 0;
  for (const double at : crossings) last = at <= limit ? std::max(last, at) : last;
  return last;
}

double first_beyond(const std::vector<double>& crossings, double limit, double length) {
  const auto found = std::ranges::find_if(crossings, [&](double at) { return at >= limit; });
  return found == crossings.end() ? length : *found;
}

void add(std::vector<std::pair<double, double>>& to, double from_m, double to_m) {
  if (to_m > from_m) to.emplace_back(from_m, to_m);
}

}  // namespace

std::string_view section_word(Section section) {
  constexpr std::array<std::string_view, 6> kWords{"", "北", "东", "南", "西", "中"};
  return kWords.at(static_cast<std::size_t>(section));
}

std::optional<Metres> direction_of(Section section) {
  switch (section) {
    case Section::north:
      return Metres{0, 1};
    case Section::east:
      return Metres{1, 0};
    case Section::south:
      return Metres{0, -1};
    case Section::west:
      return Metres{-1, 0};
    default:
      return std::nullopt;
  }
}

NamedLines find_named_lines(const Line& line, const Ground& ground) {
  if (line.section != Section::whole) {
    const std::string full = line.name.text + std::string(section_word(line.section)) + "段";
    if (std::vector<std::size_t> found = ground.find_lines(full); !found.empty()) return {std::move(found), true};
  }
  return {ground.find_lines(line.name.text), false};
}

SectionStretches section_stretches(const geo::Polyline& line, Section section, const std::vector<double>& crossings) {
  SectionStretches out;
  const Frame frame(line.front());
  const double length = length_m(line, frame);
  if (section == Section::whole) {
    add(out.sure, 0, length);
    return out;
  }
  const auto toward = direction_of(section);
  if (!toward) {
    const double from = first_beyond(crossings, length / 3, length);
    const double to = last_within(crossings, length * 2 / 3);
    const double begin = last_within(crossings, length / 6);
    const double end = first_beyond(crossings, length * 5 / 6, length);
    if (from < to) {
      add(out.doubtful, begin, from);
      add(out.sure, from, to);
      add(out.doubtful, to, end);
    } else {
      add(out.doubtful, begin, end);
    }
    return out;
  }
  const Metres a = frame.to_metres(line.front());
  const Metres b = frame.to_metres(line.back());
  const double along = cosine({b.x - a.x, b.y - a.y}, *toward);
  if (std::fabs(along) < kAlongItsWord) {
    add(out.doubtful, 0, length);
  } else if (along < 0) {  // the section is at the line's start
    const double sure = last_within(crossings, length / 3);
    add(out.sure, 0, sure);
    add(out.doubtful, sure, first_beyond(crossings, length * 2 / 3, length));
  } else {
    const double sure = first_beyond(crossings, length * 2 / 3, length);
    add(out.doubtful, last_within(crossings, length / 3), sure);
    add(out.sure, sure, length);
  }
  return out;
}

std::vector<double> crossings_on(const geo::Polyline& line, std::size_t ground_line, const Ground& ground) {
  const Frame frame(line.front());
  const geo::Box box = box_of(line);
  std::vector<double> out;
  for (std::size_t i = 0; i < ground.lines().size(); ++i) {
    if (i == ground_line) continue;
    for (const geo::Polyline& piece : ground.lines()[i].pieces) {
      if (!box_of(piece).intersects(box)) continue;
      for (const Contact& contact : meetings(line, piece, frame)) out.push_back(contact.along_a);
    }
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace catchment::engine::zone_text
