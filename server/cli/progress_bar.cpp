#include "server/cli/progress_bar.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace catchment::cli {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(100);
constexpr int kWidth = 30;

}  // namespace

ProgressBar::ProgressBar(std::string unit)
    : unit_(std::move(unit)), terminal_(::isatty(STDERR_FILENO) == 1), start_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void ProgressBar::show(std::int64_t done, std::optional<double> share) {
  if (!terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (drawn_ && now - last_ < kInterval) return;
  last_ = now;
  drawn_ = true;
  const double seconds = std::max(std::chrono::duration<double>(now - start_).count(), 1e-3);
  std::string bar;
  if (share) {
    const int filled = static_cast<int>(std::clamp(*share, 0.0, 1.0) * kWidth);
    bar = "[" + std::string(static_cast<std::size_t>(filled), '#') +
          std::string(static_cast<std::size_t>(kWidth - filled), '.') + "] ";
  }
  std::fprintf(stderr, "\r\033[K%s%lld %s, %.0f/s", bar.c_str(), static_cast<long long>(done), unit_.c_str(),
               static_cast<double>(done) / seconds);
  std::fflush(stderr);
}

}  // namespace catchment::cli
