// Requirement id -> where it is in the packs -> the test that would fail without it.
//
// The requirements are datasets/policy/requirements.tsv. A clause of a pack names the ids it serves; what cites the
// clause serves them. A test names its ids in a comment right above it, "serves:" and the ids after two slashes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/policy_pack.hpp"

namespace catchment::datasets {

enum class Binds { software, people, both };

struct Requirement {
  std::string id;  // "ZZ19"
  std::string place;
  Binds binds = Binds::software;
  std::string text;
  std::string record;  // what shows that people kept it
  std::string waits;   // what has to come first: "service"; empty: nothing
  std::string room;    // the part of the engine that serves it where no pack entry could alone
};

// Throws InputError(requirements) with where = "requirements.tsv:17": a wrong header, an id twice or out of order, a
// word that is none, people without a record.
std::vector<Requirement> parse_requirements(std::string_view text, const std::string& name);

struct ServingTest {
  std::string id;    // requirement
  std::string test;  // "ZoneIndex.PointOnSharedEdge", or the test's line where it has no such form
  std::string file;
};
// Every "// serves:" comment of the .cpp files below a folder, by file and line.
std::vector<ServingTest> find_serving_tests(const std::filesystem::path& folder);

enum class Coverage { served, on_record, waits, gap };
std::string_view to_text(Coverage coverage);

struct CoverageRow {
  Requirement requirement;
  std::vector<std::string> entries;  // "zhengzhou-2024 /calendar/windows/0 primary_online"
  std::vector<std::string> tests;
  Coverage coverage = Coverage::gap;
  std::string lacks;  // of a gap: "pack entry or room", "test", "record", "requirement"
};

// One row a requirement, in their order, and one for every id that packs or tests name and the table does not know.
// served: software with a pack entry or room and a test (and, where it binds people too, a record). on_record: people,
// by the record. waits: for what has to come first, whether or not part of it is there.
std::vector<CoverageRow> policy_coverage(const std::vector<Requirement>& requirements,
                                         const std::vector<engine::policy::PolicyPack>& packs,
                                         const std::vector<ServingTest>& tests);

// All of it from a source tree: datasets/policy/requirements.tsv, datasets/policy/packs/*.json, tests/. InputError as
// above, and of packs.
std::vector<CoverageRow> read_policy_coverage(const std::filesystem::path& source);

}  // namespace catchment::datasets
