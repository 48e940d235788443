#include "engine/planning/sites/choose_sites.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <stdexcept>

#include "engine/planning/sites/site_bound.hpp"
#include "engine/planning/sites/site_search.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

constexpr int kStepsALook = 5;     // at the clock
constexpr int kLooksADescent = 5;  // of a plan from the bound's picks
constexpr int kRootDescents = 4;   // a round
constexpr int kNodeDescents = 4;
constexpr int kRootStarts = 2, kMostStarts = 8;  // of the root's steps anew: always, and while that strikes out
// Of steps without a better bound. Where seats are few steps shorten soon; else the root's is doubled with every start.
constexpr int kPatience = 20, kNodePatience = 20, kPatienceOfSeats = 6, kMostDoublings = 4;
constexpr int kLastStepPatience = 40;  // of a node whose bound is a step of the costs below the best plan
constexpr int kShakes = 10;            // a round at the root
constexpr double kRootLength = 1.5, kStartLength = 0.5, kNodeLength = 0.5;  // a node begins near its best prices
constexpr double kClear = 0.05;  // a site picked so seldom, or so often, is not branched on while units can be
constexpr std::size_t kNodeBytes = std::size_t{1} << 29;

class Chooser {
 public:
  Chooser(const SiteProblem& problem, const OptimiseOptions& options)
      : options_(options),
        model_(problem),
        bound_(model_),
        search_(make_site_search(model_, options.seed, [this] { return stop(); })) {
    const std::size_t bytes = model_.m + 8 * model_.n + (model_.limited ? model_.n * model_.m / 8 : 0) + 1;
    most_nodes_ = std::max<std::size_t>(64, kNodeBytes / bytes);
  }

  void run(SiteResult& result) {
    SiteNode root = make_root();
    if (explore_root(root)) branch(std::move(root));
    while (!nodes_.empty() && !stop()) explore(take_node());
    finish(result);
  }

 private:
  bool found() const { return search_->best().cost != kNever; }
  // No plan that is sought costs as much: the best one, or what no legal plan can reach.
  double cutoff() const { return found() ? search_->best().cost : model_.ceiling * (1 + 1e-6) + 1 + model_.quantum; }
  bool closed(double bound) const { return model_.closes(bound, cutoff()); }

  // What no plan costs less than, as far as the tree has got.
  double tree_bound() const {
    double least = std::min(now_, dropped_);
    if (!nodes_.empty()) least = std::min(least, nodes_.begin()->first.first);
    return std::max(0.0, least);
  }

  bool stop() {
    if (stopped_) return true;
    double share = options_.rounds > 0 ? static_cast<double>(round_) / options_.rounds : 0;
    if (options_.seconds > 0) {
      const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begun_;
      share = std::max(share, spent.count() / options_.seconds);
      stopped_ = spent.count() >= options_.seconds;
    }
    if (options_.rounds > 0 && round_ >= options_.rounds) stopped_ = true;
    if (options_.progress) {
      PlanProgress at{round_, std::min(1.0, share), std::nullopt, 0};
      if (found()) at.cost = search_->best().cost;
      at.bound = std::min(tree_bound(), at.cost.value_or(kNever));
      if (!options_.progress(at)) stopped_ = cancelled_ = true;
    }
    return stopped_;
  }

  // First prices: what a unit would pay for the nearest of as many sites as may be open, were they spread evenly.
  SiteNode make_root() const {
    SiteNode root;
    for (const char fixed : model_.fixed) {
      root.state.push_back(fixed ? SiteChoiceState::open : SiteChoiceState::free);
    }
    if (model_.limited) root.barred.assign((model_.n * model_.m + 63) / 64, 0);
    for (std::size_t u = 0; u < model_.n; ++u) {
      const auto row = model_.rows.of(u);
      root.price.push_back(row[std::min(row.size() - 1, row.size() / model_.high)].cost);
    }
    return root;
  }

  // The bound in steps, and plans from its picks on the way. False once the node is closed.
  bool improve(SiteNode& node, int descents) {
    for (int k = 0; k < descents && !bound_.stalled(); ++k) {
      for (int look = 0; look < kLooksADescent && !stop(); ++look) {
        bound_.improve(kStepsALook, cutoff(), found() ? search_->best().cost : kNever);
        now_ = node.bound;
        if (closed(node.bound)) return false;
        if (bound_.is_plan()) {
          search_->offer(bound_.picked(), bound_.taken_by());
          return !closed(node.bound);
        }
      }
      if (stopped_) return true;
      search_->descend_from(bound_.picked(), bound_.taken_by());
      if (closed(node.bound)) return false;
    }
    return true;
  }

