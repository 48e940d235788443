// A store of either back end for a test, with a table to play with.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "geo/input_error.hpp"
#include "postgres_server.hpp"
#include "server/store/store.hpp"

namespace catchment::testing {

// Steps after the program's own, as another room would add them.
inline std::vector<store::Migration> steps_with(std::vector<store::Migration> more) {
  std::vector<store::Migration> steps(store::all_migrations().begin(), store::all_migrations().end());
  steps.insert(steps.end(), more.begin(), more.end());
  return steps;
}

inline const std::vector<store::Migration>& note_steps() {
  static const std::vector<store::Migration> steps =
      steps_with({{9001, "note",
                   "CREATE TABLE note (id {int} PRIMARY KEY, text {text} "
                   "NOT NULL, size {int} CHECK (size >= 0), body {blob});"
                   "CREATE TABLE reply (id {int} PRIMARY KEY, note {int} "
                   "NOT NULL REFERENCES note (id));"}});
  return steps;
}

inline store::StoreOptions note_options() {
  store::StoreOptions options;
  options.migrations = note_steps();
  options.lock_wait = std::chrono::milliseconds(100);
  options.clock = [] { return std::chrono::local_seconds(std::chrono::seconds(1'800'000'000)); };
  return options;
}

class TemporaryFolder {
 public:
  TemporaryFolder() : path_(make_test_folder("catchment-store")) {}
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  std::string name() const { return path_.filename().string(); }

 private:
  std::filesystem::path path_;
};

// Stores of one kind, each new and empty.
class StorePlace {
 public:
  explicit StorePlace(const std::string& kind) {
    if (kind == "postgres") server_ = std::make_unique<PostgresServer>();
  }
  std::string new_url() {
    if (server_ != nullptr) return server_->make_database();
    return "sqlite:" + (folder_ / ("store" + std::to_string(++count_) + ".db")).string();
  }
  PostgresServer* server() { return server_.get(); }
  TemporaryFolder& folder() { return folder_; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<PostgresServer> server_;
  int count_ = 0;
};

// What holds of a store holds of both kinds.
class StoreContract : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (std::string(GetParam()) == "postgres" && !PostgresServer::is_installed()) {
      GTEST_SKIP() << "PostgreSQL 15 is not installed: scripts/install.sh test";
    }
    place_ = std::make_unique<StorePlace>(GetParam());
    url_ = place_->new_url();
  }
  store::Store open() { return store::Store::open(url_, note_options()); }

  std::unique_ptr<StorePlace> place_;
  std::string url_;
};

inline const auto kBothKinds = ::testing::Values("sqlite", "postgres");
inline std::string kind_name(const ::testing::TestParamInfo<const char*>& kind) { return kind.param; }

// The code of the InputError that `work` throws.
inline std::string code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.code;
  }
  return "nothing";
}

// The kind of the StoreError that `work` throws.
template <class F>
std::string kind_thrown(F&& work) {
  static constexpr const char* kWords[] = {"unique", "check", "foreign_key", "busy", "read_only", "lost", "statement"};
  try {
    work();
  } catch (const store::StoreError& error) {
    return kWords[static_cast<int>(error.kind)];
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace catchment::testing
