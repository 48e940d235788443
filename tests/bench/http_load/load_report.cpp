#include "tests/bench/http_load/load_report.hpp"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>

namespace catchment::bench {
namespace {

void print_latencies(const char* name, const Latencies& l) {
  if (l.count() == 0) return;
  std::printf("    %-5s %9llu: ms p50 %.3f p99 %.3f p99.9 %.3f max %.3f\n", name,
              static_cast<unsigned long long>(l.count()), l.at_ms(0.5), l.at_ms(0.99), l.at_ms(0.999), l.longest_ms());
}

void print_second(std::size_t number, const Second& second) {
  std::printf("  second %3zu: good %llu, p99 %.3f ms; shed %llu, p99 %.3f ms\n", number,
              static_cast<unsigned long long>(second.good.count()), second.good.at_ms(0.99),
              static_cast<unsigned long long>(second.shed.count()), second.shed.at_ms(0.99));
}

}  // namespace

void LoadReport::note(std::size_t step, std::size_t line, std::size_t second, int status, std::int64_t ns) {
  Tally& tally = tallies[step][line];
  const Verdict verdict = verdict_of(status);
  tally.latencies[static_cast<std::size_t>(verdict)].add(ns);
  ++tally.statuses[status];
  ++answered;
  if (second >= seconds.size()) seconds.resize(second + 1);
  if (verdict == Verdict::good) seconds[second].good.add(ns);
  if (verdict == Verdict::shed) seconds[second].shed.add(ns);
}

void LoadReport::print(bool timeline) const {
  for (std::size_t s = 0; s < steps.size(); ++s) {
    Tally all;
    for (const Tally& tally : tallies[s]) {
      for (std::size_t v = 0; v < kVerdicts; ++v) all.latencies[v].add_all(tally.latencies[v]);
    }
    const char* kNames[] = {"good", "shed", "fault"};
    const auto per_second = [&](std::size_t v) {
      return static_cast<double>(all.latencies[v].count()) / steps[s].seconds;
    };
    if (steps[s].rate > 0) {
      std::printf("%.0f/s due for %.0f s:", steps[s].rate, steps[s].seconds);
    } else {
      std::printf("saturated for %.0f s:", steps[s].seconds);
    }
    std::printf(" good %.0f/s, shed %.0f/s, fault %.0f/s\n", per_second(0), per_second(1), per_second(2));
    for (std::size_t l = 0; l < lines.size(); ++l) {
      std::printf("  %s:", lines[l].c_str());
      for (const auto& [status, count] : tallies[s][l].statuses)
        std::printf(" %d x %llu", status, static_cast<unsigned long long>(count));
      std::printf("\n");
      for (std::size_t v = 0; v < kVerdicts; ++v) print_latencies(kNames[v], tallies[s][l].latencies[v]);
    }
    if (lines.size() > 1) {
      std::printf("  together:\n");
      for (std::size_t v = 0; v < kVerdicts; ++v) print_latencies(kNames[v], all.latencies[v]);
    }
  }
  if (timeline) {
    for (std::size_t i = 0; i < seconds.size(); ++i) print_second(i, seconds[i]);
  }
  std::printf("%llu due, %llu answered, %llu unanswered, %llu broken; sent late p99 %.3f ms; load's CPU %.0f %%\n",
              static_cast<unsigned long long>(due), static_cast<unsigned long long>(answered),
              static_cast<unsigned long long>(unanswered), static_cast<unsigned long long>(broken),
              begun_late.at_ms(0.99), 100 * own_cpu_s / elapsed_s);
  if (server_cpu_s >= 0 && answered > 0) {
    std::printf("server: CPU %.0f %%, %.1f us an answer; %s\n", 100 * server_cpu_s / elapsed_s,
                1e6 * server_cpu_s / static_cast<double>(answered), server_memory.c_str());
  }
}

double cpu_seconds_of(const std::string& pid) {
  std::ifstream in("/proc/" + pid + "/stat");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::size_t name_end = text.rfind(')');  // the name may have blanks
  if (name_end == std::string::npos) return -1;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::string memory_of(const std::string& pid) {
  std::ifstream in("/proc/" + pid + "/status");
  for (std::string text; std::getline(in, text);) {
    if (text.starts_with("VmHWM")) return text;
  }
  return {};
}

}  // namespace catchment::bench
