#include "engine/admission/assignment/seat_lines.hpp"

#include <algorithm>

#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

constexpr std::size_t kMostParts = 32;

[[noreturn]] void refuse_plan(const char* code, const std::string& where, const std::string& message) {
  throw InputError(code, where, message);
}

int check_plan(const SchoolPlan& plan) {
  if (plan.plan < 0 || plan.classes < 0 || plan.class_cap < 0) refuse_plan("seat_parts", "plan", "is negative");
  std::int64_t limit = std::int64_t{plan.classes} * plan.class_cap;
  for (std::size_t i = 0; i < plan.approvals.size(); ++i) {
    const SeatApproval& a = plan.approvals[i];
    const std::string where = "approvals/" + std::to_string(i);
    if (a.record.empty()) refuse_plan("class_cap", where, "an approval needs its record");
    if (a.seats <= 0) refuse_plan("class_cap", where, "approves no seats");
    limit += a.seats;
  }
  if (plan.plan > limit)
    refuse_plan("class_cap", "plan",
                std::to_string(plan.plan) + " seats, but classes and approvals allow " + std::to_string(limit));
  if (plan.parts.empty() || plan.parts.size() > kMostParts) refuse_plan("seat_parts", "parts", "must be 1 to 32");
  std::int64_t fixed = 0;
  for (std::size_t p = 0; p < plan.parts.size(); ++p) {
    const int seats = plan.parts[p].seats.value_or(0);
    if (seats < 0) refuse_plan("seat_parts", "parts/" + std::to_string(p) + "/seats", "is negative");
    fixed += seats;
    check_order_rule(plan.parts[p].order);
  }
  if (fixed > plan.plan) refuse_plan("seat_parts", "parts", "have more fixed seats than the plan");
  return static_cast<int>(std::min<std::int64_t>(limit - plan.plan, 1 << 30));
}

}  // namespace

SeatLines::SeatLines(SchoolPlan given, std::span<const Applicant> list)
    : plan(std::move(given)), applicants(list.begin(), list.end()), over_left(check_plan(plan)) {
  parts.resize(plan.parts.size());
  lines.resize(plan.parts.size());
  index_children();
  make_units();
  int free = plan.plan;  // for parts that take the rest
  for (const SeatPart& p : plan.parts) free -= p.seats.value_or(0);
  for (std::uint32_t p = 0; p < parts.size(); ++p) free = fill_part(p, free);
  spare = free;
  for (std::uint32_t u = 0; u < units.size(); ++u) write(u);
}

void SeatLines::index_children() {
  const std::uint32_t known =
      plan.parts.size() == kMostParts ? 0xFFFFFFFF : (std::uint32_t{1} << plan.parts.size()) - 1;
  placements.resize(applicants.size());
  for (std::uint32_t i = 0; i < applicants.size(); ++i) {
    if ((applicants[i].parts & ~known) != 0)
      refuse_plan("applicants", std::to_string(i) + "/parts", "names a part that is not there");
    by_child.emplace_back(applicants[i].child, i);
  }
  std::ranges::sort(by_child);
  for (std::size_t k = 1; k < by_child.size(); ++k) {
    if (by_child[k - 1].first == by_child[k].first)
      refuse_plan("applicants", std::to_string(by_child[k].second) + "/child", "stands in the list twice");
  }
}

// Children by number, bundles at their first member.
void SeatLines::make_units() {
  unit_of.resize(applicants.size());
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;  // bundle; the others behind, by number
  for (const auto& [child, i] : by_child) {
    const std::uint64_t bundle = applicants[i].bundle;
    order.emplace_back(bundle != kNobody ? bundle : (std::uint64_t{1} << 32) + child, i);
  }
  std::ranges::stable_sort(order, {}, [](const auto& o) { return o.first; });
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::uint32_t i = order[k].second;
    if (k == 0 || order[k].first != order[k - 1].first) {
      units.push_back({});
      units.back().first = static_cast<std::uint32_t>(k);
      units.back().mask = 0xFFFFFFFF;
    }
    SeatUnit& unit = units.back();
    members.push_back(i);
    unit_of[i] = static_cast<std::uint32_t>(units.size() - 1);
    unit.end = static_cast<std::uint32_t>(k + 1);
    unit.mask &= applicants[i].parts;
    ++unit.size;
  }
}

