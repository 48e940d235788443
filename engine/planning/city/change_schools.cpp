// Changes of schools: opened, closed, merged, moved; their rooms, class caps and grades.
#include <algorithm>

#include "engine/demand/seats.hpp"
#include "engine/planning/city/change_parts.hpp"
#include "engine/planning/city/city_tables.hpp"

namespace catchment::engine::planning {
namespace {

using demand::SeatInput;

// Seats of a school from a year on, as the city's input of the ledger has them after `edit`.
template <class Edit>
void renew_seats(PlanCity& city, SchoolIndex school, YearIndex from, Edit&& edit) {
  auto sources = std::make_shared<CitySources>(*city.sources);
  auto input = std::make_shared<SeatInput>(*sources->seats);
  edit(*input);
  const SeatInput part = input_of_school(*input, city.schools[school].id);
  fill_seats(city, demand::make_seat_ledger(part, city.rules), std::span(&school, 1), from);
  sources->seats = std::move(input);
  city.sources = std::move(sources);
}

bool has_seats(const PlanCity& city) { return city.sources != nullptr && city.sources->seats != nullptr; }

void require_seats(const PlanCity& city, const char* member) {
  if (!has_seats(city)) PlanDraft::fail("plan_sources", member, "the city's rooms and seats are not known");
}

void no_seats_from(PlanCity& city, SchoolIndex school, StageIndex stage, YearIndex from) {
  for (YearIndex y = from; y < city.years; ++y) {
    city.seats[(school * city.stages.size() + stage) * city.years + y] = {};
  }
}

const demand::StageRule& rule_of(const PlanDraft& draft, StageIndex stage) {
  return *draft.city().rules.find(draft.city().stages[stage]);
}

// Who takes over what a school had.
struct Heir {
  SchoolIndex school = kNoSchool;  // none: the school must not have had any unit of its own
  bool joins_sets = false;         // it is the other's successor in shared zones too
  std::string member;
};

// No unit is the school's in a stage from the year on.
void hand_units_on(PlanDraft& draft, SchoolIndex school, StageIndex stage, YearIndex from, const Heir& heir) {
  const auto years = static_cast<YearIndex>(draft.city().years);
  for (UnitIndex u = 0; u < draft.city().units.size(); ++u) {
    if (!draft.city().units[u].in_force) continue;
    for (YearIndex y = from; y < years; ++y) {
      const AnswerIndex a = draft.plan().answer(u, stage, y);
      AnswerIndex next = a;
      if (a == school) {
        if (heir.school == kNoSchool) {
          PlanDraft::fail("plan_school", heir.member,
                          "school " + draft.city().schools[school].id + " still has unit " + draft.city().units[u].id +
                              " in " + std::to_string(draft.city().school_year(y)) + ": say whose its units are then");
        }
        next = heir.school;
      } else if (a >= kFirstSet && a != kNobody) {
        SchoolSet set = draft.plan().set_of(a);
        if (std::erase(set.schools, school) == 0) continue;
        if (heir.joins_sets) set.schools.push_back(heir.school);
        next = draft.answer_of(std::move(set));
      }
      if (next == a) continue;
      if (next < kFirstSet) draft.require_open(next, stage, y, y + 1, heir.member);
      draft.put(u, stage, y, y + 1, next, heir.member);
    }
  }
}

// Ends a school in all its stages. Its successor must not be closed first.
void end_school(PlanDraft& draft, SchoolIndex school, YearIndex from, const Heir& heir) {
  for (StageIndex k = 0; k < draft.city().stages.size(); ++k) hand_units_on(draft, school, k, from, heir);
  PlanCity next = draft.city();
  for (StageIndex k = 0; k < next.stages.size(); ++k) {
    StageOffer& offer = next.schools[school].offers[k];
    offer.to = std::clamp(offer.to, offer.from, std::max(offer.from, from));
    no_seats_from(next, school, k, from);
  }
  draft.take_city(std::move(next));
}

void require_open_at_all(const PlanDraft& draft, SchoolIndex school, YearIndex year, const char* member) {
  const CitySchool& s = draft.city().schools[school];
  const bool open = std::ranges::any_of(s.offers, [&](const StageOffer& o) { return o.from < o.to && year < o.to; });
  if (!open) {
    PlanDraft::fail("plan_school", member,
                    "school " + s.id + " is not open in " + std::to_string(draft.city().school_year(year)));
  }
}

// Rooms, classes and pupils of one school become another's.
void merge_seat_input(const std::string& from, const std::string& into, SeatInput& input) {
  std::vector<demand::AdmissionUnit> ended;
  std::erase_if(input.units, [&](const demand::AdmissionUnit& u) {
    if (u.school_id == from) ended.push_back(u);
    return u.school_id == from;
  });
  for (demand::SeatCampus& campus : input.campuses) {
    if (campus.school_id == from) campus.school_id = into;
  }
  const auto drop = [](auto& rows, const std::string& unit) {
    std::erase_if(rows, [&](const auto& row) { return row.admission_unit_id == unit; });
  };
  for (const demand::AdmissionUnit& unit : ended) {
    const auto heir = std::ranges::find_if(
        input.units, [&](const demand::AdmissionUnit& u) { return u.school_id == into && u.stage == unit.stage; });
    drop(input.plans, unit.id), drop(input.exceptions, unit.id);
    drop(input.reserved, unit.id), drop(input.purchased, unit.id);
    for (demand::PurchasedSeats& row : input.purchased) {
      if (row.seller_unit_id == unit.id) row.seller_unit_id.clear();
    }
    if (heir == input.units.end()) {
      drop(input.pupils, unit.id);
      continue;
    }
    heir->campuses.insert(heir->campuses.end(), unit.campuses.begin(), unit.campuses.end());
    for (demand::GradePupils& row : input.pupils) {
      if (row.admission_unit_id != unit.id) continue;
      const auto sits = std::ranges::find_if(input.pupils, [&](const demand::GradePupils& other) {
        return other.admission_unit_id == heir->id && other.school_year == row.school_year && other.grade == row.grade;
      });
      if (sits == input.pupils.end()) {
        row.admission_unit_id = heir->id;
        continue;
      }
      sits->pupils += row.pupils;
      if (sits->classes && row.classes) *sits->classes += *row.classes;
    }
    drop(input.pupils, unit.id);
  }
}

struct CampusPlace {
  SchoolIndex school = 0;
  std::size_t campus = 0;
};

CampusPlace find_campus(const PlanDraft& draft, const std::string& id, const char* member) {
  for (SchoolIndex s = 0; s < draft.city().schools.size(); ++s) {
    const auto& campuses = draft.city().schools[s].campuses;
    const auto at = std::ranges::find(campuses, id, &CityCampus::id);
    if (at != campuses.end()) return {s, static_cast<std::size_t>(at - campuses.begin())};
  }
  PlanDraft::fail("plan_unknown", member, "no campus has the id " + id);
}

// A stage's first admission unit of the school; one on all its campuses if it has none.
demand::AdmissionUnit& unit_of_stage(SeatInput& input, const CitySchool& school, Stage stage,
                                     const demand::StageRule& rule) {
  const auto at = std::ranges::find_if(
      input.units, [&](const demand::AdmissionUnit& u) { return u.school_id == school.id && u.stage == stage; });
  if (at != input.units.end()) return *at;
  const bool taken = std::ranges::any_of(input.units, [&](const auto& u) { return u.id == school.id; });
  demand::AdmissionUnit unit;
  unit.id = taken ? school.id + "/" + std::string(engine::to_word(stage)) : school.id;
  unit.school_id = school.id, unit.name = school.name, unit.stage = stage;
  for (const CityCampus& campus : school.campuses) {
    unit.campuses.push_back({campus.id, rule.first_grade, rule.last_grade});
  }
  return input.units.emplace_back(std::move(unit));
}

}  // namespace

void carry_out(PlanDraft& draft, const OpenSchool& change) {
  const YearIndex from = draft.year(change.from_year, "/from_year");
  if (draft.city().find_school(change.school)) {
    PlanDraft::fail("plan_exists", "/school", "there is a school " + change.school + " already");
  }
  PlanCity next = draft.city();
  const auto number = static_cast<SchoolIndex>(next.schools.size());
  CitySchool school;
  school.id = change.school, school.name = change.name.empty() ? change.school : change.name;
  school.campuses.push_back({change.school, change.gates, kNoUnit});
  school.offers.resize(next.stages.size());
  for (std::size_t i = 0; i < change.stages.size(); ++i) {
    const auto k = next.find_stage(change.stages[i]);
    if (!k) {
      PlanDraft::fail("plan_unknown", "/stages/" + std::to_string(i),
                      "the rules have no stage " + std::string(engine::to_word(change.stages[i])));
    }
    const demand::StageRule& rule = rule_of(draft, *k);
    school.offers[*k] = {from, static_cast<YearIndex>(next.years), rule.first_grade, rule.last_grade, true};
  }
  next.schools.push_back(school);
  next.seats.resize(next.schools.size() * next.stages.size() * next.years);
  if (has_seats(next)) {
    renew_seats(next, number, from, [&](SeatInput& input) {
      input.campuses.push_back({school.id, school.id});
      input.rooms.push_back({school.id, change.from_year, change.rooms});
      for (const Stage stage : change.stages) unit_of_stage(input, school, stage, *next.rules.find(stage));
    });
  }
  place_campuses(next);
  walk_to_school(next, number);
  draft.take_city(std::move(next));
}

void carry_out(PlanDraft& draft, const CloseSchool& change) {
  const YearIndex from = draft.year(change.from_year, "/from_year");
  const SchoolIndex school = draft.school(change.school, "/school");
  require_open_at_all(draft, school, from, "/school");
  Heir heir{kNoSchool, false, "/school"};
  if (!change.units_to.empty()) heir = {draft.school(change.units_to, "/units_to"), false, "/units_to"};
  if (heir.school == school) PlanDraft::fail("plan_school", "/units_to", "the school that closes");
  end_school(draft, school, from, heir);
}

void carry_out(PlanDraft& draft, const MergeSchool& change) {
  const YearIndex from = draft.year(change.from_year, "/from_year");
  const SchoolIndex school = draft.school(change.school, "/school");
  const SchoolIndex into = draft.school(change.into, "/into");
  if (school == into) PlanDraft::fail("plan_school", "/into", "the school that ends");
  require_open_at_all(draft, school, from, "/school");
  end_school(draft, school, from, {into, true, "/into"});
  PlanCity next = draft.city();
  std::vector<CityCampus>& campuses = next.schools[into].campuses;
  campuses.insert(campuses.end(), next.schools[school].campuses.begin(), next.schools[school].campuses.end());
  std::ranges::sort(campuses, {}, &CityCampus::id);
  if (has_seats(next)) {
    renew_seats(next, into, from, [&](SeatInput& input) { merge_seat_input(change.school, change.into, input); });
  }
  walk_to_school(next, into);
  draft.take_city(std::move(next));
}

void carry_out(PlanDraft& draft, const MoveSchool& change) {
  const SchoolIndex school = draft.school(change.school, "/school");
  PlanCity next = draft.city();
  std::vector<CityCampus>& campuses = next.schools[school].campuses;
  auto campus = campuses.begin();
  if (!change.campus.empty()) {
    campus = std::ranges::find(campuses, change.campus, &CityCampus::id);
    if (campus == campuses.end()) {
      PlanDraft::fail("plan_unknown", "/campus", "school " + change.school + " has no campus " + change.campus);
    }
  } else if (campuses.size() != 1) {
    PlanDraft::fail("plan_unknown", "/school",
                    "school " + change.school + " has " + std::to_string(campuses.size()) + " campuses: name one");
  }
  if (campus->gates == change.gates) PlanDraft::fail("plan_nothing", "/gates", "the gates are there already");
  campus->gates = change.gates;
  place_campuses(next);
  walk_to_school(next, school);
  draft.take_city(std::move(next));
}

void carry_out(PlanDraft& draft, const ChangeRooms& change) {
  const YearIndex from = draft.year(change.from_year, "/from_year");
  const CampusPlace place = find_campus(draft, change.campus, "/campus");
  require_seats(draft.city(), "/campus");
  PlanCity next = draft.city();
  renew_seats(next, place.school, from, [&](SeatInput& input) {
    std::erase_if(input.rooms, [&](const demand::CampusRooms& r) {
      return r.campus_id == change.campus && r.school_year >= change.from_year;
    });
    input.rooms.push_back({change.campus, change.from_year, change.rooms});
  });
  draft.take_city(std::move(next));
}

void carry_out(PlanDraft& draft, const ChangeClassCap& change) {
  draft.stage(change.stage);
  const YearIndex from = draft.year(change.from_year, "/from_year");
  const SchoolIndex school = draft.school(change.school, "/school");
  if (change.until < std::to_string(change.from_year) + "-09-01") {
    PlanDraft::fail("plan_year", "/until", "the exception ends before its first school year begins");
  }
  require_seats(draft.city(), "/school");
  PlanCity next = draft.city();
  bool found = false;
  renew_seats(next, school, from, [&](SeatInput& input) {
    for (const demand::AdmissionUnit& unit : input.units) {
      if (unit.school_id != change.school || unit.stage != change.stage) continue;
      found = true;
      std::erase_if(input.exceptions, [&](const demand::CapException& e) {
        return e.admission_unit_id == unit.id && e.from_year == change.from_year;
      });
      input.exceptions.push_back(
          {unit.id, 0, change.class_cap, change.approved_by, change.reason, change.from_year, change.until});
    }
  });
  if (!found) {
    PlanDraft::fail("plan_school", "/school",
                    "school " + change.school + " has no seats in " + std::string(engine::to_word(change.stage)));
  }
  draft.take_city(std::move(next));
}

void carry_out(PlanDraft& draft, const ChangeGrades& change) {
  const StageIndex stage = draft.stage(change.stage);
  const YearIndex from = draft.year(change.from_year, "/from_year");
  const SchoolIndex school = draft.school(change.school, "/school");
  const demand::StageRule& rule = rule_of(draft, stage);
  if (change.first_grade < rule.first_grade || change.first_grade > rule.last_grade) {
    PlanDraft::fail("plan_school", "/first_grade", "not a grade of the stage");
  }
  if (change.last_grade < change.first_grade || change.last_grade > rule.last_grade) {
    PlanDraft::fail("plan_school", "/last_grade", "not a grade of the stage, or before the first");
  }
  const auto years = static_cast<YearIndex>(draft.city().years);
  const bool entry = change.first_grade == rule.first_grade;
  if (!entry) hand_units_on(draft, school, stage, from, {kNoSchool, false, "/first_grade"});
  PlanCity next = draft.city();
  StageOffer& offer = next.schools[school].offers[stage];
  const bool has_entry = offer.entry && offer.from < offer.to;
  if (!entry) {
    offer.to = has_entry ? std::clamp(offer.to, offer.from, std::max(offer.from, from)) : offer.to;
  } else if (!has_entry) {
    offer.from = from, offer.to = years, offer.entry = true;
  } else if (offer.to < from) {
    PlanDraft::fail("plan_school", "/from_year", "the school ends before: it cannot begin anew");
  } else {
    offer.from = std::min(offer.from, from), offer.to = years;
  }
  offer.first_grade = change.first_grade, offer.last_grade = change.last_grade;
  if (has_seats(next)) {
    renew_seats(next, school, from, [&](SeatInput& input) {
      demand::AdmissionUnit& unit = unit_of_stage(input, next.schools[school], change.stage, rule);
      for (demand::UnitCampus& campus : unit.campuses) {
        campus.first_grade = change.first_grade, campus.last_grade = change.last_grade;
      }
    });
  }
  if (!entry) no_seats_from(next, school, stage, from);
  draft.take_city(std::move(next));
}

}  // namespace catchment::engine::planning
