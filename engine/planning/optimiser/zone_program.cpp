#include "engine/planning/optimiser/zone_program.hpp"

#include <algorithm>
#include <cmath>
#include <coin/ClpSimplex.hpp>
#include <cstdlib>

namespace catchment::engine::planning {
namespace {

int env_int(const char* n, int d) { const char* v = getenv(n); return v ? atoi(v) : d; }
double env_d(const char* n, double d) { const char* v = getenv(n); return v ? atof(v) : d; }
const std::size_t kColumns = (std::size_t)env_int("KCOL", 100);  // of a school at first
const std::size_t kMore = (std::size_t)env_int("KMORE", 40);     // of a school and sift
const int kSifts = env_int("KSIFTS", 6);
const double kCertain = env_d("KCERT", 0.9);
const double kPenalty = env_d("KPEN", 1.0);

struct Column {
  SchoolIndex school = 0;
  std::vector<UnitIndex> units;
  std::vector<std::uint64_t> bits;
};

}  // namespace

struct ZoneProgram::Impl {
  const PlanProblem& problem;
  std::size_t n, m;
  std::vector<char> home;
  ClpSimplex lp;
  int first = 0;  // columns before it are the units' slacks
  std::vector<Column> columns;
  std::unordered_set<std::uint64_t> taken;
  std::vector<double> shares, price;

  Impl(const PlanProblem& p, const ZonePool& pool, double below) : problem(p), n(p.units.size()), m(p.schools.size()) {
    home.assign(n, 0);
    for (const PlanSchool& s : p.schools) home[s.unit] = 1;
    shares.assign(n * m, 0);
    price.assign(pool.prices().begin(), pool.prices().end());
    lp.setLogLevel(0);
    add_rows();
    add_slacks(pool, below);
    for (SchoolIndex s = 0; s < m; ++s) {
      std::vector<const PoolZone*> best;
      for (const PoolZone& z : pool.zones(s)) best.push_back(&z);
      add_best(s, best, kColumns, [](const PoolZone& z) { return z.value; });
    }
    flush();
  }

  void add_rows() {
    const int rows = static_cast<int>(n + m + (problem.budget ? 1 : 0));
    lp.resize(rows, 0);
    for (int r = 0; r < static_cast<int>(n + m); ++r) {
      const bool free = r < static_cast<int>(n) && home[static_cast<std::size_t>(r)];
      lp.setRowBounds(r, free ? 0 : 1, free ? COIN_DBL_MAX : 1);
    }
    if (problem.budget) lp.setRowBounds(rows - 1, -COIN_DBL_MAX, problem.budget->children);
  }

  void add_slacks(const ZonePool& pool, double below) {
    double children = 0;
    for (const PlanUnit& u : problem.units) children += u.children;
    for (UnitIndex u = 0; u < n; ++u) {
      if (home[u]) continue;
      const double give = kPenalty * below * ((problem.units[u].children + 1) / (children + static_cast<double>(n)) + 2.0 / static_cast<double>(n));
      const double p = pool.prices()[u];
      push(p + give, {{static_cast<int>(u)}}, 1);
      push(give - p, {{static_cast<int>(u)}}, -1);
    }
    first = static_cast<int>(costs.size());
  }

  std::vector<double> costs, elements;
  std::vector<CoinBigIndex> starts{0};
  std::vector<int> rows;
  void push(double cost, std::vector<int> r, double v) {
    costs.push_back(cost);
    for (int x : r) rows.push_back(x), elements.push_back(v);
    starts.push_back(static_cast<CoinBigIndex>(rows.size()));
  }
  void flush() {
    if (costs.empty()) return;
    lp.addColumns(static_cast<int>(costs.size()), nullptr, nullptr, costs.data(), starts.data(), rows.data(),
                  elements.data());
    costs.clear(), elements.clear(), rows.clear(), starts.assign(1, 0);
  }

