// What a package knows of children, pupils and seats.
#include <map>

#include "datasets/city_package_rows.hpp"

namespace catchment::datasets {
namespace {
using Row = PackageRow;
}  // namespace

std::vector<engine::Housing> CityPackage::housing() const {
  return impl_->list<engine::Housing>("housing", "id, name, unit_id, kind, dwellings, completion_year, geom", "id",
                                      [](const Row& row) {
                                        return engine::Housing{row.text(1),    row.text(2),    row.text(3), row.text(4),
                                                               row.integer(5), row.integer(6), row.point(7)};
                                      });
}

std::vector<engine::UnitChildren> CityPackage::unit_children() const {
  return impl_->list<engine::UnitChildren>(
      "unit_children", "unit_id, year, age, children", "unit_id, year, age", [](const Row& row) {
        return engine::UnitChildren{row.text(1), row.integer(2), row.integer(3), row.integer(4)};
      });
}

std::vector<engine::Enrolment> CityPackage::enrolment() const {
  return impl_->list<engine::Enrolment>(
      "enrolment", "school_id, school_year, grade, classes, pupils", "school_id, school_year, grade",
      [](const Row& row) {
        return engine::Enrolment{row.text(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5)};
      });
}

std::vector<engine::Births> CityPackage::births() const {
  return impl_->list<engine::Births>(
      "birth", "unit_id, year, month, births", "unit_id, year, month", [](const Row& row) {
        return engine::Births{row.text(1), row.integer(2), row.integer(3), row.integer(4)};
      });
}

std::vector<engine::Feeder> CityPackage::feeders() const {
  return impl_->list<engine::Feeder>(
      "feeder", "from_school_id, to_school_id, school_year, share, condition",
      "from_school_id, to_school_id, school_year, condition", [](const Row& row) {
        return engine::Feeder{row.text(1), row.text(2), row.integer(3), row.real(4), row.text(5)};
      });
}

std::vector<engine::Intake> CityPackage::intake() const {
  return impl_->list<engine::Intake>("intake", "school_id, school_year, stream, pupils",
                                     "school_id, school_year, stream", [](const Row& row) {
                                       return engine::Intake{row.text(1), row.integer(2), row.text(3), row.integer(4)};
                                     });
}

std::vector<engine::SurveyCount> CityPackage::survey_counts() const {
  return impl_->list<engine::SurveyCount>("survey_count", "unit_id, school_year, children", "unit_id, school_year",
                                          [](const Row& row) {
                                            return engine::SurveyCount{row.text(1), row.integer(2), row.integer(3)};
                                          });
}

std::vector<engine::SchoolSuccessor> CityPackage::school_successors() const {
  return impl_->list<engine::SchoolSuccessor>(
      "school_successor", "old_id, new_id, school_year", "old_id", [](const Row& row) {
        return engine::SchoolSuccessor{row.text(1), row.text(2), row.integer(3)};
      });
}

std::vector<engine::CampusRooms> CityPackage::rooms() const {
  return impl_->list<engine::CampusRooms>("rooms", "campus_id, school_year, rooms", "campus_id, school_year",
                                          [](const Row& row) {
                                            return engine::CampusRooms{row.text(1), row.integer(2), row.integer(3)};
                                          });
}

std::vector<engine::AdmissionUnit> CityPackage::admission_units() const {
  std::map<std::string, std::vector<engine::UnitCampus>> campuses;
  impl_->each(
      "admission_unit_campus", "admission_unit_id, campus_id, first_grade, last_grade",
      "ORDER BY admission_unit_id, campus_id", [](Statement&) {},
      [&](const Row& row) {
        campuses[row.text(1)].push_back({row.text(2), row.integer(3), row.integer(4)});
      });
  return impl_->list<engine::AdmissionUnit>(
      "admission_unit", "id, school_id, stage, name, plan_number", "id", [&](const Row& row) {
        const std::string id = row.text(1);
        return engine::AdmissionUnit{id, row.text(2), row.stage(row.text(3)), row.text(4), row.text(5), campuses[id]};
      });
}

std::vector<engine::AdmissionPlan> CityPackage::admission_plans() const {
  return impl_->list<engine::AdmissionPlan>(
      "admission_plan", "admission_unit_id, school_year, classes, seats", "admission_unit_id, school_year",
      [](const Row& row) {
        return engine::AdmissionPlan{row.text(1), row.integer(2), row.find_integer(3), row.find_integer(4)};
      });
}

std::vector<engine::CapException> CityPackage::cap_exceptions() const {
  return impl_->list<engine::CapException>(
      "cap_exception", "admission_unit_id, grade, from_year, until, cap, reason, approved_by",
      "admission_unit_id, grade, from_year", [](const Row& row) {
        return engine::CapException{row.text(1),    row.integer(2), row.integer(3), row.text(4),
                                    row.integer(5), row.text(6),    row.text(7)};
      });
}

std::vector<engine::ReservedSeats> CityPackage::reserved_seats() const {
  return impl_->list<engine::ReservedSeats>(
      "reserved_seats", "admission_unit_id, school_year, grade, kind, seats, in_demand, reason",
      "admission_unit_id, school_year, grade, kind", [](const Row& row) {
        return engine::ReservedSeats{row.text(1),    row.integer(2),       row.integer(3), row.text(4),
                                     row.integer(5), row.text(6) == "yes", row.text(7)};
      });
}

std::vector<engine::PurchasedSeats> CityPackage::purchased_seats() const {
  return impl_->list<engine::PurchasedSeats>(
      "purchased_seats", "school_id, admission_unit_id, school_year, grade, seats",
      "school_id, admission_unit_id, school_year, grade", [](const Row& row) {
        return engine::PurchasedSeats{row.text(1), row.text(2), row.integer(3), row.integer(4), row.integer(5)};
      });
}

}  // namespace catchment::datasets
