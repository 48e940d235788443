// A choice of sites from plain tables: units, sites, and how far it is from each to each.
#pragma once

#include <string>

#include "engine/planning/sites/site_problem.hpp"
#include "server/cli/plan_tables.hpp"

namespace catchment::cli {

// Files by path; empty: none. At most one of `distances` and `edges`.
//   units       id, children, and x, y (metres) if neither distances nor edges are given
//   candidates  id, unit; seats (empty: no limit), state (candidate|open|fixed|closed; candidate if it lacks),
//               open_cost, close_cost (0 if they lack)
//   distances   unit, site, and metres from one to the other, or cost of all the unit's children there as it is; a pair
//               that lacks is never chosen
//   edges       u, v, metres: a graph walked both ways, whose nodes are units' ids and any others; of edges between the
//               same two the shortest counts. A site is where its unit is
// The cost of a unit at a site is its children times the metres, or the straight line's.
struct SiteTables {
  std::string units, candidates, distances, edges;
};

struct SiteInput {
  engine::planning::SiteProblem problem;  // without limits of how many are open
  UnitNumbers units;
};

// Throws InputError that names file, row and field.
SiteInput read_site_tables(const SiteTables& tables);

}  // namespace catchment::cli
