// A PostgreSQL of the test's own, on a socket in a folder of its own. As root it runs as user postgres, because it
// refuses root.
#pragma once

#include <sys/types.h>
#include <filesystem>
#include <string>

namespace catchment::testing {

// A new folder where a sync costs nothing if there is such a place with room to spare, else under the temporary one.
std::filesystem::path make_test_folder(const std::string& prefix);

class PostgresServer {
 public:
  static bool is_installed();

  // Starts and waits until it answers. `options` are further -c options ("fsync=off").
  explicit PostgresServer(std::string options = "");
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // A new, empty database.
  std::string make_database();

  void kill();   // SIGKILL to the postmaster; what it started ends by itself
  void start();  // again, waiting for its recovery

 private:
  bool answers() const;
  std::string url(const std::string& database) const;
  void wait_for_end();

  std::filesystem::path folder_;
  std::string options_;
  pid_t pid_ = -1;
  int databases_ = 0;
};

}  // namespace catchment::testing
