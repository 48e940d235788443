#include "engine/zone_text/linting/notice_answers.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "engine/zone_text/linting/row_workers.hpp"

namespace catchment::engine::zone_text {
namespace {

using geo::EntryId;
using geo::NameId;

// Addresses by square of the map, for the boxes of regions.
class EntryGrid {
 public:
  explicit EntryGrid(const geo::Gazetteer& names) {
    std::vector<std::pair<geo::Point, EntryId>> places;
    geo::Box box;
    for (EntryId id = 0; id < names.entry_count(); ++id) {
      const auto position = names.entry(id).position;
      if (!position) continue;
      places.emplace_back(*position, id);
      box.extend(*position);
    }
    if (places.empty()) return;
    box_ = box;
    shift_ = kFinest;
    while (columns() * rows() > kMostCells) ++shift_;
    begin_.assign(columns() * rows() + 1, 0);
    for (const auto& [p, id] : places) ++begin_[cell(p) + 1];
    for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
    places_.resize(places.size());
    std::vector<std::uint32_t> at(begin_.begin(), begin_.end() - 1);
    for (const auto& place : places) places_[at[cell(place.first)]++] = place;
  }

  template <class Visit>
  void in_box(geo::Box wanted, Visit&& visit) const {
    if (places_.empty() || wanted.empty() || !wanted.intersects(box_)) return;
    wanted.min = {std::max(wanted.min.lon, box_.min.lon), std::max(wanted.min.lat, box_.min.lat)};
    wanted.max = {std::min(wanted.max.lon, box_.max.lon), std::min(wanted.max.lat, box_.max.lat)};
    for (std::size_t y = row(wanted.min); y <= row(wanted.max); ++y) {
      for (std::size_t x = column(wanted.min); x <= column(wanted.max); ++x) {
        const std::size_t c = y * columns() + x;
        for (std::uint32_t i = begin_[c]; i < begin_[c + 1]; ++i) {
          if (wanted.contains(places_[i].first)) visit(places_[i].second);
        }
      }
    }
  }

 private:
  static constexpr unsigned kFinest = 15;  // 2^15 units: about 360 m
  static constexpr std::size_t kMostCells = 1u << 20;

  std::size_t column(geo::Point p) const {
    return static_cast<std::size_t>((std::int64_t{p.lon} - box_.min.lon) >> shift_);
  }
  std::size_t row(geo::Point p) const {
    return static_cast<std::size_t>((std::int64_t{p.lat} - box_.min.lat) >> shift_);
  }
  std::size_t columns() const { return column(box_.max) + 1; }
  std::size_t rows() const { return row(box_.max) + 1; }
  std::size_t cell(geo::Point p) const { return row(p) * columns() + column(p); }

  geo::Box box_;
  unsigned shift_ = kFinest;
  std::vector<std::uint32_t> begin_;
  std::vector<std::pair<geo::Point, EntryId>> places_;
};

// Which addresses a row may speak of.
class Reach {
 public:
  Reach(const geo::Gazetteer& names, const EntryGrid& grid) : names_(names), grid_(grid) {}

