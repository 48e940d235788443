#include "datasets/synth/seat_plan.hpp"

#include <algorithm>

#include "datasets/synth/random.hpp"

namespace catchment::datasets::synth {
namespace {

using engine::Stage;

constexpr std::uint64_t kSeatStream = 721;
constexpr int kExceptionFrom = kLastYear - 2;
constexpr int kExceptionYears = 5;
constexpr int kSchoolsPerException = 20;
constexpr int kMoreRooms = 6;
constexpr const char* kBureau = "合成示例市教育局（虚构）";

Stage stage_of(int grade) { return grade <= 6 ? Stage::primary : Stage::junior; }
int cap_of(int grade) { return grade <= 6 ? 45 : 50; }

class SeatPlanner {
 public:
  SeatPlanner(const SchoolPlan& plan, const Schooling& schooling, std::uint64_t seed)
      : plan_(plan), schooling_(schooling), seed_(seed) {}

  SeatPlan make() {
    choose_exceptions();
    make_units();
    make_enrolment();
    make_intake();
    for (std::size_t s = 0; s < plan_.schools.size(); ++s) make_seats(s);
    made_.successors.push_back({kFormerId, plan_.schools[renamed()].row.id, kRenamedYear});
    return std::move(made_);
  }

 private:
  std::size_t renamed() const { return static_cast<std::size_t>(plan_.primary_schools.front().front()); }
  bool is_private(std::size_t school) const { return plan_.schools[school].row.ownership == "private"; }

  // The id that rows of a school and year carry.
  const std::string& id_in(std::size_t school, int year) const {
    static const std::string former = kFormerId;
    return school == renamed() && year < kRenamedYear ? former : plan_.schools[school].row.id;
  }
  // What stands for a school's entry grade, or any other, in the tables of seats.
  const std::string& unit_of(std::size_t school) const { return unit_ids_[school]; }

  void choose_exceptions() {
    excepted_.resize(plan_.schools.size());
    Random random(seed_, kSeatStream);
    std::vector<std::size_t> open;
    for (std::size_t s = 0; s < plan_.schools.size(); ++s) {
      if (!is_private(s) && plan_.schools[s].row.stages.size() == 1) open.push_back(s);
    }
    shuffle(open, random);
    open.resize(std::max<std::size_t>(1, open.size() / kSchoolsPerException));
    for (const std::size_t school : open) excepted_[school] = 1;
  }

  int cap(std::size_t school, int year, int grade) const {
    const bool raised = excepted_[school] != 0 && year >= kExceptionFrom && year < kExceptionFrom + kExceptionYears;
    return cap_of(grade) + (raised ? 5 : 0);
  }

  void make_units() {
    for (const PlannedSchool& school : plan_.schools) {
      unit_ids_.push_back(school.row.id);
      const bool two = school.campuses.size() == 2 && school.row.stages.size() == 1 && school.row.ownership == "public";
      if (!two || made_.admission_units.size() == 2) continue;
      const Stage stage = school.row.stages.front();
      const int first = stage == Stage::primary ? 1 : 7;
      engine::AdmissionUnit unit{"A-" + school.row.id, school.row.id, stage, school.row.name + "两校区", "", {}};
      unit.plan_number = std::to_string(made_.admission_units.size() + 1);
      unit.campuses.push_back({school.campuses[0].id, 0, 0});
      unit.campuses.push_back({school.campuses[1].id, first, first + 1});
      unit_ids_.back() = unit.id;
      made_.admission_units.push_back(std::move(unit));
    }
  }

  void make_enrolment() {
    most_classes_.resize(plan_.schools.size());
    std::map<std::pair<std::size_t, int>, int> classes_in;
    for (const auto& [key, pupils] : schooling_.pupils) {
      const auto& [number, year, grade] = key;
      const auto school = static_cast<std::size_t>(number);
      const int most = cap(school, year, grade);
      const int classes = (pupils + most - 1) / most;
      made_.enrolment.push_back({id_in(school, year), year, grade, classes, pupils});
      int& sum = classes_in[{school, year}];
      sum += classes;
      most_classes_[school] = std::max(most_classes_[school], sum);
    }
  }

