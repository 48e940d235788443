#include "server/cli/site_tables.hpp"

#include <cmath>
#include <queue>

#include "geo/input_error.hpp"
#include "server/cli/table_rows.hpp"

namespace catchment::cli {
namespace {

using engine::planning::kNever;
using engine::planning::PlanUnit;
using engine::planning::Site;
using engine::planning::SiteProblem;
using engine::planning::SiteState;
using engine::planning::UnitIndex;

constexpr double kMostSiteMetres = 1e8;
constexpr double kMostCost = 1e12;

class Reader {
 public:
  explicit Reader(const SiteTables& tables) : tables_(tables) {}

  SiteInput read() {
    read_units();
    read_sites();
    problem().cost.assign(problem().units.size() * problem().sites.size(), kNever);
    if (!tables_.distances.empty()) {
      read_distances();
    } else if (!tables_.edges.empty()) {
      read_edges();
      for (std::size_t s = 0; s < problem().sites.size(); ++s) walk_from(s);
    } else {
      measure();
    }
    return std::move(input_);
  }

 private:
  SiteProblem& problem() { return input_.problem; }
  double& cost(std::size_t unit, std::size_t site) { return problem().cost[unit * problem().sites.size() + site]; }
  bool placed() const { return tables_.distances.empty() && tables_.edges.empty(); }

  void read_units() {
    std::vector<std::string> wanted{"id", "children"};
    if (placed()) wanted.insert(wanted.end(), {"x", "y"});
    TableRows rows(tables_.units, wanted);
    while (rows.next()) {
      const std::string id(rows.text(0));
      if (!input_.units.emplace(id, static_cast<UnitIndex>(problem().units.size())).second) {
        rows.fail(0, id + " stands there twice");
      }
      problem().units.push_back({id, rows.count(1)});
      if (placed()) {
        places_.emplace_back(rows.number(2, -kMostSiteMetres, kMostSiteMetres),
                             rows.number(3, -kMostSiteMetres, kMostSiteMetres));
      }
    }
    if (problem().units.empty()) throw InputError("plan_table", tables_.units, "has no rows");
  }

  void read_sites() {
    TableRows rows(tables_.candidates, {"id", "unit"}, {"seats", "state", "open_cost", "close_cost"});
    while (rows.next()) {
      Site site;
      site.id = rows.text(0);
      if (!sites_.emplace(site.id, static_cast<UnitIndex>(problem().sites.size())).second) {
        rows.fail(0, site.id + " stands there twice");
      }
      const auto unit = input_.units.find(rows.text(1));
      if (unit == input_.units.end()) rows.fail(1, std::string(rows.text(1)) + " is no unit of " + tables_.units);
      site.unit = unit->second;
      if (!rows.empty(2)) site.seats = rows.count(2);
      if (!rows.empty(3)) {
        const auto state = engine::planning::parse_site_state(rows.text(3));
        if (!state) rows.fail(3, "is none of candidate, open, fixed, closed");
        site.state = *state;
      }
      if (!rows.empty(4)) site.open_cost = rows.number(4, 0, kMostCost);
      if (!rows.empty(5)) site.close_cost = rows.number(5, 0, kMostCost);
      problem().sites.push_back(std::move(site));
    }
  }

  void read_distances() {
    TableRows rows(tables_.distances, {"unit", "site"}, {"metres", "cost"});
    if (rows.has(2) == rows.has(3)) throw InputError("plan_table", rows.where(), "needs a column metres, or cost");
    while (rows.next()) {
      const auto unit = input_.units.find(rows.text(0));
      if (unit == input_.units.end()) rows.fail(0, std::string(rows.text(0)) + " is no unit of " + tables_.units);
      const auto site = sites_.find(rows.text(1));
      if (site == sites_.end()) rows.fail(1, std::string(rows.text(1)) + " is no site of " + tables_.candidates);
      double& at = cost(unit->second, site->second);
      if (at != kNever) rows.fail(0, unit->first + " and " + site->first + " stand there twice");
      at = rows.has(3) ? rows.number(3, 0, kMostCost)
                       : rows.number(2, 0, kMostSiteMetres) * problem().units[unit->second].children;
    }
  }

  void read_edges() {
    UnitNumbers nodes = input_.units;
    graph_.resize(nodes.size());
    TableRows rows(tables_.edges, {"u", "v", "metres"});
    while (rows.next()) {
      std::size_t ends[2] = {};
      for (std::size_t k = 0; k < 2; ++k) {
        const auto [node, fresh] = nodes.emplace(rows.text(k), static_cast<UnitIndex>(graph_.size()));
        if (fresh) graph_.emplace_back();
        ends[k] = node->second;
      }
      const double metres = rows.number(2, 0, kMostSiteMetres);
      graph_[ends[0]].emplace_back(ends[1], metres);
      graph_[ends[1]].emplace_back(ends[0], metres);
    }
  }

  void walk_from(std::size_t site) {
    using Step = std::pair<double, std::size_t>;
    std::priority_queue<Step, std::vector<Step>, std::greater<>> front;
    std::vector<char> seen(graph_.size(), 0);
    front.emplace(0, problem().sites[site].unit);
    while (!front.empty()) {
      const auto [metres, node] = front.top();
      front.pop();
      if (seen[node]) continue;
      seen[node] = 1;
      if (node < problem().units.size()) cost(node, site) = metres * problem().units[node].children;
      for (const auto& [next, length] : graph_[node]) {
        if (!seen[next]) front.emplace(metres + length, next);
      }
    }
  }

  void measure() {
    for (std::size_t u = 0; u < problem().units.size(); ++u) {
      for (std::size_t s = 0; s < problem().sites.size(); ++s) {
        const auto [x, y] = places_[problem().sites[s].unit];
        const double dx = places_[u].first - x, dy = places_[u].second - y;
        cost(u, s) = problem().units[u].children * std::sqrt(dx * dx + dy * dy);
      }
    }
  }

  const SiteTables& tables_;
  SiteInput input_;
  UnitNumbers sites_;
  std::vector<std::pair<double, double>> places_;
  std::vector<std::vector<std::pair<std::size_t, double>>> graph_;
};

}  // namespace

SiteInput read_site_tables(const SiteTables& tables) {
  if (!tables.distances.empty() && !tables.edges.empty()) {
    throw InputError("plan_table", tables.edges, "distances are given already");
  }
  return Reader(tables).read();
}

}  // namespace catchment::cli
