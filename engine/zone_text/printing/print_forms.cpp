#include "engine/zone_text/printing/print_forms.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "engine/zone_text/compiling/polyline_math.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr std::size_t kMaxLines = 6;       // of a form that names sides
constexpr double kBorderTolerance_m = 20;  // between the outline and the district whose border it is

// One leg of the outline along one name; neighbours with the same name are one leg.
struct Leg {
  std::string name;
  geo::NameId street = geo::kNoName;  // that its doors have
  bool border = false;                // of a district
  Offset outward;                     // the sum of its edges, turned outwards: as long as the leg is straight
};

std::string border_name(const Stretch& stretch, const Ground& ground) {
  const geo::Point mid = stretch.path[stretch.path.size() / 2];
  for (const GroundArea& area : ground.areas()) {
    if (area.kind != ItemKind::district) continue;
    if (edge_distance_m(area.shape, mid) <= kBorderTolerance_m) return area.name + "界";
  }
  return {};
}

void add(Leg& leg, const Stretch& stretch) {
  const Offset along = offset_m(stretch.path.front(), stretch.path.back());
  leg.outward.east_m -= along.north_m;
  leg.outward.north_m += along.east_m;
}

std::vector<Leg> legs_of(const std::vector<Stretch>& chain, const Ground& ground) {
  std::vector<Leg> legs;
  for (const Stretch& stretch : chain) {
    if (stretch.line == kUnnamed) continue;
    Leg leg;
    leg.border = stretch.line == kOutline;
    leg.name = leg.border ? border_name(stretch, ground) : ground.lines()[stretch.line].name;
    if (!leg.border) leg.street = ground.lines()[stretch.line].street;
    if (!legs.empty() && legs.back().name == leg.name) {
      add(legs.back(), stretch);
    } else {
      add(leg, stretch);
      legs.push_back(std::move(leg));
    }
  }
  if (legs.size() > 1 && legs.front().name == legs.back().name) {
    legs.front().outward.east_m += legs.back().outward.east_m;
    legs.front().outward.north_m += legs.back().outward.north_m;
    legs.pop_back();
  }
  return legs;
}

Compass outward(const Leg& leg) {
  if (std::fabs(leg.outward.north_m) >= std::fabs(leg.outward.east_m)) {
    return leg.outward.north_m >= 0 ? Compass::north : Compass::south;
  }
  return leg.outward.east_m >= 0 ? Compass::east : Compass::west;
}

const char* word(Compass side) {
  switch (side) {
    case Compass::north:
      return "北";
    case Compass::east:
      return "东";
    case Compass::south:
      return "南";
    default:
      return "西";
  }
}

bool named_once(const std::vector<Leg>& legs) {
  std::set<std::string> names;
  return std::all_of(legs.begin(), legs.end(), [&](const Leg& leg) { return names.insert(leg.name).second; });
}

void mark(FormText& form, const Leg& leg) {
  if (leg.street != geo::kNoName) form.streets.push_back({leg.street, form.text.size()});
}

// 东至A路，南至B街、C路，西至D河，北至E路的区域; empty unless every side has its legs in one run.
FormText four_bounds(const std::vector<Leg>& legs) {
  if (legs.size() < 4 || legs.size() > kMaxLines || !named_once(legs)) return {};
  // Begin where the side changes, so that a run is not cut in two.
  std::size_t first = 0;
  while (first < legs.size() && outward(legs[first]) == outward(legs[(first + legs.size() - 1) % legs.size()])) ++first;
  std::vector<std::vector<const Leg*>> runs;
  for (std::size_t i = 0; i < legs.size(); ++i) {
    const Leg& leg = legs[(first + i) % legs.size()];
    if (leg.name.empty()) return {};
    if (runs.empty() || outward(*runs.back().front()) != outward(leg)) runs.emplace_back();
    runs.back().push_back(&leg);
  }
  if (runs.size() != 4) return {};
  FormText form{PrintForm::four_bounds, {}, {}};
  for (const Compass side : {Compass::east, Compass::south, Compass::west, Compass::north}) {
    const auto run = std::find_if(runs.begin(), runs.end(), [&](const auto& r) { return outward(*r.front()) == side; });
    if (run == runs.end()) return {};
    form.text += (form.text.empty() ? "" : "，") + std::string(word(side)) + "至";
    for (const Leg* leg : *run) {
      form.text += (leg == run->front() ? "" : "、") + leg->name;
      mark(form, *leg);
    }
  }
  form.text += "的区域";
  return form;
}

// A路以南，B街以西的区域, north side first.
FormText half_planes(const std::vector<Leg>& legs) {
  if (legs.size() > kMaxLines || !named_once(legs)) return {};
  FormText form{PrintForm::half_planes, {}, {}};
  for (const Leg& leg : legs) {
    if (leg.border) continue;
    form.text += (form.text.empty() ? "" : "，") + leg.name + "以" + word(opposite(outward(leg)));
    mark(form, leg);
  }
  if (!form.text.empty()) form.text += "的区域";
  return form;
}

// 由A路、B街、C河围合的区域; with_ends: 由A路（C河至B街路段）、...
FormText ring(const std::vector<Leg>& legs, bool with_ends) {
  std::vector<const Leg*> named;
  for (const Leg& leg : legs) {
    if (!leg.name.empty()) named.push_back(&leg);
  }
  if (named.size() < 2) return {};
  FormText form{PrintForm::ring, {}, {}};
  for (std::size_t i = 0; i < named.size(); ++i) {
    const std::string& before = named[(i + named.size() - 1) % named.size()]->name;
    const std::string& after = named[(i + 1) % named.size()]->name;
    form.text += (form.text.empty() ? "由" : "、") + named[i]->name;
    if (with_ends && before != after && !named[i]->border) form.text += "（" + before + "至" + after + "路段）";
    mark(form, *named[i]);
  }
  form.text += "围合的区域";
  return form;
}

}  // namespace

std::vector<FormText> region_forms(const std::vector<Stretch>& chain, const Ground& ground) {
  const std::vector<Leg> legs = legs_of(chain, ground);
  std::vector<FormText> forms{four_bounds(legs), half_planes(legs), ring(legs, false), ring(legs, true)};
  std::erase_if(forms, [](const FormText& form) { return form.text.empty(); });
  return forms;
}

}  // namespace catchment::engine::zone_text
