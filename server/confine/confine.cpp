#include "server/confine/confine.hpp"

#include <linux/sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/confine/landlock.hpp"

namespace catchment::confine {
namespace {

// What reading files, reckoning and writing a database takes, with threads and without processes. Which files, Landlock
// says.
constexpr std::string_view kCalls =
    "read write readv writev pread64 pwrite64 lseek close open openat fstat stat lstat newfstatat statx "
    "access faccessat faccessat2 readlink readlinkat getdents64 getcwd statfs fstatfs fcntl ftruncate "
    "fsync fdatasync fadvise64 fallocate flock unlink unlinkat rename renameat renameat2 mkdir mkdirat "
    "rmdir fchmod umask copy_file_range sendfile dup dup2 poll ppoll mmap munmap mprotect mremap madvise "
    "brk futex set_robust_list rseq sched_yield sched_getaffinity membarrier rt_sigaction rt_sigprocmask "
    "rt_sigreturn sigaltstack exit exit_group restart_syscall getpid gettid getuid geteuid getgid getegid "
    "getrlimit getrusage clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times "
    "getrandom uname sysinfo";

[[noreturn]] void throw_filter(const std::string& what, int error) {
  throw ConfineError(error < 0 ? -error : error, "seccomp: " + what);
}

class CallFilter {
 public:
  CallFilter() : context_(seccomp_init(SCMP_ACT_ERRNO(EPERM)), seccomp_release) {
    if (context_ == nullptr) throw_filter("no filter can be made", ENOMEM);
  }

  void rule(std::uint32_t action, const char* name, const std::vector<scmp_arg_cmp>& where = {}) {
    const int call = seccomp_syscall_resolve_name(name);
    if (call == __NR_SCMP_ERROR) throw_filter(name, ENOSYS);
    const int error =
        seccomp_rule_add_array(context_.get(), action, call, static_cast<unsigned>(where.size()), where.data());
    // A call that this processor's system does not have needs no leave.
    if (error != 0 && error != -EDOM) throw_filter(name, error);
  }

  void load() {
    if (const int error = seccomp_load(context_.get()); error != 0) throw_filter("cannot be loaded", error);
  }

 private:
  std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
};

void shut_calls() {
  CallFilter filter;
  for (std::size_t at = 0; at < kCalls.size();) {
    const std::string_view name = kCalls.substr(at, kCalls.find(' ', at) - at);
    filter.rule(SCMP_ACT_ALLOW, std::string(name).c_str());
    at += name.size() + 1;
  }
  const auto is = [](unsigned argument, std::uint64_t value) { return scmp_arg_cmp{argument, SCMP_CMP_EQ, value, 0}; };
  // Threads, by the call whose flags can be looked at; the other is said not to be there, and glibc takes this one.
  filter.rule(SCMP_ACT_ALLOW, "clone", {{0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD}});
  filter.rule(SCMP_ACT_ERRNO(ENOSYS), "clone3");
  filter.rule(SCMP_ACT_ALLOW, "tgkill", {is(0, static_cast<std::uint64_t>(::getpid()))});  // abort()
  filter.rule(SCMP_ACT_ALLOW, "prlimit64", {is(0, 0), is(2, 0)});                          // its own, to read them
  filter.rule(SCMP_ACT_ALLOW, "ioctl", {is(1, TCGETS)});                                   // isatty()
  filter.load();
}

}  // namespace

void enter(const Room& room) {
  const auto walled = [](bool up, const char* what) {
    if (!up) throw ConfineError(errno, what);
  };
  walled(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
  walled(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0, "dumpable");
  walled(set_limits(room.limits), "limits");
  shut_files(room);
  shut_calls();
}

}  // namespace catchment::confine
