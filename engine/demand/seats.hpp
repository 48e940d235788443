// Rooms to classes to seats: the seat ledger.
//
// Pupils who sit come first. Each of their grades gets the classes it has or, if that is not said, those that the class
// cap asks for; where rooms lack, the fullest classes are split first and the rest stay larger. The rooms that remain
// may hold classes of the entry grade: those of the admission plan; without one as many as all grades taught there
// could have at once, so that the rooms carry them year after year, and no fewer than the base year had. Entry grades
// that share rooms (a nine-year school) take turns, the one with most expected children a class first. What is left is
// spare.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/demand/seat_input.hpp"

namespace catchment::engine::demand {

// Forecasts become whole pupils here and nowhere else.
int whole_pupils(double pupils);
// Classes of at most `cap` for so many pupils, and the seats of those classes. cap > 0.
int classes_needed(double pupils, int cap);
int seats_needed(double pupils, int cap);

struct Reserved {
  int direct_promotion = 0;
  int attached_estate = 0;
  int policy_group = 0;

  int total() const { return direct_promotion + attached_estate + policy_group; }
  friend bool operator==(const Reserved&, const Reserved&) = default;
};

// One line of the ledger. Of seats and pupils:
//   seats + purchased + over = sitting + reserved + sold + buffer + free
struct SeatRow {
  std::string admission_unit_id;  // empty in a line of a whole school
  std::string school_id;
  Stage stage = Stage::primary;
  int school_year = 0;
  int grade = 1;
  bool entry = false;      // the entry grade of a year to come: its seats await children, nobody sits
  int rooms = 0;           // that its classes have; fewer than classes: some have none
  int spare_rooms = 0;     // entry: left over; rooms shared with another unit stand in both lines
  int classes = 0;         //
  int classes_wanted = 0;  // by the cap, for those who sit or are expected
  bool planned = false;    // classes or seats are those of an admission plan
  int class_cap = 0;
  bool cap_excepted = false;  // the cap is an approved exception
  int seats = 0;              // classes x cap, or what the plan says if that is less
  int sitting = 0;
  Reserved reserved;
  int reserved_in_demand = 0;  // of the reserved: children the entry demand counts too
  int sold = 0;                // purchased for other units' children
  int buffer = 0;              // kept free for children who move in during the year
  int purchased = 0;           // in private schools, for this unit's children
  int free = 0;
  int over = 0;           // pupils and reservations beyond the seats
  int expected = 0;       // entry: children expected
  double class_size = 0;  // of those who sit; entry: if all expected were admitted
  int oversized = 0;      // classes of that many pupils, spread evenly: from oversized_from, below severe_from
  int severe = 0;         // from severe_from
  int over_cap = 0;       // of sitting (entry: of expected), beyond classes x cap

  friend bool operator==(const SeatRow&, const SeatRow&) = default;
};

// Which campus a unit's classes of a grade are on.
struct RoomUse {
  std::string campus_id;
  int school_year = 0;
  std::string admission_unit_id;
  int grade = 1;
  int classes = 0;
};

struct CampusYear {
  std::string campus_id;
  std::string school_id;
  int school_year = 0;
  int rooms = 0;
  bool known = true;  // false: inferred from the classes of the base year
  int used = 0;
};

// What the reader of a ledger must know.
struct SeatNote {
  enum class Kind {
    rooms_unknown,
    rooms_short,           // classes are larger than the cap allows, or have no room
    no_campus,             // pupils of a grade that no campus of the unit teaches
    exception_unapproved,  // lacks approver, reason or end: no effect
    exception_expired,     // no effect from a year on
    exception_oversized,   // allows what counts as an oversized class
    plan_over_rooms,       // the plan has classes no room remains for
    plan_over_cap,         // the plan has more seats than its classes at the cap
    reserved_over_seats,
    oversized_class,
  };
  Kind kind = Kind::rooms_unknown;
  std::string where;  // campus or admission unit
  int school_year = 0;
  int grade = 0;        // 0: not of one grade
  std::string message;  // one English sentence with the figures
};
std::string_view to_word(SeatNote::Kind kind);

struct SeatLedger {
  std::vector<SeatRow> rows;         // by admission unit, year, grade; every grade of the stage has a line
  std::vector<RoomUse> uses;         // by campus, year, unit, grade; none of 0 classes
  std::vector<CampusYear> campuses;  // by campus, year
  std::vector<SeatNote> notes;       // by place, year, grade, kind

  const SeatRow* find(std::string_view admission_unit_id, int school_year, int grade) const;
  // The entry line of a year to come; nullptr if there is none.
  const SeatRow* find_entry(std::string_view admission_unit_id, int school_year) const;
};

// Throws what check_seat_input throws. Linear in rows; campuses that share units are reckoned together.
SeatLedger make_seat_ledger(const SeatInput& input, const DemandRules& rules);

// Lines of whole schools, by school, year, grade: sums of their units' lines. The cap is the largest, the class size
// that of all.
std::vector<SeatRow> school_rows(std::span<const SeatRow> rows);

// Entry seats that the demand meets: those free and those reserved for children whom the demand counts.
int seats_for_demand(const SeatRow& row);

// The line if its grade had `more` classes (fewer: negative, not below 0) and the seats of them.
SeatRow with_more_classes(const SeatRow& row, int more, const StageRule& rule);

}  // namespace catchment::engine::demand
