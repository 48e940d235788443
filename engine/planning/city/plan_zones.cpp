#include "engine/planning/city/plan_zones.hpp"

#include <algorithm>
#include <map>

#include "geo/topology.hpp"

namespace catchment::engine::planning {
namespace {

std::vector<UnitIndex> units_in_force(const PlanCity& city) {
  std::vector<UnitIndex> units;
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    if (city.units[u].in_force) units.push_back(u);
  }
  return units;
}

// Where editions of a stage begin, and the end of the last.
std::vector<YearIndex> find_editions(const CityPlan& plan, const std::vector<UnitIndex>& units, StageIndex stage) {
  std::vector<YearIndex> begins{0};
  const auto years = static_cast<YearIndex>(plan.city().years);
  for (YearIndex y = 1; y < years; ++y) {
    const bool differs = std::ranges::any_of(
        units, [&](UnitIndex u) { return plan.answer(u, stage, y) != plan.answer(u, stage, y - 1); });
    if (differs) begins.push_back(y);
  }
  begins.push_back(years);
  return begins;
}

std::string zone_id(const PlanCity& city, const std::vector<SchoolIndex>& schools) {
  std::string id;
  for (const SchoolIndex s : schools) id += (id.empty() ? "" : "+") + city.schools[s].id;
  return id;
}

geo::MultiPolygon join_shapes(const PlanCity& city, const std::vector<UnitIndex>& units) {
  std::vector<geo::MultiPolygon> shapes;
  for (const UnitIndex u : units) {
    if (city.units[u].shape != nullptr && !city.units[u].shape->empty()) shapes.push_back(*city.units[u].shape);
  }
  return shapes.empty() ? geo::MultiPolygon{} : geo::dissolve(shapes);
}

using AnswerUnits = std::map<AnswerIndex, std::vector<UnitIndex>>;

AnswerUnits units_by_answer(const CityPlan& plan, const std::vector<UnitIndex>& units, StageIndex stage,
                            YearIndex year) {
  AnswerUnits by_answer;
  for (const UnitIndex u : units) by_answer[plan.answer(u, stage, year)].push_back(u);
  by_answer.erase(kNobody);
  return by_answer;
}

PlanZone make_zone(const CityPlan& plan, AnswerIndex answer, StageIndex stage) {
  PlanZone zone;
  zone.stage = stage;
  if (answer < kFirstSet) {
    zone.schools = {answer};
  } else {
    zone.schools = plan.set_of(answer).schools;
    zone.kind = plan.set_of(answer).kind;
    std::ranges::sort(zone.schools, {}, [&](SchoolIndex s) -> const std::string& { return plan.city().schools[s].id; });
  }
  zone.id = zone_id(plan.city(), zone.schools);
  return zone;
}

}  // namespace

std::vector<PlanZone> find_zones(const CityPlan& plan) {
  const std::vector<UnitIndex> units = units_in_force(plan.city());
  std::vector<PlanZone> zones;
  for (StageIndex k = 0; k < plan.city().stages.size(); ++k) {
    const std::vector<YearIndex> editions = find_editions(plan, units, k);
    std::map<AnswerIndex, std::size_t> before;  // the zone of the last edition, by answer
    for (std::size_t e = 0; e + 1 < editions.size(); ++e) {
      std::map<AnswerIndex, std::size_t> now;
      const std::size_t first = zones.size();
      for (auto& [answer, list] : units_by_answer(plan, units, k, editions[e])) {
        PlanZone zone = make_zone(plan, answer, k);
        zone.from = editions[e], zone.to = editions[e + 1];
        const auto same = before.find(answer);
        const bool unchanged = same != before.end() && zones[same->second].units == list;
        zone.shape = unchanged ? zones[same->second].shape : join_shapes(plan.city(), list);
        zone.units = std::move(list);
        zones.push_back(std::move(zone));
      }
      // A transition and a shared zone of the same schools have one id.
      std::sort(zones.begin() + static_cast<std::ptrdiff_t>(first), zones.end(),
                [](const PlanZone& a, const PlanZone& b) { return std::pair(a.id, a.kind) < std::pair(b.id, b.kind); });
      for (std::size_t z = first; z < zones.size(); ++z) {
        now[plan.answer(zones[z].units.front(), k, editions[e])] = z;
      }
      before = std::move(now);
    }
  }
  return zones;
}

