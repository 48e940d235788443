// What tests of audits share: a sound season with one change, and the audit that must find it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "engine/admission/audits/audits.hpp"
#include "tests/engine/admission/sound_season.hpp"

namespace catchment::testing {

using SeasonChange = std::function<void(SeasonTables&)>;

inline const AuditResult& result_of(const std::vector<AuditResult>& results, const std::string& audit) {
  return *std::ranges::find_if(results, [&](const AuditResult& result) { return result.use.audit == audit; });
}

// After the change this audit is broken by that row; before it, nothing was.
inline void expect_breach(const std::string& audit, const std::string& row, const SeasonChange& change) {
  SeasonTables world = sound_season();
  change(world);
  const auto results = run_audits(world, sound_rules());
  const AuditResult& result = result_of(results, audit);
  EXPECT_EQ(result.verdict, AuditVerdict::broken) << audit << ": " << result.reason;
  EXPECT_TRUE(std::ranges::any_of(result.breaches, [&](const Breach& breach) { return breach.row == row; }))
      << audit << " does not name " << row;
  EXPECT_EQ(result.use.clause, "clause_" + audit);
}

}  // namespace catchment::testing
