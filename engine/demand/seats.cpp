#include "engine/demand/seats.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>
#include <utility>

#include "engine/demand/room_shares.hpp"
#include "engine/demand/seat_rows.hpp"
#include "engine/demand/seat_tables.hpp"

namespace catchment::engine::demand {
namespace {

constexpr std::array<std::string_view, 10> kNoteWords{
    "rooms_unknown",       "rooms_short",     "no_campus",     "exception_unapproved", "exception_expired",
    "exception_oversized", "plan_over_rooms", "plan_over_cap", "reserved_over_seats",  "oversized_class"};
constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

std::string text(int number) { return std::to_string(number); }
// "1 class", "2 classes".
std::string text(int number, const char* one, const char* many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

class LedgerMaker {
 public:
  LedgerMaker(const SeatInput& input, const DemandRules& rules) : input_(input), tables_(input, rules) {}

  SeatLedger make() {
    note_exceptions();
    for (const Together& together : tables_.together()) {
      for (int year = input_.base_year; year <= input_.last_year; ++year) reckon(together, year);
    }
    std::ranges::sort(ledger_.rows, {}, [](const SeatRow& row) {
      return std::tuple<std::string_view, int, int>(row.admission_unit_id, row.school_year, row.grade);
    });
    std::ranges::sort(ledger_.uses, {}, [](const RoomUse& use) {
      return std::tuple<std::string_view, int, std::string_view, int>(use.campus_id, use.school_year,
                                                                      use.admission_unit_id, use.grade);
    });
    std::ranges::sort(ledger_.campuses, {}, [](const CampusYear& campus) {
      return std::pair<std::string_view, int>(campus.campus_id, campus.school_year);
    });
    std::ranges::sort(ledger_.notes, {}, [](const SeatNote& note) {
      return std::tuple<std::string_view, int, int, SeatNote::Kind, std::string_view>(
          note.where, note.school_year, note.grade, note.kind, note.message);
    });
    return std::move(ledger_);
  }

 private:
  void note(SeatNote::Kind kind, std::string where, int year, int grade, std::string message) {
    ledger_.notes.push_back({kind, std::move(where), year, grade, std::move(message)});
  }

  void note_exceptions() {
    for (const CapException& exception : input_.exceptions) {
      const std::string cap = "The class cap of " + text(exception.class_cap);
      const std::string& unit = exception.admission_unit_id;
      if (!approved(exception)) {
        note(SeatNote::Kind::exception_unapproved, unit, input_.base_year, exception.grade,
             cap + " has no effect: it lacks " +
                 (exception.approved_by.empty() ? "an approver."
                  : exception.reason.empty()    ? "a reason."
                                                : "an end."));
        continue;
      }
      if (exception.class_cap >= tables_.unit_of(unit).rule->oversized_from) {
        note(SeatNote::Kind::exception_oversized, unit, std::max(input_.base_year, exception.from_year),
             exception.grade,
             cap + " allows what counts as an oversized class, from " +
                 text(tables_.unit_of(unit).rule->oversized_from) + " pupils.");
      }
      for (int year = std::max(input_.base_year, exception.from_year); year <= input_.last_year; ++year) {
        if (!expired(exception, year)) continue;
        note(SeatNote::Kind::exception_expired, unit, year, exception.grade,
             cap + " approved by " + exception.approved_by + " ended on " + exception.until + ": no effect from " +
                 text(year) + " on.");
        break;
      }
    }
  }

  // Places in `together.campuses` of the campuses that teach the grade: those whose rooms are known first.
  std::vector<std::size_t> taught_at(const Together& together, const UnitState& unit, int grade) const {
    std::vector<std::size_t> places;
    for (const bool known : {true, false}) {
      for (std::size_t i = 0; i < unit.campuses.size(); ++i) {
        if (tables_.campuses[unit.campuses[i]].known() != known) continue;
        const bool teaches = unit.unit->campuses.empty() || (unit.unit->campuses[i].first_grade <= grade &&
                                                             unit.unit->campuses[i].last_grade >= grade);
        if (!teaches) continue;
        const auto at = std::ranges::find(together.campuses, unit.campuses[i]);
        places.push_back(static_cast<std::size_t>(at - together.campuses.begin()));
      }
    }
    return places;
  }

  // A line to be filled: its unit, and its claim to rooms.
  struct Line {
    SeatRow row;
    const UnitState* unit = nullptr;
    const GradePupils* pupils = nullptr;
    RoomClaim claim;
    std::size_t held = kNone;  // the claim's place in the shares
  };

  // `forms`: entry classes where no plan tells them.
  Line begin_line(const Together& together, const UnitState& unit, int year, int grade, int forms) const {
    Line line;
    line.unit = &unit;
    SeatRow& row = line.row;
    row.entry = grade == unit.rule->first_grade && year > input_.base_year;
    if (const auto aside = unit.set_aside.find(year); row.entry && aside != unit.set_aside.end()) {
      row.reserved = aside->second.reserved;
      row.reserved_in_demand = aside->second.reserved_in_demand;
      row.sold = aside->second.sold;
      row.purchased = aside->second.purchased;
    }
    row.admission_unit_id = unit.unit->id;
    row.school_id = unit.unit->school_id;
    row.stage = unit.unit->stage;
    row.school_year = year;
    row.grade = grade;
    std::tie(row.class_cap, row.cap_excepted) = unit.cap_of(year, grade);
    if (const auto at = unit.pupils.find({year, grade}); at != unit.pupils.end()) line.pupils = at->second;
    const int pupils = line.pupils == nullptr ? 0 : whole_pupils(line.pupils->pupils);
    (row.entry ? row.expected : row.sitting) = pupils;
    row.classes_wanted = classes_needed(pupils, row.class_cap);
    line.claim = {taught_at(together, unit, grade), classes_claimed(line, year, forms), static_cast<double>(pupils)};
    return line;
  }

  static int classes_claimed(const Line& line, int year, int forms) {
    if (!line.row.entry) return decided_classes(line).value_or(line.row.classes_wanted);
    const auto at = line.unit->plans.find(year);
    if (at == line.unit->plans.end()) return forms;
    if (at->second->classes) return *at->second->classes;
    return at->second->seats ? classes_needed(*at->second->seats, line.row.class_cap) : forms;
  }

  // By place in together.units, the entry classes of a year without a plan: as many as every grade could have at once,
  // so that the rooms carry them year after year; no fewer than the base year's, which may find rooms beside smaller
  // grades; at least one.
  std::vector<int> form_counts(const Together& together, int year) const {
    std::vector<int> rooms;
    for (const std::size_t campus : together.campuses) rooms.push_back(tables_.campuses[campus].rooms_in(year));
    std::vector<RoomClaim> claims;
    std::vector<std::size_t> unit_of_claim;
    for (std::size_t i = 0; i < together.units.size(); ++i) {
      const UnitState& unit = tables_.units[together.units[i]];
      for (int grade = unit.rule->first_grade; grade <= unit.rule->last_grade; ++grade) {
        std::vector<std::size_t> campuses = taught_at(together, unit, grade);
        if (campuses.empty()) continue;
        claims.push_back({std::move(campuses), std::numeric_limits<int>::max(), 1});
        unit_of_claim.push_back(i);
      }
    }
    RoomShares shares(std::move(rooms));
    shares.serve(claims);
    std::vector<int> forms(together.units.size(), std::numeric_limits<int>::max());
    for (std::size_t claim = 0; claim < claims.size(); ++claim) {
      forms[unit_of_claim[claim]] = std::min(forms[unit_of_claim[claim]], shares.got(claim));
    }
    for (std::size_t i = 0; i < forms.size(); ++i) {
      if (forms[i] == std::numeric_limits<int>::max()) forms[i] = 0;  // no campus teaches any grade of the unit
      forms[i] = std::max({1, base_classes(tables_.units[together.units[i]]), forms[i]});
    }
    return forms;
  }

  // Entry classes of the base year.
  int base_classes(const UnitState& unit) const {
    const auto at = unit.pupils.find({input_.base_year, unit.rule->first_grade});
    if (at == unit.pupils.end()) return 0;
    const int cap = unit.cap_of(input_.base_year, unit.rule->first_grade).first;
    return at->second->classes.value_or(classes_needed(whole_pupils(at->second->pupils), cap));
  }

  static std::optional<int> decided_classes(const Line& line) {
    return line.pupils == nullptr ? std::nullopt : line.pupils->classes;
  }

  void reckon(const Together& together, int year) {
    std::vector<Line> lines;
    const std::vector<int> forms = form_counts(together, year);
    for (std::size_t i = 0; i < together.units.size(); ++i) {
      const UnitState& unit = tables_.units[together.units[i]];
      for (int grade = unit.rule->first_grade; grade <= unit.rule->last_grade; ++grade) {
        lines.push_back(begin_line(together, unit, year, grade, forms[i]));
      }
    }
    RoomShares shares(rooms_of(together, lines, year));
    for (const bool entry : {false, true}) {
      std::vector<RoomClaim> claims;
      for (const Line& line : lines) {
        if (line.row.entry == entry) claims.push_back(line.claim);
      }
      std::size_t held = shares.serve(claims);
      for (Line& line : lines) {
        if (line.row.entry == entry) line.held = held++;
      }
    }
    for (Line& line : lines) end_line(line, shares);
    record_rooms(together, lines, shares, year);
  }

  std::vector<int> rooms_of(const Together& together, const std::vector<Line>& lines, int year) const {
    int sitting = 0;
    for (const Line& line : lines) sitting += line.row.entry ? 0 : line.claim.wanted;
    std::vector<int> rooms;
    for (const std::size_t campus : together.campuses) {
      const bool infer = year == input_.base_year && !tables_.campuses[campus].known();
      rooms.push_back(infer ? sitting : tables_.campuses[campus].rooms_in(year));
    }
    return rooms;
  }

  void end_line(Line& line, const RoomShares& shares) {
    SeatRow& row = line.row;
    row.rooms = shares.got(line.held);
    row.classes = row.rooms;
    if (!row.entry) row.classes = decided_classes(line).value_or(std::max(row.rooms, row.sitting > 0 ? 1 : 0));
    row.seats = row.classes * row.class_cap;
    if (row.entry) row.spare_rooms = shares.spare(line.held);
    const EntryPlan* plan = nullptr;
    if (const auto at = line.unit->plans.find(row.school_year); row.entry && at != line.unit->plans.end()) {
      plan = at->second;
      row.planned = plan->classes || plan->seats;
      if (plan->seats) row.seats = std::min(row.seats, *plan->seats);
    }
    settle(row, *line.unit->rule);
    note_line(line, plan);
    ledger_.rows.push_back(row);
  }

  void note_line(const Line& line, const EntryPlan* plan) {
    const SeatRow& row = line.row;
    const auto say = [&](SeatNote::Kind kind, std::string message) {
      note(kind, row.admission_unit_id, row.school_year, row.grade, std::move(message));
    };
    const int pupils = row.entry ? row.expected : row.sitting;
    if (line.claim.campuses.empty() && pupils > 0) {
      say(SeatNote::Kind::no_campus, "No campus teaches this grade of " + text(pupils, "pupil.", "pupils."));
    } else if (!row.entry && row.rooms < line.claim.wanted) {
      say(SeatNote::Kind::rooms_short, text(row.sitting, "pupil", "pupils") + " want " +
                                           text(line.claim.wanted, "class", "classes") + "; there are rooms for " +
                                           text(row.rooms) + ".");
    }
    if (plan != nullptr && plan->classes && *plan->classes > row.rooms) {
      say(SeatNote::Kind::plan_over_rooms, "The plan has " + text(*plan->classes, "class", "classes") +
                                               "; the pupils who sit leave rooms for " + text(row.rooms) + ".");
    }
    if (plan != nullptr && plan->seats && *plan->seats > row.classes * row.class_cap) {
      say(SeatNote::Kind::plan_over_cap, "The plan has " + text(*plan->seats, "seat", "seats") + "; " +
                                             text(row.classes, "class", "classes") + " of " + text(row.class_cap) +
                                             " are " + text(row.classes * row.class_cap) + ".");
    }
    if (row.entry && row.over > 0) {
      say(SeatNote::Kind::reserved_over_seats,
          text(row.reserved.total() + row.sold) + " seats are set aside of " + text(row.seats + row.purchased) + ".");
    }
    if (row.oversized + row.severe > 0) {
      say(SeatNote::Kind::oversized_class, text(row.oversized, "class is", "classes are") + " oversized, " +
                                               text(row.severe) + " severely, with " + text(pupils) + " pupils in " +
                                               text(row.classes, "class", "classes") +
                                               (row.entry ? " if all expected were admitted." : "."));
    }
  }

  void record_rooms(const Together& together, const std::vector<Line>& lines, const RoomShares& shares, int year) {
    for (std::size_t i = 0; i < together.campuses.size(); ++i) {
      CampusState& campus = tables_.campuses[together.campuses[i]];
      const std::string id = campus.campus == nullptr ? "" : campus.campus->id;
      if (year == input_.base_year && !campus.known() && !campus.units.empty()) {
        campus.inferred = shares.used(i);
        note(SeatNote::Kind::rooms_unknown, id.empty() ? tables_.units[campus.units.front()].unit->id : id, year, 0,
             "Rooms are not known; taken to be " + text(campus.inferred) +
                 ", as many as the classes that sat there in " + text(year) + ".");
      }
      for (const Line& line : lines) {
        const int classes = shares.got(line.held, i);
        if (classes == 0) continue;
        ledger_.uses.push_back({id, year, line.row.admission_unit_id, line.row.grade, classes});
      }
      if (campus.campus == nullptr) continue;
      ledger_.campuses.push_back(
          {id, campus.campus->school_id, year, campus.rooms_in(year), campus.known(), shares.used(i)});
    }
  }

  const SeatInput& input_;
  SeatTables tables_;
  SeatLedger ledger_;
};

}  // namespace

std::string_view to_word(SeatNote::Kind kind) { return kNoteWords.at(static_cast<std::size_t>(kind)); }

const SeatRow* SeatLedger::find(std::string_view admission_unit_id, int school_year, int grade) const {
  using Key = std::tuple<std::string_view, int, int>;
  const auto key = [](const SeatRow& row) { return Key(row.admission_unit_id, row.school_year, row.grade); };
  const Key wanted(admission_unit_id, school_year, grade);
  const auto at = std::ranges::lower_bound(rows, wanted, {}, key);
  return at == rows.end() || key(*at) != wanted ? nullptr : &*at;
}

const SeatRow* SeatLedger::find_entry(std::string_view admission_unit_id, int school_year) const {
  const auto key = [](const SeatRow& row) {
    return std::pair<std::string_view, int>(row.admission_unit_id, row.school_year);
  };
  const auto at = std::ranges::lower_bound(rows, std::pair(admission_unit_id, school_year), {}, key);
  // The entry grade is the first of its stage.
  return at == rows.end() || key(*at) != std::pair(admission_unit_id, school_year) || !at->entry ? nullptr : &*at;
}

SeatLedger make_seat_ledger(const SeatInput& input, const DemandRules& rules) {
  check_seat_input(input, rules);
  return LedgerMaker(input, rules).make();
}

}  // namespace catchment::engine::demand
