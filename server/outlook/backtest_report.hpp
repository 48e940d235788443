// A back-test as a table, as JSON, and what may be said of a model beside a baseline.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/demand/backtest.hpp"

namespace catchment::outlook {

// better (shown: fewer than one in twenty by luck) | not shown better | worse (shown as surely) | no cases
std::string_view verdict_of(const engine::demand::Beside& beside);

nlohmann::ordered_json backtest_json(const engine::demand::BacktestReport& report);
std::string backtest_csv(const engine::demand::BacktestReport& report);  // a line for the model, one for each baseline

}  // namespace catchment::outlook
