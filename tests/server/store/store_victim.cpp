// The program that kill_test kills: 64 clients who register as fast as they are answered.
//   store_victim URL FOLDER SEED
// FOLDER/N holds the number of client N's last acknowledged registration. Exit code 3: an answer was not the one kept.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "../../support/random.hpp"
#include "crash_world.hpp"

namespace catchment::testing {
namespace {

constexpr int kClients = 64;

void run_client(store::Store& store, const std::string& folder, int client, std::uint64_t seed) {
  const int file = ::open((folder + "/" + std::to_string(client)).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  std::int64_t told = 0;
  if (::pread(file, &told, sizeof told, 0) < 0) std::_Exit(4);
  test::Random random(seed * kClients + static_cast<std::uint64_t>(client));
  for (;;) {
    const store::OnceAnswer answer = send_registration(store, client, told + 1);
    ++told;
    if (::pwrite(file, &told, sizeof told, 0) != sizeof told) std::_Exit(4);
    if (random.between(0, 7) != 0) continue;
    const store::OnceAnswer again = send_registration(store, client, told);
    if (!again.replayed || again.body != answer.body) std::_Exit(3);
  }
}

int run_clients(const std::string& url, const std::string& folder, std::uint64_t seed) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  store::StoreOptions options = crash_options();
  options.checkpoint_pages = 100;  // so that many kills hit one
  store::Store store = store::Store::open(url, options);
  std::vector<std::thread> clients;
  for (int client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] { run_client(store, folder, client, seed); });
  }
  for (std::thread& client : clients) client.join();
  return 0;
}

}  // namespace
}  // namespace catchment::testing

int main(int, char** words) {
  try {
    return catchment::testing::run_clients(words[1], words[2], std::strtoull(words[3], nullptr, 10));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "store_victim: %s\n", error.what());
    return 2;
  }
}
