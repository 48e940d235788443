// What the tests of access share: randomness that counts, a clock that is set, a folder that goes, a service's parts.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "server/access/accounts.hpp"
#include "server/access/guardians.hpp"
#include "server/access/key_ring.hpp"
#include "server/access/sessions.hpp"
#include "server/access/totp.hpp"

namespace catchment::access {

// splitmix64 by counter: the same bytes every time, and all bytes alike often. Safe for threads.
inline Randomness counting_randomness(std::uint64_t seed) {
  auto counter = std::make_shared<std::atomic<std::uint64_t>>(seed << 32);
  return [counter](std::span<std::uint8_t> bytes) {
    std::uint64_t z = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (i % 8 == 0) {
        z = counter->fetch_add(1) * 0x9e3779b97f4a7c15ull;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ z >> 27) * 0x94d049bb133111ebull;
        z ^= z >> 31;
      }
      bytes[i] = static_cast<std::uint8_t>(z >> 8 * (i % 8));
    }
  };
}

// Argon2 at its least, so that tests are about rules.
inline PasswordCost small_cost() { return {1, 8192}; }

class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "catchment-access-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  std::filesystem::path operator/(const char* name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string file_text(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

struct AccessWorld {
  TestFolder folder;
  std::shared_ptr<std::atomic<std::int64_t>> time = std::make_shared<std::atomic<std::int64_t>>(1'790'000'000);
  Clock clock = [time = time] { return Moment(std::chrono::seconds(time->load())); };
  Randomness randomness = counting_randomness(1);
  KeyRing ring{folder / "keys", randomness};
  store::Store store = store::Store::open("sqlite:" + (folder / "season.db").string());
  Sessions sessions{store, clock, randomness, new_key(randomness)};
  std::unique_ptr<Accounts> accounts;
  std::unique_ptr<Guardians> guardians;

  explicit AccessWorld(SealSuite suite = SealSuite::aes_gcm) {
    ring.add("accounts", suite);
    ring.add("2026", suite);
    AccountRules rules;
    rules.cost = small_cost();
    accounts = std::make_unique<Accounts>(store, sessions, ring, clock, randomness, rules);
    GuardianRules guardian_rules;
    guardian_rules.season = "2026";
    guardian_rules.text = "Code {code}, for fifteen minutes.";
    guardians = std::make_unique<Guardians>(store, sessions, ring, clock, randomness, guardian_rules);
  }

  void pass(std::chrono::seconds duration) { *time += duration.count(); }

  Account officer(const std::string& name = "north-review", const std::string& password = "correct horse") {
    return store.write([this, &name, phc = accounts->hash(password, name)](store::Session& command) {
      return accounts->create(command, {name, Role::district, {"D1", "D2"}, {}}, phc);
    });
  }
  Login login(const std::string& name, const std::string& password, const std::string& code = "",
              const std::string& cookie = "") {
    return accounts->login({name, password, code, "192.0.2.1", cookie});
  }
  Identity get(const std::string& cookie) { return sessions.identify({"GET", cookie, "", ""}); }
};

// "name=token" as a browser sends it back.
inline std::string cookie_of(const OpenedSession& session) {
  return session.set_cookie.substr(0, session.set_cookie.find(';'));
}

}  // namespace catchment::access
