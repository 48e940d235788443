// Checks of forecasts that several tests make.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>

#include "engine/demand/demand_rules.hpp"
#include "engine/demand/draws.hpp"
#include "engine/demand/forecast.hpp"

namespace catchment::test {

// Every figure of a forecast as its bits, hashed so that a failure can be read; equal texts are equal forecasts.
class Bytes {
 public:
  void add(double x) {
    char bits[sizeof x];
    std::memcpy(bits, &x, sizeof x);
    text_.append(bits, sizeof x);
  }
  void add(const std::vector<engine::demand::GradeForecast>& grades) {
    for (const auto& g : grades) {
      add(g.grade);
      for (const auto& e : g.years) {
        add(e.mean), add(e.median);
        for (std::size_t level = 0; level < e.low.size(); ++level) add(e.low[level]), add(e.high[level]);
      }
    }
  }
  std::string text() const {
    return std::to_string(text_.size()) + " bytes, " + std::to_string(engine::demand::key_of(text_));
  }
  void add(const std::string& word) { text_ += word; }

 private:
  std::string text_;
};

inline std::string bytes_of(const engine::demand::SchoolForecast& s) {
  Bytes bytes;
  bytes.add(s.school_id);
  bytes.add(s.grades);
  for (const auto& f : s.entry) {
    for (const double x : {f.zone_children, f.from_outside, f.enrolled, f.private_school, f.elsewhere, f.migrant}) {
      bytes.add(x);
    }
  }
  return bytes.text();
}

inline std::string bytes_of(const engine::demand::Forecast& f) {
  Bytes bytes;
  for (const auto& s : f.schools) bytes.add(bytes_of(s));
  bytes.add(f.city.grades);
  bytes.add(f.city.stages);
  return bytes.text();
}

// Means of totals are sums of means, intervals are nested, nothing is negative.
inline void expect_coherent(const engine::demand::Forecast& f, const engine::demand::DemandRules& rules) {
  const double slack = 0.001 + 0.0006 * static_cast<double>(f.schools.size());
  for (const auto& total : f.city.grades) {
    for (std::size_t y = 0; y < total.years.size(); ++y) {
      double sum = 0;
      for (const auto& s : f.schools) {
        for (const auto& g : s.grades) sum += g.grade == total.grade ? g.years[y].mean : 0;
      }
      EXPECT_NEAR(total.years[y].mean, sum, slack) << "grade " << total.grade << ", year " << y;
    }
  }
  for (std::size_t k = 0; k < f.city.stages.size(); ++k) {
    for (std::size_t y = 0; y < f.city.stages[k].years.size(); ++y) {
      double sum = 0;
      for (const auto& g : f.city.grades) {
        const bool of_stage = g.grade >= rules.stages[k].first_grade && g.grade <= rules.stages[k].last_grade;
        sum += of_stage ? g.years[y].mean : 0;
      }
      EXPECT_NEAR(f.city.stages[k].years[y].mean, sum, 0.01);
    }
  }
  const auto nested = [](const std::vector<engine::demand::GradeForecast>& grades) {
    for (const auto& g : grades) {
      for (const auto& e : g.years) {
        EXPECT_GE(e.low[2], 0);
        EXPECT_TRUE(e.low[2] <= e.low[1] && e.low[1] <= e.low[0] && e.low[0] <= e.median);
        EXPECT_TRUE(e.median <= e.high[0] && e.high[0] <= e.high[1] && e.high[1] <= e.high[2]);
      }
    }
  };
  for (const auto& s : f.schools) nested(s.grades);
  nested(f.city.grades);
  nested(f.city.stages);
}

}  // namespace catchment::test
