#include "engine/planning/live_plan.hpp"

#include <algorithm>

#include "engine/planning/city/city_sources.hpp"
#include "engine/planning/city/plan_change.hpp"
#include "engine/planning/live/live_parts.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

using UnitStages = std::vector<std::pair<UnitIndex, StageIndex>>;

void check(const LiveOptions& options) {
  const auto refuse = [](const char* option, const char* message) { throw InputError("live_plan", option, message); };
  if (options.draws != 0 && (options.draws < 100 || options.draws > 100'000))
    refuse("draws", "there must be none or 100 to 100000 draws");
  if (options.sibling_share && !(*options.sibling_share >= 0 && *options.sibling_share <= 1))
    refuse("sibling_share", "must be 0 to 1");
  if (options.near_schools < 1 || options.near_schools > 1000) refuse("near_schools", "must be 1 to 1000");
  if (options.leave_m < 0 || options.leave_m > 1'000'000) refuse("leave_m", "must be 0 to 1000000");
}

// By unit and stage: the school year to which a younger child may follow, by the last change that gave the unit away.
std::vector<int> find_sibling_rules(const CityPlan& plan) {
  const std::size_t stages = plan.city().stages.size();
  std::vector<int> until(plan.city().units.size() * stages, 0);
  for (const AppliedChange* applied : plan.history()) {
    for (const AnswerEdit& edit : applied->edits) {
      if (edit.unit < plan.city().units.size())
        until[edit.unit * stages + edit.stage] = applied->change->phasing.siblings_until;
    }
  }
  return until;
}

std::vector<std::vector<int>> find_estates(const PlanCity& city) {
  std::vector<std::vector<int>> estates(city.units.size());
  for (const CityHousing& h : city.housing) {
    if (h.unit != kNoUnit) estates[h.unit].push_back(h.project.completion_year);
  }
  return estates;
}

// Whether anything a unit's sums read is another, apart from its answers.
bool same_unit(const PlanCity& a, const PlanCity& b, UnitIndex u) {
  const CityUnit &x = a.units[u], &y = b.units[u];
  const std::size_t row = a.stages.size() * a.years;
  const auto children = [&](const PlanCity& city) {
    return city.children.begin() + static_cast<std::ptrdiff_t>(u * row);
  };
  return x.in_force == y.in_force && x.addresses == y.addresses && x.households == y.households &&
         x.area_m2 == y.area_m2 && x.perimeter_m == y.perimeter_m && a.walks[u] == b.walks[u] &&
         std::equal(children(a), children(a) + static_cast<std::ptrdiff_t>(row), children(b));
}

bool same_seats(const EntrySeats& a, const EntrySeats& b) {
  return a.seats == b.seats && a.classes == b.classes && a.class_cap == b.class_cap && a.known == b.known;
}

}  // namespace

struct LivePlan::Impl {
  LiveBook book;
  ZoneTallies zones{book};
  ClassTallies classes{book};
  SchoolTallies schools{book};
  SeatFlows flows{book};
  LiveDemand demand;

  Impl(const CityPlan& reference, const CityPlan& plan, const LiveOptions& options)
      : book(make_book(reference, plan, options)), demand(book) {
    set_city_figures();
    count_homeless(1);
    put_in(all_units());
    flows.rebuild();
    UnitStages moved;
    for (const auto& [u, k] : all_units()) {
      if (u < reference.city().units.size() && differs(u, k)) moved.emplace_back(u, k);
    }
    demand.update(moved, schools);
    for (SchoolIndex s = 0; s < book.city().schools.size(); ++s) {
      for (StageIndex k = 0; k < book.stages; ++k) schools.touch(s, k);
    }
    settle();
  }

  static LiveBook make_book(const CityPlan& reference, const CityPlan& plan, LiveOptions options) {
    check(options);
    const PlanCity& city = reference.city();
    if (city.sources == nullptr || city.sources->demand == nullptr) options.draws = 0;
    LiveBook book{reference, plan, options, city.stages.size(), city.years, {}, {}, {}};
    book.tallies.resize(book.stages * book.years);
    return book;
  }

  UnitStages all_units() const {
    UnitStages list;
    for (UnitIndex u = 0; u < book.city().units.size(); ++u) {
      for (StageIndex k = 0; k < book.stages; ++k) list.emplace_back(u, k);
    }
    return list;
  }

  bool differs(UnitIndex u, StageIndex k) const {
    for (YearIndex y = 0; y < book.years; ++y) {
      if (!std::ranges::equal(book.plan.schools_of(u, k, y), book.reference.schools_of(u, k, y))) return true;
    }
    return false;
  }

  void set_city_figures() {
    book.siblings_until = find_sibling_rules(book.plan);
    book.estates = find_estates(book.city());
    zones.resize();
    classes.resize();
    schools.resize();
  }

  // Estates that lie in no unit: nobody has them.
  void count_homeless(int sign) {
    for (const CityHousing& h : book.city().housing) {
      if (h.unit != kNoUnit) continue;
      for (StageIndex k = 0; k < book.stages; ++k) {
        for (YearIndex y = 0; y < book.years; ++y) {
          if (h.project.completion_year > book.city().school_year(y)) continue;
          book.at(k, y).estates += sign;
          book.at(k, y).estates_without += sign;
        }
      }
    }
  }

  void count(const UnitStages& units, int sign) {
    UnitIndex last = kNoUnit;
    for (const auto& [u, k] : units) {
      count_unit(book, u, k, sign);
      zones.count(u, k, sign);
      schools.count(u, k, sign);
      if (u != last) classes.count(u, sign);
      last = u;
    }
  }
  void put_in(const UnitStages& units) { count(units, 1); }

  void settle() {
    zones.settle();
    schools.settle(demand.draws(), demand.places());
    flows.settle();
  }

  void update(const CityPlan& after) {
    const CityPlan before = book.plan;
    const bool same_city = before.shared_city() == after.shared_city();
    const std::vector<int> rules =
        after.made_by() == nullptr && before.made_by() == nullptr ? std::vector<int>{} : find_sibling_rules(after);
    UnitStages touched = find_touched(before, after, rules);
    UnitStages old = touched;
    std::erase_if(old, [&](const auto& at) { return at.first >= before.city().units.size(); });
    if (!same_city) count_homeless(-1);
    count(old, -1);
    book.plan = after;
    if (!same_city || !rules.empty() || before.sets().size() != after.sets().size()) {
      if (same_city) {
        if (!rules.empty()) book.siblings_until = rules;
        zones.resize();
      } else {
        set_city_figures();
      }
    }
    if (!same_city) count_homeless(1);
    count(touched, 1);
    update_flows(before, touched, same_city);
    if (!same_city) touch_schools(before.city());
    if (!touched.empty() || !same_city) demand.update(touched, schools);
    settle();
  }

  // In order, a unit's stages together.
  UnitStages find_touched(const CityPlan& before, const CityPlan& after, const std::vector<int>& rules) const {
    UnitStages touched;
    for (const AnswerEdit& e : differences(before, after)) touched.emplace_back(e.unit, e.stage);
    const std::size_t known = before.city().units.size(), units = after.city().units.size();
    const auto add = [&](UnitIndex u) {
      for (StageIndex k = 0; k < book.stages; ++k) touched.emplace_back(u, k);
    };
    if (before.shared_city() != after.shared_city()) {
      const auto estates = find_estates(after.city());
      for (UnitIndex u = 0; u < units; ++u) {
        if (u >= known || !same_unit(before.city(), after.city(), u) || estates[u] != book.estates[u]) add(u);
      }
      // A feeder counts with the units whose children it leads on.
      const auto same_feeder = [](const CityFeeder& a, const CityFeeder& b) {
        return a.from == b.from && a.to == b.to && a.share == b.share;
      };
      if (!std::ranges::equal(before.city().feeders, after.city().feeders, same_feeder)) {
        for (UnitIndex u = 0; u < units; ++u) add(u);
      }
    }
    if (!std::ranges::equal(before.sets(), after.sets())) add_shared(before, after, touched);
    for (std::size_t i = 0; i < rules.size() && i < book.siblings_until.size(); ++i) {
      if (rules[i] != book.siblings_until[i])
        touched.emplace_back(static_cast<UnitIndex>(i / book.stages), static_cast<StageIndex>(i % book.stages));
    }
    std::ranges::sort(touched);
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    return touched;
  }

  // Sets may be numbered otherwise: their zones are put together anew.
  void add_shared(const CityPlan& before, const CityPlan& after, UnitStages& touched) const {
    for (UnitIndex u = 0; u < after.city().units.size(); ++u) {
      for (StageIndex k = 0; k < book.stages; ++k) {
        bool shared = false;
        for (YearIndex y = 0; y < book.years; ++y) {
          const auto is_set = [&](const CityPlan& plan) {
            return u < plan.city().units.size() && plan.answer(u, k, y) >= kFirstSet && plan.answer(u, k, y) != kNobody;
          };
          shared = shared || is_set(before) || is_set(after);
        }
        if (shared) touched.emplace_back(u, k);
      }
    }
  }

  void update_flows(const CityPlan& before, const UnitStages& touched, bool same_city) {
    const PlanCity &was = before.city(), &is = book.city();
    const auto offers = [](const CitySchool& s, StageIndex k) {
      return s.ownership != "private" && s.offers[k].entry && s.offers[k].from < s.offers[k].to;
    };
    bool anew = was.units.size() != is.units.size() || was.schools.size() != is.schools.size();
    for (UnitIndex u = 0; !same_city && !anew && u < is.units.size(); ++u) anew = was.walks[u] != is.walks[u];
    for (SchoolIndex s = 0; !same_city && !anew && s < is.schools.size(); ++s) {
      for (StageIndex k = 0; k < book.stages; ++k) anew = anew || offers(was.schools[s], k) != offers(is.schools[s], k);
    }
    if (anew) return flows.rebuild();
    for (const auto& [u, k] : touched) flows.update_unit(u, k);
  }

  // Schools whose seats or offers are others than before.
  void touch_schools(const PlanCity& was) {
    const PlanCity& is = book.city();
    for (SchoolIndex s = 0; s < is.schools.size(); ++s) {
      for (StageIndex k = 0; k < book.stages; ++k) {
        bool same = s < was.schools.size() && was.schools[s].ownership == is.schools[s].ownership;
        for (YearIndex y = 0; same && y < book.years; ++y) {
          same = same_seats(was.seats_of(s, k, y), is.seats_of(s, k, y)) &&
                 was.schools[s].offers[k].open(y) == is.schools[s].offers[k].open(y);
        }
        if (same) continue;
        schools.touch(s, k);
        flows.update_school(s, k);
      }
    }
  }
};

LivePlan::LivePlan(const CityPlan& reference, const CityPlan& plan, const LiveOptions& options)
    : impl_(std::make_unique<Impl>(reference, plan, options)) {}
LivePlan::~LivePlan() = default;
LivePlan::LivePlan(LivePlan&&) noexcept = default;

void LivePlan::update(const CityPlan& plan) {
  const PlanCity &was = impl_->book.city(), &is = plan.city();
  if (is.units.size() < was.units.size() || is.schools.size() < was.schools.size()) {
    const LiveBook& book = impl_->book;
    impl_ = std::make_unique<Impl>(book.reference, plan, book.options);
  } else {
    impl_->update(plan);
  }
}

const CityPlan& LivePlan::plan() const { return impl_->book.plan; }

const YearTally& LivePlan::tally(StageIndex stage, YearIndex year) const {
  return impl_->book.tallies[stage * impl_->book.years + year];
}

IndicatorFacts LivePlan::facts(StageIndex stage) const {
  const LiveBook& book = impl_->book;
  IndicatorFacts facts;
  facts.draws = book.options.draws;
  facts.sibling_share = book.options.sibling_share;
  facts.grades = book.city().rules.stages[stage].grades();
  facts.history = !book.city().rezoned_before.empty();
  facts.walks = std::ranges::any_of(book.city().walks, [](const auto& w) { return w != nullptr; });
  facts.has_feeders = stage > 0;
  return facts;
}

std::vector<IndicatorRow> LivePlan::rows() const {
  const LiveBook& book = impl_->book;
  std::vector<IndicatorFacts> of_stage;
  for (StageIndex k = 0; k < book.stages; ++k) of_stage.push_back(facts(k));
  std::vector<IndicatorRow> rows;
  rows.reserve(indicators().size() * book.tallies.size());
  for (const Indicator& indicator : indicators()) {
    for (StageIndex k = 0; k < book.stages; ++k) {
      for (YearIndex y = 0; y < book.years; ++y)
        rows.push_back({&indicator, k, y, indicator.of(tally(k, y), of_stage[k])});
    }
  }
  return rows;
}

SchoolLoad LivePlan::load(SchoolIndex school, StageIndex stage, YearIndex year) const {
  return impl_->schools.load(school, stage, year);
}

std::vector<std::int64_t> LivePlan::seat_prices(StageIndex stage, YearIndex year) {
  return impl_->flows.prices(stage, year);
}

}  // namespace catchment::engine::planning
