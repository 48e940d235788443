// What may be said of a model beside a baseline.
#pragma once

#include "server/outlook/backtest_report.hpp"

namespace catchment::cli {

using outlook::verdict_of;

}  // namespace catchment::cli
