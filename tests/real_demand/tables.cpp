#include "tests/real_demand/tables.hpp"

#include <array>
#include <cstdio>
#include <fstream>

#include "datasets/importer/csv_reader.hpp"
#include "geo/input_error.hpp"

namespace catchment::test {

using engine::demand::BacktestReport;
using engine::demand::BacktestRow;
using engine::demand::kBaselines;

Table::Table(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw InputError("source_missing", file.string(), "the file cannot be read");
  datasets::CsvReader reader(
      [&](char* buffer, std::size_t size) {
        stream.read(buffer, static_cast<std::streamsize>(size));
        return static_cast<std::size_t>(stream.gcount());
      },
      file.filename().string());
  std::vector<std::string_view> fields;
  while (reader.next(fields)) {
    if (columns_.empty()) {
      for (std::size_t i = 0; i < fields.size(); ++i) columns_.emplace(fields[i], i);
    } else {
      rows_.emplace_back(fields.begin(), fields.end());
    }
  }
}

const std::string& Table::text(std::size_t row, const std::string& column) const {
  static const std::string none;
  const auto at = columns_.find(column);
  return at == columns_.end() || at->second >= rows_[row].size() ? none : rows_[row][at->second];
}

int Table::number(std::size_t row, const std::string& column) const {
  int value = 0;
  for (const char c : text(row, column)) {
    if (c == ',' || c == ' ') continue;
    if (c < '0' || c > '9') return 0;
    value = value * 10 + (c - '0');
  }
  return value;
}

void print(const BacktestReport& report) {
  std::printf("origins %d to %d, %zu outcomes of schools that opened or ended left out\n", report.first_origin,
              report.last_origin, report.excluded);
  std::printf("%5s %-10s %6s %7s %6s %7s  %5s %5s %5s %7s", "ahead", "group", "n", "MAE", "MAPE", "bias", "50%", "80%",
              "90%", "width");
  for (const auto baseline : kBaselines) std::printf("  %11s MAE (gain)", std::string(to_word(baseline)).c_str());
  std::puts("");
  for (const BacktestRow& r : report.rows) {
    std::printf("%5d %-10s %6zu %7.2f %5.1f%% %+7.2f  %5.3f %5.3f %5.3f %7.1f", r.ahead, r.group.c_str(), r.model.n,
                r.model.mae, r.model.mape, r.model.bias, r.coverage[0], r.coverage[1], r.coverage[2], r.width_90);
    for (const auto& b : r.beside) {
      std::printf("  %8.2f (%+5.1f%% +-%4.1f%s)", b.baseline.mae, 100 * b.gain, 100 * b.gain_se, b.better ? "*" : " ");
    }
    std::puts("");
  }
  std::puts("* better than the baseline: the gain is more than 1.645 standard errors");
}

const BacktestRow* find_row(const BacktestReport& report, int ahead, const std::string& group) {
  for (const BacktestRow& r : report.rows) {
    if (r.ahead == ahead && r.group == group) return &r;
  }
  return nullptr;
}

const engine::demand::Beside& beside(const BacktestRow& row, engine::demand::Baseline baseline) {
  return row.beside[static_cast<std::size_t>(baseline)];
}

void Verdict::expect(bool good, const std::string& words) {
  std::printf("%-8s %s\n", good ? "ok" : "FAILED", words.c_str());
  failed_ += good ? 0 : 1;
}

void Verdict::say(const std::string& words) const { std::printf("%-8s %s\n", "", words.c_str()); }

std::string format(const char* form, double a, double b, double c, double d) {
  std::array<char, 400> text{};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  std::snprintf(text.data(), text.size(), form, a, b, c, d);
#pragma GCC diagnostic pop
  return text.data();
}

}  // namespace catchment::test