  // Whether the next cost that a plan can have is the best plan's: then the prices are all that is missing.
  bool one_step_left(const SiteNode& node) const {
    return !model_.limited && found() && model_.quantum > 0 && cutoff() - node.bound < 1.5 * model_.quantum;
  }

  int node_patience(const SiteNode& node) const {
    if (model_.limited) return kPatienceOfSeats;
    return one_step_left(node) ? kLastStepPatience : kNodePatience;
  }

  // Rounds until the steps are short, anew with more patience, and again while that strikes something out or may prove
  // the best plan. Whether anything is left.
  bool explore_root(SiteNode& root) {
    double length = kRootLength;
    int starts = 0;
    std::size_t struck = 0;
    std::vector<SiteIndex> only;
    now_ = root.bound;
    while (!stop()) {
      if (!settle(model_, root, only)) return close(root);
      bound_.enter(root, only, length,
                   model_.limited ? kPatienceOfSeats : kPatience << std::min(starts, kMostDoublings));
      if (!improve(root, kRootDescents)) return close(root);
      for (int k = 0; k < kShakes && !stop(); ++k) search_->shake();
      if (closed(root.bound)) return close(root);
      struck += bound_.strike(cutoff());
      length = bound_.step_length();
      if (!stopped_) ++round_;
      if (bound_.is_plan()) break;
      if (!bound_.stalled()) continue;
      if (++starts > (struck > 0 || one_step_left(root) ? kMostStarts : kRootStarts)) break;
      struck = 0;
      length = kStartLength;
      bound_.narrow(root);
    }
    if (stopped_) return true;
    if (!settle(model_, root, only)) return close(root);
    bound_.narrow(root);
    bound_.enter(root, only, kNodeLength, node_patience(root));
    return improve(root, 1) || close(root);
  }

  // A node that has no plan worth having. Nothing is lost but what `closes` allows.
  bool close(const SiteNode& node) {
    now_ = kNever;
    if (found()) dropped_ = std::min(dropped_, std::max(node.bound, proved_cost()));
    return false;
  }

  double proved_cost() const {
    const double cost = search_->best().cost;
    return model_.quantum > 0 ? cost : cost - 1.1e-9 * (1 + cost);
  }

  SiteNode take_node() {
    auto at = nodes_.begin();
    if (nodes_.size() > most_nodes_) {
      if (const auto last = nodes_.find(newest_); last != nodes_.end()) at = last;
    }
    SiteNode node = std::move(at->second);
    nodes_.erase(at);
    return node;
  }

  void explore(SiteNode node) {
    now_ = node.bound;
    std::vector<SiteIndex> only;
    if (closed(node.bound) || !settle(model_, node, only)) {
      close(node);
    } else {
      bound_.enter(node, only, kNodeLength, node_patience(node));
      if (!improve(node, kNodeDescents)) {
        close(node);
      } else if (!stopped_ && bound_.strike(cutoff()) > 0 && !settle(model_, node, only)) {
        close(node);
      } else {
        branch(std::move(node));
      }
    }
    now_ = kNever;
    if (!stopped_) ++round_;
  }

  void push(SiteNode node) {
    newest_ = {node.bound, --sequence_};  // among equal bounds the newest comes first
    nodes_.emplace(newest_, std::move(node));
  }

  // The site whose picks waver most; once none does, the unit that was least often taken just once.
  void branch(SiteNode node) {
    now_ = kNever;
    if (stopped_) return push(std::move(node));
    SiteIndex site = static_cast<SiteIndex>(model_.m);
    double least = 2;
    for (SiteIndex s = 0; s < model_.m; ++s) {
      const double off = std::abs(bound_.share_of(s) - 0.5);
      if (node.state[s] == SiteChoiceState::free && off < least) least = off, site = s;
    }
    if (model_.limited && least > 0.5 - kClear && branch_unit(node)) return;
    if (site == model_.m) {
      dropped_ = std::min(dropped_, node.bound);  // nothing is left to decide
      return;
    }
    SiteNode shut = node;
    shut.state[site] = SiteChoiceState::shut;
    node.state[site] = SiteChoiceState::open;
    push(std::move(shut));
    push(std::move(node));
  }