  void make_intake() {
    for (const auto& [key, streams] : schooling_.streams) {
      const auto& [number, year, grade] = key;
      const auto school = static_cast<std::size_t>(number);
      if (stage_of(grade) != plan_.schools[school].row.stages.front()) continue;
      const std::string& id = id_in(school, year);
      made_.intake.push_back({id, year, "zone", streams.zone});
      made_.intake.push_back({id, year, "out_of_area", streams.out_of_area});
      made_.intake.push_back({id, year, "migrant", streams.migrant});
    }
  }

  int pupils(std::size_t school, int year, int grade) const {
    const auto found = schooling_.pupils.find({static_cast<std::int32_t>(school), year, grade});
    return found == schooling_.pupils.end() ? 0 : found->second;
  }

  void make_seats(std::size_t school) {
    Random random(seed_, kSeatStream, school + 1);
    make_rooms(school, random);
    if (is_private(school)) {
      for (const int year : {kLastYear, kLastYear + 1}) {
        made_.purchased.push_back({plan_.schools[school].row.id, "", year, 0, random.between(10, 45)});
      }
      return;
    }
    if (excepted_[school] != 0) except(school);
    reserve(school, random);
    const PlannedSchool& planned = plan_.schools[school];
    if (planned.row.stages.size() != 1) return;
    const int entry = planned.row.stages.front() == Stage::primary ? 1 : 7;
    const int most = cap(school, kLastYear + 1, entry);
    const int classes = std::max(1, (pupils(school, kLastYear, entry) + most - 1) / most);
    made_.admission_plans.push_back({unit_of(school), kLastYear + 1, classes, classes * most});
  }

  void make_rooms(std::size_t school, Random& random) {
    const auto& campuses = plan_.schools[school].campuses;
    const int rooms = most_classes_[school] + random.between(0, 2 + most_classes_[school] / 8);
    const int second = campuses.size() == 2 ? rooms / 3 : 0;
    for (std::size_t i = 0; i < campuses.size(); ++i) {
      const int own = i == 0 ? rooms - second : second;
      made_.rooms.push_back({campuses[i].id, kFirstYear, own});
      if (random.chance_permille(100)) made_.rooms.push_back({campuses[i].id, kLastYear + 1, own + kMoreRooms});
    }
  }

  void except(std::size_t school) {
    engine::CapException row;
    row.admission_unit_id = unit_of(school);
    row.from_year = kExceptionFrom;
    row.until = std::to_string(kExceptionFrom + kExceptionYears) + "-07-31";
    row.cap = cap_of(plan_.schools[school].row.stages.front() == Stage::primary ? 1 : 7) + 5;
    row.reason = "示例：扩建期间临时突破（合成）";
    row.approved_by = kBureau;
    made_.cap_exceptions.push_back(row);
  }

  void reserve(std::size_t school, Random& random) {
    const bool nine_year = plan_.schools[school].row.stages.size() == 2;
    const int estate = random.chance_permille(167) ? random.between(15, 30) : 0;
    const int policy = random.chance_permille(333) ? random.between(2, 8) : 0;
    for (const int year : {kLastYear, kLastYear + 1}) {
      const auto add = [&](int grade, const char* kind, int seats, bool in_demand, const char* reason) {
        if (seats > 0) made_.reserved.push_back({unit_of(school), year, grade, kind, seats, in_demand, reason});
      };
      if (nine_year) add(7, "direct_promotion", pupils(school, year - 1, 6), true, "本校直升（合成）");
      add(0, "attached_estate", estate, false, "新建小区配建（合成）");
      add(0, "policy_group", policy, true, "政策照顾（合成）");
    }
  }

  const SchoolPlan& plan_;
  const Schooling& schooling_;
  const std::uint64_t seed_;
  std::vector<char> excepted_;         // per school
  std::vector<int> most_classes_;      // per school: in any one year
  std::vector<std::string> unit_ids_;  // per school
  SeatPlan made_;
};

}  // namespace

SeatPlan make_seat_plan(const SchoolPlan& plan, const Schooling& schooling, std::uint64_t seed) {
  return SeatPlanner(plan, schooling, seed).make();
}

}  // namespace catchment::datasets::synth
