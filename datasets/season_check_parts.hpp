// What the parts of the checker share: the tables of a run, by child and school.
#pragma once

#include <optional>

#include "datasets/season_check.hpp"
#include "datasets/season_check_files.hpp"

namespace catchment::datasets::season_check {

inline constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);

struct CheckChild {
  std::string_view code, level, stage, school, way, clause, reason, entered_by, zone_school, ticket, margin_by;
  std::int64_t tier = 0, x = 0, y = 0, school_class = 0;
  std::array<std::int64_t, 6> keys{};
  bool girl = false;
  std::string_view bundle;
  bool bundled = false;  // some other child names it, or it another
};

struct CheckSchool {
  std::string_view id, level;
  bool is_private = false;
  std::int64_t plan = 0, extra = 0, taken = 0;
  std::int64_t x = 0, y = 0;
};

struct DrawnLine {
  std::vector<std::vector<std::size_t>> units;  // children of each, in order
  std::unordered_map<std::size_t, std::size_t> unit_of;
  std::vector<char> admitted;  // by unit
};

using OverflowLine = std::array<std::int64_t, 3>;  // child, tier, place

struct LevelRules {
  bool no_leapfrog = false;
  std::vector<std::pair<std::size_t, bool>> order, points_order;  // key, higher first
  std::int64_t class_cap = 0;
};

struct LedClass {
  std::string class_id, head, pupil_draw;
};

class Checker {
 public:
  explicit Checker(const std::filesystem::path& folder);
  SeasonCheck run();

 private:
  void report(const char* rule, std::string file, std::string_view row, std::string message);
  std::size_t child_at(std::string_view code) const;
  std::size_t school_at(std::string_view id) const;
  void read_run_text();
  void read_children();
  void read_schools();

  void check_answers();
  void check_draws();  // season_check_draws.cpp
  void check_draw_folder(const std::filesystem::path& at, const std::string& id);
  void check_seat_draw(const std::string& id, const std::map<std::string, std::string>& manifest,
                       const std::string& roll, const std::string& result, const Bytes32& seed);
  void check_class_draw(const std::string& id, const std::map<std::string, std::string>& manifest,
                        const std::string& list, const std::string& result, const Bytes32& seed);
  void check_head_draw(const std::string& id, const std::map<std::string, std::string>& manifest,
                       const std::string& list, const std::string& result, const Bytes32& seed);
  void check_events();  // season_check_events.cpp
  void check_event(const CheckTable& events, std::size_t row);
  void check_draw_event(std::size_t school);
  void take_seat(std::size_t child, std::size_t school);
  void free_seat(std::size_t child, std::string_view why);
  void check_promotion(std::size_t child);
  void check_line_end(std::size_t child);
  void check_tables_of_seats();
  void check_order();  // season_check_order.cpp
  void check_zone(std::size_t school, const std::vector<std::size_t>& seated, const std::vector<std::size_t>& refused);
  void check_overflow();
  void check_overflow_round(const std::vector<OverflowLine>& rows);
  void check_least_walk_round(const std::vector<OverflowLine>& rows);
  void check_seats_by_order(const std::vector<OverflowLine>& rows);
  std::int64_t metres(std::size_t child, std::size_t school) const;
  bool is_near(std::size_t child, std::size_t school) const;
  bool before(const CheckChild& a, const CheckChild& b, bool points) const;
  void check_answer_times();
  void check_classes();
  // Of each class its school, boys and girls.
  using ClassSizes = std::map<std::string_view, std::pair<std::size_t, std::array<std::int64_t, 2>>>;
  void check_class_sizes(const ClassSizes& sizes);

  std::filesystem::path folder_;
  SeasonCheck out_;
  CheckTable outcomes_, children_, schools_, sites_, offers_, admissions_, approvals_;
  std::vector<CheckChild> child_;
  std::vector<CheckSchool> school_;
  std::unordered_map<std::string_view, std::size_t> child_index_, school_index_;
  std::map<std::string, LevelRules, std::less<>> rules_;
  std::map<std::string, std::string, std::less<>> lots_;  // code to ticket, of public draws
  std::map<std::size_t, DrawnLine> lines_;                // by school
  std::map<std::string, std::vector<LedClass>> led_;      // by draw of head teachers
  std::vector<std::size_t> seat_, choice_;                // by child, while events are gone through
  std::vector<char> registered_, waiting_, pending_;      // pending: drawn and not answered
  std::vector<std::size_t> applicants_;                   // by school
  std::vector<std::size_t> offered_;                      // school of the latest offer of the pool, by child
  std::vector<std::string_view> zone_offer_;              // of way zone or points
};

}  // namespace catchment::datasets::season_check
