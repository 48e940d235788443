// Migrations, and what is refused at opening.
#include <map>
#include <set>

#include "datasets/privacy_list.hpp"
#include "datasets/sqlite.hpp"
#include "geo/input_error.hpp"
#include "server/store/connection.hpp"
#include "store_world.hpp"

namespace catchment::testing {
namespace {

using store::Migration;
using store::Session;
using store::Store;
using store::StoreOptions;

class Migrations : public StoreContract {
 protected:
  std::string open_with(const std::vector<Migration>& steps) {
    return code_of([&] {
      StoreOptions options = note_options();
      options.migrations = steps;
      Store::open(url_, options);
    });
  }
};

constexpr Migration kFirst{1, "first", "CREATE TABLE first (id {int} PRIMARY KEY);"};
constexpr Migration kSecond{2, "second", "ALTER TABLE first ADD COLUMN word {text}; -- all of it\n"};
constexpr Migration kThird{3, "third", "CREATE TABLE third (id {int} PRIMARY KEY);"};

TEST_P(Migrations, GoForwardOnceEach) {
  EXPECT_EQ(open_with({kFirst}), "nothing");
  EXPECT_EQ(open_with({kFirst, kSecond, kThird}), "nothing");
  EXPECT_EQ(open_with({kFirst, kSecond, kThird}), "nothing");
  StoreOptions options = note_options();
  const std::vector<Migration> steps{kFirst, kSecond, kThird};
  options.migrations = steps;
  options.read_only = true;
  Store::open(url_, options).read([](Session& session) {
    EXPECT_EQ(
        session.run("SELECT version, name, applied_at, length(sha256) FROM schema_migration ORDER BY 1"),
        (store::Rows{
            {{1, "first", 1'800'000'000, 64}, {2, "second", 1'800'000'000, 64}, {3, "third", 1'800'000'000, 64}}}));
    EXPECT_TRUE(session.run("SELECT word FROM first").empty());
  });
}

TEST_P(Migrations, OfALaterProgramOrWithAnotherTextAreRefused) {
  EXPECT_EQ(open_with({kFirst, kThird}), "nothing");
  EXPECT_EQ(open_with({kFirst}), "store_newer");
  EXPECT_EQ(open_with({kFirst, kSecond, kThird}), "store_migration_changed");
  Migration changed = kThird;
  changed.sql = "CREATE TABLE third (id {int} PRIMARY KEY) ;";
  EXPECT_EQ(open_with({kFirst, changed}), "store_migration_changed");
  EXPECT_EQ(open_with({kFirst, kThird}), "nothing");
}

TEST_P(Migrations, ThatFailLeaveNothing) {
  const Migration broken{2, "broken", "CREATE TABLE half (id {int} PRIMARY KEY); INSERT INTO nowhere VALUES (1);"};
  EXPECT_EQ(open_with({kFirst, broken}), "store_unreachable");
  EXPECT_EQ(open_with({kFirst, kSecond}), "nothing");
  StoreOptions options = note_options();
  const std::vector<Migration> steps{kFirst, kSecond};
  options.migrations = steps;
  EXPECT_EQ(kind_thrown(
                [&] { Store::open(url_, options).read([](Session& session) { session.run("SELECT * FROM half"); }); }),
            "statement");
}

TEST_P(Migrations, DoNotTouchADatabaseOfSomethingElse) {
  {
    const auto backend = store::find_backend(url_, note_options());
    backend->connect(store::Access::write)->execute("CREATE TABLE theirs (id integer)");
  }
  EXPECT_EQ(open_with({kFirst}), "store_foreign");
}

INSTANTIATE_TEST_SUITE_P(Both, Migrations, kBothKinds, kind_name);

TEST(Migrations, AreReadForEachBackEnd) {
  const Migration step{
      7, "step",
      "-- a; comment\nCREATE TABLE t (a {int}, b {text} DEFAULT '; {x}', c {blob});\nCREATE INDEX i ON t (a);\n"};
  EXPECT_EQ(store::statements_of(step, store::Dialect::sqlite),
            (std::vector<std::string>{"CREATE TABLE t (a INTEGER, b TEXT DEFAULT '; {x}', c BLOB) STRICT",
                                      "CREATE INDEX i ON t (a)"}));
  EXPECT_EQ(store::statements_of(step, store::Dialect::postgres)[0],
            "CREATE TABLE t (a bigint, b text COLLATE \"C\" DEFAULT '; {x}', c bytea)");
  for (const char* bad : {"CREATE TABLE t (a {real});", "CREATE TABLE t (a {int})", ";", "CREATE TABLE t (a 'x);",
                          "CREATE TABLE t (a {int} REFERENCES u DEFERRABLE);", "SELECT 1; /* open"}) {
    EXPECT_EQ(code_of([&] { store::statements_of({1, "bad", bad}, store::Dialect::sqlite); }), "migration_form") << bad;
  }
}

TEST(Migrations, OfTheProgramRise) {
  int before = 0;
  for (const Migration& step : store::all_migrations()) {
    EXPECT_GT(step.version, before);
    before = step.version;
  }
  EXPECT_GE(before, 1);
}

TEST(Files, OfSomethingElseAreRefusedUnchanged) {
  TemporaryFolder folder;
  const auto path = folder / "theirs";
  const auto refused = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
    const std::string code = code_of([&] { Store::open("sqlite:" + path.string(), note_options()); });
    std::ostringstream after;
    after << std::ifstream(path, std::ios::binary).rdbuf();
    EXPECT_EQ(after.str(), bytes);
    return code;
  };
  EXPECT_EQ(refused("a text that is long enough not to be taken for an empty file, and no database at all"),
            "store_foreign");
  {
    auto database = datasets::Database::open(folder / "package.gpkg", datasets::Database::Mode::write);
    database.execute("PRAGMA application_id = 1196444487; CREATE TABLE gpkg_contents (a)");
  }
  std::ostringstream package;
  package << std::ifstream(folder / "package.gpkg", std::ios::binary).rdbuf();
  EXPECT_EQ(refused(package.str()), "store_foreign");
  EXPECT_EQ(code_of([&] { Store::open("sqlite:" + (folder / "no/where.db").string(), note_options()); }),
            "store_unreachable");
}

// Every column of a store is on the list of fields about people (with the ending _sealed, where it is kept sealed) or
// on that of plain columns.
TEST(Columns, AreAllListed) {
  std::set<std::string> plain;
  std::ifstream file(std::string(CATCHMENT_SOURCE_DIR) + "/server/store/plain_columns.tsv");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    ASSERT_TRUE(second != std::string::npos && second + 1 < line.size()) << "no reason: " << line;
    plain.insert(line.substr(0, first) + "." + line.substr(first + 1, second - first - 1));
  }
  std::set<std::string> fields;
  for (const auto& field : datasets::privacy_list().fields()) fields.insert(field.field);
  TemporaryFolder folder;
  const std::string url = "sqlite:" + (folder / "all.db").string();
  { Store::open(url); }
  const auto backend = store::find_backend(url, {});
  std::set<std::string> there;
  for (const store::Table& table : backend->connect(store::Access::read)->tables()) {
    EXPECT_FALSE(table.key.empty()) << table.name << " needs a primary key";
    for (const std::string& column : table.columns) {
      there.insert(table.name + "." + column);
      std::string name = column;
      if (name.ends_with("_sealed")) name.resize(name.size() - 7);
      EXPECT_TRUE(fields.contains(name) || plain.contains(table.name + "." + column))
          << table.name << "." << column << " is neither in fields.tsv nor in plain_columns.tsv";
    }
  }
  for (const std::string& column : plain)
    EXPECT_TRUE(there.contains(column)) << column << " is listed and is not there";
}

}  // namespace
}  // namespace catchment::testing
