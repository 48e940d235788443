// R4.3 of the reliability plan: attempts to escape, all of which must fail.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "server/confine/child.hpp"

namespace catchment::confine {
namespace {

namespace fs = std::filesystem;
using Outcomes = std::map<std::string, std::string>;  // attempt, to "done" or "denied ERROR"

// Attempts that must work for whoever is free, here and on any machine, or the trial would show nothing. The others
// depend on who runs the tests and on what the kernel has.
constexpr const char* kFree[] = {"socket",
                                 "connect",
                                 "connect_unix",
                                 "socketpair",
                                 "passwd",
                                 "secret",
                                 "list_root",
                                 "exec",
                                 "fork",
                                 "vfork_by_clone",
                                 "spawn",
                                 "create_outside",
                                 "symlink",
                                 "program_in_memory",
                                 "environment",
                                 "priority",
                                 "write_secret",
                                 "link_secret",
                                 "secret_by_climbing",
                                 "secret_through_link"};

// A folder for the prisoner, a secret beside it, and somebody who listens.
class ConfineRoom : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "catchment-confine-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    home_ = name;
    ::chmod(home_.c_str(), 0755);
    scratch_ = home_ / "scratch";
    fs::create_directory(scratch_);
    std::ofstream(home_ / "secret") << "a secret\n";
    ::chmod((home_ / "secret").c_str(), 0666);
    fs::create_symlink(home_ / "secret", scratch_ / "link");
    ASSERT_EQ(::geteuid() == 0 ? ::chown(scratch_.c_str(), kChildUser, kChildUser) : 0, 0);
    listen_tcp();
    listen_unix();
  }
  void TearDown() override {
    for (const int fd : {tcp_, unix_}) ::close(fd);
    fs::remove_all(home_);
  }

  std::vector<std::string> arguments(const char* how) const {
    return {how, scratch_, home_ / "secret", std::to_string(port_), home_ / "socket", std::to_string(::getpid())};
  }
  ChildOrder order(const char* how) const {
    return {.program = CATCHMENT_PRISONER, .arguments = arguments(how), .folder = scratch_, .limits = {}};
  }
  // Without run_child: only the walls that a process puts up by itself.
  std::string run_alone(const char* how) const {
    std::string command = CATCHMENT_PRISONER;
    for (const std::string& argument : arguments(how)) command += " '" + argument + "'";
    FILE* pipe = ::popen(command.c_str(), "r");
    std::string out;
    char block[4096];
    while (const std::size_t got = std::fread(block, 1, sizeof block, pipe)) out.append(block, got);
    EXPECT_EQ(::pclose(pipe), 0);
    return out;
  }
  static Outcomes read_outcomes(const std::string& text) {
    Outcomes out;
    std::istringstream lines(text);
    for (std::string name, how; lines >> name && std::getline(lines, how);) {
      while (!how.empty() && how.back() == ' ') how.pop_back();
      out[name] = how.substr(1);
    }
    return out;
  }
  static void expect_confined(const std::string& text) {
    const Outcomes outcomes = read_outcomes(text);
    EXPECT_GE(outcomes.size(), 33u) << text;
    for (const auto& [name, how] : outcomes) {
      const bool comfort = name == "own_file" || name == "thread" || name == "memory_ends" || name == "files_end";
      EXPECT_EQ(how.starts_with("done"), comfort) << name << ": " << how;
    }
  }

  fs::path home_, scratch_;
  int port_ = 0, tcp_ = -1, unix_ = -1;

 private:
  void listen_tcp() {
    tcp_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET, address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(tcp_, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(tcp_, 8), 0);
    ASSERT_EQ(::getsockname(tcp_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  void listen_unix() {
    unix_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (home_ / "socket").string().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(unix_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(unix_, 8), 0);
    ::chmod((home_ / "socket").c_str(), 0777);
  }
};

TEST_F(ConfineRoom, WhatIsTriedWorksForWhoeverIsFree) {
  const std::string text = run_alone("free");
  const Outcomes outcomes = read_outcomes(text);
  for (const char* name : kFree) EXPECT_EQ(outcomes.at(name), "done") << name << "\n" << text;
}

TEST_F(ConfineRoom, NothingGetsOut) {
  const ChildEnd end = run_child(order("confined"));
  EXPECT_EQ(end.how, ChildEnd::How::exited);
  EXPECT_EQ(end.code, 0) << end.output << end.errors;
  expect_confined(end.output);
  EXPECT_FALSE(fs::exists(home_ / "created"));
}

// As where the system allows nobody a namespace of his own, and nobody is root.
TEST_F(ConfineRoom, NothingGetsOutWhereThereAreNoNamespaces) { expect_confined(run_alone("confined")); }

TEST_F(ConfineRoom, AChildHasNothingOfOurs) {
  ::setenv("CATCHMENT_SECRET", "of the service", 1);
  const int open = ::open((home_ / "secret").c_str(), O_RDONLY);  // without O_CLOEXEC
  ChildOrder sh{.program = "/bin/sh",
                .arguments = {"-c", "echo $CATCHMENT_SECRET; /bin/ls /proc/self/fd; /usr/bin/id -u"},
                .folder = scratch_,
                .limits = {}};
  const ChildEnd end = run_child(sh);
  ::close(open);
  EXPECT_EQ(end.output.find("of the service"), std::string::npos);
  EXPECT_EQ(end.output.find("\n4\n"), std::string::npos) << end.output;  // 0, 1, 2, and ls's own
  const std::string who = "\n" + std::to_string(::geteuid() == 0 ? kChildUser : ::geteuid()) + "\n";
  EXPECT_NE(end.output.find(who), std::string::npos) << end.output;
}

TEST_F(ConfineRoom, AChildThatTalksOrLastsTooLongIsEnded) {
  ChildOrder sh{
      .program = "/bin/sh", .arguments = {"-c", "while :; do echo yes; done"}, .folder = scratch_, .limits = {}};
  sh.output_bytes = 100'000;
  EXPECT_EQ(run_child(sh).how, ChildEnd::How::talkative);
  sh.arguments = {"-c", "exec >&- 2>&-; exec /bin/sleep 60"};
  sh.patience = std::chrono::milliseconds(50);
  EXPECT_EQ(run_child(sh).how, ChildEnd::How::late);
  sh.arguments = {"-c", "/bin/sleep 60"};
  EXPECT_EQ(run_child(sh).how, ChildEnd::How::late);
}

TEST_F(ConfineRoom, AChildHasItsLimits) {
  ChildOrder sh{.program = "/bin/sh", .arguments = {"-c", "while :; do :; done"}, .folder = scratch_, .limits = {}};
  sh.limits.cpu_s = 1;
  const ChildEnd busy = run_child(sh);
  EXPECT_EQ(busy.how, ChildEnd::How::killed);
  EXPECT_EQ(busy.code, SIGXCPU);
  sh.arguments = {"-c", "/usr/bin/head -c 100000 /dev/zero > large; /bin/ls -l large"};
  sh.limits.file_bytes = 4096;
  EXPECT_NE(run_child(sh).output.find(" 4096 "), std::string::npos);
}

TEST_F(ConfineRoom, AProgramThatIsNotThereIsToldFromOneThatFails) {
  ChildOrder none{.program = "/nonexistent", .arguments = {}, .folder = scratch_, .limits = {}};
  const ChildEnd end = run_child(none);
  EXPECT_EQ(end.how, ChildEnd::How::exited);
  EXPECT_EQ(end.code, 127);
}

}  // namespace
}  // namespace catchment::confine
