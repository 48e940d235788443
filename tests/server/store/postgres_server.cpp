#include "postgres_server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <vector>

namespace catchment::testing {
namespace {

namespace fs = std::filesystem;

const fs::path kPrograms = "/usr/lib/postgresql/15/bin";

void run_shell(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

std::string shell_word(const fs::path& path) { return "'" + path.string() + "'"; }

// initdb takes a second; its result is made once a build and copied.
fs::path template_cluster() {
  const fs::path cluster = fs::path(CATCHMENT_BINARY_DIR) / "postgres-15-cluster";
  const int lock = ::open((cluster.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ::flock(lock, LOCK_EX);
  if (!fs::exists(cluster / "PG_VERSION")) {
    const fs::path folder = make_test_folder("catchment-pg");
    const std::string initdb =
        (kPrograms / "initdb").string() + " -D " + shell_word(folder / "data") +
        " -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 --wal-segsize=1 --no-sync >/dev/null";
    if (::geteuid() == 0) {
      run_shell("chown postgres " + shell_word(folder) + " && cd / && runuser -u postgres -- " + initdb);
    } else {
      run_shell(initdb);
    }
    fs::remove_all(cluster);
    run_shell("cp -r " + shell_word(folder / "data") + " " + shell_word(cluster.string() + ".new"));
    fs::rename(cluster.string() + ".new", cluster);
    fs::remove_all(folder);
  }
  ::close(lock);
  return cluster;
}

void become_postgres() {
  if (::geteuid() != 0) return;
  const passwd* user = ::getpwnam("postgres");
  if (user == nullptr || ::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0) {
    ::_exit(126);
  }
}

}  // namespace

fs::path make_test_folder(const std::string& prefix) {
  constexpr std::uintmax_t kRoom = std::uintmax_t{1} << 30;
  std::error_code none;
  const fs::path memory = "/dev/shm";
  const fs::space_info space = fs::space(memory, none);
  const fs::path base = !none && space.available > kRoom ? memory : fs::temp_directory_path();
  std::string name = (base / (prefix + "-XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder " + name);
  return name;
}

bool PostgresServer::is_installed() { return fs::exists(kPrograms / "initdb"); }

PostgresServer::PostgresServer(std::string options) : options_(std::move(options)) {
  const fs::path cluster = template_cluster();
  folder_ = make_test_folder("catchment-pg");
  run_shell("cp -r --reflink=auto " + shell_word(cluster) + " " + shell_word(folder_ / "data"));
  run_shell("chmod 700 " + shell_word(folder_ / "data"));
  if (::geteuid() == 0) run_shell("chown -R postgres " + shell_word(folder_));
  start();
}

PostgresServer::~PostgresServer() {
  if (pid_ > 0) {
    ::kill(pid_, SIGQUIT);
    wait_for_end();
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void PostgresServer::start() {
  const std::string socket = "unix_socket_directories=" + folder_.string();
  std::vector<std::string> words = {(kPrograms / "postgres").string(), "-D", (folder_ / "data").string()};
  for (const std::string& option :
       {socket, std::string("listen_addresses="), std::string("shared_buffers=16MB"), std::string("max_connections=40"),
        std::string("max_wal_senders=0"), std::string("wal_level=minimal"), options_}) {
    if (option.empty()) continue;
    words.emplace_back("-c");
    words.push_back(option);
  }
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  // A postmaster that was killed leaves processes that must end first, so a start may have to be tried again.
  for (int attempt = 0; attempt < 400; ++attempt) {
    if (pid_ <= 0) {
      pid_ = ::fork();
      if (pid_ == 0) {
        become_postgres();
        ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
        const int log = ::open((folder_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(log, STDOUT_FILENO);
        ::dup2(log, STDERR_FILENO);
        if (::chdir("/") != 0) ::_exit(127);
        ::execv(arguments[0], arguments.data());
        ::_exit(127);
      }
    }
    if (answers()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) pid_ = -1;
  }
  throw std::runtime_error("PostgreSQL does not start; see " + (folder_ / "log").string());
}

void PostgresServer::kill() {
  ::kill(pid_, SIGKILL);
  wait_for_end();
}

void PostgresServer::wait_for_end() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
}

std::string PostgresServer::url(const std::string& database) const {
  return "postgresql:///" + database + "?user=postgres&host=" + folder_.string();
}

bool PostgresServer::answers() const {
  PGconn* connection = PQconnectdb(url("postgres").c_str());
  const bool answered = PQstatus(connection) == CONNECTION_OK;
  PQfinish(connection);
  return answered;
}

std::string PostgresServer::make_database() {
  if (++databases_ == 1) return url("postgres");
  const std::string name = "store" + std::to_string(databases_);
  PGconn* connection = PQconnectdb(url("postgres").c_str());
  PGresult* result = PQexec(connection, ("CREATE DATABASE " + name).c_str());
  const bool made = PQresultStatus(result) == PGRES_COMMAND_OK;
  const std::string error = PQerrorMessage(connection);
  PQclear(result);
  PQfinish(connection);
  if (!made) throw std::runtime_error(error);
  return url(name);
}

}  // namespace catchment::testing
