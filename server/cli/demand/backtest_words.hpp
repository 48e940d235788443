// What may be said of a model beside a baseline.
#pragma once

#include <string_view>

#include "engine/demand/backtest.hpp"

namespace catchment::cli {

// better (shown: fewer than one in twenty by luck) | not shown better | worse (shown as surely) | no cases
std::string_view verdict_of(const engine::demand::Beside& beside);

}  // namespace catchment::cli
