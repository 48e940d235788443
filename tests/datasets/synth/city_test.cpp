#include "datasets/synth/city.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <numeric>
#include <set>

#include "datasets/synth/ring_tests.hpp"
#include "tests/datasets/synth/made_city.hpp"
#include "tests/datasets/synth/tiling.hpp"

namespace catchment::datasets::synth {
namespace {

using engine::LayerKey;
using engine::Stage;

class SynthCity : public testing::Test {
 protected:
  static void SetUpTestSuite() { made_ = std::make_unique<MadeCity>(of_forty()); }
  static void TearDownTestSuite() { made_.reset(); }
  const CityPackage package_ = made_->open();

  static std::unique_ptr<MadeCity> made_;
};
std::unique_ptr<MadeCity> SynthCity::made_;

TEST_F(SynthCity, SaysThatItIsSynthetic) {
  EXPECT_TRUE(package_.synthetic());
  EXPECT_EQ(package_.meta().at("city"), "合成示例市 (synthetic)");
  for (const engine::School& school : package_.schools()) EXPECT_NE(school.name.find("（合成）"), std::string::npos);
  for (const engine::Notice& notice : package_.notices()) EXPECT_NE(notice.title.find("合成数据"), std::string::npos);
}

TEST_F(SynthCity, SameArgumentsSameBytes) {
  EXPECT_EQ(made_->bytes(), MadeCity(of_forty()).bytes());
  SynthOptions other = of_forty();
  other.seed = 6;
  EXPECT_NE(made_->bytes(), MadeCity(other).bytes());
}

TEST_F(SynthCity, HasAsMuchAsAsked) {
  EXPECT_EQ(package_.schools().size(), 40u);
  EXPECT_EQ(package_.address_count(), 12'000);
  const std::vector<LayerKey> layers{{Stage::primary, kLastYear - 1, "general"},
                                     {Stage::primary, kLastYear, "general"},
                                     {Stage::junior, kLastYear - 1, "general"},
                                     {Stage::junior, kLastYear, "general"}};
  EXPECT_EQ(package_.layers(), layers);
  EXPECT_EQ(package_.notices().size(), layers.size());
  EXPECT_GT(package_.streets().size(), 300u);
  EXPECT_EQ(package_.barriers().size(), 2u);
  EXPECT_FALSE(package_.housing().empty());
}

TEST_F(SynthCity, UnitsAndZonesTileTheCityExactly) {
  const auto units = shapes_of(package_.units());
  ASSERT_EQ(find_tiling_fault(units), "");
  const Rim rim = rim_of(units);
  for (const LayerKey& layer : package_.layers()) {
    EXPECT_EQ(find_tiling_fault(shapes_of(package_.zones(layer)), rim), "") << to_text(layer);
  }
}

TEST_F(SynthCity, EveryUnitIsInExactlyOnePrimaryZone) {
  std::map<std::string, std::string> school_of_unit;
  for (const engine::PlanUnit& row : package_.plan_units()) {
    EXPECT_TRUE(school_of_unit.emplace(row.unit_id, row.school_id).second);
  }
  std::map<std::string, std::vector<geo::MultiPolygon>> units_of_school;
  for (const engine::Unit& unit : package_.units()) units_of_school[school_of_unit.at(unit.id)].push_back(unit.shape);
  const auto zones = package_.zones({Stage::primary, kLastYear, "general"});
  EXPECT_EQ(units_of_school.size(), zones.size());
  for (const engine::Zone& zone : zones) {
    const auto units = std::find_if(zone.school_ids.begin(), zone.school_ids.end(),
                                    [&](const std::string& id) { return units_of_school.contains(id); });
    ASSERT_NE(units, zone.school_ids.end());
    EXPECT_EQ(rim_of({zone.shape}), rim_of(units_of_school.at(*units))) << zone.id;
  }
}

TEST_F(SynthCity, ZonesAreBalancedAndOfWholeBlocks) {
  std::map<std::string, int> children_of_unit;
  for (const engine::UnitChildren& row : package_.unit_children()) {
    if (row.year == kLastYear) children_of_unit[row.unit_id] += row.children;
  }
  std::map<std::string, std::pair<int, int>> of_school;  // units, children
  for (const engine::PlanUnit& row : package_.plan_units()) {
    ++of_school[row.school_id].first;
    of_school[row.school_id].second += children_of_unit.at(row.unit_id);
  }
  const int mean = 30'000 / static_cast<int>(of_school.size());
  for (const auto& [school, sums] : of_school) {
    EXPECT_TRUE(sums.first >= 8 && sums.first <= 60) << school << " has " << sums.first << " units";
    EXPECT_TRUE(sums.second > mean / 2 && sums.second < mean * 2) << school << " has " << sums.second << " children";
  }
}

TEST_F(SynthCity, BoundariesChangeALittleFromYearToYear) {
  const auto now = package_.zones({Stage::primary, kLastYear, "general"});
  const auto before = package_.zones({Stage::primary, kLastYear - 1, "general"});
  ASSERT_EQ(now.size(), before.size());
  std::size_t changed = 0;
  for (std::size_t i = 0; i < now.size(); ++i) changed += now[i].shape != before[i].shape ? 1u : 0u;
  EXPECT_GT(changed, 0u);
  EXPECT_LT(changed, now.size() / 2);
}

TEST_F(SynthCity, SomeZonesAreShared) {
  for (const Stage stage : {Stage::primary, Stage::junior}) {
    const auto zones = package_.zones({stage, kLastYear, "general"});
    const auto shared =
        std::count_if(zones.begin(), zones.end(), [](const auto& z) { return z.school_ids.size() == 2; });
    EXPECT_TRUE(shared >= 1 && shared < static_cast<std::ptrdiff_t>(zones.size()) / 2);
  }
}

TEST_F(SynthCity, EveryCampusIsInItsZone) {
  for (const LayerKey& layer : package_.layers()) {
    std::map<std::string, const geo::MultiPolygon*> zone_of_school;
    const auto zones = package_.zones(layer);
    for (const engine::Zone& zone : zones) {
      for (const std::string& id : zone.school_ids) EXPECT_TRUE(zone_of_school.emplace(id, &zone.shape).second);
    }
    for (const engine::Campus& campus : package_.campuses()) {
      const auto zone = zone_of_school.find(campus.school_id);
      if (zone == zone_of_school.end()) continue;
      EXPECT_TRUE(covers(*zone->second, campus.position)) << campus.id;
    }
  }
}

TEST_F(SynthCity, EverySchoolHasAZoneExceptPrivateOnes) {
  std::set<std::string> named;
  for (const LayerKey& layer : package_.layers()) {
    for (const engine::Zone& zone : package_.zones(layer)) named.insert(zone.school_ids.begin(), zone.school_ids.end());
  }
  int privates = 0;
  for (const engine::School& school : package_.schools()) {
    EXPECT_EQ(named.contains(school.id), school.ownership == "public") << school.id;
    privates += school.ownership == "private" ? 1 : 0;
  }
  EXPECT_GE(privates, 1);
}

TEST_F(SynthCity, EveryAddressIsInsideItsUnit) {
  std::map<std::string, geo::MultiPolygon> unit;
  for (const engine::Unit& row : package_.units()) unit[row.id] = row.shape;
  std::set<std::string> texts;
  int without_position = 0;
  int with_error = 0;
  package_.for_each_address([&](const engine::Address& row) {
    EXPECT_TRUE(texts.insert(row.text).second) << row.text;
    EXPECT_EQ(row.position.has_value(), !row.unit_id.empty());
    without_position += row.position ? 0 : 1;
    with_error += row.error_m > 0 ? 1 : 0;
    if (!row.position) return true;
    EXPECT_TRUE(covers(unit.at(row.unit_id), *row.position)) << row.text;
    return true;
  });
  EXPECT_TRUE(without_position > 20 && without_position < 200) << without_position;
  EXPECT_TRUE(with_error > 100 && with_error < 1000) << with_error;
}

// Where a point is beside a line: its distance, the way along the line to its foot, and whether it is left.
struct Beside {
  double distance_m = 1e9;
  double along_m = 0;
  bool left = false;
};

Beside find_beside(const geo::Polyline& line, geo::Point p) {
  const geo::LocalScale scale = geo::local_scale(p.lat);
  Beside best;
  double before = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const double ex = (line[i].lon - line[i - 1].lon) * scale.lon_m;
    const double ey = (line[i].lat - line[i - 1].lat) * scale.lat_m;
    const double px = (p.lon - line[i - 1].lon) * scale.lon_m;
    const double py = (p.lat - line[i - 1].lat) * scale.lat_m;
    const double length = std::sqrt(ex * ex + ey * ey);
    const double t = std::clamp((px * ex + py * ey) / (length * length), 0.0, 1.0);
    const double distance = std::sqrt((px - t * ex) * (px - t * ex) + (py - t * ey) * (py - t * ey));
    if (distance < best.distance_m) best = {distance, before + t * length, geo::cross(line[i - 1], line[i], p) > 0};
    before += length;
  }
  return best;
}

TEST_F(SynthCity, DoorsAreOddOnOneSideEvenOnTheOtherAndRise) {
  std::map<std::string, geo::Polyline> lines;
  std::set<std::string> shared;  // one name, two streets
  for (const engine::Line& street : package_.streets()) {
    if (!lines.emplace(street.name, street.shape).second) shared.insert(street.name);
  }
  EXPECT_TRUE(!shared.empty() && shared.size() <= 2) << shared.size();
  struct Last {
    int number = 0;
    double along_m = -1e9;
  };
  std::map<std::pair<std::string, bool>, Last> last;                 // street, odd
  std::map<std::pair<std::string, bool>, std::array<int, 2>> sides;  // street, odd -> doors right, left
  int doors = 0;
  int far = 0;
  int falling = 0;
  package_.for_each_address([&](const engine::Address& row) {
    // What stands in an estate, a compound, a lane or a village stands off the street.
    const auto says = [&](const char* word) { return row.door.find(word) != std::string::npos; };
    if (!row.estate.empty() || !row.position || row.street.empty() || shared.contains(row.street)) return true;
    if (says("弄") || says("院")) return true;
    const Beside at = find_beside(lines.at(row.street), *row.position);
    ++doors;
    if (at.distance_m < 3.9 || at.distance_m > 15.1) {
      ++far;
      return true;
    }
    const int number = std::stoi(row.door.substr(row.door.find_first_of("0123456789")));
    const std::pair key(row.street, number % 2 == 1);
    ++sides[key][at.left ? 1 : 0];
    Last& previous = last[key];
    EXPECT_GE(number, previous.number);
    falling += at.along_m < previous.along_m - 15 ? 1 : 0;  // round a bend the feet of two doors may change places
    previous = {number, at.along_m};
    return true;
  });
  EXPECT_GT(doors, 2000);
  EXPECT_LT(far * 100, doors);
  EXPECT_EQ(falling, 0);
  int astray = 0;
  for (const auto& [key, counts] : sides) {
    astray += std::min(counts[0], counts[1]);
    const auto across = sides.find({key.first, !key.second});
    if (across == sides.end()) continue;
    EXPECT_NE(counts[0] > counts[1], across->second[0] > across->second[1]) << key.first;
  }
  EXPECT_LT(astray * 200, doors);  // at sharp bends the nearest segment may be the next one
}

TEST_F(SynthCity, DivisionsNestAndTileTheCity) {
  std::map<std::string, std::vector<geo::MultiPolygon>> shapes;  // by kind
  std::map<std::string, std::vector<geo::MultiPolygon>> inside;  // by parent
  std::map<std::string, engine::Place> places;
  for (const engine::Place& place : package_.places()) {
    shapes[place.kind == "village" ? "community" : place.kind].push_back(place.shape);
    inside[place.parent_id].push_back(place.shape);
    places[place.id] = place;
  }
  const Rim rim = rim_of(shapes_of(package_.units()));
  for (const char* kind : {"district", "town", "community"})
    EXPECT_EQ(find_tiling_fault(shapes[kind], rim), "") << kind;
  for (const auto& [id, place] : places) {
    const bool divided = place.kind == "district" || place.kind == "town";
    EXPECT_TRUE(!divided || rim_of(inside[id]) == rim_of({place.shape})) << id;
    EXPECT_EQ(place.parent_id.empty(), place.kind == "district") << id;
  }
  EXPECT_GE(shapes["district"].size(), 2u);
}

TEST_F(SynthCity, EstatesArePlacesWithTheShapeOfTheirUnit) {
  std::map<std::string, geo::MultiPolygon> unit;
  for (const engine::Unit& row : package_.units()) unit[row.name] = row.shape;
  std::map<std::string, geo::MultiPolygon> community;
  std::size_t estates = 0;
  for (const engine::Place& place : package_.places()) {
    if (place.kind == "community") community[place.id] = place.shape;
  }
  for (const engine::Place& place : package_.places()) {
    if (place.kind != "estate") continue;
    ++estates;
    EXPECT_EQ(place.shape, unit.at(place.name));
    ASSERT_TRUE(place.position && community.contains(place.parent_id)) << place.id;
    EXPECT_TRUE(covers(place.shape, *place.position));
    EXPECT_TRUE(covers(community.at(place.parent_id), *place.position));
  }
  EXPECT_GT(estates, 100u);
}

TEST_F(SynthCity, TextsNameTheTownAndCommunityTheyLieIn) {
  std::map<std::string, geo::MultiPolygon> shape;
  for (const engine::Place& place : package_.places()) {
    if (place.kind != "estate") shape[place.name] = place.shape;
  }
  std::map<std::string, int> named;
  package_.for_each_address([&](const engine::Address& row) {
    for (const auto& [name, area] : shape) {
      if (row.text.find(name) == std::string::npos) continue;
      ++named[name.ends_with("街道")   ? "town"
              : name.ends_with("社区") ? "community"
              : name.ends_with("村")   ? "village"
                                       : "district"];
      EXPECT_TRUE(!row.position || covers(area, *row.position)) << row.text << " " << name;
    }
    return true;
  });
  EXPECT_EQ(named["district"], 12'000);
  EXPECT_GT(named["town"], named["community"]);
  EXPECT_GT(named["community"], 500);
  EXPECT_GT(named["village"], 100);
}

TEST_F(SynthCity, HasEveryFormOfDoor) {
  std::map<std::string, int> seen;
  package_.for_each_address([&](const engine::Address& row) {
    for (const char* word : {"附", "号之", "-", "弄", "支弄", "号院", "号大院", "甲", "组"}) {
      seen[word] += (row.text.find(word) != std::string::npos) ? 1 : 0;
    }
    return true;
  });
  for (const auto& [word, count] : seen) EXPECT_GT(count, 0) << word;
}

TEST_F(SynthCity, OtherNamesAreOfThingsThereAreAndOfNothingElse) {
  std::set<std::string> names;
  for (const engine::Line& street : package_.streets()) names.insert("street" + street.name);
  for (const engine::Place& place : package_.places()) names.insert(place.kind + place.name);
  for (const engine::School& school : package_.schools()) names.insert("institution" + school.name);
  package_.for_each_address([&](const engine::Address& row) {
    names.insert("door" + row.street + row.door);
    return true;
  });
  std::set<std::string> relations;
  std::set<std::string> kinds;
  for (const engine::Alias& alias : package_.aliases()) {
    EXPECT_TRUE(names.contains(alias.kind + alias.name)) << alias.kind << alias.name;
    EXPECT_FALSE(names.contains(alias.kind + alias.alias)) << alias.kind << alias.alias;
    relations.insert(alias.relation);
    kinds.insert(alias.kind);
  }
  EXPECT_EQ(relations, (std::set<std::string>{"former", "legal", "promoted", "short", "temporary"}));
  EXPECT_EQ(kinds, (std::set<std::string>{"community", "door", "estate", "institution", "street", "town"}));
}

TEST_F(SynthCity, FeedersShareOutEveryPrimarySchool) {
  std::map<std::string, engine::School> school;
  for (const engine::School& row : package_.schools()) school[row.id] = row;
  std::map<std::pair<std::string, int>, double> shares;
  std::set<std::string> receivers;
  for (const engine::Feeder& row : package_.feeders()) {
    shares[{row.from_school_id, row.school_year}] += row.share;
    receivers.insert(row.to_school_id);
    const auto& stages = school.at(row.to_school_id).stages;
    EXPECT_NE(std::find(stages.begin(), stages.end(), Stage::junior), stages.end());
  }
  std::set<std::string> primary;
  for (const engine::Zone& zone : package_.zones({Stage::primary, kLastYear, "general"})) {
    primary.insert(zone.school_ids.begin(), zone.school_ids.end());
  }
  EXPECT_EQ(shares.size(), primary.size() * 2);
  for (const auto& [key, share] : shares) EXPECT_NEAR(share, 1.0, 1e-12) << key.first;
}

}  // namespace
}  // namespace catchment::datasets::synth
