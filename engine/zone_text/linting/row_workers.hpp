// Independent work per row on several threads. Results go to the row's own slot, so they do not depend on the threads.
#pragma once

#include <functional>

#include "engine/zone_text/lint.hpp"

namespace catchment::engine::zone_text {

// Calls work(i) once for each i below count. progress gets done + what was before, of `of`. False if it said stop; then
// some were not called. An exception of a worker is thrown here, after all have ended.
bool for_each_row(std::size_t count, const LintOptions& options, std::size_t before, std::size_t of,
                  const std::function<void(std::size_t)>& work);

}  // namespace catchment::engine::zone_text