void SeatLines::line_up(std::uint32_t p) {
  const OrderRule& rule = plan.parts[p].order;
  std::vector<LinePlace>& order = lines[p].order;
  for (std::uint32_t u = 0; u < units.size(); ++u) {
    SeatUnit& unit = units[u];
    if ((unit.mask >> p & 1) == 0 || unit.status == SeatStatus::admitted) continue;
    unit.status = SeatStatus::waiting;
    unit.part = p;
    LinePlace place{u, members[unit.first], 0};
    for (std::uint32_t m = unit.first + 1; m < unit.end; ++m) {
      if (compare(applicants[place.last].standing, applicants[members[m]].standing, rule) < 0) place.last = members[m];
    }
    order.push_back(place);
  }
  // Units stand by their bundle's number, or behind by their child's: among equals that is the order.
  std::ranges::stable_sort(order, [&](const LinePlace& a, const LinePlace& b) {
    return compare(applicants[a.last].standing, applicants[b.last].standing, rule) < 0;
  });
  for (std::uint32_t at = 0; at < order.size(); ++at) {
    units[order[at].unit].at = at;
    order[at].rank = parts[p].children + 1;
    parts[p].children += units[order[at].unit].size;
  }
}

// Gives a part its seats; returns what is free for those behind it.
int SeatLines::fill_part(std::uint32_t p, int free) {
  const SeatPart& part = plan.parts[p];
  line_up(p);
  const int seats = part.seats.value_or(free);
  parts[p].seats = seats;
  lines[p].beyond = parts[p].children > seats;
  lines[p].open = seats;
  promote(p);
  find_ties(p);
  measure(p);
  const int left = std::exchange(lines[p].open, 0);
  if (!part.seats) free = 0;
  if (part.leftover == Leftover::rest) return free + left;
  parts[p].kept = left;
  return free;
}

bool SeatLines::admit(std::uint32_t p, std::size_t at) {
  SeatUnit& unit = units[lines[p].order[at].unit];
  int& open = lines[p].open;
  const int over = std::max(unit.size - open, 0);
  if (over > 0 && (plan.bundles == BundleFit::skip || open == 0 || over > over_left)) return false;
  unit.status = SeatStatus::admitted;
  unit.part = p;
  unit.at = static_cast<std::uint32_t>(at);
  open -= unit.size - over;
  over_left -= over;
  parts[p].over_plan += over;
  parts[p].admitted += unit.size;
  int mark = over;
  for (std::uint32_t m = unit.end; m-- > unit.first && mark > 0;) {
    Placement& placed = placements[members[m]];
    if (placed.status == SeatStatus::left) continue;
    placed.over_plan = true;
    --mark;
  }
  return true;
}

// Open seats go to the first in line they are enough for. Units admitted, in order.
std::vector<std::uint32_t> SeatLines::promote(std::uint32_t p) {
  SeatLine& line = lines[p];
  std::vector<std::uint32_t> admitted;
  bool passed_over = false;
  for (std::size_t at = line.waits_from; at < line.order.size() && line.open > 0; ++at) {
    const std::uint32_t u = line.order[at].unit;
    if (units[u].status == SeatStatus::waiting && admit(p, at)) admitted.push_back(u);
    passed_over |= units[u].status == SeatStatus::waiting;
    if (!passed_over) line.waits_from = at + 1;
  }
  return admitted;
}

void SeatLines::find_ties(std::uint32_t p) {
  const std::vector<LinePlace>& order = lines[p].order;
  for (std::size_t at = 0; at + 1 < order.size(); ++at) {
    const bool here = units[order[at].unit].status == SeatStatus::admitted;
    const bool next = units[order[at + 1].unit].status == SeatStatus::admitted;
    if (here != next) tied |= compare(standing(p, at), standing(p, at + 1), plan.parts[p].order) == 0;
  }
}

