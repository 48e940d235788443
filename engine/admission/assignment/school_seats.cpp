#include "engine/admission/assignment/school_seats.hpp"

#include "engine/admission/assignment/seat_lines.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::admission {

struct SchoolSeats::Impl : SeatLines {
  using SeatLines::SeatLines;
};

bool needs_draw(const SchoolPlan& plan, std::span<const Applicant> applicants) {
  std::vector<Applicant> undrawn(applicants.begin(), applicants.end());
  for (Applicant& a : undrawn) a.standing.ticket = {};
  return SeatLines(plan, undrawn).tied;
}

SchoolSeats::SchoolSeats(SchoolPlan plan, std::span<const Applicant> applicants)
    : impl_(std::make_unique<Impl>(std::move(plan), applicants)) {
  if (impl_->tied)
    throw InputError("no_ticket", "applicants", "equals stand on both sides of a cut-off: a draw must decide");
}
SchoolSeats::~SchoolSeats() = default;
SchoolSeats::SchoolSeats(SchoolSeats&&) noexcept = default;
SchoolSeats& SchoolSeats::operator=(SchoolSeats&&) noexcept = default;

const SchoolPlan& SchoolSeats::plan() const { return impl_->plan; }
std::span<const Placement> SchoolSeats::placements() const { return impl_->placements; }
std::span<const PartResult> SchoolSeats::parts() const { return impl_->parts; }

const Placement& SchoolSeats::get_placement(std::uint32_t child) const {
  return impl_->placements[impl_->get_index(child)];
}

const std::string& SchoolSeats::clause_of(const Placement& placement) const {
  static const std::string none;
  if (placement.part == kNobody) return none;
  const SeatPart& part = impl_->plan.parts[placement.part];
  return placement.beyond ? part.beyond_clause : part.within_clause;
}

Separation SchoolSeats::margin_of(const Placement& placement) const {
  const SeatLines& impl = *impl_;
  if (placement.part == kNobody || placement.status == SeatStatus::left) return {};
  const SeatUnit& unit = impl.units[impl.unit_of[impl.get_index(placement.child)]];
  const SeatLine& line = impl.lines[placement.part];
  const bool admitted = placement.status == SeatStatus::admitted;
  if (!admitted && line.last_admitted < line.order.size() && unit.at < line.last_admitted)
    return {Criterion::bundle, 0, 0};
  const std::size_t other = admitted ? line.refused_behind : line.last_admitted;
  if (other == line.order.size()) return {};
  return separation(impl.standing(placement.part, unit.at), impl.standing(placement.part, other),
                    impl.plan.parts[placement.part].order);
}

std::vector<std::uint32_t> SchoolSeats::waiting(std::uint32_t part) const {
  std::vector<std::uint32_t> children;
  for (const LinePlace& place : impl_->lines.at(part).order) {
    if (impl_->units[place.unit].status == SeatStatus::waiting) impl_->list_children(place.unit, children);
  }
  return children;
}

std::vector<std::uint32_t> SchoolSeats::waiting() const {
  std::vector<std::uint32_t> children;
  for (std::uint32_t p = 0; p < impl_->lines.size(); ++p) {
    for (const LinePlace& place : impl_->lines[p].order) {
      const SeatUnit& unit = impl_->units[place.unit];
      if (unit.status == SeatStatus::waiting && unit.part == p) impl_->list_children(place.unit, children);
    }
  }
  return children;
}

std::vector<std::uint32_t> SchoolSeats::leave(std::uint32_t child) {
  const std::uint32_t i = impl_->get_index(child);
  if (impl_->placements[i].status == SeatStatus::left)
    throw InputError("child", std::to_string(child), "has left already");
  std::vector<std::uint32_t> children;
  for (const std::uint32_t u : impl_->leave(i)) impl_->list_children(u, children);
  return children;
}

}  // namespace catchment::engine::admission
