#include "geo/crs_detector.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <numbers>
#include <sstream>

#include "geo/input_error.hpp"
#include "tests/support/random.hpp"

namespace catchment::geo {
namespace {

constexpr Degrees kZhengzhou{113.6254, 34.7466};

double uniform(test::Random& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random.next() >> 11) * 0x1p-53;
}

Degrees moved(Degrees d, double east_m, double north_m) {
  const LocalScale scale = local_scale(find_point(d)->lat);
  return {d.lon + east_m / scale.lon_m / kUnitsPerDegree, d.lat + north_m / scale.lat_m / kUnitsPerDegree};
}

Degrees blurred(test::Random& random, Degrees d, double sigma_m) {
  const double r = sigma_m * std::sqrt(-2.0 * std::log(uniform(random, 1e-12, 1.0)));
  const double angle = uniform(random, 0, 2 * std::numbers::pi);
  return moved(d, r * std::cos(angle), r * std::sin(angle));
}

Degrees somewhere(test::Random& random, Degrees city) {
  return moved(city, uniform(random, -12'000, 12'000), uniform(random, -12'000, 12'000));
}

std::vector<Anchor> layer(const std::string& crs, Degrees city, int count, double sigma_m, std::uint64_t seed) {
  const Projection projection(parse_crs(crs), Ballpark::allow);
  test::Random random(seed);
  std::vector<Anchor> anchors;
  for (int i = 0; i < count; ++i) {
    const Degrees truth = somewhere(random, city);
    const auto xy = projection.from_cgcs2000(blurred(random, truth, sigma_m));
    anchors.push_back({xy->x, xy->y, truth});
  }
  return anchors;
}

bool lists(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

TEST(CrsDetector, EveryUsualReadingIsNamed) {
  const CrsDetector detector(kZhengzhou);
  for (const char* crs : {"EPSG:4490",    "EPSG:4490@yx",       "GCJ02",        "GCJ02@yx",        "BD09",
                          "BD09@yx",      "EPSG:3857",          "EPSG:3857@yx", "EPSG:3857+GCJ02", "EPSG:3857+BD09",
                          "EPSG:4547",    "EPSG:4547@yx",       "EPSG:4526",    "EPSG:4526@yx",    "EPSG:4546",
                          "EPSG:4525@yx", "EPSG:4547+GCJ02@yx", "EPSG:4548",    "EPSG:4509@yx",    "EPSG:32649",
                          "EPSG:32649@yx"}) {
    const auto clusters = detector.detect(layer(crs, kZhengzhou, 12, 8, 1));
    ASSERT_EQ(clusters.size(), 1u) << crs;
    EXPECT_TRUE(clusters[0].crs == crs || lists(clusters[0].alternatives, crs)) << crs << " as " << clusters[0].crs;
    EXPECT_LT(clusters[0].residual_m, kFitM);
    EXPECT_GT(clusters[0].margin_m, kMarginM);
  }
}

TEST(CrsDetector, PlainNameIsChosenAmongEquals) {
  const auto name = [](const char* crs, Degrees city) { return detect_crs(layer(crs, city, 12, 8, 2)).at(0).crs; };
  EXPECT_EQ(name("EPSG:4326", kZhengzhou), "EPSG:4490");
  EXPECT_EQ(name("EPSG:4326", {13.4, 52.5}), "EPSG:4326");
  EXPECT_EQ(name("EPSG:25833", {13.4, 52.5}), "EPSG:25833");
  EXPECT_EQ(name("EPSG:4547@yx", kZhengzhou), "EPSG:4547@yx");
  EXPECT_EQ(name("EPSG:3826", {120.2, 23.0}), "EPSG:3826");
}

TEST(CrsDetector, CallersOwnCandidateIsPreferredAmongEquals) {
  const std::vector<std::string> extra{"EPSG:4326", "EPSG:32633"};
  EXPECT_EQ(detect_crs(layer("EPSG:4490", kZhengzhou, 9, 5, 3), extra).at(0).crs, "EPSG:4326");
  EXPECT_EQ(detect_crs(layer("EPSG:25833", {13.4, 52.5}, 9, 5, 3), extra).at(0).crs, "EPSG:32633");
  const std::vector<std::string> wrong{"EPSG:99999"};
  EXPECT_THROW(detect_crs(layer("EPSG:4490", kZhengzhou, 9, 5, 3), wrong), InputError);
}

TEST(CrsDetector, OldDatumIsUnknownWithItsShiftTold) {
  auto anchors = layer("EPSG:4547@yx", kZhengzhou, 20, 3, 4);
  for (Anchor& a : anchors) {
    a.x += -2.0;
    a.y += -87.0;
  }
  const auto clusters = detect_crs(anchors);
  ASSERT_EQ(clusters.size(), 1u);
  EXPECT_EQ(clusters[0].crs, "unknown");
  EXPECT_EQ(clusters[0].nearest, "EPSG:4547@yx");
  EXPECT_NEAR(clusters[0].shift_east_m, 87, 5);
  EXPECT_NEAR(clusters[0].shift_north_m, 2, 5);
  EXPECT_LT(clusters[0].scatter_m, 10);
  EXPECT_TRUE(lists(clusters[0].look_alikes, "EPSG:2383@yx"));
  EXPECT_TRUE(lists(clusters[0].look_alikes, "EPSG:2435@yx"));
}

TEST(CrsDetector, ThreeAgreeingAnchorsAreNeeded) {
  auto anchors = layer("GCJ02", kZhengzhou, 3, 5, 5);
  EXPECT_EQ(detect_crs(anchors).at(0).crs, "GCJ02");
  anchors.pop_back();
  EXPECT_EQ(detect_crs(anchors).at(0).crs, "unknown");
  EXPECT_TRUE(detect_crs({}).empty());
}

TEST(CrsDetector, MixedLayerComesApartLargestFirst) {
  auto anchors = layer("GCJ02", kZhengzhou, 12, 5, 6);
  const auto plain = layer("EPSG:4490", kZhengzhou, 8, 5, 7);
  const auto projected = layer("EPSG:4526@yx", kZhengzhou, 5, 5, 8);
  anchors.insert(anchors.end(), plain.begin(), plain.end());
  anchors.insert(anchors.end(), projected.begin(), projected.end());
  anchors.push_back({1, 2, kZhengzhou});
  const auto clusters = detect_crs(anchors);
  ASSERT_EQ(clusters.size(), 4u);
  EXPECT_EQ(clusters[0].crs, "GCJ02");
  EXPECT_EQ(clusters[0].anchors.size(), 12u);
  EXPECT_EQ(clusters[1].crs, "EPSG:4490");
  EXPECT_EQ(clusters[1].anchors.size(), 8u);
  EXPECT_EQ(clusters[2].crs, "EPSG:4526@yx");
  EXPECT_EQ(clusters[3].crs, "unknown");
  EXPECT_EQ(clusters[3].anchors, std::vector<std::size_t>{25});
}

std::vector<std::vector<double>> golden_rows(const char* name) {
  std::ifstream file(std::string(CATCHMENT_SOURCE_DIR "/tests/golden/berlin_zone_centres/") + name);
  std::string line;
  std::getline(file, line);
  std::vector<std::vector<double>> rows;
  while (std::getline(file, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream text(line);
    rows.emplace_back(std::istream_iterator<double>(text), std::istream_iterator<double>());
  }
  return rows;
}

// Zone centres of one year's file; the truth is the 2019 file's. `column` is that of x.
std::vector<Anchor> berlin_centres(std::size_t column) {
  std::vector<Anchor> anchors;
  for (const auto& row : golden_rows("centres.csv"))
    anchors.push_back({row[column], row[column + 1], {row[11], row[12]}});
  return anchors;
}
constexpr std::size_t k2012 = 1, k2016 = 3, k2018 = 5, k2019 = 7;

// Four vertices of the city's outline; the truth is another publication, in degrees.
std::vector<Anchor> berlin_outline(int year) {
  std::vector<Anchor> anchors;
  for (const auto& row : golden_rows("outline.csv")) {
    if (static_cast<int>(row[0]) == year) anchors.push_back({row[1], row[2], {row[3], row[4]}});
  }
  return anchors;
}

TEST(CrsDetector, BerlinLayersWithoutADeclarationAreNamed) {
  const CrsDetector detector({13.4, 52.5});
  for (const auto& anchors : {berlin_centres(k2016), berlin_centres(k2018), berlin_centres(k2019), berlin_outline(2016),
                              berlin_outline(2019)}) {
    const auto clusters = detector.detect(anchors);
    ASSERT_FALSE(clusters.empty());
    EXPECT_EQ(clusters[0].crs, "EPSG:25833");
    EXPECT_GT(2 * clusters[0].anchors.size(), anchors.size());
    for (const CrsCluster& c : clusters) EXPECT_TRUE(c.crs == "EPSG:25833" || c.crs == "unknown") << c.crs;
  }
}

// It was brought to Web Mercator without the shift from Berlin's older datum: right system, wrong place by two blocks.
TEST(CrsDetector, BerlinLayerOf2012IsWebMercatorShiftedBy195Metres) {
  const CrsDetector detector({13.4, 52.5});
  for (const auto& anchors : {berlin_centres(k2012), berlin_outline(2012)}) {
    const auto clusters = detector.detect(anchors);
    ASSERT_FALSE(clusters.empty());
    EXPECT_EQ(clusters[0].crs, "unknown");
    EXPECT_EQ(clusters[0].nearest, "EPSG:3857");
    EXPECT_NEAR(clusters[0].shift_east_m, -117, 12);
    EXPECT_NEAR(clusters[0].shift_north_m, -154, 12);
    EXPECT_LT(clusters[0].scatter_m, kFitM);
  }
  auto anchors = berlin_centres(k2012);
  for (Anchor& a : anchors) a.truth = moved(a.truth, 117, 154);
  EXPECT_EQ(detector.detect(anchors).at(0).crs, "EPSG:3857");
}

TEST(VerifyCrs, BerlinLayersToldToBeWgs84AreContradicted) {
  const auto verdict = [](const char* declared, const std::vector<Anchor>& anchors) {
    return verify_crs(parse_crs(declared), anchors).verdict;
  };
  EXPECT_EQ(verdict("EPSG:4326", berlin_centres(k2012)), CrsVerdict::contradicts);
  EXPECT_EQ(verdict("EPSG:25833", berlin_centres(k2012)), CrsVerdict::contradicts);
  EXPECT_EQ(verdict("EPSG:3857", berlin_centres(k2012)), CrsVerdict::unknown);
  EXPECT_EQ(verdict("EPSG:4326", berlin_centres(k2016)), CrsVerdict::contradicts);
  EXPECT_EQ(verdict("EPSG:3857", berlin_centres(k2019)), CrsVerdict::contradicts);
  EXPECT_EQ(verdict("EPSG:25833", berlin_centres(k2019)), CrsVerdict::agrees);
  EXPECT_EQ(verdict("EPSG:32633", berlin_outline(2016)), CrsVerdict::agrees);
}

TEST(VerifyCrs, DatumAxisOrderAndZoneAreAllVerified) {
  const auto verdict = [](const char* declared, const char* real) {
    return verify_crs(parse_crs(declared), layer(real, kZhengzhou, 10, 8, 9)).verdict;
  };
  EXPECT_EQ(verdict("EPSG:4490", "GCJ02"), CrsVerdict::contradicts);
  EXPECT_EQ(verdict("GCJ02", "BD09"), CrsVerdict::contradicts);
  EXPECT_EQ(verdict("EPSG:4490@yx", "EPSG:4490"), CrsVerdict::contradicts);
  EXPECT_EQ(verdict("EPSG:4547", "EPSG:4547@yx"), CrsVerdict::contradicts);
  EXPECT_EQ(verdict("EPSG:4547", "EPSG:4526"), CrsVerdict::contradicts);
  EXPECT_EQ(verdict("EPSG:4546", "EPSG:4547"), CrsVerdict::contradicts);
  EXPECT_EQ(verdict("EPSG:4547", "EPSG:4547+GCJ02"), CrsVerdict::contradicts);
  EXPECT_EQ(verdict("EPSG:4547@yx", "EPSG:4547@yx"), CrsVerdict::agrees);
  EXPECT_EQ(verdict("EPSG:4326", "EPSG:4490"), CrsVerdict::agrees);
}

TEST(VerifyCrs, OldDatumIsNeverAgreedTo) {
  EXPECT_EQ(verify_crs(parse_crs("EPSG:2383"), layer("EPSG:2383", kZhengzhou, 10, 8, 10)).verdict, CrsVerdict::unknown);
}

TEST(VerifyCrs, TooFewAnchorsAreUnknown) {
  EXPECT_EQ(verify_crs(parse_crs("EPSG:4490"), layer("EPSG:4490", kZhengzhou, 2, 5, 11)).verdict, CrsVerdict::unknown);
  EXPECT_EQ(verify_crs(parse_crs("EPSG:4490"), {}).verdict, CrsVerdict::unknown);
}

// A made-up layer: which system each anchor was written in; empty for a wrong name match or a system nobody can name.
struct MadeUp {
  std::vector<Anchor> anchors;
  std::vector<std::string> crs;
};

struct City {
  Degrees place;
  std::vector<std::string> zones;  // Gauss-Kruger, with and without prefix
};

class LayerMaker {
 public:
  LayerMaker(const City& city, test::Random& random)
      : city_(city), random_(random), context_(make_proj_context()), sigma_m_(uniform(random, 0, 15)) {}

  void write(MadeUp& out, const std::string& crs, int count) { write(out, crs, count, 0, 0, 0); }

  // An old datum: the grid of a CGCS2000 zone, 35-140 m off in one direction and turned by up to 1e-5.
  void write_old_datum(MadeUp& out, const std::string& crs, int count) {
    const double size = uniform(random_, 35, 140);
    const double angle = uniform(random_, 0, 2 * std::numbers::pi);
    write(out, crs, count, size * std::cos(angle), size * std::sin(angle), uniform(random_, -1e-5, 1e-5));
  }

  // A city's own grid: turned, its origin anywhere.
  void write_local(MadeUp& out, int count) {
    write(out, "EPSG:4547+local", count, uniform(random_, -4e6, 4e6), uniform(random_, -4e6, 4e6), 0.02);
  }

  void add_wrong_matches(MadeUp& out, double share) {
    for (std::size_t i = 0; i < out.anchors.size(); ++i) {
      if (uniform(random_, 0, 1) >= share) continue;
      const auto other = static_cast<std::size_t>(random_.next() % out.anchors.size());
      if (other == i) continue;
      out.anchors[i].truth = i % 2 == 0 ? out.anchors[other].truth : somewhere(random_, city_.place);
      out.crs[i].clear();
    }
  }

 private:
  void write(MadeUp& out, const std::string& crs, int count, double east, double north, double turn) {
    const bool local = crs.ends_with("+local");
    const Projection& projection = open(local ? city_.zones[0] : crs);
    const bool nameable = east == 0 && north == 0;
    for (int i = 0; i < count; ++i) {
      const Degrees truth = somewhere(random_, city_.place);
      const auto xy = projection.from_cgcs2000(blurred(random_, truth, sigma_m_));
      const auto origin = projection.from_cgcs2000(city_.place);
      const double x = xy->x + east - turn * (xy->y - origin->y);
      const double y = xy->y + north + turn * (xy->x - origin->x);
      out.anchors.push_back({x, y, truth});
      out.crs.push_back(nameable ? crs : "");
    }
  }

  const Projection& open(const std::string& crs) {
    auto found = projections_.find(crs);
    if (found == projections_.end()) {
      found = projections_.emplace(crs, Projection(parse_crs(crs), Ballpark::refuse, context_)).first;
    }
    return found->second;
  }

  const City& city_;
  test::Random& random_;
  std::shared_ptr<ProjContext> context_;
  std::map<std::string, Projection> projections_;
  double sigma_m_;
};

struct Count {
  int layers = 0, named = 0, unknown = 0, wrong = 0;
};

// Named wrongly: a cluster whose name and alternatives hold the system of fewer than half of its anchors.
void judge(const MadeUp& made, const std::vector<CrsCluster>& clusters, Count& count) {
  std::size_t seen = 0;
  bool any_named = false, any_wrong = false;
  for (const CrsCluster& cluster : clusters) {
    seen += cluster.anchors.size();
    if (cluster.crs == "unknown") continue;
    any_named = true;
    std::size_t right = 0;
    for (const std::size_t i : cluster.anchors) {
      right += made.crs[i] == cluster.crs || lists(cluster.alternatives, made.crs[i]) ? 1u : 0u;
    }
    any_wrong = any_wrong || 2 * right < cluster.anchors.size();
  }
  EXPECT_EQ(seen, made.anchors.size());
  ++count.layers;
  count.named += any_named && !any_wrong ? 1 : 0;
  count.unknown += any_named ? 0 : 1;
  count.wrong += any_wrong ? 1 : 0;
}

MadeUp make_layer(const std::string& kind, const City& city, test::Random& random) {
  LayerMaker maker(city, random);
  MadeUp out;
  const int count = random.between(8, 60);
  const std::string zone = city.zones[random.next() % city.zones.size()];
  const std::string order = random.next() % 2 == 0 ? "" : "@yx";
  if (kind == "degrees") maker.write(out, "EPSG:4490" + order, count);
  if (kind == "gcj02") maker.write(out, "GCJ02" + order, count);
  if (kind == "bd09") maker.write(out, "BD09" + order, count);
  if (kind == "gauss-kruger") maker.write(out, zone + order, count);
  if (kind == "mercator") maker.write(out, random.next() % 2 == 0 ? "EPSG:3857" : "EPSG:3857+GCJ02", count);
  if (kind == "gauss-kruger of gcj02") maker.write(out, zone + "+GCJ02" + order, count);
  if (kind == "old datum") maker.write_old_datum(out, zone + order, count);
  if (kind == "local grid") maker.write_local(out, count);
  if (kind == "mixed") {
    maker.write(out, "GCJ02" + order, count);
    maker.write(out, "EPSG:4490", random.between(5, 30));
    if (random.next() % 2 == 0) maker.write_old_datum(out, zone, random.between(5, 20));
    if (random.next() % 2 == 0) maker.write(out, "BD09", random.between(5, 20));
  }
  if (kind == "few") maker.write(out, "GCJ02" + order, random.between(1, 5));
  maker.add_wrong_matches(out, kind == "wrong matches only" ? 1.0 : uniform(random, 0, 0.4));
  if (kind == "wrong matches only") {
    maker.write(out, "GCJ02", random.between(10, 200));
    maker.add_wrong_matches(out, 1.0);
    for (std::size_t i = 0; i < out.anchors.size(); ++i) {
      if (!out.crs[i].empty()) out.anchors[i].truth = somewhere(random, city.place), out.crs[i].clear();
    }
  }
  return out;
}

TEST(CrsDetector, NoneOfAThousandMadeUpLayersIsSilentlyMisnamed) {
  const std::vector<City> cities{{kZhengzhou, {"EPSG:4547", "EPSG:4526", "EPSG:4546"}},
                                 {{116.40, 39.91}, {"EPSG:4548", "EPSG:4527", "EPSG:4509"}},
                                 {{106.7135, 26.5783}, {"EPSG:4545", "EPSG:4524", "EPSG:4544"}},
                                 {{87.60, 43.80}, {"EPSG:4538", "EPSG:4517", "EPSG:4504"}}};
  const std::vector<std::string> kinds{
      "degrees",   "gcj02",      "bd09",  "gauss-kruger", "mercator",          "gauss-kruger of gcj02",
      "old datum", "local grid", "mixed", "few",          "wrong matches only"};
  std::vector<CrsDetector> detectors;
  for (const City& city : cities) detectors.emplace_back(city.place);
  test::Random random(20250301);
  std::map<std::string, Count> counts;
  for (std::size_t i = 0; i < 1000; ++i) {
    const std::string& kind = kinds[i % kinds.size()];
    const std::size_t city = i / kinds.size() % cities.size();
    const MadeUp made = make_layer(kind, cities[city], random);
    judge(made, detectors[city].detect(made.anchors), counts[kind]);
  }
  Count all;
  for (const auto& [kind, c] : counts) {
    std::printf("%-22s %3d layers: %3d named, %3d unknown, %d wrong\n", kind.c_str(), c.layers, c.named, c.unknown,
                c.wrong);
    EXPECT_EQ(c.wrong, 0) << kind;
    all.layers += c.layers;
  }
  EXPECT_EQ(all.layers, 1000);
  for (const char* kind : {"degrees", "gcj02", "bd09", "gauss-kruger", "mercator", "gauss-kruger of gcj02", "mixed"}) {
    EXPECT_EQ(counts[kind].named, counts[kind].layers) << kind;
  }
  for (const char* kind : {"old datum", "local grid", "wrong matches only"}) EXPECT_EQ(counts[kind].named, 0) << kind;
}

}  // namespace
}  // namespace catchment::geo