// Where the cut-off of a part is.
void SeatLines::measure(std::uint32_t p) {
  SeatLine& line = lines[p];
  PartResult& part = parts[p];
  const std::size_t length = line.order.size();
  const auto unit = [&](std::size_t at) -> const SeatUnit& { return units[line.order[at].unit]; };
  const auto has = [&](std::size_t at) { return unit(at).status == SeatStatus::admitted && unit(at).part == p; };
  const auto refused = [&](std::size_t at) { return unit(at).status != SeatStatus::left && !has(at); };
  std::size_t end = length;
  while (end > 0 && !has(end - 1)) --end;
  line.last_admitted = end == 0 ? length : end - 1;
  line.refused_behind = end;
  while (line.refused_behind < length && !refused(line.refused_behind)) ++line.refused_behind;
  bool anybody_refused = line.refused_behind < length;
  for (std::size_t at = 0; at < end && !anybody_refused; ++at) anybody_refused = refused(at);
  part.cut_off.reset();
  part.cut_off_child = kNobody;
  if (!anybody_refused || end == 0) return;
  const std::uint32_t last = line.order[end - 1].last;
  part.cut_off = applicants[last].standing;
  part.cut_off_child = applicants[last].child;
}

void SeatLines::write(std::uint32_t u) {
  const SeatUnit& unit = units[u];
  for (std::uint32_t m = unit.first; m < unit.end; ++m) {
    Placement& placed = placements[members[m]];
    placed.child = applicants[members[m]].child;
    if (placed.status == SeatStatus::left) continue;
    placed.status = unit.status;
    placed.part = unit.part;
    if (unit.part == kNobody) continue;
    placed.rank = lines[unit.part].order[unit.at].rank + static_cast<int>(m - unit.first);
    placed.beyond = lines[unit.part].beyond;
  }
}

std::uint32_t SeatLines::get_index(std::uint32_t child) const {
  const auto found = std::ranges::lower_bound(by_child, child, {}, [](const auto& c) { return c.first; });
  if (found == by_child.end() || found->first != child)
    throw InputError("child", std::to_string(child), "is not among the applicants");
  return found->second;
}

// One seat less beyond the plan; false if none is.
bool SeatLines::take_from_over(std::uint32_t p, std::uint32_t leaver) {
  if (parts[p].over_plan == 0) return false;
  --parts[p].over_plan;
  ++over_left;
  if (std::exchange(placements[leaver].over_plan, false)) return true;
  for (Placement& placed : placements) {
    if (placed.over_plan && placed.part == p) return placed.over_plan = false, true;
  }
  return true;
}

// Seats that fall free in a part, to its own line, then as its leftovers go.
std::vector<std::uint32_t> SeatLines::pass_on(std::uint32_t p, int seats) {
  const bool kept = plan.parts[p].leftover == Leftover::kept;
  if (kept) seats += std::exchange(parts[p].kept, 0);
  if (!kept && !plan.parts[p].seats) seats += std::exchange(spare, 0);
  lines[p].open = seats;
  std::vector<std::uint32_t> admitted = promote(p);
  measure(p);
  seats = std::exchange(lines[p].open, 0);
  if (kept) {
    parts[p].kept = seats;
    return admitted;
  }
  spare += seats;
  for (std::uint32_t q = p + 1; q < parts.size() && spare > 0; ++q) {
    if (plan.parts[q].seats) continue;
    lines[q].open = std::exchange(spare, 0);
    const std::vector<std::uint32_t> more = promote(q);
    admitted.insert(admitted.end(), more.begin(), more.end());
    spare = std::exchange(lines[q].open, 0);
    measure(q);
  }
  return admitted;
}

std::vector<std::uint32_t> SeatLines::leave(std::uint32_t i) {
  SeatUnit& unit = units[unit_of[i]];
  const bool had_seat = unit.status == SeatStatus::admitted;
  placements[i].status = SeatStatus::left;
  if (--unit.size == 0) unit.status = SeatStatus::left;
  std::vector<std::uint32_t> admitted;
  if (had_seat) {
    --parts[unit.part].admitted;
    const int free = take_from_over(unit.part, i) ? 0 : 1;
    admitted = pass_on(unit.part, free);
  } else {
    for (std::uint32_t p = 0; p < parts.size(); ++p) {  // a smaller bundle may fit now
      if ((unit.mask >> p & 1) == 0) continue;
      const std::vector<std::uint32_t> more = pass_on(p, 0);
      admitted.insert(admitted.end(), more.begin(), more.end());
    }
  }
  for (const std::uint32_t u : admitted) write(u);
  return admitted;
}

void SeatLines::list_children(std::uint32_t u, std::vector<std::uint32_t>& out) const {
  for (std::uint32_t m = units[u].first; m < units[u].end; ++m) {
    if (placements[members[m]].status != SeatStatus::left) out.push_back(applicants[members[m]].child);
  }
}

}  // namespace catchment::engine::admission
