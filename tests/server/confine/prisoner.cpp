// Tries to get out, one way after another, and says how each went: "connect denied EPERM", "fork done". Run by
// confine_test, confined and not: where it is free, what it tries must work, or the trial would show nothing.
//
//   prisoner confined|free SCRATCH SECRET PORT SOCKET PARENT
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "server/confine/confine.hpp"

namespace {

std::string scratch, secret, unix_socket;
int port = 0;
pid_t parent = 0;

bool opens(const std::string& path, int flags = O_RDONLY) {
  const int fd = ::open(path.c_str(), flags, 0600);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

bool connects(int family, const sockaddr* address, socklen_t size) {
  const int fd = ::socket(family, SOCK_STREAM, 0);
  const bool done = fd >= 0 && ::connect(fd, address, size) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  errno = error;
  return done;
}

bool connects_tcp() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connects(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

bool connects_unix() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, unix_socket.c_str(), sizeof address.sun_path - 1);
  return connects(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

// A child that was made, waited for; how it ended does not matter.
bool waited(pid_t child) {
  if (child > 0) ::waitpid(child, nullptr, 0);
  return child > 0;
}

bool forks() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  return waited(child);
}

bool clones() {
  const long child = ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
  if (child == 0) ::_exit(0);
  return waited(static_cast<pid_t>(child));
}

bool spawns() {
  char name[] = "/bin/true";
  char* arguments[] = {name, nullptr};
  pid_t child = 0;
  errno = ::posix_spawn(&child, name, nullptr, nullptr, arguments, nullptr);
  return errno == 0 && waited(child);
}

// In a child where there can be one, for it would be the end of this program.
bool executes() {
  char name[] = "/bin/true";
  char* arguments[] = {name, nullptr};
  const pid_t child = ::fork();
  if (child <= 0) {
    if (child == 0 || errno != 0) ::execve(name, arguments, nullptr);
    if (child == 0) ::_exit(1);
    return false;
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status == 0;
}

bool executes_memory() {
  const int fd = static_cast<int>(::syscall(SYS_memfd_create, "program", 0));
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

// Attaches to a child of its own where there can be one, else to its parent.
bool traces() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  const pid_t target = child > 0 ? child : parent;
  const bool done = ::ptrace(PTRACE_ATTACH, target, nullptr, nullptr) == 0;
  const int error = errno;
  if (child > 0) ::kill(child, SIGKILL), ::waitpid(child, nullptr, 0);
  errno = error;
  return done;
}

bool reads_memory_of(pid_t process) {
  char byte = 0;
  const iovec here{&byte, 1}, there{&port, 1};
  return ::process_vm_readv(process, &here, 1, &there, 1, 0) == 1;
}

bool lists(const char* folder) {
  DIR* open = ::opendir(folder);
  if (open != nullptr) ::closedir(open);
  return open != nullptr;
}

struct Attempt {
  const char* name;
  bool (*run)();
};

const Attempt kAttempts[] = {
    {"socket", [] { return ::socket(AF_INET, SOCK_DGRAM, 0) >= 0; }},
    {"connect", connects_tcp},
    {"connect_unix", connects_unix},
    {"socketpair",
     [] {
       int pair[2];
       return ::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
     }},
    {"passwd", [] { return opens("/etc/passwd"); }},
    {"secret", [] { return opens(secret); }},
    {"secret_through_link", [] { return opens(scratch + "/link"); }},
    {"secret_by_climbing", [] { return opens(scratch + "/../secret"); }},
    {"write_secret", [] { return opens(secret, O_WRONLY); }},
    {"create_outside", [] { return opens(scratch + "/../created", O_WRONLY | O_CREAT); }},
    {"link_secret", [] { return ::link(secret.c_str(), (scratch + "/linked").c_str()) == 0; }},
    {"symlink", [] { return ::symlink("/etc/passwd", (scratch + "/symlink").c_str()) == 0; }},
    {"list_root", [] { return lists("/"); }},
    {"memory_of_parent", [] { return opens("/proc/" + std::to_string(parent) + "/mem"); }},
    {"environment", [] { return opens("/proc/self/environ"); }},
    {"exec", executes},
    {"fork", forks},
    {"vfork_by_clone", clones},
    {"spawn", spawns},
    {"program_in_memory", executes_memory},
    {"ptrace", traces},
    {"read_parent", [] { return reads_memory_of(parent); }},
    {"signal_parent", [] { return ::kill(parent, 0) == 0; }},
    {"namespaces", [] { return ::unshare(CLONE_NEWUSER) == 0; }},
    {"mount", [] { return ::mount("none", scratch.c_str(), "tmpfs", 0, nullptr) == 0; }},
    {"more_memory",
     [] {
       const rlimit more{RLIM_INFINITY, RLIM_INFINITY};
       return ::setrlimit(RLIMIT_AS, &more) == 0;
     }},
    {"io_uring",
     [] {
       char parameters[120] = {};
       return ::syscall(SYS_io_uring_setup, 1, parameters) >= 0;
     }},
    {"keys", [] { return ::syscall(SYS_keyctl, 0, -3, 0) >= 0; }},
    {"priority", [] { return ::setpriority(PRIO_PROCESS, 0, 5) == 0; }},
};

bool writes_and_reads() {
  const std::string path = scratch + "/own";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  char byte = 0;
  const bool done = fd >= 0 && ::pwrite(fd, "x", 1, 0) == 1 && ::pread(fd, &byte, 1, 0) == 1 && byte == 'x' &&
                    ::fsync(fd) == 0 && ::rename(path.c_str(), (path + "2").c_str()) == 0;
  if (fd >= 0) ::close(fd);
  return done;
}

bool starts_a_thread() {
  int seen = 0;
  std::thread([&] { seen = opens("/etc/passwd") ? 1 : 2; }).join();
  return seen == 2;
}

bool is_short_of_memory() {
  try {
    std::vector<char> much(std::size_t{2} << 30, 'x');
    return much.back() != 'x';
  } catch (const std::bad_alloc&) {
    return true;
  }
}

bool is_short_of_files() {
  std::vector<int> opened;
  while (opened.size() < 1000) {
    const int fd = ::open(scratch.c_str(), O_RDONLY);
    if (fd < 0) break;
    opened.push_back(fd);
  }
  for (const int fd : opened) ::close(fd);
  return opened.size() < 1000;
}

const Attempt kComforts[] = {{"own_file", writes_and_reads},
                             {"thread", starts_a_thread},
                             {"memory_ends", is_short_of_memory},
                             {"files_end", is_short_of_files}};

void tell(const Attempt& attempt) {
  errno = 0;
  const bool done = attempt.run();
  std::printf("%s %s %s\n", attempt.name, done ? "done" : "denied", done ? "" : strerrorname_np(errno));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) return 64;
  const bool confined = std::string(argv[1]) == "confined";
  scratch = argv[2], secret = argv[3], port = std::atoi(argv[4]), unix_socket = argv[5], parent = std::atoi(argv[6]);
  if (confined) {
    try {
      catchment::confine::enter({.scratch = scratch, .readable = {"/usr/lib"}, .limits = {}});
    } catch (const catchment::confine::ConfineError& error) {
      std::printf("no room: %s\n", error.what());
      return 3;
    }
  }
  for (const Attempt& attempt : kAttempts) tell(attempt);
  if (!confined) return 0;
  for (const Attempt& comfort : kComforts) tell(comfort);
  return 0;
}
