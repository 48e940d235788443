#include <sys/resource.h>

#include <algorithm>

#include "server/confine/confine.hpp"

namespace catchment::confine {
namespace {

bool set_limit(__rlimit_resource_t resource, std::uint64_t soft, std::uint64_t hard) noexcept {
  rlimit now{};
  if (getrlimit(resource, &now) != 0) return false;
  const rlimit wanted{std::min<rlim_t>(soft, now.rlim_max), std::min<rlim_t>(hard, now.rlim_max)};
  return setrlimit(resource, &wanted) == 0;
}

}  // namespace

bool set_limits(const Limits& limits) noexcept {
#ifdef __SANITIZE_ADDRESS__
  const std::uint64_t memory = RLIM_INFINITY;  // whose shadow is as large as the address space
#else
  const std::uint64_t memory = limits.memory_bytes;
#endif
  // A second after SIGXCPU, which a program might catch, comes SIGKILL.
  return set_limit(RLIMIT_AS, memory, memory) &&
         set_limit(RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1) &&
         set_limit(RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes) &&
         set_limit(RLIMIT_NOFILE, limits.files, limits.files) && set_limit(RLIMIT_CORE, 0, 0);
}

}  // namespace catchment::confine