  template <class Value>
  std::size_t add_best(SchoolIndex s, std::vector<const PoolZone*>& zones, std::size_t most, Value value) {
    std::erase_if(zones, [&](const PoolZone* z) { return taken.contains(z->hash); });
    const auto cheaper = [&](const PoolZone* a, const PoolZone* b) {
      return std::pair{value(*a), a->hash} < std::pair{value(*b), b->hash};
    };
    const std::size_t count = std::min(most, zones.size());
    std::partial_sort(zones.begin(), zones.begin() + static_cast<std::ptrdiff_t>(count), zones.end(), cheaper);
    for (std::size_t k = 0; k < count; ++k) add(s, *zones[k]);
    return count;
  }

  void add(SchoolIndex s, const PoolZone& z) {
    taken.insert(z.hash);
    Column c{s, z.units, std::vector<std::uint64_t>((n + 63) / 64)};
    costs.push_back(z.cost);
    for (const UnitIndex u : z.units) {
      c.bits[u / 64] |= std::uint64_t{1} << (u % 64);
      if (!home[u]) rows.push_back(static_cast<int>(u)), elements.push_back(1);
    }
    rows.push_back(static_cast<int>(n + s)), elements.push_back(1);
    if (problem.budget && z.moved > 0) rows.push_back(static_cast<int>(n + m)), elements.push_back(z.moved);
    starts.push_back(static_cast<CoinBigIndex>(rows.size()));
    columns.push_back(std::move(c));
  }

  void read() {
    const double* x = lp.getColSolution();
    std::ranges::fill(shares, 0.0);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const double v = x[first + static_cast<int>(k)];
      if (v < 1e-9) continue;
      for (const UnitIndex u : columns[k].units) shares[u * m + columns[k].school] += v;
    }
    for (UnitIndex u = 0; u < n; ++u) {
      if (!home[u]) price[u] = lp.getRowPrice()[u];
    }
  }

  double value_of(const PoolZone& z, double moved_price) const {
    double v = z.cost - moved_price * z.moved;
    for (const UnitIndex u : z.units) v -= home[u] ? 0.0 : price[u];
    return v;
  }

  void unfix() {
    for (int j = 0; j < lp.numberColumns(); ++j) lp.setColumnUpper(j, COIN_DBL_MAX);
  }

  void fix(UnitIndex u, SchoolIndex s) {
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const bool has = (columns[k].bits[u / 64] >> (u % 64) & 1) != 0;
      if (has != (columns[k].school == s)) lp.setColumnUpper(first + static_cast<int>(k), 0);
    }
  }
};

ZoneProgram::ZoneProgram(const PlanProblem& problem, const ZonePool& pool, double below)
    : impl_(std::make_unique<Impl>(problem, pool, below)) {}
ZoneProgram::~ZoneProgram() = default;
ZoneProgram::ZoneProgram(ZoneProgram&&) noexcept = default;

bool ZoneProgram::solve(const ZonePool& pool, const std::function<bool()>& stop) {
  Impl& p = *impl_;
  p.unfix();
  p.lp.dual();
  p.read();
  for (int sift = 0; sift < kSifts; ++sift) {
    if (stop && stop()) return false;
    std::size_t added = 0;
    for (SchoolIndex s = 0; s < p.m; ++s) {
      const double least = p.lp.getRowPrice()[p.n + s], moved = p.problem.budget ? p.lp.getRowPrice()[p.n + p.m] : 0;
      std::vector<const PoolZone*> good;
      std::vector<std::pair<double, const PoolZone*>> v;
      for (const PoolZone& z : pool.zones(s)) {
        if (p.taken.contains(z.hash)) continue;
        const double x = p.value_of(z, moved);
        if (x < least - 1e-7) v.push_back({x, &z});
      }
      std::ranges::sort(v, {}, [](const auto& a) { return std::pair{a.first, a.second->hash}; });
      for (auto& [x, z] : v) good.push_back(z);
      for (std::size_t k = 0; k < std::min(kMore, good.size()); ++k) p.add(s, *good[k]), ++added;
    }
    if (getenv("LPV")) printf("   sift %d value %.4f added %zu iters %d\n", sift, p.lp.objectiveValue(), added, p.lp.numberIterations());
    if (added == 0) break;
    p.flush();
    p.lp.primal();
    p.read();
  }
  return true;
}

