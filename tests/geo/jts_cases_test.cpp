// The conformance suites of JTS and GEOS, as far as they speak of what we have: areas, and points against areas. A
// point is answered by our zone index, validity and area against area by geo/topology.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "geo/input_error.hpp"
#include "geo/topology.hpp"
#include "geo/zone_index.hpp"
#include "tests/support/jts_suite.hpp"

namespace catchment::test {
namespace {

bool matches(const std::string& matrix, std::string_view pattern) {
  for (std::size_t i = 0; i < 9; ++i) {
    const bool in = matrix[i] != 'F';
    if (pattern[i] == 'T' ? !in : pattern[i] != '*' && pattern[i] != matrix[i]) return false;
  }
  return true;
}
bool matches_any(const std::string& matrix, std::initializer_list<std::string_view> patterns) {
  return std::any_of(patterns.begin(), patterns.end(), [&](std::string_view p) { return matches(matrix, p); });
}

// By OGC's definitions; empty for an operation that is no predicate of ours.
std::optional<bool> evaluate(const JtsOperation& op, const std::string& m, bool both_areas, bool points_first) {
  if (op.name == "relate") return matches(m, op.argument[2]);
  if (op.name == "intersects") return !matches(m, "FF*FF****");
  if (op.name == "disjoint") return matches(m, "FF*FF****");
  if (op.name == "contains") return matches(m, "T*****FF*");
  if (op.name == "within") return matches(m, "T*F**F***");
  if (op.name == "covers") return matches_any(m, {"T*****FF*", "*T****FF*", "***T**FF*", "****T*FF*"});
  if (op.name == "coveredby") return matches_any(m, {"T*F**F***", "*TF**F***", "**FT*F***", "**F*TF***"});
  if (op.name == "touches") return matches_any(m, {"FT*******", "F**T*****", "F***T****"});
  if (op.name == "equalstopo") return matches(m, "T*F**FFF*");
  if (op.name == "overlaps") return both_areas && matches(m, "T*T***T**");
  if (op.name == "crosses") return !both_areas && matches(m, points_first ? "T*T******" : "T*****T**");
  return std::nullopt;
}

// Points against an area, both as the index sees them.
std::string relate_points(const std::vector<geo::Point>& points, const geo::MultiPolygon& area) {
  const geo::ZoneIndex index = geo::ZoneIndex::build(std::vector<geo::MultiPolygon>{area});
  std::string m = "FFFFFFFF2";
  for (const geo::Point p : points) {
    const geo::FaceHit hit = index.face_at(p);
    m[hit.on_boundary() ? 1 : hit.face() != geo::kNoFace ? 0 : 2] = '0';
  }
  if (!area.empty()) {
    m[6] = '2';
    m[7] = '1';
  }
  return m;
}
std::string transposed(const std::string& m) { return {m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]}; }

struct Exclusion {
  std::string reason;
  bool used = false;
};

class Suite {
 public:
  int applicable = 0;
  int agree = 0;
  int excluded = 0;
  std::map<std::string, std::pair<int, int>> by_group;  // applicable, agree

  explicit Suite(const std::filesystem::path& exclusions) {
    std::ifstream file(exclusions);
    for (std::string line; std::getline(file, line);) {
      if (line.empty() || line[0] == '#') continue;
      const auto tab = line.find('\t');
      exclusions_[line.substr(0, tab)] = {tab == std::string::npos ? "" : line.substr(tab + 1), false};
    }
  }

  void run(const std::filesystem::path& folder, const std::filesystem::path& path) {
    const std::vector<JtsCase> cases = JtsReader::read(path);
    for (std::size_t c = 0; c < cases.size(); ++c) {
      for (std::size_t o = 0; o < cases[c].operations.size(); ++o) {
        const std::string id = std::filesystem::relative(path, folder).string() + "#" + std::to_string(c + 1) + "." +
                               std::to_string(o + 1);
        run(id, cases[c], cases[c].operations[o]);
      }
    }
  }

