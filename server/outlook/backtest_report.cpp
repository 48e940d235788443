#include "server/outlook/backtest_report.hpp"

#include <cstdio>

namespace catchment::outlook {

using namespace engine::demand;
using nlohmann::ordered_json;

namespace {

std::string digits_of(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

ordered_json errors_json(const Errors& e) {
  return {{"n", e.n}, {"mape", e.mape}, {"mae", e.mae}, {"bias", e.bias}, {"rmse", e.rmse}};
}

}  // namespace

std::string_view verdict_of(const Beside& beside) {
  if (beside.baseline.n == 0) return "no cases";
  if (beside.better) return "better";
  return beside.gain + 1.645 * beside.gain_se < 0 ? "worse" : "not shown better";
}

ordered_json backtest_json(const BacktestReport& report) {
  ordered_json rows = ordered_json::array();
  for (const BacktestRow& row : report.rows) {
    ordered_json baselines = ordered_json::array();
    for (std::size_t b = 0; b < kBaselines.size(); ++b) {
      const Beside& beside = row.beside[b];
      baselines.push_back({{"baseline", to_word(kBaselines[b])},
                           {"verdict", verdict_of(beside)},
                           {"errors", errors_json(beside.baseline)},
                           {"model_errors", errors_json(beside.model)},
                           {"gain", beside.gain},
                           {"gain_se", beside.gain_se}});
    }
    rows.push_back({{"ahead", row.ahead},
                    {"group", row.group},
                    {"model", errors_json(row.model)},
                    {"coverage", row.coverage},
                    {"width_90", row.width_90},
                    {"floor_mae", row.floor > 0 ? ordered_json(row.floor) : ordered_json(nullptr)},
                    {"baselines", baselines}});
  }
  return {{"first_origin", report.first_origin},
          {"last_origin", report.last_origin},
          {"excluded", report.excluded},
          {"levels", kLevels},
          {"rows", rows}};
}

std::string backtest_csv(const BacktestReport& report) {
  std::string out =
      "ahead,group,forecast,n,mape,mae,bias,rmse,coverage_50,coverage_80,coverage_90,width_90,floor_mae,model_mae,gain,"
      "gain_se,verdict\n";
  const auto errors = [](const Errors& e) {
    return "," + std::to_string(e.n) + "," + digits_of(e.mape, 2) + "," + digits_of(e.mae, 3) + "," +
           digits_of(e.bias, 3) + "," + digits_of(e.rmse, 3);
  };
  for (const BacktestRow& row : report.rows) {
    const std::string head = std::to_string(row.ahead) + "," + row.group + ",";
    out += head + "model" + errors(row.model);
    for (const double c : row.coverage) out += "," + digits_of(100 * c, 1);
    out += "," + digits_of(row.width_90, 2) + "," + (row.floor > 0 ? digits_of(row.floor, 3) : "") + ",,,,\n";
    for (std::size_t b = 0; b < kBaselines.size(); ++b) {
      const Beside& beside = row.beside[b];
      if (beside.baseline.n == 0) continue;
      out += head + std::string(to_word(kBaselines[b])) + errors(beside.baseline) + ",,,,,," +
             digits_of(beside.model.mae, 3) + "," + digits_of(beside.gain, 4) + "," + digits_of(beside.gain_se, 4) +
             "," + std::string(verdict_of(beside)) + "\n";
    }
  }
  return out;
}

}  // namespace catchment::outlook
