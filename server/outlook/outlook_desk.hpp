// Seat forecasts and warnings of a service: reckoned once, in a thread of their own, when somebody first asks.
//
// The figures are those of `catchment demand forecast` and `demand warn` with their usual options.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "server/jobs/once_made.hpp"
#include "server/outlook/seat_outlook.hpp"

namespace catchment::outlook {

struct OutlookOptions {
  std::filesystem::path package, rules;  // rules empty: those shipped
  int horizon = 12, draws = 1000;
  std::uint64_t seed = 1;
  unsigned threads = 0;
  std::chrono::milliseconds patience{5000};
};

// Of a school, stage and year: entry children expected, the seats for them, and what is warned of.
struct SeatLine {
  std::string school;
  engine::Stage stage = engine::Stage::primary;
  int school_year = 0;
  nlohmann::ordered_json body;
};

struct Outlook {
  int base_year = 0, horizon = 0, draws = 0;
  std::uint64_t seed = 1;
  std::vector<SeatLine> lines;  // by school, stage, year

  const SeatLine* find(std::string_view school, engine::Stage stage, int school_year) const;
};

// Safe for threads.
class OutlookDesk {
 public:
  explicit OutlookDesk(OutlookOptions options);
  // Throws Refused: 503 outlook_not_ready while it is reckoned, 409 outlook_unavailable where the package cannot say.
  std::shared_ptr<const Outlook> get();

 private:
  OutlookOptions options_;
  jobs::OnceMade<const Outlook> outlook_;
};

}  // namespace catchment::outlook
