#include "datasets/synth/season.hpp"

#include <algorithm>
#include <array>

#include "datasets/synth/random.hpp"
#include "datasets/synth/season_parts.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets::synth {
namespace {

namespace admission = engine::admission;

constexpr int kPupilsAPublicSchool = 800;  // of one level and year, on average, in a large season
constexpr int kPrivatePermille = 130;      // of the children of a level, who would like a private school
constexpr int kSparePermille = 60;         // seats of public schools beyond the children who will want one

// A bijection of 40 bits, so that codes are told apart.
std::string code_text(std::uint64_t index, std::uint64_t seed) {
  constexpr std::uint64_t kMask = (std::uint64_t{1} << 40) - 1;
  std::uint64_t x = (index * 0x9E3779B97Fu + (seed * 0xD1B54A32D1u | 1)) & kMask;
  x ^= x >> 20;
  x = x * 0xBF58476D1Du & kMask;
  x ^= x >> 20;
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string code(8, '0');
  for (std::size_t i = 0; i < 8; ++i) code[i] = kDigits[x >> (35 - 5 * i) & 31];
  return code;
}

void check_makeup(const SeasonMakeup& makeup) {
  const auto fail = [](const char* option, const char* message) { throw InputError("synth_season", option, message); };
  if (makeup.children < 200 || makeup.children > 1'000'000) fail("--children", "must be 200 to 1000000");
  if (makeup.school_year < 2000 || makeup.school_year > 2100) fail("--year", "must be 2000 to 2100");
}

// A city too small for three public schools in each of its districts has fewer districts.
int count_districts(const SeasonCity& city, int schools) {
  return std::clamp(schools / 3, 1, static_cast<int>(city.districts.size()));
}

// Schools of one level: public ones on a jittered grid, a tenth as many private ones, one special school a level.
// Families choose private schools of their district alone, so each district in turn has one.
void make_schools(const SeasonMakeup& makeup, SeasonCity& city, std::size_t level) {
  SeasonLevel& out = city.levels[level];
  const int children = makeup.children / 2;
  const int schools = std::clamp(children / kPupilsAPublicSchool, 6, 4000);
  const int n_districts = count_districts(city, schools);
  int side = 1;
  while (side * side < schools) ++side;
  Random random(makeup.seed, 10 + level);
  const auto place = [&](MadeSchool& school) {
    school.district = std::min(school.x_m * n_districts / (side * kBlock), n_districts - 1);
  };
  for (int i = 0; i < schools; ++i) {
    MadeSchool school;
    school.x_m = (i % side) * kBlock + random.between(kBlock / 4, kBlock * 3 / 4);
    school.y_m = (i / side) * kBlock + random.between(kBlock / 4, kBlock * 3 / 4);
    school.weight = random.between(60, 140);
    place(school);
    out.schools.push_back(school);
  }
  out.publics = schools;
  const int privates = std::max(2, schools / 8);
  for (int i = 0; i <= privates; ++i) {
    MadeSchool school;
    const int west = i % n_districts * side * kBlock / n_districts,
              east = (i % n_districts + 1) * side * kBlock / n_districts;
    school.x_m = random.between(west + 1, east - 1), school.y_m = random.between(0, side * kBlock - 1);
    school.is_private = i < privates, school.special = i == privates;
    school.weight = random.between(40, 160);
    place(school);
    out.schools.push_back(school);
  }
}

// Plans as a bureau would make them, from surveyed children: near enough on the whole, wrong for single schools.
void make_plans(const SeasonMakeup& makeup, SeasonCity& city, std::size_t level) {
  SeasonLevel& out = city.levels[level];
  Random random(makeup.seed, 20 + level);
  const int cap = level == 0 ? makeup.class_cap_primary : makeup.class_cap_junior;
  const auto weigh = [&](bool is_private, int district) {  // -1: of all
    std::int64_t sum = 0;
    for (const MadeSchool& s : out.schools)
      sum += !s.special && s.is_private == is_private && (district < 0 || s.district == district) ? s.weight : 0;
    return sum;
  };
  const std::int64_t children = makeup.children / 2;
  // Families choose private schools of their district alone, so seats are planned by district too: a quarter lose.
  const auto private_share = [&](const MadeSchool& school) {
    const std::int64_t wishes = children * weigh(false, school.district) / weigh(false, -1) * kPrivatePermille / 1000;
    return wishes * 3 / 4 * school.weight / weigh(true, school.district);
  };
  std::int64_t private_seats = 0;
  for (const MadeSchool& school : out.schools) private_seats += school.is_private ? private_share(school) : 0;
  const std::int64_t public_seats = (children - private_seats) * (1000 + kSparePermille) / 1000;
  const std::int64_t publics = weigh(false, -1);
  for (MadeSchool& school : out.schools) {
    const std::int64_t share = school.special      ? children / 300 + 5
                               : school.is_private ? private_share(school)
                                                   : public_seats * school.weight / publics;
    const std::int64_t seats = school.special ? share : share * random.between(90, 112) / 100;
    school.classes = static_cast<int>(std::max<std::int64_t>(1, (seats + cap - 1) / cap));
    const int rooms = school.classes * cap;
    school.plan = school.is_private ? static_cast<int>(std::clamp<std::int64_t>(seats, 1, rooms))
                                    : std::max(1, rooms - random.between(0, 2));
  }
}

std::string school_id(std::size_t level, std::size_t index) {
  std::string number = std::to_string(index + 1);
  return std::string(level == 0 ? "P" : "J") + std::string(4 - std::min<std::size_t>(4, number.size()), '0') + number;
}

void write_schools(const SeasonCity& city, SeasonDir& dir) {
  for (std::size_t level = 0; level < 2; ++level) {
    const SeasonLevel& from = city.levels[level];
    for (std::size_t i = 0; i < from.schools.size(); ++i) {
      const MadeSchool& s = from.schools[i];
      admission::SchoolRow row;
      row.school_id = school_id(level, i), row.name = "synthetic school " + row.school_id;
      row.stage = level == 0 ? "primary" : "junior", row.ownership = s.is_private ? "private" : "public";
      row.kind = s.special ? "special" : "general";
      row.district = city.districts[static_cast<std::size_t>(s.district)];
      row.plan_seats = s.plan, row.plan_classes = s.classes;
      if (s.is_private) row.fee_yuan = 4000 + static_cast<int>(i % 5) * 1000;
      dir.sites.push_back({row.school_id, s.x_m, s.y_m});
      if (!s.is_private && !s.special)
        dir.tables.zones.push_back({"Z-" + row.school_id, row.stage, row.district, {row.school_id}, false, ""});
      dir.tables.schools.push_back(std::move(row));
    }
  }
}

}  // namespace

