#include "server/confine/child.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace catchment::confine {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kErrorBytes = 16 << 10;
constexpr int kNotStarted = 127;

[[noreturn]] void throw_child(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) throw_child("pipe");
  }
  ~Pipe() {
    for (const int end : ends_) {
      if (end >= 0) ::close(end);
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int reading() const { return ends_[0]; }
  int writing() const { return ends_[1]; }
  void close_writing() { ::close(ends_[1]), ends_[1] = -1; }

 private:
  std::array<int, 2> ends_{-1, -1};
};

// All that the child needs, made before it is: between fork and exec nothing may be allocated.
struct Prepared {
  const char* program;
  const char* folder;
  std::vector<char*> arguments, environment;
  Limits limits;
  int out, err, null;
};

// Its own network, where there is no interface and no route; as root without more ado, else as nobody in a user
// namespace. Not everywhere allowed, and not the only wall.
void leave_network() noexcept {
  if (::unshare(CLONE_NEWNET | CLONE_NEWIPC) != 0) (void)::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC);
}

bool become_nobody() noexcept {
  if (::geteuid() != 0) return true;
  return ::setgroups(0, nullptr) == 0 && ::setresgid(kChildUser, kChildUser, kChildUser) == 0 &&
         ::setresuid(kChildUser, kChildUser, kChildUser) == 0;
}

[[noreturn]] void be_child(const Prepared& p) noexcept {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::setsid();
  const bool ready = ::dup2(p.null, 0) == 0 && ::dup2(p.out, 1) == 1 && ::dup2(p.err, 2) == 2 &&
                     ::close_range(3, ~0U, 0) == 0 && ::chdir(p.folder) == 0;
  if (!ready) ::_exit(kNotStarted);
  leave_network();
  const bool walled = become_nobody() && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && set_limits(p.limits) &&
                      ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
  if (walled) ::execve(p.program, p.arguments.data(), p.environment.data());
  ::_exit(kNotStarted);
}

// With whatever it started, if it could: it leads a session of its own.
void end_child(pid_t child) noexcept {
  ::kill(-child, SIGKILL);
  ::kill(child, SIGKILL);
}

// Reads what there is. False: the stream has ended.
bool take(int fd, std::string& into, std::size_t keep) {
  std::array<char, 65536> block;
  const ssize_t got = ::read(fd, block.data(), block.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  if (into.size() < keep) into.append(block.data(), std::min(static_cast<std::size_t>(got), keep - into.size()));
  return got > 0;
}

// Until both streams have ended or the child is to be killed.
ChildEnd::How listen_to(const ChildOrder& order, int out, int err, ChildEnd& end) {
  const auto until = Clock::now() + order.patience;
  std::array<pollfd, 2> streams{pollfd{out, POLLIN, 0}, pollfd{err, POLLIN, 0}};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return ChildEnd::How::late;
    if (::poll(streams.data(), streams.size(), static_cast<int>(left)) < 0 && errno != EINTR) throw_child("poll");
    if (streams[0].revents != 0 && !take(out, end.output, order.output_bytes + 1)) streams[0].fd = -1;
    if (streams[1].revents != 0 && !take(err, end.errors, kErrorBytes)) streams[1].fd = -1;
    if (end.output.size() > order.output_bytes) return ChildEnd::How::talkative;
  }
  return ChildEnd::How::exited;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

ChildEnd run_child(const ChildOrder& order) {
  std::vector<std::string> arguments{order.program.string()};
  arguments.insert(arguments.end(), order.arguments.begin(), order.arguments.end());
  std::vector<std::string> environment{"PATH=/nonexistent", "LANG=C.UTF-8", "TMPDIR=" + order.folder.string(),
                                       "SQLITE_TMPDIR=" + order.folder.string()};
  Pipe out, err;
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null < 0) throw_child("/dev/null");
  const Prepared prepared{order.program.c_str(), order.folder.c_str(), pointers(arguments), pointers(environment),
                          order.limits,          out.writing(),        err.writing(),       null};
  const pid_t child = ::fork();
  if (child == 0) be_child(prepared);
  ::close(null);
  if (child < 0) throw_child("fork");
  out.close_writing(), err.close_writing();
  ChildEnd end;
  end.how = listen_to(order, out.reading(), err.reading(), end);
  // It may have closed its streams and gone on: whatever it does now, it is over.
  const auto until = Clock::now() + order.patience;
  if (end.how != ChildEnd::How::exited) end_child(child);
  int status = 0;
  while (::waitpid(child, &status, end.how == ChildEnd::How::exited ? WNOHANG : 0) == 0) {
    if (Clock::now() > until) end.how = ChildEnd::How::late, end_child(child);
    ::poll(nullptr, 0, 1);
  }
  if (end.how == ChildEnd::How::exited && WIFSIGNALED(status)) end.how = ChildEnd::How::killed;
  end.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  return end;
}

}  // namespace catchment::confine
