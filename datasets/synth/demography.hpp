// Children, pupils, housing and seats of a made-up city, written to its package.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "datasets/package_writer.hpp"
#include "datasets/synth/divisions.hpp"
#include "datasets/synth/layout.hpp"
#include "datasets/synth/school_plan.hpp"

namespace catchment::datasets::synth {

struct DemographyInput {
  const Layout* layout = nullptr;
  const Divisions* divisions = nullptr;
  const SchoolPlan* plan = nullptr;
  const std::vector<std::string>* unit_ids = nullptr;
  std::int64_t children = 0;  // of the last year, as expected
  std::uint64_t seed = 0;
};

// One housing project for two schools, completed in any year after kFirstYear and up to five years after the last;
// those completed bring at most a quarter of the children. A survey of the season to come finds 97 % of the children of
// age 5 and counts 2 % who are not there. Returns the children of the last year; stops early when cancelled() is true.
std::int64_t write_demography(const DemographyInput& input, PackageWriter& out, const std::function<bool()>& cancelled);

}  // namespace catchment::datasets::synth