  std::vector<EntryId> of(const CompiledText& text, std::span<const char> only) const {
    std::set<NameId> streets;
    std::set<std::size_t> regions;
    for (const AddressRule& rule : text.rules) {
      if (rule.effect == RuleEffect::deny) continue;
      if (rule.name != geo::kNoName) {
        streets.insert(rule.name);
      } else if (rule.region) {
        regions.insert(*rule.region);
      }
    }
    std::vector<EntryId> out;
    const auto take = [&](EntryId id) {
      if (only.empty() || only[id] != 0) out.push_back(id);
    };
    for (const std::size_t r : regions) {
      // A little more than the box: an address just across a line may be undecidable for want of a better place.
      geo::Box box = geo::bounding_box(text.regions[r].shape);
      if (!box.empty()) {
        box.min = {box.min.lon - kMargin, box.min.lat - kMargin};
        box.max = {box.max.lon + kMargin, box.max.lat + kMargin};
      }
      grid_.in_box(box, take);
      for (const StreetFront& front : text.regions[r].bounds) streets.insert(front.street);
    }
    std::set<NameId> seen;
    for (const NameId name : streets) under(name, seen, take);
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

 private:
  static constexpr std::int32_t kMargin = 5000;  // units: about 50 m

  template <class Take>
  void under(NameId name, std::set<NameId>& seen, const Take& take) const {
    if (!seen.insert(name).second) return;
    for (const EntryId id : names_.entries_of(name)) take(id);
    for (const NameId child : names_.children(name)) under(child, seen, take);
  }

  const geo::Gazetteer& names_;
  const EntryGrid& grid_;
};

// The addresses without a place of which no row says anything, but a row with a region cannot say no. One such row is
// enough, and as a rule the first one asked is.
std::vector<EntryId> find_lost(const NoticeAnswers& answers, std::span<const CompiledText> rows,
                               const geo::Gazetteer& names, std::span<const char> only) {
  std::vector<const CompiledText*> with_regions;
  for (const CompiledText& row : rows) {
    if (!row.regions.empty()) with_regions.push_back(&row);
  }
  std::vector<EntryId> lost;
  for (EntryId id = 0; id < names.entry_count() && !with_regions.empty(); ++id) {
    if (!answers.of(id).empty() || (!only.empty() && only[id] == 0)) continue;
    const geo::Entry entry = names.entry(id);
    if (entry.position) continue;
    const auto cannot_say = [&](const CompiledText* row) {
      return answer(*row, names, entry.path, std::nullopt, entry.error_m).verdict == Verdict::undetermined;
    };
    if (std::ranges::any_of(with_regions, cannot_say)) lost.push_back(id);
  }
  return lost;
}

struct RowAnswers {
  std::vector<RowVerdict> verdicts;
  std::vector<std::vector<Household>> conditions;  // RowVerdict::condition - 1
};

RowAnswers ask(const CompiledText& text, std::size_t row, const geo::Gazetteer& names, std::vector<EntryId> reach) {
  RowAnswers out;
  std::map<std::vector<std::size_t>, std::uint32_t> known;  // deciding rules to condition
  for (const EntryId id : reach) {
    const geo::Entry entry = names.entry(id);
    const TextAnswer said = answer(text, names, entry.path, entry.position, entry.error_m);
    if (said.verdict == Verdict::out && !said.on_boundary) continue;
    RowVerdict& v = out.verdicts.emplace_back();
    v.entry = id;
    v.row = static_cast<std::uint32_t>(row);
    if (!said.rules.empty()) v.rule = static_cast<std::uint32_t>(said.rules.front());
    v.verdict = said.verdict;
    v.on_boundary = said.on_boundary;
    if (said.depends_on.empty()) continue;
    const auto [at, fresh] = known.try_emplace(said.rules, static_cast<std::uint32_t>(out.conditions.size() + 1));
    if (fresh) out.conditions.push_back(said.depends_on);
    v.condition = at->second;
  }
  return out;
}

}  // namespace

std::optional<NoticeAnswers> NoticeAnswers::build(std::span<const CompiledText> rows, const geo::Gazetteer& names,
                                                  const LintOptions& options, std::span<const char> only) {
  const EntryGrid grid(names);
  const Reach reach(names, grid);
  std::vector<RowAnswers> answers(rows.size());
  const bool finished = for_each_row(rows.size(), options, rows.size(), 2 * rows.size(), [&](std::size_t i) {
    answers[i] = ask(rows[i], i, names, reach.of(rows[i], only));
  });
  if (!finished) return std::nullopt;

  NoticeAnswers out;
  out.conditions_.emplace_back();
  out.begin_.assign(names.entry_count() + 1, 0);
  for (RowAnswers& row : answers) {
    const auto offset = static_cast<std::uint32_t>(out.conditions_.size() - 1);
    std::ranges::move(row.conditions, std::back_inserter(out.conditions_));
    for (RowVerdict& v : row.verdicts) {
      if (v.condition != 0) v.condition += offset;
      ++out.begin_[v.entry + 1];
    }
  }
  for (std::size_t i = 1; i < out.begin_.size(); ++i) out.begin_[i] += out.begin_[i - 1];
  out.verdicts_.resize(out.begin_.back());
  std::vector<std::uint32_t> at(out.begin_.begin(), out.begin_.end() - 1);
  for (const RowAnswers& row : answers) {
    for (const RowVerdict& v : row.verdicts) out.verdicts_[at[v.entry]++] = v;
  }
  out.lost_ = find_lost(out, rows, names, only);
  return out;
}

bool NoticeAnswers::may_be_in_a_region(EntryId entry) const { return std::ranges::binary_search(lost_, entry); }

std::span<const RowVerdict> NoticeAnswers::of(EntryId entry) const {
  return std::span(verdicts_).subspan(begin_[entry], begin_[entry + 1] - begin_[entry]);
}

bool exclude_each_other(std::span<const Household> a, std::span<const Household> b) {
  return std::ranges::any_of(a, [&](const Household& x) {
    return std::ranges::any_of(b, [&](const Household& y) {
      if (x.kind == y.kind && x.who == y.who) return x.excluded != y.excluded;
      // Urban and non-urban registration are each other's contrary.
      const auto urban = [](const Household& h) { return h.kind == HouseholdKind::urban_hukou; };
      const auto other = [](const Household& h) { return h.kind == HouseholdKind::non_urban_hukou; };
      return ((urban(x) && other(y)) || (other(x) && urban(y))) && x.excluded == y.excluded;
    });
  });
}

bool lies_under(const geo::Gazetteer& names, const geo::EntryPath& path, NameId name) {
  for (NameId at : {path.street, path.estate, path.community, path.district}) {
    // Parents end at the city; a chain of them is short, and bounded in case the data has a ring.
    for (int depth = 0; at != geo::kNoName && depth < 8; ++depth) {
      if (at == name) return true;
      at = names.thing(at).parent;
    }
  }
  return false;
}

}  // namespace catchment::engine::zone_text