double ZoneProgram::value() const { return impl_->lp.objectiveValue(); }
std::span<const double> ZoneProgram::shares() const { return impl_->shares; }
std::span<const double> ZoneProgram::unit_price() const { return impl_->price; }

bool ZoneProgram::dive(double below, double noise, PlanRandom& random, ZonePool& pool, ZonePricer& pricer, const std::vector<char>& allowed, const std::function<bool()>& stop) {
  static const int kProps = env_int("DPROPS", 4000), kRounds = env_int("DROUNDS", 3);
  static const double kJump = env_d("DJUMP", 2e-5);
  Impl& p = *impl_;
  int lps = 0;
  std::vector<char> may = allowed;
  std::vector<SchoolIndex> fixed(p.n, UINT32_MAX);
  double last = value();
  const double unit_cost = below / static_cast<double>(p.n), bonus = 30 * unit_cost;
  const auto price = [&] {
    std::vector<double> prices = p.price;
    std::vector<int> fixes(p.m, 0);
    for (UnitIndex u = 0; u < p.n; ++u) {
      if (p.home[u]) prices[u] = 0;
      else if (fixed[u] != UINT32_MAX) prices[u] += bonus, ++fixes[fixed[u]];
    }
    std::vector<int> start(p.m, -1);
    const double* x = p.lp.getColSolution();
    for (std::size_t k = 0; k < p.columns.size(); ++k) {
      int& at = start[p.columns[k].school];
      const double v = x[p.first + static_cast<int>(k)];
      if (v > 1e-6 && (at < 0 || v > x[p.first + at])) at = static_cast<int>(k);
    }
    std::size_t added = 0;
    for (SchoolIndex s = 0; s < p.m; ++s) {
      if (start[s] < 0 || x[p.first + start[s]] > 0.999) continue;
      const double limit = p.lp.getRowPrice()[p.n + s] - 1e-6 * unit_cost - bonus * fixes[s];
      struct New { double value; std::uint64_t hash; std::vector<UnitIndex> units; };
      std::vector<New> news;
      std::unordered_set<std::uint64_t> seen;
      pricer.search(s, p.columns[static_cast<std::size_t>(start[s])].units, pool, prices, may, {kProps, 0.2 * unit_cost, 0.01 * unit_cost},
        [&](double v, std::uint64_t h) { return v < limit && !p.taken.contains(h) && !seen.contains(h); },
        [&](std::span<const UnitIndex> units, double v, std::uint64_t h) { seen.insert(h); news.push_back({v, h, {units.begin(), units.end()}}); });
      const std::size_t count = std::min<std::size_t>(news.size(), kMore);
      std::partial_sort(news.begin(), news.begin() + static_cast<std::ptrdiff_t>(count), news.end(), [](const New& a, const New& b) { return std::pair{a.value, a.hash} < std::pair{b.value, b.hash}; });
      for (std::size_t k = 0; k < count; ++k) {
        PoolZone z; z.hash = news[k].hash; z.units = news[k].units; std::ranges::sort(z.units);
        for (const UnitIndex u : z.units) { z.cost += p.problem.cost_of(u, s); if (p.problem.budget && p.problem.budget->current[u] != s) z.moved += p.problem.units[u].children; }
        p.add(s, z);
        pool.add(s, z.units, z.hash);
        ++added;
      }
    }
    return added;
  };
  for (;;) {
    if (stop && stop()) return false;
    std::vector<std::tuple<double, UnitIndex, SchoolIndex>> open;
    for (UnitIndex u = 0; u < p.n; ++u) {
      if (p.home[u]) continue;
      const auto begin = p.shares.begin() + static_cast<std::ptrdiff_t>(u * p.m);
      const auto top = std::max_element(begin, begin + static_cast<std::ptrdiff_t>(p.m));
      if (*top > 0.999) continue;
      if (*top < 1e-6) continue;
      open.emplace_back(-*top * (1 - noise * random.unit()), u, static_cast<SchoolIndex>(top - begin));
    }
    if (getenv("LPV")) printf("   dive lp %d value %.4f open %zu iters %d\n", lps, value(), open.size(), p.lp.numberIterations());
    if (open.empty() || value() >= below) break;
    static const double kBig = env_d("DBIG", 1.5);
    static const int kAmb = env_int("DAMB", 0);
    double mean = 0;
    for (const PlanUnit& x : p.problem.units) mean += x.children;
    mean /= static_cast<double>(p.n);
    const auto commit = [&](UnitIndex u, SchoolIndex s) {
      fixed[u] = s;
      for (SchoolIndex t = 0; t < p.m; ++t) if (t != s) may[u * p.m + t] = 0;
    };
    std::size_t pick = open.size(); double top_score = -1;
    for (std::size_t k = 0; k < open.size(); ++k) {
      const auto [share, u, s] = open[k];
      const double c = p.problem.units[u].children;
      if (c < kBig * mean) continue;
      const double score = c * (kAmb ? 1 + share : -share);
      if (score > top_score) top_score = score, pick = k;
    }
    if (pick < open.size()) {
      const auto [share, u, s1] = open[pick];
      SchoolIndex s2 = s1; double sh2 = 0.02;
      for (SchoolIndex t = 0; t < p.m; ++t) if (t != s1 && p.shares[u * p.m + t] > sh2) sh2 = p.shares[u * p.m + t], s2 = t;
      if (s2 == s1) { p.fix(u, s1); commit(u, s1); p.lp.dual(); ++lps; p.read(); }
      else {
        std::vector<unsigned char> status(p.lp.statusArray(), p.lp.statusArray() + p.lp.numberColumns() + p.lp.numberRows());
        std::vector<double> upper(p.lp.columnUpper(), p.lp.columnUpper() + p.lp.numberColumns());
        p.fix(u, s2); p.lp.dual(); ++lps; const double v2 = value(); 
        std::vector<double> upper2(p.lp.columnUpper(), p.lp.columnUpper() + p.lp.numberColumns());
        std::vector<unsigned char> status2(p.lp.statusArray(), p.lp.statusArray() + p.lp.numberColumns() + p.lp.numberRows());
        for (int j = 0; j < p.lp.numberColumns(); ++j) p.lp.setColumnUpper(j, upper[(std::size_t)j]);
        std::copy(status.begin(), status.end(), p.lp.statusArray());
        p.fix(u, s1); p.lp.dual(); ++lps; const double v1 = value();
        if (getenv("LPV")) printf("   unit %u (%d) share %.2f/%.2f -> %.4f or %.4f\n", u, p.problem.units[u].children, -share, sh2, v1, v2);
        if (v1 <= v2 + 1e-5 * below) commit(u, s1);
        else {
          for (int j = 0; j < p.lp.numberColumns(); ++j) p.lp.setColumnUpper(j, upper2[(std::size_t)j]);
          std::copy(status2.begin(), status2.end(), p.lp.statusArray());
          p.lp.dual(); commit(u, s2);
        }
        p.read();
      }
    } else {
      std::ranges::sort(open);
      for (std::size_t k = 0; k < open.size() && (k == 0 || -std::get<0>(open[k]) > kCertain); ++k) {
        const auto [share, u, s] = open[k];
        p.fix(u, s);
        commit(u, s);
      }
      p.lp.dual();
      ++lps;
      p.read();
    }

    for (int round = 0; round < kRounds && value() > last + kJump * below; ++round) {
      const double before = value();
      const std::size_t added = price();
      p.flush();
      if (added) p.lp.primal(), p.read();
      if (getenv("LPV")) printf("   priced: %.4f -> %.4f added %zu\n", before, value(), added);
      if (added == 0 || before - value() < 0.2 * (before - last)) break;
    }
    last = std::max(last, value());
  }
  return true;
}

}  // namespace catchment::engine::planning
