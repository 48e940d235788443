#include "engine/zone_text/printing/print_ranges.hpp"

#include <algorithm>
#include <iterator>

namespace catchment::engine::zone_text {

using geo::DoorNumber;
using geo::SubForm;

std::string to_words(const DoorNumber& n, const char* unit) {
  DoorNumber head = n;
  head.sub = 0;
  head.sub_form = SubForm::none;
  const std::string body = to_text(head);
  const std::string sub = std::to_string(n.sub);
  switch (n.sub_form) {
    case SubForm::annex:
      return body + unit + "附" + sub + unit;
    case SubForm::after:
      return body + unit + "之" + sub;
    case SubForm::dash:
    case SubForm::letter:
      return to_text(n) + unit;
    case SubForm::none:
      break;
  }
  return body + unit;
}

Numbered single(const DoorNumber& n, const NumberName& axis) {
  NumberRange range;
  range.unit = range.to_unit = axis.unit;
  range.from = range.to = n;
  return {to_words(n, axis.word), range, n};
}

namespace {

DoorNumber plain_range(std::int32_t n) { return {.number = n}; }

// Numbers from..to; `parity` when only those of one parity are meant.
Numbered run(std::int32_t from, std::int32_t to, Parity parity, const NumberName& axis) {
  if (from == to) return single(plain_range(from), axis);
  Numbered result = single(plain_range(from), axis);
  result.range.to = plain_range(to);
  result.range.parity = parity;
  const char* note = parity == Parity::odd ? "（单号）" : parity == Parity::even ? "（双号）" : "";
  result.text = std::to_string(from) + "-" + std::to_string(to) + axis.word + note;
  return result;
}

bool is_even(std::int32_t n) { return n % 2 == 0; }

// The runs of marks that begin and end with one that must be picked and hold none that must not.
std::vector<Numbered> runs(const std::vector<NumberMark>& marks, const NumberName& axis) {
  std::vector<Numbered> result;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (marks[i].need != Need::must || !marks[i].may_end) continue;
    std::size_t last = i;
    bool odd = false;
    bool even = false;
    for (std::size_t k = i; k < marks.size() && marks[k].need != Need::never; ++k) {
      if (marks[k].need == Need::must && marks[k].may_end) last = k;
    }
    for (std::size_t k = i; k <= last; ++k) (is_even(marks[k].number) ? even : odd) = true;
    const Parity parity = odd && even ? Parity::all : odd ? Parity::odd : Parity::even;
    result.push_back(run(marks[i].number, marks[last].number, parity, axis));
    i = last;
  }
  return result;
}

}  // namespace

std::vector<Numbered> fewest_runs(const std::vector<NumberMark>& marks, const NumberName& axis) {
  std::vector<Numbered> together = runs(marks, axis);
  std::vector<Numbered> apart;
  for (const bool even : {false, true}) {
    std::vector<NumberMark> half;
    std::copy_if(marks.begin(), marks.end(), std::back_inserter(half),
                 [&](const NumberMark& m) { return is_even(m.number) == even; });
    for (Numbered& one : runs(half, axis)) apart.push_back(std::move(one));
  }
  return together.size() < apart.size() ? together : apart;
}

}  // namespace catchment::engine::zone_text