  bool branch_unit(SiteNode& node) {
    std::size_t unit = model_.n;
    double most = -1;
    for (std::size_t u = 0; u < model_.n; ++u) {
      if (bound_.conflict_of(u) <= most) continue;
      std::size_t choices = 0;
      for (const SiteChoice& c : model_.rows.of(u)) {
        choices += node.state[c.site] != SiteChoiceState::shut && !node.bars(c.site * model_.n + u);
      }
      if (choices > 1) most = bound_.conflict_of(u), unit = u;
    }
    if (unit == model_.n) return false;
    const SiteIndex site = bound_.likely_site(node, unit);
    SiteNode without = node;
    without.bar(site * model_.n + unit);
    for (SiteIndex s = 0; s < model_.m; ++s) {
      if (s != site) node.bar(s * model_.n + unit);
    }
    push(std::move(without));
    push(std::move(node));
    return true;
  }

  void finish(SiteResult& result) const {
    result.rounds = round_;
    result.cancelled = cancelled_;
    result.bound = tree_bound();
    if (!found()) {
      if (result.bound != kNever) return;
      result.bound = 0;
      result.status = OptimiseStatus::infeasible;
      result.findings.push_back({SiteFindingKind::no_choice,
                                 true,
                                 {},
                                 {},
                                 "no choice of sites that may be open together seats every unit at one of them"});
      return;
    }
    const SiteBest& best = search_->best();
    for (const SiteIndex s : best.open) result.plan.open.push_back(model_.site[s]);
    for (const SiteIndex s : best.site_of) result.plan.site_of.push_back(model_.site[s]);
    result.cost = best.cost;
    result.bound = std::min(result.bound, proved_cost());
    const bool proved = result.bound >= proved_cost();
    result.status = proved ? OptimiseStatus::optimal : OptimiseStatus::feasible;
  }

  const OptimiseOptions& options_;
  SiteModel model_;
  SiteBound bound_;
  std::unique_ptr<SiteSearch> search_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  using Key = std::pair<double, long>;
  std::map<Key, SiteNode> nodes_;
  Key newest_;
  long sequence_ = 0;
  std::size_t most_nodes_ = 0;
  double now_ = 0;           // bound of the node that is explored
  double dropped_ = kNever;  // bound of nodes that are done with
  int round_ = 0;
  bool stopped_ = false, cancelled_ = false;
};

}  // namespace

SiteResult choose_sites(const SiteProblem& problem, const OptimiseOptions& options) {
  if (options.rounds <= 0 && !(options.seconds > 0)) {
    throw InputError("no_limit", "", "a choice of sites needs a limit of rounds or of seconds");
  }
  SiteResult result;
  result.findings = find_site_problems(problem);
  if (std::ranges::any_of(result.findings, &SiteFinding::fatal)) {
    result.status = OptimiseStatus::infeasible;
    return result;
  }
  if (problem.units.empty()) {
    result.status = OptimiseStatus::optimal;
    return result;
  }
  Chooser(problem, options).run(result);
  // What leaves here has been checked by code that shares nothing with the search.
  if (!result.plan.open.empty() && !check_site_plan(problem, result.plan).empty()) {
    throw std::logic_error("the choice of sites breaks a limit");
  }
  return result;
}

double site_costs(const SiteProblem& problem, const std::vector<SiteIndex>& open) {
  return cost_of(problem, SitePlan{open, {}});
}

PlanProblem to_plan_problem(const SiteProblem& problem, const SitePlan& plan,
                            std::vector<std::pair<UnitIndex, UnitIndex>> borders) {
  PlanProblem zones;
  zones.units = problem.units;
  zones.borders = std::move(borders);
  int children = 0;
  for (const PlanUnit& u : problem.units) children += u.children;
  for (const SiteIndex s : plan.open) {
    const Site& site = problem.sites[s];
    zones.schools.push_back({site.id, site.unit, site.seats.value_or(children)});
  }
  for (UnitIndex u = 0; u < problem.units.size(); ++u) {
    for (const SiteIndex s : plan.open) zones.cost.push_back(problem.cost_of(u, s));
  }
  return zones;
}

}  // namespace catchment::engine::planning
