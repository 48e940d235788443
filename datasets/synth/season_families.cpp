// Households of a made-up season, their papers, and what they do. Shares are round figures of ours, not of any city.
#include <algorithm>

#include "datasets/synth/season_parts.hpp"

namespace catchment::datasets::synth {
namespace {

struct Situation {
  std::string_view name;
  int permille;
  std::string_view expected;
};

constexpr Situation kSituations[]{
    {"hukou_home", 560, "zone"},    {"grandparents", 60, "zone"},   {"hukou_only", 100, "zone"},
    {"home_only", 50, "points"},    {"migrant", 180, "points"},     {"migrant_without_permit", 20, "none"},
    {"policy_group", 15, "policy"}, {"mild_disability", 6, "zone"}, {"severe_disability", 3, "placement"},
    {"not_yet_of_age", 6, "none"},
};

std::string_view pick_situation(Random& random) {
  int at = random.between(0, 999);
  for (const Situation& s : kSituations) {
    if (at < s.permille) return s.name;
    at -= s.permille;
  }
  return kSituations[0].name;
}

std::string_view expected_of(std::string_view situation) {
  for (const Situation& s : kSituations) {
    if (s.name == situation) return s.expected;
  }
  return "";
}

std::optional<int> in_window(Random& random) { return random.between(0, 999'999); }

std::optional<int> in_window_if(Random& random, int permille) {
  const bool does = random.chance_permille(permille);
  const int when = random.between(0, 999'999);
  return does ? std::optional(when) : std::nullopt;
}

void give_papers(const SeasonMakeup& makeup, Random& random, std::string_view situation, SeasonFamily& f) {
  using std::chrono::days;
  const auto first = std::chrono::local_days(std::chrono::year(makeup.school_year) / 9 / 1);
  const auto since = [&](int least, int most) { return first - days(random.between(least, most)); };
  const bool migrant = situation == "migrant" || situation == "migrant_without_permit" || situation == "home_only";
  f.hukou = !migrant;
  f.hukou_with = migrant ? "" : situation == "grandparents" ? "grandparents" : "parents";
  f.hukou_since_birth = situation == "grandparents" || (f.hukou && random.chance_permille(700));
  f.hukou_here = f.hukou && situation != "hukou_only";
  f.property = f.hukou ? f.hukou_here && situation != "grandparents" : situation == "home_only";
  f.grandparents_property = situation == "grandparents";
  f.permit = situation == "migrant" || situation == "home_only" ? "parent" : "none";
  f.residence_months = situation == "migrant_without_permit" ? random.between(0, 5) : random.between(7, 140);
  f.lawful_work = f.permit == "parent", f.lawful_home = f.permit == "parent";
  if (f.hukou) f.hukou_since = since(30, 5000);
  if (f.property) f.property_since = since(30, 5000);
  if (f.permit == "parent") f.permit_since = since(240, 4000);
  f.points = f.hukou ? 0 : random.between(2000, 10000);
}

// A private school of the district, popular ones more often; -1: there is none.
int pick_private(const SeasonLevel& level, int district, Random& random) {
  int chosen = -1, weight = 0;
  for (std::size_t i = static_cast<std::size_t>(level.publics); i < level.schools.size(); ++i) {
    const MadeSchool& school = level.schools[i];
    if (!school.is_private || school.district != district) continue;
    weight += school.weight;
    if (random.between(1, weight) <= school.weight) chosen = static_cast<int>(i);
  }
  return chosen;
}

// What this family does, in the windows of whatever calendar the season is run under.
void give_acts(const SeasonCity& city, Random& random, const MadeFamily& family, std::size_t level, SeasonFamily& f) {
  f.registers = in_window_if(random, 975);
  f.mistaken = random.chance_permille(45);
  f.amends = in_window_if(random, f.mistaken ? 550 : 0);
  const bool goes_on_site = !f.registers || (f.mistaken && !f.amends);
  f.on_site = in_window_if(random, goes_on_site ? 750 : 0);
  f.late = in_window_if(random, goes_on_site && !f.on_site ? 800 : 0);
  const SeasonLevel& schools = city.levels[level];
  const int district = schools.schools[static_cast<std::size_t>(family.zone_school[level])].district;
  const int chosen = pick_private(schools, district, random);
  f.chooses = in_window_if(random, f.claim.empty() && chosen >= 0 ? 160 : 0);
  const int other = random.between(0, schools.publics - 1);
  f.choice = f.chooses ? std::to_string(chosen) : "";  // becomes an id below
  const int answer = random.between(0, 999);
  f.answers_private = answer < 930   ? in_window(random)
                      : answer < 965 ? std::optional(random.between(1'000'000, 1'400'000))
                                     : std::nullopt;
  f.answers_public = in_window_if(random, 970);
  f.moves = in_window_if(random, 4);
  f.transfers = in_window_if(random, f.moves ? 0 : 4);
  f.transfers_to = f.transfers ? std::to_string(other) : "";
  f.reports = in_window_if(random, 986);
  f.returns = in_window_if(random, f.reports ? 0 : 600);
}

std::string id_of(std::size_t level, const std::string& index) {
  if (index.empty()) return "";
  std::string number = std::to_string(std::stoi(index) + 1);
  return std::string(level == 0 ? "P" : "J") + std::string(4 - std::min<std::size_t>(4, number.size()), '0') + number;
}

}  // namespace

MadeFamily make_household(const SeasonCity& city, Random& random, int id) {
  MadeFamily family;
  family.id = id, family.dwelling = random.chance_permille(5) ? std::max(1, id - 1) : id;
  const int kind = random.between(0, 999);
  const std::size_t level = random.below(2);
  family.children[level] = kind < 10 ? 2 : 1;
  if (kind >= 960) family.children = {1, 1};
  family.together = random.chance_permille(800);
  const SeasonLevel& primary = city.levels[0];
  // Homes lie where schools are, more where the school is large.
  std::size_t home = random.below(static_cast<std::uint64_t>(primary.publics));
  while (!random.chance_permille(primary.schools[home].weight * 7))
    home = random.below(static_cast<std::uint64_t>(primary.publics));
  const MadeSchool& near = primary.schools[home];
  family.x_m = near.x_m + random.between(-kBlock / 2, kBlock / 2);
  family.y_m = near.y_m + random.between(-kBlock / 2, kBlock / 2);
  for (std::size_t l = 0; l < 2; ++l) {
    family.zone_school[l] = static_cast<int>(std::min(home, static_cast<std::size_t>(city.levels[l].publics) - 1));
  }
  family.situation = pick_situation(random);
  return family;
}

void make_child(const SeasonCity& city, const SeasonMakeup& makeup, Random& random, const MadeFamily& family,
                std::size_t level, const std::string& code, const std::string& unit, SeasonDir& dir) {
  std::string_view situation = family.situation;
  if (situation == "not_yet_of_age" && level == 1) situation = "hukou_home";
  const MadeSchool& zone = city.levels[level].schools[static_cast<std::size_t>(family.zone_school[level])];
  SeasonFamily f;
  f.child_id = code, f.unit = unit, f.family = family.id, f.dwelling = family.dwelling;
  f.x_m = family.x_m, f.y_m = family.y_m;
  f.namesake = random.chance_permille(10) ? random.between(1, std::max(2, makeup.children / 400)) : 0;
  give_papers(makeup, random, situation, f);
  std::string_view expected = expected_of(situation);
  const SeasonLevel& schools = city.levels[level];
  if (situation == "policy_group") f.claim = std::to_string(family.zone_school[level]), f.claim_way = "policy";
  if (situation == "severe_disability") f.claim = std::to_string(schools.schools.size() - 1), f.claim_way = "placement";
  const bool promotee = level == 1 && situation == "hukou_home" && random.chance_permille(35);
  const int own = pick_private(schools, zone.district, random);
  if (promotee && own >= 0) {
    f.claim = std::to_string(own), f.claim_way = "direct_promotion";
    situation = "direct_promotion", expected = "direct_promotion";
  }
  f.claim = id_of(level, f.claim);
  f.granted = situation != "not_yet_of_age";
  give_acts(city, random, family, level, f);
  f.choice = id_of(level, f.choice), f.transfers_to = id_of(level, f.transfers_to);

  engine::admission::ChildRow row;
  row.child_id = code, row.stage = level == 0 ? "primary" : "junior";
  row.district = city.districts[static_cast<std::size_t>(zone.district)];
  const int age = level == 0 ? 6 : 12;
  const int days = situation == "not_yet_of_age" ? -random.between(1, 120) : random.between(0, 365);
  const auto cut_off = std::chrono::local_days(std::chrono::year(makeup.school_year - age) / 8 / 31);
  row.birth_date = cut_off - std::chrono::days(days);
  row.sex = random.chance_permille(520) ? "male" : "female";
  row.household = f.hukou ? "hukou" : f.permit == "parent" ? "permit" : "other";
  row.migrant = !f.hukou;
  if (situation == "policy_group") row.groups = {random.chance_permille(500) ? "martyr" : "military"};
  if (random.chance_permille(4)) row.groups.emplace_back("left_behind");
  row.disability = situation == "mild_disability" ? "mild" : situation == "severe_disability" ? "severe" : "";
  row.placement = row.disability.empty() ? "" : row.disability == "mild" ? "mainstream" : "special_school";
  row.own_plan = !row.disability.empty();
  const bool deferred = level == 0 && situation == "hukou_home" && random.chance_permille(4);
  if (deferred) row.placement = "deferred", situation = "deferred", expected = "deferred";
  row.zone_id = "Z-" + id_of(level, std::to_string(family.zone_school[level]));
  if (unit != code) row.bundle_id = unit;
  dir.tables.children.push_back(std::move(row));
  dir.truth.push_back({code, std::string(situation), std::string(expected)});
  dir.families.push_back(std::move(f));
}

}  // namespace catchment::datasets::synth