  void check_exclusions() const {
    for (const auto& [id, exclusion] : exclusions_) {
      EXPECT_TRUE(exclusion.used) << id << " is excluded but agrees or does not exist";
      EXPECT_FALSE(exclusion.reason.empty()) << id << " is excluded without a reason";
    }
  }

 private:
  void run(const std::string& id, const JtsCase& c, const JtsOperation& op) {
    const bool swapped = op.argument[0] == "b";
    const auto first = reader_.read(swapped ? c.b : c.a);
    if (op.name == "isvalid") {
      if (first ? first->kind == JtsShape::Kind::area : lower(c.a).find("polygon") != std::string::npos)
        check(id, "valid", c, op, valid(first));
      return;
    }
    if (op.argument[1] != "a" && op.argument[1] != "b") return;
    const auto second = reader_.read(op.argument[1] == "b" ? c.b : c.a);
    if (!evaluate(op, "FFFFFFFF2", true, true) || !first || !second) return;
    using Kind = JtsShape::Kind;
    const bool both = first->kind == Kind::area && second->kind == Kind::area;
    const bool points_first = first->kind == Kind::points && second->kind == Kind::area;
    const bool points_last = first->kind == Kind::area && second->kind == Kind::points;
    if (!both && !points_first && !points_last) return;
    std::optional<bool> answer;
    GridScale grid;
    if (grid.fit({&*first, &*second})) {
      std::string m;
      try {
        if (both) {
          m = geo::relate(grid.area(*first), grid.area(*second));
        } else {
          const JtsShape& points = points_first ? *first : *second;
          std::vector<geo::Point> at;
          for (const auto& p : points.points) at.push_back(grid.at(p));
          m = relate_points(at, grid.area(points_first ? *second : *first));
          if (points_last) m = transposed(m);
        }
        answer = evaluate(op, m, both, points_first);
      } catch (const InputError&) {
      }
    }
    check(id, both ? "area/area" : "point/area", c, op, answer);
  }

  static std::optional<bool> valid(const std::optional<JtsShape>& shape) {
    GridScale grid;
    if (!shape || !grid.fit({&*shape})) return std::nullopt;
    return geo::check_validity(grid.area(*shape)).valid;
  }

  void check(const std::string& id, const std::string& group, const JtsCase& c, const JtsOperation& op,
             std::optional<bool> answer) {
    ++applicable;
    ++by_group[group].first;
    if (answer && *answer == (op.result == "true")) {
      ++agree;
      ++by_group[group].second;
      return;
    }
    const auto it = exclusions_.find(id);
    if (it != exclusions_.end()) {
      it->second.used = true;
      ++excluded;
      return;
    }
    ADD_FAILURE() << id << " " << op.name << " expects " << op.result << ": "
                  << (answer ? "we disagree" : "not representable") << "\n"
                  << c.description << "\n"
                  << c.a.substr(0, 300) << "\n"
                  << c.b.substr(0, 300);
  }

  JtsGeometryReader reader_;
  std::map<std::string, Exclusion> exclusions_;
};

TEST(JtsCases, PredicatesAndValidityAgree) {
  const char* other = std::getenv("CATCHMENT_JTS");
  const std::filesystem::path golden = std::filesystem::path(CATCHMENT_SOURCE_DIR) / "tests/golden/jts";
  const std::filesystem::path folder = other != nullptr ? other : golden;
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".xml") files.insert(entry.path());
  }
  ASSERT_FALSE(files.empty()) << folder;
  Suite suite(golden / "exclusions.tsv");
  for (const auto& file : files) {
    const int before = suite.applicable;
    suite.run(folder, file);
    std::cout << "[ jts      ] " << std::filesystem::relative(file, folder).string() << ": "
              << suite.applicable - before << "\n";
  }
  for (const auto& [group, count] : suite.by_group) {
    std::cout << "[ jts      ] " << group << ": applicable " << count.first << ", agree " << count.second << "\n";
  }
  std::cout << "[ jts      ] applicable " << suite.applicable << ", agree " << suite.agree << ", excluded "
            << suite.excluded << "\n";
  suite.check_exclusions();
  EXPECT_LE(suite.excluded * 50, suite.applicable);
}

}  // namespace
}  // namespace catchment::test
