// A run as the tables that audits and ledgers read.
#pragma once

#include "datasets/season_output.hpp"

namespace catchment::datasets {

// What a run cannot know (complaints, publications, records ...) is absent.
engine::admission::SeasonTables tables_of_run(const SeasonRun& run);

}  // namespace catchment::datasets
