// What the sections of a statement share. Internal to make_statement().
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/planning/comparison/statement.hpp"

namespace catchment::engine::planning {

// Chinese and English of one thing.
struct Words {
  std::string zh, en;
};

// Moves that are one sentence: the same answers in the same years.
struct MoveGroup {
  StageIndex stage = 0;
  YearIndex from = 0, to = 0;
  ComparedAnswer before, after;
  std::vector<const UnitMove*> moves;  // most children first
  int addresses = 0;
  std::int64_t first_year = 0;  // parts, who enter in `from`
};

struct StatementFacts {
  explicit StatementFacts(const StatementInput& input);

  const StatementInput& in;
  const PlanCity& city;           // of the plan after
  std::vector<MoveGroup> groups;  // by stage, year; the most children first
  bool counted = false;           // whether anybody expects children

  int year(YearIndex y) const { return city.school_year(y); }
  Words stage(StageIndex k) const;
  Words grade(int grade) const;
  // "甲小学", "甲小学、乙小学（共同学区）"; nobody has it: so it is said.
  Words answer(const ComparedAnswer& schools, bool transition = false) const;
  bool is_transition(const UnitMove& move) const;                // what the plan after says
  Words units(const std::vector<const UnitMove*>& moves) const;  // the first by name, and how many there are
  Words children(std::int64_t parts) const;                      // "约23名", "about 23 children"
};

// Lines of a section, its numbered heading before the first of them: none where there is nothing to say.
class SectionLines {
 public:
  SectionLines(std::vector<StatementLine>& lines, int& count) : lines_(lines), count_(count) {}
  void begin(std::string zh, std::string en);  // the section its lines are of from now on
  void paragraph(std::string zh, std::string en) { add(StatementLine::Kind::paragraph, std::move(zh), std::move(en)); }
  void item(std::string zh, std::string en) { add(StatementLine::Kind::item, std::move(zh), std::move(en)); }

 private:
  void add(StatementLine::Kind kind, std::string zh, std::string en);

  std::vector<StatementLine>& lines_;
  int& count_;
  Words heading_;  // empty once it was said
};

// In the order of the statement.
void say_changes(const StatementFacts& facts, SectionLines& lines);
void say_extent(const StatementFacts& facts, SectionLines& lines);
void say_who_stays(const StatementFacts& facts, SectionLines& lines);
void say_walks(const StatementFacts& facts, SectionLines& lines);
void say_farther(const StatementFacts& facts, SectionLines& lines);
void say_seats(const StatementFacts& facts, SectionLines& lines);
void say_unknown(const StatementFacts& facts, SectionLines& lines);
void say_how_to_object(SectionLines& lines);

}  // namespace catchment::engine::planning
