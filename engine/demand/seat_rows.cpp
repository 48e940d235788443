#include "engine/demand/seat_rows.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <tuple>

namespace catchment::engine::demand {
namespace {

// Pupils spread evenly: some classes have one more than the others.
void count_oversized(SeatRow& row, int pupils, const StageRule& rule) {
  row.oversized = 0;
  row.severe = 0;
  if (row.classes == 0) return;
  const int larger = pupils % row.classes;
  const auto add = [&](int classes, int size) {
    if (size >= rule.severe_from) {
      row.severe += classes;
    } else if (size >= rule.oversized_from) {
      row.oversized += classes;
    }
  };
  add(larger, pupils / row.classes + 1);
  add(row.classes - larger, pupils / row.classes);
}

double class_size_of(const SeatRow& row) {
  const int pupils = row.entry ? row.expected : row.sitting;
  return row.classes == 0 ? 0 : static_cast<double>(pupils) / row.classes;
}

void add_row(SeatRow& sum, const SeatRow& row) {
  sum.rooms += row.rooms;
  sum.spare_rooms += row.spare_rooms;
  sum.classes += row.classes;
  sum.classes_wanted += row.classes_wanted;
  sum.planned = sum.planned || row.planned;
  sum.class_cap = std::max(sum.class_cap, row.class_cap);
  sum.cap_excepted = sum.cap_excepted || row.cap_excepted;
  sum.seats += row.seats;
  sum.sitting += row.sitting;
  sum.reserved.direct_promotion += row.reserved.direct_promotion;
  sum.reserved.attached_estate += row.reserved.attached_estate;
  sum.reserved.policy_group += row.reserved.policy_group;
  sum.reserved_in_demand += row.reserved_in_demand;
  sum.sold += row.sold;
  sum.buffer += row.buffer;
  sum.purchased += row.purchased;
  sum.free += row.free;
  sum.over += row.over;
  sum.expected += row.expected;
  sum.oversized += row.oversized;
  sum.severe += row.severe;
  sum.over_cap += row.over_cap;
  sum.class_size = class_size_of(sum);
}

}  // namespace

int whole_pupils(double pupils) { return static_cast<int>(std::lround(pupils)); }

int classes_needed(double pupils, int cap) {
  assert(cap > 0);
  return (whole_pupils(pupils) + cap - 1) / cap;
}

int seats_needed(double pupils, int cap) { return classes_needed(pupils, cap) * cap; }

void settle(SeatRow& row, const StageRule& rule) {
  const int pupils = row.entry ? row.expected : row.sitting;
  count_oversized(row, pupils, rule);
  row.class_size = class_size_of(row);
  row.over_cap = std::max(0, pupils - row.classes * row.class_cap);
  const int rest = row.seats + row.purchased - row.sitting - row.reserved.total() - row.sold;
  // 1e-9: a tenth of 30 seats is 3, whatever a tenth is in binary.
  const int wanted = static_cast<int>(std::floor(rule.mid_year_buffer * row.seats + 1e-9));
  row.buffer = std::clamp(rest, 0, wanted);
  row.free = std::max(0, rest - row.buffer);
  row.over = std::max(0, -rest);
}

int seats_for_demand(const SeatRow& row) {
  const int others = row.reserved.total() - row.reserved_in_demand;
  return std::max(0, row.seats + row.purchased - row.sitting - row.sold - row.buffer - others);
}

SeatRow with_more_classes(const SeatRow& row, int more, const StageRule& rule) {
  SeatRow out = row;
  out.classes = std::max(0, row.classes + more);
  const int all = out.classes * out.class_cap;
  out.seats = more > 0 ? row.seats + (out.classes - row.classes) * out.class_cap : std::min(row.seats, all);
  out.rooms = std::min(out.classes, row.rooms + row.spare_rooms);
  out.spare_rooms = row.rooms + row.spare_rooms - out.rooms;
  settle(out, rule);
  return out;
}

std::vector<SeatRow> school_rows(std::span<const SeatRow> rows) {
  std::map<std::tuple<std::string_view, int, int>, SeatRow> sums;
  for (const SeatRow& row : rows) {
    SeatRow& sum = sums[{row.school_id, row.school_year, row.grade}];
    sum.school_id = row.school_id;
    sum.stage = row.stage;
    sum.school_year = row.school_year;
    sum.grade = row.grade;
    sum.entry = row.entry;
    add_row(sum, row);
  }
  std::vector<SeatRow> out;
  out.reserve(sums.size());
  for (auto& [key, sum] : sums) out.push_back(std::move(sum));
  return out;
}

}  // namespace catchment::engine::demand