std::string_view to_word(PlanCheckKind kind) {
  switch (kind) {
    case PlanCheckKind::unassigned:
      return "unassigned";
    case PlanCheckKind::address_without_unit:
      return "address_without_unit";
    case PlanCheckKind::not_open:
      return "not_open";
    case PlanCheckKind::cut_off:
      return "cut_off";
    case PlanCheckKind::school_without_units:
      return "school_without_units";
  }
  return "";
}

bool PlanCertificate::holds() const { return std::ranges::none_of(findings, &PlanCheck::breaks); }

namespace {

class Certifier {
 public:
  explicit Certifier(const CityPlan& plan)
      : plan_(plan), city_(plan.city()), units_(units_in_force(plan.city())), seen_(city_.units.size(), 0) {}

  PlanCertificate certify() {
    if (city_.addresses_without_unit > 0) {
      PlanCheck check;
      check.kind = PlanCheckKind::address_without_unit;
      check.to = static_cast<YearIndex>(city_.years);
      check.addresses = static_cast<int>(city_.addresses_without_unit);
      check.message = std::to_string(city_.addresses_without_unit) + " addresses are of no unit";
      result_.findings.push_back(std::move(check));
    }
    for (StageIndex k = 0; k < city_.stages.size(); ++k) {
      const std::vector<YearIndex> editions = find_editions(plan_, units_, k);
      for (std::size_t e = 0; e + 1 < editions.size(); ++e) check_edition(k, editions[e], editions[e + 1]);
      for (YearIndex y = 0; y < city_.years; ++y) count(k, y);
      check_schools(k);
    }
    std::ranges::stable_sort(result_.findings, {},
                             [](const PlanCheck& c) { return std::tuple(c.kind, c.stage, c.from); });
    return std::move(result_);
  }

 private:
  std::string when(StageIndex stage, YearIndex from, YearIndex to) const {
    std::string text(engine::to_word(city_.stages[stage]));
    text += " " + std::to_string(city_.school_year(from));
    if (to > from + 1) text += " to " + std::to_string(city_.school_year(to - 1));
    return text;
  }

  std::string list_of(const std::vector<UnitIndex>& units) const {
    constexpr std::size_t kNamed = 8;
    std::string text;
    for (std::size_t i = 0; i < std::min(kNamed, units.size()); ++i) {
      text += (text.empty() ? "" : ", ") + city_.units[units[i]].id;
    }
    if (units.size() > kNamed) text += " and " + std::to_string(units.size() - kNamed) + " more";
    return text;
  }

  void add(PlanCheck check, const std::string& words) {
    for (const UnitIndex u : check.units) check.addresses += city_.units[u].addresses;
    check.message = when(check.stage, check.from, check.to) + ": " + words;
    result_.findings.push_back(std::move(check));
  }

  void count(StageIndex stage, YearIndex year) {
    PlanCertificate::Line line{stage, year, 0, 0, static_cast<long>(city_.addresses_without_unit)};
    for (const UnitIndex u : units_) {
      const AnswerIndex a = plan_.answer(u, stage, year);
      (a == kNobody ? line.none : a < kFirstSet ? line.one_school : line.shared) += city_.units[u].addresses;
    }
    result_.lines.push_back(line);
  }

  void check_edition(StageIndex stage, YearIndex from, YearIndex to) {
    PlanCheck nobody{PlanCheckKind::unassigned, true, stage, from, to, {}, {}, 0, ""};
    for (const UnitIndex u : units_) {
      if (plan_.answer(u, stage, from) == kNobody) nobody.units.push_back(u);
    }
    if (!nobody.units.empty()) {
      const std::string words = std::to_string(nobody.units.size()) + " units nobody has: " + list_of(nobody.units);
      add(std::move(nobody), words);
    }
    for (const auto& [answer, list] : units_by_answer(plan_, units_, stage, from)) {
      const PlanZone zone = make_zone(plan_, answer, stage);
      check_open(zone, list, from, to);
      check_pieces(zone, list, from, to);
    }
  }

