#include "engine/zone_text/number_sets.hpp"

#include <algorithm>

namespace catchment::engine::zone_text {
namespace {

using geo::DoorNumber;

// Doors, compounds and lanes of a street share one axis.
NumberUnit axis_of(NumberUnit unit) {
  return unit == NumberUnit::compound || unit == NumberUnit::lane ? NumberUnit::door : unit;
}

// A range with both ends on one side of the street speaks of that side alone only if it says so; a single number is of
// its own parity.
bool single(const NumberRange& r) { return r.from && r.to && *r.from == *r.to; }

bool fits(Parity parity, const DoorNumber& n) { return parity == Parity::all || (parity == Parity::odd) == n.odd(); }

// First and last number of the parity wanted, for finite ends without a sub-number.
void tighten(NumberRange& r) {
  if (r.parity == Parity::all) return;
  if (r.from && r.from->sub == 0 && !fits(r.parity, *r.from)) ++r.from->number;
  if (r.to && r.to->sub == 0 && !fits(r.parity, *r.to)) --r.to->number;
}

bool insides_meet(const NumberRange& a, const NumberRange& b) {
  if (a.inside.empty() || b.inside.empty()) return true;
  return std::ranges::any_of(a.inside, [&](const NumberRange& x) {
    return std::ranges::any_of(b.inside, [&](const NumberRange& y) { return intersection(x, y).has_value(); });
  });
}

std::string unit_word(NumberUnit unit) {
  switch (unit) {
    case NumberUnit::door:
      return "号";
    case NumberUnit::compound:
      return "号院";
    case NumberUnit::lane:
      return "弄";
    case NumberUnit::sublane:
      return "支弄";
    case NumberUnit::building:
      return "幢";
    case NumberUnit::phase:
      return "期";
    case NumberUnit::sector:
      return "区";
    case NumberUnit::group:
      return "组";
  }
  return "";
}

}  // namespace

std::optional<NumberRange> intersection(const NumberRange& a, const NumberRange& b) {
  if (axis_of(a.unit) != axis_of(b.unit) || axis_of(a.to_unit) != axis_of(b.to_unit)) return std::nullopt;
  if (a.parity != Parity::all && b.parity != Parity::all && a.parity != b.parity) return std::nullopt;
  NumberRange out;
  out.unit = a.unit;
  out.to_unit = a.to_unit;
  out.span = b.span;
  out.parity = a.parity == Parity::all ? b.parity : a.parity;
  out.from = a.from && b.from ? std::max(*a.from, *b.from) : a.from ? a.from : b.from;
  out.to = a.to && b.to ? std::min(*a.to, *b.to) : a.to ? a.to : b.to;
  tighten(out);
  if (out.from && out.to && *out.to < *out.from) return std::nullopt;
  if (single(out) && !fits(out.parity, *out.from)) return std::nullopt;
  if (!insides_meet(a, b)) return std::nullopt;
  return out;
}

bool same_numbers(const NumberRange& a, const NumberRange& b) {
  NumberRange x = a;
  NumberRange y = b;
  tighten(x);
  tighten(y);
  const bool outer = axis_of(x.unit) == axis_of(y.unit) && axis_of(x.to_unit) == axis_of(y.to_unit) &&
                     x.from == y.from && x.to == y.to && (x.parity == y.parity || single(x));
  return outer && std::ranges::equal(x.inside, y.inside, same_numbers);
}

std::string write_range(const NumberRange& range) {
  std::string text;
  if (range.from) text += geo::to_text(*range.from);
  const bool finite = range.from && range.to;
  if (finite && !single(range)) {
    if (axis_of(range.unit) != axis_of(range.to_unit)) text += unit_word(range.unit);
    text += "-" + geo::to_text(*range.to);
  }
  if (!range.from && range.to) text += geo::to_text(*range.to);
  if (!text.empty()) text += unit_word(range.to_unit);
  if (range.from && !range.to) text += "起";
  if (!range.from && range.to) text += "止";
  if (range.parity != Parity::all && !single(range)) text += range.parity == Parity::odd ? "单号" : "双号";
  for (std::size_t i = 0; i < range.inside.size(); ++i) text += (i == 0 ? "" : "、") + write_range(range.inside[i]);
  return text;
}

}  // namespace catchment::engine::zone_text