SeasonDir make_season(const SeasonMakeup& makeup, const std::function<bool()>& cancelled) {
  check_makeup(makeup);
  SeasonCity city;
  city.districts = makeup.districts;
  for (int i = 1; city.districts.empty() || (makeup.districts.empty() && i <= 8); ++i)
    city.districts.push_back("D" + std::to_string(i));
  SeasonDir dir;
  for (std::size_t level = 0; level < 2; ++level) make_schools(makeup, city, level), make_plans(makeup, city, level);
  write_schools(city, dir);
  const auto first = std::chrono::local_days(std::chrono::year(makeup.school_year) / 9 / 1);
  dir.tables.season = {{makeup.place, makeup.school_year, first + std::chrono::days(29), first, true}};
  std::uint64_t codes = 0;
  Random families(makeup.seed, 1);
  int family = 0;
  std::array<int, 2> left{makeup.children / 2, makeup.children - makeup.children / 2};
  while (left[0] + left[1] > 0) {
    if (family % 4096 == 0 && cancelled()) return {};
    MadeFamily made = make_household(city, families, ++family);
    for (const std::size_t level : {std::size_t{0}, std::size_t{1}}) {
      const int count = std::min(made.children[level], left[level]);
      left[level] -= count;
      std::string unit;
      for (int i = 0; i < count; ++i) {
        const std::string code = code_text(codes++, makeup.seed);
        if (unit.empty()) unit = code;
        make_child(city, makeup, families, made, level, code, made.together ? unit : code, dir);
      }
    }
  }
  for (const std::string_view table : kTablesToCome) dir.tables.absent.emplace_back(table);
  return dir;
}

}  // namespace catchment::datasets::synth