  void check_open(const PlanZone& zone, const std::vector<UnitIndex>& units, YearIndex from, YearIndex to) {
    for (const SchoolIndex s : zone.schools) {
      const StageOffer& offer = city_.schools[s].offers[zone.stage];
      YearIndex y = from;
      while (y < to && offer.open(y)) ++y;
      if (y == to) continue;
      YearIndex end = y;
      while (end < to && !offer.open(end)) ++end;
      add({PlanCheckKind::not_open, true, zone.stage, y, end, units, {s}, 0, ""},
          "school " + city_.schools[s].id + " takes no children and has " + std::to_string(units.size()) + " units");
    }
  }

  // Pieces of the zone over borders one can cross. Those that hold a campus are whole; if none does, the one with most
  // units is.
  void check_pieces(const PlanZone& zone, const std::vector<UnitIndex>& units, YearIndex from, YearIndex to) {
    ++stamp_;
    for (const UnitIndex u : units) seen_[u] = stamp_;
    std::vector<std::vector<UnitIndex>> pieces;
    for (const UnitIndex u : units) {
      if (seen_[u] == stamp_) pieces.push_back(take_piece(u));
    }
    if (pieces.size() < 2) return;
    std::vector<UnitIndex> homes;
    for (const SchoolIndex s : zone.schools) {
      for (const CityCampus& campus : city_.schools[s].campuses) homes.push_back(campus.unit);
    }
    const auto has_home = [&](const std::vector<UnitIndex>& piece) {
      return std::ranges::any_of(homes, [&](UnitIndex h) { return std::ranges::binary_search(piece, h); });
    };
    const bool any_home = std::ranges::any_of(pieces, has_home);
    const auto largest = std::ranges::max_element(pieces, {}, [](const auto& piece) { return piece.size(); });
    for (auto piece = pieces.begin(); piece != pieces.end(); ++piece) {
      if (any_home ? has_home(*piece) : piece == largest) continue;
      const std::string words = std::to_string(piece->size()) + " units of zone " + zone.id +
                                " are cut off from the rest: " + list_of(*piece);
      std::vector<SchoolIndex> schools = zone.schools;
      std::ranges::sort(schools);
      add({PlanCheckKind::cut_off, false, zone.stage, from, to, *piece, std::move(schools), 0, ""}, words);
    }
  }

  // Marks a piece's units as taken; ascending.
  std::vector<UnitIndex> take_piece(UnitIndex first) {
    std::vector<UnitIndex> piece{first};
    seen_[first] = 0;
    for (std::size_t i = 0; i < piece.size(); ++i) {
      for (const PlanCity::Neighbour& n : city_.neighbours(piece[i])) {
        if (seen_[n.unit] != stamp_ || !city_.borders[n.border].passable) continue;
        seen_[n.unit] = 0;
        piece.push_back(n.unit);
      }
    }
    std::ranges::sort(piece);
    return piece;
  }

  void check_schools(StageIndex stage) {
    std::vector<char> has(city_.schools.size() * city_.years, 0);
    for (const UnitIndex u : units_) {
      for (YearIndex y = 0; y < city_.years; ++y) {
        for (const SchoolIndex s : plan_.schools_of(u, stage, y)) {
          if (s != kNobody) has[s * city_.years + y] = 1;
        }
      }
    }
    for (SchoolIndex s = 0; s < city_.schools.size(); ++s) {
      const StageOffer& offer = city_.schools[s].offers[stage];
      if (city_.schools[s].ownership == "private") continue;
      for (YearIndex y = 0; y < city_.years;) {
        YearIndex end = y;
        while (end < city_.years && offer.open(end) && has[s * city_.years + end] == 0) ++end;
        if (end > y) {
          add({PlanCheckKind::school_without_units, false, stage, y, end, {}, {s}, 0, ""},
              "school " + city_.schools[s].id + " is open and has no units");
        }
        y = end + 1;
      }
    }
  }

  const CityPlan& plan_;
  const PlanCity& city_;
  std::vector<UnitIndex> units_;
  std::vector<std::uint32_t> seen_;
  std::uint32_t stamp_ = 0;
  PlanCertificate result_;
};

}  // namespace

PlanCertificate certify(const CityPlan& plan) { return Certifier(plan).certify(); }

}  // namespace catchment::engine::planning
